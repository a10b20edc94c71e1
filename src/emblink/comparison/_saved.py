"""Selections that were saved on the page, as Python knows their items."""

from __future__ import annotations

from pathlib import Path

from emblink.bundle import read_notes
from emblink.types import AnyArray


def saved_ids(path: Path, ids: AnyArray) -> dict[str, AnyArray]:
    """Return the ids of the selections saved in a bundle, by name.

    Parameters
    ----------
    path : Path
        The bundle's directory; read anew each time.
    ids : array of shape (n_items,)
        Of the comparison.

    Returns
    -------
    dict of name to array of ids
        Ids that the comparison does not have are left out. Of several selections of one name the
        later ones are called ``NAME (2)`` and so on.

    Raises
    ------
    BundleError
        The notes cannot be read.
    """
    place = {str(one): row for row, one in enumerate(ids.tolist())}
    found: dict[str, AnyArray] = {}
    for one in read_notes(path)[0].selections:
        name, turn = one.name, 1
        while name in found:
            turn += 1
            name = f"{one.name} ({turn})"
        rows = [place[item] for item in one.items if item in place]
        found[name] = ids[rows]
    return found
