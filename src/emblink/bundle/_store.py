"""The files of a bundle: every step is kept under a hash of its inputs, with its checksums.

A step's folder counts once its record is there, which is written last and sealed; what is found
damaged is computed again. Nothing is ever deleted but names in the journal.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Mapping
from hashlib import blake2b
from pathlib import Path
from typing import TypeAlias
from weakref import ref

import msgspec

from emblink.bundle._arrays import count_words, digest, write_npy
from emblink.bundle._files import (
    COLUMNS,
    STAGE_NAME,
    DamageError,
    replace_settled,
    set_aside,
    settle,
)
from emblink.bundle._journal import JOURNAL, Journal
from emblink.bundle._marker import MARKER
from emblink.bundle._notes import NOTES
from emblink.bundle._order import Gathered
from emblink.bundle._ran import RUN, RunRecord, write_run
from emblink.bundle._record import RECORD, Facts, Record, Stage, read_stage
from emblink.bundle._seal import UNSEALED, sealed
from emblink.bundle.schema import Column, ColumnKind, Manifest
from emblink.compute import let_go
from emblink.errors import BundleError, InputError
from emblink.troubles import named
from emblink.types import AnyArray

Output: TypeAlias = tuple[Mapping[str, AnyArray], Facts]
Notice: TypeAlias = Callable[[str], None]
"""Called with a sentence that the user should read."""

MANIFEST = "manifest.json"
_LOCK_BEFORE = ".lock"
"""Of bundles from before the marker."""


class Store:
    """One bundle directory, open for writing by one run at a time.

    Parameters
    ----------
    path : Path
    bundle_id : str
        Random, from the marker.
    older : Manifest or None
        Of the run before, whose files stay until this run has ended.
    notice : callable
        Called with what the user should know.
    """

    def __init__(
        self, path: Path, *, bundle_id: str, older: Manifest | None, notice: Notice
    ) -> None:
        self.path = path
        self.notice = notice
        self.journal = Journal(path / JOURNAL)
        self._columns = path / COLUMNS
        self._through = path / f".new-{bundle_id}"
        self._lock = threading.Lock()
        self._computing: dict[str, threading.Lock] = {}
        self._asked: set[str] = set()
        self._swept = False
        self._maps: list[ref[AnyArray]] = []
        self._has_older = older is not None
        self._older: set[str] = {*older.stages} if older else set()
        self._settled = {one.path for one in older.columns.values()} if older else set()

    def stage(self, name: str, key: str, compute: Callable[[], Output]) -> Stage:
        """Return the output of a step, computing it only when it is not there yet.

        Parameters
        ----------
        name : str
            Of the step, for people who look into the directory.
        key : str
            Hash of everything the output depends on.
        compute : callable
            Returns ``(arrays by name, facts)``. A damaged output is computed again. Of threads that
            ask for one step at once, one computes it.

        Returns
        -------
        Stage
        """
        folder = self._columns / f"{name}-{key}"
        with self._lock:
            alone = self._computing.setdefault(folder.name, threading.Lock())
        with alone:
            with self._lock:
                if (kept := self._kept(folder, key)) is not None:
                    return kept
            arrays, facts = compute()
            with self._lock:
                stage = self._write(folder, key, arrays, facts)
                self._let_go()
        return stage

    def keep(self, name: str, arrays: Mapping[str, AnyArray | Gathered], *, what: str) -> Stage:
        """Keep arrays under a hash of themselves.

        Parameters
        ----------
        name : str
            Of the step, for people who look into the directory.
        arrays : mapping of name to array or Gathered
        what : str
            They are, for people.

        Returns
        -------
        Stage
            What was written, on which all else can rely though the arrays may change.

        Raises
        ------
        InputError
            The arrays changed between being hashed and written.
        """
        key = digest([*arrays], *arrays.values())
        folder = self._columns / f"{name}-{key}"
        if (kept := self._kept(folder, key)) is not None:
            return kept
        state = blake2b(digest_size=16)
        count_words(state, [*arrays])
        stage = self._write(folder, key, arrays, {}, state=state)
        if state.hexdigest() != key:
            self._forget(folder.name)
            raise InputError(
                f"{what} changed while they were read; wait until nothing writes to them, and "
                "compare again"
            )
        return stage

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
        stored = stage.stored[array]
        return Column(
            path=f"{COLUMNS}/{stage.folder.name}/{array}.npy",
            kind=kind,
            over=over,
            dtype=stage.arrays[array].dtype.name,
            shape=stored.shape,
            offset=stored.offset,
            bytes=stored.bytes,
            crc32=stored.crc32,
        )

    def carry(self, stages: Iterable[str]) -> None:
        """Let steps of the run before stay, as if this run had asked for them.

        Parameters
        ----------
        stages : iterable of str
            Names of their folders.
        """
        self._asked.update(stages)

    def finish(self, manifest: Manifest, *, ran: RunRecord | None = None) -> Manifest:
        """Publish the manifest, then remove what neither this run nor the one before asked for.

        Parameters
        ----------
        manifest : Manifest
        ran : RunRecord, optional
            How the run went.

        Returns
        -------
        Manifest
            As it was published.
        """
        paths = {column.path for column in manifest.columns.values()}
        self._settle(paths - self._settled)
        published = self.path / MANIFEST
        if not self._has_older and os.path.lexists(published):
            self.notice(set_aside(published))
        manifest = msgspec.structs.replace(manifest, checksum=UNSEALED, stages=sorted(self._asked))
        replace_settled(published, sealed(manifest, indent=1), through=self._through)
        self._has_older, self._settled = True, self._settled | paths
        kept = self._asked | self._older
        stale = [one for one in self.journal.folders if one not in kept]
        for folder in stale:
            self._forget(folder)
        if stale or not self._swept:
            there = [one for one in self.journal.folders if (self._columns / one).exists()]
            self.journal.keep(there, through=self._through)
        if ran is not None:
            write_run(self.path, ran, through=self._through, notice=self.notice)
        if not self._swept:  # once a run, however often it publishes
            self._swept = True
            self._say_strangers()
        return manifest

    def forget_all(self) -> None:
        """Remove what is in the journal, and the journal."""
        for folder in [*self.journal.folders]:
            self._forget(folder)
        (self.path / JOURNAL).unlink(missing_ok=True)
        self._through.unlink(missing_ok=True)

    def _say_strangers(self) -> None:
        """Name what lies in the directory and is not ours."""
        ours = {MARKER, MANIFEST, JOURNAL, COLUMNS, RUN, self._through.name, _LOCK_BEFORE}
        found = [one.name for one in self.path.iterdir() if one.name not in ours]
        for folder in self._columns.iterdir():
            names = self.journal.folders.get(folder.name, set())
            if not names or folder.is_symlink() or not folder.is_dir():
                found.append(f"{COLUMNS}/{folder.name}")
                continue
            found += [
                f"{COLUMNS}/{folder.name}/{one.name}"
                for one in folder.iterdir()
                if one.name not in names
            ]
        if found:
            shown = [one if one.isprintable() else repr(one) for one in sorted(found)[:3]]
            named = ", ".join(shown) + (", …" if len(found) > 3 else "")
            things = "1 thing that is" if len(found) == 1 else f"{len(found):,} things that are"
            self.notice(
                f"{self.path} holds {things} not in Emblink's journal ({named}); left alone."
            )

    def _kept(self, folder: Path, key: str) -> Stage | None:
        self._asked.add(folder.name)
        try:
            stage = read_stage(folder, key, whole=True)
            if stage is None and folder.name in self._older:
                raise DamageError(folder / RECORD, "is not there")
        except DamageError as damage:
            self.notice(f"{damage}; this step is computed again.")
            return None
        if stage is not None:  # proof enough that we wrote it, should the journal be lost
            self.journal.add(folder.name, _files_of(stage.arrays))
            self._maps += map(ref, stage.arrays.values())
        return stage

    def _write(
        self,
        folder: Path,
        key: str,
        arrays: Mapping[str, AnyArray | Gathered],
        facts: Facts,
        *,
        state: blake2b | None = None,
    ) -> Stage:
        files = _files_of(arrays)
        self._settled -= {f"{COLUMNS}/{folder.name}/{name}" for name in files}
        self._make_way(folder, files)
        self.journal.add(folder.name, files)
        folder.mkdir(exist_ok=True)
        stored = {
            name: write_npy(folder / f"{name}.npy", array, state=state)
            for name, array in arrays.items()
        }
        with named(folder / RECORD), (folder / RECORD).open("xb") as file:
            file.write(sealed(Record(step=folder.name, arrays=stored, facts=facts)))
        try:
            written = read_stage(folder, key)
        except DamageError as damage:
            raise unreadable(damage) from damage
        assert written is not None
        self._maps += map(ref, written.arrays.values())
        return written

    def _let_go(self) -> None:
        """Have what the steps so far wrote leave this process until it is read again."""
        held = [(one, array) for one in self._maps if (array := one()) is not None]
        let_go(*(array for _, array in held))
        self._maps = [one for one, _ in held]

    def _make_way(self, folder: Path, files: list[str]) -> None:
        """Remove what is left of an earlier try; what is not ours is set aside."""
        if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
            self.notice(set_aside(folder))
        self._delete_files(folder)
        for name in files:
            if os.path.lexists(folder / name):
                self.notice(set_aside(folder / name))

    def _forget(self, folder: str) -> None:
        path = self._columns / folder
        self._delete_files(path)
        if path.is_dir() and not path.is_symlink() and not any(path.iterdir()):
            path.rmdir()

    def _delete_files(self, folder: Path) -> None:
        """Delete the files of ours in a folder, its record first."""
        if folder.is_symlink():
            return
        ours = self.journal.folders.get(folder.name, set())
        for name in sorted(ours, key=lambda one: one != RECORD):
            file = folder / name
            if file.is_symlink() or file.is_file():
                file.unlink()

    def _settle(self, paths: set[str]) -> None:
        """Wait until files and their names would survive a loss of power."""
        for path in sorted(paths):
            settle(self.path / path)
        for folder in sorted({Path(path).parent for path in paths}):
            settle(self.path / folder)
        settle(self._columns)


def strangers(root: Path) -> Callable[[str, list[str]], list[str]]:
    """Return what tells which names in a folder of a bundle are not of it.

    Parameters
    ----------
    root : Path
        The bundle's directory.

    Returns
    -------
    callable
        Given a folder and the names in it, returns some of the names.
    """

    def left_out(folder: str, names: list[str]) -> list[str]:
        inside = Path(folder).relative_to(root).parts
        if not inside:
            return [
                name for name in names if name not in (MARKER, MANIFEST, JOURNAL, COLUMNS, NOTES)
            ]
        if len(inside) == 1:
            return [name for name in names if not STAGE_NAME.fullmatch(name)]
        return [name for name in names if not (name == RECORD or name.endswith(".npy"))]

    return left_out


def unreadable(damage: DamageError) -> BundleError:
    """Return the error of a damaged file, with the way out."""
    return BundleError(f"{damage}; compare again into the same directory to mend it")


def _files_of(arrays: Mapping[str, AnyArray | Gathered]) -> list[str]:
    return [*(f"{name}.npy" for name in arrays), RECORD]
