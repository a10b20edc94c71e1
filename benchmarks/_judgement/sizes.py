"""How large known changes are found to be, what they are called, and how long that takes."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
from _tables import Check, Section, Value

import emblink
from _judgement import changes
from _judgement.families import Vectors, World, draw
from _judgement.measured import LEVEL, evidence, overlaps
from emblink.judge import of_both_recipes
from emblink.matched import Sampled, Side, asked_neighbors, few_at_a_time, kept_with_noise
from emblink.measures import (
    NoiseCurve,
    NoiseShare,
    k_means_cells,
    neighborhood_overlap,
    noise_equivalent_share,
)
from emblink.rows import as_measured
from emblink.types import Metric

FEW, SAMPLES = 600, 5
APART = 0.02
PLANTED = (0.02, 0.05, 0.1, 0.2, 0.3, 0.4)
SPACES = {
    "MiniLM": changes.MINILM,
    "USE": changes.ENGLISH,
    "trigrams": changes.TRIGRAMS,
    "EfficientNet": changes.IMAGES,
    "pixels": changes.PIXELS,
}
SLOWER = 0.1
TURNS = 3
TIMED = (2000, 10_000)
EPOCHS = (5, 10)


def judge() -> Iterator[Section]:
    """Measure real pairs among few items and many, and noise that was planted."""
    yield _by_items()
    yield _by_noise()


def share(a: Vectors, b: Vectors, *, metric: Metric = "cosine") -> tuple[NoiseShare, float]:
    """Return the noise-equivalent share of a pair as a comparison measures it, and the overlap."""
    return _share([_side(one, metric) for one in (a, b)])


def _share(sides: Sequence[Side]) -> tuple[NoiseShare, float]:
    draws = few_at_a_time(len(sides[0].vectors), seed=0)
    asked = [
        [(one, some, asked_neighbors(some, one)) for one in draws for some in [_part(side, one)]]
        for side in sides
    ]

    def kept_in(side: int, share: float) -> Vectors:
        return np.concatenate(
            [
                kept_with_noise(some, one, share, lists=lists, seed=0)
                for one, some, lists in asked[side]
            ]
        )

    curves = [NoiseCurve(partial(kept_in, side)) for side in (0, 1)]
    kept = np.concatenate(
        [
            neighborhood_overlap(first, second, k=one.k)
            for (one, _, first), (_, _, second) in zip(*asked, strict=True)
        ]
    )
    cells = sides[0].cells[np.concatenate([one.items for one in draws])]
    return noise_equivalent_share(kept, curves, cells=cells, seed=0), float(kept.mean())


def _part(side: Side, one: Sampled) -> Side:
    return replace(side, vectors=side.vectors[one.items], cells=side.cells[one.items])


def _side(vectors: Vectors, metric: Metric) -> Side:
    seen = as_measured(vectors, metric=metric)
    return Side(name="", metric=metric, vectors=seen, cells=k_means_cells(seen), top_share=0.0)


def _by_items() -> Section:
    rows: list[tuple[Value, ...]] = []
    checks = []
    for change in [*changes.real(), *changes.training()]:
        whole, kept = share(change.a, change.b)
        few = []
        for sample in range(SAMPLES):
            rows_of = draw(8, sample).permutation(len(change.a))[:FEW]
            few.append(share(change.a[rows_of], change.b[rows_of]))
        kept_of_few = float(np.mean([one[1] for one in few]))
        values = np.array([one[0].value for one in few])
        mean, worst = float(values.mean()), float(np.abs(values - whole.value).max())
        rows.append((change.name, len(change.a), kept, kept_of_few, whole.value, mean, worst))
        checks.append(Check(f"{change.name}: mean", abs(mean - whole.value), APART))
        checks.append(Check(f"{change.name}: farthest", worst, APART))
    columns = ("pair", "items", "kept", f"of {FEW}", "share", f"of {FEW}", "farthest off by")
    note = f"Of {FEW} items: the mean of {SAMPLES} samples, and the sample farthest off."
    return Section("noise-equivalent share by items", columns, rows, checks, [note])


def _by_noise() -> Section:
    rows: list[tuple[Value, ...]] = []
    checks = []
    for name, key in SPACES.items():
        space = changes.demo(key)
        found = [share(space, changes.planted(space, one, seed=1))[0].value for one in PLANTED]
        rows.append((name, *found))
        checks.append(Check(f"{name}: least step", float(np.diff(found).min()), 0, at_most=False))
    return Section("planted noise", ("space", *(f"{one:g}" for one in PLANTED)), rows, checks)


def grades() -> Section:
    """Compare pairs of which it is known how much changed, and show what each is called."""
    rows: list[tuple[Value, ...]] = []
    checks = []
    for change in [*changes.made(), *changes.training(), *changes.real()]:
        compared = emblink.compare({"a": change.a, "b": change.b}, metric=change.metric)
        report = compared.report()["pairs"][0]
        size, kept = report["size"], report["scores"]["neighborhood_overlap"]["value"]
        low, high = size.get("interval", (None, None))
        rows.append((change.name, kept, size.get("w"), low, high, size["grade"]))
        if change.wanted:
            held = float(size["grade"] in change.wanted)
            wanted = " or ".join(sorted(change.wanted))
            checks.append(Check(f"{change.name}: {wanted}", held, 1, at_most=False))
    columns = ("change", "kept", "share", "from", "to", "grade")
    return Section("grades of known changes", columns, rows, checks)


def shared_start() -> Section:
    """Judge two stages of one training by runs that began elsewhere."""
    names = [f"fc_seed{seed}_epoch{epoch:02}" for seed in (0, 1) for epoch in EPOCHS]
    spaces = [changes.stored(name) for name in names]
    found = overlaps(World(spaces, changes.digits_of_mnist()))
    joined = of_both_recipes([evidence(found, [0, 2], 1), evidence(found, [1, 3], 0)])
    assert joined is not None
    row = ("epochs 5 → 10", float(found[0, 1]), joined.kept, joined.p_less, joined.p_closer)
    columns = ("MNIST", "kept", "by runs", "p, less than runs", "p, closer than runs")
    check = Check("epochs 5 → 10: p, closer than runs", joined.p_closer, LEVEL)
    return Section("a shared start", columns, [row], [check])


def timed() -> Section:
    """Time the size of a pair beside its whole comparison, in turns."""
    rows: list[tuple[Value, ...]] = []
    checks = []
    for n in TIMED:
        a, b = _noisy_pair(n)
        wholes, alones = [], []
        for _ in range(TURNS):
            start = time.process_time()
            emblink.compare({"a": a, "b": b})
            wholes.append(time.process_time() - start)
            alones.append(_time_of_size(a, b))
        whole, alone = float(np.median(wholes)), float(np.median(alones))
        rows.append((n, whole, alone, alone / whole))
        checks.append(Check(f"{n:,} items: part of the comparison", alone / whole, SLOWER))
    columns = ("items", "whole comparison, s", "size, s", "part")
    note = f"Seconds of the processor, all threads; the median of {TURNS}."
    return Section("time of the size of a pair, 128 dims", columns, rows, checks, [note])


def _noisy_pair(n: int) -> tuple[Vectors, Vectors]:
    rng = draw(9)
    centres = 4 * rng.standard_normal((20, 128))[np.arange(n) % 20]
    a = centres + rng.standard_normal((n, 128))
    b = a + 0.3 * rng.standard_normal(a.shape)
    return a.astype(np.float32), b.astype(np.float32)


def _time_of_size(a: Vectors, b: Vectors) -> float:
    # A comparison has the cells already.
    sides = [_side(one, "cosine") for one in (a, b)]
    start = time.process_time()
    _share(sides)
    return time.process_time() - start
