"""Readers of text: words and their vectors, or one word or number per line, for ids."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import isfinite
from pathlib import Path

import numpy as np

from emblink.errors import ReadError, VectorError
from emblink.load._arrays import Arrays
from emblink.load._blocks import Vectors
from emblink.load._columns import Column, Contents
from emblink.load._prose import refuse_cells, told
from emblink.load._spaced import is_count
from emblink.load._streams import opened
from emblink.load._wordbin import BinaryRows
from emblink.load._wordtext import TextRows, find_layout
from emblink.load._written import is_number
from emblink.words import WORDS

LINES = "line"


def read_lines(path: Path, words: frozenset[str]) -> Contents:
    """Read vectors where the lines are words and numbers, else one column named ``line``."""
    found = _of_words(path)
    if found is not None:
        return found
    try:
        with opened(path) as stream:
            lines = stream.read().decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise ReadError(f"{path.name} is not UTF-8 text ({error}); save it as UTF-8") from error
    return Lines(path.name, lines)


class Lines(Arrays):
    """Lines of text: ids or labels, and no vectors."""

    typed = False

    def __init__(self, where: str, lines: list[str]) -> None:
        refuse_cells(where, lines)
        column = {LINES: Column(LINES, "words", "StringDType()", (len(lines),))}
        super().__init__(where, column, lambda _: np.array(lines, WORDS))
        self._lines = lines

    def vectors(self, names: Sequence[str]) -> Vectors:
        """Say what the lines are instead."""
        raise VectorError(f"{self.where} holds no vectors: {told(self.where, self._lines)}")


def _of_words(path: Path) -> Contents | None:
    """Open words and numbers; a comment above them is refused as what it is."""
    layout = find_layout(path)
    if layout is None:
        return None
    with opened(path) as stream:
        first = stream.readline(4096).removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
    cells = first.split()
    if first.startswith(("#", "%", "//")) and not all(map(is_number, cells[1:])):
        raise ReadError(
            f"line 1 of {path.name} begins with {cells[0]!r}, and has words where numbers belong: "
            "if it is a comment, delete it"
        )
    whole = cells if first.endswith("\n") else cells[:-1]
    counted = layout.n_rows is None and whole and is_count(whole)
    if counted and any(b"." in line for line in [*_few_lines(path)][1:]):
        raise ReadError(
            f"line 1 of {path.name} counts the columns ({cells[0]} {cells[1]} …), and is no row: "
            "delete it"
        )
    rows = TextRows(path, layout)
    if not rows.words:
        _refuse_counted(path)
    if rows.words and all(map(_WITH_NUMBER.match, rows.words)):
        raise ReadError(
            f"the words of {path.name} end in a number after another sign than a blank "
            f"({rows.words[0][-30:]!r}), which would be no dimension; part words and numbers alike"
        )
    contents = word_vectors(rows)
    if layout.n_rows is None and rows.words and all(word.isdigit() for word in rows.words):
        contents.notes = (
            f"the first number on each line of {path.name} was read as an id: all are whole, the "
            "others are not; where they are a dimension, save the file as .csv with names",
        )
    return contents


def _refuse_counted(path: Path) -> None:
    """Refuse fractions beside which the first or last number of each line counts the lines.

    Raises
    ------
    ReadError
        With the format in which it is told from dims.
    """
    cells = [line.split() for line in _few_lines(path)]
    cells = [line for line in cells if len(line) > 2 and all(map(_is_plain, line))]
    if len(cells) < _LEAST:
        return
    for what, at in (("first", 0), ("last", -1)):
        outer = [float(line[at]) for line in cells]
        inner = (float(cell) for line in cells for cell in (line[1:] if at == 0 else line[:-1]))
        rising = all(one.is_integer() for one in outer) and all(a < b for a, b in pairwise(outer))
        if rising and not all(one.is_integer() for one in inner):
            raise ReadError(
                f"the {what} number on each line of {path.name} is whole and goes up, as ids and "
                "numbers of rows do; save the file as .csv, which tells these from dims, or "
                f"without them: np.savetxt({path.name!r}, vectors)"
            )


def _few_lines(path: Path) -> Iterator[bytes]:
    """Return the first lines, as far as these are no more than a megabyte."""
    left = _LONGEST_LOOKED_AT
    with opened(path) as stream:
        for _ in range(_LOOKED_AT):
            line = stream.readline(left)
            left -= len(line)
            if not line or left <= 0:
                return
            yield line


def _is_plain(cell: bytes) -> bool:
    try:
        return isfinite(float(cell))
    except ValueError:
        return False


_LOOKED_AT, _LONGEST_LOOKED_AT = 200, 1 << 20
_LEAST = 5
_WITH_NUMBER = re.compile(r".*[,;|:=]\s*[-+]?\d*\.\d+(?:[eE][-+]?\d+)?$", re.DOTALL)


def read_vec(path: Path, words: frozenset[str]) -> Contents:
    """Open a text file of words and their vectors."""
    found = _of_words(path)
    if found is None:
        raise ReadError(
            f"{path.name} holds no vectors; expected lines of a word and its numbers, as "
            "word2vec, GloVe and fastText write them"
        )
    return found


def read_word2vec(path: Path, words: frozenset[str]) -> Contents:
    """Open a binary file of word2vec."""
    return word_vectors(BinaryRows(path))


def word_vectors(rows: TextRows | BinaryRows) -> Arrays:
    """Show the words twice: as the ids that they are, and as the text to read."""
    columns = {"vectors": Column("vectors", "vectors", "float32", rows.shape)}
    if not rows.words:
        return Arrays(rows.where, columns, lambda _: rows, noun="column")
    held = np.array(rows.words, WORDS)
    n_rows = (len(held),)
    there = {name: Column(name, "words", "str", n_rows) for name in ("id", "word")}

    def get(name: str) -> Vectors:
        return rows if name == "vectors" else held

    return Arrays(rows.where, {**there, **columns}, get, noun="column")
