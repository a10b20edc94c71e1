"""How time, memory and disk grow with the items, and how near `emblink plan` comes to them.

    python benchmarks/scale.py --n 25000 --n 100000 --n 400000 --dims 64
    python benchmarks/scale.py --n 200000 --resume

Two spaces of clusters in few latent dims, of which the second moves one cluster onto another. Each
size is compared in a process of its own. Prints seconds and cores' seconds, peak memory and size of
the bundle beside what was predicted, the recall of the approximate graph, what is named first, and
for each step how it grows between the sizes on one side of the sample (`n^x`). With `--resume` the
run is killed halfway and begun again, and what was done twice is told.
"""

from __future__ import annotations

import argparse
import math
import signal
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from emblink.bundle import read_manifest, read_run
from emblink.plans import Plan, plan

LATENT = 24
SAMPLED_ABOVE = 100_000


def spaces(n: int, dims: int, *, seed: int = 0) -> dict[str, NDArray[np.float32]]:
    """Return two spaces: clusters, and the same with noise and the first cluster moved."""
    rng = np.random.default_rng(seed)
    centres = 1.2 * rng.standard_normal((max(60, int(n**0.5) // 4), LATENT), dtype=np.float32)
    cluster = rng.integers(0, len(centres), n)
    latent = centres[cluster] + 0.5 * rng.standard_normal((n, LATENT), dtype=np.float32)
    found = {}
    for name in ("old", "new"):
        if name == "new":
            latent = latent + 0.1 * rng.standard_normal(latent.shape, dtype=np.float32)
            latent[cluster == 0] += 0.9 * (centres[1] - centres[0])
        mixed = latent @ (rng.standard_normal((LATENT, dims), dtype=np.float32) / LATENT**0.5)
        found[name] = mixed + 0.1 * rng.standard_normal((n, dims), dtype=np.float32)
    return found


def run(folder: Path, out: Path, *, kill_after: str | None = None) -> float:
    """Compare both files; return the seconds. Killed once a step of that name is there."""
    command = [sys.executable, "-m", "emblink", "compare", "old.npy", "new.npy", "-o", str(out)]
    begin = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL)
    while process.poll() is None:
        if kill_after and any((out / "columns").glob(f"{kill_after}-*/stage.json")):
            process.send_signal(signal.SIGKILL)
            process.wait()
            return time.perf_counter() - begin
        time.sleep(0.2)
    if process.returncode:
        raise SystemExit(f"comparing failed with {process.returncode}")
    return time.perf_counter() - begin


def measure(n: int, dims: int, *, resume: bool) -> tuple[dict[str, float], bool]:
    """Print one size; return the cores' seconds of each step, and whether a sample was asked."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for space, vectors in spaces(n, dims).items():
            np.save(folder / f"{space}.npy", vectors)
        said = plan([str(folder / "old.npy"), str(folder / "new.npy")])
        out = folder / "scale.emblink"
        if resume:
            first = run(folder, out, kill_after="joint")
            done = {one.parent.name for one in (out / "columns").glob("*/stage.json")}
            print(f"killed after {first:.0f} s with {len(done)} steps done")
        seconds = run(folder, out)
        show(n, dims, said, out, seconds)
        ran = read_run(out)
        assert ran is not None
        steps: defaultdict[str, float] = defaultdict(float)
        for one in ran.steps:
            steps[one.step] += one.cpu
        if resume:
            again = [one.step for one in ran.steps if one.step in ("near", "queries", "joint")]
            print(f"begun again: {len(ran.steps)} steps computed, of those done before {again}")
        return dict(steps), bool(said.sampled)


def show(n: int, dims: int, said: Plan, out: Path, seconds: float) -> None:
    """Print one run beside what was predicted."""
    ran, report = read_run(out), read_manifest(out).report
    assert ran is not None
    assert ran.peak_memory is not None
    size = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
    cpu = sum(one.cpu for one in ran.steps)
    graphs = report["method"]["graphs"].values() if "method" in report else ()
    recall = f"{min(one['recall'] for one in graphs):.4f}" if graphs else "exact"
    print(
        f"{n:,} × {dims} × 2: {seconds:.0f} s (predicted {said.seconds:.0f}, ratio "
        f"{said.seconds / seconds:.2f}), {cpu:.0f} s of cores; peak {ran.peak_memory / 1e9:.2f} GB "
        f"(predicted {said.memory / 1e9:.2f}); bundle {size / 1e9:.2f} GB (predicted "
        f"{said.disk / 1e9:.2f}); recall {recall}"
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
    parser.add_argument("--resume", action="store_true")
    options = parser.parse_args()
    found: dict[bool, dict[int, dict[str, float]]] = {True: {}, False: {}}
    for n in options.n or [25_000, 50_000, 100_000, 200_000, 400_000]:
        steps, sampled = measure(n, options.dims, resume=options.resume)
        found[sampled][n] = steps
    for sampled, sizes in found.items():
        if len(sizes) > 1:
            print("asked a sample:" if sampled else "asked all:")
            growth(sizes)


if __name__ == "__main__":
    main()
