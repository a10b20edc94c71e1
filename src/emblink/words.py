"""Columns of words as two plain columns: where each begins, and the UTF-8 bytes of all."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from emblink.errors import InputError
from emblink.types import AnyArray, IntArray

WORDS = np.dtypes.StringDType()


def check_text(text: str, what: str) -> str:
    """Return a text that can be written as UTF-8, as it is.

    Parameters
    ----------
    text : str
    what : str
        What the text names, for the error: ``"the space"``.

    Returns
    -------
    str

    Raises
    ------
    InputError
        It holds half of a surrogate pair, as names of files do that are not UTF-8.
    """
    if any("\ud800" <= sign <= "\udfff" for sign in text):
        raise InputError(
            f"{what} {text!a} is not Unicode text (it holds half of a surrogate pair, as "
            "bytes that are not UTF-8 leave); rename it"
        )
    return text


def as_words(values: AnyArray) -> AnyArray:
    """Return ``values`` as an array of words; whole floats lose their ``.0``, NaN becomes ``""``.

    Parameters
    ----------
    values : array of shape (n,)
        Words, numbers or booleans.

    Returns
    -------
    array of shape (n,), StringDType
    """
    if values.dtype.kind == "f":
        missing = np.isnan(values)
        filled = np.where(missing, 0, values)
        whole = np.isfinite(filled) & (filled == np.floor(filled))
        words = np.array(
            [
                str(int(x)) if is_whole else str(x)
                for x, is_whole in zip(filled.tolist(), whole.tolist(), strict=True)
            ],
            dtype=WORDS,
        )
        words[missing] = ""
        return words
    return np.asarray(values).astype(WORDS)


def pack(words: AnyArray) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    """Return ``(offsets, utf8)``: word ``i`` is ``utf8[offsets[i]:offsets[i + 1]]``.

    Parameters
    ----------
    words : array of shape (n,)
        Words of any string dtype.

    Returns
    -------
    offsets : array of shape (n + 1,), int64
    utf8 : array of shape (n_bytes,), uint8
    """
    encoded = [word.encode() for word in words.tolist()]
    offsets = np.zeros(len(encoded) + 1, dtype=np.int64)
    np.cumsum([len(word) for word in encoded], out=offsets[1:])
    return offsets, np.frombuffer(b"".join(encoded), dtype=np.uint8)


def unpack(offsets: IntArray, utf8: NDArray[np.uint8]) -> AnyArray:
    """Return the words that :func:`pack` was given.

    Parameters
    ----------
    offsets : array of shape (n + 1,)
    utf8 : array of shape (n_bytes,), uint8

    Returns
    -------
    array of shape (n,), StringDType
    """
    text = utf8.tobytes()
    ends = offsets.tolist()
    words = [text[i:j].decode() for i, j in pairwise(ends)]
    return np.array(words, dtype=WORDS)


def categories(words: AnyArray) -> tuple[NDArray[np.int32], list[str]]:
    """Return each word's category and the categories, most frequent first.

    Parameters
    ----------
    words : array of shape (n,)
        ``""`` is missing.

    Returns
    -------
    codes : array of shape (n,), int32
        -1 where the word is missing.
    names : list of str
        Ties in alphabetical order.
    """
    names, inverse, counts = np.unique(words, return_inverse=True, return_counts=True)
    order = np.argsort(-counts, kind="stable")
    order = order[np.asarray(names[order] != "", dtype=bool)]
    code = np.full(len(names), -1, dtype=np.int32)
    code[order] = np.arange(len(order), dtype=np.int32)
    return code[inverse.reshape(-1)], [str(name) for name in names[order]]


_MARKED = re.compile(r"[\\`*_\[\]<>|#]|:(?=//)|(?<=mailto):|(?<=www)\.", re.IGNORECASE)
"""Signs that Markdown reads, and those by which GitHub makes links of bare addresses."""


def in_markdown(words: str) -> str:
    """Return words that Markdown shows as they are, on one line: no mark, tag or link.

    Parameters
    ----------
    words : str

    Returns
    -------
    str
    """
    return _MARKED.sub(r"\\\g<0>", " ".join(words.split()))
