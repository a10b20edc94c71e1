"""Reader of ``.h5ad``, by the anndata package, which is optional."""

from __future__ import annotations

from pathlib import Path

from emblink.errors import ReadError
from emblink.load._arrays import arrays
from emblink.load._columns import Contents
from emblink.load._objects import of_anndata


def read_h5ad(path: Path, words: frozenset[str]) -> Contents:
    """Read the arrays of ``obsm``, the names of the cells and the columns of ``obs``."""
    try:
        from anndata import read_h5ad as read
    except ImportError as error:
        raise ReadError(
            f"reading {path.name} needs anndata: `pip install anndata`; or in Python: "
            f"eb.compare(anndata.read_h5ad({str(path)!r}))"
        ) from error
    found = read(path, backed="r")
    try:
        columns = of_anndata(found, path.name)
    finally:
        found.file.close()
    return arrays(path.name, columns)


EUCLIDEAN = (
    "{where} from AnnData: neighbours of cells are usually measured with "
    'metric="euclidean" (--metric euclidean)'
)
