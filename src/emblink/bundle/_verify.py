"""Reading a whole bundle, to see whether it still is what was written."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from emblink.bundle._files import COLUMNS, DamageError, check_length, check_sum
from emblink.bundle._manifest import read_manifest, stored_array
from emblink.bundle._store import RECORD, read_stage
from emblink.bundle.schema import Manifest


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
    return _by_stage(path, manifest) if manifest.stages else _by_length(path, manifest)


def _by_stage(path: Path, manifest: Manifest) -> Verified:
    sums: dict[str, str] = {}
    n_bytes, faults = 0, []
    for name in manifest.stages:
        folder = path / COLUMNS / name
        try:
            stage = read_stage(folder, name.rpartition("-")[2])
            if stage is None:
                raise DamageError(folder / RECORD, "is not there")
        except DamageError as damage:
            faults.append(f"{damage}.")
            continue
        for array, stored in stage.stored.items():
            try:
                check_sum(folder / f"{array}.npy", stored)
            except DamageError as damage:
                faults.append(f"{damage}.")
                continue
            sums[f"{COLUMNS}/{name}/{array}.npy"] = stored.crc32
            n_bytes += stored.bytes
    faults += [
        f"{path / one.path} was written anew since the manifest was."
        for one in {one.path: one for one in manifest.columns.values()}.values()
        if sums.get(one.path, one.crc32) != one.crc32
    ]
    return Verified(len(sums), n_bytes, faults)


def _by_length(path: Path, manifest: Manifest) -> Verified:
    """Look at a bundle from before checksums."""
    n_files, n_bytes, faults = 0, 0, []
    for one in {one.path: one for one in manifest.columns.values()}.values():
        try:
            stored = stored_array(one)
            check_length(path / one.path, stored.bytes)
        except DamageError as damage:
            faults.append(f"{damage}.")
            continue
        n_files, n_bytes = n_files + 1, n_bytes + stored.bytes
    return Verified(n_files, n_bytes, faults, has_sums=False)
