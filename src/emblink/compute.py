"""How much of the machine to use, and how long work says where it is."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TypeAlias

Progress: TypeAlias = Callable[[int, int], None]
"""Called with ``(done, total)`` between blocks of work; raise from it to cancel."""


def silent(done: int, total: int) -> None:
    """Report to nobody."""


def threads() -> int:
    """Return how many threads to use: ``EMBLINK_THREADS``, or the cores this process may use."""
    asked = os.environ.get("EMBLINK_THREADS", "")
    if asked.isdigit() and int(asked) > 0:
        return int(asked)
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
