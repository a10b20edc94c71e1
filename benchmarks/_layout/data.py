"""The spaces that are drawn: synthetic movers, real pairs, and copies of one space."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from emblink.neighbors import nearest_neighbors
from emblink.types import FloatArray, IntArray, Metric, NeighborGraph

K, REACH = 15, 50
CLUSTERS = 40
LATENT_DIMS = 12
DIMS = 96
MOVING = 0.1
IN_GROUPS = 0.5
NOISE = 0.1


@dataclass(frozen=True, eq=False)
class Case:
    """Spaces drawn together, and the ordered pairs of them that are judged.

    ``moved`` holds, where it is known, which items of each pair really moved: 1 alone, 2 in a
    group.
    """

    name: str
    spaces: dict[str, FloatArray]
    rows: list[IntArray]
    n_items: int
    metric: Metric
    pairs: list[tuple[int, int]]
    moved: list[IntArray] = field(default_factory=list)

    @property
    def vectors(self) -> list[FloatArray]:
        return [*self.spaces.values()]

    @property
    def names(self) -> list[str]:
        return [*self.spaces]

    def graphs(self) -> list[NeighborGraph]:
        """Return the nearest neighbours in every space: ``K``, which all engines are given.

        Where spaces cover different items there are more, as in a comparison: among them the joint
        layout looks for those that are in both spaces of a pair.
        """
        k = K if all(len(one) == self.n_items for one in self.rows) else REACH
        return [nearest_neighbors(one, k=k, metric=self.metric) for one in self.vectors]


def complete(
    name: str, spaces: dict[str, FloatArray], pairs: list[tuple[int, int]], **more: Any
) -> Case:
    """Return a case whose spaces all cover the same items, row by row."""
    n = len(next(iter(spaces.values())))
    rows: list[IntArray] = [np.arange(n) for _ in spaces]
    return Case(name, spaces, rows, n, more.pop("metric", "euclidean"), pairs, **more)


def movers(n: int, n_spaces: int, *, seed: int) -> Case:
    """Return clusters of which a tenth of the items moves between consecutive spaces.

    Half of the movers go alone, each to a new place in another cluster. The others go in groups:
    a third of a cluster joins another one, each item at the same offset from the new centre. Every
    space is emitted through its own rotation, scale and noise, so no coordinates are shared.
    """
    rng = np.random.default_rng(seed)
    centres = 2.5 * rng.normal(size=(CLUSTERS, LATENT_DIMS))
    mixing = rng.normal(size=(LATENT_DIMS, DIMS)) / 3
    labels: IntArray = rng.integers(0, CLUSTERS, n)
    offsets = rng.normal(size=(n, LATENT_DIMS))
    spaces: dict[str, FloatArray] = {}
    moved: list[IntArray] = []
    for space in range(n_spaces):
        if space:
            how, labels = _move(labels, rng)
            alone = how == 1
            offsets[alone] = rng.normal(size=(int(alone.sum()), LATENT_DIMS))
            moved.append(how)
        emitted = (centres[labels] + offsets) @ mixing + NOISE * rng.normal(size=(n, DIMS))
        turn, _ = np.linalg.qr(rng.normal(size=(DIMS, DIMS)))
        spaces[f"space {space}"] = (np.exp(rng.normal()) * emitted @ turn).astype(np.float32)
    pairs = [(space - 1, space) for space in range(1, n_spaces)]
    return complete(f"movers, {n:,} x {n_spaces}, seed {seed}", spaces, pairs, moved=moved)


def _move(labels: IntArray, rng: np.random.Generator) -> tuple[IntArray, IntArray]:
    """Return how each item moves (0 not, 1 alone, 2 in a group), and the labels afterwards."""
    n = len(labels)
    how, goal = np.zeros(n, np.int64), labels.copy()
    in_groups = round(IN_GROUPS * MOVING * n)
    for cluster in rng.permutation(CLUSTERS):
        members = rng.permutation(np.flatnonzero(labels == cluster))
        group = members[: min(len(members) // 3, in_groups - int((how == 2).sum()))]
        how[group] = 2
        goal[group] = (cluster + rng.integers(1, CLUSTERS)) % CLUSTERS
    rest = rng.permutation(np.flatnonzero(how == 0))[: round(MOVING * n) - int((how == 2).sum())]
    how[rest] = 1
    goal[rest] = (labels[rest] + rng.integers(1, CLUSTERS, len(rest))) % CLUSTERS
    return how, goal


def copies() -> list[Case]:
    """Return scikit-learn's digits beside themselves, and beside a rotated and scaled copy."""
    from sklearn.datasets import load_digits

    digits = load_digits().data.astype(np.float32)
    turn, _ = np.linalg.qr(np.random.default_rng(0).normal(size=(64, 64)))
    turned = (3 * digits @ turn).astype(np.float32)
    return [
        complete("digits, the same again", {"a": digits, "b": digits.copy()}, [(0, 1)]),
        complete("digits, rotated, x 3", {"a": digits, "b": turned}, [(0, 1)]),
    ]


EMOJI = ["minilm_l6_name_en", "use_name_en", "use_name_fr", "efflite0_image_pca256"]
MNIST = [f"fc_seed0_epoch{epoch:02d}" for epoch in (0, 1, 2, 5, 10)]
WORDS = ["spacy_md300", "minilm_input384", "w2v_glosses_seed0", "w2v_glosses_seed1", "chars2vec300"]
SHORT = {
    "minilm_l6_name_en": "MiniLM",
    "use_name_en": "USE-en",
    "use_name_fr": "USE-fr",
    "efflite0_image_pca256": "image",
    "spacy_md300": "spaCy",
    "minilm_input384": "MiniLM",
    "w2v_glosses_seed0": "w2v seed 0",
    "w2v_glosses_seed1": "w2v seed 1",
    "chars2vec300": "chars2vec",
} | {name: f"epoch {int(name[-2:])}" for name in MNIST}


def real(folder: Path) -> tuple[list[Case], list[str]]:
    """Return the real cases that are here, and a sentence for each that is not."""
    emoji = Path(str(files("emblink") / "demo" / "emoji.npz"))
    mnist, words = folder / "mnist_cnn.npz", folder / "words_partial.npz"
    wanted = [
        ("emoji, 4 spaces", emoji, EMOJI, [(0, 1), (1, 2), (1, 3)]),
        ("emoji, the two alone", emoji, [EMOJI[1], EMOJI[3]], [(0, 1)]),
        ("mnist_cnn fc seed 0, 5 epochs", mnist, MNIST, [(0, 1), (1, 2), (2, 3), (3, 4)]),
        ("mnist_cnn fc seed 0, the two alone", mnist, MNIST[3:], [(0, 1)]),
        ("words_partial, 5 spaces", words, WORDS, [(0, 1), (2, 3), (0, 2), (0, 4)]),
    ]
    cases, absent = [], []
    for name, path, names, pairs in wanted:
        if path.is_file():
            cases.append(_stored(name, path, names=names, pairs=pairs))
        else:
            absent.append(f"{name}: no {path}; name its folder with --data")
    return cases, absent


def _stored(name: str, path: Path, *, names: list[str], pairs: list[tuple[int, int]]) -> Case:
    with np.load(path, allow_pickle=False) as stored:
        spaces: dict[str, FloatArray] = {
            SHORT[one]: stored[f"space__{one}"].astype(np.float32) for one in names
        }
        if "items" not in stored.files:
            return complete(name, spaces, pairs, metric="cosine")
        rows: list[IntArray] = [stored[f"rows__{one}"].astype(np.int64) for one in names]
        return Case(name, spaces, rows, len(stored["items"]), "cosine", pairs)


def on_common(case: Case, pair: tuple[int, int]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the rows of the pair's common items in its two spaces."""
    a, b = pair
    _, in_a, in_b = np.intersect1d(case.rows[a], case.rows[b], return_indices=True)
    return in_a, in_b
