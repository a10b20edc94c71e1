"""Tables without names of columns: which number the rows, name the items, or label them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from emblink.load._columns import Contents, Seen
from emblink.load._written import holds_lists
from emblink.types import AnyArray

_SAMPLED = 64
"""Columns that the first and the last are held against."""
_FEW = 5
"""Rows below which whole numbers that go up may be so by chance."""
_MOST_LABELS = 1000


def look(contents: Contents) -> tuple[Seen, list[str]]:
    """Look at the outer columns of a table whose columns are called by their place.

    Returns
    -------
    seen : Seen
    notes : list of str
        What was found, for people.
    """
    names = list(contents.columns)
    found: dict[str, str] = {}
    while names and (kind := _of_first(contents, names, found)):
        found[names.pop(0)] = kind
    while len(names) > 1 and (kind := _of_last(contents, names, found)):
        found[names.pop()] = kind
    ids = next((name for name, kind in found.items() if kind == "id"), None)
    aside = tuple(name for name, kind in found.items() if kind in ("index", "label"))
    doubts = {
        name: _DOUBTS[kind].format(where=contents.where, name=name)
        for name, kind in found.items()
        if kind in _DOUBTS
    }
    notes = [
        _NOTES[kind].format(where=contents.where, name=name)
        for name, kind in found.items()
        if kind in _NOTES
    ]
    return Seen(ids, aside, doubts), notes


_NOTES = {
    "index": "{name} of {where} numbers the rows, and is no dimension (--vector '*' takes it)",
    "id": "{name} of {where} holds the ids: it has another value in each row (--id names others)",
    "label": "{name} of {where} repeats a few values, and is no dimension: if they are labels, "
    "name it with labels= (--label {name})",
}
_DOUBTS = {
    "id?": "{name} of {where} holds another whole number in each row: ids, or a dimension? Name it "
    "with id= (--id {name}), or name the vectors: --vector '*' for all columns",
    "label?": "{name} of {where} holds a few whole numbers that repeat: labels, or a dimension? "
    "Name it with labels= (--label {name}), or name the vectors: --vector '*' for all columns",
}


def _of_first(contents: Contents, names: Sequence[str], found: dict[str, str]) -> str | None:
    name, *rest = names
    others = _Others.of(contents, rest)
    if len(found) > 2 or not others.n_dims:
        return None
    has_ids = "id" in found.values()
    if contents.columns[name].kind == "words":
        kind = _of_words(contents, name)
        return None if kind == "id" and has_ids else kind
    values = _whole(contents, name)
    if values is None:
        return None
    if len(np.unique(values)) == len(values):
        return _of_unique(values, others, has_ids=has_ids)
    return _of_repeated(values, others)


def _of_last(contents: Contents, names: Sequence[str], found: dict[str, str]) -> str | None:
    *rest, name = names
    others = _Others.of(contents, rest)
    if "?" in "".join(found.values()) or not others.n_dims:
        return None
    if contents.columns[name].kind == "words":
        kind = _of_words(contents, name)
        return None if kind == "id" and "id" in found.values() else kind
    values = _whole(contents, name)
    if values is None or len(np.unique(values)) == len(values):
        return None
    return _of_repeated(values, others)


def _of_words(contents: Contents, name: str) -> str | None:
    if holds_lists(contents, name):
        return None
    values = contents.words(name)
    words = [word for word in values.tolist() if word]
    distinct = len({*words})
    if distinct == len(values):
        return "id"
    return "label" if 2 <= distinct <= min(len(words) / 2, _MOST_LABELS) else None


@dataclass(frozen=True)
class _Others:
    """The columns that may be dims beside one: how they are filled."""

    n_dims: int
    fractions: float
    """Share that holds numbers that are not whole."""
    rising: float
    alike: float
    """Share of whole numbers that are few, and repeat, as codes of classes do."""

    @classmethod
    def of(cls, contents: Contents, names: Sequence[str]) -> _Others:
        numbers = [name for name in names if contents.columns[name].kind == "numbers"]
        if any(holds_lists(contents, name) for name in names):
            return cls(1, 1.0, 0.0, 0.0)
        step = max(1, len(numbers) // _SAMPLED)
        sampled = [_whole(contents, name) for name in numbers[::step]]
        whole = [values for values in sampled if values is not None]
        n = max(1, len(sampled))
        return cls(
            len(numbers) if len(numbers) > 1 else 0,
            1 - len(whole) / n,
            sum(_rises(values) for values in whole) / n,
            sum(_are_codes(values) for values in whole) / n,
        )


def _whole(contents: Contents, name: str) -> AnyArray | None:
    """Return whole numbers, or None where a column holds others, or lacks one."""
    if contents.columns[name].kind != "numbers":
        return None
    values = contents.column(name)
    if values.dtype.kind not in "iuf" or not np.all(np.isfinite(values)):
        return None
    return values if np.all(values == np.floor(values)) else None


def _rises(values: AnyArray) -> bool:
    return bool(np.all(values[1:] > values[:-1]))


def _are_codes(values: AnyArray) -> bool:
    codes = np.unique(values)
    few = 2 <= len(codes) <= min(len(values) / 2, _MOST_LABELS)
    return few and (len(codes) == 2 or (codes[0] in (0, 1) and _steps(codes)))


def _steps(values: AnyArray) -> bool:
    return bool(np.all(values[1:] - values[:-1] == 1))


def _of_unique(values: AnyArray, others: _Others, *, has_ids: bool) -> str | None:
    many = len(values) >= _FEW or others.fractions == 1
    if many and values[0] in (0, 1) and _steps(values) and others.rising < 0.5:
        return "index"
    if has_ids:
        return None
    if others.fractions == 1 or (many and _rises(values) and others.rising < 0.5):
        return "id"
    return "id?" if others.fractions > 0.5 else None


def _of_repeated(values: AnyArray, others: _Others) -> str | None:
    codes = np.unique(values)
    if not 2 <= len(codes) <= min(len(values) / 2, _MOST_LABELS):
        return None
    if others.fractions == 1:
        return "label"
    if others.fractions >= 0.5 or (_are_codes(values) and others.alike <= 0.25):
        return "label?"
    return None
