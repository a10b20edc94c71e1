"""A bundle as one HTML file, or as a folder for a host of files."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from numbers import Real
from pathlib import Path

from emblink.bundle import Bundle
from emblink.errors import InputError
from emblink.export._choice import Choice
from emblink.export._columns import Columns
from emblink.export._html import as_html
from emblink.export._site import write_site
from emblink.export._write import check_place, write_file
from emblink.places import written_to

MAX_MB = 25.0
_ENDINGS = (".html", ".htm")
_FILE = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,7}")
"""The ending of a file, and not the last number of a version."""


@dataclass(frozen=True)
class Exported:
    """What was written.

    Attributes
    ----------
    path : Path
    n_bytes : int
    n_items : int
        Items that are in it.
    notes : list of str
        What it leaves out or rounds, a sentence each; the page says the same.
    """

    path: Path
    n_bytes: int
    n_items: int
    notes: list[str]


def export(
    bundle: Bundle,
    path: Path,
    *,
    choice: Choice | None = None,
    max_mb: float | None = None,
    force: bool = False,
) -> Exported:
    """Write a bundle to one HTML file, or to a folder.

    Parameters
    ----------
    bundle : Bundle
    path : Path
        Ending in ``.html``, or the name of a folder.
    choice : Choice, optional
        What of the item table is in it.
    max_mb : float
        Most megabytes (1,000,000 bytes) of the one file; default ``MAX_MB``.
    force : bool
        Replace a file that Emblink did not write.

    Returns
    -------
    Exported

    Raises
    ------
    InputError
        A column is unknown, nothing fits into so few bytes, or they are given for a folder.
    BundleError
        Something else is at ``path``, or the bundle or the page cannot be read.
    """
    most: object = max_mb
    if most is not None and not (isinstance(most, Real) and 0 < float(most) < math.inf):
        raise InputError(f"max_mb is {max_mb!r}; expected megabytes, more than 0")
    columns = Columns(bundle, choice or Choice())
    columns.choice.kept(bundle.manifest)
    with written_to(path):
        is_folder = path.is_dir()
    if is_folder or path.suffix.lower() not in _ENDINGS:
        _refuse_file(path)
        if max_mb is not None:
            raise InputError(
                f"a folder ({path}) holds everything: leave out max_mb (--max-mb), or give the "
                "name of a file that ends in .html"
            )
        n_bytes, notes = write_site(columns, path)
        return Exported(path, n_bytes, bundle.manifest.n_items, notes)
    check_place(path, force=force)
    made = as_html(columns, int((MAX_MB if max_mb is None else max_mb) * 1e6))
    data = made.text.encode()
    write_file(path, data, force=force)
    return Exported(path, len(data), made.n_items, made.notes)


def _refuse_file(path: Path) -> None:
    """Refuse the name of a file of another kind, of which a folder would be made."""
    if path.is_dir() or not _FILE.fullmatch(path.suffix):
        return
    raise InputError(
        f"{path.name} ends in {path.suffix}; expected the name of a file that ends in "
        f"{' or '.join(_ENDINGS)}, or of a folder, without an ending"
    )
