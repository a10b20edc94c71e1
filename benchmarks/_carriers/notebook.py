"""What widgets take in a real JupyterLab: kernel, browser, wire and saved file."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

from _carriers.lab import lab, notebook_of

HERE = Path(__file__).parent
ROOT = HERE.parents[1]

FIRST = """\
import resource
import emblink as eb
from emblink.widget import ComparisonWidget

SENT = [0]


class Counted(ComparisonWidget):
    def send(self, content, buffers=None):
        SENT[0] += sum(len(one) for one in buffers or [])
        super().send(content, buffers)


def used():
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) / 1e3 for line in file if line.startswith("VmRSS"))


BEFORE = used()"""
LAST = "print('TOLD', SENT[0] / 1e6, used() - BEFORE)"


@dataclass(frozen=True)
class Taken:
    """Megabytes."""

    sent: float
    kernel: float
    browser: float
    saved: float
    """What the notebook grew by when it was saved."""


def taken(bundle: Path, n_widgets: int, folder: Path) -> Taken:
    """Show a bundle in so many cells of one notebook, and return what that took.

    Parameters
    ----------
    bundle : Path
    n_widgets : int
    folder : Path
        For the notebook.

    Returns
    -------
    Taken
    """
    file = folder / "t.ipynb"
    shown = [f"Counted({str(bundle)!r}, theme='light')"] * n_widgets
    file.write_text(json.dumps(notebook_of([FIRST, *shown, LAST])), encoding="utf-8")
    before = file.stat().st_size
    with lab(folder) as address:
        script = [*("node", str(HERE / "lab.mjs"), address, str(n_widgets))]
        pipe = subprocess.PIPE
        with subprocess.Popen(script, stdin=pipe, stdout=pipe, text=True) as running:
            assert running.stdin is not None
            assert running.stdout is not None
            _told(running.stdout.readline(), "empty")
            empty = _memory(running.pid)
            print("go", file=running.stdin, flush=True)
            found = _told(running.stdout.readline(), "shown")
            full = _memory(running.pid)
            running.stdin.close()
    sent, kernel = (float(one) for one in found["told"].split()[1:3])
    return Taken(sent, kernel, (full - empty) / 1e3, (file.stat().st_size - before) / 1e6)


def _told(line: str, at: str) -> dict[str, str]:
    found: dict[str, str] = json.loads(line or "{}")
    if found.get("at") != at:
        raise RuntimeError(f"the browser ended before it was {at}")
    return found


def _memory(root: int) -> float:
    """Return the kilobytes of a process and all below it, shared ones once."""
    parents: dict[int, list[int]] = {}
    for one in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(one.read_text().rpartition(")")[2].split()[1])
        except (OSError, IndexError):
            continue
        parents.setdefault(parent, []).append(int(one.parent.name))
    total, waiting = 0.0, [root]
    while waiting:
        pid = waiting.pop()
        waiting += parents.get(pid, [])
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += sum(float(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total
