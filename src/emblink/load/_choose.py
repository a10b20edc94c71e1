"""Which columns of a file are its ids, its vectors, and what describes its items."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from fnmatch import fnmatchcase
from itertools import pairwise

import numpy as np

from emblink.errors import InputError
from emblink.load._columns import MISSING, Column, Contents, listed
from emblink.load._duck import LISTS, SCALARS
from emblink.load._items import LABELS, USUAL_NAMES
from emblink.types import AnyArray
from emblink.words import WORDS

ID_NAMES = ("id", "ids", "item_id")
"""Columns taken for ids when none is named, the first that is there."""


def id_column(contents: Contents, named: str | None = None) -> str | None:
    """Return the column of ids: the one named when it is there, else a usual name, else None."""
    for name in (named, *ID_NAMES):
        if name is not None and name in contents.columns:
            return name
    return None


def vector_columns(
    contents: Contents, *, key: str | None, vector: str | None, others: Collection[str]
) -> tuple[str, ...]:
    """Return the vector column, or the number columns that together are the vectors.

    Parameters
    ----------
    contents : Contents
    key, vector : str or None
        A name, or a pattern such as ``emb_*``; the key is of this source alone.
    others : collection of str
        Columns with another part: ids, label, text.

    Raises
    ------
    InputError
        Nothing fits, or several columns do; with the columns there are.
    """
    pattern = key or vector
    if pattern is not None:
        matching = _matching(contents, pattern)
        if matching:
            return matching
        if key is not None or contents.noun == "column":
            raise InputError(
                f"{contents.where} has no {contents.noun} {pattern!r}; "
                f"its {contents.noun}s: {listed(contents)}"
            )
    candidates = [(name,) for name in vector_names(contents) if name not in others]
    if contents.noun == "array":
        if not candidates:
            return _only_array(contents, others)
        return _the_one(contents, candidates)
    free = [column for column in contents.columns.values() if column.name not in others]
    candidates += [(column.name,) for column in free if _holds_lists(contents, column.name)]
    sealed = [column.name for column in free if _is_sealed(contents, column)]
    families = _families(contents, others)
    long = [names for names in families if len(names) >= _RIVALS or not candidates]
    found = [*candidates, *long]
    if not found and sealed:
        raise InputError(_unread(contents, sealed[0]))
    if sealed and not any(_EMBEDDED.search(names[0].lower()) for names in found):
        found += [(name,) for name in sealed]
    if found:
        return _the_one(contents, found)
    return _leftovers(contents, others)


def _the_one(contents: Contents, found: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Return the only candidate, or ask which, the likelier first."""
    if len(found) == 1:
        return found[0]
    ranked = sorted(found, key=lambda names: _unlikely(contents, names))
    first = ranked[0]
    named = first[0] if len(first) == 1 else f"{_prefix(first[0])}*"
    option = f"{contents.where}::{named}"
    if contents.noun == "column":
        option += f" (--vector {named!r})" if "*" in named else f" (--vector {named})"
    raise InputError(
        f"{contents.where} has several {contents.noun}s of vectors: "
        f"{', '.join(title(names) for names in found)}; name one: {option}"
    )


def title(names: Sequence[str]) -> str:
    """Return the columns that hold vectors, in few words."""
    if len(names) < 3:
        return " and ".join(names)
    return f"{len(names):,} columns {names[0]} … {names[-1]}"


def _unlikely(contents: Contents, names: tuple[str, ...]) -> tuple[bool, int, bool]:
    column = contents.columns[names[0]]
    whole = re.search("INT", column.dtype) is not None
    return (not _EMBEDDED.search(names[0].lower()), -len(names), whole)


def vector_names(contents: Contents) -> tuple[str, ...]:
    """Return the columns that hold a vector per item, whole."""
    return tuple(column.name for column in contents.columns.values() if column.kind == "vectors")


def item_columns(
    contents: Contents, taken: Collection[str], n_rows: int, named: Collection[str] = ()
) -> dict[str, AnyArray]:
    """Return the columns that describe the ``n_rows`` items of a file, read.

    ``named`` are those that were asked for, fields of records such as ``payload.text`` among them.
    """
    fields = contents.fields
    asked = [fields[name] for name in named if name in fields]
    return {
        column.name: _read(contents, column.name, named)
        for column in [*contents.columns.values(), *asked]
        if column.name not in taken
        and column.kind in ("numbers", "words", "pictures")
        and column.shape[0] == n_rows
    }


def left_out(contents: Contents, taken: Collection[str], n_rows: int) -> str | None:
    """Say which columns are neither vectors nor describe the items, None where there are none."""
    out = [
        f"{column.name} ({_short(column.dtype)})"
        for column in contents.columns.values()
        if column.name not in taken
        and (
            column.kind in ("other", "vectors")
            or (contents.noun == "array" and column.shape[:1] != (n_rows,))
        )
        and not (contents.noun == "array" and column.kind == "vectors")
    ]
    if not out:
        return None
    fields = [name for name, one in contents.fields.items() if one.kind == "words"]
    way = f"; fields can be named, such as --text {fields[0]}" if fields else ""
    return f"left out of {contents.where}: {', '.join(out)}{way}"


def _short(kind: str) -> str:
    return (
        "a pickle of objects" if kind == "object" else kind if len(kind) < 40 else kind[:36] + " …"
    )


def _read(contents: Contents, name: str, named: Collection[str]) -> AnyArray:
    """Read a column; labels and texts as they are written where the format has no numbers."""
    label = name in named or name.lower() in (*USUAL_NAMES["label"], *LABELS, *USUAL_NAMES["text"])
    if contents.typed or not label:
        return contents.column(name)
    values: AnyArray = contents.words(name)
    values[np.isin(values, np.array(MISSING, WORDS))] = ""
    return values


def _matching(contents: Contents, pattern: str) -> tuple[str, ...]:
    if pattern in contents.columns or pattern in contents.fields:
        return (pattern,)
    return tuple(name for name in contents.columns if fnmatchcase(name, pattern))


def _only_array(contents: Contents, others: Collection[str]) -> tuple[str, ...]:
    free = [column for column in contents.columns.values() if column.name not in others]
    plain = [column.name for column in free if column.kind != "pictures"]
    if len(plain) == 1:
        return (plain[0],)
    raise _none(contents)


def _none(contents: Contents, more: str = "") -> InputError:
    return InputError(
        f"{contents.where} has no vectors; expected an array (n_items, n_dims), a column of "
        f"lists of numbers, or numbered columns (d0, d1 …); its {contents.noun}s: "
        f"{listed(contents)}{more}"
    )


def _unread(contents: Contents, name: str) -> str:
    column = contents.columns[name]
    what = f"column {name!r} of {contents.where} looks like the vectors, but holds {column.dtype}"
    ways = {
        "BLOB": "raw bytes, which do not say their type: turn each into a list of numbers "
        "(np.frombuffer(value, dtype=np.float32))",
        "STRUCT": "a record: save its numbers as a list",
    }
    kind = next((way for sign, way in ways.items() if column.dtype.startswith(sign)), None)
    fields = contents.fields
    inside = [field for field, one in fields.items() if one.kind == "vectors"]
    inside = [field for field in inside if field.startswith(f"{name}.")]
    if inside:
        return f"{what}; its vectors are read with --vector {inside[0]}"
    return (
        f"{what} ({kind or 'words that are no lists of numbers'}); save lists of numbers, or name "
        "other columns: --vector COLUMN (--vector 'prefix*' for numbered ones)"
    )


def _is_sealed(contents: Contents, column: Column) -> bool:
    """Whether a column looks like vectors that cannot be read as they are."""
    if column.kind == "other":
        fields = contents.fields
        inside = any(
            one.kind == "vectors" and field.startswith(f"{column.name}.")
            for field, one in fields.items()
        )
        return inside or column.dtype == "BLOB" or bool(_EMBEDDED.search(column.name.lower()))
    return column.kind == "words" and bool(_NAMED.fullmatch(column.name.lower()))


def _is_number_column(contents: Contents, name: str) -> bool:
    return contents.columns[name].kind == "numbers" or _mostly_numbers(contents, name)


def _families(contents: Contents, others: Collection[str]) -> list[tuple[str, ...]]:
    """Return columns numbered alike without a gap from 0 or 1, such as ``d0`` and ``d1``.

    Raises
    ------
    InputError
        A family that has a gap or a number twice is larger than all that are whole.
    """
    members: dict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
    for name in contents.columns:
        match = _NUMBERED.fullmatch(name)
        if match and name not in others and _is_number_column(contents, name):
            members[match[1].casefold(), match[3].casefold()].append((int(match[2]), name))
    whole: list[list[tuple[int, str]]] = []
    broken: list[list[tuple[int, str]]] = []
    for found in members.values():
        numbers = [number for number, _ in found]
        first = min(numbers)
        if len(found) > 1:
            fits = first in (0, 1) and sorted(numbers) == list(range(first, first + len(found)))
            (whole if fits else broken).append(found)
    most = max((len(found) for found in whole), default=_RIVALS - 1)
    for found in broken:
        if len(found) > most:
            raise InputError(_fault(contents, sorted(found)))
    return [tuple(name for _, name in sorted(found)) for found in whole]


def _fault(contents: Contents, found: list[tuple[int, str]]) -> str:
    numbers = [number for number, _ in found]
    what = f"the numbered columns {found[0][1]} … {found[-1][1]} of {contents.where}"
    option = f"name the vectors: --vector '{_prefix(found[0][1])}*' takes these as they are"
    for (number, name), (after, twin) in pairwise(found):
        if number == after:
            twice = f"{what} have the number {number} twice ({name} and {twin})"
            return f"{twice}; rename one, or {option}"
    if numbers[0] > 1:
        return f"{what} begin at {numbers[0]}, and not at 0 or 1: some are missing; {option}"
    there_are = set(numbers)
    gap = next(i for i in range(numbers[0], numbers[-1]) if i not in there_are)
    near = _NUMBERED.fullmatch(found[0][1])
    lacking = f"{near[1]}{gap}{near[3]}" if near else str(gap)
    there = contents.columns.get(lacking)
    why = f"{lacking} holds {there.dtype}" if there else f"there is no {lacking}"
    return f"{what} have a gap: {why}; mend the file, or {option}"


def _prefix(name: str) -> str:
    match = _NUMBERED.fullmatch(name)
    return match[1] if match else name


def _leftovers(contents: Contents, others: Collection[str]) -> tuple[str, ...]:
    """Return all number columns that describe no item, where nothing else can be vectors."""
    free = [name for name in contents.columns if name not in others]
    numbers = [name for name in free if _is_number_column(contents, name)]
    heads = Counter(_head(name) for name in numbers)
    kept = [
        name
        for name in numbers
        if not _DESCRIBES.fullmatch(name.lower())
        or (_head(name) and heads[_head(name)] * 2 > len(numbers) > 2)
    ]
    whole = {name for name in kept if _is_whole(contents, name)}
    if len(kept) > 2 * len(whole):
        kept = [name for name in kept if name not in whole]
    if len(kept) < 2:
        more = f"; numbers that describe items: {', '.join(numbers)}" if numbers else ""
        commas = [
            name
            for name in free
            if not contents.typed
            and contents.columns[name].kind == "words"
            and all(_COMMA.fullmatch(word) for word in _sample(contents, name) or [""])
        ]
        if commas:
            more += "; some hold decimal commas: save them with points"
        raise _none(contents, more and f"{more}; name the vectors: --vector COLUMN")
    return tuple(kept)


def _head(name: str) -> str:
    """Return what stands before the last sign that parts words, such as ``f`` of ``f_n``."""
    return re.split(r"[_. -](?=[^_. -]*$)", name)[0] if re.search(r"[_. -]", name) else ""


def _is_whole(contents: Contents, name: str) -> bool:
    if "INT" in contents.columns[name].dtype.upper():
        return True
    values = contents.column(name)
    if values.dtype.kind != "f":
        return values.dtype.kind in "iu"
    held = values[np.isfinite(values)]
    return bool(np.all(held == np.floor(held)))


def _mostly_numbers(contents: Contents, name: str) -> bool:
    """Whether words are numbers but for a few, which the reader must refuse and not pass over."""
    if contents.typed or contents.columns[name].kind != "words":
        return False
    filled = [word for word in contents.column(name).tolist() if word not in MISSING]
    return sum(_is_number(word) for word in filled) * 2 > len(filled)


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True


def _sample(contents: Contents, name: str) -> list[str]:
    words = contents.column(name).tolist()
    return [word for word in words if word.strip() not in MISSING][:_LOOKED_AT]


def _holds_lists(contents: Contents, name: str) -> bool:
    """Whether a column of words holds lists of numbers that are written out, in any notation."""
    if contents.columns[name].kind != "words":
        return False
    sample = _sample(contents, name)
    bare = _NAMED.fullmatch(name.lower()) is not None
    sizes = [_size(word, bare=bare) for word in sample]
    return bool(sizes) and sum(size > 1 for size in sizes) * 2 >= len(sizes)


def _size(word: str, *, bare: bool) -> int:
    """Return how many numbers a list has that is written out; 0 where it is none."""
    match = LISTS.fullmatch(SCALARS.sub(r"\1", word))
    inside = match["inside"] if match else word if bare else ""
    cells = [cell for cell in re.split(r"[\s,;|]+", inside.strip(" \t\r\n,")) if cell]
    numbers = sum(_is_number(cell) for cell in cells)
    return len(cells) if numbers * 2 > len(cells) else 0


_RIVALS = 4
"""Fewer numbered columns beside a column of lists are no other candidate."""
_LOOKED_AT = 50
_NUMBERED = re.compile(r"(.*?)(\d+)(\D*)")
_COMMA = re.compile(r"-?\d+,\d+")
_EMBEDDED = re.compile(r"emb|vec|feature|latent|hidden|repr")
_NAMED = re.compile(r"(.*[_. -])?(embeddings?|emb|embs|vectors?|vec)([_. -].*)?")
_WORDS_OF_ITEMS = (
    "n|num|no|nr|count|score|rank|year|month|day|date|time|timestamp|age|price|cost|rating|stars|"
    "length|len|tokens|chars|words|size|width|height|weight|area|prob|probability|confidence|"
    "loss|page|position|pos|start|end|offset|row|rowid|line|version|batch|fold|split|seed|epoch|step|"
    "index|idx|id|ids|key|uuid|guid|code|label|labels|target|targets|class|classes|cluster|"
    "clusters|category|group|cell_type|leiden|louvain|species|lat|lon|latitude|longitude|total|"
    "amount|views|likes|votes|distance|similarity|freq|frequency"
)
_DESCRIBES = re.compile(
    rf"__index_level_\d+__|(.*[_. -])?({_WORDS_OF_ITEMS})|(n|num|is|has|id)[_. -].*|[a-z]*id|"
    rf"unnamed.*|({_WORDS_OF_ITEMS})[_. -].*"
)
"""Names, in small letters, of numbers that describe an item and are none of its dims."""
