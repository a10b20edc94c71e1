"""Ids that would be the same but for how they are written."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable

from emblink.types import AnyArray


def _plain_zeros(word: str) -> str:
    return re.sub(r"(?<![\d.])0+(?=\d)", "", word)


def _bare_path(word: str) -> str:
    name = re.split(r"[/\\]", word.strip().rstrip("/\\"))[-1]
    return re.sub(r"(?<=.)(?:\.[A-Za-z]\w{0,4}){1,2}$", "", name)


def _bare_time(word: str) -> str:
    if not re.match(r"\d{4}-\d\d-\d\d[T ]\d", word):
        return word
    return re.sub(r"(\.0+)?(Z|\+00(:?00)?)?$", "", word.replace(" ", "T", 1))


def _whole(word: str) -> str:
    found = re.fullmatch(r"\s*([-+]?\d+)\.0*\s*", word)
    if found:
        return found[1]
    wide = re.fullmatch(r"\s*\d(?:\.\d+)?[eE]\+?\d{1,2}\s*", word)
    return str(int(float(word))) if wide and float(word).is_integer() else word


_WAYS: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("zeros in front", _plain_zeros),
    ("capital letters", str.casefold),
    ("blanks", lambda word: " ".join(word.split())),
    ("the folder or the ending of a path", _bare_path),
    ("how a time is written", _bare_time),
    ("a point and zeros", _whole),
    (
        "signs that part thousands",
        lambda word: re.sub(r"(?<=\d)[, '_\u00a0\u202f](?=\d{3}(?!\d))", "", word),
    ),
    ("quote signs", lambda word: re.sub(r"^b(?=['\"])", "", word).strip("\"'`")),
    ("dashes, underscores and blanks", lambda word: re.sub(r"[\s_{}\u2010-\u2015-]+", "", word)),
    ("how Unicode writes letters", lambda word: unicodedata.normalize("NFKC", word)),
)


_MOST = 200_000
"""Ids of a side that are looked at: each takes a few microseconds."""


def _every_way(word: str) -> str:
    for at in (7, 9, 2, 3, 6, 5, 4, 1, 8, 0):  # the outer signs before the inner
        word = _WAYS[at][1](word)
    return word


def hint(a: AnyArray, b: AnyArray) -> str | None:
    """Say how many ids of ``b`` would be in ``a`` but for how they are written."""
    here, there = {*a.tolist()}, {*b.tolist()}
    left, right = sorted(here - there)[:_MOST], sorted(there - here)[:_MOST]
    if not left or not right or not _alike(left, right, _every_way):
        return None
    best = ""
    found: dict[str, str] = {}
    for what, written in (*_WAYS, ("how they are written", _every_way)):
        alike = _alike(left, right, written)
        if len(alike) > len(found):
            best, found = what, alike
    if not found:
        return None
    word, other = next(iter(sorted(found.items())))
    more = " or" if _MOST in (len(left), len(right)) else ""
    return (
        f"{len(found):,}{more} more ids would be the same but for {best} ({other!r} and "
        f"{word!r}), and {len(here & there):,} are; write them alike"
    )


def _alike(
    left: Iterable[str], right: Iterable[str], written: Callable[[str], str]
) -> dict[str, str]:
    """Return the words of the right that one of the left alone is like, and that one."""
    known, others = _alone(left, written), _alone(right, written)
    return {word: known[form] for form, word in others.items() if form in known}


def _alone(words: Iterable[str], written: Callable[[str], str]) -> dict[str, str]:
    forms = {word: written(word) for word in words}
    counts = Counter(forms.values())
    return {form: word for word, form in forms.items() if form and counts[form] == 1}
