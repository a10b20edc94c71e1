"""The peer: emblaze 0.11.0, in an environment and a process of its own."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import tempfile
import time
import venv
from dataclasses import dataclass
from math import nan
from os import killpg, sysconf
from pathlib import Path

import numpy as np

from emblink.types import FloatArray, IntArray

HOME = Path(__file__).resolve().parents[2] / "build" / "emblaze-0.11.0"
# What emblaze imports, as of its release in May 2025. Its server is left out, and umap-learn, which
# it imports only to draw. numpy 1.26 is the kinder choice: with numpy 2, the consistency of a group
# of more than 256 items, computed in float16, is 0 or NaN.
PINS = (
    "affine==2.4.0",
    "anywidget==0.9.18",
    "asttokens==3.0.0",
    "attrs==25.3.0",
    "colormath==3.0.0",
    "comm==0.2.2",
    "decorator==5.2.1",
    "emblaze==0.11.0",
    "executing==2.2.0",
    "ipython==9.2.0",
    "ipython_pygments_lexers==1.1.1",
    "ipywidgets==8.1.7",
    "jedi==0.19.2",
    "joblib==1.5.1",
    "jupyterlab_widgets==3.0.15",
    "llvmlite==0.44.0",
    "matplotlib-inline==0.1.7",
    "networkx==3.4.2",
    "numba==0.61.2",
    "numpy==1.26.4",
    "pandas==2.2.3",
    "parso==0.8.4",
    "pexpect==4.9.0",
    "pillow==11.2.1",
    "prompt_toolkit==3.0.51",
    "psygnal==0.13.0",
    "ptyprocess==0.7.0",
    "pure_eval==0.2.3",
    "Pygments==2.19.1",
    "python-dateutil==2.9.0.post0",
    "pytz==2025.2",
    "scikit-learn==1.6.1",
    "scipy==1.15.3",
    "six==1.17.0",
    "stack-data==0.6.3",
    "threadpoolctl==3.6.0",
    "tqdm==4.67.1",
    "traitlets==5.14.3",
    "typing_extensions==4.13.2",
    "tzdata==2025.2",
    "wcwidth==0.2.13",
    "widgetsnbextension==4.0.14",
)
NEIGHBORS = 100  # of Embedding and EmbeddingSet.compute_neighbors, unless told otherwise
MOST_NEIGHBORS = 255  # it counts what two items share in uint8
SHOWN = 25  # of all its suggestions, what its viewer lists
# From so many items on, its viewer of two spaces suggests only while 1,000 or fewer are visible.
SWITCHED_OFF = 5_000
MEMORY = 16 * 2**30
PREPARE_S = 300.0
OUT_OF_MEMORY = 3  # the worker's exit status


@dataclass(frozen=True, eq=False)
class Suggested:
    """What emblaze suggests for one ordered pair of spaces.

    ``groups`` are rows, the best first, and share no item; ``scores`` are what emblaze sorts them
    by, which may be NaN or infinite. ``seconds`` is for the suggestions alone: neither its start,
    nor compiling, nor the neighbours, which are ``knn_seconds``; ``processor`` is what these
    suggestions took of the processor. ``peak_bytes`` is the most
    resident memory of the whole process. Without groups because the time was up (``ended``) or
    the memory (``out_of_memory``), the seconds and bytes are lower bounds; where that came before
    the suggestions began, the seconds are 0.
    """

    groups: list[IntArray]
    scores: list[float]
    seconds: float
    processor: float
    knn_seconds: float
    peak_bytes: int
    ended: bool
    out_of_memory: bool


def environment(folder: Path = HOME) -> Path:
    """Return the Python of an environment with emblaze, made in ``folder`` unless it is there."""
    python, made = folder / "bin" / "python", folder / "pins.txt"
    if made.is_file() and made.read_text().split() == list(PINS):
        return python
    if sys.version_info >= (3, 13):
        raise SystemExit("emblaze is run with numpy 1.26, which needs Python 3.11 or 3.12")
    venv.create(folder, clear=True, with_pip=True)
    quiet = ("--quiet", "--disable-pip-version-check")
    subprocess.run([python, "-m", "pip", "install", *quiet, "--no-deps", *PINS], check=True)
    made.write_text("\n".join(PINS))
    return python


def suggest(
    a: FloatArray,
    b: FloatArray,
    *,
    limit_s: float,
    k: int = NEIGHBORS,
    metric: str = "cosine",
    mended: bool = False,
) -> Suggested:
    """Ask emblaze which groups of items changed from ``a`` to ``b``; row i is one item in both.

    Parameters
    ----------
    a, b : array of shape (n_items, n_dims)
        They may differ in ``n_dims``.
    limit_s : float
        Seconds the suggestions may take; then the process is ended.
    k : int
        Neighbours of each item that emblaze compares.
    metric : str
        Of the neighbours. Emblaze's documentation recommends cosine for most embeddings.
    mended : bool
        Let scores that emblaze leaves NaN or infinite be the numbers they stand for.
    """
    if len(a) != len(b):
        raise ValueError(f"spaces have {len(a)} and {len(b)} items; emblaze is given the same")
    if not 0 < k < min(len(a), MOST_NEIGHBORS + 1):
        raise ValueError(f"k is {k}; emblaze needs 1 to {MOST_NEIGHBORS}, and more items than that")
    python = environment()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        np.savez(folder / "in.npz", a=np.asarray(a, np.float32), b=np.asarray(b, np.float32))
        asked = ["--k", str(k), "--metric", metric, "--memory", str(MEMORY)]
        return _run(python, [*asked, *(["--mended"] if mended else [])], folder, limit_s)


def _run(python: Path, asked: list[str], folder: Path, limit_s: float) -> Suggested:
    given, found, began, said = (folder / one for one in ("in.npz", "out.npz", "began", "said"))
    script = Path(__file__).with_name("emblaze_worker.py")
    worker: list[str | Path] = [python, "-I", "-W", "ignore", script]
    command = [*worker, given, found, "--began", began, *asked]
    with said.open("w") as out:
        child = subprocess.Popen(command, stdout=out, stderr=out, start_new_session=True)
    try:
        seconds, processor, peak = _watch(child, began, limit_s)
        code = child.poll()
    finally:
        if child.poll() is None:
            killpg(child.pid, signal.SIGKILL)
            child.wait()
    knn_seconds = float(began.read_text()) if began.exists() else nan
    if code == 0:
        return _read(found, processor, knn_seconds)
    if code not in (None, OUT_OF_MEMORY):
        raise RuntimeError(f"emblaze ended with status {code}: {said.read_text()[-2000:]}")
    ended, out_of_memory = code is None, code == OUT_OF_MEMORY
    return Suggested([], [], seconds, processor, knn_seconds, peak, ended, out_of_memory)


def _watch(child: subprocess.Popen[bytes], began: Path, limit_s: float) -> tuple[float, float, int]:
    """Wait for the child or the limit; return both times since the suggestions began, and memory.

    The time that passed, and the processor's.
    """
    peak, start, before, after = 0, 0.0, 0.0, 0.0
    prepared_by = time.perf_counter() + PREPARE_S
    while child.poll() is None:
        peak, after = max(peak, _peak_bytes(child.pid)), _processor(child.pid)
        now = time.perf_counter()
        if not start and began.exists():
            start, before = now, after
        if now >= (start + limit_s if start else prepared_by):
            break
        time.sleep(0.02)
    return (time.perf_counter() - start, after - before, peak) if start else (0.0, 0.0, peak)


def _processor(pid: int) -> float:
    """Return the seconds that a process took of the processor, for itself and for the system."""
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, after_name[11:13])) / sysconf("SC_CLK_TCK")


def _peak_bytes(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"VmHWM:\s*(\d+) kB", status)
    return int(found[1]) * 1024 if found else 0


def _read(found: Path, processor: float, knn_seconds: float) -> Suggested:
    with np.load(found) as stored:
        ends = np.cumsum(stored["sizes"])
        return Suggested(
            groups=[np.asarray(one) for one in np.split(stored["rows"], ends)[:-1]],
            scores=stored["scores"].tolist(),
            seconds=float(stored["seconds"]),
            processor=processor,
            knn_seconds=knn_seconds,
            peak_bytes=int(stored["peak_bytes"]),
            ended=False,
            out_of_memory=False,
        )
