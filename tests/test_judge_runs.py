"""A space among the runs of a recipe: the runs are judged, not the items."""

import numpy as np
import pytest
from numpy.typing import NDArray

from emblink.errors import InputError
from emblink.judge import RunEvidence, beyond_noise, odd_runs, of_both_recipes, run_evidence
from emblink.measures import neighborhood_overlap
from emblink.types import Grade, NeighborGraph
from tests.measures_helpers import MNIST, real_graph


def overlaps(
    rng: np.random.Generator, n_runs: int, *, level: float = 0.6, effect: float = 0.01
) -> NDArray[np.float64]:
    """Mean overlaps of runs that share a level, each with an effect of its own."""
    effects = effect * rng.standard_normal(n_runs)
    noise = 0.005 * rng.standard_normal((n_runs, n_runs))
    table: NDArray[np.float64] = np.clip(
        level + effects[:, None] + effects + (noise + noise.T) / 2, 0.001, 0.999
    )
    return table


def last_among(table: NDArray[np.float64]) -> RunEvidence:
    return run_evidence(table[:-1, :-1], table[-1, :-1])


@pytest.mark.slow
@pytest.mark.parametrize("n_runs", [2, 3, 5])
@pytest.mark.parametrize("effect", [0.002, 0.01, 0.02])
def test_one_more_run_is_rarely_said_to_differ(n_runs: int, effect: float) -> None:
    rng = np.random.default_rng([n_runs, int(1000 * effect)])
    found = [last_among(overlaps(rng, n_runs + 1, effect=effect)) for _ in range(400)]
    assert np.mean([one.p_less <= 0.05 for one in found]) <= 0.08
    assert np.mean([one.p_closer <= 0.05 for one in found]) <= 0.12


def test_one_replicate_says_little_of_how_far_runs_stray() -> None:
    few = run_evidence(np.full((2, 2), 0.6), [0.55, 0.55])
    more = run_evidence(np.full((3, 3), 0.6), [0.55, 0.55, 0.55])
    assert more.p_less < few.p_less
    apart = run_evidence(np.full((2, 2), 0.6), [0.6, 0.5])
    assert few.p_less < apart.p_less


def test_a_space_that_shares_less_is_found_the_surer_the_more_runs_there_are() -> None:
    def power(n_runs: int) -> float:
        rng = np.random.default_rng(n_runs)
        hits = 0
        for _ in range(200):
            table = overlaps(rng, n_runs + 1)
            table[-1] -= 0.04
            table[:, -1] -= 0.04
            hits += last_among(table).p_less <= 0.05
        return hits / 200

    found = [power(n_runs) for n_runs in (2, 3, 5)]
    assert found == sorted(found)
    assert found[-1] > 0.7


def test_the_evidence_tells_what_it_rests_on() -> None:
    table = np.array([[1.0, 0.6, 0.62], [0.6, 1.0, 0.61], [0.62, 0.61, 1.0]])
    found = run_evidence(table, [0.5, 0.5, 0.5])
    assert found.n_runs == 3
    assert found.kept == pytest.approx(0.61)
    assert found.with_other == pytest.approx(0.5)
    assert found.p_less < 0.01 < 0.5 < found.least < 0.6
    at_least = run_evidence(table, [found.least] * 3)
    assert at_least.p_less == pytest.approx(0.05, abs=1e-6)


def test_runs_that_are_copies_leave_no_room() -> None:
    assert run_evidence(np.ones((2, 2)), [0.8, 0.8]).p_less < 0.05
    assert run_evidence(np.ones((3, 3)), [0.9, 0.9, 0.9]).p_less < 0.05


@pytest.mark.slow
def test_a_shared_start_is_closer_than_independent_runs() -> None:
    graphs = {
        name: real_graph(MNIST, f"fc_{name}")
        for name in ("seed0_epoch10", "seed1_epoch10", "seed0_epoch05", "seed1_epoch05")
    }
    names = ["seed0_epoch10", "seed1_epoch10"]
    among = [[_overlap(graphs[a], graphs[b]) for a in names] for b in names]
    late = run_evidence(among, [_overlap(graphs[a], graphs["seed0_epoch05"]) for a in names])
    assert late.p_closer < 0.01
    assert late.p_less > 0.3


def _overlap(a: NeighborGraph, b: NeighborGraph) -> float:
    return float(neighborhood_overlap(a, b).mean())


def test_both_recipes_are_looked_at_and_that_is_paid_for() -> None:
    rng = np.random.default_rng(7)
    one, other = (last_among(overlaps(rng, 4)) for _ in range(2))
    joined = of_both_recipes([one, other])
    assert joined is not None
    assert joined.p_less == pytest.approx(min(1, 2 * min(one.p_less, other.p_less)))
    assert of_both_recipes([one]) == one
    assert of_both_recipes([]) is None


def test_a_replicate_that_is_another_recipe_is_odd_and_runs_are_rarely_so() -> None:
    rng = np.random.default_rng(8)
    for n_runs in (3, 4, 6):
        table = overlaps(rng, n_runs, level=0.59)
        table[2], table[:, 2] = 0.18, 0.18
        assert odd_runs(table) == [2]
    tables = [overlaps(rng, 4, effect=0.05) for _ in range(200)]
    assert np.mean([bool(odd_runs(table)) for table in tables]) <= 0.02
    assert odd_runs([[1.0, 0.1], [0.1, 1.0]]) == []


def test_a_pair_that_keeps_less_than_the_runs_is_never_closer() -> None:
    table = np.array([[1, 0.6, 0.2], [0.6, 1, 0.2], [0.2, 0.2, 1]])
    assert run_evidence(table, [0.26, 0.1, 0.05]).p_closer == 1.0


def test_overlaps_of_no_recipe_are_refused() -> None:
    for among, other in ((np.ones((1, 1)), [0.5]), (np.ones((2, 2)), [0.5] * 3)):
        with pytest.raises(InputError, match="two runs or more"):
            run_evidence(among, other)


def evidence(
    p_less: float, *, n_runs: int = 4, p_closer: float = 0.9, least: float = 0.5
) -> RunEvidence:
    return RunEvidence(n_runs, 0.6, 0.5, least, p_less, p_closer)


def test_without_replicates_it_is_not_known_whether_a_change_is_noise() -> None:
    (said,) = beyond_noise([None], ["another_space"], [0.01])
    assert said == {"answer": "unknown", "n_replicates": 0}
    (said,) = beyond_noise([None], ["identical"], [0.01])
    assert said["answer"] == "no"


def test_beyond_noise_is_adjusted_for_the_pairs_that_have_replicates() -> None:
    for p, n_pairs, answer in ((0.02, 1, "yes"), (0.02, 4, "no"), (0.3, 1, "no")):
        said = beyond_noise(
            [evidence(p)] * n_pairs + [None], ["reworked"] * (n_pairs + 1), [0.01] * (n_pairs + 1)
        )
        assert {one["answer"] for one in said[:-1]} == {answer}
        assert said[0]["p"] == pytest.approx(min(1.0, p * n_pairs))


def test_one_replicate_is_provisional_and_claims_no_small_change() -> None:
    cases: list[tuple[Grade, str]] = [("like_another_run", "unknown"), ("reworked", "yes")]
    for grade, answer in cases:
        (said,) = beyond_noise([evidence(0.001, n_runs=2)], [grade], [0.01])
        assert (said["answer"], said["provisional"]) == (answer, True)
    (said,) = beyond_noise([evidence(0.001, n_runs=3)], ["like_another_run"], [0.01])
    assert (said["answer"], said["provisional"]) == ("yes", True)
    (said,) = beyond_noise([evidence(0.001)], ["like_another_run"], [0.01])
    assert "provisional" not in said


def test_runs_excuse_nothing_of_a_pair_that_is_closer_than_they_are() -> None:
    (said,) = beyond_noise([evidence(0.9, p_closer=0.001)], ["like_another_run"], [0.01])
    assert (said["answer"], said["closer"]) == ("unknown", True)


def test_no_is_said_only_where_a_loss_of_half_the_way_would_have_shown() -> None:
    for least, answer in ((0.4, "no"), (0.2, "unknown")):
        (said,) = beyond_noise([evidence(0.4, least=least)], ["reworked"], [0.01])
        assert said["answer"] == answer
    (said,) = beyond_noise([evidence(0.01, p_closer=0.01)], ["identical"], [0.01])
    assert said["answer"] == "no"
    assert "closer" not in said
