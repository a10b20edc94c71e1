"""The scores of a pair."""

from __future__ import annotations

import math
from typing import Literal

import msgspec

from emblink.table._neighbors import NEAR_NEIGHBORS, VOTERS, WIDE_NEIGHBORS

HEADLINE = "neighborhood_overlap"
"""The score by which a pair is judged first."""
AROUND = "neighborhood_overlap_50"
"""The same of more neighbours, to which clusters that moved as a whole show."""

Direction = Literal["agreement", "distance", "change", "loss"]


class Measure(msgspec.Struct, frozen=True, kw_only=True):
    """One score of a pair.

    ``agreement`` is larger the more two spaces agree, ``distance`` the less; ``change`` has a sign,
    which turns with the pair; ``loss`` counts what got worse from A to B, and is not known from the
    other side.
    """

    name: str
    title: str
    """As within a sentence."""
    definition: str
    min: float
    max: float
    direction: Direction = "agreement"
    k: int | None = None
    """Neighbours it looks at by default, where it looks at some."""
    unit: str
    chance: str
    """How what unrelated spaces reach is found, or why there is no such thing."""
    floor: str
    """How what noise alone leaves is found, or why it is not."""
    has_chance: bool = True
    has_floor: bool = True
    page: str
    """Of ``docs/measures``, without its ending."""


_SHARED_FLOOR = "Of replicates where there are some, else of the space rounded to 8 bits."
_REPLICATES_ONLY = "Of replicates alone: rounding to 8 bits is not asked, for it takes too long."
_PERMUTED = "0, for it is debiased; held against permuted items besides."
_NO_CHANCE_OF_CHANGE = "Says what changed: unrelated spaces have no agreement to fall from."

MEASURES: tuple[Measure, ...] = (
    Measure(
        name=HEADLINE,
        title="neighbourhood overlap",
        definition="Mean share of each item’s k nearest neighbours that both spaces have in "
        "common, from the full vectors. Chance is what unrelated spaces would share; the hub-aware "
        "chance also counts items that are everyone’s neighbour. Kappa is the part above chance: 0 "
        "is chance, 1 is the same.",
        min=0.0,
        max=1.0,
        k=NEAR_NEIGHBORS,
        unit="share of neighbours",
        chance="k / (n − 1), and the same for spaces with these hubs.",
        floor=_SHARED_FLOOR,
        page="neighborhood_overlap",
    ),
    Measure(
        name="inner_overlap",
        title="overlap among themselves",
        definition="The neighbourhood overlap when only the selected items are there: neighbours "
        "are searched for among them alone, in each space. Chance is higher, for there are fewer "
        "to choose from.",
        min=0.0,
        max=1.0,
        k=NEAR_NEIGHBORS,
        unit="share of neighbours",
        chance="k / (n − 1) of the n selected items, and the same for spaces with these hubs.",
        floor="Not measured: it is asked of a selection only.",
        has_floor=False,
        page="neighborhood_overlap",
    ),
    Measure(
        name=AROUND,
        title="wide neighbourhood overlap",
        definition="The neighbourhood overlap of wider neighbourhoods: 50 neighbours instead of "
        "10. Far above the overlap of 10, it means that items keep their region and change places "
        "within it.",
        min=0.0,
        max=1.0,
        k=WIDE_NEIGHBORS,
        unit="share of neighbours",
        chance="k / (n − 1), and the same for spaces with these hubs.",
        floor=_SHARED_FLOOR,
        page="neighborhood_overlap",
    ),
    Measure(
        name="rank_biased_overlap",
        title="rank-biased overlap",
        definition="Agreement of the ordered neighbour lists, nearest first counting most (Webber, "
        "Moffat and Zobel 2010). 1 is the same order.",
        min=0.0,
        max=1.0,
        k=WIDE_NEIGHBORS,
        unit="weighted share of neighbours",
        chance="Of two random orders of the n − 1 other items.",
        floor=_SHARED_FLOOR,
        page="rank_biased_overlap",
    ),
    Measure(
        name="jaccard_similarity",
        title="Jaccard similarity",
        definition="Neighbours that both spaces list, over all that either lists; mean over items. "
        "It counts the same neighbours as the overlap and falls faster.",
        min=0.0,
        max=1.0,
        k=NEAR_NEIGHBORS,
        unit="share of neighbours",
        chance="Of two random lists of k of the n − 1 other items.",
        floor=_SHARED_FLOOR,
        page="jaccard_similarity",
    ),
    Measure(
        name="second_order_similarity",
        title="second-order similarity",
        definition="How alike an item’s similarities to its neighbours in either space are in "
        "both: the cosine of the two lists of cosines, mean over items (Hamilton, Leskovec and "
        "Jurafsky 2016). 1 is the same but for a factor.",
        min=-1.0,
        max=1.0,
        k=NEAR_NEIGHBORS,
        unit="cosine of two lists of similarities",
        chance="Of the same spaces with their items paired at random.",
        floor=_SHARED_FLOOR,
        page="second_order_similarity",
    ),
    Measure(
        name="linear_cka",
        title="linear CKA",
        definition="Debiased linear centred kernel alignment: how alike the two sets of all "
        "pairwise similarities are, whatever the rotation and scale. Large distances dominate it, "
        "and one outlying item can lower it while neighbourhoods stay.",
        min=-1.0,
        max=1.0,
        unit="cosine of two kernels",
        chance=_PERMUTED,
        floor=_SHARED_FLOOR,
        page="linear_cka",
    ),
    Measure(
        name="procrustes_similarity",
        title="Procrustes similarity",
        definition="How well one space fits on the other after the best shift, scale and rotation. "
        "1 is a perfect fit.",
        min=0.0,
        max=1.0,
        unit="cosine of two shapes",
        chance="Of permuted items; falls as 1 / √n.",
        floor=_SHARED_FLOOR,
        page="procrustes_similarity",
    ),
    Measure(
        name="angular_shape_distance",
        title="angular shape distance",
        definition="The angle whose cosine is the Procrustes similarity, in radians: 0 is the same "
        "shape, and it obeys the triangle inequality (Williams et al. 2021).",
        min=0.0,
        max=math.pi / 2,
        direction="distance",
        unit="radians",
        chance="The angle of permuted items.",
        floor="The angle of the floor of the Procrustes similarity.",
        page="angular_shape_distance",
    ),
    Measure(
        name="rbf_cka",
        title="RBF CKA",
        definition="Centred kernel alignment of Gaussian kernels, whose width follows the median "
        "distance: near pairs count more than in linear CKA. Debiased.",
        min=-1.0,
        max=1.0,
        unit="cosine of two kernels",
        chance="0, for it is debiased.",
        floor=_REPLICATES_ONLY,
        page="rbf_cka",
    ),
    Measure(
        name="rsa",
        title="representational similarity (RSA)",
        definition="The rank correlation of the distances between the same pairs of items in each "
        "space, of at most n items. Its p permutes the items of one space (Mantel).",
        min=-1.0,
        max=1.0,
        unit="rank correlation",
        chance="0; held against permuted items besides.",
        floor=_REPLICATES_ONLY,
        page="rsa",
    ),
    Measure(
        name="negative_flip_rate",
        title="negative flips",
        definition="The share of items whose label the neighbours’ vote names right in A and wrong "
        "in B (Yan et al. 2021). Two models of one accuracy can still differ here.",
        min=0.0,
        max=1.0,
        direction="loss",
        k=VOTERS,
        unit="share of labelled items",
        chance="p (1 − q): votes that are right as often in A (p) and B (q), but unrelated.",
        floor="Of replicates alone: the same between runs of one recipe, in both directions.",
        page="negative_flip_rate",
    ),
    Measure(
        name="knn_accuracy_change",
        title="change of k-NN accuracy",
        definition="How often the neighbours’ vote names an item’s own label in B, less the same "
        "in A. Above 0, B is better.",
        min=-1.0,
        max=1.0,
        direction="change",
        k=VOTERS,
        unit="share of labelled items",
        chance=_NO_CHANCE_OF_CHANGE,
        has_chance=False,
        floor="0 but for its interval: runs of one recipe differ in either direction.",
        has_floor=False,
        page="negative_flip_rate",
    ),
)
"""In the order they are shown."""

_BY_NAME = {one.name: one for one in MEASURES}


def measure_named(name: str) -> Measure:
    """Return the entry of a score.

    Parameters
    ----------
    name : str

    Returns
    -------
    Measure

    Raises
    ------
    KeyError
        The table has no such score: one that is computed must be entered.
    """
    return _BY_NAME[name]


def title_of(name: str) -> str:
    """Return what a score is called within a sentence; its name where the table lacks it.

    Parameters
    ----------
    name : str

    Returns
    -------
    str
    """
    return _BY_NAME[name].title if name in _BY_NAME else name.replace("_", " ")
