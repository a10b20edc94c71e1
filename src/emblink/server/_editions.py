"""Which edition of a bundle is on disk now, and which ones open pages may still show.

A bundle may be made anew, moved or deleted under an open page. A page knows its edition by the
``emblink-revision`` that came with its manifest; every further answer carries the one on disk.
Stages are named by what they hold, so that a path means the same bytes in every edition.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

import msgspec

from emblink.bundle import Bundle
from emblink.errors import BundleError
from emblink.live import Live

MANIFEST = "manifest.json"
REVISION = "emblink-revision"
GONE = "gone"
"""In place of a revision: there is nothing to reload."""
MADE_ANEW = "this comparison was made anew since the page was opened; reload the page"

_KEPT = 4
"""Editions whose files are still handed out."""


@dataclass(frozen=True, eq=False)
class Edition:
    """A bundle as one manifest describes it.

    Attributes
    ----------
    bundle : Bundle
    revision : str
        Another for every manifest.
    manifest : bytes
    sizes : mapping of path to int
        Bytes that each file has at least.
    seen : mapping of path to (int, int), or None
        Bytes and time of each file when the manifest was read; None where it was not there.
    """

    bundle: Bundle
    revision: str
    manifest: bytes
    sizes: Mapping[str, int]
    seen: Mapping[str, tuple[int, int] | None]

    def check(self) -> None:
        """Refuse an edition one of whose files is missing, cut short or changed.

        Raises
        ------
        BundleError
            Naming the first such file.
        """
        for name, size in self.sizes.items():
            found = _look(self.bundle.path / name)
            if found is None or found[0] < size or found != self.seen[name]:
                raise damaged(name, self.bundle.path)


class Editions:
    """The editions of one bundle that were seen, the one on disk among them.

    Parameters
    ----------
    live : Live
        What is served.
    """

    def __init__(self, live: Live) -> None:
        self._live = live
        self._known: dict[str, Edition] = {}
        self._now: Edition | None = None
        self._sign: tuple[int, ...] = ()

    def now(self) -> Edition | None:
        """Return the edition on disk, read again where the manifest is another.

        Returns
        -------
        Edition or None
            None while the comparison is under way.

        Raises
        ------
        BundleError
            It is no longer there, or cannot be read.
        """
        if self._live.bundle is None:
            return None
        path = self._live.bundle.path
        sign = _sign(path)
        if self._now is None or sign != self._sign:
            self._now = None
            edition = _read(path)
            self._known.pop(edition.revision, None)
            self._known[edition.revision] = edition
            while len(self._known) > _KEPT:
                del self._known[next(iter(self._known))]
            self._now, self._sign = edition, sign
        return self._now

    def revision(self) -> str | None:
        """Return the revision on disk, ``GONE``, or None while there is none yet."""
        try:
            edition = self.now()
        except BundleError:
            return GONE
        return None if edition is None else edition.revision

    def holder(self, name: str) -> Edition | None:
        """Return the latest edition that has a file."""
        held = [edition for edition in self._known.values() if name in edition.sizes]
        return held[-1] if held else None


def damaged(name: str, path: Path) -> BundleError:
    """Return the error of a file that is not as the manifest says."""
    return BundleError(
        f"{name} of this comparison is missing, cut short or changed; compare again into "
        f"{path.name} to mend it, then reload the page"
    )


def _sign(path: Path) -> tuple[int, ...]:
    """Return what is another once the manifest was written or replaced."""
    try:
        found = (path / MANIFEST).stat()
    except OSError as error:
        raise _lost(path, error) from error
    return found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino


def _read(path: Path) -> Edition:
    try:
        bundle = Bundle(path)
    except OSError as error:
        raise _lost(path, error) from error
    text = msgspec.json.encode(bundle.manifest)
    revision = blake2b(text, digest_size=8).hexdigest()
    sizes = bundle.lengths
    seen = {name: _look(path / name) for name in sizes}
    return Edition(bundle=bundle, revision=revision, manifest=text, sizes=sizes, seen=seen)


def _look(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns


def _lost(path: Path, error: OSError) -> BundleError:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return BundleError(
            f"the comparison {path.name} is no longer there, it was moved or deleted; put it back, "
            "or compare again, then reload the page"
        )
    return BundleError(
        f"the comparison {path.name} cannot be read any more ({error.strerror}); make it readable, "
        "then reload the page"
    )
