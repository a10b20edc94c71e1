"""Pictures drawn anew for a question: turned onto a selection, or with new items in them."""

from __future__ import annotations

from dataclasses import replace

from emblink.bundle import Bundle
from emblink.errors import InputError
from emblink.matched import row_of_item
from emblink.neighbors import neighbors_of
from emblink.projection import Placement, place_items, realigned
from emblink.types import FloatArray, IntArray, Projection


def realigned_pictures(
    bundle: Bundle, rows: IntArray, *, onto: str, method: str = "joint"
) -> dict[str, Projection]:
    """Turn every picture of a method so that a selection holds still.

    Parameters
    ----------
    bundle : Bundle
    rows : array of shape (n_selected,)
        Rows of the selected items.
    onto : str
        The space whose picture stays as it is.
    method : str

    Returns
    -------
    mapping of space name to Projection
        Of all spaces drawn by that method. A picture is turned, reflected and shifted, never
        scaled; ``params["anchors"]`` says by how many items, and one that shares no selected item
        with ``onto`` stays as it is.

    Raises
    ------
    InputError
        The picture of ``onto`` has none of the selected items.
    BundleError
        There is no such space, or no such picture of it.
    """
    target = bundle.projection(onto, method)
    infos = [
        info
        for info in bundle.manifest.spaces
        if method in [one.method for one in info.projections]
    ]
    row_in = {info.name: _row_of_item(bundle, info.over) for info in infos}
    if not (row_in[onto][rows] >= 0).any():
        raise InputError(
            f"none of the {len(rows)} selected items is in space {onto!r}; select items that it "
            "holds, or hold another space still"
        )
    found = {}
    for info in infos:
        picture = target if info.name == onto else bundle.projection(info.name, method)
        here, there = row_in[info.name][rows], row_in[onto][rows]
        shared = (here >= 0) & (there >= 0)
        coords = picture.coords
        if info.name != onto and shared.any():
            coords, _ = realigned(coords, target.coords[there[shared]], anchors=here[shared])
        params = {**picture.params, "onto": onto, "anchors": int(shared.sum())}
        found[info.name] = replace(picture, coords=coords, params=params)
    return found


def placed_vectors(
    bundle: Bundle, name: str, vectors: FloatArray, *, method: str = "joint", k: int = 15
) -> Placement:
    """Place new vectors of a space in its picture.

    Parameters
    ----------
    bundle : Bundle
    name : str
        The space.
    vectors : array of shape (n_new, n_dims)
    method : str
    k : int

    Returns
    -------
    Placement
        ``neighbors`` are rows of the space.

    Raises
    ------
    BundleError
        There is no such space, or no such picture of it.
    InputError
        The vectors do not fit the space.
    """
    coords = bundle.projection(name, method).coords
    info = next(info for info in bundle.manifest.spaces if info.name == name)
    held = bundle.vectors(name)
    graph = neighbors_of(vectors, held, k=k, metric=info.metric)
    return place_items(graph, coords, k=k)


def _row_of_item(bundle: Bundle, over: str) -> IntArray:
    return row_of_item(bundle.item_rows(over), n_items=bundle.manifest.n_items)
