"""What handing exact search out costs: each executor beside this process, in one run.

    python benchmarks/executors.py --n 100000 --dims 64 --executor threads --executor dask

Each search is done by turns, so that other work on the machine falls on all alike; the cores'
seconds of all processes are counted as well as the clock's, and every result is compared with that
of this process bit by bit. Then a few numbers of `docs/beyond-one-machine.md`: the cores' seconds
and bytes of a search by unit.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from emblink.compute import threads
from emblink.executors import Workers, opened, working_on
from emblink.neighbors import nearest_neighbors
from emblink.types import NeighborGraph

K = 100


def vectors(n: int, dims: int) -> NDArray[np.float32]:
    """Return clusters in few latent dims."""
    rng = np.random.default_rng(0)
    centres = 1.2 * rng.standard_normal((max(60, int(n**0.5) // 4), 24), dtype=np.float32)
    latent = centres[rng.integers(0, len(centres), n)]
    latent += 0.5 * rng.standard_normal(latent.shape, dtype=np.float32)
    mixed = latent @ rng.standard_normal((24, dims), dtype=np.float32)
    return mixed + 0.1 * rng.standard_normal(mixed.shape, dtype=np.float32)


def processes(*, alone: bool = False) -> dict[str, int]:
    """Return the ticks of cores that this process and its descendants have taken so far."""
    parents, ticks = {}, {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[path.parent.name], ticks[path.parent.name] = (
            fields[1],
            int(fields[11]) + int(fields[12]),
        )
    own = {str(Path("/proc/self").resolve().name)}
    while not alone and (more := {pid for pid, parent in parents.items() if parent in own} - own):
        own |= more
    return {pid: ticks[pid] for pid in own if pid in ticks}


@contextmanager
def clocked(into: list[tuple[float, float]], *, alone: bool = False) -> Iterator[None]:
    """Append the seconds of the clock, and of cores: workers that wait count for no one else."""
    before, begin = processes(alone=alone), time.perf_counter()
    yield
    seconds = time.perf_counter() - begin
    after = processes(alone=alone)
    spent = sum(ticks - before.get(pid, 0) for pid, ticks in after.items())
    into.append((seconds, spent / 100))


def search(x: NDArray[np.float32], asked: int | None) -> NeighborGraph:
    """Find the neighbours of all, or of the first."""
    return nearest_neighbors(x, k=K, queries=None if asked is None else np.arange(asked))


def compare(n: int, dims: int, *, names: list[str], asked: int | None, rounds: int) -> None:
    """Print the ratio of each executor to this process."""
    x = vectors(n, dims)
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in ("here", *names)}
    with ExitStack() as stack:
        kinds: dict[str, Workers] = {}
        for name in names:
            kinds[name] = stack.enter_context(opened(name))
            with working_on(kinds[name], least=0):  # imports are done once
                search(x[:3_000], 100)
        for _ in range(rounds):
            with clocked(taken["here"], alone=True):
                expected = search(x, asked)
            for name in names:
                with clocked(taken[name]), working_on(kinds[name], least=0):
                    found = search(x, asked)
                same = np.array_equal(found.indices, expected.indices)
                if not (same and np.array_equal(found.distances, expected.distances)):
                    raise SystemExit(f"{name} finds other neighbours")
    what = f"{n:,} × {dims}, {'all' if asked is None else f'{asked:,} of them'} asked"
    units = float(asked or n / 2) * n * (dims + 256)
    print(f"{what}, {threads()} threads, {rounds} rounds:")
    for name, rows in taken.items():
        clock = statistics.median(
            one / mine for (one, _), (mine, _) in zip(rows, taken["here"], strict=True)
        )
        cores = statistics.median(
            one / mine for (_, one), (_, mine) in zip(rows, taken["here"], strict=True)
        )
        spent = statistics.median(one for _, one in rows)
        print(
            f"  {name:10} {statistics.median(one for one, _ in rows):7.1f} s, {spent:7.1f} of cores"
            f" ({spent / units:.2e} a unit); to this process {clock:.3f} by the clock, {cores:.3f} "
            "of cores"
        )


def main() -> None:
    """Compare every executor."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=100_000)
    parser.add_argument("--dims", type=int, default=64)
    parser.add_argument("--asked", type=int)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--executor", action="append")
    options = parser.parse_args()
    names = options.executor or ["threads", "processes"]
    compare(options.n, options.dims, names=names, asked=options.asked, rounds=options.rounds)


if __name__ == "__main__":
    main()
