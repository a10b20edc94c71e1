"""Real spaces in which some labels were moved.

Three or four labels of 25 items or more are chosen, and of each all items, or a random one with its
nearest when they are more than 150. In turns, these go onto another label, each item to that
label's centre plus its own offset from the centre of its own; or each goes to where a random item
of another label is.
``b`` is the outcome through a random rotation and scale, with noise in every coordinate of a
quarter of the median standard deviation within labels; so is the replicate, of the space as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from _planted.generate import LARGEST, SMALLEST, Kind
from _planted.ours import Pair
from emblink.types import FloatArray, IntArray, Metric

NOISE = 0.25
SPACES = ("mnist_cnn, epoch 10", "words, spaCy", "emoji, MiniLM")
KINDS: tuple[Kind, ...] = ("merge", "scatter")


@dataclass(frozen=True, eq=False)
class Labelled:
    """A real space: vectors, and the label of each item as a code and a name."""

    vectors: NDArray[np.float32]
    codes: IntArray
    labels: list[str]


@dataclass(frozen=True, eq=False)
class Relabelled:
    """A real space and what it became; ``groups`` are the rows that moved, of these ``kinds``."""

    pair: Pair
    groups: list[IntArray]
    kinds: list[Kind]


@cache
def load(name: str, folder: Path) -> Labelled:
    """Load one of ``SPACES``."""
    if name == "words, spaCy":
        with np.load(folder / "words_partial.npz") as stored:
            labels = stored["lex"][stored["rows__spacy_md300"]]
            return _labelled(stored["space__spacy_md300"], labels)
    if name == "emoji, MiniLM":
        with np.load(Path(str(files("emblink") / "demo" / "emoji.npz"))) as stored:
            return _labelled(stored["space__minilm_l6_name_en"], stored["subgroup"])
    return mnist("fc_seed0_epoch10", folder)


def mnist(space: str, folder: Path) -> Labelled:
    with np.load(folder / "mnist_cnn.npz") as stored:
        return _labelled(stored[f"space__{space}"], stored["classes"][stored["label"]])


def digits() -> Labelled:
    from sklearn.datasets import load_digits

    data = load_digits()
    return _labelled(data.data, data.target.astype(str))


def _labelled(vectors: FloatArray, labels: NDArray[np.str_]) -> Labelled:
    names, codes = np.unique(labels, return_inverse=True)
    return Labelled(vectors.astype(np.float32), codes, names.tolist())


def relabel(space: Labelled, *, seed: int) -> Relabelled:
    """Move three or four labels of a space, in turns onto another one and to random places."""
    rng = np.random.default_rng(seed)
    large = np.flatnonzero(np.bincount(space.codes) >= SMALLEST)
    chosen = rng.choice(large, size=int(rng.integers(3, 5)), replace=False)
    kinds = [KINDS[at % 2] for at in range(len(chosen))]
    groups = [part(space, label, rng=rng) for label in chosen]
    goals = []
    for kind, label, rows in zip(kinds, chosen, groups, strict=True):
        if kind == "merge":
            goals.append(onto(space, rows, rng.choice(large[large != label])))
        else:
            others = np.flatnonzero(space.codes != label)
            goals.append(space.vectors[rng.choice(others, len(rows), replace=False)])
    return Relabelled(shown(space, groups, goals, rng=rng, metric="cosine"), groups, kinds)


def still(space: Labelled, *, seed: int) -> Pair:
    """Show a space twice, with no label moved."""
    return shown(space, [], [], rng=np.random.default_rng(seed), metric="cosine")


def onto(space: Labelled, rows: IntArray, goal: int) -> FloatArray:
    """Return the places of items among those of another label."""
    own, other = (
        space.vectors[space.codes == code].mean(axis=0) for code in (space.codes[rows[0]], goal)
    )
    return np.asarray(space.vectors[rows] + (other - own))


def shown(
    space: Labelled,
    groups: list[IntArray],
    goals: list[FloatArray],
    *,
    rng: np.random.Generator,
    metric: Metric,
) -> Pair:
    """Put groups of items in other places, and show all anew."""
    places = space.vectors.copy()
    for rows, goal in zip(groups, goals, strict=True):
        places[rows] = goal
    noise = NOISE * _within(space)
    b, again = (_emitted(one, noise, rng=rng) for one in (places, space.vectors))
    return Pair(space.vectors, b, again, metric)


def part(
    space: Labelled, label: int, *, rng: np.random.Generator, size: int | None = None
) -> IntArray:
    """Return the items of a label, or of many a random one with its nearest."""
    rows = np.flatnonzero(space.codes == label)
    if size is None and len(rows) <= LARGEST:
        return rows
    far = np.linalg.norm(space.vectors[rows] - space.vectors[rng.choice(rows)], axis=1)
    size = size or int(rng.integers(SMALLEST, LARGEST + 1))
    return np.sort(rows[np.argsort(far)[:size]])


def _within(space: Labelled) -> float:
    """Return the median, over the larger labels, of the standard deviation of a coordinate."""
    sizes = np.bincount(space.codes)
    return float(
        np.median(
            [
                np.sqrt(space.vectors[space.codes == code].var(axis=0).mean())
                for code in np.flatnonzero(sizes >= SMALLEST)
            ]
        )
    )


def _emitted(places: FloatArray, noise: float, *, rng: np.random.Generator) -> NDArray[np.float32]:
    turn, _ = np.linalg.qr(rng.normal(size=(places.shape[1],) * 2))
    noisy = places + noise * rng.normal(size=places.shape)
    return np.asarray(np.exp(rng.normal()) * (noisy @ turn), dtype=np.float32)
