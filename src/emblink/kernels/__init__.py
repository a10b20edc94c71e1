"""Thin typed wrappers of the compiled kernels; each has a numpy oracle in the tests.

One shared library, plain C functions over pointers, called through :mod:`ctypes`: one binary per
platform serves every Python version.
"""

from emblink.kernels._descent import (
    LONGEST_WHOLE,
    Candidates,
    NearKeys,
    descent_join,
    descent_sample,
    descent_tree,
    near_keys,
)
from emblink.kernels._labels import LabelCounts, label_counts
from emblink.kernels._layout import SparseRows, fuzzy_weights, layout_epoch
from emblink.kernels._leiden import leiden, leiden_levels
from emblink.kernels._library import LIBRARY, library, pointer
from emblink.kernels._lists import list_ranks, prefix_agreement
from emblink.kernels._permute import permuted_overlaps, permuted_products
from emblink.kernels._points import near_points, point_ranks
from emblink.kernels._rank import count_columns, count_rows
from emblink.kernels._strays import Arcs, arc_products, joint_arcs, neighbor_means, neighbor_spans
from emblink.kernels._topk import (
    NearLists,
    PackedLists,
    TopLists,
    near_lists,
    packed,
    top_lists,
    topk_columns,
    topk_merge,
    topk_rerank,
    topk_resolve,
    topk_rows,
    unscored_lists,
)

__all__ = [
    "LIBRARY",
    "LONGEST_WHOLE",
    "Arcs",
    "Candidates",
    "LabelCounts",
    "NearKeys",
    "NearLists",
    "PackedLists",
    "SparseRows",
    "TopLists",
    "arc_products",
    "count_columns",
    "count_rows",
    "descent_join",
    "descent_sample",
    "descent_tree",
    "fuzzy_weights",
    "joint_arcs",
    "label_counts",
    "layout_epoch",
    "leiden",
    "leiden_levels",
    "library",
    "list_ranks",
    "near_keys",
    "near_lists",
    "near_points",
    "neighbor_means",
    "neighbor_spans",
    "packed",
    "permuted_overlaps",
    "permuted_products",
    "point_ranks",
    "pointer",
    "prefix_agreement",
    "top_lists",
    "topk_columns",
    "topk_merge",
    "topk_rerank",
    "topk_resolve",
    "topk_rows",
    "unscored_lists",
]
