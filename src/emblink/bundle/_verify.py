"""Reading a whole bundle, to see whether it still is what was written."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from emblink.bundle._arrays import check_sum
from emblink.bundle._files import COLUMNS, DamageError, check_length, column_file
from emblink.bundle._journal import JOURNAL, Journal
from emblink.bundle._manifest import read_manifest, stored_array
from emblink.bundle._marker import MARKER, read_marker
from emblink.bundle._record import RECORD, read_record
from emblink.bundle.schema import Manifest, StoredArray

Files: TypeAlias = dict[Path, StoredArray]


@dataclass(frozen=True, eq=False)
class Verified:
    """What was found in a bundle.

    Attributes
    ----------
    n_files, n_bytes : int
        Arrays that are as they were written.
    faults : list of str
        A sentence for each file that is not.
    has_sums : bool
        Whether bytes could be compared with checksums, or only lengths with shapes.
    """

    n_files: int = 0
    n_bytes: int = 0
    faults: list[str] = field(default_factory=list)
    has_sums: bool = True


def verify(path: Path) -> Verified:
    """Read every file of a finished bundle, and compare it with what was written.

    Parameters
    ----------
    path : Path

    Returns
    -------
    Verified

    Raises
    ------
    BundleError
        There is no finished bundle at ``path``, its manifest is damaged, or it is newer than this
        Emblink.
    """
    manifest = read_manifest(path)
    has_sums = bool(manifest.checksum)
    faults: list[str] = []
    files = _of_columns(path, manifest, faults)
    if has_sums:
        faults += _of_marks(path, manifest)
        files |= _of_steps(path, manifest, files, faults)
    n_files, n_bytes = 0, 0
    for file, stored in files.items():
        try:
            check_sum(file, stored) if has_sums else check_length(file, stored.bytes)
        except DamageError as damage:
            faults.append(f"{damage}.")
            continue
        n_files, n_bytes = n_files + 1, n_bytes + stored.bytes
    return Verified(n_files, n_bytes, faults, has_sums=has_sums)


def _of_columns(path: Path, manifest: Manifest, faults: list[str]) -> Files:
    """Return what must be found in the files that the manifest names."""
    files: Files = {}
    for column in manifest.columns.values():
        try:
            files[column_file(path, column.path)] = stored_array(column)
        except DamageError as damage:
            faults.append(f"{damage}.")
    return files


def _of_marks(path: Path, manifest: Manifest) -> list[str]:
    """Return what is wrong with the marker and the journal."""
    faults = []
    try:
        if read_marker(path) is None:
            raise DamageError(path / MARKER, "is not there, or empty")
    except DamageError as damage:
        faults.append(f"{damage}.")
    if not Journal(path / JOURNAL).names(manifest.stages):
        faults.append(f"{DamageError(path / JOURNAL, 'does not name all that was written')}.")
    return faults


def _of_steps(path: Path, manifest: Manifest, columns: Files, faults: list[str]) -> Files:
    """Return what must be found in the files that the steps' records name."""
    files: Files = {}
    for name in manifest.stages:
        folder = path / COLUMNS / name
        try:
            record = read_record(folder)
            if record is None:
                raise DamageError(folder / RECORD, "is not there")
        except DamageError as damage:
            faults.append(f"{damage}.")
            continue
        for array, stored in record.arrays.items():
            file = folder / f"{array}.npy"
            if file in columns and columns[file].crc32 != stored.crc32:
                faults.append(f"{file} was written anew since the manifest was.")
            files[file] = stored
    return files
