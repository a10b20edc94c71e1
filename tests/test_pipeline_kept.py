"""A finished layout stays as it is when a further space is drawn into it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import emblink as eb
from emblink.errors import InputError
from tests.conftest import clustered


@pytest.fixture
def spaces() -> dict[str, np.ndarray]:
    x, _ = clustered(200)
    rng = np.random.default_rng(0)
    return {name: x + 0.2 * rng.standard_normal(x.shape) for name in ("a", "b", "c")}


@pytest.mark.slow
def test_a_further_space_leaves_the_pictures_of_the_others(
    spaces: dict[str, np.ndarray], tmp_path: Path
) -> None:
    out = tmp_path / "kept.emblink"
    two = {name: spaces[name] for name in "ab"}
    before = eb.compare(two, out=out)
    old = {name: before.projections[name].coords.copy() for name in two}
    with_third = eb.compare(spaces, out=out, keep_layout=True)
    for name, coords in old.items():
        np.testing.assert_array_equal(with_third.projections[name].coords, coords)
    new = with_third.projections["c"].coords
    assert np.median(np.linalg.norm(new - old["a"], axis=1)) < 0.1
    info = with_third.report()["spaces"][2]["pictures"][0]
    assert info["trustworthiness"] > 0.9
    again = eb.compare(spaces, out=out, keep_layout=True)
    np.testing.assert_array_equal(again.projections["c"].coords, new)
    anew = eb.compare(spaces, out=out)
    assert not np.array_equal(anew.projections["a"].coords, old["a"])


@pytest.mark.slow
def test_items_new_to_the_layout_are_drawn_among_their_neighbours(
    spaces: dict[str, np.ndarray], tmp_path: Path
) -> None:
    out = tmp_path / "kept.emblink"
    ids = np.array([f"item {i}" for i in range(200)])
    part = slice(0, 150)
    two = {name: spaces[name][part] for name in "ab"}
    old = eb.compare(two, ids=ids[part], out=out).projections["a"].coords.copy()
    whole = eb.compare(
        {**two, "c": spaces["c"]},
        ids={"a": ids[part], "b": ids[part], "c": ids},
        out=out,
        keep_layout=True,
    )
    np.testing.assert_array_equal(whole.projections["a"].coords, old)
    coords = whole.projections["c"].coords
    assert coords.shape == (200, 2)
    assert np.isfinite(coords).all()


@pytest.mark.slow
def test_a_space_whose_vectors_changed_is_drawn_again(
    spaces: dict[str, np.ndarray], tmp_path: Path
) -> None:
    out = tmp_path / "kept.emblink"
    old = eb.compare({"a": spaces["a"], "b": spaces["b"]}, out=out)
    kept, drawn = (old.projections[name].coords.copy() for name in "ab")
    new = eb.compare({"a": spaces["a"], "b": spaces["c"]}, out=out, keep_layout=True)
    np.testing.assert_array_equal(new.projections["a"].coords, kept)
    assert not np.array_equal(new.projections["b"].coords, drawn)


@pytest.mark.slow
def test_there_must_be_a_layout_to_keep(spaces: dict[str, np.ndarray], tmp_path: Path) -> None:
    out = tmp_path / "new.emblink"
    with pytest.raises(InputError, match="holds no finished bundle whose layout could be kept"):
        eb.compare(spaces, out=out, keep_layout=True)
    assert not out.exists()
    eb.compare({"a": spaces["a"], "b": spaces["b"]}, out=out)
    with pytest.raises(InputError, match="none of its spaces is among these"):
        eb.compare({"c": spaces["c"], "d": -spaces["b"]}, out=out, keep_layout=True)
