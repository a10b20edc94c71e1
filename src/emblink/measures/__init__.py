"""Measures of how two spaces differ: pure functions of vectors or neighbour graphs."""

from emblink.measures._alignment import RowAlignment, row_alignment
from emblink.measures._cka import linear_cka
from emblink.measures._clusters import cluster_agreement
from emblink.measures._intervals import standard_error
from emblink.measures._label_changes import label_changes
from emblink.measures._label_only import label_only_changes
from emblink.measures._label_pairs import LabelPairChanges, label_pair_changes
from emblink.measures._label_parts import LabelParts, label_parts
from emblink.measures._labels import (
    LabelTally,
    knn_confusion,
    knn_label_purity,
    label_neighbors,
    label_tally,
)
from emblink.measures._overlap import (
    chance_overlap,
    hub_chance_overlap,
    kappa,
    neighborhood_overlap,
)
from emblink.measures._procrustes import procrustes_similarity
from emblink.measures._quantize import quantize_int8
from emblink.measures._retrieval import (
    FlipRates,
    Relevant,
    RetrievalDelta,
    negative_flip_rate,
    retrieval_churn,
    retrieval_delta,
)
from emblink.measures._sentences import pair_sentence, pair_warnings, percent
from emblink.measures._separation import label_mixing, label_separation
from emblink.measures._verdicts import (
    NoiseFloor,
    at_chance,
    noise_floor,
    overlap_score,
    pair_verdict,
)

__all__ = [
    "FlipRates",
    "LabelPairChanges",
    "LabelParts",
    "LabelTally",
    "NoiseFloor",
    "Relevant",
    "RetrievalDelta",
    "RowAlignment",
    "at_chance",
    "chance_overlap",
    "cluster_agreement",
    "hub_chance_overlap",
    "kappa",
    "knn_confusion",
    "knn_label_purity",
    "label_changes",
    "label_mixing",
    "label_neighbors",
    "label_only_changes",
    "label_pair_changes",
    "label_parts",
    "label_separation",
    "label_tally",
    "linear_cka",
    "negative_flip_rate",
    "neighborhood_overlap",
    "noise_floor",
    "overlap_score",
    "pair_sentence",
    "pair_verdict",
    "pair_warnings",
    "percent",
    "procrustes_similarity",
    "quantize_int8",
    "retrieval_churn",
    "retrieval_delta",
    "row_alignment",
    "standard_error",
]
