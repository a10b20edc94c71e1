"""The files of one load: each opened once, and refused where they change before all is read."""

from __future__ import annotations

import csv
import zlib
from pathlib import Path
from types import TracebackType

import duckdb

from emblink.errors import InputError, ReadError
from emblink.load._choose import ID_NAMES
from emblink.load._columns import Contents
from emblink.load._formats import open_file
from emblink.load._memory import too_large
from emblink.load._watch import Watch


class Files:
    """A context in which files are read, and whose end says which of them changed meanwhile.

    Whatever else went wrong is put down to the change: half a file can look like anything.

    Parameters
    ----------
    words : tuple of str
        Columns whose cells are words, beside those of ids.
    """

    def __init__(self, words: tuple[str, ...] = ()) -> None:
        self._words = frozenset((*ID_NAMES, *words))
        self._watches: dict[Path, Watch] = {}
        self.opened: dict[Path, Contents] = {}

    def __enter__(self) -> Files:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.opened.clear()
        if error is not None and not isinstance(error, Exception):
            return
        for watch in self._watches.values():
            change = watch.change()
            if change is not None:
                raise change from error
        if isinstance(error, MemoryError) and self._watches:
            names = " and ".join(watch.where for watch in self._watches.values())
            raise too_large(
                names, sum(watch.n_bytes for watch in self._watches.values())
            ) from error

    def __call__(self, path: Path, *keys: str | None) -> Contents:
        """Open a path; ``keys`` are further columns whose cells are words."""
        if path.is_file() and path not in self._watches:
            self._watches[path] = Watch(path, path.name)
        words = self._words.union(key for key in keys if key)
        if words != self._words:
            return _opened(path, words)
        if path not in self.opened:
            self.opened[path] = _opened(path, words)
        return self.opened[path]


def _opened(path: Path, words: frozenset[str]) -> Contents:
    """Open a file; whatever a reader stumbles over is put down to the file."""
    try:
        return open_file(path, words)
    except (InputError, MemoryError):
        raise
    except _STUMBLES as error:
        reason = " ".join(str(error).split())[:120] or type(error).__name__
        raise ReadError(
            f"{path.name} cannot be read ({reason}); it is damaged, or not what its ending says"
        ) from error


_STUMBLES = (
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    csv.Error,
    duckdb.Error,
    zlib.error,
)
"""What readers raise over damaged files."""
