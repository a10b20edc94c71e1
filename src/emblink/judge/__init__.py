"""What a number means: beside chance and floor, size, noise, quality, labels that change or pay."""

from emblink.judge._calibrate import calibrate
from emblink.judge._flips import excess, flip_floor
from emblink.judge._floors import NoiseFloor, combined_floor, noise_floor, pair_floor
from emblink.judge._label_changes import PurityChange, label_changes, purity_change
from emblink.judge._label_claims import RunsOf, common_shift, label_means
from emblink.judge._label_only import label_only_changes
from emblink.judge._label_pairs import LabelPairChanges, label_pair_changes
from emblink.judge._noise import beyond_noise
from emblink.judge._payers import FEWEST_TO_PAY, Payer, payers
from emblink.judge._quality import quality
from emblink.judge._runs import (
    RunEvidence,
    odd_runs,
    of_both_recipes,
    run_evidence,
    stands_out_more,
)
from emblink.judge._scores import change_index, overlap_score, score
from emblink.judge._search_quality import FEWEST_QUERIES, search_quality
from emblink.judge._size import STEPS, PairEvidence, Reach, at_chance, grade_of, pair_evidence

__all__ = [
    "FEWEST_QUERIES",
    "FEWEST_TO_PAY",
    "STEPS",
    "LabelPairChanges",
    "NoiseFloor",
    "PairEvidence",
    "Payer",
    "PurityChange",
    "Reach",
    "RunEvidence",
    "RunsOf",
    "at_chance",
    "beyond_noise",
    "calibrate",
    "change_index",
    "combined_floor",
    "common_shift",
    "excess",
    "flip_floor",
    "grade_of",
    "label_changes",
    "label_means",
    "label_only_changes",
    "label_pair_changes",
    "noise_floor",
    "odd_runs",
    "of_both_recipes",
    "overlap_score",
    "pair_evidence",
    "pair_floor",
    "payers",
    "purity_change",
    "quality",
    "run_evidence",
    "score",
    "search_quality",
    "stands_out_more",
]
