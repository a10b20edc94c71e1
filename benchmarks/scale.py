"""How time, memory and disk grow with the items, and how near `emblink plan` comes to them.

    python benchmarks/scale.py --n 25000 --n 100000 --n 400000 --dims 64
    python benchmarks/scale.py --n 200000 --resume
    python benchmarks/scale.py --n 1000000 --dims 128 --resume --peer
    python benchmarks/scale.py --n 20000 --dims 384 --spaces 3 --peer

Two spaces of clusters in few latent dims, of which the second moves one cluster onto another; each
further one has more noise. Each size is compared in a process of its own. Prints seconds and cores'
seconds, peak memory and size of the bundle beside what was predicted, the recall of the approximate
graph, what is named first, and for each step how it grows between the sizes on one side of the
sample (`n^x`). With `--resume` the run is killed halfway and begun again, and what was done twice
is told. With `--peer` umap-learn then draws each space by itself, in a process of its own and with
its own defaults.
"""

from __future__ import annotations

import argparse
import math
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from emblink.bundle import read_manifest, read_run
from emblink.plans import Plan, plan

LATENT = 24
UMAP = """
import sys, time
import numpy, umap
small = numpy.random.default_rng(0).random((5000, 8), dtype="float32")
umap.UMAP(metric="cosine").fit(small)
vectors = numpy.load(sys.argv[1])
seconds, cores = time.perf_counter(), time.process_time()
umap.UMAP(metric="cosine").fit(vectors)
print(time.perf_counter() - seconds, time.process_time() - cores)
"""
"""Draws one file, once it is compiled, and says its seconds and its cores' seconds."""


def spaces(n: int, dims: int, count: int) -> dict[str, NDArray[np.float32]]:
    """Return clusters, the same with noise and the first moved, and with ever more noise."""
    rng = np.random.default_rng(0)
    centres = 1.2 * rng.standard_normal((max(60, int(n**0.5) // 4), LATENT), dtype=np.float32)
    cluster = rng.integers(0, len(centres), n)
    latent = centres[cluster] + 0.5 * rng.standard_normal((n, LATENT), dtype=np.float32)
    found = {}
    for space in range(count):
        if space:
            latent = latent + 0.1 * rng.standard_normal(latent.shape, dtype=np.float32)
        if space == 1:
            latent[cluster == 0] += 0.9 * (centres[1] - centres[0])
        mixed = latent @ (rng.standard_normal((LATENT, dims), dtype=np.float32) / LATENT**0.5)
        found[f"space{space}.npy"] = mixed + 0.1 * rng.standard_normal((n, dims), dtype=np.float32)
    return found


@dataclass(frozen=True)
class Cost:
    """What processes took: seconds, and seconds of cores."""

    seconds: float
    cores: float

    def __add__(self, other: Cost) -> Cost:
        return Cost(self.seconds + other.seconds, self.cores + other.cores)


@contextmanager
def cost_of_children() -> Iterator[list[Cost]]:
    """Hold, once the block is over, what the processes that ended within it took."""
    found: list[Cost] = []
    begin, before = time.perf_counter(), os.times()
    yield found
    after = os.times()
    cores = after.children_user - before.children_user
    cores += after.children_system - before.children_system
    found.append(Cost(time.perf_counter() - begin, cores))


def run(files: Sequence[str], folder: Path, out: Path, *, kill_after: str | None = None) -> None:
    """Compare files. Killed once a step of that name is there."""
    command = [sys.executable, "-m", "emblink", "compare", *files, "-o", str(out)]
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL)
    while process.poll() is None:
        if kill_after and any((out / "columns").glob(f"{kill_after}-*/stage.json")):
            process.send_signal(signal.SIGKILL)
            process.wait()
            return
        time.sleep(0.2)
    if process.returncode:
        raise SystemExit(f"comparing failed with {process.returncode}")


def measure(
    n: int, dims: int, *, count: int, resume: bool, peer: bool
) -> tuple[dict[str, float], bool]:
    """Print one size; return the cores' seconds of each step, and whether a sample was asked."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        drawn = spaces(n, dims, count)
        for file, vectors in drawn.items():
            np.save(folder / file, vectors)
        files = list(drawn)
        del drawn
        said = plan([str(folder / file) for file in files])
        out = folder / "scale.emblink"
        whole = Cost(0.0, 0.0)
        if resume:
            with cost_of_children() as cost:
                run(files, folder, out, kill_after="joint")
            whole += cost[0]
            done = {one.parent.name for one in (out / "columns").glob("*/stage.json")}
            print(f"killed after {whole.seconds:.0f} s with {len(done)} steps done", flush=True)
        with cost_of_children() as cost:
            run(files, folder, out)
        whole += cost[0]
        show(f"{n:,} × {dims} × {count}", said, out, whole)
        ran = read_run(out)
        assert ran is not None
        steps: defaultdict[str, float] = defaultdict(float)
        for one in ran.steps:
            steps[one.step] += one.cpu
        if resume:
            again = [one.step for one in ran.steps if one.step in ("near", "queries", "joint")]
            print(f"begun again: {len(ran.steps)} steps computed, of those done before {again}")
        if peer:
            beside_umap(files, folder, whole)
        return dict(steps), bool(said.sampled)


def beside_umap(files: Sequence[str], folder: Path, whole: Cost) -> None:
    """Print what umap-learn takes for the same spaces, and the whole comparison beside it."""
    every = Cost(0.0, 0.0)
    for file in files:
        command = [sys.executable, "-c", UMAP, file]
        cost = Cost(*map(float, subprocess.check_output(command, cwd=folder, text=True).split()))
        every += cost
        print(f"  umap-learn draws {file}: {cost.seconds:.0f} s, {cost.cores:.0f} s of cores")
    print(
        "  whole comparison beside these pictures of umap-learn: "
        f"{whole.seconds / every.seconds:.2f} by the clock, "
        f"{whole.cores / every.cores:.2f} of cores",
        flush=True,
    )


def show(what: str, said: Plan, out: Path, whole: Cost) -> None:
    """Print one run beside what was predicted."""
    ran, report = read_run(out), read_manifest(out).report
    assert ran is not None
    assert ran.peak_memory is not None
    size = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
    graphs = report["method"]["graphs"].values() if "method" in report else ()
    recall = f"{min(one['recall'] for one in graphs):.4f}" if graphs else "exact"
    print(
        f"{what}: {whole.seconds:.0f} s (predicted {said.seconds:.0f}, ratio "
        f"{said.seconds / whole.seconds:.2f}), {whole.cores:.0f} s of cores; peak "
        f"{ran.peak_memory / 1e9:.2f} GB (predicted {said.memory / 1e9:.2f}); bundle "
        f"{size / 1e9:.2f} GB (predicted {said.disk / 1e9:.2f}); recall {recall}"
    )
    for finding in report["pairs"][0]["findings"][:2]:
        print(f"  {finding['sentence']}")
    sys.stdout.flush()


def growth(found: dict[int, dict[str, float]]) -> None:
    """Print how each step grows from the least to the greatest size."""
    sizes = sorted(found)
    if len(sizes) < 2:
        return
    least, most = sizes[0], sizes[-1]
    ratio = math.log(most / least)
    for step, seconds in sorted(found[most].items(), key=lambda one: -one[1]):
        before = found[least].get(step, 0.0)
        if seconds >= 0.5 and before > 0.02:
            power = math.log(seconds / before) / ratio
            print(f"  {step:14} {before:8.2f} → {seconds:8.2f} s of cores: n^{power:.2f}")


def main() -> None:
    """Compare every size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, action="append")
    parser.add_argument("--dims", type=int, default=64)
    parser.add_argument("--spaces", type=int, default=2)
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--peer", action="store_true")
    options = parser.parse_args()
    found: dict[bool, dict[int, dict[str, float]]] = {True: {}, False: {}}
    for n in options.n or [25_000, 50_000, 100_000, 200_000, 400_000]:
        steps, sampled = measure(
            n, options.dims, count=options.spaces, resume=options.resume, peer=options.peer
        )
        found[sampled][n] = steps
    for sampled, sizes in found.items():
        if len(sizes) > 1:
            print("asked a sample:" if sampled else "asked all:")
            growth(sizes)


if __name__ == "__main__":
    main()
