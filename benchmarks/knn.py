"""Exact k-NN against scikit-learn (brute force) and faiss (IndexFlatIP), interleaved in one run.

    python benchmarks/knn.py --n 20000 --n 100000 --repeats 3
    python benchmarks/knn.py --approximate --n 100000 --dims 256
    python benchmarks/knn.py --asked --n 100000 --k 100

Cosine, Gaussian data with clusters. Prints the median seconds of each, the ratio of ours to the
faster peer, and the share of faiss's neighbours that each found; fails when ours finds
fewer than .9999. With ``--approximate`` the approximate search beside pynndescent and our exact
one, on real rows mixed: seconds of the processor, and recall. With ``--asked`` the exact lists of
20,000 rows, alone and beside an approximate graph, which have to be the same.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray
from sklearn.neighbors import NearestNeighbors

from emblink import compute
from emblink.neighbors import nearest_neighbors

Vectors = NDArray[np.float32]
Search = Callable[[Vectors, int], NDArray[Any]]


def clustered(n: int, n_dims: int, *, seed: int = 0) -> Vectors:
    """Return Gaussian clusters, 200 rows each on average, of different widths."""
    rng = np.random.default_rng(seed)
    n_clusters = max(1, n // 200)
    centres = rng.standard_normal((n_clusters, n_dims), dtype=np.float32)
    widths = rng.uniform(0.5, 1.5, n_clusters).astype(np.float32)
    cluster = rng.integers(n_clusters, size=n)
    noise = rng.standard_normal((n, n_dims), dtype=np.float32)
    return np.asarray(centres[cluster] + widths[cluster, None] * noise, dtype=np.float32)


def ours(vectors: Vectors, k: int) -> NDArray[Any]:
    """Search with Emblink."""
    return nearest_neighbors(vectors, k=k, metric="cosine").indices


def by_faiss(vectors: Vectors, k: int) -> NDArray[Any]:
    """Search with a flat inner-product index over unit rows."""
    unit = vectors.copy()
    faiss.normalize_L2(unit)
    index = faiss.IndexFlatIP(unit.shape[1])
    index.add(unit)
    return without_self(index.search(unit, k + 1)[1])


def by_sklearn(vectors: Vectors, k: int) -> NDArray[Any]:
    """Search with scikit-learn's brute force over unit rows: the order is that of cosine."""
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    search = NearestNeighbors(n_neighbors=k, algorithm="brute", n_jobs=-1).fit(unit)
    return np.asarray(search.kneighbors(return_distance=False))


def without_self(indices: NDArray[Any]) -> NDArray[Any]:
    """Drop each row's own number, or the last where it is not listed."""
    own = indices == np.arange(len(indices))[:, None]
    own[~own.any(axis=1), -1] = True
    others: NDArray[Any] = indices[~own].reshape(len(indices), -1)
    return others


def shared(a: NDArray[Any], b: NDArray[Any]) -> float:
    """Return the share of b's neighbours that a lists too."""
    both = [np.intersect1d(x, y, assume_unique=True).size for x, y in zip(a, b, strict=True)]
    return sum(both) / b.size


PEERS: dict[str, Search] = {"faiss": by_faiss, "scikit-learn": by_sklearn}


def race(vectors: Vectors, peers: list[str], *, k: int, repeats: int) -> None:
    """Time the searches in turn, and print a table."""
    searches = {"emblink": ours} | {name: PEERS[name] for name in peers}
    seconds: dict[str, list[float]] = {name: [] for name in searches}
    found: dict[str, NDArray[Any]] = {}
    for _ in range(repeats):
        for name, search in searches.items():
            start = time.perf_counter()
            found[name] = search(vectors, k)
            seconds[name].append(time.perf_counter() - start)
    n, n_dims = vectors.shape
    medians = {name: statistics.median(times) for name, times in seconds.items()}
    print(f"\nn = {n}, d = {n_dims}, k = {k}, cosine, median of {repeats}")
    print(f"{'':14}{'seconds':>9}{'fastest':>9}{'agrees':>9}")
    for name, median in medians.items():
        agrees = shared(found[name], found[peers[0]])
        print(f"{name:14}{median:9.2f}{min(seconds[name]):9.2f}{agrees:9.5f}", flush=True)
    ratio = medians["emblink"] / min(medians[name] for name in peers)
    print(f"emblink / faster peer: {ratio:.2f}")
    if shared(found["emblink"], found[peers[0]]) < 0.9999:
        raise SystemExit(f"emblink and {peers[0]} disagree on more than one neighbour in 10,000")


def main() -> None:
    """Run the races asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--n", type=int, action="append", help="rows; may be repeated")
    parser.add_argument("--dims", type=int, default=384)
    parser.add_argument("--k", type=int, default=30)
    parser.add_argument("--peer", choices=list(PEERS), action="append", help="both by default")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--approximate", action="store_true")
    parser.add_argument("--asked", action="store_true")
    parser.add_argument("--no-exact", action="store_true", help="with --approximate")
    parser.add_argument("--no-peer", action="store_true", help="with --approximate")
    options = parser.parse_args()
    if options.approximate:
        from _knn.approximate import race as race_approximate

        for n in options.n or [20_000, 100_000]:
            race_approximate(
                n,
                options.dims,
                k=options.k,
                exact=not options.no_exact,
                peer=not options.no_peer,
            )
        return
    faiss.omp_set_num_threads(compute.threads())
    if options.asked:
        from _knn.asked import race as race_asked

        for n in options.n or [100_000]:
            race_asked(n, options.dims, k=options.k)
        return
    for n in options.n or [20_000, 100_000]:
        race(
            clustered(n, options.dims),
            options.peer or list(PEERS),
            k=options.k,
            repeats=options.repeats,
        )


if __name__ == "__main__":
    main()
