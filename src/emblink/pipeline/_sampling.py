"""Of how many items numbers are measured: of all of few, of a random sample of many."""

from __future__ import annotations

from dataclasses import dataclass
from operator import index
from typing import SupportsIndex

from emblink.errors import InputError

SAMPLED_ABOVE = 50_000
"""Of more items, the first are asked: neighbours of all would take longer than all else."""
QUERIES_SAMPLED = 20_000
FEWEST_QUERIES = 100


@dataclass(frozen=True)
class Sampling:
    """Which items are asked for their neighbours among all.

    Rows are in an order drawn at random, so that the first of them are a random sample. Whoever is
    asked is asked exactly; candidates are never left out.

    Attributes
    ----------
    above : int
        Of so many items all are asked.
    queries : int
        Items asked of more.
    """

    above: int = SAMPLED_ABOVE
    queries: int = QUERIES_SAMPLED

    @classmethod
    def of(cls, queries_sampled: object) -> Sampling:
        """Read what the user asked for.

        Parameters
        ----------
        queries_sampled : int or None
            So many of any larger number of items; None: 20,000 of more than 50,000.

        Returns
        -------
        Sampling

        Raises
        ------
        InputError
            It is no integer from 100.
        """
        if queries_sampled is None:
            return cls()
        asked = index(queries_sampled) if isinstance(queries_sampled, SupportsIndex) else 0
        if asked < FEWEST_QUERIES:
            raise InputError(
                f"queries_sampled is {queries_sampled!r}; expected an integer from "
                f"{FEWEST_QUERIES}: the items that are asked for their neighbours (--queries-"
                "sampled)"
            )
        return cls(asked, asked)

    def first(self, n_items: int) -> int | None:
        """Return how many of the items are asked; None: all of them.

        Parameters
        ----------
        n_items : int

        Returns
        -------
        int or None
        """
        return self.queries if n_items > self.above else None
