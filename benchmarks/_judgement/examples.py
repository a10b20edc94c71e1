"""Answers as they are: the line and the sentences that real comparisons give."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import TypeAlias

import numpy as np
import polars as pl
from _tables import Section, Value, say

import emblink
from _judgement import changes
from _judgement.changes import demo, stored
from _judgement.families import Vectors, World, digits, draw, item_noise, moving_labels
from emblink.types import AnyArray, Metric

BASE = 100
Spaces: TypeAlias = Mapping[str, object]
Told: TypeAlias = tuple[Value, ...]


def section() -> Section:
    """Return what pairs are told, from the smallest change to the largest."""
    rows = [*_texts(), *_more_texts(), *_stages(), *_runs(), *_more_runs(), *_odd()]
    return Section("examples of answers", ("pair", "answer", "what it rests on"), rows)


def _told(
    name: str,
    spaces: Spaces,
    *,
    labels: AnyArray | None = None,
    items: object | None = None,
    ids: AnyArray | None = None,
    replicates: Mapping[str, list[str]] | None = None,
    metric: Metric = "cosine",
) -> Told:
    say(name)
    compared = emblink.compare(
        spaces,
        items=items,
        ids=ids,
        labels="group" if items is not None else labels,
        replicates=replicates,
        metric=metric,
        pairs=[("a", "b")],
    )
    report = compared.report()["pairs"][0]
    return name, report["answer"], report["sentence"]


def _texts() -> Iterator[Told]:
    with np.load(Path(str(files("emblink") / "demo" / "emoji.npz"))) as arrays:
        ids, groups = arrays["ids"], arrays["classes"][arrays["label"]]
    text, english = demo(changes.MINILM), demo(changes.ENGLISH)
    pairs = {one.name: one for one in changes.made()}

    def of(name: str, a: AnyArray, b: AnyArray) -> Told:
        return _told(f"{name} (emoji)", {"a": a, "b": b}, labels=groups, ids=ids)

    for name in (
        "rotated, MiniLM",
        "rounded to 8 bits, MiniLM",
        "half of the dims, MiniLM",
    ):
        yield of(name, pairs[name].a, pairs[name].b)
    yield of("2 % of every vector another's, MiniLM", text, changes.planted(text, 0.02, seed=1))
    yield of("MiniLM and USE", text, english)
    yield of("names, USE, and images", english, demo(changes.IMAGES))
    yield of("numbers drawn at random", text, draw(7).standard_normal((len(text), 64)))
    shuffled = pairs["shuffled, MiniLM"]
    yield _told("rows shuffled, MiniLM (emoji)", {"a": shuffled.a, "b": shuffled.b})
    yield _told("seven of the emoji", {"a": text[:7], "b": english[:7]}, ids=ids[:7])
    frames = {
        name: pl.DataFrame({"id": ids[start::2], "v": space[start::2].tolist()})
        for name, space, start in (("a", text, 0), ("b", demo(changes.IMAGES), 1))
    }
    items = pl.DataFrame({"id": ids, "group": groups})
    yield _told("names of half of the emoji, images of the other half", frames, items=items)


def _more_texts() -> Iterator[Told]:
    with np.load(Path(str(files("emblink") / "demo" / "emoji.npz"))) as arrays:
        ids, groups = arrays["ids"], arrays["classes"][arrays["label"]]
    text, english = demo(changes.MINILM), demo(changes.ENGLISH)

    def of(name: str, a: AnyArray, b: AnyArray, rows: AnyArray | slice = slice(None)) -> Told:
        return _told(
            f"{name} (emoji)", {"a": a[rows], "b": b[rows]}, labels=groups[rows], ids=ids[rows]
        )

    yield of("rounded to 16-bit floats, MiniLM", text, text.astype(np.float16))
    yield of("a quarter of the dims, MiniLM", text, text[:, : text.shape[1] // 4])
    yield of("eight dims of 384, MiniLM", text, text[:, :8])
    yield of("10 % of every vector another's, MiniLM", text, changes.planted(text, 0.1, seed=1))
    yield of("English and French, USE", english, demo(changes.FRENCH))
    yield of("letters and words, trigrams and MiniLM", demo(changes.TRIGRAMS), text)
    yield of("pixels and EfficientNet", demo(changes.PIXELS), demo(changes.IMAGES))
    few = draw(17).permutation(len(text))[:60]
    yield of("60 of them, MiniLM and USE", text, english, few)
    chance = draw(18).permutation(groups)
    spaces = {"a": text, "b": english}
    yield _told("labels dealt at random, MiniLM and USE (emoji)", spaces, labels=chance, ids=ids)
    yield _told("no labels, MiniLM and USE (emoji)", spaces, ids=ids)
    items = pl.DataFrame({"id": ids, "group": groups})
    for name, kept in (
        ("a third missing in B", draw(19).random(len(ids)) > 1 / 3),
        ("no flags in B", groups != "flags"),
    ):
        rounded = changes.rounded(text)
        frames = {
            "a": pl.DataFrame({"id": ids, "v": text.tolist()}),
            "b": pl.DataFrame({"id": ids[kept], "v": rounded[kept].tolist()}),
        }
        yield _told(f"{name}, rounded to 8 bits, MiniLM (emoji)", frames, items=items)


def _stages() -> Iterator[Told]:
    labels = changes.digits_of_mnist().astype(str)

    def of(name: str, first: str, second: str, *, again: bool = False) -> Told:
        spaces = {"a": stored(first), "b": stored(second)}
        if again:
            spaces["a1"], spaces["b1"] = (
                stored(one.replace("seed0", "seed1")) for one in (first, second)
            )
        replicates = {"a": ["a1"], "b": ["b1"]} if again else None
        return _told(f"{name} (MNIST)", spaces, labels=labels, replicates=replicates)

    fc = "fc_seed{}_epoch{:02}".format
    yield of("another seed", fc(0, 10), fc(1, 10))
    yield of("five epochs more, one replicate each", fc(0, 5), fc(0, 10), again=True)
    yield of("untrained and trained, one replicate each", fc(0, 0), fc(0, 10), again=True)
    yield of("untrained and two epochs", fc(0, 0), fc(0, 2))
    yield of("last layer and logits", fc(0, 10), "logits_seed0_epoch10")


def _runs() -> Iterator[Told]:
    trained, noisy, moving = digits(BASE), item_noise(BASE), moving_labels(BASE)
    yield _of_runs("a rerun", trained, trained.runs[5], 3)
    for name, n in (
        ("digits, 1 and 7 merged", 3),
        ("digits, 1 and 7 merged", 1),
        ("digits, 5 never seen", 3),
        ("digits, half the 3s called 8", 3),
        ("digits, 80 % of the data", 3),
    ):
        yield _of_runs(name, trained, trained.changed[name], n)
    strays, rng = trained.runs[0].copy(), draw(1)
    fours = np.flatnonzero(trained.codes == 4)[:15]
    strays[fours] = strays[rng.permutation(len(strays))[:15]]
    yield _of_runs("15 fours put elsewhere, digits", trained, strays, 0)
    for world in (noisy, moving):
        for name, space in world.changed.items():
            yield _of_runs(name, world, space, 4)


def _more_runs() -> Iterator[Told]:
    trained = digits(BASE)
    yield _of_runs("digits, 1 and 7 merged", trained, trained.changed["digits, 1 and 7 merged"], 0)
    yield _of_runs("digits, 5 never seen", trained, trained.changed["digits, 5 never seen"], 1)
    labels = trained.codes.astype(str)
    a, b = trained.runs[0], trained.runs[5]
    copied = {"a": a, "b": b, "a1": a.copy()}
    yield _told("a rerun, the replicate a copy", copied, labels=labels, replicates={"a": ["a1"]})
    yield _told("replicate and its space", {"a": a, "b": b}, labels=labels, replicates={"a": ["b"]})


def _of_runs(name: str, world: World, other: Vectors, n: int) -> Told:
    again = {f"a{run}": world.runs[run] for run in range(1, n + 1)}
    return _told(
        f"{name}, {n} replicate{'s' if n != 1 else ''}",
        {"a": world.runs[0], "b": other, **again},
        labels=world.codes.astype(str),
        replicates={"a": [*again]} if again else None,
        metric=world.metric,
    )


def _odd() -> Iterator[Told]:
    seeds = {"a": stored("w2v_glosses_seed0"), "b": stored("w2v_glosses_seed1")}
    yield _told("another seed (word2vec)", seeds)
    tight = changes.tight()
    yield _told(tight.name, {"a": tight.a, "b": tight.b}, metric=tight.metric)
