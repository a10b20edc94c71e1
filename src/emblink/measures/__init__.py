"""Measures of how two spaces differ: pure functions of vectors or neighbour graphs."""

from emblink.limits import FEWEST_ITEMS
from emblink.measures._alignment import RowAlignment, row_alignment, row_shift
from emblink.measures._answers import FirstRelevant, first_changed, first_relevant
from emblink.measures._cells import k_means_cells
from emblink.measures._centered import check_vectors
from emblink.measures._cka import linear_cka, linear_cka_null, linear_cka_trimmed
from emblink.measures._density import log_density_change
from emblink.measures._gains import Relevant
from emblink.measures._geometry import (
    PairGeometry,
    linear_cka_influence,
    pair_geometry,
    procrustes_influence,
)
from emblink.measures._health import space_health
from emblink.measures._hubs import (
    chance_hubness_skewness,
    hubness,
    hubness_change,
    hubness_skewness,
)
from emblink.measures._jaccard import chance_jaccard, jaccard_similarity
from emblink.measures._label_errors import purity_errors
from emblink.measures._label_parts import LabelParts, label_parts
from emblink.measures._labels import (
    LabelTally,
    knn_confusion,
    knn_label_purity,
    label_neighbors,
    label_tally,
)
from emblink.measures._list_errors import (
    jaccard_gain,
    list_errors,
    overlap_gain,
    rank_biased_gain,
)
from emblink.measures._map import space_map
from emblink.measures._noise_share import (
    SHARES,
    NoiseCurve,
    NoiseShare,
    noise_equivalent_share,
    share_at,
    with_noise,
)
from emblink.measures._overlap import (
    chance_overlap,
    hub_chance_at,
    hub_chance_overlap,
    kappa,
    neighborhood_overlap,
    overlap_curve,
)
from emblink.measures._overlap_null import overlap_null
from emblink.measures._procrustes import angular_shape_distance, procrustes_similarity
from emblink.measures._quantize import quantize_int8, rounding_int8
from emblink.measures._ranks import chance_rank_displacement, rank_displacement
from emblink.measures._rbf_cka import RbfCka, rbf_cka
from emblink.measures._rbo import (
    chance_rank_biased_overlap,
    hub_chance_rank_biased_overlap,
    list_rank_biased_overlap,
    rank_biased_overlap,
    rbo_weight,
)
from emblink.measures._retrieval import (
    FlipRates,
    RetrievalDelta,
    negative_flip_rate,
    retrieval_churn,
    retrieval_delta,
)
from emblink.measures._retrieval_chance import (
    ChanceRetrieval,
    chance_first_lost,
    chance_retrieval,
)
from emblink.measures._rsa import Rsa, rsa, rsa_influence, rsa_null
from emblink.measures._second_order import (
    chance_second_order_similarity,
    second_order_similarity,
)
from emblink.measures._separation import label_mixing, label_separation
from emblink.measures._turned import is_turned_copy
from emblink.measures._within import within_label_chance, within_label_overlap
from emblink.power import AT_CHANCE_ERRORS, can_tell, error_of_chance, fewest_to_tell

__all__ = [
    "AT_CHANCE_ERRORS",
    "FEWEST_ITEMS",
    "SHARES",
    "ChanceRetrieval",
    "FirstRelevant",
    "FlipRates",
    "LabelParts",
    "LabelTally",
    "NoiseCurve",
    "NoiseShare",
    "PairGeometry",
    "RbfCka",
    "Relevant",
    "RetrievalDelta",
    "RowAlignment",
    "Rsa",
    "angular_shape_distance",
    "can_tell",
    "chance_first_lost",
    "chance_hubness_skewness",
    "chance_jaccard",
    "chance_overlap",
    "chance_rank_biased_overlap",
    "chance_rank_displacement",
    "chance_retrieval",
    "chance_second_order_similarity",
    "check_vectors",
    "error_of_chance",
    "fewest_to_tell",
    "first_changed",
    "first_relevant",
    "hub_chance_at",
    "hub_chance_overlap",
    "hub_chance_rank_biased_overlap",
    "hubness",
    "hubness_change",
    "hubness_skewness",
    "is_turned_copy",
    "jaccard_gain",
    "jaccard_similarity",
    "k_means_cells",
    "kappa",
    "knn_confusion",
    "knn_label_purity",
    "label_mixing",
    "label_neighbors",
    "label_parts",
    "label_separation",
    "label_tally",
    "linear_cka",
    "linear_cka_influence",
    "linear_cka_null",
    "linear_cka_trimmed",
    "list_errors",
    "list_rank_biased_overlap",
    "log_density_change",
    "negative_flip_rate",
    "neighborhood_overlap",
    "noise_equivalent_share",
    "overlap_curve",
    "overlap_gain",
    "overlap_null",
    "pair_geometry",
    "procrustes_influence",
    "procrustes_similarity",
    "purity_errors",
    "quantize_int8",
    "rank_biased_gain",
    "rank_biased_overlap",
    "rank_displacement",
    "rbf_cka",
    "rbo_weight",
    "retrieval_churn",
    "retrieval_delta",
    "rounding_int8",
    "row_alignment",
    "row_shift",
    "rsa",
    "rsa_influence",
    "rsa_null",
    "second_order_similarity",
    "share_at",
    "space_health",
    "space_map",
    "with_noise",
    "within_label_chance",
    "within_label_overlap",
]
