"""The table of file formats; a new format is one entry."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeAlias

from emblink.errors import ReadError
from emblink.load._columns import Contents
from emblink.load._npy import read_npy, read_npz
from emblink.load._tables import read_arrow, read_csv, read_jsonl, read_parquet, read_tsv
from emblink.load._text import read_lines
from emblink.words import check_text

Reader: TypeAlias = Callable[[Path, frozenset[str]], Contents]
"""Opens a path. The names are columns whose cells are words even where they look like numbers."""

READERS: dict[str, Reader] = {
    ".npy": read_npy,
    ".npz": read_npz,
    ".parquet": read_parquet,
    ".arrow": read_arrow,
    ".feather": read_arrow,
    ".csv": read_csv,
    ".tsv": read_tsv,
    ".jsonl": read_jsonl,
    ".ndjson": read_jsonl,
    ".csv.gz": read_csv,
    ".tsv.gz": read_tsv,
    ".jsonl.gz": read_jsonl,
    ".ndjson.gz": read_jsonl,
    ".txt": read_lines,
}


def open_file(path: Path, words: Iterable[str] = ()) -> Contents:
    """Open a file by its ending.

    Raises
    ------
    ReadError
        It is missing, empty, a directory, of an unknown format, or not what its ending claims.
    InputError
        Its name is not Unicode text.
    """
    check_text(path.name, "the file")
    if path.is_dir():
        raise ReadError(f"{path} is a directory; expected a file ({', '.join(READERS)})")
    if not path.exists():
        raise ReadError(f"there is no file {path}; check the path (sources are [name=]path[::key])")
    reader = READERS.get(ending(path))
    if reader is None:
        raise ReadError(
            f"{path.name} is of no format that Emblink reads; expected {', '.join(READERS)}"
        )
    try:
        if path.stat().st_size == 0:
            raise ReadError(f"{path.name} is empty (0 bytes); write it again")
        return reader(path, frozenset(words))
    except OSError as error:
        raise ReadError(f"{path} cannot be read: {error}") from error


def ending(path: Path) -> str:
    """Return the ending that names a format: the last suffix, or two when the last is ``.gz``."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    return "".join(suffixes[-2:] if suffixes[-1:] == [".gz"] else suffixes[-1:])


def stem(path: Path) -> str:
    """Return a file name without the ending that names its format."""
    return path.name[: len(path.name) - len(ending(path))] or path.name
