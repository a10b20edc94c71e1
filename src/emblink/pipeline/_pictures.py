"""The 2-D pictures of all spaces, in one frame, and how far each can be trusted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from emblink.bundle import Stage, part
from emblink.bundle.schema import NumberField, ProjectionInfo
from emblink.pipeline._beside import beside
from emblink.pipeline._checked import Pictures
from emblink.pipeline._given import coords_name, frame_given
from emblink.pipeline._joint import LAYOUT_NEIGHBORS, as_arrays, joint_stage
from emblink.pipeline._run import Run
from emblink.pipeline._trust import trust, trust_fields, trust_means
from emblink.projection import pca_projections
from emblink.types import AnyArray

TITLES = {"joint": "Aligned layout", "pca": "PCA"}

Drawn: TypeAlias = Mapping[str, Stage]
"""By method, the joint layout first.

The arrays of a stage are ``coords-i``, the picture of the ``i``-th space, and, where a method has
random draws, ``again-i``: the same space drawn with others.
"""


def draw(run: Run, given: Pictures, *, twice: bool) -> Drawn:
    """Project every space by the joint layout and by PCA, and take in the user's pictures.

    Parameters
    ----------
    run : Run
    given : Pictures
    twice : bool
        Whether to draw again what has random draws.

    Returns
    -------
    mapping of method to Stage
    """
    pca = _pca(run)
    joint = joint_stage(run, pca, twice=twice, title=TITLES["joint"])
    pictures = {"joint": joint, "pca": pca}
    for method, one in given.items():
        pictures[method] = frame_given(run, method, one, joint=joint)
    return pictures


def describe(
    run: Run, pictures: Drawn
) -> dict[str, list[tuple[ProjectionInfo, list[NumberField]]]]:
    """Put the pictures and their trust into the catalog.

    Parameters
    ----------
    run : Run
    pictures : mapping of method to Stage

    Returns
    -------
    mapping of name to list of (ProjectionInfo, list of NumberField)
        In the order of the methods.
    """
    trusted = beside(run, lambda led, name: _trust(led, name, pictures), [*run.spaces])
    return {
        name: _describe(run, name, pictures, measured)
        for name, measured in zip(run.spaces, trusted, strict=True)
    }


def _pca(run: Run) -> Stage:
    def compute() -> tuple[dict[str, AnyArray], dict[str, object]]:
        if run.sketch is not None:
            return as_arrays(run.sketch.pca), {}
        pictures = pca_projections(
            [stages.vectors.arrays["vectors"] for stages in run.spaces.values()],
            [run.space_set.rows[name] for name in run.spaces],
            metrics=[run.space_set.spaces[name].metric for name in run.spaces],
            seed=run.seed,
        )
        return as_arrays(pictures), {}

    spaces = run.space_set.spaces
    keys = [[one.vectors.key, spaces[name].metric] for name, one in run.spaces.items()]
    items = [run.space_set.rows[name] for name in run.spaces]
    return run.stage("pca", (keys, run.seed, *items), compute)


def _drawn(run: Run, name: str, pictures: Drawn) -> tuple[str, Drawn]:
    """Return the array of a space, and the pictures that have it."""
    array = coords_name(run, name)
    return array, {method: one for method, one in pictures.items() if array in one.arrays}


def _trust(run: Run, name: str, pictures: Drawn) -> Stage:
    array, drawn = _drawn(run, name, pictures)
    return trust(run, name, run.spaces[name], [(stage, array) for stage in drawn.values()])


def _describe(
    run: Run, name: str, pictures: Drawn, measured: Stage
) -> list[tuple[ProjectionInfo, list[NumberField]]]:
    over = run.spaces[name].over
    array, drawn = _drawn(run, name, pictures)
    found = []
    for at, (method, stage) in enumerate(drawn.items()):
        title = TITLES.get(method, method)
        info = ProjectionInfo(
            method=method,
            title=title,
            coords=run.catalog.add(
                f"{over}/{part(method)}", stage, array, kind="coords", over=over
            ),
            params=({"n_neighbors": LAYOUT_NEIGHBORS, **stage.facts} if method == "joint" else {}),
            **trust_means(measured, at),
        )
        fields = trust_fields(run, name, measured, at=at, method=method, title=title)
        found.append((info, fields))
    return found
