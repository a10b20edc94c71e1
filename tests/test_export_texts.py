"""What a copy without texts still says of items: their ids."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import emblink as eb
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
