"""Memory for what is read, or an error that says how much it takes."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
from numpy.typing import DTypeLike

from emblink.errors import TooLargeError
from emblink.types import AnyArray

_CGROUPS = (
    ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current", "inactive_file"),
    (
        "/sys/fs/cgroup/memory/memory.limit_in_bytes",
        "/sys/fs/cgroup/memory/memory.usage_in_bytes",
        "total_inactive_file",
    ),
)


def allocate(shape: tuple[int, ...], dtype: DTypeLike, where: str) -> AnyArray:
    """Return an array that is not filled yet.

    Raises
    ------
    TooLargeError
        There is not as much memory.
    """
    kind = np.dtype(dtype)
    check_room(math.prod(shape) * kind.itemsize, where)
    try:
        return np.empty(shape, kind)
    except (MemoryError, ValueError) as error:  # ValueError: beyond what numpy can count
        raise too_large(where, math.prod(shape) * kind.itemsize) from error


def check_room(n_bytes: int, where: str) -> None:
    """Refuse what would take more memory than is free, where the system says how much is.

    Raises
    ------
    TooLargeError
        It does not fit.
    """
    free = free_memory()
    if free is not None and n_bytes > free:
        raise too_large(where, n_bytes, free)


def too_large(where: str, n_bytes: int, free: int | None = None) -> TooLargeError:
    """Return the error of what does not fit into memory."""
    there = "more than there is" if free is None else f"{_size(free)} is free"
    return TooLargeError(
        f"{where} needs at least {_size(n_bytes)} of memory, {there}; compare fewer rows or dims, "
        "save it as float16, or use a machine with more memory"
    )


def free_memory() -> int | None:
    """Return the bytes that may still be taken, swap included; None where that is not known."""
    system = _fields(Path("/proc/meminfo"))
    if "MemAvailable" not in system:
        return None
    free = 1024 * (system["MemAvailable"] + system.get("SwapFree", 0))
    for most, used, reclaimable in _CGROUPS:
        limit, usage = _number(Path(most)), _number(Path(used))
        if limit is not None and usage is not None:
            held = _fields(Path(used).with_name("memory.stat")).get(reclaimable, 0)
            free = min(free, max(0, limit - usage + held))
    return free


def _fields(path: Path) -> dict[str, int]:
    found = {}
    for line in _text(path).splitlines():
        name, _, rest = line.replace(":", " ").partition(" ")
        number = rest.split()[:1]
        if number and number[0].isdigit():
            found[name] = int(number[0])
    return found


def _number(path: Path) -> int | None:
    word = _text(path).strip()
    return int(word) if word.isdigit() else None


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except (OSError, UnicodeDecodeError):
        return ""


def _size(n_bytes: int) -> str:
    return f"{n_bytes / 1e9:,.1f} GB" if n_bytes >= 1e8 else f"{n_bytes / 1e6:,.1f} MB"
