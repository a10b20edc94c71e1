"""What a number means: scores beside chance and floor, verdicts, changes of labels."""

from emblink.judge._calibrate import calibrate
from emblink.judge._floors import NoiseFloor, combined_floor, noise_floor, pair_floor
from emblink.judge._label_changes import PurityChange, label_changes, purity_change
from emblink.judge._label_only import label_only_changes
from emblink.judge._label_pairs import MOST_REPORTED, LabelPairChanges, label_pair_changes
from emblink.judge._scores import change_index, overlap_score, score
from emblink.judge._verdicts import (
    PairEvidence,
    at_chance,
    pair_evidence,
    pair_verdict,
    pair_verdicts,
)

__all__ = [
    "MOST_REPORTED",
    "LabelPairChanges",
    "NoiseFloor",
    "PairEvidence",
    "PurityChange",
    "at_chance",
    "calibrate",
    "change_index",
    "combined_floor",
    "label_changes",
    "label_only_changes",
    "label_pair_changes",
    "noise_floor",
    "overlap_score",
    "pair_evidence",
    "pair_floor",
    "pair_verdict",
    "pair_verdicts",
    "purity_change",
    "score",
]
