"""The headline measures of one pair of spaces, neighbours given: time and memory by size.

    python benchmarks/measures.py --n 20000 --n 50000 --n 100000 --n 200000

Items lie on a ring that 384 random waves and noise turn into vectors; the second space has moved
each item along it a little. Neighbour lists are those along the ring, not searched (that is what
`knn` times), with steps along it for distances. Each size is a process of its own. Prints the
seconds of each step, the time per item, and the most memory beyond the inputs, as tracemalloc
sees it while the steps are timed; fails when the time per item at the largest size is more than
1.5 times that at the smallest.
"""

from __future__ import annotations

import argparse
import multiprocessing
import time
import tracemalloc
from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from emblink.judge import label_pair_changes
from emblink.measures import (
    hub_chance_overlap,
    hubness_change,
    jaccard_similarity,
    k_means_cells,
    label_parts,
    label_tally,
    linear_cka_null,
    log_density_change,
    neighborhood_overlap,
    overlap_curve,
    overlap_null,
    pair_geometry,
    procrustes_similarity,
    rank_biased_overlap,
    rank_displacement,
    rbf_cka,
    rsa_influence,
    rsa_null,
)
from emblink.stats import block_bootstrap, standard_error
from emblink.types import NeighborGraph

K, DIMS, LABELS = 50, 384, 20
GEOMETRY_NULL, SHAPE_CHANCE = 500, 20_000
WORST = 1.5
Vectors = NDArray[np.float32]
Found = dict[str, tuple[float, int]]


def space(places: NDArray[np.float64]) -> tuple[Vectors, NeighborGraph]:
    """Return the vectors of places on a ring, and each item's neighbours along it."""
    n = len(places)
    rng = np.random.default_rng(n)
    waves, phases = rng.integers(1, 30, DIMS), rng.uniform(0, 2 * np.pi, DIMS)
    vectors = np.empty((n, DIMS), dtype=np.float32)
    for start in range(0, n, 4096):
        turns = 2 * np.pi * places[start : start + 4096, None]
        vectors[start : start + 4096] = np.cos(turns * waves + phases)
        vectors[start : start + 4096] += rng.standard_normal((len(turns), DIMS), dtype=np.float32)
    order = np.argsort(places)
    position = np.empty(n, dtype=np.int64)
    position[order] = np.arange(n)
    steps = np.repeat(np.arange(1, K // 2 + 1), 2) * np.tile([1, -1], K // 2)
    indices = np.empty((n, K), dtype=np.int32)
    for place, step in enumerate(steps):
        indices[:, place] = order[(position + step) % n]
    distances = np.tile(np.abs(steps).astype(np.float32), (n, 1))
    distances *= rng.uniform(0.5, 2.0, (n, 1)).astype(np.float32)
    return vectors, NeighborGraph(indices, distances, "cosine")


def headline(n: int) -> Found:
    """Take all measures of a pair of spaces of ``n`` items: seconds and bytes of each step."""
    rng = np.random.default_rng(0)
    places = rng.random(n)
    x, a = space(places)
    y, b = space((places + 10 / n * rng.standard_normal(n)) % 1.0)
    codes = (places * LABELS).astype(np.int64)
    names = [f"label {code}" for code in range(LABELS)]
    tracemalloc.start()
    found: Found = {}

    def step(name: str, take: Callable[[], object]) -> object:
        before, _ = tracemalloc.get_traced_memory()
        tracemalloc.reset_peak()
        start = time.perf_counter()
        result = take()
        seconds = time.perf_counter() - start
        found[name] = seconds, tracemalloc.get_traced_memory()[1] - before
        return result

    cells = np.asarray(step("cells of one space", lambda: k_means_cells(x)))
    overlap = np.asarray(step("overlap at 10", lambda: neighborhood_overlap(a, b, k=10)))
    step("overlap at 50", lambda: neighborhood_overlap(a, b, k=K))
    step("overlap curve", lambda: overlap_curve(a, b))
    step("hub-aware chance", lambda: [hub_chance_overlap(a, b, k=k) for k in (10, K)])
    step("overlap of permuted items", lambda: overlap_null(a, b, k=10))
    step("rank-biased overlap", lambda: rank_biased_overlap(a, b, depth=K))
    step("Jaccard", lambda: jaccard_similarity(a, b, k=10))
    step("rank displacement", lambda: rank_displacement(a, b, k=10))
    step("change of density", lambda: log_density_change(a, b, k=20))
    step("change of hubness", lambda: hubness_change(a, b, k=10))
    step(
        "interval and error",
        lambda: (block_bootstrap(overlap, cells), standard_error(overlap, cells)),
    )
    step("linear CKA and Procrustes", lambda: pair_geometry(x, y))
    step("linear CKA permuted", lambda: linear_cka_null(x, y, most=GEOMETRY_NULL))
    some = np.sort(rng.choice(n, min(n, SHAPE_CHANCE), replace=False))
    other = rng.permutation(some)
    step("Procrustes of permuted items", lambda: procrustes_similarity(x[some], y[other]))
    step("RBF CKA", lambda: rbf_cka(x, y))
    step("RSA", lambda: rsa_influence(x, y))
    step("RSA of permuted items", lambda: rsa_null(x, y, n_sampled=GEOMETRY_NULL))
    step("label purity", lambda: [label_tally(graph, codes) for graph in (a, b)])

    def pairs_of_labels() -> object:
        parts = [label_parts(*one, codes, cells=cells) for one in ((x, a), (y, b))]
        return label_pair_changes(parts[0], parts[1], names=names)

    step("pairs of labels", pairs_of_labels)
    return found


def table(sizes: Mapping[int, Found]) -> None:
    """Print the seconds of each step, and what all of them take together, for each size."""
    print(f"{'':30}" + "".join(f"{n:>12,}" for n in sizes))
    for name in next(iter(sizes.values())):
        print(f"{name:30}" + "".join(f"{found[name][0]:10.2f} s" for found in sizes.values()))
    print(f"{'together':30}" + "".join(f"{total(found):10.2f} s" for found in sizes.values()))
    print(
        f"{'an item':30}"
        + "".join(f"{1e6 * total(found) / n:9.0f} µs" for n, found in sizes.items())
    )
    peaks = [max(peak for _, peak in found.values()) / 2**20 for found in sizes.values()]
    print(f"{'most memory of a step':30}" + "".join(f"{peak:8.0f} MiB" for peak in peaks))
    inputs = [2 * n * (DIMS * 4 + K * 8) / 2**20 for n in sizes]
    print(f"{'beside inputs of':30}" + "".join(f"{size:8.0f} MiB" for size in inputs))


def total(found: Found) -> float:
    """Return the seconds of all steps."""
    return sum(seconds for seconds, _ in found.values())


def main() -> None:
    """Time the sizes asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--n", type=int, action="append", help="items; may be repeated")
    sizes = sorted(parser.parse_args().n or [20_000, 50_000, 100_000, 200_000])
    found = {}
    for n in sizes:
        with multiprocessing.get_context("spawn").Pool(1) as alone:
            found[n] = alone.apply(headline, (n,))
    table(found)
    least, most = (1e6 * total(found[n]) / n for n in (sizes[0], sizes[-1]))
    if most > WORST * least:
        raise SystemExit(f"{most:.0f} µs an item, after {least:.0f}: more than linear")


if __name__ == "__main__":
    main()
