"""Opening a directory for writing: a bundle is known, and locked, by the marker that we wrote."""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from emblink.bundle._files import COLUMNS, settle
from emblink.bundle._journal import JOURNAL, Journal
from emblink.bundle._manifest import read_manifest
from emblink.bundle._store import MANIFEST, MARKER, Notice, Store
from emblink.bundle.schema import SCHEMA, Manifest
from emblink.errors import BundleError, InputError

_OTHER_NAME = "give -o the name of a new directory"


def nobody(sentence: str) -> None:
    """Tell nobody.

    Parameters
    ----------
    sentence : str
    """


@contextmanager
def open_store(path: Path, *, notice: Notice = nobody) -> Iterator[Store]:
    """Open a directory for writing a bundle, alone.

    Parameters
    ----------
    path : Path
        A new directory, an empty one, or a bundle, finished or not. A new one goes again when
        what was given turns out to be unusable.
    notice : callable
        Called with what the user should know: damage that is mended, files that are left alone.

    Yields
    ------
    Store

    Raises
    ------
    BundleError
        The path is something else, or another run is writing to it.
    """
    is_new = not path.exists()
    _check_ours(path)
    path.mkdir(parents=True, exist_ok=True)
    with _locked(path) as lock:
        older = _older(path)
        store = Store(path, bundle_id=_marked(lock, path), older=older, notice=notice)
        (path / COLUMNS).mkdir(exist_ok=True)
        try:
            yield store
        except InputError:
            if is_new:
                _remove(store)
            raise


def _check_ours(path: Path) -> None:
    """Refuse a directory in which there is anything but a bundle of ours."""
    if path.exists() and not path.is_dir():
        raise BundleError(f"{path} is a file; {_OTHER_NAME}")
    if not path.is_dir():
        return
    for name in (MARKER, MANIFEST, JOURNAL, COLUMNS):
        found = path / name
        if found.is_symlink() or (found.exists() and found.is_dir() != (name == COLUMNS)):
            raise BundleError(f"{found} is not as Emblink writes it; {_OTHER_NAME}")
    there = sorted(one.name for one in path.iterdir())
    marked = MARKER in there and (path / MARKER).stat().st_size > 0
    # A marker without a word in it is what a run leaves that was killed in its first moment.
    if not marked and there not in ([], [MARKER]) and not _has_history(path):
        first = next(name for name in there if name != MARKER)
        raise BundleError(
            f"{path} is not an Emblink bundle, and not empty (it holds {first}); {_OTHER_NAME}"
        )


def _has_history(path: Path) -> bool:
    return _older(path) is not None or bool(Journal(path / JOURNAL).folders)


def _older(path: Path) -> Manifest | None:
    try:
        return read_manifest(path)
    except BundleError:
        return None


@contextmanager
def _locked(path: Path) -> Iterator[int]:
    descriptor = os.open(path / MARKER, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        _lock(descriptor, path)
        yield descriptor
    finally:
        os.close(descriptor)


def _lock(descriptor: int, path: Path) -> None:
    try:
        import fcntl
    except ImportError:  # Windows: two writers at once are not caught there
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise BundleError(
            f"another run is writing to {path}; wait for it, or give -o another name"
        ) from error


def _marked(lock: int, path: Path) -> str:
    """Return the id in the marker; write one where there is none yet."""
    data = os.read(lock, 4096)
    if data:
        try:
            held = json.loads(data)
            found = uuid.UUID(hex=held["id"]).hex
            if held["schema"] == SCHEMA:
                return found
        except (ValueError, KeyError, TypeError, AttributeError):
            pass
        if not _has_history(path):
            raise BundleError(f"{path / MARKER} is not the marker of a bundle; {_OTHER_NAME}")
    found = uuid.uuid4().hex
    os.lseek(lock, 0, os.SEEK_SET)
    os.truncate(lock, 0)
    os.write(lock, json.dumps({"schema": SCHEMA, "id": found}).encode() + b"\n")
    os.fsync(lock)
    settle(path)
    return found


def _remove(store: Store) -> None:
    """Take back a directory that was made for nothing."""
    store.forget_all()
    (store.path / MARKER).unlink()
    with suppress(OSError):  # somebody else has put something there meanwhile
        (store.path / COLUMNS).rmdir()
        store.path.rmdir()
