"""How large a pair is said to be beside the runs of its recipe."""

from __future__ import annotations

import numpy as np
import pytest

from emblink.judge import RunEvidence, pair_evidence
from emblink.measures import NoiseCurve, NoiseShare
from emblink.pipeline._recipes import OtherRuns, RunsAsked
from emblink.pipeline._size import PairSize, size_report
from emblink.types import Grade

KEPT = 0.5


def evidence(p_closer: float) -> RunEvidence:
    return RunEvidence(
        n_runs=2, kept=0.35, with_other=0.34, least=0.25, p_less=0.5, p_closer=p_closer
    )


@pytest.mark.parametrize(
    ("p_closer", "grade"), [(0.001, "reworked"), (0.05, "reworked"), (0.4, "like_another_run")]
)
def test_runs_that_began_elsewhere_do_not_make_a_change_like_another_run(
    p_closer: float, grade: Grade
) -> None:
    curves = [NoiseCurve(lambda share: np.full(400, 1 - 2 * share))] * 2
    size = PairSize(
        share=NoiseShare(0.25, (0.24, 0.26)),
        kept=KEPT,
        first_changed=0.5,
        index_kept=None,
        n=400,
        curves=curves,
    )
    basis = pair_evidence(np.full(400, KEPT, dtype=np.float32), hub_chance=0.01)
    of_few = RunsAsked(evidence(p_closer), evidence(p_closer), OtherRuns([], []), [])
    found = size_report(basis, size, around=0.6, asked=of_few)
    assert found["grade"] == grade
    assert found["runs"] == pytest.approx(0.325)
