"""The benchmark of planted changes plants what it says, and scores as it says."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.groups_helpers import benchmark, planted

generate, score = benchmark("generate"), benchmark("score")
ALL = ("move", "merge", "split", "scatter", "gather", "contract")


@pytest.fixture(scope="module")
def pair() -> Any:
    return planted(*ALL, seed=200)


def latent(vectors: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return places in the 24 dimensions that a space has, at a common scale."""
    centred = vectors.astype(np.float64) - vectors.mean(axis=0, dtype=np.float64)
    variances, axes = np.linalg.eigh(centred.T @ centred)
    assert variances[-25] < 1e-6 * variances[-24]
    found: NDArray[np.float64] = centred @ axes[:, -24:] / np.sqrt(variances.sum() / len(centred))
    return found


def spread(places: NDArray[np.float64]) -> float:
    return float(np.sqrt(((places - places.mean(axis=0)) ** 2).sum(axis=1).mean()))


def test_the_same_seed_makes_the_same_pair_and_another_one_another() -> None:
    recipe = generate.Recipe(n=1000, changes=ALL)
    first, again = (generate.generate(recipe, seed=3) for _ in range(2))
    for name in ("a", "b", "again"):
        assert getattr(first, name).tobytes() == getattr(again, name).tobytes()
    assert [one.tolist() for one in first.groups] == [one.tolist() for one in again.groups]
    assert not np.array_equal(first.a, generate.generate(recipe, seed=4).a)


def test_spaces_have_their_dimensions_and_one_latent_space(pair: Any) -> None:
    assert pair.a.shape == pair.again.shape == (2000, 128)
    assert pair.b.shape == (2000, 192)
    assert {one.dtype for one in (pair.a, pair.b, pair.again)} == {np.dtype(np.float32)}
    for vectors in (pair.a, pair.b, pair.again):
        latent(vectors)


def test_groups_are_disjoint_of_their_kinds_and_sizes(pair: Any) -> None:
    assert pair.kinds == [*ALL]
    members = np.concatenate([*pair.groups, pair.decoys])
    assert len(members) == len(np.unique(members))
    for group in pair.groups:
        assert 25 <= len(group) <= 150
        assert (np.diff(group) > 0).all()
    assert len(pair.decoys) == 0.02 * 2000


def test_all_but_the_gathered_and_the_decoys_were_of_one_cluster(pair: Any) -> None:
    for kind, group in zip(pair.kinds, pair.groups, strict=True):
        n_clusters = len(np.unique(pair.cluster[group]))
        assert (n_clusters > 5) if kind == "gather" else (n_clusters == 1), kind


def test_changes_are_what_their_kinds_say(pair: Any) -> None:
    before, after = latent(pair.a), latent(pair.b)
    grown = {
        kind: spread(after[group]) / spread(before[group])
        for kind, group in zip(pair.kinds, pair.groups, strict=True)
    }
    assert grown["gather"] < 0.6
    assert grown["scatter"] > 2
    assert grown["contract"] < 0.9
    for kind in ("move", "split"):
        assert grown[kind] == pytest.approx(1, abs=0.3)


def test_a_recipe_of_nothing_changes_nothing() -> None:
    recipe = generate.Recipe(n=1000, turned=True, noise=0.0).nothing()
    made = generate.generate(recipe, seed=5)
    assert made.groups == made.kinds == []
    assert len(made.decoys) == 0
    a, b = latent(made.a), latent(made.b)
    fitted = a @ np.linalg.solve(a.T @ a, a.T @ b)
    np.testing.assert_allclose(fitted, b, atol=1e-4)


def test_a_big_change_is_of_whole_clusters_and_less_than_a_third() -> None:
    made = planted("big", seed=201)
    (group,) = made.groups
    whole = np.isin(made.cluster, made.cluster[group])
    np.testing.assert_array_equal(group, np.flatnonzero(whole))
    assert 0.1 < len(group) / 2000 <= 0.3


def test_partial_pairs_keep_groups_and_decoys_in_their_places() -> None:
    whole, part = (
        generate.generate(generate.Recipe(n=2000, partial=share), seed=202) for share in (0, 0.2)
    )
    n = len(part.a)
    assert n == len(part.b) == len(part.again) == len(part.cluster)
    assert 0.77 < n / 2000 < 0.85
    for before, after in zip(whole.groups, part.groups, strict=True):
        assert 0.5 * len(before) < len(after) <= len(before)
        assert after.max() < n
    members = np.concatenate([*part.groups, part.decoys])
    assert len(members) == len(np.unique(members))
    for kind, group in zip(part.kinds, part.groups, strict=True):
        if kind != "gather":
            assert len(np.unique(part.cluster[group])) == 1


def test_f1_is_that_of_the_definition() -> None:
    table = score.f1_table(
        [np.arange(10), np.arange(5), np.arange(90, 95)], [np.arange(10), np.arange(5, 20)], n=100
    )
    np.testing.assert_allclose(table, [[1.0, 0.4], [2 / 3, 0.0], [0.0, 0.0]])


def test_groups_match_one_to_one_the_best_first_down_to_a_half() -> None:
    match = score.match
    assert match(np.array([[0.9, 0.95], [0.8, 0.9]])) == {0: 1, 1: 0}
    assert match(np.array([[0.9], [0.95]])) == {1: 0}
    assert match(np.array([[0.5, 0.49]])) == {0: 0}
    assert match(np.array([[0.49]])) == {}
    assert match(np.zeros((0, 2))) == match(np.zeros((2, 0))) == {}


def test_recall_and_precision_are_of_the_first_k_and_of_all() -> None:
    groups = [np.arange(10), np.arange(10, 20)]
    stray = np.arange(50, 60)
    found = score.score([groups[0], stray, groups[1]], groups, None, n=100)
    assert (found.recall, found.precision_at_k) == (0.5, 0.5)
    assert found.precision == pytest.approx(2 / 3)
    assert (found.f1, found.reported) == (1.0, 3)
    assert np.isnan(found.auprc)
    one = score.score([groups[1]], groups, None, n=100)
    assert (one.recall, one.precision_at_k, one.precision, one.f1) == (0.5, 1.0, 1.0, 0.5)


def test_nothing_reported_and_nothing_planted_are_told_apart() -> None:
    nothing = score.score([], [np.arange(10)], np.zeros(20), n=20)
    assert (nothing.recall, nothing.f1, nothing.reported) == (0, 0, 0)
    assert np.isnan([nothing.precision, nothing.precision_at_k]).all()
    assert nothing.auprc == 0.5
    null = score.score([np.arange(10)], [], np.zeros(20), n=20)
    assert np.isnan([null.recall, null.f1, null.auprc, null.precision_at_k]).all()
    assert (null.precision, null.reported) == (0, 1)


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        ([9, 8, 1, 0], 1.0),
        ([0, 1, 8, 9], (1 / 3 + 2 / 4) / 2),
        ([9, 0, 8, 1], (1 + 2 / 4) / 2),
        ([5, 5, 5, 5], 0.5),
        ([9, 5, 5, 0], (1 + 2 / 3) / 2),
    ],
)
def test_average_precision_is_the_closed_form_with_ties_shared(
    evidence: list[float], expected: float
) -> None:
    planted_rows = [np.array([0]), np.array([1])]
    assert score.average_precision(np.array(evidence), planted_rows) == pytest.approx(expected)
