"""Pictures that the user made, or makes with a function of a space and its neighbours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from emblink.bundle import Stage
from emblink.pipeline._checked import Draw
from emblink.pipeline._run import Run, graph_of
from emblink.projection import common_frame


def frame_given(
    run: Run,
    method: str,
    given: Mapping[str, ArrayLike] | Draw,
    *,
    joint: Stage,
) -> Stage:
    """Bring the user's pictures into the frame of the joint layout.

    Parameters
    ----------
    run : Run
    method : str
    given : mapping of space name to coordinates, or callable
    joint : Stage

    Returns
    -------
    Stage
        ``coords-I`` of the spaces that have one, by their place among all.
    """
    if callable(given):
        drawn = {}
        for done, name in enumerate(run.spaces):
            run.report_step(f"pictures {method}", done, len(run.spaces))
            space = run.space_set.spaces[name]
            drawn[name] = np.asarray(given(space, graph_of(run, name)), np.float64)
    else:
        drawn = {name: np.asarray(given[name], np.float64) for name in run.spaces if name in given}

    def compute() -> tuple[dict[str, Any], dict[str, object]]:
        framed = common_frame(
            [*drawn.values()],
            [run.space_set.rows[name] for name in drawn],
            onto=[joint.arrays[coords_name(run, name)] for name in drawn],
        )
        pairs = zip(drawn, framed, strict=True)
        return {coords_name(run, name): one for name, one in pairs}, {}

    return run.stage("picture", ([*drawn], *drawn.values(), joint.key), compute)


def coords_name(run: Run, name: str, *, again: bool = False) -> str:
    """Return the name of the array that holds a space's picture, or its second drawing."""
    return f"{'again' if again else 'coords'}-{[*run.space_set.spaces].index(name)}"
