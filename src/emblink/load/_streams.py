"""Lines and bytes of files, packed by gzip or not, never more of them than asked for."""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

from emblink.errors import ReadError

LONGEST = 12 << 20
"""Bytes of the longest line: a word and half a million numbers."""
WIDEST = 250_000
"""Columns beyond which a file lacks its ends of lines, and numbers in a line of text."""
_DENSE, _MUCH = 200, 1 << 26
"""How much more than a packed file what it holds may be, where that is more than some bytes."""


def opened(path: Path) -> IO[bytes]:
    """Open a file for reading bytes, unpacked where its name ends in ``.gz``."""
    stream: IO[bytes]
    if path.suffix.lower() == ".gz":
        stream = gzip.open(path, "rb")  # type: ignore[assignment]  # noqa: SIM115
    else:
        stream = path.open("rb", buffering=1 << 20)
    return stream


def check_density(n_bytes: int, packed: int, where: str, way: str) -> None:
    """Refuse what unpacks to far more than it is, as small files do that are to fill the memory.

    Raises
    ------
    ReadError
        With the way in where it is right.
    """
    if n_bytes > max(_MUCH, _DENSE * packed):
        raise ReadError(
            f"{where} unpacks to more than {_DENSE} times its size, as few tables do; "
            f"if that is right, {way}"
        )


def check_packed(path: Path) -> None:
    """Unpack a file to its end, which holds a checksum, and keep nothing of it.

    Raises
    ------
    ReadError
        It is damaged, of text without ends of lines, or unpacks to far more than it is.
    """
    since = total = 0
    size = path.stat().st_size
    with opened(path) as stream:
        while block := stream.read(1 << 20):
            last = max(block.rfind(b"\n"), block.rfind(b"\r"))
            since = since + len(block) if last < 0 else len(block) - last - 1
            total += len(block)
            check_density(total, size, path.name, f"unpack it first: gunzip {path.name}")
            if since > LONGEST:
                raise ReadError(
                    f"{path.name} has no end of line within {LONGEST >> 20} MB; "
                    "expected lines of text: write it again"
                )


def are_wide(lines: Sequence[str], sign: str) -> bool:
    """Whether a line has more cells than a table has columns, so that it is not to be cut up."""
    return any(line.count(sign) >= WIDEST for line in lines)


def lines(stream: IO[bytes], where: str) -> Iterator[bytes]:
    """Read lines that end in LF or CR LF, without their ends; no other sign ends a line.

    Raises
    ------
    ReadError
        A line is too long to be one.
    """
    row = 0
    while line := stream.readline(LONGEST):
        row += 1
        if len(line) == LONGEST:
            raise ReadError(
                f"{where} has no end of line {row} within {LONGEST >> 20} MB; "
                "expected a word and its numbers on each line"
            )
        yield line.rstrip(b"\r\n")


def decoded(word: bytes, where: str, line: int) -> str:
    """Return bytes as a word.

    Raises
    ------
    ReadError
        They are not UTF-8; with the number of the line.
    """
    try:
        return word.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ReadError(
            f"{where} is not UTF-8 text (line {line} begins with {word[:20]!a}); save it as UTF-8"
        ) from error
