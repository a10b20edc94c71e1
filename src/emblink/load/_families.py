"""Columns of numbers that are vectors together: numbered alike."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping
from itertools import pairwise

from emblink.errors import InputError
from emblink.load._columns import Column, Contents
from emblink.load._written import is_number, mostly_numbers, sample

RIVALS = 4
"""Fewer numbered columns beside a column of lists are no other candidate."""
_LIKE_NUMBER = re.compile(r"\W*\d")
_NUMBERED = re.compile(r"(.*?)(\d+)(\D*)")


def families(
    contents: Contents, others: Collection[str], fields: Mapping[str, Column] | None = None
) -> list[tuple[str, ...]]:
    """Return columns numbered alike without a gap from 0 or 1, such as ``d0`` and ``d1``.

    ``fields`` are those of records, to be looked at in place of columns.

    Raises
    ------
    InputError
        A family that has a gap or a number twice is larger than all that are whole.
    """
    taken: dict[tuple[str, str], set[int]] = defaultdict(set)
    members: dict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
    unread: dict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
    columns = contents.columns if fields is None else fields
    for name, column in columns.items():
        match = _NUMBERED.fullmatch(name)
        if match and name in others:
            taken[match[1].casefold(), match[3].casefold()].add(int(match[2]))
        elif match and (column.kind == "numbers" or mostly_numbers(contents, name)):
            members[match[1].casefold(), match[3].casefold()].append((int(match[2]), name))
        elif match and column.kind == "words":
            unread[match[1].casefold(), match[3].casefold()].append((int(match[2]), name))
    whole: list[list[tuple[int, str]]] = []
    broken: list[list[tuple[int, str]]] = []
    for key, found in members.items():
        if len(found) > 1:
            known = {number for number, _ in found}
            once = len(known) == len(found)
            known |= taken[key]
            first = min(known)
            fits = first in (0, 1) and once and max(known) - first + 1 == len(known)
            del known
            (whole if fits else broken).append(found)
            if unread[key]:
                _refuse_beside(contents, sorted(found), unread[key])
    most = max((len(found) for found in whole), default=RIVALS - 1)
    for found in broken:
        if len(found) > most:
            raise InputError(_fault(contents, sorted(found)))
    return [tuple(name for _, name in sorted(found)) for found in whole]


def _refuse_beside(
    contents: Contents, found: list[tuple[int, str]], unread: list[tuple[int, str]]
) -> None:
    """Refuse to go without a column beside a family that holds numbers written in other ways."""
    numbers = {number for number, _ in found}
    for number, name in unread:
        if number in numbers or not {number - 1, number + 1} & numbers:
            continue
        words = sample(contents, name)
        if words and sum(_LIKE_NUMBER.match(word) is not None for word in words) * 2 <= len(words):
            continue
        beside = f"beside the numbered columns {found[0][1]} … {found[-1][1]}"
        bad = next((word for word in words if contents.typed or not is_number(word)), "")
        what = f"holds words ({bad[:20]!r}) {beside}" if words else f"is empty, {beside}"
        raise InputError(
            f"column {name} of {contents.where} {what}; write plain numbers such as 1234.5, or "
            "rename it if it is no dimension"
        )


def refuse_unread(contents: Contents, others: Collection[str], most: int) -> None:
    """Refuse to pass over a family larger than ``most`` whose numbers are all written otherwise.

    Raises
    ------
    InputError
        With the first of its words.
    """
    members: dict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
    for name, column in contents.columns.items():
        match = _NUMBERED.fullmatch(name)
        if match and name not in others and column.kind == "words":
            members[match[1].casefold(), match[3].casefold()].append((int(match[2]), name))
    for found in members.values():
        names = [name for _, name in sorted(found)]
        if len(names) <= max(most, RIVALS - 1):
            continue
        words = sample(contents, names[0])
        if not words or sum(_IN_FIGURES.fullmatch(word) is not None for word in words) < len(words):
            continue
        odd = next((word for word in words if not is_number(word)), "")
        what = f"numbers written in another way ({odd[:20]!r})" if odd else "words"
        raise InputError(
            f"the numbered columns {names[0]} … {names[-1]} of {contents.where} hold {what}; "
            "write plain numbers such as 1234.5, or name the vectors: --vector COLUMN"
        )


_IN_FIGURES = re.compile(r"\s*[-+−(]?\W{0,2}\d[\d.,'\s]*(?:[eEdD][-+−]?\d+)?\s*[%‰)]?\s*")
"""Numbers as people and other tools write them, with thousands, percent, or Fortran's D."""


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
    there_are = set(numbers)
    gap = next(i for i in range(numbers[0], numbers[-1]) if i not in there_are)
    near = _NUMBERED.fullmatch(found[0][1])
    lacking = f"{near[1]}{gap}{near[3]}" if near else str(gap)
    there = contents.columns.get(lacking)
    why = f"{lacking} holds {there.dtype}" if there else f"there is no {lacking}"
    return f"{what} have a gap: {why}; mend the file, or {option}"


def prefix(name: str) -> str:
    """Return what stands before the number in a name."""
    match = _NUMBERED.fullmatch(name)
    return match[1] if match else name
