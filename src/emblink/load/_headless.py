"""Tables without names of columns: which number the rows, name the items, or label them."""

from __future__ import annotations

import itertools
import re
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
_HALF, _QUARTER = 0.5, 0.25


def look(contents: Contents) -> tuple[Seen, list[str]]:
    """Look at the outer columns of a table whose columns are called by their place.

    Returns
    -------
    seen : Seen
    notes : list of str
        What was found, for people.
    """
    known = _Known(contents)
    names = list(contents.columns)
    found: dict[str, str] = {}
    while names and (kind := _of_first(known, names, found)):
        found[names.pop(0)] = kind
    while len(names) > 1 and (kind := _of_last(known, names, found)):
        found[names.pop()] = kind
    ids = next((name for name, kind in found.items() if kind == "id"), None)
    aside = tuple(name for name, kind in found.items() if kind in _NOTES and kind != "id")
    doubts = {
        name: _DOUBTS[kind].format(where=contents.where, what=_called(name), name=name)
        for name, kind in found.items()
        if kind in _DOUBTS
    }
    notes = [
        _NOTES[kind].format(where=contents.where, what=_called(name), name=name)
        for name, kind in found.items()
        if kind in _NOTES
    ]
    return Seen(ids, aside, doubts), notes


def look_for_rows(contents: Contents) -> tuple[Seen, list[str]]:
    """Look whether the first of columns that are numbered alike numbers the rows."""
    firsts = [name for name in contents.columns if _FIRST.fullmatch(name)]
    families = sorted((_counted_on(contents, first) for first in firsts), key=len, reverse=True)
    for first, *others in families[:_MOST_FAMILIES]:
        if len(others) < _FEWEST - 1 or contents.columns[first].kind != "numbers":
            continue
        values = contents.column(first)
        if not _is_whole(values) or values[0] not in (0, 1) or not _steps(values):
            continue
        dims = _Others.of(_Known(contents), others)
        if _of_unique(values, dims, has_ids=False) == "index":
            note = _NOTES["index"].format(where=contents.where, what=_called(first))
            return Seen(aside=(first,)), [note]
    return Seen(), []


def _counted_on(contents: Contents, first: str) -> list[str]:
    """Return the columns that are numbered on from a first one."""
    match = _FIRST.fullmatch(first)
    if match is None:
        return []
    width = len(match[2])
    numbers = itertools.count(int(match[2]))
    names = (f"{match[1]}{number:0{width}}{match[3]}" for number in numbers)
    found = itertools.takewhile(lambda one: one is not None, map(contents.columns.get, names))
    return [column.name for column in found if column]


def are_places(names: Sequence[str]) -> bool:
    """Whether names say no more than the place of their columns, as tools name those without."""
    match = _PLACE.fullmatch(names[0]) if names else None
    if match is None:
        return False
    start = int(match[2])
    return [*names] == [f"{match[1]}{start + i}" for i in range(len(names))]


_FIRST = re.compile(r"(|.*?\D)(0+|0*1)(\D*)")
_FEWEST = 3
"""Columns numbered alike of which the first may number the rows."""
_MOST_FAMILIES = 8
"""Of such columns are looked at, for each look reads one: those of the most columns."""
_PLACE = re.compile(r"((?:V|Var|Col|Column|_c|Field|Unnamed: |\.\.\.|)[_ ]?)([01])", re.IGNORECASE)
"""How pandas, R, MATLAB, KNIME, SAS, Spark, polars, DuckDB and Excel call a first column."""


def _called(name: str) -> str:
    return name if name.startswith("column") else f"column {name!r}"


_NOTES = {
    "index": "{what} of {where} numbers the rows, and is no dimension (--vector '*' takes it)",
    "id": "{what} of {where} holds the ids: it has another value in each row (--id names others)",
    "text": "{what} of {where} holds texts: name it with text= (--text {name})",
    "repeated": "{what} of {where} holds words of which some repeat, so that they are no ids",
    "label": "{what} of {where} repeats a few values, and is no dimension: if they are labels, "
    "name it with labels= (--label {name})",
}
_DOUBTS = {
    "id?": "{what} of {where} holds another whole number in each row: ids, or a dimension? Name it "
    "with id= (--id {name}), or name the vectors: --vector '*' for all columns",
    "label?": "{what} of {where} holds a few whole numbers that repeat: labels, or a dimension? "
    "Name it with labels= (--label {name}), or name the vectors: --vector '*' for all columns",
}


def _of_first(known: _Known, names: Sequence[str], found: dict[str, str]) -> str | None:
    name, *rest = names
    if len(found) > 2 or not known.any_dim(rest):
        return None
    has_ids = "id" in found.values()
    contents = known.contents
    if contents.columns[name].kind == "words":
        return _of_words(contents, name, has_ids=has_ids)
    if contents.columns[name].kind != "numbers":
        return None
    others = _Others.of(known, rest)
    values = contents.column(name)
    held = values[np.isfinite(values)]
    if not _is_whole(held):
        return None
    if len(held) < len(values):
        numbers = len(held) * 2 > len(values) and _rises(held)
        return "id?" if numbers and others.rising < _HALF else None
    if len(np.unique(values)) == len(values):
        return _of_unique(values, others, has_ids=has_ids)
    return _of_repeated(values, others)


def _of_last(known: _Known, names: Sequence[str], found: dict[str, str]) -> str | None:
    *rest, name = names
    if "?" in "".join(found.values()) or not known.any_dim(rest):
        return None
    contents = known.contents
    if contents.columns[name].kind == "words":
        return _of_words(contents, name, has_ids="id" in found.values())
    if contents.columns[name].kind != "numbers":
        return None
    values = contents.column(name)
    if not _is_whole(values):
        return None
    others = _Others.of(known, rest)
    if len(np.unique(values)) == len(values):
        enough = len(values) >= _FEW
        return _of_unique(values, others, has_ids="id" in found.values()) if enough else None
    return _of_repeated(values, others)


def _of_words(contents: Contents, name: str, *, has_ids: bool) -> str | None:
    if holds_lists(contents, name):
        return None
    values = contents.words(name).tolist()
    words = [word for word in values if word]
    distinct = len({*words})
    if 2 <= distinct <= min(len(words) / 2, _MOST_LABELS):
        return "label"
    if sum(" " in word.strip() for word in words) * 2 > len(words):
        return "text"
    if has_ids or distinct < 2:
        return None
    return "id" if distinct == len(values) else "repeated"


@dataclass(frozen=True)
class _Others:
    """The columns that may be dims beside one: how they are filled."""

    n_dims: int
    fractions: float = 1.0
    """Share that holds numbers that are not whole."""
    rising: float = 0.0
    codes: float = 0.0
    """Share of whole numbers that are few, and repeat, as codes of classes do."""
    least: float = -np.inf
    most: float = np.inf

    @classmethod
    def of(cls, known: _Known, names: Sequence[str]) -> _Others:
        numbers = [name for name in names if known.contents.columns[name].kind == "numbers"]
        if any(map(known.lists, names)):
            return cls(1)
        if not numbers:
            return cls(0)
        step = max(1, len(numbers) // _SAMPLED)
        sampled = [known.whole(name) for name in numbers[::step]]
        whole = [one for one in sampled if one is not None]
        n = len(sampled)
        return cls(
            len(numbers),
            1 - len(whole) / n,
            sum(one.rises for one in whole) / n,
            sum(one.codes for one in whole) / n,
            min((one.least for one in whole), default=-np.inf),
            max((one.most for one in whole), default=np.inf),
        )


@dataclass(frozen=True)
class _Whole:
    """A column of whole numbers: whether they go up, are codes, and how far they go."""

    rises: bool
    codes: bool
    least: float
    most: float


class _Known:
    """Facts of columns that are asked for again with each column at an edge."""

    def __init__(self, contents: Contents) -> None:
        self.contents = contents
        self._whole: dict[str, _Whole | None] = {}
        self._lists: dict[str, bool] = {}

    def whole(self, name: str) -> _Whole | None:
        """Describe a column of numbers, None where not all are whole."""
        if name not in self._whole:
            values = self.contents.column(name)
            self._whole[name] = (
                _Whole(_rises(values), _are_codes(values), float(values.min()), float(values.max()))
                if _is_whole(values)
                else None
            )
        return self._whole[name]

    def lists(self, name: str) -> bool:
        """Whether a column holds lists."""
        if name not in self._lists:
            self._lists[name] = holds_lists(self.contents, name)
        return self._lists[name]

    def any_dim(self, names: Sequence[str]) -> bool:
        """Whether a column of numbers or lists is among these."""
        kinds = self.contents.columns
        return any(kinds[name].kind == "numbers" for name in names) or any(map(self.lists, names))


def _is_whole(values: AnyArray) -> bool:
    if values.dtype.kind not in "iuf" or not len(values) or not np.all(np.isfinite(values)):
        return False
    return bool(np.all(values == np.floor(values)))


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
    if many and values[0] in (0, 1) and _steps(values) and others.rising < _HALF:
        return "index"
    if others.fractions == 1 or (many and _rises(values) and others.rising < _HALF):
        return "index" if has_ids else "id"
    return "id?" if others.fractions > _HALF and not has_ids else None


def _of_repeated(values: AnyArray, others: _Others) -> str | None:
    codes = np.unique(values)
    if others.n_dims < 2 or not 2 <= len(codes) <= min(len(values) / 2, _MOST_LABELS):
        return None
    if others.fractions == 1:
        return "label"
    beyond = codes[0] < others.least or codes[-1] > others.most
    apart = _are_codes(values) and (others.codes <= _QUARTER or beyond)
    return "label?" if others.fractions >= _HALF or apart else None
