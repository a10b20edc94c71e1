"""What a file holds, whatever its format: named columns (or arrays) of a few kinds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal, Protocol, TypeAlias

import numpy as np

from emblink.errors import ReadError, VectorError
from emblink.load._blocks import Vectors
from emblink.types import AnyArray

ColumnKind: TypeAlias = Literal["vectors", "numbers", "words", "pictures", "other"]

Noun: TypeAlias = Literal["array", "column"]

INDEX = "index"
"""What a first column without a name is called, such as pandas and R write."""

ID_WORDS = ("id", "ids", "item_id", "index", "key", "uuid", "guid", "word", "token", "doc_id")
"""Names, in small letters, of columns that tell items apart."""

MISSING = (
    "", "NA", "N/A", "n/a", "NaN", "nan", "NAN", "null", "NULL", "None", "<NA>", "NaT",
    "#N/A", "#NA", "-nan", "-NaN", "1.#QNAN", "-1.#IND", r"\N",
)  # fmt: skip
"""What tools write for a missing number or label."""


@dataclass(frozen=True, slots=True)
class Column:
    """One named column or array, typed and shaped as the file says; -1 where it does not."""

    name: str
    kind: ColumnKind
    dtype: str
    shape: tuple[int, ...]


@dataclass(frozen=True)
class Seen:
    """What columns that have no names of their own are, as far as their values tell.

    Attributes
    ----------
    ids : str or None
        The column of ids.
    aside : tuple of str
        Columns that are no dims: row numbers, labels.
    doubts : mapping of column to str
        Columns that may be dims or not, and what there is to ask.
    """

    ids: str | None = None
    aside: tuple[str, ...] = ()
    doubts: Mapping[str, str] = field(default_factory=dict)


class Contents(Protocol):
    """An open file: a mapping of columns whose values are read when asked for."""

    where: str
    """Name for people."""
    noun: Noun
    typed: bool
    """False when the format has no types of its own, so that ``7`` may be a word or a number."""

    @property
    def seen(self) -> Seen:
        """What columns without names of their own are."""
        ...

    @property
    def notes(self) -> Sequence[str]:
        """What was seen while it was opened that people should know."""
        ...

    @property
    def fields(self) -> Mapping[str, Column]:
        """What lies within columns of structs, by ``column.field``."""
        ...

    def words(self, name: str) -> AnyArray:
        """Return a column as it is written, where the format has no types of its own."""
        ...

    @property
    def columns(self) -> Mapping[str, Column]:
        """What is there, in the order of the file."""
        ...

    def column(self, name: str) -> AnyArray:
        """Return numbers (missing: NaN), ``StringDType`` words (missing: ``""``) or pictures."""
        ...

    def vectors(self, names: Sequence[str]) -> Vectors:
        """Return ``(n_items, n_dims)`` numbers of a vector column, or of several number columns."""
        ...


def refuse_twins(where: str, names: Iterable[str]) -> None:
    """Refuse names of columns of which two are the same but for case.

    Raises
    ------
    ReadError
        With the first two.
    """
    seen: dict[str, str] = {}
    for name in names:
        small = name.lower()
        known = seen.setdefault(name if small == name else small, name)
        if known is not name:
            raise ReadError(
                f"{where} has two columns named {known!r} and {name!r}; names must "
                "differ by more than case: rename one"
            )


class Plain:
    """What contents have that know of no structs, words or notes."""

    seen = Seen()
    notes: Sequence[str] = ()
    fields: Mapping[str, Column] = MappingProxyType({})

    def column(self, name: str) -> AnyArray:
        """Return a column."""
        raise NotImplementedError

    def words(self, name: str) -> AnyArray:
        """Return a column: the format has types of its own."""
        return self.column(name)


def describe(name: str, dtype: np.dtype[Any], shape: tuple[int, ...]) -> Column:
    """Say what an array of this type and shape can be."""
    kind: ColumnKind = "other"
    if len(shape) == 2 and dtype.kind in "fiub":
        kind = "vectors"
    elif len(shape) == 1 and dtype.kind in "fiu":
        kind = "numbers"
    elif len(shape) == 1 and dtype.kind in "bUSTM":
        kind = "words"
    elif len(shape) == 4 and dtype == np.uint8 and shape[3] in (1, 3, 4):
        kind = "pictures"
    return Column(name, kind, str(dtype), shape)


def listed(contents: Contents) -> str:
    """Name the columns of a file, for errors."""
    names = [
        f"{column.name} ({_shape(column)}{column.dtype})" for column in contents.columns.values()
    ]
    return ", ".join(names[:12]) + (f" … and {len(names) - 12} more" if len(names) > 12 else "")


def _shape(column: Column) -> str:
    return "×".join(str(size) for size in column.shape) + " " if column.shape[1:] else ""


def refuse_objects(where: str, dtype: np.dtype[Any]) -> None:
    """Refuse arrays whose bytes would have to be unpickled, and records.

    Raises
    ------
    ReadError
        For object arrays.
    VectorError
        For structured arrays.
    """
    if dtype.kind == "O" or (dtype.names is not None and dtype.hasobject):
        raise ReadError(
            f"{where} is an object array (pickle), which Emblink never loads; "
            "save plain numbers or words: np.save(path, np.asarray(vectors, dtype=np.float32))"
        )
    if dtype.names is not None:
        raise VectorError(
            f"{where} is a structured array (fields {', '.join(dtype.names)}); "
            "expected plain numbers: save each field as an array of its own"
        )


def held_as(contents: Contents, name: str) -> Column:
    """Return a column, or a field of a record, as the file says that it is held."""
    return contents.columns[name] if name in contents.columns else contents.fields[name]
