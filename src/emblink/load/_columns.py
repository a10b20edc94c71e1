"""What a file holds, whatever its format: named columns (or arrays) of a few kinds."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal, Protocol, TypeAlias

import numpy as np

from emblink.errors import InputError, ReadError, VectorError
from emblink.load._blocks import Vectors, held
from emblink.types import AnyArray
from emblink.words import WORDS

ColumnKind: TypeAlias = Literal["vectors", "numbers", "words", "pictures", "other"]

Noun: TypeAlias = Literal["array", "column"]

INDEX = "index"
"""What a first column without a name is called, such as pandas and R write."""

ID_WORDS = ("id", "ids", "item_id", "index", "key", "uuid", "guid", "word", "token", "doc_id")
"""Names, in small letters, of columns that tell items apart."""

MISSING = ("", "NA", "N/A", "n/a", "NaN", "nan", "NAN", "null", "NULL", "None", "<NA>", "NaT")
"""What tools write for a missing number or label."""


@dataclass(frozen=True, slots=True)
class Column:
    """One named column or array, typed and shaped as the file says; -1 where it does not."""

    name: str
    kind: ColumnKind
    dtype: str
    shape: tuple[int, ...]


class Contents(Protocol):
    """An open file: a mapping of columns whose values are read when asked for."""

    where: str
    """Name for people."""
    noun: Noun
    typed: bool
    """False when the format has no types of its own, so that ``7`` may be a word or a number."""

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


class Plain:
    """What contents have that know of no structs, words or notes."""

    notes: Sequence[str] = ()
    fields: Mapping[str, Column] = MappingProxyType({})

    def column(self, name: str) -> AnyArray:
        """Return a column."""
        raise NotImplementedError

    def words(self, name: str) -> AnyArray:
        """Return a column: the format has types of its own."""
        return self.column(name)


class Arrays(Plain):
    """Contents that are numpy arrays, each read when asked for."""

    def __init__(
        self,
        where: str,
        columns: Mapping[str, Column],
        get: Callable[[str], Vectors],
        *,
        noun: Noun = "array",
        typed: bool = True,
    ) -> None:
        self.where = where
        self.noun: Noun = noun
        self.columns = columns
        self.typed = typed
        self._get = get

    def column(self, name: str) -> AnyArray:
        """Return one array as a column."""
        return as_column(held(self._get(name)), f"{self.noun} {name!r} of {self.where}")

    def vectors(self, names: Sequence[str]) -> Vectors:
        """Return one array as it is, or number columns side by side."""
        if self.noun == "column" and (len(names) > 1 or self.columns[names[0]].kind == "numbers"):
            return np.stack([held(self._get(name)) for name in names], axis=1)
        if len(names) > 1:
            raise InputError(
                f"{self.where}: several arrays match ({', '.join(names)}); "
                "name one space for each: name=path::key"
            )
        return self._get(names[0])


def arrays(
    where: str, values: Mapping[str, AnyArray], *, noun: Noun = "array", typed: bool = True
) -> Arrays:
    """Return contents over arrays already in memory."""
    columns = {name: describe(name, value.dtype, value.shape) for name, value in values.items()}
    return Arrays(where, columns, values.__getitem__, noun=noun, typed=typed)


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


def as_column(values: AnyArray, what: str) -> AnyArray:
    """Return values as an item column: numbers, ``StringDType`` words or RGB pictures.

    Raises
    ------
    InputError
        They are none of these.
    """
    kind = describe("", values.dtype, values.shape).kind
    if kind == "pictures":
        return rgb(values)
    if values.ndim == 1 and values.dtype.kind == "O":
        return _objects(values, what)
    if kind == "numbers":
        native: AnyArray = values.astype(values.dtype.newbyteorder("="), copy=False)
        return native
    if kind == "words":
        return words(values, what)
    raise InputError(
        f"{what} cannot describe items: it is {values.dtype} of shape {values.shape}; "
        "expected one number or word per item, or uint8 pictures (n_items, height, width, 3)"
    )


def words(values: AnyArray, what: str) -> AnyArray:
    """Return a 1-D array as words: truth values as ``true``/``false``, dates in ISO form.

    Raises
    ------
    ReadError
        Bytes are not UTF-8, or words hold half of a surrogate pair.
    """
    if values.dtype.kind == "b":
        return np.where(values, "true", "false").astype(WORDS)
    if values.dtype.kind == "M":
        iso = np.datetime_as_string(values)
        whole_days = bool(np.all((values == values.astype("M8[D]")) | np.isnat(values)))
        iso = np.datetime_as_string(values, unit="D") if whole_days else iso
        return np.where(np.isnat(values), "", iso).astype(WORDS)
    if values.dtype.kind == "S":
        return decoded(values, what).astype(WORDS)
    if values.dtype.kind == "U":
        refuse_broken(values, what)
    return values.astype(WORDS)


def decoded(values: AnyArray, what: str) -> AnyArray:
    """Return bytes as words.

    Raises
    ------
    ReadError
        They are not UTF-8.
    """
    try:
        return np.char.decode(values, "utf-8")
    except UnicodeDecodeError as error:
        raise ReadError(
            f"{what} holds bytes that are not UTF-8 text ({error.object[:20]!a}); "
            "decode them first, or save them as UTF-8"
        ) from error


def refuse_broken(values: AnyArray, what: str) -> None:
    """Refuse fixed-width words that hold half of a surrogate pair, which no file can carry.

    Raises
    ------
    ReadError
        With the first row.
    """
    width = values.dtype.itemsize // 4
    if not width:
        return
    native = np.ascontiguousarray(values, values.dtype.newbyteorder("="))
    signs = native.view(np.uint32).reshape(-1, width)
    rows = np.flatnonzero(((signs >= 0xD800) & (signs <= 0xDFFF)).any(axis=1))
    if len(rows):
        count = "1 row" if len(rows) == 1 else f"{len(rows):,} rows"
        raise ReadError(
            f"{what} has {count} with half of a surrogate pair, which is not Unicode text "
            f"(first: row {rows[0]}, {values[rows[0]].item()!a}); decode the words as UTF-8"
        )


def rgb(pictures: AnyArray) -> AnyArray:
    """Return uint8 pictures with one, three or four channels as RGB; alpha lies over white."""
    channels = pictures.shape[3]
    if channels == 3:
        return pictures
    if channels == 1:
        return np.repeat(pictures, 3, axis=3)
    out = np.empty((*pictures.shape[:3], 3), np.uint8)
    for start in range(0, len(pictures), 4096):
        block = pictures[start : start + 4096].astype(np.uint16)
        alpha = block[..., 3:]
        out[start : start + 4096] = (block[..., :3] * alpha + 255 * (255 - alpha) + 127) // 255
    return out


def _objects(values: AnyArray, what: str) -> AnyArray:
    present = [value for value in values.tolist() if not is_missing(value)]
    if all(isinstance(value, bool | np.bool_) for value in present) and present:
        return _filled(values, what, lambda value: "true" if value else "false")
    if all(isinstance(value, int | float) for value in present) and present:
        return np.array([np.nan if is_missing(value) else value for value in values.tolist()])
    if all(isinstance(value, str) for value in present):
        return _filled(values, what, str)
    raise InputError(
        f"{what} mixes words, numbers or other objects; expected one kind: convert it first"
    )


def _filled(values: AnyArray, what: str, word: Callable[[Any], str]) -> AnyArray:
    filled = ["" if is_missing(value) else word(value) for value in values.tolist()]
    try:
        return np.array(filled, WORDS)
    except UnicodeEncodeError:
        refuse_broken(np.array(filled, np.str_), what)
        raise


def is_missing(value: object) -> bool:
    """Whether a Python object stands for nothing: None, NaN, or pandas' NA, known by its name."""
    nothing = value is None or type(value).__name__ in ("NAType", "NaTType")
    return nothing or (isinstance(value, float) and math.isnan(value))


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
    if dtype.hasobject:
        raise ReadError(
            f"{where} is an object array (pickle), which Emblink never loads; "
            "save plain numbers or words: np.save(path, np.asarray(vectors, dtype=np.float32))"
        )
    if dtype.names is not None:
        raise VectorError(
            f"{where} is a structured array (fields {', '.join(dtype.names)}); "
            "expected plain numbers: save each field as an array of its own"
        )
