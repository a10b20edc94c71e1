"""Bundles of ``emblink.bundle/1``: their vectors alone are in the order of the caller."""

from __future__ import annotations

from emblink.bundle._arrays import laid_out
from emblink.bundle._order import Gathered
from emblink.bundle.schema import SCHEMA
from emblink.types import AnyArray, IntArray


def stored_vectors(vectors: AnyArray, order: IntArray, *, schema: str) -> AnyArray:
    """Return the vectors of a space in stored order, whichever Emblink wrote them.

    Parameters
    ----------
    vectors : array of shape (n_space_items, n_dims)
        As the bundle holds them.
    order : array of shape (n_space_items,)
        The caller's row of each stored row.
    schema : str
        Of the bundle.

    Returns
    -------
    array of shape (n_space_items, n_dims)
    """
    return vectors if schema == SCHEMA else laid_out(Gathered(vectors, order))
