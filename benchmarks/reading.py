"""Read two Parquet files of ids and lists of float32, against pyarrow and numpy.

    python benchmarks/reading.py --n 30000 --dims 384

Each reading is a process of its own, which imports its libraries, reads a small file of the same
kind, and then reads both files: Emblink as two spaces joined by id, its peer as two arrays of
float32 and two lists of ids. They take turns. Prints the medians of the seconds, and the most
memory by which each grew, as so many times the two float32 matrices.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
from _tables import Check, Report, Section
from pyarrow import parquet as pq

SLOWEST, LARGEST = 1.5, 1.3


def written(folder: Path, n: int, n_dims: int) -> list[Path]:
    """Write a pair of spaces of the same items in different orders."""
    rng = np.random.default_rng(n)
    paths = []
    for name in ("old", "new"):
        vectors = rng.standard_normal((n, n_dims), dtype=np.float32)
        lists = pa.FixedSizeListArray.from_arrays(pa.array(vectors.ravel()), n_dims)
        ids = [f"chunk-{i}" for i in rng.permutation(n)]
        paths.append(folder / f"{name}-{n}.parquet")
        pq.write_table(pa.table({"id": ids, "embedding": lists}), paths[-1])
    return paths


def by_emblink(paths: list[Path]) -> object:
    """Read both files as spaces joined by id."""
    from emblink.load import load_spaces

    return load_spaces([str(path) for path in paths])


def by_pyarrow(paths: list[Path]) -> object:
    """Read both files as arrays of float32 and words."""
    found = []
    for path in paths:
        table = pq.read_table(path, columns=["id", "embedding"])
        flat = table["embedding"].combine_chunks().flatten()
        vectors = np.ascontiguousarray(flat.to_numpy(zero_copy_only=False), dtype=np.float32)
        found.append((np.array(table["id"].to_pylist()), vectors.reshape(table.num_rows, -1)))
    return found


READERS: dict[str, Callable[[list[Path]], object]] = {"Emblink": by_emblink, "pyarrow": by_pyarrow}


def peak() -> int:
    """Return the most bytes that this process has held so far, and not the one that started it."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(one for one in status.read_text().splitlines() if one.startswith("VmHWM"))
        return 1024 * int(line.split()[1])
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def timed(reader: str, small: list[Path], paths: list[Path]) -> tuple[float, int]:
    """Return the seconds and the bytes that a reading takes."""
    READERS[reader](small)
    before, start = peak(), time.perf_counter()
    held = READERS[reader](paths)
    seconds, grown = time.perf_counter() - start, peak() - before
    assert held is not None
    return seconds, grown


def compared(n: int, n_dims: int, rounds: int) -> Section:
    """Let the readers take turns, each in processes of its own."""
    found: dict[str, list[tuple[float, int]]] = {name: [] for name in READERS}
    with tempfile.TemporaryDirectory() as folder:
        small, paths = (written(Path(folder), size, n_dims) for size in (100, n))
        for _ in range(rounds):
            for name, taken in found.items():
                command = [sys.executable, __file__, "--one", name, *map(str, [*small, *paths])]
                run = subprocess.run(command, check=True, capture_output=True, text=True)
                seconds, grown = json.loads(run.stdout)
                taken.append((seconds, grown))
    matrices = 2 * 4 * n * n_dims
    seconds = {name: statistics.median(one for one, _ in all_) for name, all_ in found.items()}
    copies = {
        name: statistics.median(m for _, m in all_) / matrices for name, all_ in found.items()
    }
    return Section(
        f"two Parquet files of {n:,} × {n_dims}",
        ["reader", "seconds", "memory, in matrices"],
        [[name, seconds[name], copies[name]] for name in READERS],
        [
            Check("seconds over pyarrow's", seconds["Emblink"] / seconds["pyarrow"], SLOWEST),
            Check("memory over the float32 matrices", copies["Emblink"], LARGEST),
        ],
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=30_000)
    parser.add_argument("--dims", type=int, default=384)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--one", nargs=5, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        paths = [Path(path) for path in given.one[1:]]
        print(json.dumps(timed(given.one[0], paths[:2], paths[2:])))
        return
    report = Report("text")
    report.add(compared(given.n, given.dims, given.rounds))
    report.finish()


if __name__ == "__main__":
    main()
