"""Preprocessed copies of spaces: what each step does, how they are named, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.decomposition import PCA

import emblink as eb
from emblink.load import from_arrays
from emblink.measures import quantize_int8
from emblink.types import FloatArray, Metric, SpaceSet
from emblink.variants import with_variants
from tests.conftest import clustered

RNG = np.random.default_rng(0)
X = (RNG.standard_normal((60, 8)) * np.arange(1, 9) + 50).astype(np.float32)
STEPS = ["center", "whiten", "l2", "pca:3", "truncate:5", "int8", "binary|center"]


def varied(vectors: FloatArray, steps: str, metric: Metric = "cosine") -> FloatArray:
    """Return what the steps make of vectors."""
    spaces = with_variants(from_arrays({"x": vectors}, metric=metric), [f"x|{steps}"]).spaces
    return spaces[f"x|{steps}"].vectors


def products(vectors: FloatArray) -> NDArray[np.float64]:
    wide = vectors.astype(np.float64)
    return np.asarray(wide @ wide.T)


def test_center_takes_the_mean_away_whatever_the_offset() -> None:
    centered = varied(X, "center")
    assert np.abs(centered.astype(np.float64).mean(axis=0)).max() < 1e-5
    np.testing.assert_allclose(centered, X.astype(np.float64) - X.mean(axis=0, dtype=float), 1e-5)


def test_whitened_directions_have_variance_one_and_no_correlation() -> None:
    white = varied(X, "whiten").astype(np.float64)
    np.testing.assert_allclose(np.cov(white.T, bias=True), np.eye(8), atol=1e-5)


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
def test_whitening_forgets_any_linear_map(scale: float) -> None:
    mixed = ((X - 50) @ RNG.standard_normal((8, 8)) * scale).astype(np.float32)
    np.testing.assert_allclose(
        products(varied(mixed, "whiten")), products(varied(X, "whiten")), atol=2e-3
    )


@pytest.mark.parametrize("n_dims", [20, 200])
def test_whitening_leaves_out_directions_that_hold_rounding_only(n_dims: int) -> None:
    low = (X[:, :5] @ RNG.standard_normal((5, n_dims))).astype(np.float64)
    white = with_variants(_set(low), ["x|whiten"]).spaces["x|whiten"].vectors
    assert white.shape == (60, 5)
    np.testing.assert_allclose(np.cov(white.T, bias=True), np.eye(5), atol=1e-4)


def _set(vectors: FloatArray) -> SpaceSet:
    """Return a set that keeps float64, whose rounding is far below what whitening leaves out."""
    ids = np.arange(len(vectors))
    return eb.SpaceSet({"x": eb.Space("x", vectors, ids)}, ids, {"x": ids})


def test_l2_gives_rows_of_length_one_however_short_they_were() -> None:
    unit = varied(X * np.float32(1e-30), "l2")
    np.testing.assert_allclose(np.linalg.norm(unit.astype(float), axis=1), 1.0, atol=1e-6)
    np.testing.assert_allclose(unit[3], X[3] / np.linalg.norm(X[3]), rtol=1e-5)


@pytest.mark.parametrize("shape", [(60, 8), (20, 30)])
def test_pca_keeps_the_leading_components(shape: tuple[int, int]) -> None:
    vectors = (RNG.standard_normal(shape) * np.geomspace(9, 1, shape[1])).astype(np.float32)
    expected = PCA(4, svd_solver="full").fit_transform(vectors.astype(np.float64))
    found = varied(vectors, "pca:4")
    assert found.shape == (shape[0], 4)
    np.testing.assert_allclose(products(found), products(expected), atol=1e-3)
    np.testing.assert_allclose(np.abs(found), np.abs(expected), atol=1e-3)


def test_truncate_keeps_the_leading_dimensions_as_they_are() -> None:
    np.testing.assert_array_equal(varied(X, "truncate:5"), X[:, :5])
    np.testing.assert_array_equal(varied(X.astype(np.float16), "truncate:8"), X.astype(np.float16))


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_int8_is_the_rounding_of_the_numerical_floor(metric: Metric) -> None:
    expected = quantize_int8(X, metric=metric)
    np.testing.assert_array_equal(varied(X, "int8", metric), expected)


def test_cosine_of_binary_vectors_counts_the_bits_that_differ() -> None:
    vectors = RNG.standard_normal((10, 16))
    vectors[0, 0] = 0
    bits = vectors > 0
    signs = varied(vectors, "binary")
    differing = (bits[:, None] != bits[None]).sum(axis=2)
    np.testing.assert_array_equal(products(signs) / 16, 1 - 2 * differing / 16)


@pytest.mark.parametrize("steps", STEPS)
def test_vectors_are_float32_and_do_not_depend_on_the_blocks(
    steps: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    vectors = X - 40
    whole = varied(vectors, steps)
    monkeypatch.setattr("emblink.rows._CELLS", 16)
    assert whole.dtype == np.float32
    np.testing.assert_allclose(varied(vectors, steps), whole, rtol=1e-5, atol=1e-5)


def test_steps_are_done_from_left_to_right() -> None:
    there, back = varied(X, "center|l2"), varied(X, "l2|center")
    np.testing.assert_allclose(np.linalg.norm(there, axis=1), 1, atol=1e-6)
    assert np.abs(back.mean(axis=0)).max() < 1e-6
    assert not np.allclose(there, back)
    made = with_variants(from_arrays({"x|center": varied(X, "center")}), ["x|center|l2"])
    np.testing.assert_array_equal(made.spaces["x|center|l2"].vectors, there)


def test_variants_stand_after_their_space_and_are_of_the_same_items() -> None:
    given = from_arrays(
        {"old": X, "new": X[:30]},
        ids={"old": [f"w{i}" for i in range(60)], "new": [f"w{i}" for i in range(50, 20, -1)]},
        metric="euclidean",
    )
    asked = ["new|l2", "old|center", "old|pca:3|int8", "old|center"]
    found = with_variants(given, asked)
    assert [*found.spaces] == ["old", "old|center", "old|pca:3|int8", "new", "new|l2"]
    assert [*found.rows] == [*found.spaces]
    made = found.spaces["new|l2"]
    assert (made.name, made.metric, made.source) == ("new|l2", "euclidean", "array, then l2")
    assert found.spaces["old|pca:3|int8"].source == "array, then pca:3, int8"
    np.testing.assert_array_equal(made.ids, given.spaces["new"].ids)
    np.testing.assert_array_equal(found.rows["new|l2"], given.rows["new"])
    assert found.spaces["old"] is given.spaces["old"]
    assert [*given.spaces] == ["old", "new"]


@pytest.mark.parametrize(
    ("name", "match"),
    [
        ("center", r"variant 'center' begins with the name of no space; .*spaces are: x, x\|l2"),
        ("z|center", r"variant 'z\|center' begins with the name of no space; .*'x\|center'"),
        ("x|l2", r"there is a space named 'x\|l2' already; rename it"),
        (
            "x|centre",
            r"step 'centre'; expected one of center, whiten, l2, pca:N, truncate:N, float16, int8",
        ),
        ("x|", r"variant 'x\|' has the step ''; expected one of"),
        ("x|pca", r"step 'pca'; expected a number of dimensions from 1 on: 'pca:64'"),
        ("x|truncate:0", r"step 'truncate:0'; expected a number"),
        ("x|pca:-3", r"step 'pca:-3'; expected a number"),
        ("x|l2:3", r"l2 takes no number; write 'l2'"),
        ("x|pca:9", r"step 'pca:9': 60 items of 8 dimensions have 8 .*at most so many: 'pca:8'"),
        ("x|pca:3|truncate:4", r"step 'truncate:4': the vectors have 3 dim.*'truncate:3'"),
        (
            "x|binary",
            r"'x\|binary' has the same vector for every item after 'binary'.*center first",
        ),
    ],
)
def test_a_variant_that_cannot_be_made_says_why_and_what_can(name: str, match: str) -> None:
    with pytest.raises(eb.InputError, match=match):
        with_variants(from_arrays({"x": X, "x|l2": X}), [name])


def test_an_item_left_without_direction_is_named() -> None:
    vectors = np.array([[1, 0, 5], [-1, 0, 5], [0, 3, 5], [0, -3, 5], [0, 0, 5]], np.float32)
    given = from_arrays({"x": vectors}, ids=list("abcde"))
    with pytest.raises(eb.VectorError, match=r"1 row \(first: id 'e'\) with zeros.*euclidean"):
        with_variants(given, ["x|center"])
    with pytest.raises(eb.VectorError, match=r"step 'l2': rows of zeros have no direction"):
        varied(vectors - [0, 0, 5], "l2", "euclidean")
    assert varied(vectors, "center", "euclidean")[4].tolist() == [0, 0, 0]


def test_what_whitening_would_make_equally_far_apart_is_refused() -> None:
    wide = RNG.standard_normal((30, 64))
    with pytest.raises(eb.VectorError, match=r"30 items that span 29 directions.*'pca:3\|whiten'"):
        varied(wide, "whiten")
    assert varied(wide, "pca:3|whiten").shape == (30, 3)
    with pytest.raises(eb.VectorError, match="all items have the same vector"):
        varied(np.ones((5, 3)), "whiten")


def test_numbers_that_leave_float32_are_refused() -> None:
    vectors = np.array([[3e38, 1], [-3e38, 2], [-3e38, 3]], np.float32)
    with pytest.raises(eb.VectorError, match=r"1 row \(first: id 0\) with numbers beyond float32"):
        varied(vectors, "center")


def test_a_comparison_holds_variants_as_spaces() -> None:
    x, _ = clustered(60)
    found = eb.compare({"a": x + 3, "b|c": x}, variants=["a|center", "b|c|center"])
    assert [*found.spaces] == ["a", "a|center", "b|c", "b|c|center"]
    assert found.pair("a|center", "b|c|center").report["size"]["grade"] in (
        "identical",
        "within_noise",
    )
    assert len(found.pairs) == 6


def test_names_with_a_bar_need_no_variant() -> None:
    x, _ = clustered(40)
    found = eb.compare({"a|center": x, "a": x + 1})
    assert [*found.spaces] == ["a|center", "a"]
    assert found.pairs == [("a|center", "a")]
