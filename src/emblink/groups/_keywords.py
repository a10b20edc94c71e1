"""Words that tell the texts of a group from those of the other items."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, compress
from operator import itemgetter
from typing import NamedTuple

import numpy as np

from emblink.groups._enrich import LEVEL, hypergeometric_tail
from emblink.stats import benjamini_hochberg, sample_items
from emblink.types import AnyArray, FloatArray, GroupWord, IntArray
from emblink.words import as_words

MOST_WORDS = 8
MOST_SAMPLED = 200_000

_FEWEST_MEMBERS = 2
_MOST_CHARACTERS = 4000
"""Of each text: what is distinctive of a long document shows in its beginning."""
_HAN_KANA = "々〆\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_HANGUL = "\u1100-\u11ff\u3130-\u318f\uac00-\ud7af"


@dataclass(frozen=True, eq=False)
class Texts:
    """A column of texts, and how many of a sample of them have each word.

    Attributes
    ----------
    column : str
    texts : array of shape (n_items,), StringDType
    sampled : array of shape (n_sampled,), int64
        Ascending rows; all of them where there are at most 200,000.
    frequency : Counter
        How many of the sampled texts have each word.
    n_words : int
        Its total: words of all sampled texts, each text counting a word once.
    n_shared : int
        Words that at least two sampled texts have.
    is_text : bool
        Whether it is the column with the role of text.
    """

    column: str
    texts: AnyArray
    sampled: IntArray
    frequency: Counter[str]
    n_words: int
    n_shared: int
    is_text: bool = False


class _Candidates(NamedTuple):
    """Words of at least two members, with how many members and how many items have each."""

    words: list[str]
    inside: IntArray
    among: IntArray
    weights: FloatArray
    tails: FloatArray


def tokens(text: str) -> set[str]:
    """Return the words of a text, each once.

    Parameters
    ----------
    text : str

    Returns
    -------
    set of str
        In lower case. A word begins with a letter and has at least two characters; Chinese and
        Japanese, which put no spaces between words, and Korean give whole runs of any length.
    """
    return set(_pattern().findall(text[:_MOST_CHARACTERS].lower()))


def texts_of(
    column: str, values: AnyArray, *, is_text: bool = False, most: int = MOST_SAMPLED, seed: int = 0
) -> Texts:
    """Count in how many texts of a column each word stands.

    Parameters
    ----------
    column : str
    values : array of shape (n_items,)
    is_text : bool
    most : int
        Of more items a sample of so many is counted.
    seed : int
        Of the sample.

    Returns
    -------
    Texts
        Time grows with the total length of the texts counted.
    """
    words = as_words(values)
    rows = sample_items(len(words), most, seed=seed)
    frequency = _frequency(words[rows].tolist())
    n_shared = sum(count > 1 for count in frequency.values())
    return Texts(column, words, rows, frequency, frequency.total(), n_shared, is_text)


def distinctive_words(members: IntArray, columns: Sequence[Texts]) -> list[GroupWord]:
    """Words that are distinctive of a group's texts: c-TF-IDF of those that chance does not give.

    Parameters
    ----------
    members : array of shape (n_members,)
        Rows of the items.
    columns : sequence of Texts

    Returns
    -------
    list of GroupWord
        At most 8, those of the column with the role of text first, then by weight. ``weight`` is
        ``n * log(1 + A / f)``: ``n`` members have the word, ``f`` items have it, and ``A`` is the
        mean number of words of the two classes, the group and all others; above 0, and comparable
        within a group only. ``n_all`` is estimated where there are more than 200,000 items.

    Notes
    -----
    A text counts a word once, so that one text that repeats itself has no say. Kept are words of
    at least two members whose hypergeometric p, adjusted for all words that two texts have
    (Benjamini and Hochberg), is below 0.05. Of a text 4,000 characters are read. Past 200,000
    items the others are a sample of so many, drawn with a fixed seed; members are all read.
    Misleads where texts have a common source, whose name then stands for the subject.

    References
    ----------
    .. [1] Grootendorst, "BERTopic: Neural topic modeling with a class-based TF-IDF procedure",
       arXiv:2203.05794, 2022.
    """
    candidates = [_candidates(members, column) for column in columns]
    unshared = sum(
        max(0, column.n_shared - len(one.words))
        for column, one in zip(columns, candidates, strict=True)
    )
    tails = np.concatenate([np.ones(unshared), *(one.tails for one in candidates)])
    kept = (benjamini_hochberg(tails) < LEVEL)[unshared:].tolist()
    found = [
        (not column.is_text, -word["weight"], word["word"], word)
        for column, one in zip(columns, candidates, strict=True)
        for word in _weighed(column.column, one)
    ]
    best = sorted(compress(found, kept), key=itemgetter(0, 1, 2))
    return [word for *_, word in best[:MOST_WORDS]]


def _candidates(members: IntArray, column: Texts) -> _Candidates:
    """Weigh the words of at least two members, against the sampled others."""
    read = np.isin(members, column.sampled, assume_unique=True)
    inside = _frequency(column.texts[members].tolist())
    both = inside if read.all() else _frequency(column.texts[members[read]].tolist())
    n, n_others = len(column.texts), len(column.sampled) - int(read.sum())
    scale = (n - len(members)) / max(1, n_others)
    words = sorted(word for word, count in inside.items() if count >= _FEWEST_MEMBERS)
    mine = np.array([inside[word] for word in words], dtype=np.int64)
    theirs = np.array([column.frequency[word] - both[word] for word in words], dtype=np.int64)
    among = mine + np.rint(theirs * scale).astype(np.int64)
    mean_words = (inside.total() + (column.n_words - both.total()) * scale) / 2
    return _Candidates(
        words,
        mine,
        among,
        weights=mine * np.log1p(mean_words / np.maximum(1, among)),
        tails=hypergeometric_tail(
            mine, mine + theirs, n_drawn=len(members), n=len(members) + n_others
        ),
    )


def _weighed(column: str, found: _Candidates) -> list[GroupWord]:
    return [
        {"column": column, "word": word, "n": n, "n_all": n_all, "weight": weight}
        for word, n, n_all, weight in zip(
            found.words,
            found.inside.tolist(),
            found.among.tolist(),
            found.weights.tolist(),
            strict=True,
        )
    ]


def _frequency(texts: Iterable[str]) -> Counter[str]:
    return Counter(chain.from_iterable(map(tokens, texts)))


@cache
def _pattern() -> re.Pattern[str]:
    """Runs of letters, with the marks that Indic scripts write vowels by and inner apostrophes."""
    marks = "".join(
        sign for sign in map(chr, range(0x300, 0x10000)) if unicodedata.category(sign)[0] == "M"
    )
    letter = rf"[^\W\d_{_HAN_KANA}{_HANGUL}]"
    inner = rf"(?:[^\W_{_HAN_KANA}{_HANGUL}]|[{marks}])"
    return re.compile(rf"[{_HAN_KANA}]+|[{_HANGUL}]+|{letter}{inner}+(?:['’]{inner}+)*")
