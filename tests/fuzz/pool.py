"""Worker processes that are killed when they hang, and started again where they end."""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass
class Tally:
    """How the inputs of a format went: counts by outcome, and what must not be."""

    counts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    slowest: float = 0.0


class Worker:
    """One process; ``run`` starts it again where it ended or was ended."""

    def __init__(self, folder: Path, *, patience: float = 60.0) -> None:
        self._folder = folder
        self._patience = patience
        self._process: subprocess.Popen[bytes] | None = None
        self._rest = b""

    def run(self, name: str, seeds: range) -> Tally:
        """Read the files of these seeds.

        A process that has read many and ends by itself may have had no more room: it is asked once
        more of one that is new. One that a signal ended is at fault at once.
        """
        tally, at, again = Tally(), seeds.start, -1
        while at < seeds.stop:
            process = self._started()
            assert process.stdin is not None
            process.stdin.write(f"{name} {at} {seeds.stop}\n".encode())
            process.stdin.flush()
            for line in self._answers(process):
                if "done" in line:
                    return tally
                at = int(str(line["seed"]))
                if "found" in line:
                    _count(tally, name, line)
            ended = process.poll()
            self.close()
            if ended is not None and ended > 0 and again != at:
                again = at
                continue
            how = "hangs" if ended is None else f"ends the process ({ended})"
            tally.counts["ended"] += 1
            tally.faults.append(f"{name} {at}: {how}")
            at += 1
        return tally

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            paths = [str(ROOT / "src"), str(ROOT), os.environ.get("PYTHONPATH", "")]
            self._rest = b""
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.fuzz.worker", str(self._folder)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                cwd=ROOT,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
            )
        return self._process

    def _answers(self, process: subprocess.Popen[bytes]) -> Iterator[dict[str, object]]:
        """Yield what the process says, until it ends or is silent for too long."""
        assert process.stdout is not None
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ)
            while selector.select(self._patience):
                said = os.read(process.stdout.fileno(), 1 << 16)
                if not said:
                    process.wait()
                    return
                *lines, self._rest = (self._rest + said).split(b"\n")
                for line in lines:
                    yield json.loads(line)

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


def _count(tally: Tally, name: str, line: dict[str, object]) -> None:
    found = str(line["found"])
    tally.counts[found.split(":")[0]] += 1
    tally.slowest = max(tally.slowest, float(str(line["seconds"])))
    if found not in ("read", "refused"):
        tally.faults.append(f"{name} {line['seed']} ({line['kind']}): {found}")
