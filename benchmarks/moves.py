"""Do the classes of moves tell who changed? Against neighbours they do not use, and held-out runs.

    python benchmarks/moves.py [--only demo runs unrelated] [--seed 100] [--markdown | --json]

Seeds 0 to 2 of the networks are for tuning, those from 100 on for judging.
"""

from __future__ import annotations

import argparse
import warnings
from importlib.resources import files
from itertools import combinations

import numpy as np
from _judgement.families import network
from _layout.scores import auc, spearman
from _tables import Check, Report, Section, Value, say
from numpy.typing import NDArray

import emblink as eb
from emblink.kernels import prefix_agreement
from emblink.neighbors import nearest_neighbors
from emblink.types import MOVE_CLASSES, IntArray, Moves

PARTS = ("demo", "runs", "unrelated")
CODE = {name: code for code, name in enumerate(MOVE_CLASSES)}
PLANTED = 60
NEAR, FAR = 10, 50


def main() -> None:
    options = _options()
    report = Report("json" if options.json else "markdown" if options.markdown else "text")
    if "demo" in options.only:
        report.add(judge_demo())
    if "runs" in options.only:
        report.add(judge_runs(options.seed))
    if "unrelated" in options.only:
        report.add(judge_unrelated(options.seed))
    report.finish()


def judge_demo() -> Section:
    """Hold what the demo's items keep of their 10 nearest against what they keep of others.

    There is no replicate: of most items there is the amount alone.
    """
    say("demo: neighbours")
    with np.load(str(files("emblink") / "demo" / "emoji.npz"), allow_pickle=False) as stored:
        spaces = {
            name.removeprefix("space__"): stored[name].astype(np.float32)
            for name in stored.files
            if name.startswith("space__")
        }
    whole = np.all([one.any(axis=1) for one in spaces.values()], axis=0)
    spaces = {name: one[whole] for name, one in spaces.items()}
    lists = {name: nearest_neighbors(one, k=FAR, metric="cosine") for name, one in spaces.items()}
    rows: list[list[Value]] = []
    for a, b in combinations(lists, 2):
        first, second = lists[a].indices, lists[b].indices
        kept = _shared(first[:, :NEAR], second[:, :NEAR])
        around = _shared(first[:, NEAR:], second[:, NEAR:])
        lost = kept == 0
        area = auc(-around, lost)
        rows.append([f"{a} -> {b}", float(kept.mean()), spearman(kept, around), area])
    told = [[float(value or 0) for value in row[2:] if not isinstance(value, str)] for row in rows]
    rho, areas = zip(*told, strict=True)
    columns = ("pair", "kept", "rho", "AUC lost")
    checks = [
        Check("pairs", len(rows), 21, at_most=False),
        Check("rho, least", min(rho), 0.1, at_most=False),
        Check("AUC lost, least", min(areas), 0.55, at_most=False),
    ]
    notes = [
        "kept: of the 10 nearest. rho: Spearman's correlation of that with how many of the 11th to "
        "50th nearest are so in the other space: none of the same neighbours. AUC lost: of losing "
        "those, for having kept none of the 10 nearest."
    ]
    return Section("demo, 21 pairs without a replicate", columns, rows, checks, notes)


def _shared(first: IntArray, second: IntArray) -> NDArray[np.float64]:
    here, there = (np.ascontiguousarray(one, np.int32) for one in (first, second))
    shared = prefix_agreement(here, there, depths=[here.shape[1]])[:, 0]
    return np.asarray(shared, np.float64)


def judge_runs(seed: int) -> Section:
    """Train networks anew: another run is no change, and items that took another's place are."""
    from sklearn.datasets import load_digits

    digits = load_digits()
    x, codes = digits.data / 16.0, digits.target
    say("digits: training 5 networks")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        runs = [network(x, codes, x, seed=10 * seed + run, hidden=(64,)) for run in range(5)]
    rng = np.random.default_rng(seed)
    planted = rng.permutation(len(x))[:PLANTED]
    swapped = runs[4].copy()
    swapped[planted] = swapped[np.roll(planted, 1)]
    spaces = {"a": runs[0], "again": runs[1], "held out": runs[2], "other": runs[3]}
    spaces["planted"] = swapped
    others = ["held out", "other", "planted"]
    comparison = eb.compare(
        spaces, replicates={"a": ["again"]}, pairs=[("a", one) for one in others]
    )
    rows: list[list[Value]] = []
    strays: list[int] = []
    found = area = 0.0
    is_planted = np.isin(np.arange(len(x)), planted)
    for one in others:
        changed, depth = _changed(comparison.moves("a", one))
        here = is_planted & (one == "planted")
        strays.append(int((changed & ~here).sum()))
        told: list[Value] = [None, None]
        if here.any():
            found, area = float(changed[here].mean()), auc(depth, here)
            told = [found, area]
        rows.append([f"a -> {one}", int(changed.sum()), strays[-1], *told])
    checks = [
        Check("changed between runs, of 1,797", max(strays[:2]), 18),
        Check("planted ones called changed", found, 0.9, at_most=False),
        Check("others called changed", strays[2], 36),
        Check("AUC of loss", area, 0.95, at_most=False),
    ]
    columns = ("pair", "changed", "not planted", "recall", "AUC of loss")
    notes = ["AUC of loss: of neighbours lost beyond those expected, for being planted."]
    return Section(f"digits, networks from seed {seed}", columns, rows, checks, notes)


def _changed(moves: Moves) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    known = [CODE[one] for one in ("changed_and_moved", "changed_not_shown", "lost_and_still")]
    expected = np.zeros(len(moves.codes)) if moves.expected is None else moves.expected
    kept = np.zeros(len(moves.codes)) if moves.kept is None else moves.kept
    return np.isin(moves.codes, known), np.asarray(expected - kept, np.float64)


def judge_unrelated(seed: int) -> Section:
    """Compare digits with themselves in another order: nothing may be told of single items."""
    from sklearn.datasets import load_digits

    x = load_digits().data
    rng = np.random.default_rng(seed)
    spaces = {"a": x, "again": x + rng.normal(size=x.shape), "b": x[rng.permutation(len(x))]}
    rows: list[list[Value]] = []
    classed = []
    for replicates in (None, {"a": ["again"]}):
        chosen = spaces if replicates else {name: spaces[name] for name in ("a", "b")}
        comparison = eb.compare(chosen, replicates=replicates, pairs=[("a", "b")])
        moves = comparison.moves("a", "b")
        classed.append(int((moves.codes != CODE["amount_only"]).sum()))
        rows.append(
            ["with a replicate" if replicates else "without", len(moves.codes), classed[-1]]
        )
    check = Check("items classed", max(classed), 0)
    return Section("unrelated spaces", ("spaces", "items", "classed"), rows, [check])


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", choices=PARTS, nargs="+", default=list(PARTS))
    parser.add_argument("--seed", type=int, default=100)
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--markdown", action="store_true")
    how.add_argument("--json", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
