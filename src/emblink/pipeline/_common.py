"""Which items, and which labels, a pair of spaces is compared on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from emblink.bundle import part
from emblink.errors import MatchError
from emblink.matched import FEWEST_COMMON, Common, in_both
from emblink.types import ComparedBy, IntArray, SpaceSet
from emblink.words import as_words, categories

REPORT_SCHEMA = "emblink.report/2"


@dataclass(frozen=True, eq=False)
class Labels:
    """The label of every item of the union, -1 where it has none."""

    codes: IntArray
    names: list[str]


def space_domain(name: str) -> str:
    """Return the name of the domain of a space's items."""
    return f"space/{part(name)}"


def label_codes(space_set: SpaceSet) -> Labels | None:
    """Return the items' labels as codes, or None when no column has that role.

    Parameters
    ----------
    space_set : SpaceSet

    Returns
    -------
    Labels or None
    """
    column = space_set.roles.get("label")
    if column is None:
        return None
    codes, names = categories(as_words(space_set.items[column]))
    return Labels(codes, names)


def common_items(space_set: SpaceSet, a: str, b: str) -> Common:
    """Match two spaces through the union index.

    Parameters
    ----------
    space_set : SpaceSet
    a, b : str

    Returns
    -------
    Common
        Possibly of no items.
    """
    rows_a, rows_b = space_set.rows[a], space_set.rows[b]
    return in_both(rows_a, rows_b, n_items=len(space_set.ids))


FEWEST_GONE = 5
"""Items of a label that must be missing in a space for the label to be told as gone."""


def labels_gone(space_set: SpaceSet, pair: tuple[str, str], labels: Labels) -> list[str]:
    """Return the labels that the first space of a pair holds, and the second does not.

    Parameters
    ----------
    space_set : SpaceSet
    pair : (str, str)
    labels : Labels

    Returns
    -------
    list of str
        Those with five items or more, the most frequent first.
    """
    n = len(labels.names)
    held_a, held_b = (
        np.bincount(codes[codes >= 0], minlength=n)
        for codes in (labels.codes[space_set.rows[name]] for name in pair)
    )
    gone = np.flatnonzero((held_a >= FEWEST_GONE) & (held_b == 0))
    return [labels.names[int(code)] for code in gone[np.argsort(-held_a[gone], kind="stable")]]


def compared_by(space_set: SpaceSet, pair: tuple[str, str], labels: Labels | None) -> ComparedBy:
    """Return what two spaces can be compared by.

    Parameters
    ----------
    space_set : SpaceSet
    pair : (str, str)
    labels : Labels or None

    Returns
    -------
    {"items", "labels"}

    Raises
    ------
    MatchError
        The spaces have fewer than four items in common, and no labels either.
    """
    a, b = pair
    n_common = len(common_items(space_set, a, b).items)
    if n_common >= FEWEST_COMMON:
        return "items"
    if labels is not None:
        held_a, held_b = ({*labels.codes[space_set.rows[name]].tolist()} - {-1} for name in pair)
        if n_common == 0 and held_a & held_b:
            return "labels"
    raise MatchError(
        f"spaces {a!r} and {b!r} have {n_common} items in common; expected at least "
        f"{FEWEST_COMMON}: check that their ids mean the same, choose the pairs "
        "(--reference, --pairs consecutive), or give labels that both have"
    )
