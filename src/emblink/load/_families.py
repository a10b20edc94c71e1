"""Columns of numbers that are vectors together: numbered alike, or all that there are."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection
from itertools import pairwise

import numpy as np

from emblink.errors import InputError
from emblink.load._columns import Contents, listed
from emblink.load._written import is_number_column, sample

RIVALS = 4
"""Fewer numbered columns beside a column of lists are no other candidate."""
_NUMBERED = re.compile(r"(.*?)(\d+)(\D*)")
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
_COMMA = re.compile(r"-?\d+,\d+")


def families(contents: Contents, others: Collection[str]) -> list[tuple[str, ...]]:
    """Return columns numbered alike without a gap from 0 or 1, such as ``d0`` and ``d1``.

    Raises
    ------
    InputError
        A family that has a gap or a number twice is larger than all that are whole.
    """
    members: dict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
    for name in contents.columns:
        match = _NUMBERED.fullmatch(name)
        if match and name not in others and is_number_column(contents, name):
            members[match[1].casefold(), match[3].casefold()].append((int(match[2]), name))
    whole: list[list[tuple[int, str]]] = []
    broken: list[list[tuple[int, str]]] = []
    for found in members.values():
        numbers = [number for number, _ in found]
        first = min(numbers)
        if len(found) > 1:
            fits = first in (0, 1) and sorted(numbers) == list(range(first, first + len(found)))
            (whole if fits else broken).append(found)
    most = max((len(found) for found in whole), default=RIVALS - 1)
    for found in broken:
        if len(found) > most:
            raise InputError(_fault(contents, sorted(found)))
    return [tuple(name for _, name in sorted(found)) for found in whole]


def _fault(contents: Contents, found: list[tuple[int, str]]) -> str:
    numbers = [number for number, _ in found]
    what = f"the numbered columns {found[0][1]} … {found[-1][1]} of {contents.where}"
    option = f"name the vectors: --vector '{prefix(found[0][1])}*' takes these as they are"
    for (number, name), (after, twin) in pairwise(found):
        if number == after:
            twice = f"{what} have the number {number} twice ({name} and {twin})"
            return f"{twice}; rename one, or {option}"
    if numbers[0] > 1:
        return f"{what} begin at {numbers[0]}, and not at 0 or 1: some are missing; {option}"
    gap = next(i for i in range(numbers[0], numbers[-1]) if i not in numbers)
    near = _NUMBERED.fullmatch(found[0][1])
    lacking = f"{near[1]}{gap}{near[3]}" if near else str(gap)
    there = contents.columns.get(lacking)
    why = f"{lacking} holds {there.dtype}" if there else f"there is no {lacking}"
    return f"{what} have a gap: {why}; mend the file, or {option}"


def prefix(name: str) -> str:
    match = _NUMBERED.fullmatch(name)
    return match[1] if match else name


def leftovers(contents: Contents, others: Collection[str]) -> tuple[str, ...]:
    """Return all number columns that describe no item, where nothing else can be vectors."""
    free = [name for name in contents.columns if name not in others]
    numbers = [name for name in free if is_number_column(contents, name)]
    heads = Counter(_head(name) for name in numbers)
    kept = [
        name
        for name in numbers
        if not _DESCRIBES.fullmatch(name.lower())
        or (_head(name) and heads[_head(name)] * 2 > len(numbers) > 2)
    ]
    whole = [name for name in kept if _is_whole(contents, name)]
    if len(kept) > 2 * len(whole):
        kept = [name for name in kept if name not in whole]
    if len(kept) < 2:
        more = f"; numbers that describe items: {', '.join(numbers)}" if numbers else ""
        commas = [
            name
            for name in free
            if not contents.typed
            and contents.columns[name].kind == "words"
            and all(_COMMA.fullmatch(word) for word in sample(contents, name) or [""])
        ]
        if commas:
            more += "; some hold decimal commas: save them with points"
        raise none(contents, more and f"{more}; name the vectors: --vector COLUMN")
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


def none(contents: Contents, more: str = "") -> InputError:
    return InputError(
        f"{contents.where} has no vectors; expected an array (n_items, n_dims), a column of "
        f"lists of numbers, or numbered columns (d0, d1 …); its {contents.noun}s: "
        f"{listed(contents)}{more}"
    )
