"""Pairs of spaces of which it is known how much changed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np

from _judgement.families import Codes, Vectors, draw
from emblink.rows import as_measured
from emblink.types import Grade, Metric

DATA = Path(__file__).parents[2] / "tests" / "data"
MINILM, FRENCH, ENGLISH = "minilm_l6_name_en", "use_name_fr", "use_name_en"
IMAGES, TRIGRAMS, PIXELS = "efflite0_image_pca256", "chargram_svd128_en", "pixels_pca64"


@dataclass(frozen=True, eq=False)
class Change:
    """Two spaces, and the grades that the change between them may have: any, if none is named."""

    name: str
    a: Vectors
    b: Vectors
    wanted: frozenset[Grade] = frozenset()
    metric: Metric = "cosine"


def real() -> list[Change]:
    """Return pairs of spaces that were made apart."""
    emoji = [
        ("two texts, USE: English and French", ENGLISH, FRENCH),
        ("two models: MiniLM and USE", MINILM, ENGLISH),
        ("letters and words: trigrams and MiniLM", TRIGRAMS, MINILM),
        ("two models of images: pixels and EfficientNet", PIXELS, IMAGES),
    ]
    found = [Change(name, demo(a), demo(b)) for name, a, b in emoji]
    another = frozenset[Grade](("another_space",))
    image = Change("text and image: USE and EfficientNet", demo(ENGLISH), demo(IMAGES), another)
    return [*found, image]


def training() -> list[Change]:
    """Return stages of networks on MNIST, and other seeds of them."""
    kinds: list[tuple[str, str, str, tuple[Grade, ...]]] = [
        ("another seed, MNIST", "fc_seed0_epoch10", "fc_seed1_epoch10", ("like_another_run",)),
        ("another seed, word2vec", "w2v_glosses_seed0", "w2v_glosses_seed1", ()),
        ("five epochs more, MNIST", "fc_seed0_epoch05", "fc_seed0_epoch10", ()),
        (
            "untrained and trained, MNIST",
            "fc_seed0_epoch00",
            "fc_seed0_epoch10",
            ("another_space",),
        ),
    ]
    return [Change(name, stored(a), stored(b), frozenset(want)) for name, a, b, want in kinds]


def made() -> list[Change]:
    """Return changes that were made to a space."""
    text, seen = demo(MINILM), stored("fc_seed0_epoch10")
    rng = draw(3)
    turn = np.linalg.qr(rng.standard_normal((text.shape[1],) * 2))[0].astype(np.float32)
    small = frozenset[Grade](("same", "interchangeable"))
    return [
        Change("rotated, MiniLM", text, text @ turn, frozenset[Grade](("identical",))),
        Change("rounded to 8 bits, MiniLM", text, rounded(text), small),
        Change("rounded to 8 bits, USE", demo(ENGLISH), rounded(demo(ENGLISH)), small),
        Change("rounded to 8 bits, MNIST", seen, rounded(seen), small),
        Change("half of the dims, MiniLM", text, text[:, : text.shape[1] // 2]),
        Change("a quarter of the dims, MiniLM", text, text[:, : text.shape[1] // 4]),
        tight(),
        Change("shuffled, MiniLM", text, rng.permutation(text), frozenset[Grade](("misaligned",))),
    ]


def tight() -> Change:
    """Return clusters that stay where they are while noise renews their inner order."""
    rng = draw(4)
    spread = 0.01 * np.sqrt(2)
    places = np.repeat(rng.standard_normal((100, 50)), 15, axis=0)
    a = places + spread * rng.standard_normal(places.shape)
    b = a + 3 * spread * rng.standard_normal(places.shape)
    wanted = frozenset[Grade](("like_another_run", "reworked", "another_space"))
    name = "new order inside 100 tight clusters"
    return Change(name, a.astype(np.float32), b.astype(np.float32), wanted, "euclidean")


def planted(vectors: Vectors, share: float, *, seed: int) -> Vectors:
    """Mix so much of another random item into every vector."""
    unit = as_measured(vectors, metric="cosine")
    mean = unit.mean(axis=0)
    other = draw(5, seed).permutation(len(unit))
    mixed = mean + (1 - share) * (unit - mean) + share * (unit - mean)[other]
    return np.asarray(mixed, dtype=np.float32)


def rounded(vectors: Vectors) -> Vectors:
    """Round every dim to 8 bits, as indexes do."""
    step = np.abs(vectors).max(axis=0) / 127
    step = np.where(step > 0, step, 1)
    return np.asarray(np.round(vectors / step) * step, dtype=np.float32)


@cache
def demo(name: str) -> Vectors:
    with np.load(Path(str(files("emblink") / "demo" / "emoji.npz"))) as arrays:
        vectors = arrays[f"space__{name}"].astype(np.float32)
    if name != TRIGRAMS:
        return np.asarray(vectors)
    # Three names have no letter trigram; so little noise gives them some place.
    empty = ~vectors.any(axis=1)
    vectors[empty] = 1e-3 * draw(6).standard_normal((int(empty.sum()), vectors.shape[1]))
    return np.asarray(vectors)


@cache
def stored(name: str) -> Vectors:
    """Return a space of the tests' data."""
    which = "words_partial" if name.startswith("w2v") else "mnist_cnn"
    with np.load(DATA / f"{which}.npz") as arrays:
        return np.asarray(arrays[f"space__{name}"], dtype=np.float32)


@cache
def digits_of_mnist() -> Codes:
    with np.load(DATA / "mnist_cnn.npz") as arrays:
        return np.asarray(arrays["label"], dtype=np.int64)
