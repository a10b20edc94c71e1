"""The one place where what any reader stumbles over becomes an error that names the file."""

from __future__ import annotations

import lzma
import struct
import tokenize
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import duckdb
import numpy as np

from emblink.errors import EmblinkError, ReadError
from emblink.load._blocks import Place, Stored, StoredRows, Vectors
from emblink.load._columns import Column, Contents, Noun
from emblink.load._memory import too_large
from emblink.types import AnyArray

FAULTS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    BufferError,
    EOFError,
    LookupError,
    NameError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    Warning,
    duckdb.Error,
    lzma.LZMAError,
    struct.error,
    tokenize.TokenError,
    zipfile.BadZipFile,
    zlib.error,
)
"""What parsers raise over damaged bytes."""


@contextmanager
def guarded(where: str, n_bytes: int = 0) -> Iterator[None]:
    """Turn whatever goes wrong while a file is read into an error that names it.

    Raises
    ------
    ReadError
        In place of any error that is not worded for people.
    TooLargeError
        In place of ``MemoryError``.
    """
    try:
        yield
    except EmblinkError:
        raise
    except MemoryError as error:
        raise too_large(where, n_bytes) from error
    except OSError as error:
        raise ReadError(f"{where} cannot be read: {error}") from error
    except FAULTS as error:
        raise ReadError(
            f"{where} cannot be read ({reason(error)}); "
            "expected a complete, well-formed file: write it again"
        ) from error


def reason(error: Exception) -> str:
    """Return the first line of an error, or its kind where it says nothing."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0][:200] if lines else type(error).__name__


class Guarded:
    """Contents whose every read is guarded."""

    def __init__(self, contents: Contents, n_bytes: int) -> None:
        self._contents = contents
        self._n_bytes = n_bytes
        self.where = contents.where
        self.noun: Noun = contents.noun
        self.typed = contents.typed
        self.notes = contents.notes
        self.seen = contents.seen

    @property
    def columns(self) -> Mapping[str, Column]:
        """What is there, in the order of the file."""
        return self._contents.columns

    @property
    def fields(self) -> Mapping[str, Column]:
        """What lies within columns of structs."""
        return self._contents.fields

    def words(self, name: str) -> AnyArray:
        """Return one column as it is written."""
        with guarded(self.where, self._n_bytes):
            return self._contents.words(name)

    def column(self, name: str) -> AnyArray:
        """Return one column."""
        with guarded(self.where, self._n_bytes):
            return self._contents.column(name)

    def vectors(self, names: Sequence[str]) -> Vectors:
        """Return vectors, guarded as well where they are still to be read."""
        with guarded(self.where, self._n_bytes):
            found = self._contents.vectors(names)
        return found if isinstance(found, np.ndarray) else GuardedRows(found, self.where)


class GuardedRows(StoredRows):
    """Vectors still in their file, whose every read is guarded."""

    def __init__(self, stored: Stored, where: str) -> None:
        self._stored = stored
        self.where = where
        self.shape = stored.shape
        self.dtype = stored.dtype
        self.by_rows = stored.by_rows

    def blocks(self) -> Iterator[tuple[Place, AnyArray]]:
        """Read block by block."""
        source = iter(self._stored.blocks())
        while True:
            with guarded(self.where):
                block = next(source, None)
            if block is None:
                return
            yield block

    def whole(self) -> AnyArray:
        """Read everything."""
        with guarded(self.where):
            return self._stored.whole()
