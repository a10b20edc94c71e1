"""Change groups are found where they were planted, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from emblink.errors import GraphMismatchError
from emblink.groups import Changes, change_groups
from emblink.neighbors import nearest_neighbors
from emblink.types import FloatArray
from tests.groups_helpers import (
    benchmark,
    changes_of,
    members_of,
    planted,
    rotation,
    side,
)

SEEDS = (200, 201, 202)


@pytest.fixture(scope="module")
def pair() -> Any:
    return planted("move", "gather", seed=200)


@pytest.fixture(scope="module")
def found(pair: Any) -> Changes:
    return changes_of(pair.a, pair.b)


def matches(pair: Any, found: Changes) -> dict[int, int]:
    score = benchmark("score")
    members = [group.members for group in found.groups]
    table = score.f1_table(members, pair.groups, n=len(pair.a))
    matched: dict[int, int] = score.match(table[: len(pair.groups)])
    return matched


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "n"),
    [
        ("move", 2000),
        pytest.param("merge", 2000, marks=pytest.mark.slow),
        pytest.param("split", 2000, marks=pytest.mark.slow),
        ("gather", 2000),
        # Of 2,000 items these are missed more often: recall 0.75 and 0.58 over seeds 200 to 211.
        pytest.param("scatter", 5000, marks=pytest.mark.slow),
        pytest.param("contract", 5000, marks=pytest.mark.slow),
    ],
)
def test_planted_groups_are_found_and_named(kind: str, n: int) -> None:
    names = {"gather": "gathered", "scatter": "scattered", "contract": "contracted"}
    recalls, types = [], []
    for seed in SEEDS[: 3 if n == 2000 else 2]:
        made = planted(kind, seed=seed, n=n)
        result = changes_of(made.a, made.b)
        matched = matches(made, result)
        recalls.append(len(matched))
        types += [result.groups[row].type for row in matched]
    assert np.mean(recalls) >= 0.8
    if kind in names:
        assert set(types) == {names[kind]}


@pytest.mark.slow
def test_found_groups_are_disjoint_the_heaviest_first_and_within_bounds(found: Changes) -> None:
    members = [row for group in found.groups for row in group.members.tolist()]
    assert len(members) == len(set(members))
    masses = [group.mass for group in found.groups]
    assert masses == sorted(masses, reverse=True)
    assert all(len(group.members) >= 8 for group in found.groups)
    assert all(1e-6 <= group.p < 0.05 for group in found.groups)
    assert all(found.evidence[group.members].mean() >= 1.5 for group in found.groups)
    assert found.n_strayed == (found.evidence > 1).sum()
    assert found.evidence.max() <= 8
    assert found.fit <= 1
    assert (found.floor_kind, found.n_permutations) == ("neighbors", 59)


@pytest.mark.slow
@pytest.mark.parametrize("which", ["a", "b"])
def test_groups_and_evidence_ignore_rotation_scale_and_shift(
    pair: Any, found: Changes, which: str
) -> None:
    vectors = {"a": pair.a, "b": pair.b}
    turn = rotation(vectors[which].shape[1])
    vectors[which] = (0.3 * vectors[which] @ turn + 2).astype(np.float32)
    again = changes_of(vectors["a"], vectors["b"])
    close = np.abs(again.evidence - found.evidence) < 0.02
    assert close.mean() > 0.995  # ties of neighbours may turn on rounding
    assert [group.type for group in again.groups] == [group.type for group in found.groups]
    for one, other in zip(members_of(again), members_of(found), strict=True):
        assert len({*one} ^ {*other}) <= 0.05 * len(other)


@pytest.mark.slow
def test_more_dimensions_of_the_same_change_nothing(pair: Any, found: Changes) -> None:
    wide = np.hstack([pair.a, np.zeros((len(pair.a), 40), dtype=np.float32)])
    again = changes_of(wide, pair.b)
    np.testing.assert_allclose(again.evidence, found.evidence, atol=0.02)
    assert members_of(again) == members_of(found)


@pytest.mark.slow
def test_the_same_seed_finds_the_same_bytes_on_any_number_of_threads(
    monkeypatch: pytest.MonkeyPatch, pair: Any, found: Changes
) -> None:
    for threads in ("1", "2", "5"):
        monkeypatch.setenv("EMBLINK_THREADS", threads)
        again = changes_of(pair.a, pair.b)
        assert again.evidence.tobytes() == found.evidence.tobytes()
        assert again.residuals.tobytes() == found.residuals.tobytes()
        assert members_of(again) == members_of(found)
        assert [(one.p, one.mass) for one in again.groups] == [
            (one.p, one.mass) for one in found.groups
        ]


@pytest.mark.slow
def test_another_seed_finds_nearly_the_same(pair: Any, found: Changes) -> None:
    again = changes_of(pair.a, pair.b, seed=7)
    assert len(matches(pair, again)) == len(matches(pair, found)) == 2
    assert np.corrcoef(again.evidence, found.evidence)[0, 1] > 0.95


@pytest.mark.slow
@pytest.mark.parametrize(
    "recipe",
    [
        {},
        {"noise": 0.05},
        {"noise": 0.5},
        {"decoys": 0.02},
        {"turned": True},
        {"uneven": 0.5},
    ],
    ids=lambda recipe: "-".join(f"{key}={value}" for key, value in recipe.items()) or "null",
)
def test_nothing_is_found_where_nothing_changed_together(recipe: dict[str, Any]) -> None:
    for seed in SEEDS:
        made = planted(seed=seed, **recipe)
        assert members_of(changes_of(made.a, made.b)) == [], seed


@pytest.mark.slow
def test_another_run_of_the_same_recipe_shows_noise_and_no_groups() -> None:
    made = planted(seed=203, noise=0.5)
    result = change_groups(side(made.a, other_runs=[made.again]), side(made.b))
    assert result.floor_kind == "replicate"
    assert members_of(result) == []


@pytest.mark.slow
def test_another_run_helps_to_find_what_changed(pair: Any) -> None:
    result = change_groups(side(pair.a, other_runs=[pair.again]), side(pair.b))
    assert result.floor_kind == "replicate"
    assert len(matches(pair, result)) == 2


def cloud(n: int = 400, *, seed: int = 0) -> NDArray[np.float64]:
    return np.random.default_rng(seed).normal(size=(n, 6))


def copies(n: int) -> NDArray[np.float64]:
    x = cloud()
    x[:n] = x[0]
    return x


def clusters() -> FloatArray:
    vectors: FloatArray = planted(seed=200).a
    return vectors


SAME: dict[str, Callable[[], tuple[FloatArray, FloatArray]]] = {
    "identical": lambda: (cloud(), cloud()),
    "identical clusters": lambda: (clusters(), clusters()),
    "rotated clusters": lambda: (clusters(), 5 * clusters() @ rotation(128)),
    "rotated and scaled": lambda: (cloud(), 7 * cloud() @ rotation(6) - 3),
    "affine": lambda: (cloud(), cloud() @ np.diag([1, 1, 2, 0.5, 1, 1]) @ rotation(6) + 1),
    "in half precision": lambda: (cloud(), cloud().astype(np.float16)),
    "both in half precision": lambda: (cloud().astype(np.float16), cloud().astype(np.float16)),
    "all alike": lambda: (np.ones((400, 6)), np.ones((400, 6))),
    "a few copies of one row": lambda: (copies(20), copies(20)),
    "sixty copies of one row": lambda: (copies(60), copies(60)),
    "mostly copies of one row": lambda: (copies(300), copies(300)),
    "tiny": lambda: (cloud(60), cloud(60)),
}


@pytest.mark.slow
@pytest.mark.parametrize("case", SAME)
def test_nothing_is_found_in_a_space_that_stayed_as_it_was(case: str) -> None:
    a, b = SAME[case]()
    result = changes_of(a, b)
    assert np.isfinite(result.evidence).all()
    assert np.isfinite(result.residuals).all()
    assert members_of(result) == []


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_vectors_that_become_all_alike_leave_numbers(metric: Any) -> None:
    alike = np.ones((400, 6))
    for a, b in ((cloud(), alike), (alike, cloud())):
        result = changes_of(a, b, metric=metric)
        assert np.isfinite(result.evidence).all()
        assert np.isfinite([result.fit]).all()


@pytest.mark.slow
def test_only_items_among_those_asked_for_are_members(pair: Any, found: Changes) -> None:
    among = np.zeros(len(pair.a), dtype=bool)
    among[np.concatenate([pair.groups[0], pair.decoys])] = True
    among[: len(pair.a) // 2] = True
    result = changes_of(pair.a, pair.b, among=among)
    assert result.groups
    assert all(among[group.members].all() for group in result.groups)
    assert 0 in matches(pair, result).values()
    assert result.n_strayed == ((result.evidence > 1) & among).sum()
    nobody = changes_of(pair.a, pair.b, among=np.zeros(len(pair.a), dtype=bool))
    assert (nobody.groups, nobody.n_strayed) == ([], 0)


@pytest.mark.slow
def test_progress_goes_to_the_end_and_can_cancel(pair: Any) -> None:
    seen: list[tuple[int, int]] = []
    sides = side(pair.a), side(pair.b)
    change_groups(*sides, n_permutations=19, progress=lambda *at: seen.append(at))
    done = [one for one, _ in seen]
    assert done == sorted(done)
    assert {total for _, total in seen} == {57}
    assert done[-1] == 57

    def cancel(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        change_groups(*sides, n_permutations=19, progress=cancel)


def test_fewer_than_sixty_items_are_refused() -> None:
    with pytest.raises(GraphMismatchError, match="among 60 items or more, not 59"):
        changes_of(cloud(59), cloud(59))


def test_spaces_over_other_items_are_refused() -> None:
    with pytest.raises(GraphMismatchError, match=r"cover \[80, 90\] items"):
        changes_of(cloud(80), cloud(90))
    replicate_pair = side(cloud(80), other_runs=[cloud(70)])
    with pytest.raises(GraphMismatchError, match=r"cover \[70, 80\] items"):
        change_groups(replicate_pair, side(cloud(80)))


def test_graphs_of_too_few_neighbours_are_refused() -> None:
    x = cloud(80)
    short = nearest_neighbors(x, k=12, metric="euclidean")
    whole = side(x)
    few = type(whole)(whole.points, short)
    with pytest.raises(GraphMismatchError, match="holds 12 neighbours; change groups look at 30"):
        change_groups(whole, few)
