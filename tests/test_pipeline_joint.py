"""The joint layout of a comparison: what it depends on, and what not."""

from __future__ import annotations

import numpy as np
import pytest

import emblink as eb
from tests.conftest import clustered


@pytest.mark.slow
def test_the_order_of_the_rows_does_not_show_in_the_layout_even_with_copies() -> None:
    x, _ = clustered(300)
    rng = np.random.default_rng(0)
    # small whole numbers: many equal distances, and copies
    spaces = {"a": np.round(x) + 5.0, "b": np.round(x + 0.3 * rng.standard_normal(x.shape)) + 5.0}
    spaces["a"][20:25] = spaces["a"][3]
    ids = np.array([f"item {i}" for i in range(len(x))])
    order = rng.permutation(len(x))
    first = eb.compare(spaces, ids=ids, metric="euclidean")
    turned = eb.compare(
        {name: rows[order] for name, rows in spaces.items()}, ids=ids[order], metric="euclidean"
    )
    for name in spaces:
        coords = first.projections[name].coords[order]
        np.testing.assert_array_equal(turned.projections[name].coords, coords)


@pytest.mark.slow
def test_the_manifest_says_how_the_layout_was_drawn() -> None:
    x, _ = clustered(100)
    comparison = eb.compare({"a": x, "b": x + 1})
    assert comparison.projection("a").params["n_neighbors"] == 15
    assert 0 < float(comparison.projection("a").params["unit"]) < 1
