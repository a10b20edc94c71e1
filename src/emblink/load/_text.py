"""Readers of text: words and their vectors, or one word or number per line, for ids."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from emblink.errors import ReadError
from emblink.load._arrays import Arrays, arrays
from emblink.load._blocks import Vectors
from emblink.load._columns import Column, Contents
from emblink.load._streams import opened
from emblink.load._wordbin import BinaryRows
from emblink.load._wordtext import TextRows, find_layout
from emblink.words import WORDS

LINES = "line"


def read_lines(path: Path, words: frozenset[str]) -> Contents:
    """Read vectors where the lines are words and numbers, else one column named ``line``."""
    layout = find_layout(path)
    if layout is not None:
        return word_vectors(TextRows(path, layout))
    try:
        with opened(path) as stream:
            lines = stream.read().decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise ReadError(f"{path.name} is not UTF-8 text ({error}); save it as UTF-8") from error
    return arrays(path.name, {LINES: np.array(lines, WORDS)}, typed=False)


def read_vec(path: Path, words: frozenset[str]) -> Contents:
    """Open a text file of words and their vectors."""
    layout = find_layout(path)
    if layout is None:
        raise ReadError(
            f"{path.name} holds no vectors; expected lines of a word and its numbers, as "
            "word2vec, GloVe and fastText write them"
        )
    return word_vectors(TextRows(path, layout))


def read_word2vec(path: Path, words: frozenset[str]) -> Contents:
    """Open a binary file of word2vec."""
    return word_vectors(BinaryRows(path))


def word_vectors(rows: TextRows | BinaryRows) -> Contents:
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
