"""What a gate of few items says, beside the same gate of the population they are drawn from.

    python benchmarks/small_gates.py
    python benchmarks/small_gates.py --fewest 0

A recipe of 2,000 items with ten labels, and changes of it of which the gate of all items is sure.
Of each change, some few items are drawn again and again and held against the same limits. Printed
by change and number of items: how often the gate passes, fails or is undecided; how often it is
wrong (passes where that of all fails, or the reverse); and how often the intervals of the size and
of the neighbours kept hold the truth: the size of all, and the mean over all draws. The fewest
items that a gate judges were chosen on seed 1 (--fewest 0 has it judge of any); seed 2 judged them.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from emblink.comparison import compare, judge
from emblink.gate import _check

Vectors = NDArray[np.float32]

N, D, LABELS = 2000, 32, 10
FEW = (10, 20, 30, 50, 100)


class World(NamedTuple):
    """A space, and the label of each item."""

    old: NDArray[np.float64]
    label: NDArray[np.int64]
    rng: np.random.Generator

    @classmethod
    def of(cls, seed: int) -> World:
        rng = np.random.default_rng(seed)
        label = rng.integers(LABELS, size=N)
        clean = 1.3 * rng.standard_normal((LABELS, D))[label] + 0.8 * rng.standard_normal((N, D))
        return cls(clean, label, rng)

    def noise(self, much: float) -> NDArray[np.float64]:
        return self.old + much * self.rng.standard_normal((N, D))

    def rounded(self) -> NDArray[np.float64]:
        step = np.abs(self.old).max(axis=0) / 127
        return np.asarray(np.round(self.old / step) * step)

    def damaged(self, share: float) -> NDArray[np.float64]:
        """Scatter a share of one label's items among the others."""
        own = np.flatnonzero(self.label == 3)
        own = own[: int(share * len(own))]
        out, others = self.old.copy(), np.flatnonzero(self.label != 3)
        out[own] = self.old[self.rng.choice(others, len(own))]
        out[own] += 0.1 * self.rng.standard_normal((len(own), D))
        return out


CHANGES: Mapping[str, Callable[[World], NDArray[np.float64]]] = {
    "8 bits": World.rounded,
    "little noise": lambda world: world.noise(0.06),
    "noise": lambda world: world.noise(0.15),
    "another seed": lambda world: world.noise(0.5),
    "half of the dims": lambda world: world.old[:, : D // 2],
    "a label damaged": lambda world: world.damaged(1.0),
    "half a label damaged": lambda world: world.damaged(0.4),
}


class Held(NamedTuple):
    """What one gate says, and its intervals."""

    verdict: str
    size: str
    """What becomes of the limit of sizes alone, which is all there is without labels."""
    w: float
    w_ends: tuple[float, float]
    kept: float
    kept_ends: tuple[float, float]


def gate(old: Vectors, new: Vectors, label: NDArray[np.int64]) -> Held:
    """Hold some items against the limits of the gate as they are."""
    compared = compare({"old": old, "new": new}, labels=label.astype(str))
    found = judge(compared, old="old", new="new")
    pair = compared.report()["pairs"][0]
    size, kept = pair["size"], pair["scores"]["neighborhood_overlap"]
    w_ends = size.get("interval", [0.0, 0.5])
    kept_ends = kept.get("interval", [0.0, 1.0])
    return Held(
        found.verdict,
        next(one.status for one in found.checks if one.limit == "max_size"),
        size.get("w", np.nan),
        (w_ends[0], w_ends[1]),
        kept["value"],
        (kept_ends[0], kept_ends[1]),
    )


def main() -> None:
    """Print a line for each change and number of items."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--items", type=int, nargs="+", default=[*FEW])
    parser.add_argument("--changes", nargs="+", default=[*CHANGES], choices=[*CHANGES])
    parser.add_argument("--fewest", type=int, default=_check.FEWEST)
    chosen = parser.parse_args()
    _check.FEWEST = chosen.fewest
    of_all: Counter[tuple[int, str]] = Counter()
    for name in chosen.changes:
        world = World.of(chosen.seed)
        old, new = (one.astype(np.float32) for one in (world.old, CHANGES[name](world)))
        truth = gate(old, new, world.label)
        print(f"{name}: of all {N:,} {truth.verdict}, w {truth.w:.3f}, kept {truth.kept:.2f}")
        for n in chosen.items:
            rows = [world.rng.choice(N, n, replace=False) for _ in range(chosen.draws)]
            held = [gate(old[at], new[at], world.label[at]) for at in rows]
            said = Counter(one.verdict for one in held)
            wrong = sum(
                one.verdict != truth.verdict and one.verdict in ("pass", "fail") for one in held
            )
            for one in held:
                if one.verdict != truth.verdict and truth.verdict in ("pass", "fail"):
                    of_all[n, one.verdict] += 1
                if (one.size, truth.size) == ("pass", "fail"):
                    of_all[n, "size"] += 1
            mean = float(np.mean([one.kept for one in held]))
            in_w = np.mean([one.w_ends[0] <= truth.w <= one.w_ends[1] for one in held])
            in_kept = np.mean([one.kept_ends[0] <= mean <= one.kept_ends[1] for one in held])
            print(
                f"  {n:4} items: pass {said['pass']:3} fail {said['fail']:3} "
                f"undecided {said['undecided']:3} wrong {wrong:3} of {len(held)}; "
                f"w {np.nanmean([one.w for one in held]):.3f}, held {in_w:.2f}; "
                f"kept {mean:.2f}, held {in_kept:.2f}",
                flush=True,
            )
    for n in chosen.items:
        print(
            f"{n:4} items: {of_all[n, 'pass']} passed and {of_all[n, 'fail']} failed by mistake; "
            f"by size alone {of_all[n, 'size']} passed"
        )


if __name__ == "__main__":
    main()
