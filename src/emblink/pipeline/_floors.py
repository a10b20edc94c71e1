"""What noise alone leaves of each score: between replicates, or else of rounding to 8 bits."""

from __future__ import annotations

from collections.abc import Sequence

from emblink.matched import (
    QUERIES,
    Floors,
    Rounded,
    depths_of,
    rounded,
    rounding_floors,
    run_floors,
)
from emblink.pipeline._beside import beside
from emblink.pipeline._held import side_of
from emblink.pipeline._measures import Measured
from emblink.pipeline._run import Run
from emblink.table import NEAR_NEIGHBORS, WIDE_NEIGHBORS
from emblink.types import AnyArray, IntArray


def pair_floors(
    run: Run,
    measured: Measured,
    *,
    replicates: Sequence[Measured],
) -> tuple[Floors, list[str]]:
    """Return the noise floor of each score of a pair, over its common items.

    Parameters
    ----------
    run : Run
    measured : Measured
        Of the pair.
    replicates : sequence of Measured
        Spaces of the pair against their replicates. Without any, the floors are numerical.

    Returns
    -------
    floors : mapping of name to NoiseFloor
    warnings : list of str
        Why there are none.
    """
    if replicates:
        return run_floors([(one.pair[0], one.scores) for one in replicates]), []
    sides = zip(measured.pair, (measured.common.rows_a, measured.common.rows_b), strict=True)
    found = beside(run, lambda led, side: (side[0], _rounding(led, *side)), [*sides])
    return rounding_floors(found)


def _rounding(run: Run, name: str, rows: IntArray) -> Rounded:
    """Keep what rounding to int8 leaves, asked of sampled items among all of some rows."""

    def round_and_find() -> tuple[dict[str, AnyArray], dict[str, object]]:
        side = side_of(run, name, rows=rows)
        found = rounded(
            side,
            rows=side.asked,
            depths=depths_of(side.graph),
            seed=run.seed,
            progress=run.progress(f"numerical floor of {name}"),
        )
        return {**found.columns}, {"similarity": {**found.similarity}, "n": found.n}

    key = run.spaces[name].exact_key
    inputs = (key, rows, QUERIES, run.seed, NEAR_NEIGHBORS, WIDE_NEIGHBORS)
    stage = run.stage("floor", inputs, round_and_find)
    return Rounded(stage.arrays, stage.facts["similarity"], stage.facts["n"])
