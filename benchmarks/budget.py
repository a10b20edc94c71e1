"""What a budget takes beside one comparison of the same vectors, and what it finds.

The emoji's names by MiniLM and by the Universal Sentence Encoder: a budget of each, with their
labels, and a comparison of the two into a new bundle, taking turns in one process. Seconds of the
processor, of all threads, for other work on the machine does not count there; the least of each.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from importlib.resources import files
from pathlib import Path

from emblink.budget import budget
from emblink.load import load_spaces
from emblink.pipeline import build
from emblink.types import BudgetReport, SpaceSet

MOST = 2.0
EMOJI = str(files("emblink.demo") / "emoji.npz")
NAMES = ("minilm_l6_name_en", "use_name_en")


def read(*names: str) -> SpaceSet:
    """Read spaces of the emoji."""
    return load_spaces([f"{name}={EMOJI}::space__{name}" for name in names], label="label")


def compared() -> float:
    """Return the seconds of the processor that a comparison takes."""
    spaces = read(*NAMES)
    with tempfile.TemporaryDirectory() as folder:
        start = time.process_time()
        build(spaces, out=Path(folder, "run.emblink"))
        return time.process_time() - start


def budgeted(name: str) -> tuple[float, BudgetReport]:
    """Return the seconds of the processor that a budget takes, and what it says."""
    spaces = read(name)
    start = time.process_time()
    found = budget(spaces)
    return time.process_time() - start, found


def main() -> None:
    """Print the ratio of both, and whether it is as claimed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=3)
    repeats = parser.parse_args().repeats
    one = min(compared() for _ in range(repeats))
    print(f"a comparison of {' and '.join(NAMES)}: {one:.2f} s of the processor")
    met = True
    for name in NAMES:
        tries = [budgeted(name) for _ in range(repeats)]
        seconds, found = min(tries, key=lambda one: one[0])
        ratio = seconds / one
        met = met and ratio <= MOST
        print(f"a budget of {name}: {seconds:.2f} s, {ratio:.2f} of it")
        print(f"  {found['sentence']}")
        for note in found["notes"]:
            print(f"  {note}")
    print(f"at most {MOST:g} of a comparison: {'met' if met else 'MISSED'}")
    raise SystemExit(0 if met else 1)


if __name__ == "__main__":
    main()
