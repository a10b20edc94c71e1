"""A folder of a bundle for files that workers read for a while: noted before it is written."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from emblink.bundle._files import COLUMNS
from emblink.bundle._store import Store
from emblink.executors import Workplace

_NAME = "jobs"


def workplace(store: Store, files: Collection[str]) -> Workplace:
    """Return what makes folders within a bundle.

    Parameters
    ----------
    store : Store
    files : collection of str
        Names of what may be written there.

    Returns
    -------
    callable
        A folder goes again, with these files, when it is left; of a run that was killed, in the
        end of the next.
    """
    return partial(_folder, store, files)


@contextmanager
def _folder(store: Store, files: Collection[str]) -> Iterator[Path]:
    name = f"{_NAME}-{secrets.token_hex(16)}"
    store.journal.add(name, files)
    folder = (store.path / COLUMNS / name).resolve()
    folder.mkdir()
    try:
        yield folder
    finally:
        for file in files:
            (folder / file).unlink(missing_ok=True)
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
