"""Pictures of a comparison: given ones, realigned ones, and new items in them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import emblink as eb
from emblink.bundle import Bundle
from emblink.errors import BundleError, InputError
from tests.conftest import clustered
from tests.test_cli import emblink

SPACES: dict[str, Any] = {"a": clustered(60)[0], "b": clustered(60, seed=1)[0]}


def drawn(space: eb.Space, graph: eb.NeighborGraph) -> Any:
    """Draw the two first dims, somewhere else and far too large."""
    assert len(graph.indices) == len(space.ids)
    return 100 * np.asarray(space.vectors)[:, :2] + 7


@pytest.fixture(scope="module")
def pictured(tmp_path_factory: pytest.TempPathFactory) -> eb.Comparison:
    return eb.compare(
        SPACES,
        pictures={"mine/first": {"b": SPACES["b"][:, :2]}, "drawn": drawn},
        out=tmp_path_factory.mktemp("pictures") / "run",
    )


@pytest.mark.slow
def test_given_pictures_are_a_method_of_the_spaces_that_have_one(pictured: eb.Comparison) -> None:
    found = pictured.projection("b", method="mine/first")
    twin = pictured.projection("b", method="drawn")
    assert found.coords.shape == (60, 2)
    first, second = (np.asarray(one.trustworthiness, float) for one in (found, twin))
    np.testing.assert_allclose(first, second, atol=1e-4)
    joint = pictured.projection("b").coords
    apart = np.linalg.norm(found.coords - found.coords.mean(axis=0), axis=1)
    assert np.sqrt(np.square(apart).mean()) == pytest.approx(1, abs=1e-3)
    assert np.sum(found.coords * (joint - joint.mean(axis=0))) > 0
    with pytest.raises(BundleError, match="no projection 'mine/first'; it has"):
        pictured.projection("a", method="mine/first")
    methods = [
        [one.method for one in info.projections] for info in Bundle(pictured.path).manifest.spaces
    ]
    assert methods == [["joint", "pca", "drawn"], ["joint", "pca", "mine/first", "drawn"]]


def test_the_report_says_how_far_every_picture_may_be_believed(pictured: eb.Comparison) -> None:
    for space in pictured.report()["spaces"]:
        for picture in space["pictures"]:
            stored = pictured.projection(space["name"], method=picture["method"])
            assert picture["n"] == 60
            assert picture["k"] == 15
            assert picture["chance"] == pytest.approx(15 / 59)
            for what in ("trustworthiness", "continuity", "false_neighbors", "missing_neighbors"):
                values = getattr(stored, what)
                assert picture[what] == pytest.approx(float(values.mean()), abs=1e-6)


@pytest.mark.slow
def test_many_items_are_judged_by_a_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("emblink.pipeline._trust.FULLY_TRUSTED", 50)
    monkeypatch.setattr("emblink.pipeline._trust.QUERIES", 20)
    comparison = eb.compare(SPACES)
    picture = comparison.projection("a")
    assert picture.trustworthiness is not None
    assert picture.false_neighbors is not None
    assert np.isfinite(picture.trustworthiness).sum() == 20
    assert np.isfinite(picture.false_neighbors).all()
    assert comparison.report()["spaces"][0]["pictures"][0]["n"] == 20


@pytest.mark.parametrize(
    ("pictures", "message"),
    [
        ({"pca": drawn}, "other than joint and pca"),
        ({"": drawn}, "expected a word"),
        ([drawn], "pictures are a list; expected a mapping"),
        ({"mine": SPACES["a"]}, "expected coordinates by space"),
        (
            {"mine": {"c": SPACES["a"]}},
            "one of 'c', but there is no such space; the spaces are: a, b",
        ),
        ({"mine": {"a": SPACES["a"]}}, r"'mine' of space 'a' is float64 of shape \(60, 12\)"),
        ({"mine": {"a": np.full((60, 2), np.nan)}}, "60 places that are not finite"),
        ({"mine": lambda space, graph: space.vectors[1:, :2]}, r"expected numbers \(60, 2\)"),
    ],
)
def test_pictures_that_do_not_fit_are_refused(pictures: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        eb.compare(SPACES, pictures=pictures)


@pytest.mark.slow
def test_the_command_line_takes_pictures(tmp_path: Path) -> None:
    for name, vectors in SPACES.items():
        np.save(tmp_path / f"{name}.npy", vectors)
    np.savez(tmp_path / "umap.npz", a=SPACES["a"][:, :2])
    command = ("compare", "a.npy", "b.npy", "-o", "run", "--picture")
    done = emblink(*command, "umap=umap.npz", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert eb.open(tmp_path / "run").projection("a", method="umap").coords.shape == (60, 2)
    refused = emblink(*command, "umap=a.npy", cwd=tmp_path)
    assert refused.returncode == 2
    assert "expected an .npz with one array" in refused.stderr


def test_realigned_projections_hold_the_selection_still(small: eb.Comparison) -> None:
    before = small.projections
    found = before.realigned(onto="turned", where={"label": "red"})
    assert [*found] == ["a", "turned", "noisy"]
    np.testing.assert_array_equal(found["turned"].coords, before["turned"].coords)
    labels = small.space_set.items["label"]
    for name in ("a", "noisy"):
        rows = small.space_set.rows[name]
        red = labels[rows] == "red"
        target = before["turned"].coords[rows[red]]
        least, was = (np.square(one[name].coords[red] - target).sum() for one in (found, before))
        assert least <= was + 1e-6
        assert found[name].params["anchors"] == red.sum()
    missing = np.setdiff1d(np.arange(240), small.space_set.rows["noisy"])
    with pytest.raises(InputError, match="is in space 'noisy'"):
        before.realigned(onto="noisy", rows=missing)
    with pytest.raises(BundleError, match="no space 'else'"):
        before.realigned(onto="else", rows=[1])


def test_new_vectors_of_a_space_are_placed_in_its_picture(small: eb.Comparison) -> None:
    vectors = np.asarray(small.spaces["noisy"].vectors)
    found = small.projections.place("noisy", vectors[5:9])
    np.testing.assert_allclose(found.coords, small.projections["noisy"].coords[5:9], atol=1e-5)
    np.testing.assert_array_equal(found.neighbors[:, 0], [5, 6, 7, 8])
    assert ((found.preservation >= 0) & (found.preservation <= 1)).all()
    with pytest.raises(InputError, match=r"as wide as|give k"):
        small.projections.place("noisy", vectors, k=181)
