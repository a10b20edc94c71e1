"""The scores of the searches of a pair."""

from __future__ import annotations

from emblink.table._neighbors import NEAR_NEIGHBORS, WIDE_NEIGHBORS
from emblink.table._scores import Measure

_FLOOR = "Of replicates that have queries: the same between runs of one recipe."
_DIFFERENCE = "Of replicates that have queries: how far runs of one recipe lie apart."
_NO_CHANCE = "Says what changed: a random order has no quality to fall from."

SEARCH_MEASURES: tuple[Measure, ...] = (
    Measure(
        name="search_churn",
        title="churn",
        definition="The share of each query’s first k results that the other space replaces, mean "
        "over queries. It says nothing of better or worse.",
        min=0.0,
        max=1.0,
        direction="distance",
        k=NEAR_NEIGHBORS,
        unit="share of results",
        chance="1 − k / n, of n items.",
        floor=_FLOOR,
        page="retrieval_churn",
    ),
    Measure(
        name="first_answer_change",
        title="first answers changed",
        definition="The share of queries whose first result is another item.",
        min=0.0,
        max=1.0,
        direction="distance",
        k=1,
        unit="share of queries",
        chance="1 − 1 / n, of n items.",
        floor=_FLOOR,
        page="retrieval_churn",
    ),
    Measure(
        name="search_rank_biased_overlap",
        title="rank-biased overlap of results",
        definition="Agreement of the ordered results of each query, the first counting most "
        "(Webber, Moffat and Zobel 2010), mean over queries.",
        min=0.0,
        max=1.0,
        k=WIDE_NEIGHBORS,
        unit="weighted share of results",
        chance="Of two random orders of the n items.",
        floor=_FLOOR,
        page="rank_biased_overlap",
    ),
    Measure(
        name="ndcg_change",
        title="change of nDCG",
        definition="nDCG of the first k results in B, less the same in A, mean over queries with "
        "relevant items (Järvelin and Kekäläinen 2002). Above 0, B is better.",
        min=-1.0,
        max=1.0,
        direction="change",
        k=NEAR_NEIGHBORS,
        unit="nDCG",
        chance=_NO_CHANCE,
        has_chance=False,
        floor=_DIFFERENCE,
        page="retrieval_delta",
    ),
    Measure(
        name="recall_change",
        title="change of recall",
        definition="The share of each query’s relevant items among the first k results in B, less "
        "the same in A, mean over queries with relevant items.",
        min=-1.0,
        max=1.0,
        direction="change",
        k=NEAR_NEIGHBORS,
        unit="share of relevant items",
        chance=_NO_CHANCE,
        has_chance=False,
        floor=_DIFFERENCE,
        page="retrieval_delta",
    ),
    Measure(
        name="mrr_change",
        title="change of MRR",
        definition="One over the rank of the first relevant result among the first k in B, less "
        "the same in A, mean over queries with relevant items.",
        min=-1.0,
        max=1.0,
        direction="change",
        k=NEAR_NEIGHBORS,
        unit="reciprocal rank",
        chance=_NO_CHANCE,
        has_chance=False,
        floor=_DIFFERENCE,
        page="retrieval_delta",
    ),
    Measure(
        name="first_relevant_loss",
        title="first relevant answers lost",
        definition="The share of queries whose first relevant result in A is not among the first k "
        "in B, and no relevant one stands as high there.",
        min=0.0,
        max=1.0,
        direction="loss",
        k=NEAR_NEIGHBORS,
        unit="share of queries with relevant items",
        chance="Of a random order of the n items in B.",
        floor=_FLOOR,
        page="first_relevant_loss",
    ),
)
"""In the order they are shown."""
