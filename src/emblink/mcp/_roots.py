"""Where an agent may read and write: folders that the user named, and nothing beyond them."""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from emblink.errors import InputError

_MOST_FILES = 100_000
_PATTERN = re.compile(r"[*?\[]")
_ABSOLUTE = re.compile(
    r"""(?P<quote>['"`])(?:~|[A-Za-z]:[\\/]|[\\/])[^\n]*?(?P=quote)"""
    r"""|(?<![\w./\\~*?\]-])(?:~[\w.-]*[/\\]|[A-Za-z]:[/\\]|\\\\|/)(?=\w|\.)[^\s'"`,;()<>|]+"""
)
"""A path from the root of a disk, or from a home, in the midst of a sentence."""
_HIDDEN = "(a path outside the roots)"


class Roots:
    """The folders that an agent was given.

    Parameters
    ----------
    folders : sequence of Path
        Not empty.

    Raises
    ------
    InputError
        One is no folder.
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        for folder in folders:
            if not folder.is_dir():
                raise InputError(f"--root {folder} is no folder; give a folder that exists")
        self.folders = [Path(os.path.realpath(folder)) for folder in folders]

    def readable(self, given: str) -> Path:
        """Return where a path leads that exists; a pattern is returned as it is.

        Parameters
        ----------
        given : str
            From the first root that has it, or absolute.

        Returns
        -------
        Path

        Raises
        ------
        InputError
            It, or a file in it, leads out of the roots.
        """
        for place in self._places(given):
            if os.path.lexists(place):
                self._check_all(given, place)
                return place
            if _PATTERN.search(given) and (found := glob.glob(str(place), recursive=True)):  # noqa: PTH207
                for one in found:
                    self._check_all(given, Path(one))
                return place
        place = next(iter(self._places(given)))
        self._inside(given, place)
        raise InputError(
            f"there is no file {self.shown(place)}; give a path below {self.named()}, such as "
            "new.parquet or new.npz::array"
        )

    def writable(self, given: str) -> Path:
        """Return where a bundle may be written below the first root.

        Raises
        ------
        InputError
            It leads elsewhere, or is no name of a bundle.
        """
        place = next(iter(self._places(given)))
        self._inside(given, place)
        if os.path.lexists(place):
            self._check_all(given, place)
        if not given.endswith(".emblink") or "://" in given:
            raise InputError(
                f"{named(given)} is no name of a bundle; give a path below "
                f"{self.folders[0].name!r} that ends in .emblink"
            )
        return place

    def shown(self, path: Path) -> str:
        """Return how a path is called in an answer: from its root on."""
        real = Path(os.path.realpath(path))
        for folder in self.folders:
            if real.is_relative_to(folder):
                return real.relative_to(folder).as_posix()
        return _HIDDEN

    def named(self) -> str:
        """Return what the roots are called: the names of the folders, not where they lie."""
        return " or ".join(repr(folder.name or "/") for folder in self.folders)

    def cleaned(self, words: str) -> str:
        """Return words of ours without any path that is not from a root on.

        Parameters
        ----------
        words : str

        Returns
        -------
        str
        """
        return _ABSOLUTE.sub(_HIDDEN, self.from_roots(words))

    def from_roots(self, words: str) -> str:
        """Return words in which paths below a root are said from it on."""
        for folder in sorted(map(str, self.folders), key=len, reverse=True):
            if folder != os.sep:
                words = words.replace(folder + os.sep, "").replace(folder, ".")
        return words

    def _places(self, given: str) -> Iterator[Path]:
        if "\0" in given or not given.strip():
            raise InputError(f"{given!r} is no path; give one below {self.named()}")
        for folder in self.folders:
            yield folder / given

    def _check_all(self, given: str, place: Path) -> None:
        """Refuse what leads out, itself or by a link within it."""
        self._inside(given, place)
        if place.is_dir():
            for at, one in enumerate(_within(place)):
                if at >= _MOST_FILES:
                    raise InputError(
                        f"{self.shown(place)} holds more than {_MOST_FILES:,} files; name one file"
                    )
                if one.is_symlink():
                    self._inside(given, one)
        elif place.suffix == ".h5ad":
            _refuse_far_data(self.shown(place), place)

    def _inside(self, given: str, place: Path) -> None:
        real = Path(os.path.realpath(place))
        if not any(real == folder or real.is_relative_to(folder) for folder in self.folders):
            raise InputError(
                f"{named(given)} leads out of the roots; give a path below {self.named()}, or ask "
                "the user to start the server with --root for that folder"
            )


def named(given: str) -> str:
    """Return what a path out of the roots is called: its last name alone."""
    return repr(re.split(r"[/\\]", given.rstrip("/\\"))[-1] or given)


def _within(folder: Path) -> Iterable[Path]:
    for above, folders, files in os.walk(folder):
        for name in [*folders, *files]:
            yield Path(above) / name


def _refuse_far_data(shown: str, path: Path) -> None:
    """Refuse HDF5 whose data lie in other files, which its library would open."""
    try:
        import h5py  # type: ignore[import-not-found,import-untyped,unused-ignore]
    except ImportError:
        return  # nor can it be read then

    try:
        with h5py.File(path, "r") as file:
            outside = _is_far(file, h5py)
    except OSError:
        return  # its reader says what is wrong with it
    if outside:
        raise InputError(
            f"{shown} keeps data in other files; write it as one file (h5repack, or AnnData's "
            "write_h5ad)"
        )


def _is_far(group: Any, h5py: Any) -> bool:
    """Whether a group leads to data of other files."""
    links = {name: group.get(name, getlink=True) for name in group}
    if any(isinstance(link, h5py.ExternalLink) for link in links.values()):
        return True
    inner = [group[name] for name, link in links.items() if isinstance(link, h5py.HardLink)]
    return any(
        _is_far(one, h5py)
        if isinstance(one, h5py.Group)
        else isinstance(one, h5py.Dataset) and (one.is_virtual or bool(one.external))
        for one in inner
    )
