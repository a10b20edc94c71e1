"""Trust of a picture against scikit-learn, in one run: ``python benchmarks/trust.py --n 5000``.

Gaussian clusters drawn by their first two principal components. Prints seconds for trustworthiness
and continuity of every item, with and without the neighbours given, and for two pictures at once;
fails when a mean differs from scikit-learn's by more than 1e-6.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.manifold import trustworthiness

from emblink.neighbors import nearest_neighbors
from emblink.projection import (
    neighbor_errors,
    pca_projections,
    trust_of_pictures,
    trustworthiness_continuity,
)

K = 15


def timed(call: Callable[[], Any], repeats: int) -> tuple[float, Any]:
    """Return the median seconds of a call, and what it returned."""
    seconds, found = [], None
    for _ in range(repeats):
        start = time.perf_counter()
        found = call()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds), found


def race(n: int, n_dims: int, repeats: int, *, peer: bool) -> None:
    """Time both on the same vectors and picture, and print a table."""
    rng = np.random.default_rng(0)
    centres = 2 * rng.standard_normal((max(1, n // 200), n_dims))
    vectors = centres[rng.integers(len(centres), size=n)] + rng.standard_normal((n, n_dims))
    vectors = vectors.astype(np.float32)
    (coords,) = pca_projections([vectors], [np.arange(n)], metrics=["euclidean"])
    graph = nearest_neighbors(vectors, k=3 * K, metric="euclidean")
    both: list[NDArray[np.float32]] = [coords, np.ascontiguousarray(vectors[:, :2])]
    alone, found = timed(
        lambda: trustworthiness_continuity(vectors, coords, metric="euclidean"), repeats
    )
    rows = [("trust, every item", alone)]
    for name, count in (("the same, neighbours given", 1), ("... two pictures", 2)):
        seconds, _ = timed(
            partial(trust_of_pictures, vectors, both[:count], metric="euclidean", graph=graph),
            repeats,
        )
        rows.append((name, seconds))
    rows.append(("false and missing", timed(lambda: neighbor_errors(graph, coords), repeats)[0]))
    means = [float(values.mean(dtype=np.float64)) for values in found]
    print(f"\nn = {n}, d = {n_dims}, k = {K}: T = {means[0]:.6f}, C = {means[1]:.6f}")
    wrong = False
    if peer:
        wide = vectors.astype(np.float64), coords.astype(np.float64)
        for name, (space, picture), mean in (
            ("scikit-learn, T", wide, means[0]),
            ("scikit-learn, C", wide[::-1], means[1]),
        ):
            seconds, theirs = timed(partial(trustworthiness, space, picture, n_neighbors=K), 1)
            rows.append((name, seconds))
            print(f"{name} differs by {abs(theirs - mean):.1e}")
            wrong |= abs(theirs - mean) > 1e-6
    for name, seconds in rows:
        print(f"{name:28}{seconds:8.2f} s", flush=True)
    if wrong:
        raise SystemExit("emblink and scikit-learn differ by more than 1e-6")


def main() -> None:
    """Run the races asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--n", type=int, action="append", help="items; may be repeated")
    parser.add_argument("--dims", type=int, default=384)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--no-peer", action="store_true", help="scikit-learn sorts n × n distances")
    options = parser.parse_args()
    for n in options.n or [5000]:
        race(n, options.dims, options.repeats, peer=not options.no_peer)


if __name__ == "__main__":
    main()
