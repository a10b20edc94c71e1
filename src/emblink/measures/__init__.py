"""Measures of how two spaces differ: pure functions of vectors or neighbour graphs."""

from emblink.measures._alignment import RowAlignment, row_alignment
from emblink.measures._cka import linear_cka
from emblink.measures._intervals import standard_error
from emblink.measures._labels import knn_label_purity, label_changes
from emblink.measures._overlap import (
    chance_overlap,
    hub_chance_overlap,
    kappa,
    neighborhood_overlap,
)
from emblink.measures._procrustes import procrustes_similarity
from emblink.measures._quantize import quantize_int8
from emblink.measures._sentences import pair_sentence, pair_warnings, percent
from emblink.measures._verdicts import (
    NoiseFloor,
    at_chance,
    noise_floor,
    overlap_score,
    pair_verdict,
)

__all__ = [
    "NoiseFloor",
    "RowAlignment",
    "at_chance",
    "chance_overlap",
    "hub_chance_overlap",
    "kappa",
    "knn_label_purity",
    "label_changes",
    "linear_cka",
    "neighborhood_overlap",
    "noise_floor",
    "overlap_score",
    "pair_sentence",
    "pair_verdict",
    "pair_warnings",
    "percent",
    "procrustes_similarity",
    "quantize_int8",
    "row_alignment",
    "standard_error",
]
