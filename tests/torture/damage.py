"""Nine kinds of damage to a file, and the files of a bundle that they are done to."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

ZEROS = 8192


def flip(path: Path, at: int) -> None:
    """Flip one bit of a byte."""
    data = bytearray(path.read_bytes())
    data[at] ^= 0x10
    path.write_bytes(data)


def flip_late(path: Path) -> None:
    """Flip a bit of the data, near the end."""
    flip(path, -2)


def flip_early(path: Path) -> None:
    """Flip a bit of the header, or of the first words."""
    flip(path, 12)


def truncate(path: Path) -> None:
    """Take away the last byte."""
    os.truncate(path, path.stat().st_size - 1)


def empty(path: Path) -> None:
    """Take away all bytes."""
    os.truncate(path, 0)


def zeros(path: Path) -> None:
    """Put zeros in the place of the last 8 KiB, or of all."""
    data = path.read_bytes()
    path.write_bytes(data[:-ZEROS] + bytes(min(ZEROS, len(data))))


def delete(path: Path) -> None:
    """Take the file away."""
    path.unlink()


def extend(path: Path) -> None:
    """Add a few bytes."""
    path.write_bytes(path.read_bytes() + b"more")


def bundle_of(path: Path) -> Path:
    """Return the bundle that a file is in."""
    return next(one for one in path.parents if (one / "columns").is_dir())


def swap(path: Path) -> None:
    """Let the file and the one that is most like it trade places."""
    data = path.read_bytes()
    root = bundle_of(path)
    others = [one for one in sorted(root.rglob("*.*")) if one.is_file()]
    others = [one for one in others if one.read_bytes() != data]

    def likeness(other: Path) -> tuple[bool, ...]:
        size, name = other.stat().st_size == len(data), other.name == path.name
        return (size and name, name, size, other.suffix == path.suffix)

    other = max(others, key=likeness)
    path.write_bytes(other.read_bytes())
    other.write_bytes(data)


def link(path: Path) -> None:
    """Keep the file elsewhere, whole, with a link in its place."""
    elsewhere = bundle_of(path).with_name("elsewhere")
    elsewhere.mkdir()
    path.symlink_to(shutil.move(path, elsewhere))


def folder(path: Path) -> None:
    """Put a folder in its place."""
    path.unlink()
    path.mkdir()


DAMAGES: dict[str, Callable[[Path], None]] = {
    "a bit of the data flips": flip_late,
    "a bit of the header flips": flip_early,
    "its last byte is gone": truncate,
    "it is emptied": empty,
    "zeros are in its place": zeros,
    "it is gone": delete,
    "it is longer": extend,
    "it traded places": swap,
    "it is a link": link,
    "it is a folder": folder,
}
"""What may become of a file; damage to data and to headers is one of the nine kinds."""


def kinds(path: Path) -> dict[str, Path]:
    """Return one file of everything that lies in a bundle, by what it is.

    Parameters
    ----------
    path : Path
        Of a finished bundle.
    """
    found = {one.name: one for one in sorted(path.iterdir()) if one.is_file()}
    del found["run.json"]  # how long it took, which is no part of what was found
    for step in sorted((path / "columns").iterdir()):
        kind = step.name.rpartition("-")[0]
        arrays = sorted(step.glob("*.npy"), key=lambda one: one.stat().st_size)
        found.setdefault(f"{kind}, record", step / "stage.json")
        found.update({f"{kind}, array": one for one in arrays[-1:]})
    return found
