"""Spaces given in Python as objects of other libraries, known by what they can do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from emblink.errors import InputError, ReadError, VectorError
from emblink.load._blocks import BLOCK, Place, StoredRows
from emblink.load._values import as_column, is_missing
from emblink.types import AnyArray
from emblink.words import WORDS


def is_anndata(value: object) -> bool:
    """Whether it is an AnnData: arrays of observations, which have names."""
    return all(hasattr(value, name) for name in ("obsm", "obs", "obs_names"))


def of_anndata(value: Any, where: str) -> dict[str, AnyArray]:
    """Return the arrays of ``obsm``, the names of the observations as ``id``, and ``obs``.

    Raises
    ------
    InputError
        There is no array in ``obsm``.
    """
    spaces = {}
    for key in value.obsm:
        array = value.obsm[key]
        array = array.toarray() if hasattr(array, "toarray") else np.asarray(array)
        if array.ndim == 2 and array.dtype.kind in "fiu":
            spaces[str(key)] = array
    if not spaces:
        raise InputError(
            f"{where} has no arrays in obsm; expected embeddings such as X_pca: "
            'sc.pp.pca(adata), or pass one: eb.compare({"a": adata.X, …})'
        )
    columns = {"id": np.array([str(name) for name in value.obs_names], WORDS)}
    for name in value.obs.columns:
        values = np.asarray(value.obs[name])
        if values.ndim == 1 and str(name) not in spaces and values.dtype.kind in "biufOUSM":
            held = values.dtype.kind == "O"
            columns[str(name)] = _words(values, f"obs[{name!r}]") if held else values
    return {**columns, **spaces}


def _words(values: AnyArray, what: str) -> AnyArray:
    try:
        return as_column(values, what)
    except ReadError:
        raise
    except InputError:  # objects of several kinds, or of one that is no word
        filled = ["" if is_missing(value) else str(value) for value in values.tolist()]
        return np.array(filled, WORDS)


def word_vectors(value: object) -> tuple[AnyArray, AnyArray] | None:
    """Return words and vectors of gensim's ``KeyedVectors`` or a dict; None for anything else."""
    keyed: Any = getattr(value, "wv", value)
    if hasattr(keyed, "index_to_key") and hasattr(keyed, "vectors"):
        words = np.array([str(word) for word in keyed.index_to_key], np.str_)
        return words, np.asarray(keyed.vectors)[: len(words)]
    if not isinstance(value, Mapping):
        return None
    rows = [np.asarray(plain(row)) for row in value.values()]
    if not rows or any(row.ndim != 1 for row in rows):
        return None
    for key, row in zip(value, rows, strict=True):
        if len(row) != len(rows[0]):
            raise VectorError(
                f"the vectors of a dict differ in length: that of {next(iter(value))!r} has "
                f"{len(rows[0])} numbers, that of {key!r} {len(row)}; expected one length"
            )
    whole = all(isinstance(key, int) and not isinstance(key, bool) for key in value)
    ids = np.array([*value]) if whole else np.array([str(key) for key in value], np.str_)
    return ids, np.stack(rows)


class SparseRows(StoredRows):
    """A sparse matrix of scipy, made dense block by block."""

    def __init__(self, value: Any, where: str) -> None:
        self.where = where
        self._rows = value.tocsr()
        self.shape: tuple[int, ...] = tuple(int(size) for size in value.shape)
        self.dtype = np.dtype(value.dtype)

    def blocks(self) -> Iterator[tuple[Place, AnyArray]]:
        """Make rows dense, block by block."""
        step = max(1, BLOCK // max(1, self.shape[1]))
        for start in range(0, len(self), step):
            block = self._rows[start : start + step].toarray()
            yield (slice(start, start + len(block)), slice(None)), block


def is_sparse(value: object) -> bool:
    """Whether it is a sparse matrix of scipy."""
    return all(hasattr(value, name) for name in ("tocsr", "toarray", "nnz"))


def plain(value: Any) -> Any:
    """Return a tensor, on a GPU and with a gradient as well, as numpy can take it; others as is."""
    if isinstance(value, np.ndarray) or not hasattr(value, "__dlpack__"):
        return value
    for step in ("detach", "cpu"):
        value = getattr(value, step)() if hasattr(value, step) else value
    if str(getattr(value, "dtype", "")).endswith("bfloat16"):
        value = value.float() if hasattr(value, "float") else value.astype("float32")
    if hasattr(value, "__array__"):
        return np.asarray(value)
    try:
        return np.from_dlpack(value, device="cpu", copy=True)
    except (BufferError, TypeError, RuntimeError, ValueError):
        return value.get() if hasattr(value, "get") else value


def as_table(value: Any) -> Any:
    """Return a ``datasets.Dataset`` as an Arrow table; None for anything else."""
    if not (hasattr(value, "with_format") and hasattr(value, "column_names")):
        return None
    if isinstance(value, Mapping):
        raise InputError(
            f"a DatasetDict holds the splits {', '.join(map(str, value))}; pass one: "
            f"data[{next(iter(value))!r}]"
        )
    return value.with_format("arrow")[:]
