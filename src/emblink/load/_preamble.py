"""How a file of separated values begins: comments, the separator, points or commas in numbers."""

from __future__ import annotations

import csv
import gzip
import io
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import IO

from emblink.errors import ReadError
from emblink.load._streams import WIDEST, opened

_LOOKED_AT = 40
_LONGEST = 1 << 27
_TITLES = 8
"""Lines among which titles are looked for."""
_ENOUGH = 1 << 22
"""Bytes after which no further line is looked at."""
_COMMENT = re.compile(r"\s*(#|%|//)")
_SEPARATOR = re.compile(r"\s*sep=(.)\s*", re.IGNORECASE)
_WITH_COMMA = re.compile(r"\s*[-+]?\d+,\d+(?:[eE][-+]?\d+)?\s*")
_WITH_POINT = re.compile(r"\s*[-+]?\d*\.\d+(?:[eE][-+]?\d+)?\s*")
_GROUPED = re.compile(r"\s*[-+]?[1-9]\d{0,2}(?:,\d{3})+\s*")
"""What may be a thousand as well as one and a fraction."""


@dataclass(frozen=True)
class Head:
    """How a file begins: its first lines from the names, or the first data, on."""

    lines: tuple[str, ...]
    end: str
    """What ends the lines, as SQL."""
    delimiter: str
    decimal_comma: bool
    skipped: int = 0
    comments: int = 0
    commented: bool = False
    """Whether the names are written as a comment."""

    def notes(self, where: str) -> list[str]:
        """Say what was read in another way than as it is written."""
        notes = []
        if self.comments:
            lines = "first line" if self.comments == 1 else f"first {self.comments} lines"
            notes.append(
                f"the {lines} of {where} {'is a comment' if self.comments == 1 else 'are comments'}"
                ", and not read"
            )
        if self.decimal_comma:
            notes.append(f"{where} writes decimal commas: 0,5 was read as 0.5")
        return notes

    def explained(self, path: Path, error: ReadError) -> ReadError:
        """Return the error of mixed line ends, or a title in the first line, else the one given."""
        if _mixes_ends(path):
            return ReadError(
                f"{path.name} mixes lines that end in CR LF with lines that end in LF alone; save "
                "it with one end of lines"
            )
        where = path.name
        widths = [line.count(self.delimiter) + 1 for line in self.lines[:_TITLES] if line.strip()]
        if len(widths) < _TITLES // 2 or widths[0] >= widths[-1]:
            return error
        titles = next(i for i in range(len(widths)) if len({*widths[i:]}) == 1)
        if titles > len(widths) - 2 or any(width >= widths[-1] for width in widths[:titles]):
            return error
        return ReadError(
            f"line {self.skipped + 1} of {where} has {_cells_said(widths[0])} where those from "
            f"line {self.skipped + titles + 1} on have {widths[-1]}: if it is a title, delete it, "
            "or begin it with #"
        )


def _mixes_ends(path: Path) -> bool:
    with opened(path) as stream:
        return len({line.endswith(b"\r\n") for line in stream if line.endswith(b"\n")}) > 1


def _cells_said(count: int) -> str:
    return "1 cell" if count == 1 else f"{count} cells"


def look_at_head(path: Path, delimiters: str) -> Head:
    """Look at the first lines of a file.

    Parameters
    ----------
    path : Path
    delimiters : str
        Signs of which one parts the cells.

    Raises
    ------
    ReadError
        It is not UTF-8 text, no whole gzip file, or too wide to be a table.
    """
    lines, end = first_lines(path)
    refuse_width(path.name, lines, delimiters)
    said = _SEPARATOR.fullmatch(lines[0]) if lines else None
    start = 1 if said else 0
    rest = [line for line in lines[start:] if not _COMMENT.match(line) and line.strip()]
    delimiter, commas = _parting(rest or lines[start:], said[1] if said else delimiters)
    comments, commented = _comments(lines[start:], rest, delimiter)
    blank = 0
    for line in lines[start + comments :]:
        if line.strip():
            break
        blank += 1
    skipped = start + comments + blank
    _refuse_title(path.name, skipped, lines[skipped:], delimiter)
    return Head(
        tuple(lines[skipped:]), end, delimiter, commas, skipped, comments, commented
    )  # fmt: skip


def refuse_width(where: str, lines: Sequence[str], delimiters: str) -> None:
    """Refuse rows of more cells than a table has columns.

    Raises
    ------
    ReadError
        With the first.
    """
    for number, line in enumerate(lines, 1):
        width = max(map(line.count, delimiters)) + 1
        if width > WIDEST:
            raise ReadError(
                f"line {number} of {where} has {width:,} cells; expected a row for each item, of "
                f"at most {WIDEST:,} columns: write it again with an end of line after each row"
            )


def _refuse_title(where: str, skipped: int, lines: Sequence[str], delimiter: str) -> None:
    """Refuse a first line of one word and empty cells above names, as spreadsheets write titles."""
    first, below = [split_line(line, delimiter) for line in [*lines[:2], "", ""][:2]]
    filled = [cell for cell in first if cell.strip()]
    names = len(below) == len(first) > 2 and all(cell.strip() for cell in below[1:])
    if len(filled) == 1 and first[0] == filled[0] and names:
        raise ReadError(
            f"line {skipped + 1} of {where} has one word, {first[0][:40]!r}, and empty cells: if "
            "it is a title, delete it, or begin it with #"
        )


def _comments(lines: Sequence[str], rest: Sequence[str], delimiter: str) -> tuple[int, bool]:
    """Count the comments at the top, and say whether the names follow as one.

    A comment that has as many cells as the lines below is no comment: names, or a row whose word
    begins with that sign.
    """
    if not rest:
        return 0, False
    width = len(split_line(rest[0], delimiter))
    top = next((i for i, line in enumerate(lines) if not _COMMENT.match(line)), len(lines))
    if width == 1:
        plain = [re.match(r"\s*(#|%|//)\s", line) is not None for line in lines[:top]]
        return (top if all(plain) else 0), False
    whole = [len(split_line(line, delimiter)) == width for line in lines[:top]]
    if not top or not whole[-1]:
        return top, False
    if _are_names(rest, delimiter):
        return top, False
    if not _has_numbers(lines[top - 1], delimiter):
        return top - 1, True
    return next(i for i in range(top) if all(whole[i:])), False


def _are_names(lines: Sequence[str], delimiter: str) -> bool:
    """Whether a line without numbers stands on one with them."""
    first, *below = [_has_numbers(line, delimiter) for line in lines[:2]]
    return not first and any(below)


def _has_numbers(line: str, delimiter: str) -> bool:
    numbers = re.compile(rf"{_WITH_POINT.pattern}|{_WITH_COMMA.pattern}|\s*[-+]?\d+\s*")
    return any(numbers.fullmatch(cell) for cell in split_line(line, delimiter)[1:])


def _parting(lines: Sequence[str], delimiters: str) -> tuple[str, bool]:
    """Return the sign that parts the cells, and whether numbers have commas."""
    for sign in delimiters if len(lines) > 1 else "":
        counts = {line.count(sign) for line in lines if line.strip()}
        if sign != "," and len(counts) == 1 and 0 not in counts and _commas(lines, sign):
            return sign, True
    sign = max(delimiters, key=lines[0].count) if lines else delimiters[0]
    return sign, _commas(lines, sign)


def _commas(lines: Sequence[str], delimiter: str) -> bool:
    """Whether numbers have commas for points; not where they may be thousands, or have points."""
    found = False
    for cell in (cell for line in lines for cell in split_line(line, delimiter)):
        if _WITH_POINT.fullmatch(cell):
            return False
        found = found or bool(_WITH_COMMA.fullmatch(cell) and not _GROUPED.fullmatch(cell))
    return found


def split_line(line: str, delimiter: str) -> list[str]:
    """Return the cells of a line, whatever its quotes and stray line ends."""
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return line.split(delimiter)


def first_lines(path: Path) -> tuple[list[str], str]:
    """Return the first lines of a text file, and what ends them, as SQL.

    Raises
    ------
    ReadError
        It is not UTF-8 text, or no whole gzip file.
    """
    try:
        with opened(path) as stream:
            raw = list(_limited(stream))
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise ReadError(f"{path.name} is no whole gzip file ({error}); write it again") from error
    end = "\\r\\n" if _last_row(raw).endswith(b"\r\n") else "\\n"
    if raw[:1] and b"\r" in raw[0].rstrip(b"\r\n"):
        raw, end = list(_limited(io.BytesIO(raw[0].replace(b"\r", b"\n")))), "\\r"
    try:
        first = [line.decode("utf-8-sig").rstrip("\r\n") for line in raw[:1]]
    except UnicodeDecodeError as error:
        raise ReadError(f"{path.name} is not UTF-8 text ({error}); save it as UTF-8") from error
    return [*first, *(line.decode("utf-8", "replace").rstrip("\r\n") for line in raw[1:])], end


def _last_row(lines: Sequence[bytes]) -> bytes:
    """Return the last line that ends where no cell in quotes is open, else the last that ends."""
    whole = [line for line in lines if line.endswith(b"\n")]
    quotes = accumulate(line.count(b'"') for line in whole)
    ends = [line for line, count in zip(whole, quotes, strict=True) if count % 2 == 0]
    return (ends or whole or [b""])[-1]


def _limited(stream: IO[bytes]) -> Iterator[bytes]:
    held = count = 0
    while count < _LOOKED_AT and held <= _ENOUGH and (line := stream.readline(_LONGEST)):
        yield line
        held += len(line)
        count += not line.lstrip().startswith((b"#", b"%", b"//"))
