"""Make the comparisons of the thirty-second test.

    python scripts/thirty_seconds.py FOLDER [NAME ...]

Of each it is known what changed. `KNOWN` says which words the first finding must have.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import emblink as eb

DATA = Path(__file__).resolve().parents[1] / "tests" / "data"

KNOWN: dict[str, tuple[str, ...]] = {
    "demo": ("flags", "another order"),
    "digits": ("3", "8"),
    "mnist": ("Labels as a whole", "clearer"),
    "planted": ("chess", "music"),
    "words": ("taking",),
}
"""By comparison: what its first finding names."""

TOPICS = [
    *("astronomy", "baking", "chess", "cycling", "dance", "farming", "films", "football"),
    *("gardens", "geology", "harbours", "law", "medicine", "music", "painting", "physics"),
    *("rivers", "sailing", "trains", "weather"),
]


def demo(out: Path) -> None:
    """Emoji by name and by look: the flags stay together, and turn within."""
    from emblink.demo import compare_emoji

    compare_emoji(out)


def digits(out: Path, *, n: int | None = None) -> None:
    """Handwritten digits; in the new space every 3 looks like some 8."""
    from sklearn.datasets import load_digits

    found = load_digits()
    x, label = found.data[:n], found.target[:n]
    rng = np.random.default_rng(0)
    new = x.copy()
    threes, eights = np.flatnonzero(label == 3), np.flatnonzero(label == 8)
    drawn = x[rng.choice(eights, size=len(threes))]
    new[threes] = drawn + 0.3 * x.std() * rng.standard_normal(drawn.shape)
    grey = np.round(255 - found.images[:n] * (255 / 16)).astype(np.uint8)
    big = grey.repeat(4, axis=1).repeat(4, axis=2)
    _compare(
        {"old": x, "new": new},
        out,
        items={"digit": label.astype(str), "picture": np.repeat(big[..., None], 3, axis=3)},
        labels="digit",
        thumbnails="picture",
        metric="euclidean",
    )


def mnist(out: Path) -> None:
    """A network's digits before and after two epochs: taking 4 for 9 ends."""
    z = np.load(DATA / "mnist_cnn.npz")
    label = z["classes"][z["label"]].astype(str)
    names = {"epoch 0": "space__fc_seed0_epoch00", "epoch 2": "space__fc_seed0_epoch02"}
    pixels = 255 - z["space__pixels784"].reshape(-1, 28, 28, 1).astype(np.uint8)
    _compare(
        {name: z[key] for name, key in names.items()},
        out,
        items={"digit": label, "picture": pixels.repeat(3, axis=3)},
        labels="digit",
        thumbnails="picture",
    )


def planted(out: Path, *, n: int = 20_000) -> None:
    """Texts of twenty topics; chess is told as music, all else is turned and shaken a little."""
    rng = np.random.default_rng(7)
    topic = rng.integers(0, len(TOPICS), n)
    middles = 2.2 * rng.standard_normal((len(TOPICS), 32))
    a = middles[topic] + rng.standard_normal((n, 32))
    b = a.copy()
    chess = topic == TOPICS.index("chess")
    b[chess] += middles[TOPICS.index("music")] - middles[TOPICS.index("chess")]
    b = (b + 0.25 * rng.standard_normal(b.shape)) @ np.linalg.qr(rng.standard_normal((32, 32)))[0]
    names = np.array(TOPICS)[topic]
    text = np.array([f"{name} {i}" for i, name in enumerate(names)])
    _compare(
        {"old": a, "new": b},
        out,
        items={"text": text, "topic": names},
        text="text",
        labels="topic",
        metric="euclidean",
    )


def words(out: Path) -> None:
    """Words in five spaces, each over its own part of the vocabulary, one of them twice."""
    z = np.load(DATA / "words_partial.npz")
    names = [key.removeprefix("space__") for key in z.files if key.startswith("space__")]
    items = z["items"]
    _compare(
        {name: z[f"space__{name}"] for name in names},
        out,
        ids={name: items[z[f"rows__{name}"]] for name in names},
        items={"id": items, "category": z["lex"].astype(str)},
        labels="category",
        replicates={"w2v_glosses_seed0": "w2v_glosses_seed1"},
    )


MADE: dict[str, Callable[[Path], None]] = {
    "demo": demo,
    "digits": digits,
    "mnist": mnist,
    "planted": planted,
    "words": words,
}


def _compare(spaces: dict[str, NDArray[Any]], out: Path, **options: Any) -> None:
    eb.compare(spaces, out=out, title=out.stem, on_bad="drop", **options)


def main() -> None:
    """Make those that are named, or all."""
    folder, *names = sys.argv[1:]
    for name in names or MADE:
        MADE[name](Path(folder) / f"{name}.emblink")


if __name__ == "__main__":
    main()
