"""The pictures of a comparison, and what they can be asked: other turns, new items."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from emblink.ask import placed_vectors, realigned_pictures
from emblink.bundle import Bundle, ByName
from emblink.comparison._caller import CallersBundle
from emblink.projection import Placement
from emblink.types import Projection


class Projections(ByName[Projection]):
    """Each space's picture by one method, read when asked for.

    Parameters
    ----------
    bundle : Bundle
    given : CallersBundle
        The same, as the caller knows it.
    method : str
    """

    def __init__(self, bundle: Bundle, given: CallersBundle, method: str = "joint") -> None:
        names = [
            info.name
            for info in bundle.manifest.spaces
            if method in [one.method for one in info.projections]
        ]
        super().__init__(names, lambda name: given.projection(name, method))
        self._bundle = bundle
        self._given = given
        self._method = method

    def realigned(
        self,
        *,
        onto: str,
        items: object | None = None,
        rows: object | None = None,
        where: Mapping[str, object] | None = None,
    ) -> dict[str, Projection]:
        """Turn every picture so that a selection of items holds still.

        Exactly one of ``items``, ``rows`` and ``where`` says which, as in ``Comparison.ask``.

        Parameters
        ----------
        onto : str
            The space whose picture stays as it is.
        items : sequence of ids, optional
        rows : sequence of int, or of bool for all items, optional
        where : mapping of column name to value or list of values, optional

        Returns
        -------
        mapping of space name to Projection
            Turned, reflected and shifted, never scaled: distances within a picture stay.
            ``params["anchors"]`` says by how many items; a picture that has none stays too.

        Raises
        ------
        InputError
            Nothing is selected, or nothing that ``onto`` holds.
        BundleError
            There is no such space, or no such picture of it.
        """
        chosen = self._given.chosen(items=items, rows=rows, where=where)
        found = realigned_pictures(self._bundle, chosen, onto=onto, method=self._method)
        return {name: self._given.restored(name, one) for name, one in found.items()}

    def place(self, name: str, vectors: ArrayLike, *, k: int = 15) -> Placement:
        """Place new vectors of a space in its finished picture, which stays as it is.

        Parameters
        ----------
        name : str
            The space.
        vectors : array of shape (n_new, n_dims)
            From the same model as the space's own.
        k : int
            Neighbours that place each, and that are looked at to say how far to believe it.

        Returns
        -------
        Placement
            ``coords``, ``neighbors`` (rows of the space) and ``preservation`` of each new item.

        Raises
        ------
        BundleError
            There is no such space, or no such picture of it.
        InputError
            The vectors do not fit the space, or ``k`` its items.
        """
        found = placed_vectors(self._bundle, name, np.asarray(vectors), method=self._method, k=k)
        return replace(found, neighbors=self._given.rows_of_space(name, found.neighbors))
