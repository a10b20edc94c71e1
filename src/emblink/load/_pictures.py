"""Pictures of spaces that were drawn elsewhere."""

from __future__ import annotations

from pathlib import Path

from emblink.errors import InputError
from emblink.load._blocks import held
from emblink.load._files import Files
from emblink.types import AnyArray


def load_pictures(path: str | Path) -> dict[str, AnyArray]:
    """Read the pictures of one method from an ``.npz`` with an array for each space.

    Parameters
    ----------
    path : path
        Arrays of shape ``(n_space_items, 2)``, named like the spaces; rows in the order of their
        vectors. Spaces may be missing.

    Returns
    -------
    mapping of space name to array

    Raises
    ------
    InputError
        It is no ``.npz``.
    """
    with Files() as files:
        contents = files(Path(path))
        if Path(path).suffix.lower() != ".npz":
            raise InputError(
                f"{contents.where} is given as pictures; expected an .npz with one array "
                "(n_items, 2) for each space, named like it: "
                "np.savez('umap.npz', old=coords, new=coords)"
            )
        return {name: held(contents.vectors((name,))) for name in contents.columns}
