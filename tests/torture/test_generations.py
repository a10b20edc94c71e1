"""What a new run keeps of the one before, and what it computes anew."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

import emblink as eb
from emblink.bundle import _store, digest, open_store, read_manifest
from emblink.bundle._journal import JOURNAL
from emblink.errors import BundleError, InputError
from emblink.pipeline import _run
from tests.conftest import DATA
from tests.torture.damage import flip_late
from tests.torture.made import contents, emblink, inputs, run, tree
from tests.torture.steps import run_steps

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """Unpack a bundle that was written before checksums."""
    with zipfile.ZipFile(DATA / "bundle-0.1.0.zip") as held:
        held.extractall(tmp_path)
    return next(one.parent for one in tmp_path.rglob("manifest.json"))


def of_before() -> dict[str, object]:
    """Return what the bundle from before was made of."""
    rng = np.random.default_rng(0)
    label = np.arange(80) % 4
    x = rng.standard_normal((4, 6))[label] * 3 + rng.standard_normal((80, 6)) * 0.5
    y = (x + rng.standard_normal(x.shape) * 0.3)[:70]
    ids = np.array([f"w{i}" for i in range(80)])
    items = {"id": ids, "label": np.array(list("abcd"))[label]}
    items["note"] = np.array([f"thing {i}" for i in range(80)])
    return {
        "spaces": {"old": x, "new": y},
        "ids": {"old": ids, "new": ids[:70]},
        "items": items,
        "labels": "label",
        "text": "note",
    }


def test_files_of_the_run_before_stay_until_the_next_has_finished(tmp_path: Path) -> None:
    root = tmp_path / "run"
    files = {}
    for generation in (1, 2, 3):
        before = tree(root) if generation > 1 else {}
        run_steps(root, generation)
        manifest = read_manifest(root)
        files[generation] = {column.path for column in manifest.columns.values()}
        if generation > 1:
            kept = tree(root)
            assert {name: kept[name] for name in files[generation - 1]} == {
                name: before[name] for name in files[generation - 1]
            }
    assert not (files[1] - files[2] - files[3]) & {*tree(root)}


def test_an_open_bundle_outlives_the_run_that_follows(tmp_path: Path) -> None:
    root = tmp_path / "run"
    run(root, inputs(rich=False))
    opened = eb.open(root)
    run(root, inputs(rich=False, seed=1))
    assert opened.graphs["old"].indices.shape[0] == len(opened.space_set.ids)
    assert opened.pair("old", "new").items["neighborhood_overlap"].size


def steps(root: Path) -> dict[str, set[str]]:
    """Return the folders that a finished run asked for, by kind."""
    found: dict[str, set[str]] = {}
    for name in read_manifest(root).stages:
        found.setdefault(name.rpartition("-")[0], set()).add(name)
    return found


def test_a_computed_step_is_computed_anew_by_other_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "run"
    run(root)
    before, expected = steps(root), contents(root)
    monkeypatch.setattr(_run, "code_digest", lambda: "of other code")
    run(root)
    after = steps(root)
    assert {*before} == {*after}
    for kind in before:
        assert (before[kind] == after[kind]) == (kind in ("vectors", "items", "order")), kind
    assert contents(root).keys() == expected.keys()


def test_a_line_changed_in_the_package_is_seen(tmp_path: Path) -> None:
    package = tmp_path / "package" / "emblink"
    left_out = shutil.ignore_patterns("__pycache__", "static", "demo")
    shutil.copytree(ROOT / "src" / "emblink", package, ignore=left_out)
    source = package / "measures" / "_overlap.py"
    digests = []
    command = "from emblink.pipeline._code import code_digest as d; print(d())"
    for line in ("", "\n# A line that changes nothing else.\n"):
        source.write_text(source.read_text() + line)
        environment = {**os.environ, "PYTHONPATH": str(package.parent)}
        words = [sys.executable, "-c", command]
        said = subprocess.run(words, env=environment, capture_output=True, text=True, check=True)
        digests.append(said.stdout)
    assert digests[0] != digests[1]


def test_a_bundle_from_before_is_refused_with_the_way_out_and_left_alone(old: Path) -> None:
    laid = tree(old)
    with pytest.raises(BundleError, match="compare again"):
        eb.open(old)
    refused = emblink("report", old)
    assert refused.status != 0
    assert "compare again" in refused.err
    with pytest.raises(BundleError, match="new directory"):
        run(old, of_before())
    assert laid.items() <= tree(old).items()


def test_a_bundle_of_an_older_schema_is_compared_anew_and_its_manifest_set_aside(
    tmp_path: Path,
) -> None:
    root = tmp_path / "run"
    run(root, inputs(rich=False))
    manifest = root / "manifest.json"
    manifest.write_text(manifest.read_text().replace("emblink.bundle/2", "emblink.bundle/1"))
    with pytest.raises(BundleError, match="compare again"):
        eb.open(root)
    run(root, inputs(rich=False))
    assert emblink("verify", root).status == 0
    assert [*root.glob("manifest.json.aside-*")]


def test_a_source_that_changes_while_it_is_kept_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = np.arange(6.0)

    def found_then_changed(*parts: object) -> str:
        found = digest(*parts)
        source[0] += 1
        return found

    monkeypatch.setattr(_store, "digest", found_then_changed)
    root = tmp_path / "run"
    run_steps(root)
    laid = tree(root)
    with pytest.raises(InputError, match="my source changed while"), open_store(root) as store:
        store.keep("vectors", {"x": source}, what="my source")
    kept = tree(root)
    assert {name: kept[name] for name in laid if name != JOURNAL} == {
        name: one for name, one in laid.items() if name != JOURNAL
    }
    assert kept.keys() == laid.keys()


def test_kept_pictures_are_looked_at_before_they_are_kept(tmp_path: Path) -> None:
    root = tmp_path / "run"
    given = inputs(rich=False)
    run(root, given)
    coords = read_manifest(root).spaces[0].projections[0].coords
    flip_late(root / read_manifest(root).columns[coords].path)
    with pytest.raises(InputError, match=r"damaged .*without keeping"):
        run(root, given, keep_layout=True)
