"""2-D pictures of spaces: PCA, the joint layout, and how far to believe them."""

from emblink.projection._joint import joint_layout
from emblink.projection._pca import pca_projections
from emblink.projection._trust import (
    NeighborErrors,
    neighbor_errors,
    trust_of_pictures,
    trustworthiness_continuity,
)

__all__ = [
    "NeighborErrors",
    "joint_layout",
    "neighbor_errors",
    "pca_projections",
    "trust_of_pictures",
    "trustworthiness_continuity",
]
