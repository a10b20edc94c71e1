"""Reader of plain text: one word or number per line, for ids."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from emblink.errors import ReadError
from emblink.load._columns import Contents, arrays
from emblink.words import WORDS

LINES = "line"


def read_lines(path: Path, words: frozenset[str]) -> Contents:
    """Read a text file as one column named ``line``."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise ReadError(f"{path.name} is not UTF-8 text ({error}); save it as UTF-8") from error
    return arrays(path.name, {LINES: np.array(lines, WORDS)}, typed=False)
