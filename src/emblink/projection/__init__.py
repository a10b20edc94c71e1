"""2-D pictures of spaces: PCA, the joint layout, and how far to believe them."""

from emblink.projection._extend import drawn_again, extended_layout
from emblink.projection._joint import JointLayout, joint_layout
from emblink.projection._pca import pca_projections
from emblink.projection._trust import trustworthiness_continuity

__all__ = [
    "JointLayout",
    "drawn_again",
    "extended_layout",
    "joint_layout",
    "pca_projections",
    "trustworthiness_continuity",
]
