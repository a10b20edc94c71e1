"""What can happen to a file while it is read."""

from __future__ import annotations

import os
from pathlib import Path


def cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def empty(path: Path) -> None:
    os.truncate(path, 0)


def rewrite(path: Path) -> None:
    """Other bytes, in place, as many as before."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2 :] = bytes(byte ^ 0x55 for byte in data[len(data) // 2 :])
    with path.open("r+b") as file:
        file.write(data)


def touch_back(path: Path) -> None:
    """Other bytes under the old time."""
    was = path.stat()
    rewrite(path)
    os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns))


def grow(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"\0" * 64)


def replace(path: Path) -> None:
    other = path.with_name("other")
    other.write_bytes(path.read_bytes())
    other.replace(path)


def delete(path: Path) -> None:
    path.unlink()


CHANGES = (cut, empty, rewrite, touch_back, grow, replace, delete)
