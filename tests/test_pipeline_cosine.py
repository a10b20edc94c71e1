"""Under cosine no number depends on how long a row is, and under euclidean it does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import emblink as eb
from emblink.bundle import read_manifest
from emblink.pipeline import build
from emblink.types import FloatArray, Metric, Report

N = 180
MEASURES = (
    *("neighborhood_overlap", "inner_overlap", "rank_biased_overlap"),
    *("linear_cka", "procrustes_similarity", "rbf_cka", "rsa"),
)
ABOUT_LENGTHS = ("norm_median", "norm_spread")
OF_ROUNDING = ("pictures[0]", ".moves", ".trustworthiness", ".continuity")
"""What follows the aligned layout, which carries rounding in its input on to all positions, and
ranks among copies, which rounding decides."""


def spaces() -> tuple[FloatArray, FloatArray, NDArray[np.int64]]:
    """Return two spaces with copies, with a label that moved, and the labels."""
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 4, N)
    centres = 1.2 * rng.standard_normal((4, 16))
    x = centres[labels] + rng.standard_normal((N, 16))
    y = x @ np.linalg.qr(rng.standard_normal((16, 16)))[0] + 0.3 * rng.standard_normal((N, 16))
    y[labels == 1] += 2.0 * rng.standard_normal(16)
    for vectors in (x, y):
        vectors[20:25] = vectors[3]
    return x.astype(np.float32), y.astype(np.float32), labels


def lengths(seed: int, *, exact: bool) -> NDArray[np.float32]:
    """Return a length for each row: powers of two, which round nothing, or lognormal numbers."""
    rng = np.random.default_rng(seed)
    if exact:
        return np.ldexp(np.float32(1), rng.integers(-60, 60, (N, 1))).astype(np.float32)
    return np.exp(1.5 * rng.standard_normal((N, 1))).astype(np.float32)


def compared(
    x: FloatArray, y: FloatArray, out: Path, *, metric: Metric = "cosine"
) -> eb.Comparison:
    """Compare on partly shared items, with labels."""
    ids = np.array([f"i{at}" for at in range(N)])
    labels = np.array(["red", "green", "blue", "grey"])[spaces()[2]]
    return eb.compare(
        {"x": x, "y": y[15:]},
        ids={"x": ids, "y": ids[15:]},
        items={"id": ids, "label": labels},
        labels="label",
        metric=metric,
        out=out,
    )


def report_of(comparison: eb.Comparison) -> Report:
    return read_manifest(comparison.path).report


def differences(one: Any, other: Any, where: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Yield what differs in two reports, numbers by more than 1e-6."""
    if isinstance(one, dict):
        for name in sorted({*one, *other}):
            yield from differences(one.get(name), other.get(name), f"{where}.{name}")
    elif isinstance(one, list) and len(one) == len(other):
        for at, (mine, theirs) in enumerate(zip(one, other, strict=True)):
            yield from differences(mine, theirs, f"{where}[{at}]")
    elif isinstance(one, float) and isinstance(other, float):
        if abs(one - other) > 1e-6 * max(1.0, abs(one)):
            yield where, one, other
    elif one != other:
        yield where, one, other


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> eb.Comparison:
    x, y, _ = spaces()
    return compared(x, y, tmp_path_factory.mktemp("plain") / "run.emblink")


@pytest.fixture(scope="module", params=[True, False], ids=["powers of two", "lognormal"])
def scaled(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[eb.Comparison, bool]:
    x, y, _ = spaces()
    exact = bool(request.param)
    out = tmp_path_factory.mktemp("scaled") / "run.emblink"
    return compared(x * lengths(1, exact=exact), y * lengths(2, exact=exact), out), exact


@pytest.mark.slow
def test_no_number_of_the_report_depends_on_the_lengths_of_rows(
    plain: eb.Comparison, scaled: tuple[eb.Comparison, bool]
) -> None:
    other, exact = scaled
    left = [
        found
        for found in differences(report_of(plain), report_of(other))
        if not found[0].endswith(ABOUT_LENGTHS)
        and (exact or not any(part in found[0] for part in OF_ROUNDING))
    ]
    assert left == []


@pytest.mark.slow
def test_no_item_no_group_and_no_picture_depends_on_them(
    plain: eb.Comparison, scaled: tuple[eb.Comparison, bool]
) -> None:
    other, exact = scaled
    one, two = plain.pair("x", "y"), other.pair("x", "y")
    for name, values in one.items.items():
        np.testing.assert_allclose(values, two.items[name], atol=2e-5, err_msg=name)
    assert [group.rows.tolist() for group in plain.groups("x", "y")] == [
        group.rows.tolist() for group in other.groups("x", "y")
    ]
    for name in ("x", "y"):
        for method in ("pca", "joint") if exact else ("pca",):
            here, there = (run.projection(name, method=method).coords for run in (plain, other))
            np.testing.assert_allclose(here, there, atol=1e-5)


@pytest.mark.slow
def test_no_answer_about_a_selection_depends_on_them(
    plain: eb.Comparison, scaled: tuple[eb.Comparison, bool]
) -> None:
    chosen = np.arange(15, 90)
    one, two = (run.ask("x", "y", rows=chosen, measures=MEASURES) for run in (plain, scaled[0]))
    assert [*differences(one["scores"], two["scores"])] == []


@pytest.mark.slow
@pytest.mark.parametrize("exact", [True, False])
def test_a_space_and_its_rows_at_other_lengths_are_identical(tmp_path: Path, exact: bool) -> None:
    x, _, _ = spaces()
    run = eb.compare({"x": x, "longer": x * lengths(3, exact=exact)}, out=tmp_path / "run.emblink")
    report = run.pair("x", "longer").report
    assert report["size"]["grade"] == "identical"
    for name in ("linear_cka", "procrustes_similarity", "rbf_cka", "rsa"):
        assert report["scores"][name]["value"] == pytest.approx(1.0, abs=1e-6)
    assert report["groups"] == []


@pytest.mark.slow
def test_lengths_count_under_euclidean(tmp_path: Path) -> None:
    x, y, _ = spaces()
    stretched = x * lengths(1, exact=False)
    scores = [
        compared(one, y, tmp_path / name, metric="euclidean").pair("x", "y").scores
        for name, one in (("plain", x), ("stretched", stretched))
    ]
    for name in ("linear_cka", "rbf_cka", "procrustes_similarity", "rsa"):
        assert scores[1][name]["value"] < scores[0][name]["value"] - 0.02


@pytest.mark.slow
def test_each_space_of_a_pair_has_its_own_metric(tmp_path: Path) -> None:
    x, y, _ = spaces()
    ids = np.arange(N)

    def cka(first: FloatArray, second: FloatArray, out: str) -> float:
        made = {
            "a": eb.Space("a", first, ids, "cosine"),
            "b": eb.Space("b", second, ids, "euclidean"),
        }
        report: Report = build(
            eb.SpaceSet(made, ids, {"a": ids, "b": ids}), out=tmp_path / f"{out}.emblink"
        )
        return float(report["pairs"][0]["scores"]["linear_cka"]["value"])

    plain = cka(x, y, "plain")
    assert cka(x * lengths(1, exact=False), y, "first") == pytest.approx(plain, abs=1e-6)
    assert abs(cka(x, y * lengths(1, exact=False), "second") - plain) > 0.01


@pytest.mark.slow
def test_lengths_from_one_end_of_float32_to_the_other_are_only_lengths(tmp_path: Path) -> None:
    x, y, _ = spaces()
    far = np.geomspace(1e-30, 1e37, N, dtype=np.float64)[:, None]
    one, two = (
        eb.compare({"x": vectors, "y": y}, out=tmp_path / name).pair("x", "y").scores
        for name, vectors in (("plain", x), ("far", (x * far).astype(np.float32)))
    )
    assert [*differences(one, two)] == []
