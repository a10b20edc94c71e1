"""The manifest of a bundle: read whole or not at all, and never leading out of the bundle."""

from __future__ import annotations

from math import prod
from pathlib import Path

import msgspec
import numpy as np

from emblink.bundle._arrays import DTYPE, check_stored
from emblink.bundle._files import COLUMNS, UNREADABLE, DamageError, read_file
from emblink.bundle._references import wrong_name
from emblink.bundle._seal import check_seal
from emblink.bundle._store import MANIFEST, unreadable
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
    if path.is_file():
        raise BundleError(
            f"{path} is a file; expected the directory of a bundle, which `emblink compare` makes"
        )
    try:
        data = read_file(file)
        if data is None:
            state = "an unfinished bundle" if (path / COLUMNS).is_dir() else "no bundle"
            raise BundleError(
                f"{path} holds {state}; make one with `emblink compare … -o {path.name}` "
                "(an interrupted run continues where it stopped)"
            )
        schema = msgspec.json.decode(data, type=_Versioned).schema
        if schema != SCHEMA:
            raise BundleError(
                f"{path} is written as {schema!r}, this Emblink reads {SCHEMA!r}; "
                "update Emblink, or compare again"
            )
        manifest = msgspec.json.decode(data, type=Manifest)
        if manifest.checksum or manifest.stages:  # older ones have neither
            check_seal(file, data)
        wrong = wrong_name(manifest)
        if wrong:
            raise DamageError(file, wrong)
    except UNREADABLE as error:
        raise BundleError(
            f"{file} is not a manifest: {error}; compare again into the same directory to mend it"
        ) from error
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
    width = np.dtype(column.dtype).itemsize if DTYPE.fullmatch(column.dtype) else 0
    stored = StoredArray(
        dtype=column.dtype,
        shape=column.shape,
        offset=column.offset,
        bytes=column.offset + prod(column.shape) * width if column.bytes is None else column.bytes,
        crc32=column.crc32 or "",
    )
    check_stored(column.path, stored)
    return stored


class _Versioned(msgspec.Struct):
    schema: str
