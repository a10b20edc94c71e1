"""Measures of how two spaces differ: pure functions of vectors or neighbour graphs."""

from emblink.measures._alignment import RowAlignment, row_alignment
from emblink.measures._cka import linear_cka, linear_cka_null, linear_cka_trimmed
from emblink.measures._geometry import (
    PairGeometry,
    linear_cka_influence,
    pair_geometry,
    procrustes_influence,
)
from emblink.measures._health import space_health
from emblink.measures._health_warnings import extreme_rows_warning, health_warnings
from emblink.measures._intervals import standard_error
from emblink.measures._labels import knn_label_purity, label_changes
from emblink.measures._map import space_map
from emblink.measures._overlap import (
    chance_overlap,
    hub_chance_overlap,
    kappa,
    neighborhood_overlap,
)
from emblink.measures._permutation import Null
from emblink.measures._procrustes import angular_shape_distance, procrustes_similarity
from emblink.measures._quantize import quantize_int8
from emblink.measures._rbf_cka import RbfCka, rbf_cka
from emblink.measures._rsa import rsa, rsa_null
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
    "Null",
    "PairGeometry",
    "RbfCka",
    "RowAlignment",
    "angular_shape_distance",
    "at_chance",
    "chance_overlap",
    "extreme_rows_warning",
    "health_warnings",
    "hub_chance_overlap",
    "kappa",
    "knn_label_purity",
    "label_changes",
    "linear_cka",
    "linear_cka_influence",
    "linear_cka_null",
    "linear_cka_trimmed",
    "neighborhood_overlap",
    "noise_floor",
    "overlap_score",
    "pair_geometry",
    "pair_sentence",
    "pair_verdict",
    "pair_warnings",
    "percent",
    "procrustes_influence",
    "procrustes_similarity",
    "quantize_int8",
    "rbf_cka",
    "row_alignment",
    "rsa",
    "rsa_null",
    "space_health",
    "space_map",
    "standard_error",
]
