"""Vectors as word2vec writes them in binary: a line ``rows dims``, then each word and its bytes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from emblink.errors import ReadError
from emblink.load._blocks import BLOCK, Place, StoredRows
from emblink.load._memory import allocate
from emblink.load._streams import opened
from emblink.types import AnyArray

_HEAD = re.compile(rb"(\d{1,12}) (\d{1,7})\r?\n")
_FASTTEXT = (793712314).to_bytes(4, "little")
_FASTTEXT_MODEL = (
    "{where} is a model of fastText, not vectors; take the .vec beside it, or in Python "
    "model = fasttext.load_model({where!r}); np.savez('vectors.npz', ids=model.words, "
    "vectors=[model[word] for word in model.words])"
)
_CHUNK = 1 << 22
_LONGEST_WORD = 4096


class BinaryRows(StoredRows):
    """The rows of a word2vec file: the words at once, numbers when asked for."""

    def __init__(self, path: Path) -> None:
        self.where = path.name
        self.dtype = np.dtype(np.float32)
        self._path = path
        with opened(path) as stream:
            start = stream.read(64)
        head = _HEAD.match(start)
        if start.startswith(_FASTTEXT):
            raise ReadError(_FASTTEXT_MODEL.format(where=self.where))
        if head is None:
            raise ReadError(_no_words(self.where))
        self._offset = head.end()
        self.shape = (int(head[1]), int(head[2]))
        size, least = path.stat().st_size, self.shape[0] * (4 * self.shape[1] + 1)
        if not self.shape[1]:
            raise ReadError(f"{self.where} says that its vectors have 0 numbers; write it again")
        if path.suffix.lower() != ".gz" and size < self._offset + least:
            raise ReadError(
                f"{self.where} is truncated: its first line promises {self.shape[0]:,} words of "
                f"{self.shape[1]:,} numbers ({least:,} bytes or more), but the file has {size:,}; "
                "copy or write it again"
            )
        self.words: list[str] = []
        for row, (word, _) in enumerate(self._rows()):
            try:
                self.words.append(word.decode("utf-8"))
            except UnicodeDecodeError as error:
                raise ReadError(
                    f"{self.where} has a word that is not UTF-8 text (row {row}, {word[:20]!a}); "
                    "save it with words in UTF-8"
                ) from error

    def blocks(self) -> Iterator[tuple[Place, AnyArray]]:
        """Read rows block by block."""
        step = max(1, min(len(self), BLOCK // self.shape[1]))
        out = allocate((step, self.shape[1]), self.dtype, self.where)
        start = filled = 0
        for _, numbers in self._rows():
            out[filled] = np.frombuffer(numbers, "<f4")
            filled += 1
            if filled == step or start + filled == len(self):
                yield (slice(start, start + filled), slice(None)), out[:filled]
                start, filled = start + filled, 0

    def _rows(self) -> Iterator[tuple[bytes, bytes]]:
        width = 4 * self.shape[1]
        with opened(self._path) as stream:
            stream.read(self._offset)
            held, at = b"", 0
            for row in range(self.shape[0]):
                if len(held) - at < width + _LONGEST_WORD:
                    held, at = held[at:] + stream.read(width + _CHUNK), 0
                blank = held.find(b" ", at, at + _LONGEST_WORD)
                if blank < 0 or len(held) - blank - 1 < width:
                    raise self._broken(row, ended=len(held) - at <= width + 1)
                end = blank + 1 + width
                yield held[at:blank].lstrip(b"\n"), held[blank + 1 : end]
                at = end
            if (held[at:] + stream.read(64)).strip(b"\r\n"):
                raise ReadError(
                    f"{self.where} goes on after the {self.shape[0]:,} words that its first line "
                    "promises; write it again"
                )

    def _broken(self, row: int, *, ended: bool) -> ReadError:
        what = "ends" if ended else "has no word where one belongs"
        return ReadError(
            f"{self.where} {what} in row {row:,} of the {self.shape[0]:,} that its first line "
            "promises; copy or write it again"
        )


def _no_words(where: str) -> str:
    return (
        f"{where} is no word2vec file (its first line is not 'rows dims'); if it holds plain "
        "numbers, say how they lie: --shape ROWS,DIMS --dtype float32 (in Python "
        f"np.memmap({where!r}, dtype, 'r', shape=shape)); of a fastText model take the .vec"
    )
