"""Opening a directory for writing: a bundle is known, and locked, by the marker that we wrote."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from emblink.bundle._files import COLUMNS, DamageError, length_of, set_aside
from emblink.bundle._journal import JOURNAL, Journal
from emblink.bundle._manifest import read_manifest
from emblink.bundle._marker import MARKER, read_marker, write_marker
from emblink.bundle._store import Notice, Store
from emblink.bundle.schema import Manifest
from emblink.errors import BundleError, InputError
from emblink.troubles import why_and_way

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
    _make(path)
    for name in (MARKER, JOURNAL):
        if _is_in_the_way(path / name):
            notice(set_aside(path / name))
    if _is_no_folder(path / COLUMNS):
        notice(set_aside(path / COLUMNS))
    with _locked(path) as lock:
        bundle_id = _marked(lock, path, notice)
        older = _older(path)
        store = Store(path, bundle_id=bundle_id, older=older, notice=notice)
        if not store.journal.names(older.stages if older else ()):
            notice(f"{path / JOURNAL} is damaged; what can be told from the steps is noted anew.")
        (path / COLUMNS).mkdir(exist_ok=True)
        try:
            yield store
        except InputError:
            if is_new:
                _remove(store)
            raise


def _check_ours(path: Path) -> None:
    """Refuse a directory in which there is anything but a bundle of ours."""
    if not os.path.lexists(path):
        return
    if not path.exists():
        raise BundleError(f"{path} is a link to nothing; {_OTHER_NAME}")
    if not path.is_dir():
        raise BundleError(f"{path} is a file; {_OTHER_NAME}")
    there = sorted(one.name for one in path.iterdir())
    if not there or _is_marked(path) or _has_history(path):
        return
    # A marker without a word in it is what a run leaves that was killed in its first moment.
    marker = path / MARKER
    if there == [MARKER] and not _is_in_the_way(marker) and length_of(marker) == 0:
        return
    raise BundleError(
        f"{path} is not an Emblink bundle, and not empty (it holds {there[0]}); {_OTHER_NAME}"
    )


def _make(path: Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BundleError(
            f"{path} cannot be made {why_and_way(error, f'{_OTHER_NAME} where you may write')}"
        ) from error


def _is_no_folder(path: Path) -> bool:
    return os.path.lexists(path) and (path.is_symlink() or not path.is_dir())


def _is_marked(path: Path) -> bool:
    try:
        return read_marker(path) is not None
    except DamageError:
        return False


def _is_in_the_way(path: Path) -> bool:
    try:
        length_of(path)
    except DamageError:
        return True
    return False


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
        if not _is_file_of(descriptor, path / MARKER):
            raise BundleError(f"{path} was taken away while this run began; compare again")
        yield descriptor
    finally:
        os.close(descriptor)


def _is_file_of(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


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


def _marked(lock: int, path: Path, notice: Notice) -> str:
    """Return the id in the marker; write one where there is none."""
    try:
        found = read_marker(path)
    except DamageError:
        notice(set_aside(path / MARKER, copy=True))  # the lock is on the file itself
        found = None
    return write_marker(lock, path) if found is None else found


def _remove(store: Store) -> None:
    """Take back a directory that was made for nothing."""
    store.forget_all()
    with suppress(OSError):  # somebody else has put something there meanwhile
        (store.path / COLUMNS).rmdir()
        (store.path / MARKER).unlink()
        store.path.rmdir()
