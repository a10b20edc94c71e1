"""Which columns of a file are its ids, its vectors, and what describes its items."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from fnmatch import fnmatchcase
from itertools import chain, takewhile

from emblink.errors import InputError
from emblink.load._columns import Column, Contents, held_as, listed
from emblink.load._families import RIVALS, families, refuse_unread
from emblink.load._leftovers import leftovers, no_array, nothing, refuse_long, refuse_mixed
from emblink.load._sqlfaults import shortened
from emblink.load._within import (
    in_records,
    is_of_records,
    is_sparse_record,
    is_whole,
    lies_in,
    lists_within,
    numbered_within,
)
from emblink.load._written import (
    EMBEDDED,
    NAMED,
    holds_lists,
    is_encoded,
    refuse_unclear,
    sample,
)
from emblink.wording import OWN_PICTURES

ID_NAMES = ("id", "ids", "item_id", "_id")
"""Columns taken for ids when none is named, the first that is there."""
ALL = "*"
"""The pattern that takes all numbers as they are, of arrays too."""


def id_column(contents: Contents, named: str | None = None) -> str | None:
    """Return the column of ids: the one named when it is there, else a usual name, else None."""
    for name in (named, *ID_NAMES, contents.seen.ids):
        if name is not None and (name in contents.columns or name in contents.fields):
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
    found = _chosen(contents, key=key, vector=vector, others=others)
    refuse_unclear(contents, found)
    return found


def _chosen(
    contents: Contents, *, key: str | None, vector: str | None, others: Collection[str]
) -> tuple[str, ...]:
    pattern = key or vector
    if pattern is not None:
        matching = _matching(contents, pattern, others)
        if matching:
            return matching
        if key is not None or contents.noun == "column":
            raise InputError(
                f"{contents.where} has no {contents.noun} {pattern!r}; "
                f"its {contents.noun}s: {listed(contents)}"
            )
    if contents.noun == "array":
        candidates = [(name,) for name in compared_names(contents)[0] if name not in others]
        return _the_one(contents, candidates) if candidates else _only_array(contents, others)
    return _of_table(contents, others)


def _of_table(contents: Contents, others: Collection[str]) -> tuple[str, ...]:
    for name, question in contents.seen.doubts.items():
        if name not in others:
            raise InputError(question)
    others = {*others, *contents.seen.aside}
    fields = contents.fields
    columns = contents.columns.values()
    free = [one for one in columns if one.name not in others and one.name not in fields]
    found: list[tuple[str, ...]] = [(c.name,) for c in free if c.kind == "vectors"]
    found += [(column.name,) for column in free if holds_lists(contents, column.name)]
    numbered = families(contents, {*others, *fields})
    inner, doubtful = lists_within(contents, others) if not _named_so(found) else ([], [])
    found += [(name,) for name in inner]
    within = [*inner, *doubtful]
    sealed = [
        column.name
        for column in free
        if _is_sealed(contents, column) and not any(lies_in(one, column.name) for one in within)
    ]
    if not found and not numbered:
        numbered = numbered_within(contents, others, doubtful)
    if not found:
        hidden = sealed or [column.name for column in free if is_encoded(contents, column)]
        if hidden and not numbered:
            raise InputError(_unread(contents, hidden[0]))
        most = max(map(len, numbered), default=1)
        refuse_unread(contents, others, most)
        rest = leftovers(contents, {*others, *chain(*numbered)}) if most < RIVALS else ()
        if len(rest) > most and not numbered:
            refuse_long(contents, rest)
            refuse_mixed(contents, others, rest)
        found = [*numbered, rest] if len(rest) > most else numbered
        if not found:
            raise nothing(contents, others)
    else:
        found += [names for names in numbered if len(names) >= RIVALS]
    if not _named_so(found):
        found += [(name,) for name in (*sealed, *doubtful)]
    return _the_one(contents, found)


def _named_so(found: Sequence[tuple[str, ...]]) -> bool:
    """Whether any of the candidates is called what vectors are called."""
    return any(EMBEDDED.search(names[0].lower()) for names in found)


def _the_one(contents: Contents, found: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Return the only candidate, or ask which, the likelier first."""
    if len(found) == 1:
        return found[0]
    ranked = sorted(found, key=lambda names: _unlikely(contents, names))
    first = ranked[0]
    named = first[0] if len(first) == 1 else f"{_shared(first)}*"
    option = f"{contents.where}::{named}"
    if contents.noun == "column":
        option += f" (--vector {named!r})" if "*" in named else f" (--vector {named})"
    raise InputError(
        f"{contents.where} has several {contents.noun}s of vectors: "
        f"{', '.join(title(names) for names in found)}; name one: {option}"
    )


def _shared(names: Sequence[str]) -> str:
    """Return what all names begin with."""
    same = takewhile(lambda characters: len({*characters}) == 1, zip(*names, strict=False))
    return "".join(characters[0] for characters in same)


def title(names: Sequence[str]) -> str:
    """Return the columns that hold vectors, in few words."""
    if len(names) < 3:
        return " and ".join(names)
    return f"{len(names):,} columns {names[0]} … {names[-1]}"


def _unlikely(contents: Contents, names: tuple[str, ...]) -> tuple[bool, int, bool]:
    column = held_as(contents, names[0])
    return (not EMBEDDED.search(names[0].lower()), -len(names), is_whole(column))


def vector_names(contents: Contents) -> tuple[str, ...]:
    """Return the columns that hold a vector per item, whole."""
    return tuple(column.name for column in contents.columns.values() if column.kind == "vectors")


def compared_names(contents: Contents) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the vectors that are spaces where none is named, and notes of those that are not."""
    names = vector_names(contents)
    drawn = tuple(name for name in names if is_own(name))
    if not drawn or len(drawn) == len(names):
        return names, ()
    kept = tuple(name for name in names if name not in drawn)
    return kept, (OWN_PICTURES.format(names=", ".join(drawn)),)


def is_own(name: str) -> bool:
    """Tell whether an array of cells is a picture that ``to_anndata`` wrote.

    Parameters
    ----------
    name : str
        Without its modality.

    Returns
    -------
    bool
    """
    return name.startswith("X_emblink_")


def _matching(contents: Contents, pattern: str, others: Collection[str]) -> tuple[str, ...]:
    """Return the columns of a name or pattern; patterns leave out those with another part."""
    if pattern in contents.columns or pattern in contents.fields:
        return (pattern,)
    found = [name for name in contents.columns if fnmatchcase(name, pattern)]
    return tuple([name for name in found if name not in others] or found)


def _only_array(contents: Contents, others: Collection[str]) -> tuple[str, ...]:
    free = [column for column in contents.columns.values() if column.name not in others]
    plain = [column.name for column in free if column.kind != "pictures"]
    if len(plain) == 1:
        return (plain[0],)
    raise no_array(contents)


def _unread(contents: Contents, name: str) -> str:
    column = contents.columns[name]
    held = column.dtype if len(column.dtype) < _LONGEST else f"{column.dtype[:_LONGEST]}…"
    what = f"column {name!r} of {contents.where} looks like the vectors, but holds {held}"
    kind = next((way for sign, way in _HELD.items() if column.dtype.startswith(sign)), None)
    if is_of_records(column):
        kind = in_records(name)
    if column.dtype.endswith("[][]"):
        kind = "a list of lists: pool them to one vector for each item"
    if is_sparse_record(contents, name):
        kind = "a sparse vector: save the numbers of all dims"
    return (
        f"{what} ({kind or _of_words(contents, name)}); save lists of numbers, or name "
        "other columns: --vector COLUMN (--vector 'prefix*' for numbered ones)"
    )


_LONGEST = 80
_HELD = {
    "BLOB": "raw bytes, which do not say their type: turn each into a list of numbers "
    "(np.frombuffer(value, dtype=np.float32), or json.loads(value) where fastparquet wrote them)",
    "STRUCT": "a record: save its numbers as a list",
    "MAP": "a mapping: save its numbers as a list",
}
"""What columns hold that are no vectors, by how their types begin."""


def _of_words(contents: Contents, name: str) -> str:
    """Say what words are that are no lists of numbers."""
    words = sample(contents, name) if contents.columns[name].kind == "words" else []
    if not words:
        return "words that are no lists of numbers"
    such = f"words that are no lists of numbers, such as {shortened(words[0])}"
    if is_encoded(contents, contents.columns[name]):
        such += "; of base64, np.frombuffer(base64.b64decode(word), dtype=np.float32)"
    return such


def _is_sealed(contents: Contents, column: Column) -> bool:
    """Whether a column looks like vectors that cannot be read as they are."""
    if column.kind == "other":
        inside = any(
            one.kind == "vectors" and lies_in(field, column.name)
            for field, one in contents.fields.items()
        )
        return inside or column.dtype == "BLOB" or bool(EMBEDDED.search(column.name.lower()))
    return column.kind == "words" and bool(NAMED.fullmatch(column.name.lower()))
