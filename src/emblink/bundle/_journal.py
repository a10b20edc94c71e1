"""What a bundle's writers have written: the only names that may ever be deleted."""

from __future__ import annotations

import json
import zlib
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

import msgspec

from emblink.bundle._files import (
    FILE_NAME,
    STAGE_NAME,
    UNREADABLE,
    DamageError,
    read_file,
    replace_settled,
)
from emblink.troubles import named

JOURNAL = "emblink.journal"


class Journal:
    """Folders of steps, and the files in them, that were written by us.

    A line is added before its names come to be, and carries a checksum: a line that was cut off or
    altered gives no leave to delete anything, nor does one that names something else than a step.

    Parameters
    ----------
    path : Path
        Its file, which need not exist.

    Attributes
    ----------
    is_whole : bool
        Whether every line that was found could be read.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._names: dict[str, set[str]] = {}
        self.is_whole = True
        try:
            data = read_file(path)
        except DamageError:
            data, self.is_whole = None, False
        lines = (data or b"\n").split(b"\n")
        self.is_whole = self.is_whole and not lines[-1]
        for line in lines:
            found = _read(line)
            if found is not None:
                self._names.setdefault(found[0], set()).update(found[1])
            elif line:
                self.is_whole = False

    def names(self, folders: Iterable[str]) -> bool:
        """Whether it was read whole, and some folders are in it.

        Parameters
        ----------
        folders : iterable of str

        Returns
        -------
        bool
        """
        return self.is_whole and {*folders} <= {*self._names}

    @property
    def folders(self) -> Mapping[str, set[str]]:
        """Names of files by the folder that holds them."""
        return self._names

    def add(self, folder: str, files: Iterable[str]) -> None:
        """Note names that are about to be written.

        Parameters
        ----------
        folder : str
            Of a step.
        files : iterable of str
        """
        new = {*files} - self._names.get(folder, set())
        if not new:
            return
        with named(self._path), self._path.open("ab") as file:
            # After a line that was cut off, this one begins anew.
            file.write(b"\n" + _line(folder, new))
        self._names.setdefault(folder, set()).update(new)

    def keep(self, folders: Collection[str], *, through: Path) -> None:
        """Forget all folders but some, once the others are gone.

        Parameters
        ----------
        folders : collection of str
        through : Path
            A name beside the journal that nobody else uses.
        """
        self._names = {name: files for name, files in self._names.items() if name in folders}
        lines = [_line(name, files) for name, files in sorted(self._names.items())]
        replace_settled(self._path, b"".join(lines), through=through)


def _line(folder: str, files: Collection[str]) -> bytes:
    text = json.dumps([folder, sorted(files)]).encode()
    return f"{zlib.crc32(text):08x} ".encode() + text + b"\n"


def _read(line: bytes) -> tuple[str, list[str]] | None:
    crc, _, text = line.partition(b" ")
    if f"{zlib.crc32(text):08x}".encode() != crc:
        return None
    try:
        folder, files = msgspec.json.decode(text, type=tuple[str, list[str]])
    except UNREADABLE:
        return None
    named = STAGE_NAME.fullmatch(folder) and all(FILE_NAME.fullmatch(file) for file in files)
    return (folder, files) if named else None
