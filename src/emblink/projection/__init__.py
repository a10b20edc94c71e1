"""2-D pictures of spaces: PCA, the joint layout, how far to believe them, and what moves mean."""

from emblink.projection._coarse import coarse_change
from emblink.projection._extend import drawn_again, extended_layout
from emblink.projection._frame import RigidMotion, common_frame, realigned
from emblink.projection._joint import JointLayout, joint_layout
from emblink.projection._landmarks import Landmarks
from emblink.projection._moves import (
    AMOUNT_ONLY,
    LOST_AND_STILL,
    VISIBLE,
    classify_moves,
    displacements,
    lost_and_still,
    move_counts,
    movement_floor,
    moves_by_amount,
    noise_of,
)
from emblink.projection._pca import pca_projections, principal_components
from emblink.projection._place import Placement, place_items
from emblink.projection._taken_along import TakenAlong
from emblink.projection._trust import (
    NeighborErrors,
    neighbor_errors,
    trust_of_pictures,
    trustworthiness_continuity,
)

__all__ = [
    "AMOUNT_ONLY",
    "LOST_AND_STILL",
    "VISIBLE",
    "JointLayout",
    "Landmarks",
    "NeighborErrors",
    "Placement",
    "RigidMotion",
    "TakenAlong",
    "classify_moves",
    "coarse_change",
    "common_frame",
    "displacements",
    "drawn_again",
    "extended_layout",
    "joint_layout",
    "lost_and_still",
    "move_counts",
    "movement_floor",
    "moves_by_amount",
    "neighbor_errors",
    "noise_of",
    "pca_projections",
    "place_items",
    "principal_components",
    "realigned",
    "trust_of_pictures",
    "trustworthiness_continuity",
]
