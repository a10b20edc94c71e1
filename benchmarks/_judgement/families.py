"""Families of runs: one recipe, many seeds, and spaces that were made another way.

Every draw is from the base of a world and a number of its own: worlds of other bases share nothing.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from emblink.types import AnyArray, Metric

Vectors: TypeAlias = NDArray[np.float32]
Numbers: TypeAlias = NDArray[np.float64]
Codes: TypeAlias = NDArray[np.int64]

RUNS = 12
_CHANGED = 500
"""The seed of what is not a run: beyond those of all runs."""


@dataclass(frozen=True, eq=False)
class World:
    """Runs of one recipe over the same items, and spaces of the same items that are no runs.

    Attributes
    ----------
    runs : list of array of shape (n_items, n_dims)
    codes : array of shape (n_items,)
        Labels.
    metric : {"cosine", "euclidean"}
    changed : dict of str to array
    """

    runs: list[Vectors]
    codes: Codes
    metric: Metric = "cosine"
    changed: dict[str, Vectors] = field(default_factory=dict)


def draw(*seed: int) -> np.random.Generator:
    return np.random.default_rng([*seed])


def digits(base: int, n_runs: int = RUNS) -> World:
    """Train networks that differ in their seed, and others on other data."""
    train, codes, shown, known = _digits()
    runs = [network(train, codes, shown, seed=1000 * base + run) for run in range(n_runs)]
    rng, seed = draw(base, 77), 1000 * base + _CHANGED
    most = rng.permutation(len(train))[: int(0.8 * len(train))]
    merged = np.where(codes == 7, 1, codes)
    mislabelled, threes = codes.copy(), rng.permutation(np.flatnonzero(codes == 3))
    mislabelled[threes[: len(threes) // 2]] = 8
    seen = codes != 5
    changed = {
        "digits, 80 % of the data": network(train[most], codes[most], shown, seed=seed),
        "digits, 1 and 7 merged": network(train, merged, shown, seed=seed),
        "digits, half the 3s called 8": network(train, mislabelled, shown, seed=seed),
        "digits, 5 never seen": network(train[seen], codes[seen], shown, seed=seed),
    }
    return World(runs, known, changed=changed)


def bootstraps(base: int, n_runs: int = RUNS) -> World:
    """Train networks that differ in their seed and in the sample that they saw."""
    train, codes, shown, known = _digits()
    samples = [draw(base, run, 1).integers(0, len(train), len(train)) for run in range(n_runs)]
    runs = [
        network(train[rows], codes[rows], shown, seed=1000 * base + run)
        for run, rows in enumerate(samples)
    ]
    return World(runs, known)


def sentence_heads(base: int, n_runs: int = RUNS) -> World:
    """Train heads of other seeds on the frozen vectors of the demo's names."""
    with np.load(Path(str(files("emblink") / "demo" / "emoji.npz"))) as stored:
        vectors = stored["space__minilm_l6_name_en"].astype(np.float32)
        codes = stored["label"].astype(np.int64)
    order = draw(base, 10).permutation(len(vectors))
    train, shown = order[:900], order[900:1800]
    runs = [
        network(vectors[train], codes[train], vectors[shown], seed=1000 * base + run, hidden=(64,))
        for run in range(n_runs)
    ]
    return World(runs, codes[shown])


def documents(base: int, n_runs: int = RUNS) -> World:
    """Decompose what words stand in documents, drawn again with replacement; and half of them."""
    rng = draw(base, 3)
    words = rng.dirichlet(np.full(700, 0.05), 12)
    topics = rng.dirichlet(np.full(12, 0.1), 1500) @ words
    rng = draw(base, 4)
    counts = np.stack([rng.multinomial(80, one / one.sum()) for one in topics])
    kept = np.flatnonzero(counts.sum(axis=0) > 15)[:600]
    counts = counts[:, kept]
    samples = [draw(base, 5, run).integers(0, len(counts), len(counts)) for run in range(n_runs)]
    half = draw(base, 6).permutation(len(counts))[: len(counts) // 2]
    return World(
        [_latent(counts[rows]) for rows in samples],
        words.argmax(axis=0)[kept],
        changed={"documents, half of them": _latent(counts[half])},
    )


def counts(base: int, n_runs: int = RUNS) -> World:
    """Decompose the pointwise mutual information of words that were counted together."""
    rng, n, topics = draw(base, 8), 600, 10
    codes = rng.integers(0, topics, n)
    places = rng.standard_normal((topics, 8))[codes] + 0.7 * rng.standard_normal((n, 8))
    often = rng.pareto(1.5, n) + 1
    expected = np.exp(places @ places.T / 4) * np.outer(often, often)
    expected *= 3e5 / expected.sum()
    runs = [_mutual(draw(base, 9, run).poisson(expected)) for run in range(n_runs)]
    # A word that some run never saw beside another has no direction there.
    seen = np.all([run.any(axis=1) for run in runs], axis=0)
    return World([run[seen] for run in runs], codes[seen])


def item_noise(base: int, n_runs: int = RUNS, *, n: int = 600) -> World:
    """Add noise of its own to every item; and a tenth more of it."""
    places, codes = _clusters(base, n)

    def run(seed: int, size: float = 0.45) -> Vectors:
        return _float(places + size * draw(base, 12, seed).standard_normal(places.shape))

    changed = {"item noise, 10 % more": run(_CHANGED, 0.45 * 1.1)}
    return World([run(seed) for seed in range(n_runs)], codes, "euclidean", changed)


def bends(base: int, n_runs: int = RUNS, *, n: int = 600) -> World:
    """Bend the whole space another way, and another far, in every run."""
    places, codes = _clusters(base, n)
    dims = places.shape[1]
    runs = []
    for run in range(n_runs):
        rng = draw(base, 13, run)
        far = 0.35 * rng.lognormal()
        into, shift = rng.standard_normal((dims, dims)) / np.sqrt(dims), rng.standard_normal(dims)
        back = rng.standard_normal((dims, dims)) / np.sqrt(dims)
        runs.append(_float(places + 4 * far * np.tanh(places @ into + shift) @ back))
    return World(runs, codes, "euclidean")


def moving_labels(base: int, n_runs: int = RUNS) -> World:
    """Spread and shift the labels' centres in every run; and draw one label towards another."""
    rng, dims = draw(base, 14), 12
    centres = 1.5 * rng.standard_normal((10, dims))
    codes = np.repeat(np.arange(10), 90)
    within = rng.standard_normal((900, dims))

    def run(seed: int, drawn: float = 0.0) -> Vectors:
        rng = draw(base, 15, seed)
        moved = centres * (1 + 0.08 * rng.standard_normal())
        moved = moved + 0.06 * rng.standard_normal(centres.shape)
        moved[1] += drawn * (moved[0] - moved[1])
        return _float(moved[codes] + within)

    changed = {"label drawn 35 %": run(n_runs, 0.35)}
    return World([run(seed) for seed in range(n_runs)], codes, "euclidean", changed)


FAMILIES: dict[str, Callable[[int], World]] = {
    "digits": digits,
    "bootstraps": bootstraps,
    "documents": documents,
    "counts": counts,
    "sentence heads": sentence_heads,
    "item noise": item_noise,
    "bends": bends,
    "moving labels": moving_labels,
}
SIZED: dict[str, Callable[..., World]] = {"item noise": item_noise, "bends": bends}
"""Those that can be made of any number of items."""
CONCERNED: dict[str, frozenset[str]] = {
    "digits, 1 and 7 merged": frozenset("17"),
    "digits, half the 3s called 8": frozenset("38"),
    "digits, 5 never seen": frozenset("5"),
    "label drawn 35 %": frozenset("01"),
}
"""The labels that a change is of."""


def network(
    train: Vectors, codes: Codes, shown: Vectors, *, seed: int, hidden: tuple[int, ...] = (48, 32)
) -> Vectors:
    """Train a network, and return what its last hidden layer makes of the items shown."""
    from sklearn.neural_network import MLPClassifier

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = MLPClassifier(hidden, max_iter=60, random_state=seed).fit(train, codes)
    found = shown
    for weights, shift in zip(model.coefs_[:-1], model.intercepts_[:-1], strict=True):
        found = np.maximum(found @ weights + shift, 0)
    return _float(found)


def _digits() -> tuple[Vectors, Codes, Vectors, Codes]:
    from sklearn.datasets import load_digits

    data = load_digits()
    order = draw(7).permutation(len(data.data))
    vectors, codes = _float(data.data[order] / 16), data.target[order].astype(np.int64)
    return vectors[:897], codes[:897], vectors[897:1797], codes[897:1797]


def _latent(counted: AnyArray, dims: int = 40) -> Vectors:
    _, scales, axes = np.linalg.svd(np.log1p(counted), full_matrices=False)
    return _float(axes[:dims].T * scales[:dims])


def _mutual(drawn: AnyArray, dims: int = 40) -> Vectors:
    together = np.triu(drawn)
    together = together + together.T
    often = together.sum(axis=1) + 1
    information = np.log(np.maximum(together * often.sum() / np.outer(often, often), 1))
    axes, scales, _ = np.linalg.svd(information)
    return _float(axes[:, :dims] * np.sqrt(scales[:dims]))


def _clusters(base: int, n: int, dims: int = 12, count: int = 8) -> tuple[Numbers, Codes]:
    rng = draw(base, 11)
    centres, codes = 1.5 * rng.standard_normal((count, dims)), np.arange(n) % count
    return centres[codes] + rng.standard_normal((n, dims)), codes


def _float(vectors: AnyArray) -> Vectors:
    return np.asarray(vectors, dtype=np.float32)


def of_size(name: str, n: int) -> Callable[[int], World]:
    """Return what makes a world of a family with another number of items."""
    return partial(SIZED[name], n=n)
