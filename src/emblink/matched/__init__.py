"""What two spaces share: their common items, both sides of a pair, and scores beside chance.

Everything here is over plain arrays and neighbour graphs, over all common items or some of them, so
that a whole comparison and a question about a selection are the same steps.
"""

from emblink.matched._both import scores_at
from emblink.matched._floors import Floors, Rounded, rounded, rounding_floors, run_floors
from emblink.matched._geometry import geometry_scores
from emblink.matched._items import (
    FEWEST_COMMON,
    QUERIES,
    Common,
    among,
    in_both,
    row_of_item,
    sample,
    sensible_k,
    take,
    two_of,
)
from emblink.matched._kept import BesideRuns, RunKept, beside_runs
from emblink.matched._labels import (
    FLIPS,
    LABEL_MEASURES,
    Purity,
    Votes,
    flip_floors,
    flip_scores,
    label_votes,
    purity_at,
)
from emblink.matched._lists import (
    LIST_MEASURES,
    Depths,
    ListMeasure,
    depths_of,
    list_columns,
    list_scores,
)
from emblink.matched._noise import (
    Sampled,
    asked_neighbors,
    few_at_a_time,
    index_kept,
    kept_with_noise,
    sampled,
)
from emblink.matched._replicates import (
    RunsHeld,
    replicate_counts,
    replicate_pairs_of,
    replicates_of,
    runs_held,
)
from emblink.matched._scores import RawScore, RawScores, beside_floor
from emblink.matched._sides import (
    LinkedSide,
    Lists,
    Side,
    graph_at,
    ks_of,
    linked,
    lists_at,
    side_at,
)

__all__ = [
    "FEWEST_COMMON",
    "FLIPS",
    "LABEL_MEASURES",
    "LIST_MEASURES",
    "QUERIES",
    "BesideRuns",
    "Common",
    "Depths",
    "Floors",
    "LinkedSide",
    "ListMeasure",
    "Lists",
    "Purity",
    "RawScore",
    "RawScores",
    "Rounded",
    "RunKept",
    "RunsHeld",
    "Sampled",
    "Side",
    "Votes",
    "among",
    "asked_neighbors",
    "beside_floor",
    "beside_runs",
    "depths_of",
    "few_at_a_time",
    "flip_floors",
    "flip_scores",
    "geometry_scores",
    "graph_at",
    "in_both",
    "index_kept",
    "kept_with_noise",
    "ks_of",
    "label_votes",
    "linked",
    "list_columns",
    "list_scores",
    "lists_at",
    "purity_at",
    "replicate_counts",
    "replicate_pairs_of",
    "replicates_of",
    "rounded",
    "rounding_floors",
    "row_of_item",
    "run_floors",
    "runs_held",
    "sample",
    "sampled",
    "scores_at",
    "sensible_k",
    "side_at",
    "take",
    "two_of",
]
