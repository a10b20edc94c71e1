"""2-D pictures of spaces: PCA, the joint layout, and how far to believe them."""

from emblink.projection._frame import RigidMotion, common_frame, realigned
from emblink.projection._joint import joint_layout
from emblink.projection._pca import pca_projections
from emblink.projection._place import Placement, place_items
from emblink.projection._trust import (
    NeighborErrors,
    neighbor_errors,
    trust_of_pictures,
    trustworthiness_continuity,
)

__all__ = [
    "NeighborErrors",
    "Placement",
    "RigidMotion",
    "common_frame",
    "joint_layout",
    "neighbor_errors",
    "pca_projections",
    "place_items",
    "realigned",
    "trust_of_pictures",
    "trustworthiness_continuity",
]
