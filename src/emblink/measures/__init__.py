"""Measures of how two spaces differ: pure functions of vectors or neighbour graphs."""

from emblink.measures._alignment import RowAlignment, row_alignment
from emblink.measures._calibrate import calibrate
from emblink.measures._cells import k_means_cells
from emblink.measures._cka import linear_cka
from emblink.measures._floors import NoiseFloor, combined_floor, noise_floor, pair_floor
from emblink.measures._intervals import block_bootstrap, standard_error
from emblink.measures._labels import knn_label_purity, label_changes
from emblink.measures._multiplicity import benjamini_hochberg, holm
from emblink.measures._overlap import (
    chance_overlap,
    hub_chance_overlap,
    kappa,
    neighborhood_overlap,
)
from emblink.measures._permutation import Null, overlap_null, permutation_test
from emblink.measures._procrustes import procrustes_similarity
from emblink.measures._quantize import quantize_int8
from emblink.measures._scores import change_index, overlap_score, score
from emblink.measures._sentences import pair_sentence, pair_warnings
from emblink.measures._verdicts import (
    PairEvidence,
    at_chance,
    pair_evidence,
    pair_verdict,
    pair_verdicts,
)
from emblink.measures._words import percent

__all__ = [
    "NoiseFloor",
    "Null",
    "PairEvidence",
    "RowAlignment",
    "at_chance",
    "benjamini_hochberg",
    "block_bootstrap",
    "calibrate",
    "chance_overlap",
    "change_index",
    "combined_floor",
    "holm",
    "hub_chance_overlap",
    "k_means_cells",
    "kappa",
    "knn_label_purity",
    "label_changes",
    "linear_cka",
    "neighborhood_overlap",
    "noise_floor",
    "overlap_null",
    "overlap_score",
    "pair_evidence",
    "pair_floor",
    "pair_sentence",
    "pair_verdict",
    "pair_verdicts",
    "pair_warnings",
    "percent",
    "permutation_test",
    "procrustes_similarity",
    "quantize_int8",
    "row_alignment",
    "score",
    "standard_error",
]
