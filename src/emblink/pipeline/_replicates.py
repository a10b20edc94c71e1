"""Other runs of a pair's recipes, measured over the same items: what noise alone changes."""

from __future__ import annotations

from collections.abc import Mapping

from emblink.matched import Common, among
from emblink.measures import percent
from emblink.pipeline._common import common_items
from emblink.pipeline._measures import Measured, measure
from emblink.pipeline._run import Run, SpaceStages

MOST_MISSING = 0.1
"""Share of a pair's items that a replicate may lack before that is said."""


def is_yardstick(run: Run, pair: tuple[str, str]) -> bool:
    """Whether a pair is a space and its replicate, by which other pairs are judged."""
    a, b = pair
    known = run.space_set.replicates
    return b in known.get(a, ()) or a in known.get(b, ())


def measure_replicates(
    run: Run, spaces: Mapping[str, SpaceStages], pair: tuple[str, str], common: Common
) -> tuple[list[Measured], list[str]]:
    """Measure the spaces of a pair against their replicates, over the pair's items.

    Of a replicate pair itself these are the other replicates, when there are any.

    Parameters
    ----------
    run : Run
    spaces : mapping of name to SpaceStages
    pair : (str, str)
    common : Common

    Returns
    -------
    replicates : list of Measured
        Without those that share no more neighbours with their space than chance.
    warnings : list of str
        What is wrong with those left out, and with those that lack items.
    """
    found, warnings = [], []
    for name, other in _reruns(run, pair):
        shared = among(common_items(run.space_set, name, other), common.items)
        if shared is None:
            warnings.append(
                f"Replicate {other} has too few of these items and is not counted in the floor."
            )
            continue
        measured = measure(run, spaces, (name, other), shared)
        if measured.at_chance:
            warnings.append(
                f"Replicate {other} shares no more neighbours with {name} than chance, so it is "
                "not counted in the floor: check that its rows are the same items."
            )
            continue
        if measured.scores["neighborhood_overlap"]["value"] == 1.0:
            warnings.append(
                f"Replicate {other} has the very neighbours of {name}, as a copy would: it shows "
                "no noise, so that any change stands out of it."
            )
        missing = 1 - len(shared.items) / len(common.items)
        if missing > MOST_MISSING:
            warnings.append(
                f"Replicate {other} lacks {percent(missing)} of these items; of fewer items more "
                "neighbours stay, so the floor is a little too high."
            )
        found.append(measured)
    return found, warnings


def _reruns(run: Run, pair: tuple[str, str]) -> list[tuple[str, str]]:
    """Return the pairs of one recipe run twice that a pair is judged against."""
    known = run.space_set.replicates
    recipes = [
        name for name in run.space_set.spaces if name in known and {*pair} & {name, *known[name]}
    ]
    reruns = [(name, other) for name in recipes for other in known[name]]
    return [one for one in reruns if {*one} != {*pair}] or reruns
