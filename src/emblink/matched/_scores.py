"""Scores as they are kept: before it is known which noise they are read against."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import msgspec

from emblink.judge import NoiseFloor, excess, score
from emblink.stats import Z95
from emblink.table import measure_named
from emblink.types import Score


class RawScore(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One score of a pair, beside all that does not depend on noise: see :class:`Score`."""

    value: float
    n: int
    k: int | None = None
    chance: float | None = None
    hub_chance: float | None = None
    interval: list[float] | None = None
    p_chance: float | None = None
    n_chance: int | None = None
    error: float | None = None
    """Its standard error, where that is known."""

    @property
    def k_and_chance(self) -> tuple[int, float]:
        """Of an overlap: the neighbours looked at, and what spaces with these hubs reach.

        Raises
        ------
        TypeError
            The score is no overlap.
        """
        if self.k is None or self.hub_chance is None:
            raise TypeError(f"{self} is no overlap")
        return self.k, self.hub_chance


@dataclass
class RawScores:
    """Scores of a pair by the name of their measure, in the order they are reported.

    Attributes
    ----------
    n : int
        Items they are taken over, where a score says nothing else.
    raw : mapping of name to RawScore
    warnings : list of str
    """

    n: int
    raw: dict[str, RawScore] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    def add(
        self,
        name: str,
        value: float,
        *,
        error: float | None = None,
        interval: Sequence[float] | None = None,
        n: int | None = None,
        k: int | None = None,
        chance: float | None = None,
        hub_chance: float | None = None,
        p_chance: float | None = None,
        n_chance: int | None = None,
    ) -> None:
        """Keep a score; with a finite ``error`` and no interval, one is made of it.

        Parameters
        ----------
        name : str
            Of the table of measures, whose range the interval is cut to.
        value : float
        error : float, optional
            Its standard error.
        interval : sequence of two floats, optional
        n : int, optional
            Items it was measured on, where not on all.
        k, chance, hub_chance, p_chance, n_chance : optional
            As in :class:`RawScore`.
        """
        known = error if error is not None and math.isfinite(error) else None
        if interval is None and known is not None:
            interval = (value - Z95 * known, value + Z95 * known)
        measure = measure_named(name)
        self.raw[name] = RawScore(
            value=value,
            n=self.n if n is None else n,
            k=k,
            chance=chance,
            hub_chance=hub_chance,
            interval=None
            if interval is None
            else [max(measure.min, float(interval[0])), min(measure.max, float(interval[1]))],
            p_chance=p_chance,
            n_chance=n_chance,
            error=known,
        )

    def only(self, names: Collection[str]) -> RawScores:
        """Return those scores that are asked for, with all warnings.

        Parameters
        ----------
        names : collection of str

        Returns
        -------
        RawScores
        """
        raw = {name: one for name, one in self.raw.items() if name in names}
        return RawScores(self.n, raw, self.warnings)

    def __or__(self, other: RawScores) -> RawScores:
        """Join the scores of the same items; those of ``other`` come last."""
        return RawScores(self.n, self.raw | other.raw, [*self.warnings, *other.warnings])


def beside_floor(name: str, raw: RawScore, floor: NoiseFloor | None) -> Score:
    """Set a score beside its noise floor.

    Parameters
    ----------
    name : str
        Of the table of measures: a score that is no agreement has no kappa, and a distance or loss
        lies between a lower floor and a higher chance. A loss has its excess over the floor.
    raw : RawScore
    floor : NoiseFloor or None

    Returns
    -------
    Score
    """
    direction = measure_named(name).direction
    if direction == "agreement":
        return score(
            raw.value,
            n=raw.n,
            k=raw.k,
            chance=raw.chance,
            hub_chance=raw.hub_chance,
            interval=raw.interval,
            floor=floor,
            p_chance=raw.p_chance,
            n_chance=raw.n_chance,
        )
    found = Score(value=raw.value, n=raw.n)
    if raw.chance is not None:
        found["chance"] = raw.chance
    if raw.interval is not None:
        found["interval"] = raw.interval
    if floor is None or raw.chance is None:
        return found
    if floor.value < raw.chance or direction == "loss":
        found["noise_floor"], found["floor_kind"] = floor.value, floor.kind
    if floor.value < raw.chance:
        found["change_index"] = (raw.value - floor.value) / (raw.chance - floor.value)
    if direction == "loss":
        above, ends = excess(raw.value, floor)
        found["floor_spread"], found["floor_runs"] = floor.error, floor.n_runs
        found["excess"], found["excess_interval"] = above, [*ends]
    return found
