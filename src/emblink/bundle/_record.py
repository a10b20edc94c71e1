"""What a step wrote: the record in its folder, and the arrays that it lists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import msgspec

from emblink.bundle._arrays import check_stored, check_sum, map_array
from emblink.bundle._files import FILE_NAME, DamageError, read_file
from emblink.bundle._seal import UNSEALED, unsealed
from emblink.bundle.schema import StoredArray
from emblink.types import AnyArray

Facts: TypeAlias = dict[str, Any]

RECORD = "stage.json"


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """What a step wrote."""

    checksum: str = UNSEALED
    step: str
    """Name of its folder."""
    arrays: dict[str, StoredArray]
    facts: Facts


@dataclass(frozen=True, eq=False)
class Stage:
    """The finished output of one step: arrays in memory maps, and facts as JSON."""

    folder: Path
    key: str
    arrays: Mapping[str, AnyArray]
    facts: Facts
    stored: Mapping[str, StoredArray] = field(default_factory=dict)
    """What must be found in each array's file; of none that is in memory."""


def read_record(folder: Path) -> Record | None:
    """Return what a step wrote, or None where there is none.

    Parameters
    ----------
    folder : Path

    Returns
    -------
    Record or None

    Raises
    ------
    DamageError
        It is not what was written, or of another step.
    """
    path = folder / RECORD
    if folder.is_symlink():
        raise DamageError(folder, "is a link")
    data = read_file(path)
    if data is None:
        return None
    record = unsealed(path, data, Record)
    if record.step != folder.name:
        raise DamageError(path, "is of another step")
    for name, stored in record.arrays.items():
        if not FILE_NAME.fullmatch(f"{name}.npy"):
            raise DamageError(path, "names a file that could lead out of the bundle")
        check_stored(folder / f"{name}.npy", stored)
    return record


def read_stage(folder: Path, key: str, *, whole: bool = False) -> Stage | None:
    """Return the output of a step, or None where there is none.

    Parameters
    ----------
    folder : Path
    key : str
    whole : bool
        Whether to read all bytes and look at their checksums.

    Returns
    -------
    Stage or None

    Raises
    ------
    DamageError
        There is one that is not what was written.
    """
    record = read_record(folder)
    if record is None:
        return None
    arrays = {}
    for name, stored in record.arrays.items():
        file = folder / f"{name}.npy"
        if whole:
            check_sum(file, stored)
        arrays[name] = map_array(file, stored)
    return Stage(folder=folder, key=key, arrays=arrays, facts=record.facts, stored=record.arrays)
