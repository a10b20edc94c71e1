"""What the page exports: pictures, tables, and Python that makes the same tables."""

from __future__ import annotations

import csv
import json
import re
import subprocess
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

import emblink as eb
from tests.server_helpers import running

pytestmark = pytest.mark.slow

SCRIPT = Path(__file__).parent / "browser" / "exported.mjs"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def exported(small: eb.Comparison, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("exported")
    with running(small.path) as server:
        run = subprocess.run(
            ["node", str(SCRIPT), server.url, str(folder)],
            capture_output=True,
            text=True,
            timeout=180,
        )
    assert run.returncode == 0, run.stderr
    found: dict[str, Any] = json.loads(run.stdout)
    return found


def table(path: str) -> list[dict[str, str]]:
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def executed(snippet: str, bundle: Path) -> dict[str, Any]:
    """Run a copied snippet, its path mended as it says."""
    mended, n = re.subn(r'eb\.open\(".*?"\)', lambda _: f"eb.open({str(bundle)!r})", snippet)
    assert n == 1
    made: dict[str, Any] = {}
    exec(compile(mended, "snippet", "exec"), made)
    return made


def test_exporting_complains_of_nothing_and_leaves_the_picture_as_it_was(
    exported: dict[str, Any],
) -> None:
    assert exported["complaints"] == []
    assert exported["after"] == exported["stage"]


def test_the_png_has_as_many_pixels_as_asked_for(exported: dict[str, Any]) -> None:
    head = Path(exported["files"]["view.png"]).read_bytes()[:24]
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    width = int.from_bytes(head[16:20], "big")
    assert width == 3 * (exported["stage"][0] + 32)


def test_the_svg_has_every_point_as_a_shape_and_its_legend_in_words(
    exported: dict[str, Any], small: eb.Comparison
) -> None:
    root = ElementTree.parse(exported["files"]["view.svg"]).getroot()
    inner = root.find(f"{SVG}svg")
    assert inner is not None
    a, b = exported["pair"]
    rows = small.space_set.rows
    assert len(inner.findall(f"{SVG}circle")) == len(rows[a]) + len(rows[b])
    words = [text.text or "" for text in root.iter(f"{SVG}text")]
    label = small.space_set.items[small.space_set.roles["label"]]
    assert [one for one in set(label.tolist()) if one and not any(one in w for w in words)] == []
    assert any(a in text and b in text for text in words)


def test_the_table_has_every_item_and_its_measures(
    exported: dict[str, Any], small: eb.Comparison
) -> None:
    rows = table(exported["files"]["all.csv"])
    assert {row["id"] for row in rows} == {str(one) for one in small.ids.tolist()}
    a, b = exported["pair"]
    kept = small.pair(a, b).items["neighborhood_overlap"]
    told = {row["id"]: row["Neighbourhood overlap"] for row in rows}
    shown = [float(told[str(one)] or "nan") for one in small.ids.tolist()]
    np.testing.assert_array_equal(np.array(shown, np.float32), kept)


def test_the_table_of_a_selection_has_the_selected_items(exported: dict[str, Any]) -> None:
    found = re.search(r"(\d+)\s+selected", exported["label"])
    assert found is not None
    assert len(table(exported["files"]["some.csv"])) == int(found.group(1))


def test_copied_python_makes_the_table_that_the_page_writes(
    exported: dict[str, Any], small: eb.Comparison
) -> None:
    made = executed(exported["snippets"]["everything"], small.path)["table"]
    assert len(made["id"]) == len(small.ids)
    for which, name in (("label", "some.csv"), ("everything", "all.csv")):
        made = executed(exported["snippets"][which], small.path)["table"]
        rows = table(exported["files"][name])
        assert {str(one) for one in made["id"]} == {row["id"] for row in rows}
        told = {row["id"]: float(row["Neighbourhood overlap"] or "nan") for row in rows}
        shown = [told[str(one)] for one in made["id"]]
        np.testing.assert_array_equal(
            np.array(shown, np.float32), np.asarray(made["neighborhood_overlap"])
        )


def test_copied_python_has_what_was_found_and_what_a_finding_is_of(
    exported: dict[str, Any], small: eb.Comparison
) -> None:
    made = executed(exported["snippets"]["found"], small.path)
    assert all("number 17" in one for one in made["table"]["words"])
    if "finding" in exported["snippets"]:
        a, b = exported["pair"]
        made = executed(exported["snippets"]["finding"], small.path)
        np.testing.assert_array_equal(made["rows"], small.findings(a, b)[0].rows)


def test_the_copied_link_says_for_whom_it_works(exported: dict[str, Any]) -> None:
    assert exported["link"] == exported["address"]
    assert "It works on this machine while emblink open runs" in exported["said"]
