"""Two spaces on the items they have in common, and the part of these that is asked about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from emblink.matched import Common, LinkedSide, Side
from emblink.types import IntArray


class Spaces(Protocol):
    """Whole spaces of which some items are taken."""

    def side(self, name: str, rows: IntArray) -> Side:
        """Return some items of a space, in the order of ``rows``."""

    def linked(self, name: str, rows: IntArray, *, k: int = 0) -> LinkedSide:
        """Return the same with 50 or ``k`` neighbours of each among these items."""


@dataclass(frozen=True, eq=False)
class ReplicatePair:
    """A recipe run twice.

    Attributes
    ----------
    names : (str, str)
        A space and its replicate.
    common : Common
        All items that both hold, whichever are asked about.
    """

    names: tuple[str, str]
    common: Common


@dataclass(frozen=True, eq=False)
class Pair:
    """Two spaces over the same common items in the same order.

    Attributes
    ----------
    names : (str, str)
    common : Common
    spaces : Spaces
    codes : array of shape (n_common,), or None
        The label of each common item as a number from 0, -1 where it has none.
    other_runs : tuple of ReplicatePair
        By which the pair is judged.
    replicates : mapping of space name to sequence of space names
    """

    names: tuple[str, str]
    common: Common
    spaces: Spaces
    codes: IntArray | None = None
    other_runs: tuple[ReplicatePair, ...] = ()
    replicates: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Question:
    """What is asked of a pair.

    Attributes
    ----------
    pair : Pair
    selected : array of shape (n_selected,)
        The selected items as rows of the pair's common items, ascending, each once.
    names : frozenset of str
        The measures asked for.
    k : int
        Neighbours compared at most.
    seed : int
    """

    pair: Pair
    selected: IntArray
    names: frozenset[str]
    k: int
    seed: int

    def linked(self, name: str, rows: IntArray) -> LinkedSide:
        """Return some items of a space with all that the question needs of them."""
        return self.pair.spaces.linked(name, rows, k=self.k)
