"""The files of a bundle: every stage is written whole or not at all, under a hash of its inputs."""

from __future__ import annotations

import json
import os
import shutil
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any, TypeAlias

import msgspec
import numpy as np

from emblink.bundle.schema import Column, ColumnKind, Manifest
from emblink.errors import BundleError, InputError
from emblink.types import AnyArray

Facts: TypeAlias = dict[str, Any]
Output: TypeAlias = tuple[Mapping[str, AnyArray], Facts]

MANIFEST = "manifest.json"
_FACTS = "facts.json"
_UNFINISHED = ".tmp-"


@dataclass(frozen=True, eq=False)
class Stage:
    """The finished output of one step: arrays in memory maps, and facts as JSON."""

    folder: Path
    key: str
    arrays: Mapping[str, AnyArray]
    facts: Facts


def digest(*parts: Any) -> str:
    """Return a hash of JSON-able parts; arrays count by dtype, shape and bytes.

    Parameters
    ----------
    *parts
        JSON-able values and numpy arrays.

    Returns
    -------
    str
        32 hexadecimal characters.
    """
    state = blake2b(digest_size=16)
    for part in parts:
        if isinstance(part, np.ndarray):
            state.update(f"{part.dtype.str}{part.shape}".encode())
            step = max(1, (1 << 24) // max(1, part.nbytes // max(1, len(part))))
            for start in range(0, len(part), step):
                state.update(np.ascontiguousarray(part[start : start + step]).tobytes())
        else:
            state.update(json.dumps(part, sort_keys=True).encode() + b"\0")
    return state.hexdigest()


class Store:
    """One bundle directory, open for writing."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._columns = path / "columns"
        self._asked: set[str] = set()

    def stage(self, name: str, key: str, compute: Callable[[], Output]) -> Stage:
        """Return the output of a step, computing it only when it is not there yet.

        Parameters
        ----------
        name : str
            Of the step, for people who look into the directory.
        key : str
            Hash of everything the output depends on.
        compute : callable
            Returns ``(arrays by name, facts)``. A damaged output is computed again.

        Returns
        -------
        Stage
        """
        folder = self._columns / f"{name}-{key}"
        self._asked.add(folder.name)
        if folder.is_dir():
            try:
                return _read_stage(folder, key)
            except BundleError:
                shutil.rmtree(folder)
        arrays, facts = compute()
        self._write(folder, arrays, facts)
        return _read_stage(folder, key)

    def column(self, stage: Stage, array: str, *, kind: ColumnKind, over: str) -> Column:
        """Describe one array of a stage for the manifest.

        Parameters
        ----------
        stage : Stage
        array : str
            Its name within the stage.
        kind : ColumnKind
        over : str
            The domain of its rows.

        Returns
        -------
        Column
        """
        path = stage.folder / f"{array}.npy"
        values = stage.arrays[array]
        return Column(
            path=path.relative_to(self.path).as_posix(),
            kind=kind,
            over=over,
            dtype=values.dtype.name,
            shape=list(values.shape),
            offset=path.stat().st_size - values.nbytes,
            version=1,
        )

    def finish(self, manifest: Manifest) -> None:
        """Publish the manifest, then remove the stages that this run did not ask for.

        Parameters
        ----------
        manifest : Manifest
        """
        temporary = self.path / f"{_UNFINISHED}{uuid.uuid4().hex}"
        temporary.write_bytes(msgspec.json.format(msgspec.json.encode(manifest), indent=1))
        _settle(temporary)
        temporary.replace(self.path / MANIFEST)
        for folder in self._columns.iterdir():
            if folder.name not in self._asked:
                shutil.rmtree(folder)

    def _write(self, folder: Path, arrays: Mapping[str, AnyArray], facts: Facts) -> None:
        temporary = self._columns / f"{_UNFINISHED}{uuid.uuid4().hex}"
        temporary.mkdir(parents=True)
        for name, array in arrays.items():
            with (temporary / f"{name}.npy").open("wb") as file:
                np.save(file, np.ascontiguousarray(array), allow_pickle=False)
        (temporary / _FACTS).write_bytes(msgspec.json.encode(facts))
        # All are written before the first is settled: one commit then settles them together.
        for path in temporary.iterdir():
            _settle(path)
        temporary.replace(folder)


@contextmanager
def open_store(path: Path) -> Iterator[Store]:
    """Open a directory for writing a bundle, alone.

    Parameters
    ----------
    path : Path
        A new directory, an empty one, or a bundle, finished or not. A new one goes again when
        what was given turns out to be unusable.

    Yields
    ------
    Store

    Raises
    ------
    BundleError
        The path is something else, or another run is writing to it.
    """
    columns, is_new = path / "columns", not path.exists()
    if path.exists() and not path.is_dir():
        raise BundleError(f"{path} is a file; give -o the name of a new directory")
    if path.is_dir() and any(path.iterdir()) and not columns.is_dir():
        raise BundleError(f"{path} is not an Emblink bundle; give -o the name of a new directory")
    columns.mkdir(parents=True, exist_ok=True)
    with (path / ".lock").open("w") as lock:
        _lock(lock.fileno(), path)
        for left_over in (*path.glob(f"{_UNFINISHED}*"), *columns.glob(f"{_UNFINISHED}*")):
            shutil.rmtree(left_over) if left_over.is_dir() else left_over.unlink()
        try:
            yield Store(path)
        except InputError:
            if is_new:
                shutil.rmtree(path)
            raise


def _read_stage(folder: Path, key: str) -> Stage:
    arrays = {file.stem: read_npy(file) for file in folder.glob("*.npy")}
    try:
        facts = msgspec.json.decode((folder / _FACTS).read_bytes())
    except (msgspec.DecodeError, OSError) as error:
        raise _damaged(folder / _FACTS, error) from error
    return Stage(folder=folder, key=key, arrays=arrays, facts=facts)


def _damaged(path: Path, error: Exception) -> BundleError:
    return BundleError(
        f"{path} is missing or damaged ({error}); compare again into the same directory to mend it"
    )


def read_npy(path: Path) -> AnyArray:
    """Return an array as a read-only memory map, or in memory when it is empty.

    Parameters
    ----------
    path : Path

    Returns
    -------
    array

    Raises
    ------
    BundleError
        The file is missing or damaged.
    """
    try:
        try:
            array: AnyArray = np.load(path, mmap_mode="r", allow_pickle=False)
        except ValueError as empty:
            if "mmap" not in str(empty):
                raise
            array = np.load(path, allow_pickle=False)
    except (ValueError, EOFError, OSError) as error:
        raise _damaged(path, error) from error
    return array


def _settle(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


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
