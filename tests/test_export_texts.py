"""What a copy without texts still says of items: their ids."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import emblink as eb
from emblink.errors import BundleError, InputError
from tests.export_helpers import Shared


@pytest.mark.slow
@pytest.mark.parametrize("left", [{"text": False}, {"columns": ["size"]}])
def test_sentences_name_items_by_id_where_their_texts_are_left_out(
    tmp_path: Path, left: dict[str, Any]
) -> None:
    rng = np.random.default_rng(8)
    cluster = np.arange(400) % 8
    x = 4 * rng.standard_normal((8, 12))[cluster] + rng.standard_normal((400, 12))
    y = x + 0.1 * rng.standard_normal(x.shape)
    y[cluster == 2] += y[cluster == 5].mean(axis=0) - y[cluster == 2].mean(axis=0)
    texts = [f"patient zz{i:03d}, seen on a day of which nobody shall read" for i in range(400)]
    made = eb.compare(
        {"a": x, "b": y},
        items={"words": np.array(texts), "size": rng.random(400)},
        text="words",
        metric="euclidean",
        out=tmp_path / "told.emblink",
    )
    assert "zz" in json.dumps(made.report()["pairs"][0]["groups"])
    shared = Shared(made.to_html(tmp_path / "share.html", **left).path)
    assert re.findall(r"zz\d+", json.dumps(shared.manifest)) == []
    assert shared.manifest["report"]["pairs"][0]["groups"][0]["sentence"]


def test_a_place_that_cannot_be_written_to_is_told_with_the_reason(
    small: eb.Comparison, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    for name in ("file/share.html", "file/site", "n" * 300 + ".html", "n" * 300):
        with pytest.raises(BundleError, match=r"cannot be written \(.*\); (give|check) "):
            small.to_html(tmp_path / name)
    assert [one.name for one in tmp_path.iterdir()] == ["file"]


def test_an_option_of_another_kind_is_refused_by_its_name(
    small: eb.Comparison, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match="max_mb is '3'; expected megabytes"):
        small.to_html(tmp_path / "share.html", max_mb="3")  # type: ignore[arg-type]
    for columns in ("label", 3):
        with pytest.raises(InputError, match=r"columns is .*; expected a list of names"):
            small.to_html(tmp_path / "share.html", columns=columns)  # type: ignore[arg-type]
    assert [*tmp_path.iterdir()] == []
