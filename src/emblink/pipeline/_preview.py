"""What can be shown of a comparison before it is finished: pictures, and the items in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import msgspec
import numpy as np
from numpy.typing import NDArray

from emblink._version import VERSION
from emblink.bundle import Catalog, Memory, part
from emblink.bundle.schema import SCHEMA, ColumnKind, Manifest, ProjectionInfo, SpaceInfo
from emblink.pipeline._common import REPORT_SCHEMA, space_domain
from emblink.pipeline._stored import Stored
from emblink.projection import pca_projections
from emblink.types import AnyArray, Report, Space, SpaceSet

MOST_THUMBNAILS = 24 << 20
"""Bytes of the items' own pictures that the page draws on the map; more it reads one by one."""


@dataclass(frozen=True, eq=False)
class Preview:
    """The pictures of a comparison under way, in memory.

    Attributes
    ----------
    manifest : Manifest
        One picture per space, no pairs, no neighbours and no large thumbnails; items are in the
        order that they have in the finished bundle.
    files : mapping of path to array
        Each column's values by its path in the manifest: plain bytes, without a header.
    """

    manifest: Manifest
    files: Mapping[str, AnyArray]


@dataclass(frozen=True, eq=False)
class Sketch:
    """Shows the spaces of a comparison while it is under way.

    Attributes
    ----------
    pca : list of arrays of shape (n_space_items, 2), float32
        The first pictures.
    """

    pca: list[NDArray[np.float32]]
    _spaces: Mapping[str, Space]
    _memory: Memory
    _catalog: Catalog
    _about: Manifest
    _show: Callable[[Preview], None]

    def show(self, pictures: Sequence[NDArray[np.float32]], *, method: str, title: str) -> None:
        """Show a picture of each space.

        Parameters
        ----------
        pictures : sequence of arrays of shape (n_space_items, 2), float32
        method, title : str
            How they were made, for the page and for people.
        """
        spaces = [
            self._info(space, picture, method=method, title=title)
            for space, picture in zip(self._spaces.values(), pictures, strict=True)
        ]
        # Copies: these are read by another thread while the next picture is made.
        columns, files = {**self._catalog.columns}, {**self._memory.files}
        self._show(
            Preview(msgspec.structs.replace(self._about, columns=columns, spaces=spaces), files)
        )

    def _info(
        self, space: Space, picture: NDArray[np.float32], *, method: str, title: str
    ) -> SpaceInfo:
        over, n = space_domain(space.name), len(space.ids)
        columns: dict[ColumnKind, AnyArray] = {
            "coords": picture,
            "neighbors": np.empty((n, 0), np.int32),
            "distances": np.empty((n, 0), np.float32),
            "vectors": np.empty((n, 0), np.float32),
            "codes": np.full(n, -1, np.int32),
        }
        arrays = {str(kind): values for kind, values in columns.items()}
        stage = self._memory.stage(f"{part(space.name)}-{method}", "latest", lambda: (arrays, {}))
        named = {
            kind: self._catalog.add(f"{over}/{method}/{kind}", stage, kind, kind=kind, over=over)
            for kind in columns
        }
        return SpaceInfo(
            name=space.name,
            n_items=n,
            n_dims=space.vectors.shape[1],
            metric=space.metric,
            source=space.source,
            matched_by=space.matched_by,
            over=over,
            neighbors=named["neighbors"],
            distances=named["distances"],
            vectors=named["vectors"],
            cells=named["codes"],
            k=0,
            recall=1.0,
            projections=[
                ProjectionInfo(method=method, title=title, coords=named["coords"], params={})
            ],
            fields=[],
        )


def first_pictures(
    held: Stored, *, seed: int, title: str, show: Callable[[Preview], None]
) -> Sketch:
    """Draw every space by PCA, and show that.

    Parameters
    ----------
    held : Stored
    seed : int
    title : str
        Of the comparison.
    show : callable
        Called with this Preview, and with those that the Sketch is told to show later.

    Returns
    -------
    Sketch
    """
    space_set = _without_large_thumbnails(held.space_set)
    n_items, memory = len(space_set.ids), Memory()
    catalog = held.catalog(memory)
    fields, roles = catalog.add_fields(space_set)
    report = Report(
        schema=REPORT_SCHEMA,
        version=VERSION,
        seed=seed,
        n_items=n_items,
        spaces=[],
        pairs=[],
        timelines=[],
        notes=[*space_set.notes],
    )
    about = Manifest(
        schema=SCHEMA,
        title=title,
        seed=seed,
        n_items=n_items,
        domains=catalog.domains,
        columns={},
        fields=fields,
        roles=roles,
        spaces=[],
        pairs=[],
        report=report,
    )
    pca = pca_projections(
        [space.vectors for space in space_set.spaces.values()],
        [*space_set.rows.values()],
        metrics=[space.metric for space in space_set.spaces.values()],
        seed=seed,
    )
    sketch = Sketch(pca, space_set.spaces, memory, catalog, about, show)
    sketch.show(pca, method="pca", title="PCA preview")
    return sketch


def _without_large_thumbnails(space_set: SpaceSet) -> SpaceSet:
    """Leave out pictures of items that may be larger than all else together."""
    items = {
        name: values
        for name, values in space_set.items.items()
        if values.ndim < 4 or values.nbytes <= MOST_THUMBNAILS
    }
    roles = {role: name for role, name in space_set.roles.items() if name in items}
    return replace(space_set, items=items, roles=roles)
