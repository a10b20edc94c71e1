"""What watching costs a training loop, and how long a step takes to be written.

``python benchmarks/watch.py``: the digits network of ``examples/watch_digits.py`` is trained with
and without a Watch, by turns; and steps of 2,000 items are written one after the other.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

import numpy as np

import emblink as eb

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "examples"))
REPEATS = 5
LOGGED = 20


def loop(path: Path | None, *, whole: bool = True) -> tuple[float, float, float, int]:
    """Return the seconds and CPU seconds of a loop, those in ``log``, and the steps written."""
    from watch_digits import (  # type: ignore[import-not-found]
        HELD_OUT,
        STEPS,
        Network,
        digits,
        train,
    )

    network, inside = Network(), 0.0
    probe, labels = (one[:HELD_OUT] for one in digits())
    watch = None if path is None else eb.Watch(path, labels=labels, notice=lambda _: None)

    def each(step: int, loss: float) -> None:
        nonlocal inside
        if watch is not None and step % (STEPS // LOGGED) == 0:
            vectors = network.embed(probe)
            begin = perf_counter()
            watch.log(step, vectors, loss=loss)
            inside += perf_counter() - begin

    begin, cpu = perf_counter(), process_time()
    train(network, each)
    took, cpu = perf_counter() - begin, process_time() - cpu
    if watch is None:
        return took, cpu, inside, 0
    if not whole:  # what waits would take the cores of the next turn
        with watch._turn:
            watch._steps.clear()
    watch.close(finish=False)
    return took, cpu, inside, sum(1 for one in watch.written if not one.why)


def cost() -> None:
    """Print what a Watch costs the loop."""
    plain, watched = [], []
    with tempfile.TemporaryDirectory() as folder:
        for turn in range(REPEATS):
            plain.append(loop(None))
            whole = turn == REPEATS - 1
            watched.append(loop(Path(folder) / f"{turn}.emblink", whole=whole))
            print(turn, *(f"{one[-1][0]:.2f} s, CPU {one[-1][1]:.2f}" for one in (plain, watched)))
    alone, beside = median(one[0] for one in plain), median(one[0] for one in watched)
    cpu = median(one[1] for one in watched) / median(one[1] for one in plain)
    print(f"loop alone {alone:.2f} s, watched {beside:.2f} s: {beside / alone - 1:+.1%}")
    print(f"CPU of the loop's process: {cpu - 1:+.1%}")
    share = median(one[2] / one[0] for one in watched)
    print(f"inside log(): {share:.2%} of the loop, median of {REPEATS}")
    print(f"steps written of {LOGGED} in the last turn: {watched[-1][3]}")


def step_time(n: int = 2000, n_dims: int = 64, steps: int = 8) -> None:
    """Print how long a step of so many items takes to be written."""
    from emblink.load import from_arrays
    from emblink.watch._probe import Probe
    from emblink.watch._recorder import Recorder

    rng = np.random.default_rng(0)
    labels = rng.integers(0, 10, n).astype(str)
    read = from_arrays({"x": np.ones((n, 1))}, labels=labels)
    probe = Probe(read.ids, dict(read.items), dict(read.roles), [], "cosine", "run", 0)
    centres, own = rng.normal(size=(10, n_dims)), rng.normal(size=(n, n_dims))
    times = []
    with tempfile.TemporaryDirectory() as folder:
        recorder = Recorder(Path(folder) / "run.emblink", probe)
        for step in range(steps):
            noise = 0.3 * rng.normal(size=own.shape)
            vectors = centres[labels.astype(int)] * (0.2 + 0.1 * step) + own + noise
            begin, cpu = perf_counter(), process_time()
            recorder.take(step, vectors.astype(np.float32))
            times.append((perf_counter() - begin, process_time() - cpu))
        recorder.close()
    late = times[2:]  # the first two are compared with fewer
    wall, cpu = (median(one[at] for one in late) for at in (0, 1))
    print(f"a step of {n:,} × {n_dims}: {wall:.2f} s, {cpu:.2f} CPU s, median of {len(late)}")


if __name__ == "__main__":
    step_time()
    cost()
