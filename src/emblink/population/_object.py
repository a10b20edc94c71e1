"""The user's object."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from emblink.errors import InputError
from emblink.population._pair import Measured
from emblink.population._union import Population
from emblink.types import PopulationPair, PopulationsReport


@dataclass(frozen=True, eq=False, repr=False)
class Populations:
    """Two or more populations in one space, and how they differ.

    Attributes
    ----------
    pairs : list of PopulationPair
        Each population beside the one before, then each beside the first.
    """

    _report: PopulationsReport
    _populations: list[Population]
    _measured: list[Measured]
    _members: list[list[NDArray[np.int64]]]

    @property
    def parts(self) -> list[Population]:
        """The populations, in the order given."""
        return self._populations

    @property
    def measured(self) -> list[Measured]:
        """What was measured of each pair."""
        return self._measured

    @property
    def rows(self) -> list[list[NDArray[np.int64]]]:
        """Of each pair and group, its members as rows of the pair's union."""
        return self._members

    @property
    def pairs(self) -> list[PopulationPair]:
        """Each population beside the one before, then each beside the first."""
        return self._report["pairs"]

    @property
    def verdict(self) -> str:
        """Of the first pair: ``same_population``, ``drifted``, ``paired`` or ``gap``."""
        return self.pairs[0]["verdict"]

    def report(self) -> PopulationsReport:
        """Return all of it as plain data, ``emblink.populations/1``.

        Returns
        -------
        dict
        """
        return self._report

    def pair(self, a: str, b: str) -> PopulationPair:
        """Return one pair.

        Parameters
        ----------
        a, b : str

        Returns
        -------
        PopulationPair

        Raises
        ------
        InputError
            The two were not set side by side.
        """
        return self.pairs[self._at(a, b)]

    def members(self, group: int, a: str | None = None, b: str | None = None) -> dict[str, Any]:
        """Return the rows of a group, by population.

        Parameters
        ----------
        group : int
            Its place among the groups of the pair.
        a, b : str, optional
            The pair; the first without.

        Returns
        -------
        dict of name to array of int64
            Ascending rows as they were given.

        Raises
        ------
        InputError
            There is no such group, or the two were not set side by side.
        """
        at = 0 if a is None or b is None else self._at(a, b)
        found, there = self._measured[at], len(self._members[at])
        if not 0 <= group < there:
            names = " → ".join(found.names)
            raise InputError(f"{names} has no group {group}; it has {there}, counted from 0")
        rows = self._members[at][group]
        union = found.union
        return {
            name: np.sort(union.rows[rows[union.codes[rows] == side]])
            for side, name in enumerate(found.names)
        }

    def other_share(self, a: str | None = None, b: str | None = None) -> dict[str, Any]:
        """Return the share of the other side among each item's neighbours, and what one expects.

        Parameters
        ----------
        a, b : str, optional
            The pair; the first without.

        Returns
        -------
        dict of name to (array of shape (n_items,), float)
            In the order given; the expected share is that of one population.
        """
        at = 0 if a is None or b is None else self._at(a, b)
        found = self._measured[at]
        result = {}
        for side, name in enumerate(found.names):
            mine = np.flatnonzero(found.union.codes == side)
            shares = np.empty(len(mine), np.float32)
            shares[found.union.rows[mine]] = found.judged.other[mine]
            others = found.sizes[1 - side] / (len(found.side) - 1)
            result[name] = shares, others
        return result

    def _at(self, a: str, b: str) -> int:
        for at, one in enumerate(self.pairs):
            if (one["a"], one["b"]) == (a, b):
                return at
        there = ", ".join(f"{one['a']} → {one['b']}" for one in self.pairs)
        raise InputError(f"{a} → {b} is no pair of these populations; there are {there}")

    def __repr__(self) -> str:
        said = "; ".join(
            f"{one['a']} → {one['b']}: {one['verdict']}, {len(one['groups'])} groups"
            for one in self.pairs
        )
        return f"Populations({said})"
