"""Clusters that went as a whole are told, each as a group, and bends and copies are none."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
import pytest

import emblink as eb
from emblink.groups import Changes, Items, change_groups, pair_changes
from emblink.types import IntArray
from tests.groups_helpers import benchmark, side

clustered, clusters, score = (benchmark(part) for part in ("clustered", "clusters", "score"))

SEEDS = pytest.mark.parametrize("seed", [200, 201])
pytestmark = pytest.mark.slow

COPIES = sorted({*clusters.COPIES} - {"rotated, scaled", "float16, 2 dims"})
REPLICATES = pytest.mark.parametrize("replicate", [True, False], ids=["replicate", "alone"])


def families(*quick: str, slow: Sequence[str] = ()) -> pytest.MarkDecorator:
    marked = [pytest.param(name, marks=pytest.mark.slow) for name in slow]
    return pytest.mark.parametrize("name", [*quick, *marked])


@cache
def made(name: str, seed: int) -> Any:
    return clustered.make(clusters.PLANTED[name], seed=seed)


def sides(pair: Any, *, replicate: bool) -> Any:
    return side(pair.a, other_runs=[pair.again] if replicate else []), side(pair.b)


@cache
def found(name: str, seed: int, replicate: bool) -> Changes:
    return change_groups(*sides(made(name, seed).pair, replicate=replicate))


def f1(members: IntArray, planted: IntArray) -> float:
    n = 1 + int(max(members.max(), planted.max()))
    return float(score.f1_table([members], [planted], n=n)[0, 0])


def host(one: Any) -> IntArray:
    """Return the rows of the cluster that lies nearest to the planted group in the second space."""
    away = np.full(int(one.cluster.max()) + 1, np.inf)
    (went,) = one.groups
    for cluster in np.setdiff1d(one.cluster, one.cluster[went]):
        centre = one.pair.b[one.cluster == cluster].mean(axis=0)
        away[cluster] = np.linalg.norm(centre - one.pair.b[went].mean(axis=0))
    return np.flatnonzero(one.cluster == away.argmin())


@pytest.mark.slow
@SEEDS
@REPLICATES
@families("merged, 6 / 16", "beside another", slow=["merged, 12 / 32"])
def test_a_cluster_put_elsewhere_is_the_first_group(name: str, seed: int, replicate: bool) -> None:
    first = found(name, seed, replicate).groups[0]
    assert f1(first.members, made(name, seed).groups[0]) >= 0.8


@SEEDS
@REPLICATES
@families("merged, 6 / 16", slow=["merged, 12 / 32"])
def test_the_cluster_that_another_one_joins_is_in_no_group(
    name: str, seed: int, replicate: bool
) -> None:
    stayed = host(made(name, seed))
    for group in found(name, seed, replicate).groups:
        assert np.isin(group.members, stayed).mean() < 0.2


@pytest.mark.slow
@SEEDS
@REPLICATES
@families("merged, 6 / 16", "beside another", slow=["2 exchanged, 12 / 32"])
def test_every_member_of_a_carried_cluster_strayed(name: str, seed: int, replicate: bool) -> None:
    one = made(name, seed)
    ids = np.arange(len(one.cluster)).astype(str)
    a, b = sides(one.pair, replicate=replicate)
    changes = pair_changes(a, b, names=("old", "new"), items=Items(ids, {}, {}))
    assert changes.search["threshold"] == clusters.STRAYED
    told = changes.codes >= 0
    assert (changes.evidence[told] > clusters.STRAYED).all()
    carried = np.concatenate(one.groups)
    assert (changes.evidence[carried] > clusters.STRAYED).mean() > 0.95


@pytest.mark.slow
@SEEDS
@REPLICATES
@families(
    "2 exchanged, 12 / 32",
    "5 exchanged, 8 / 10",
    slow=["3 exchanged, 12 / 32", "24 exchanged, 40 / 64"],
)
def test_clusters_that_change_places_are_all_told(name: str, seed: int, replicate: bool) -> None:
    groups = found(name, seed, replicate).groups
    for planted in made(name, seed).groups:
        assert max(f1(one.members, planted) for one in groups) >= 0.8


@pytest.mark.slow
@REPLICATES
@pytest.mark.parametrize("seed", [200, 203])
@families("8 exchanged, 12 / 32", slow=["9 exchanged, 12 / 32", "34 exchanged, 40 / 64"])
def test_where_most_clusters_change_places_all_of_them_are_told_and_nothing_else(
    name: str, seed: int, replicate: bool
) -> None:
    groups, planted = found(name, seed, replicate).groups, made(name, seed).groups
    assert len(groups) == len(planted)
    for went in planted:
        assert max(f1(one.members, went) for one in groups) >= 0.8


@SEEDS
@REPLICATES
@families("half split off, 12 / 32", slow=["half of 50 split off, 16 / 24"])
def test_half_a_cluster_that_splits_off_is_the_first_group_and_the_other_half_none(
    name: str, seed: int, replicate: bool
) -> None:
    one, groups = made(name, seed), found(name, seed, replicate).groups
    (went,) = one.groups
    stayed = np.setdiff1d(np.flatnonzero(one.cluster == one.cluster[went[0]]), went)
    assert f1(groups[0].members, went) >= 0.8
    assert all(np.isin(group.members, stayed).mean() < 0.2 for group in groups)


@SEEDS
@REPLICATES
@families("contracted", slow=["contracted, noise .2"])
def test_a_cluster_that_contracts_is_told_and_no_bystander(
    name: str, seed: int, replicate: bool
) -> None:
    (group,) = found(name, seed, replicate).groups
    assert group.type == "contracted"
    assert f1(group.members, made(name, seed).groups[0]) >= 0.8


@SEEDS
@REPLICATES
@families("merged, squashed .6", "a leaf moved")
def test_beside_a_bend_and_in_a_hierarchy_nothing_but_the_planted_is_told(
    name: str, seed: int, replicate: bool
) -> None:
    (group,) = found(name, seed, replicate).groups
    assert f1(group.members, made(name, seed).groups[0]) >= 0.8


@SEEDS
@REPLICATES
@families(
    "squashed .6, 8 / 10",
    slow=["waves 1.2, 12 / 32", "squares .6, 12 / 16", "2 % go alone, 12 / 24"],
)
def test_a_bend_of_everything_and_items_that_go_alone_are_no_group(
    name: str, seed: int, replicate: bool
) -> None:
    pair = clustered.make(clusters.NOTHING[name], seed=seed).pair
    assert change_groups(*sides(pair, replicate=replicate)).groups == []


@SEEDS
@REPLICATES
@families("rotated, scaled", "float16, 2 dims", slow=COPIES)
def test_copies_of_clusters_have_no_group(name: str, seed: int, replicate: bool) -> None:
    pair = clusters.COPIES[name](seed)
    assert change_groups(*sides(pair, replicate=replicate)).groups == []


@families("part of a large one", "merged, 40 / 64", "4 exchanged, 12 / 32")
def test_what_went_is_told_among_many_and_of_one_that_outweighs_all(name: str) -> None:
    groups = found(name, 200, False).groups
    for planted in made(name, 200).groups:
        assert max(f1(one.members, planted) for one in groups) >= 0.8


@REPLICATES
def test_a_class_that_merged_is_not_said_to_be_common_among_what_never_changes(
    replicate: bool,
) -> None:
    one = made("merged, 6 / 16", 200)
    label = np.array([f"class {code}" for code in one.cluster])
    spaces = {"old": one.pair.a, "new": one.pair.b} | (
        {"again": one.pair.again} if replicate else {}
    )
    report = eb.compare(
        spaces,
        items={"class": label},
        labels="class",
        metric="euclidean",
        pairs=[("old", "new")],
        replicates={"old": ["again"]} if replicate else None,
    ).report()
    went = label[one.groups[0][0]]
    first = report["pairs"][0]["groups"][0]
    assert first["enriched"][0]["value"] == went
    steady = report["unchanging"]
    assert steady["n"] <= len(label) - len(one.groups[0])
    assert went not in [value["value"] for value in steady["enriched"]]
