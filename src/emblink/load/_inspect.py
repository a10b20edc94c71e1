"""What is inside a file: a fact sheet."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from emblink.errors import InputError, MatchError, ReadError
from emblink.load._blocks import Vectors, row_blocks
from emblink.load._choose import id_column, title, vector_columns, vector_names
from emblink.load._columns import Contents
from emblink.load._described import left_out
from emblink.load._files import Files
from emblink.load._formats import ending, files_of
from emblink.load._ids import shown, tidy_ids
from emblink.load._items import LABELS, USUAL_NAMES
from emblink.load._layout import Shape, layouts
from emblink.load._vectors import FAULTS, row_faults

QUANTILES = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True)
class ColumnFacts:
    """One array or column: ``dtype`` as the file says it; ``shape`` has -1 where unknown."""

    name: str
    kind: str
    dtype: str
    shape: tuple[int, ...]


@dataclass(frozen=True)
class IdFacts:
    """One column that could be the ids, the usual name first; ``problem`` is None when it can."""

    name: str
    n_rows: int
    sample: str
    problem: str | None = None


@dataclass(frozen=True)
class VectorFacts:
    """One array, column, or set of number columns that holds vectors.

    Attributes
    ----------
    name : str
    n_rows, n_dims : int
    dtype : str
    nan_rows, inf_rows, zero_rows : int
        Rows with any NaN or missing value, any infinity, only zeros.
    duplicate_rows : int
        Rows equal, number for number, to an earlier one.
    norms : tuple of float
        Least, quartiles and greatest Euclidean norm of the finite rows; NaN without one.
    unit_norm : bool
        Every finite row has norm 1 within 1 %.
    problem : str or None
        Why these cannot be read as vectors.
    """

    name: str
    n_rows: int
    n_dims: int
    dtype: str
    nan_rows: int = 0
    inf_rows: int = 0
    zero_rows: int = 0
    duplicate_rows: int = 0
    norms: tuple[float, ...] = ()
    unit_norm: bool = False
    problem: str | None = None


@dataclass(frozen=True)
class FileFacts:
    """A file: its columns or arrays, and facts of those that hold vectors or ids."""

    path: str
    format: str
    n_bytes: int
    noun: str
    columns: tuple[ColumnFacts, ...]
    vectors: tuple[VectorFacts, ...]
    ids: tuple[IdFacts, ...]
    plan: tuple[str, ...] = ()
    """What a comparison would do with the file, in sentences."""


def inspect_file(
    path: str | Path,
    *,
    key: str | None = None,
    shape: Shape | None = None,
    dtype: str | None = None,
) -> FileFacts:
    """Say what is inside a file.

    Memory stays bounded for ``.npy`` in C order; others hold one array or vector column at a time.

    Parameters
    ----------
    path : path
    key : str, optional
        Look at the vectors of this array, column or pattern only.
    shape : str or sequence of int, optional
    dtype : str, optional
        Of a file of plain numbers, as for :func:`load_spaces`.

    Returns
    -------
    FileFacts

    Raises
    ------
    InputError
        The file cannot be read, or has no such key.
    """
    path = Path(path)
    with Files(layouts=layouts({path.name: path}, shape, dtype)) as files:
        contents = files(path)
        id_name = id_column(contents)
        groups = _vector_groups(contents, key, id_name)
        return FileFacts(
            path=str(path),
            format=ending(files_of(path)[0]).lstrip("."),
            n_bytes=sum(map(_size, files_of(path))),
            noun=contents.noun,
            columns=tuple(
                ColumnFacts(column.name, column.kind, column.dtype, column.shape)
                for column in contents.columns.values()
            ),
            vectors=tuple(_vector_facts(contents, names) for names in groups),
            ids=_id_candidates(contents, id_name, {name for names in groups for name in names}),
            plan=_plan(contents, key, id_name),
        )


def _size(path: Path) -> int:
    inside = [one for one in path.rglob("*") if one.is_file()] if path.is_dir() else [path]
    return sum(one.stat().st_size for one in inside)


def _vector_groups(
    contents: Contents, key: str | None, id_name: str | None
) -> list[tuple[str, ...]]:
    whole = vector_names(contents)
    if key is None and whole:
        return [(name,) for name in whole]
    try:
        others = {id_name} if id_name else set()
        return [vector_columns(contents, key=key, vector=None, others=others)]
    except InputError:
        if key is not None:
            raise
        return []  # a table of items has no vectors, and that is a fact


def _plan(contents: Contents, key: str | None, id_name: str | None) -> tuple[str, ...]:
    """Say which columns a comparison takes for vectors, ids and label, and which it leaves out."""
    taken = {id_name} if id_name else set()
    try:
        names = vector_columns(contents, key=key, vector=None, others=taken)
    except InputError as error:
        return (f"compare: {error}",)
    n_rows = next(iter(contents.columns.values())).shape[0] if contents.columns else 0
    rest = left_out(contents, {*names, *taken}, n_rows) if contents.noun == "column" else None
    free = [name for name in contents.columns if name not in {*names, *taken}]
    usual = [name for name in free if name.lower() in USUAL_NAMES["label"]]
    likely = [name for name in free if name.lower() in LABELS]
    said = [f"compare: the vectors are {title(names)}"]
    said.append(
        f"compare: the ids are {id_name}"
        if id_name
        else "compare: the ids are a column unique in each file and shared by all; else rows count"
    )
    if usual or likely:
        said.append(
            f"compare: the label is {usual[0]}"
            if usual
            else f"compare: labels? --label {likely[0]}"
        )
    return (*said, *contents.notes, *([f"compare: {rest}"] if rest else []))


def _id_candidates(
    contents: Contents, id_name: str | None, vectors: Collection[str]
) -> tuple[IdFacts, ...]:
    """Return the usual column of ids whatever its state, then others that would do."""
    usual = [] if id_name is None else [_id_facts(contents, id_name)]
    others = [
        _id_facts(contents, column.name)
        for column in contents.columns.values()
        if column.kind in ("words", "numbers") and column.name not in {id_name, *vectors}
    ]
    return (*usual, *(facts for facts in others if facts.problem is None))


def _id_facts(contents: Contents, name: str) -> IdFacts:
    where = f"{contents.noun} {name!r}"
    try:
        ids = tidy_ids(contents.column(name), where, typed=contents.typed)
    except (MatchError, ReadError) as error:
        return IdFacts(name, contents.columns[name].shape[0], "", str(error))
    return IdFacts(name, len(ids), shown(ids))


def _vector_facts(contents: Contents, names: tuple[str, ...]) -> VectorFacts:
    title = names[0] if len(names) == 1 else f"{names[0]} … {names[-1]}"
    dtype = contents.columns[names[0]].dtype
    try:
        array = contents.vectors(names)
    except InputError as error:
        return VectorFacts(title, contents.columns[names[0]].shape[0], 0, dtype, problem=str(error))
    if array.ndim != 2 or array.dtype.kind not in "fiub" or 0 in array.shape:
        problem = f"shape {array.shape}, {array.dtype}; expected numbers (n_items, n_dims)"
        return VectorFacts(title, len(array), 0, dtype, problem=problem)
    try:
        return _measured(array, title, dtype)
    except InputError as error:
        return VectorFacts(title, len(array), array.shape[1], dtype, problem=str(error))


def _measured(array: Vectors, title: str, dtype: str) -> VectorFacts:
    n_rows, n_dims = array.shape
    codes = np.zeros(n_rows, np.uint8)
    norms = np.empty(n_rows)
    hashes = np.empty(n_rows, np.int64)
    for rows, block in row_blocks(array):
        exact = block.astype(np.float64)
        codes[rows] = row_faults(exact, exact)
        with np.errstate(over="ignore", invalid="ignore"):
            norms[rows] = np.sqrt(np.einsum("ij,ij->i", exact, exact))
        exact += 0.0  # -0.0 equals 0.0
        hashes[rows] = [hash(row.tobytes()) for row in exact]
        codes[rows][~exact.any(axis=1)] = FAULTS.index("zero")
    counts = {fault: int(np.sum(codes == FAULTS.index(fault))) for fault in FAULTS}
    finite = norms[np.isfinite(norms)]
    return VectorFacts(
        title,
        n_rows,
        n_dims,
        dtype,
        nan_rows=counts["nan"],
        inf_rows=counts["inf"],
        zero_rows=counts["zero"],
        duplicate_rows=n_rows - len(np.unique(hashes)),
        norms=tuple(np.quantile(finite, QUANTILES).tolist()) if len(finite) else (),
        unit_norm=bool(len(finite) and np.all(np.abs(finite - 1.0) < 0.01)),
    )
