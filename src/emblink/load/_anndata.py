"""Readers of AnnData, ``.h5ad`` and ``.zarr``, by the anndata package, which is optional."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from emblink.errors import ReadError
from emblink.load._arrays import arrays
from emblink.load._columns import Contents
from emblink.load._objects import of_anndata
from emblink.load._unread import unread

ANNDATA = (".h5ad", ".zarr")


def read_h5ad(path: Path, words: frozenset[str]) -> Contents:
    """Read the arrays of ``obsm``, the names of the cells and the columns of ``obs``."""
    try:
        from anndata import read_h5ad as read
    except ImportError as error:
        raise _missing(path) from error
    found = read(path, backed="r")
    try:
        columns = of_anndata(found, path.name)
    finally:
        found.file.close()
    return arrays(path.name, columns)


def read_zarr(path: Path, words: frozenset[str]) -> Contents:
    """Read the same of a folder of zarr, and none of its other matrices."""
    try:
        import zarr

        read = _read_elem()
    except ImportError as error:
        raise _missing(path) from error
    group: Any = zarr.open(str(path), mode="r")
    if not hasattr(group, "keys") or "obs" not in group or "obsm" not in group:
        raise unread(path, ".zarr", "")
    obs = read(group["obs"])
    found = SimpleNamespace(obsm=read(group["obsm"]), obs=obs, obs_names=obs.index)
    return arrays(path.name, of_anndata(found, path.name))


def _read_elem() -> Any:
    try:
        from anndata.io import read_elem
    except ImportError:  # before 0.11
        from anndata.experimental import read_elem
    return read_elem


def _missing(path: Path) -> ReadError:
    ending = path.suffix.lower().lstrip(".")
    return ReadError(
        f"reading {path.name} needs anndata: `pip install 'emblink[anndata]'`; or in Python: "
        f"eb.compare(anndata.read_{ending}({str(path)!r}))"
    )
