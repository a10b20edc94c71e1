"""The manifest of a bundle: read whole or not at all, and never leading out of the bundle."""

from __future__ import annotations

from math import prod
from pathlib import Path

import msgspec
import numpy as np

from emblink.bundle._files import (
    COLUMNS,
    STAGE_NAME,
    DamageError,
    check_seal,
    is_sealed,
    safe_path,
)
from emblink.bundle._store import MANIFEST, MARKER, unreadable
from emblink.bundle.schema import SCHEMA, Column, Manifest, StoredArray
from emblink.errors import BundleError


def read_manifest(path: Path) -> Manifest:
    """Read the manifest of a bundle.

    Parameters
    ----------
    path : Path
        The bundle's directory.

    Returns
    -------
    Manifest

    Raises
    ------
    BundleError
        There is no finished bundle at ``path``, or it is newer than this Emblink.
    """
    file = path / MANIFEST
    if not file.is_file() or file.is_symlink():
        state = "an unfinished bundle" if (path / COLUMNS).is_dir() else "no bundle"
        raise BundleError(
            f"{path} holds {state}; make one with `emblink compare … -o {path.name}` "
            "(an interrupted run continues where it stopped)"
        )
    data = file.read_bytes()
    try:
        schema = msgspec.json.decode(data, type=_Versioned).schema
        if schema != SCHEMA:
            raise BundleError(
                f"{path} is written as {schema!r}, this Emblink reads {SCHEMA!r}; "
                "update Emblink, or compare again"
            )
        if is_sealed(data) or (path / MARKER).exists():  # older ones have neither
            check_seal(file, data)
        manifest = msgspec.json.decode(data, type=Manifest)
        _check_names(manifest)
    except msgspec.MsgspecError as error:
        raise BundleError(f"{file} is not a manifest: {error}; compare again") from error
    except DamageError as damage:
        raise unreadable(damage) from damage
    return manifest


def stored_array(column: Column) -> StoredArray:
    """Return what must be found in a column's file.

    Parameters
    ----------
    column : Column

    Returns
    -------
    StoredArray
        With an empty checksum when the bundle is from before checksums.

    Raises
    ------
    DamageError
        The column is of no numbers that Emblink writes.
    """
    try:
        dtype = np.dtype(column.dtype)
    except TypeError as error:
        raise DamageError(column.path, f"is said to hold {column.dtype!r}") from error
    if dtype.kind not in "iufb" or column.offset < 0 or any(n < 0 for n in column.shape):
        raise DamageError(column.path, f"is said to hold {column.dtype!r} of shape {column.shape}")
    length = column.offset + prod(column.shape) * dtype.itemsize
    return StoredArray(
        dtype=dtype.str,
        shape=column.shape,
        offset=column.offset,
        bytes=length if column.bytes is None else column.bytes,
        crc32=column.crc32 or "",
    )


def _check_names(manifest: Manifest) -> None:
    """Refuse a manifest of which any name leads out of the bundle."""
    for column in manifest.columns.values():
        safe_path(column.path)
    for stage in manifest.stages:
        if not STAGE_NAME.fullmatch(stage):
            raise DamageError(stage, "is no name of a step and could lead out of the bundle")


class _Versioned(msgspec.Struct):
    schema: str
