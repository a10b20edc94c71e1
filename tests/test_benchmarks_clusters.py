"""The benchmark of clusters that went as a whole moves what it says, and scores as it says."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from tests.groups_helpers import benchmark

clustered, clusters = benchmark("clustered"), benchmark("clusters")
QUIET = {"noise": 0.0, "dims": None}
PLANTED = pytest.mark.parametrize("name", [*clusters.PLANTED])


@pytest.mark.slow
@PLANTED
def test_a_seed_makes_one_pair_and_its_groups_are_disjoint(name: str) -> None:
    first, again, other = (
        clustered.make(clusters.PLANTED[name], seed=seed) for seed in (200, 200, 201)
    )
    for space in ("a", "b", "again"):
        vectors = getattr(first.pair, space)
        assert vectors.dtype == np.float32
        assert vectors.tobytes() == getattr(again.pair, space).tobytes()
        assert vectors.tobytes() != getattr(other.pair, space).tobytes()
    rows = np.concatenate(first.groups)
    assert len(np.unique(rows)) == len(rows)
    assert all((np.diff(group) > 0).all() for group in first.groups)


@pytest.mark.parametrize("name", [*clusters.WENT, *clusters.EXCHANGED, *clusters.CONTRACTED])
def test_without_noise_nothing_moves_but_what_was_planted(name: str) -> None:
    made = clustered.make(replace(clusters.PLANTED[name], **QUIET), seed=200)
    moved = (made.pair.a != made.pair.b).any(axis=1)
    assert np.flatnonzero(moved).tolist() == sorted(np.concatenate(made.groups).tolist())


@pytest.mark.parametrize("name", ["merged, 12 / 32", "3 exchanged, 12 / 32"])
def test_a_cluster_goes_to_the_place_of_another_as_it_stood(name: str) -> None:
    made = clustered.make(replace(clusters.PLANTED[name], **QUIET), seed=200)
    centres = {
        code: made.pair.a[made.cluster == code].mean(axis=0) for code in np.unique(made.cluster)
    }
    for group in made.groups:
        way = made.pair.b[group] - made.pair.a[group]
        assert np.allclose(way, way[0], atol=1e-4)
        away = [
            np.linalg.norm(made.pair.b[group].mean(axis=0) - centre)
            for code, centre in centres.items()
            if code != made.cluster[group[0]]
        ]
        assert min(away) < 1.0 < np.sort(away)[1] / 5


def test_a_bend_moves_everything_and_plants_nothing() -> None:
    for bend in (clustered.waves, clustered.squash, clustered.squares):
        family = clustered.Family(world=clustered.blobs(6, 8), steps=[bend(0.6)], noise=0.0)
        made = clustered.make(family, seed=0)
        assert made.groups == []
        assert (made.pair.a != made.pair.b).any(axis=1).all()


def test_copies_are_copies() -> None:
    for name in ("identical", "identical, 2 dims"):
        assert np.array_equal(clusters.COPIES[name](0).a, clusters.COPIES[name](0).b)
    pair = clusters.COPIES["rotated, scaled"](0)
    assert pair.b.shape[1] == 2 * pair.a.shape[1]
    assert np.allclose(
        np.linalg.norm(pair.b[0] - pair.b[1:], axis=1),
        2 * np.linalg.norm(pair.a[0] - pair.a[1:], axis=1),
        rtol=1e-3,
    )
    both = clusters.COPIES["duplicates"](0), clusters.COPIES["duplicates that part"](0)
    assert all(np.array_equal(one.a[::2], one.a[1::2]) for one in both)
    assert [np.array_equal(one.b[::2], one.b[1::2]) for one in both] == [True, False]


def test_what_is_told_is_said_by_the_first_all_bystanders_and_the_steady() -> None:
    groups = [np.arange(40), np.arange(60, 80), np.arange(90, 100)]
    evidence = np.full(100, 2.0)
    evidence[10:20] = 1.0
    planted = [np.arange(40), np.arange(60, 72)]
    found = SimpleNamespace(groups=[SimpleNamespace(members=one) for one in groups])
    found.evidence = evidence
    told = clusters.told(planted, benchmark("ours").Sought(found, 1.0))
    assert (told.first, told.every) == (True, False)
    assert told.f1 == pytest.approx((1 + 24 / 32) / 2)
    assert told.precision == pytest.approx(2 / 3)
    assert (told.bystanders, told.steady) == (1, 10 / 52)
    none = SimpleNamespace(groups=[], evidence=evidence)
    told = clusters.told(planted, benchmark("ours").Sought(none, 1.0))
    assert (told.first, told.every, told.f1, told.bystanders) == (False, False, 0.0, 0)
    assert np.isnan(told.precision)


def test_every_family_but_the_harder_ones_is_held_to_something_and_misses_are_said() -> None:
    ways = benchmark("ours").WAYS
    well = clusters.Told(first=True, every=True, precision=1.0, f1=1.0, bystanders=0, steady=0.0)
    runs = {(name, way): [well] * 20 for name in clusters.PLANTED for way in ways}
    checks = clusters.judged("planted", runs).checks
    assert {check.outcome for check in checks} == {"ok"}
    held = {*clusters.PLANTED} - {*clusters.HARDER}
    for name in held:
        for way in ways:
            assert any(check.claim.endswith(f", {name}, {way} replicate") for check in checks)
    ill = replace(well, first=False, precision=np.nan, bystanders=1, steady=1.0)
    for missing, expected in (
        (1, {"precision": 0, "first": 0}),
        (2, {"first": 2, "bystanders": 2}),
    ):
        runs["contracted", "with"] = [well] * (20 - missing) + [ill] * missing
        missed = [one for one in clusters.judged("planted", runs).checks if one.outcome == "MISSED"]
        counts = {name: sum(one.claim.startswith(name) for one in missed) for name in expected}
        assert counts == {name: int(n > 0) for name, n in expected.items()}
