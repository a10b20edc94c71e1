"""What describes the items of a file: the columns beside its vectors, and those left out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection

import numpy as np

from emblink.load._columns import MISSING, Contents
from emblink.load._items import LABELS, USUAL_NAMES, are_measured
from emblink.load._near import rank
from emblink.types import AnyArray
from emblink.words import WORDS


def item_columns(
    contents: Contents, taken: Collection[str], n_rows: int, named: Collection[str] = ()
) -> dict[str, AnyArray]:
    """Return the columns that describe the ``n_rows`` items of a file, read.

    ``named`` are those that were asked for, fields of records such as ``payload.text`` among them.
    """
    for name in named:
        if (
            name in contents.columns
            and name not in taken
            and contents.columns[name].kind == "other"
        ):
            contents.column(name)  # which says what it holds
    fields = contents.fields
    asked = [fields[name] for name in named if name in fields]
    return {
        column.name: _read(contents, column.name, named)
        for column in [*contents.columns.values(), *asked]
        if column.name not in taken
        and column.kind in ("numbers", "words", "pictures")
        and column.shape[0] == n_rows
    }


def left_out(
    contents: Contents, taken: Collection[str], n_rows: int, named: Collection[str] = ()
) -> str | None:
    """Say which columns are neither vectors nor describe the items, None where there are none.

    ``named`` are those that were asked for; of a record, what is left beside them is.
    """
    used = {*taken, *named}
    free = [name for name in contents.fields if name not in used]
    asked = _records(contents, [name for name in contents.fields if name in used])
    whole = asked.keys() - _records(contents, free).keys()
    out = [
        f"{column.name} ({_short(column.dtype)})"
        + (f" but for {', '.join(asked[column.name])}" if column.name in asked else "")
        for column in contents.columns.values()
        if column.name not in taken
        and column.name not in whole
        and (
            column.kind in ("other", "vectors")
            or (contents.noun == "array" and column.shape[:1] != (n_rows,))
        )
        and not (contents.noun == "array" and column.kind == "vectors")
    ]
    if not out:
        return None
    fields = [
        name
        for name in free
        if contents.fields[name].kind == "words" and name not in contents.columns
    ]
    way = f"; fields can be named, such as --text {fields[0]}" if fields else ""
    return f"left out of {contents.where}: {', '.join(out)}{way}"


def _records(contents: Contents, fields: Collection[str]) -> dict[str, list[str]]:
    """Return fields by the column that they lie in."""
    return {
        name: within
        for name, column in contents.columns.items()
        if column.kind == "other"
        and (within := [field for field in fields if field.startswith(f"{name}.")])
    }


def _short(kind: str) -> str:
    return (
        "a pickle of objects" if kind == "object" else kind if len(kind) < 40 else kind[:36] + " …"
    )


def read_as_missing(
    contents: Contents, columns: Collection[str], named: Collection[str] = ()
) -> list[str]:
    """Say which words of labels and texts were read as missing values, and how often."""
    notes = []
    for name in columns if not contents.typed else ():
        if name not in contents.columns or not _is_label(name, named):
            continue
        words = contents.words(name)
        counts = Counter(word for word in words[np.isin(words, _GIVEN)].tolist())
        if counts:
            said = ", ".join(f"{count:,} × {word}" for word, count in counts.most_common())
            notes.append(
                f"{name!r} of {contents.where}: {counts.total():,} of {len(words):,} cells were "
                f"read as missing ({said}); if these are words, save the file as Parquet or JSON "
                "Lines, where they stay"
            )
    return notes


def _is_label(name: str, named: Collection[str]) -> bool:
    usual = (*USUAL_NAMES["label"], *LABELS, *USUAL_NAMES["text"])
    return name in named or name.lower() in usual


_GIVEN = np.array([word for word in MISSING if word], WORDS)


def _read(contents: Contents, name: str, named: Collection[str]) -> AnyArray:
    """Read a column; labels, texts and ids as they are written where the format has no numbers."""
    if contents.typed or not _is_label(name, named):
        values = as_written_in(contents, name)
        return _words(contents, name) if _are_parts(contents, name, values) else values
    words = _words(contents, name)
    coordinates = name not in named and name.lower() in LABELS and are_measured(words)
    return as_written_in(contents, name) if coordinates else words


def _are_parts(contents: Contents, name: str, values: AnyArray) -> bool:
    """Whether numbers are those of parts, such as ``1.9`` and ``1.10``, which tell items apart."""
    if not _is_broken(contents, values):
        return False
    words = contents.words(name).tolist()
    if len({*words}) < len(words) or not all(map(_PART.fullmatch, words)):
        return False
    return rank(name) == 0 or len(np.unique(values)) < len(values)


_PART = re.compile(r"\d+\.\d{1,3}")
_POWER = re.compile(r"\s*\d+[eE]\d+\s*")
"""What no tool writes for a number, but ids may look like."""


def as_written_in(contents: Contents, name: str) -> AnyArray:
    """Read a column; words that only look like numbers, such as ``12e4``, as they are written."""
    values = contents.column(name)
    if contents.typed or values.dtype.kind != "f":
        return values
    held = contents.words(name)
    return _words(contents, name) if any(map(_POWER.fullmatch, held.tolist())) else values


def ids_written_in(contents: Contents, name: str) -> AnyArray:
    """Read ids as :func:`as_written_in`, and those such as ``1.10`` as they are written, too."""
    values = as_written_in(contents, name)
    return _words(contents, name) if _is_broken(contents, values) else values


def _is_broken(contents: Contents, values: AnyArray) -> bool:
    """Whether a format without numbers has fractions here, whose words may say more."""
    return (
        not contents.typed and values.dtype.kind == "f" and bool(np.any(values != np.floor(values)))
    )


def _words(contents: Contents, name: str) -> AnyArray:
    values: AnyArray = contents.words(name)
    values[np.isin(values, np.array(MISSING, WORDS))] = ""
    return values
