"""Vectors written as text, a word and its numbers on each line: word2vec, GloVe, fastText."""

from __future__ import annotations

import itertools
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from emblink.errors import ReadError
from emblink.load._blocks import Place, StoredRows
from emblink.load._streams import WIDEST, decoded, lines, opened
from emblink.types import AnyArray

LOOKED_AT = 64
"""Lines that tell how a file is written."""
_ROWS = 1 << 20
"""Numbers parsed together."""
_LONGEST_WORD = 4096


@dataclass(frozen=True)
class Layout:
    """How the lines of a file are written."""

    n_dims: int
    n_rows: int | None = None
    """What the first line says, where it says ``rows dims``; None: it is the first row."""
    has_words: bool = True

    @property
    def first(self) -> int:
        """The number of the line that holds row 0, counted from 1."""
        return 1 if self.n_rows is None else 2


def find_layout(path: Path) -> Layout | None:
    """Look at the first lines; None where they are no vectors."""
    with opened(path) as stream:
        head = list(itertools.islice(lines(stream, path.name), LOOKED_AT + 1))
    if not head:
        return None
    head[0] = head[0].removeprefix(b"\xef\xbb\xbf")
    for number, line in enumerate(head, 1):
        width = line.count(b" ") + line.count(b"\t") + 1
        if width > WIDEST:
            _refuse_numbers(path.name, number, line, width)
            return None
    said = head[0].split()
    if len(said) == 2 and all(word.isdigit() and len(word) < 19 for word in said):
        n_rows, n_dims = int(said[0]), int(said[1])
        if 0 < n_dims < 1 << 22 and (n_rows == 0 or _fits(head[1:], n_dims)):
            return Layout(n_dims, n_rows)
    rows = [line.split() for line in head[:LOOKED_AT] if line.strip()]
    if not rows:
        return None
    width = Counter(map(len, rows)).most_common(1)[0][0]
    if all(_numbers(row) == width == len(row) > 1 for row in rows) and not _numbered(rows):
        return Layout(width, has_words=False)
    alike = sum(len(row) >= width and _numbers(row[-width + 1 :]) == width - 1 for row in rows)
    return Layout(width - 1) if width > 2 and alike * 2 > len(rows) else None


def _refuse_numbers(where: str, number: int, line: bytes, width: int) -> None:
    """Refuse a line that begins with numbers, of which it has too many; a text may be as long."""
    begin = line[:_LONGEST_WORD].split()[1:-1]
    if begin and _numbers(begin) * 2 > len(begin):
        raise ReadError(
            f"line {number} of {where} has {width:,} cells; expected at most {WIDEST:,}, a word "
            "and its numbers: write it again with an end of line after each row, or save the "
            "vectors as .npy"
        )


def _fits(rows: list[bytes], n_dims: int) -> bool:
    """Whether rows are of words and about as many numbers as the first line says."""
    return any(_numbers(row.split()[1:]) >= min(n_dims, 2) for row in rows)


def _numbered(rows: list[list[bytes]]) -> bool:
    """Whether rows begin with whole numbers and go on with others: ids, and no first dimension."""
    whole = all(row[0].lstrip(b"-").isdigit() for row in rows)
    return whole and any(not cell.lstrip(b"-").isdigit() for row in rows for cell in row[1:])


def _numbers(cells: list[bytes]) -> int:
    return sum(map(_is_number, cells))


def _is_number(cell: bytes) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return b"_" not in cell


class TextRows(StoredRows):
    """The rows of a file of words and numbers: the words at once, numbers when asked for."""

    def __init__(self, path: Path, layout: Layout) -> None:
        self.where = path.name
        self.dtype = np.dtype(np.float32)
        self._path = path
        self._layout = layout
        words: list[str] = []
        count = 0
        for number, (line, text) in enumerate(self._lines(), 1):
            count = number
            word, _ = self._split(text, line)
            if layout.has_words:
                words.append(decoded(word, self.where, line))
        if layout.n_rows is not None and count != layout.n_rows:
            raise ReadError(
                f"{self.where} promises {layout.n_rows:,} words on its first line, but has "
                f"{count:,}; copy or write it again"
            )
        self.words = words
        self.shape = (count, layout.n_dims)

    def blocks(self) -> Iterator[tuple[Place, AnyArray]]:
        """Parse rows block by block."""
        step = max(1, _ROWS // self.shape[1])
        rows = self._lines()
        for start in range(0, len(self), step):
            found = list(itertools.islice(rows, step))
            block = self._parsed(found)
            if len(block) != min(step, len(self) - start):
                raise ReadError(f"{self.where} changed while it was read; compare again")
            yield (slice(start, start + len(block)), slice(None)), block

    def _lines(self) -> Iterator[tuple[int, bytes]]:
        """Number the lines that hold rows; empty lines at the end hold none."""
        with opened(self._path) as stream:
            empty = 0
            for line, text in enumerate(lines(stream, self.where), 1):
                text = text.removeprefix(b"\xef\xbb\xbf") if line == 1 else text
                if line < self._layout.first:
                    continue
                if not text.strip():
                    empty = empty or line
                    continue
                if empty:
                    raise ReadError(f"{self.where} has an empty line {empty}; write it again")
                yield line, text

    def _split(self, text: bytes, line: int) -> tuple[bytes, list[bytes]]:
        """Cut the numbers off the end of a line: words may hold blanks."""
        n_dims = self._layout.n_dims
        if b"\r" in text:
            raise ReadError(
                f"{self.where} has a line within line {line}, which ends in CR alone; save it with "
                "one end of lines, LF or CR LF"
            )
        cells = text.rsplit(None, n_dims)
        if len(cells) < n_dims or (len(cells) == n_dims and not self._blank_word(text)):
            raise self._wrong(line, len(text.split()) - 1)
        if len(cells) == n_dims:
            word = text[: len(text) - len(text.lstrip()) - 1] if self._layout.has_words else b""
            return word, cells
        word = cells[0]
        if not self._layout.has_words:
            raise self._wrong(line, len(text.split()))
        last = word.split()[1:]
        if last and (_is_number(last[-1]) or 2 * _numbers(last) >= n_dims):
            raise self._wrong(line, n_dims + max(_trailing(last), _numbers(last)))
        if len(word) > _LONGEST_WORD:
            raise ReadError(
                f"{self.where} begins line {line} with a word of {len(word):,} bytes; "
                "expected a word and its numbers on each line"
            )
        return word, cells[1:]

    def _blank_word(self, text: bytes) -> bool:
        return not self._layout.has_words or len(text) - len(text.lstrip()) > 1

    def _wrong(self, line: int, count: int) -> ReadError:
        expected = self._layout.n_dims
        return ReadError(
            f"{self.where} has {max(count, 0):,} numbers on line {line}, where others have "
            f"{expected:,}; expected a word and {expected:,} numbers on each line: "
            "mend or delete the line"
        )

    def _parsed(self, found: list[tuple[int, bytes]]) -> AnyArray:
        rows = [self._split(text, line)[1] for line, text in found]
        n_dims = self._layout.n_dims
        text = b" ".join(itertools.chain.from_iterable(rows)).decode("latin-1")
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                numbers = np.fromstring(text, np.float64, sep=" ")
        except (DeprecationWarning, ValueError):
            numbers = np.empty(0)
        if numbers.size != len(rows) * n_dims:
            numbers = np.array(
                [self._row(row, line) for row, (line, _) in zip(rows, found, strict=True)]
            )
        with np.errstate(over="ignore"):
            return numbers.reshape(len(rows), n_dims).astype(np.float32)

    def _row(self, cells: list[bytes], line: int) -> list[float]:
        for cell in cells:
            if not _is_number(cell):
                hint = " (decimal commas: write points)" if b"," in cell else ""
                raise ReadError(
                    f"{self.where} has {cell[:20].decode('latin-1')!r} among the numbers of line "
                    f"{line}{hint}; expected a word and {self._layout.n_dims:,} numbers on each "
                    "line: mend or delete the line"
                )
        return [float(cell) for cell in cells]


def _trailing(cells: list[bytes]) -> int:
    return sum(1 for _ in itertools.takewhile(_is_number, reversed(cells)))
