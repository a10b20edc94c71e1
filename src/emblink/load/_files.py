"""The files of one load: each opened once, and refused where they change before all is read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

from emblink.errors import InputError
from emblink.load._choose import ID_NAMES
from emblink.load._columns import Contents
from emblink.load._formats import files_of, open_file
from emblink.load._layout import Layout
from emblink.load._memory import too_large
from emblink.load._parts import is_pattern
from emblink.load._unread import refuse_url
from emblink.load._watch import Watch


class Files:
    """A context in which files are read, and whose end says which of them changed meanwhile.

    Whatever else went wrong is put down to the change: half a file can look like anything.

    Parameters
    ----------
    words : tuple of str
        Columns whose cells are words, beside those of ids.
    called : mapping of path to str, optional
        What files are called for people, where not by their names.
    layouts : mapping of path to Layout, optional
        How files of plain numbers are to be read.
    """

    def __init__(
        self,
        words: tuple[str, ...] = (),
        called: Mapping[Path, str] | None = None,
        layouts: Mapping[Path, Layout] | None = None,
    ) -> None:
        self._words = frozenset((*ID_NAMES, *words))
        self._called = called or {}
        self._layouts = layouts or {}
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
        refuse_url(path)
        exists = path.is_file() or path.is_dir() or is_pattern(path)
        for file in files_of(path) if exists else []:
            if file.is_file() and file not in self._watches:
                self._watches[file] = Watch(file, self._called.get(file, file.name))
        words = self._words.union(key for key in keys if key)
        if words != self._words:
            return self._open(path, words)
        if path not in self.opened:
            self.opened[path] = self._open(path, words)
        return self.opened[path]

    def _open(self, path: Path, words: frozenset[str]) -> Contents:
        called = self._called.get(path)
        if called is None:
            return open_file(path, words, self._layouts.get(path))
        try:
            contents = open_file(path, words, self._layouts.get(path))
        except InputError as error:
            said = str(error)
            named = said if called in said else said.replace(path.name, called, 1)
            raise type(error)(named) from error
        contents.where = called
        return contents
