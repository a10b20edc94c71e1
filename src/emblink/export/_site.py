"""A folder with the page and the columns that it reads, for any host of files."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import msgspec
import numpy as np

from emblink.bundle.schema import Manifest
from emblink.errors import BundleError
from emblink.export._columns import Columns
from emblink.export._copy import copy_of
from emblink.export._cut import Cut
from emblink.page import page_folder
from emblink.places import written_to

_DONE = {"state": "done", "step": "", "done": 1, "total": 1, "message": "", "revision": 1}
"""What a page hears that asks how far the comparison is."""


def write_site(columns: Columns, path: Path) -> tuple[int, list[str]]:
    """Write a new folder.

    Parameters
    ----------
    columns : Columns
    path : Path
        A name that is free, or an empty folder.

    Returns
    -------
    n_bytes : int
    notes : list of str
        What it leaves out.

    Raises
    ------
    BundleError
        Something is there, or the place cannot be written to.
    """
    if path.is_symlink() or path.is_file() or (path.is_dir() and any(path.iterdir())):
        raise BundleError(
            f"{path} exists; give the name of a new folder, or of a file that ends in .html"
        )
    manifest = columns.bundle.manifest
    k = max((space.k for space in manifest.spaces), default=0)
    copy = copy_of(columns, Cut(manifest.n_items, k), rounded=False)
    with written_to(path):
        path.absolute().parent.mkdir(parents=True, exist_ok=True)
        unfinished = Path(tempfile.mkdtemp(prefix=".tmp-", dir=path.absolute().parent))
        try:
            own = shutil.ignore_patterns("whole.js", "markup.html", "widget.js")
            shutil.copytree(page_folder(), unfinished, ignore=own, dirs_exist_ok=True)
            _write_columns(columns, copy.manifest, unfinished / "bundle")
            (unfinished / "progress").write_bytes(msgspec.json.encode(_DONE))
            n_bytes = sum(one.stat().st_size for one in unfinished.rglob("*") if one.is_file())
            unfinished.chmod(0o755)
            unfinished.replace(path)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
    return n_bytes, copy.notes


def _write_columns(columns: Columns, manifest: Manifest, folder: Path) -> None:
    """Write each column as plain numbers, and the manifest that names them."""
    (folder / "columns").mkdir(parents=True)
    k = max((space.k for space in manifest.spaces), default=0)
    cut, placed = Cut(manifest.n_items, k), {}
    for place, (name, column) in enumerate(manifest.columns.items()):
        path = f"columns/{place}.bin"
        array = np.ascontiguousarray(columns.read(name, cut))
        array.astype(array.dtype.newbyteorder("<"), copy=False).tofile(folder / path)
        placed[name] = msgspec.structs.replace(column, path=path)
    told = msgspec.structs.replace(manifest, columns=placed)
    (folder / "manifest.json").write_bytes(msgspec.json.encode(told))
