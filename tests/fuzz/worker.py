"""A process with bounds that reads damaged files one after the other, and says how each went.

It is told ``NAME FIRST LAST`` on its input, and answers a line of JSON before and after each seed.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
import traceback
import warnings
from pathlib import Path

from tests.fuzz.check import Misread, checked
from tests.fuzz.mutate import Mutant, mutant

MOST = 8 << 30
"""Bytes of address space: what asks for more gets a ``MemoryError``."""


def say(**found: object) -> None:
    sys.stdout.write(json.dumps(found) + "\n")
    sys.stdout.flush()


def outcome(path: Path, made: Mutant) -> str:
    path.write_bytes(made.data)
    try:
        return checked(path, made)
    except Misread as error:
        return f"misread: {error}"
    except Exception:
        return "traceback: " + "".join(traceback.format_exc()[-1500:])
    finally:
        path.unlink()


def peak(*, reset: bool = False) -> int:
    """Return the most bytes of memory held so far, where the system forgets on demand."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    if reset:
        Path("/proc/self/clear_refs").write_text("5")
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return 1024 * int(line.split()[1])


def main(folder: Path) -> None:
    warnings.simplefilter("ignore")
    resource.setrlimit(resource.RLIMIT_AS, (MOST, MOST))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for line in sys.stdin:
        name, first, last = line.split()
        for seed in range(int(first), int(last)):
            say(seed=seed)
            made = mutant(name, seed)
            before, since = peak(reset=True), time.monotonic()
            found = outcome(folder / name, made)
            took, beyond = time.monotonic() - since, peak() - before
            bound = 10 * len(made.data) + 200_000_000
            if found in ("read", "refused") and beyond > bound:
                found = f"memory: {beyond >> 20} MB for {len(made.data):,} bytes ({found})"
            say(seed=seed, kind=made.kind, found=found, seconds=round(took, 3))
        say(done=True)


if __name__ == "__main__":
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    main(Path(sys.argv[1]))
