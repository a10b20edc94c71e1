"""Measures per label against cev-metrics (confusion and neighborhood), interleaved in one run.

    python benchmarks/labels.py --n 200000 --labels 20 --repeats 3

Clusters in a plane, as cev-metrics measures pictures only. Emblink is given the neighbour lists
that a comparison has anyway, here those along a curve that fills the plane, as an exact search
would take longer than the race; cev-metrics builds its triangulation. Prints the median seconds of
each part, and fails when all of Emblink's parts together are not 5 times faster than the better of
cev-metrics' two ways.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable

import cev_metrics
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from emblink.measures import knn_confusion, label_mixing, label_neighbors, label_tally
from emblink.types import NeighborGraph

WANTED = 5.0
TOGETHER = "cev-metrics both in one call"


def clustered(n: int, n_labels: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Return overlapping clusters in the plane, and the cluster of each point."""
    rng = np.random.default_rng(0)
    codes = rng.integers(0, n_labels, n)
    centres = 4 * rng.standard_normal((n_labels, 2))
    points = centres[codes] + rng.standard_normal((n, 2))
    return points.astype(np.float32), codes


def near_along_a_curve(points: NDArray[np.float32], *, k: int) -> NeighborGraph:
    """Return for each point those before and after it on a Z-order curve, nearest first."""
    spread = np.ptp(points, axis=0)
    grid = ((points - points.min(axis=0)) / spread * 65_535).astype(np.uint64)
    curve = np.zeros(len(points), dtype=np.uint64)
    for bit in range(16):
        for axis in range(2):
            taken = (grid[:, axis] >> np.uint64(bit)) & np.uint64(1)
            curve |= taken << np.uint64(2 * bit + axis)
    order = np.argsort(curve)
    place = np.empty(len(points), dtype=np.int64)
    place[order] = np.arange(len(points))
    steps = np.concatenate([np.arange(-k // 2, 0), np.arange(1, k // 2 + 1)])
    indices = order[(place[:, None] + steps) % len(points)].astype(np.int32)
    distances = np.linalg.norm(points[indices] - points[:, None], axis=2).astype(np.float32)
    nearest = np.argsort(distances, axis=1)
    return NeighborGraph(
        np.take_along_axis(indices, nearest, axis=1),
        np.take_along_axis(distances, nearest, axis=1),
        "euclidean",
    )


def race(steps: dict[str, Callable[[], object]], *, repeats: int) -> dict[str, float]:
    """Take turns, and return the median seconds of each step."""
    seconds: dict[str, list[float]] = {name: [] for name in steps}
    for _ in range(repeats):
        for name, step in steps.items():
            start = time.perf_counter()
            step()
            seconds[name].append(time.perf_counter() - start)
    return {name: statistics.median(times) for name, times in seconds.items()}


def main() -> None:
    """Run the race."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--n", type=int, default=200_000)
    parser.add_argument("--labels", type=int, default=20)
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    points, codes = clustered(options.n, options.labels)
    graph = near_along_a_curve(points, k=50)
    frame = pd.DataFrame({"x": points[:, 0], "y": points[:, 1], "label": pd.Categorical(codes)})
    n_labels = options.labels
    medians = race(
        {
            "emblink purity at 20 and 50": lambda: label_tally(graph, codes),
            "emblink knn_confusion": lambda: knn_confusion(graph, codes, n_labels=n_labels),
            "emblink label_neighbors": lambda: label_neighbors(graph, codes, n_labels=n_labels),
            "emblink label_mixing": lambda: label_mixing(graph, codes, n_labels=n_labels),
            "cev-metrics confusion": lambda: cev_metrics.confusion(frame),
            "cev-metrics neighborhood": lambda: cev_metrics.neighborhood(frame),
            TOGETHER: lambda: cev_metrics.confusion_and_neighborhood(frame),
        },
        repeats=options.repeats,
    )
    print(f"n = {options.n}, {n_labels} labels, median of {options.repeats}")
    for name, median in medians.items():
        print(f"{name:30}{median:9.3f} s")
    together = medians.pop(TOGETHER)
    ours, apart = (
        sum(median for name, median in medians.items() if name.startswith(who))
        for who in ("emblink", "cev-metrics")
    )
    theirs = min(apart, together)
    print(
        f"all of emblink {ours:.3f} s, of cev-metrics at best {theirs:.3f} s: "
        f"{theirs / ours:.1f} times"
    )
    if theirs < WANTED * ours:
        raise SystemExit(f"emblink is not {WANTED:g} times faster")


if __name__ == "__main__":
    main()
