"""What the manifest says of each space: the names of its columns, and facts."""

from __future__ import annotations

from emblink.bundle.schema import SpaceInfo
from emblink.pipeline._common import Labels
from emblink.pipeline._pictures import Drawn, describe
from emblink.pipeline._run import Run
from emblink.pipeline._summary import purity_field


def space_infos(run: Run, labels: Labels | None, *, pictures: Drawn) -> list[SpaceInfo]:
    """Describe each space for the manifest.

    Parameters
    ----------
    run : Run
    labels : Labels or None
    pictures : Drawn

    Returns
    -------
    list of SpaceInfo
    """
    described = describe(run, pictures)
    infos = []
    for name, stages in run.spaces.items():
        space = run.space_set.spaces[name]
        purity = [] if labels is None else [purity_field(run, name, labels=labels)]
        trust = [field for _, fields in described[name] for field in fields]
        infos.append(
            SpaceInfo(
                name=name,
                n_items=len(space.ids),
                n_dims=space.vectors.shape[1],
                metric=space.metric,
                source=space.source,
                matched_by=space.matched_by,
                over=stages.over,
                neighbors=f"{stages.over}/neighbors",
                distances=f"{stages.over}/distances",
                vectors=f"{stages.over}/vectors",
                cells=f"{stages.over}/cells",
                k=stages.graph.arrays["indices"].shape[1],
                recall=stages.graph.facts["recall"],
                projections=[info for info, _ in described[name]],
                fields=[*purity, *trust],
            )
        )
    return infos
