"""Other runs of a pair's recipes, measured over the same items: what noise alone changes."""

from __future__ import annotations

from emblink.matched import Common, among, replicate_counts, replicate_pairs_of
from emblink.pipeline._common import common_items
from emblink.pipeline._measures import Measured, measure
from emblink.pipeline._run import Run
from emblink.table import HEADLINE
from emblink.wording import replicate_too_small


def is_replicate_pair(run: Run, pair: tuple[str, str]) -> bool:
    """Whether a pair is a space and its replicate, by which other pairs are judged."""
    a, b = pair
    known = run.space_set.replicates
    return b in known.get(a, ()) or a in known.get(b, ())


def measure_replicates(
    run: Run, pair: tuple[str, str], common: Common
) -> tuple[list[Measured], list[str]]:
    """Measure the spaces of a pair against their replicates, over the pair's items.

    Of a replicate pair itself these are the other replicates, when there are any.

    Parameters
    ----------
    run : Run
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
    for name, other in replicate_pairs_of(run.space_set.replicates, [*run.space_set.spaces], pair):
        shared = among(common_items(run.space_set, name, other), common.items)
        if shared is None:
            warnings.append(replicate_too_small(other))
            continue
        measured = measure(run, (name, other), shared)
        counts, wrong = replicate_counts(
            (name, other),
            at_chance=measured.at_chance,
            overlap=measured.scores[HEADLINE].value,
            missing=1 - len(shared.items) / len(common.items),
        )
        warnings += wrong
        if counts:
            found.append(measured)
    return found, warnings
