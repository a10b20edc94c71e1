"""The figures that stand in a report, and the one that stands for a whole comparison."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import Any

from emblink.bundle import Bundle
from emblink.bundle.schema import Manifest
from emblink.errors import EmblinkError
from emblink.plot._figure import Figure
from emblink.plot._plots import Plots

PAIRS = 6
"""Pairs that have figures of their own in a report: of more, the first."""
_POINTS = 2_000
_STILL_POINTS = 250


def report_figures(bundle: Bundle) -> dict[str, list[Figure]]:
    """Return what can be drawn of a bundle, by the pair that it is of.

    Parameters
    ----------
    bundle : Bundle

    Returns
    -------
    dict of str to list of Figure
        ``""`` for those of all spaces, ``"a → b"`` for those of a pair.
    """
    plots = Plots(bundle)
    manifest = bundle.manifest
    overall = [plots.map, plots.matrix] if len(manifest.spaces) > 2 else []
    overall += [plots.steps] if _in_a_row(manifest) else []
    overall += [plots.budget] if "budget" in manifest.report else []
    found = {"": _drawn(*overall)}
    for pair in manifest.pairs[:PAIRS]:
        of: dict[str, Any] = {"a": pair.a, "b": pair.b}
        each = partial(plots.pair, most=_POINTS, **of), partial(plots.trails, **of)
        found[f"{pair.a} → {pair.b}"] = _drawn(*each, partial(plots.labels, **of))
    return found


def _in_a_row(manifest: Manifest) -> bool:
    """Whether each space was compared with the next alone, as those of a sequence are."""
    replicates = {one["name"] for one in manifest.report["spaces"] if "replicate_of" in one}
    names = [info.name for info in manifest.spaces if info.name not in replicates]
    pairs = {(pair.a, pair.b) for pair in manifest.pairs if not replicates & {pair.a, pair.b}}
    return len(names) > 2 and pairs == {*pairwise(names)}


def still(bundle: Bundle) -> Figure | None:
    """Return a small figure of the first pair; None where there is nothing to draw.

    Parameters
    ----------
    bundle : Bundle

    Returns
    -------
    Figure or None
    """
    return next(iter(_drawn(partial(Plots(bundle).pair, most=_STILL_POINTS))), None)


def _drawn(*each: Callable[[], Figure]) -> list[Figure]:
    found = []
    for draw in each:
        try:
            found.append(draw())
        except EmblinkError:  # no labels, no map, no sequence, no items in common
            continue
    return found
