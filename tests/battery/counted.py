"""How much a battery does, and what it says at its end."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

TIMES = int(os.environ.get("EMBLINK_BATTERY", "1"))
"""How many times as much as in continuous integration."""


@contextmanager
def counted(name: str) -> Iterator[Counter[str]]:
    """Count what a battery does, and print it with the seconds."""
    done: Counter[str] = Counter()
    begun = time.monotonic()
    yield done
    told = ", ".join(f"{n:,} {what}" for what, n in done.items())
    print(f"\n{name}: {told}; {time.monotonic() - begun:.0f} s")
