"""Scores as they are kept: before it is known which noise they are read against."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from emblink.stats import Z95


@dataclass
class RawScores:
    """Scores of a pair by the name of their measure, in the order they are reported.

    Attributes
    ----------
    n : int
        Items they are taken over, where a score says nothing else.
    raw : mapping of name to keyword arguments of :func:`emblink.judge.score`
    errors : mapping of name to float
        Standard errors, where one is known.
    warnings : list of str
    """

    n: int
    raw: dict[str, dict[str, Any]] = field(default_factory=dict)
    errors: dict[str, float] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    def add(
        self,
        name: str,
        value: float,
        *,
        error: float | None = None,
        least: float = -math.inf,
        most: float = math.inf,
        **beside: Any,
    ) -> None:
        """Keep a score; with a finite ``error`` and no interval, one is made of it.

        Parameters
        ----------
        name : str
        value : float
        error : float, optional
            Its standard error.
        least, most : float
            What the measure can reach.
        **beside
            Further keyword arguments of :func:`emblink.judge.score`.
        """
        known = error is not None and math.isfinite(error)
        if known and error is not None and "interval" not in beside:
            ends = (value - Z95 * error, value + Z95 * error)
            beside["interval"] = [max(least, ends[0]), min(most, ends[1])]
        if known and error is not None:
            self.errors[name] = error
        self.raw[name] = {"value": value, "n": self.n, **beside}

    def only(self, names: Collection[str]) -> RawScores:
        """Return those scores that are asked for, with all warnings.

        Parameters
        ----------
        names : collection of str

        Returns
        -------
        RawScores
        """
        raw = {name: facts for name, facts in self.raw.items() if name in names}
        errors = {name: error for name, error in self.errors.items() if name in names}
        return RawScores(self.n, raw, errors, self.warnings)

    def __or__(self, other: RawScores) -> RawScores:
        """Join the scores of the same items; those of ``other`` come last."""
        return RawScores(
            self.n,
            self.raw | other.raw,
            self.errors | other.errors,
            [*self.warnings, *other.warnings],
        )
