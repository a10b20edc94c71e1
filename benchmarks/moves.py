"""Do the classes of moves tell who changed? Against a measure they do not use, and held-out runs.

    python benchmarks/moves.py [--only demo runs unrelated] [--seed 100] [--markdown | --json]

Seeds 0 to 2 of the networks are for tuning, those from 100 on for judging.
"""

from __future__ import annotations

import argparse
import tempfile
import warnings
from pathlib import Path

import numpy as np
from _judgement.families import network
from _layout.scores import auc, spearman
from _tables import Check, Report, Section, Value, say
from numpy.typing import NDArray

import emblink as eb
from emblink.demo import compare_emoji
from emblink.projection import VISIBLE
from emblink.types import MOVE_CLASSES, FloatArray, Moves

PARTS = ("demo", "runs", "unrelated")
CODE = {name: code for code, name in enumerate(MOVE_CLASSES)}
PLANTED = 60


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
    """Hold the demo's pairs against the residual of a cross-fitted map, which sees no neighbours.

    There is no replicate: classes are few, and the rest is the amount.
    """
    say("demo: comparing")
    rows: list[list[Value]] = []
    told: list[float] = []
    lost: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        comparison = compare_emoji(Path(folder) / "emoji.emblink")
        for pair in comparison.report()["pairs"]:
            a, b = pair["a"], pair["b"]
            moves = comparison.moves(a, b)
            strayed = comparison.pair(a, b).items["change_evidence"][moves.rows]
            rho, area = _told(moves, strayed)
            told.append(rho)
            lost += [] if area is None else [area]
            rows.append([f"{a} -> {b}", *_shares(moves), rho, area])
    columns = ("pair", "kept", *_SHOWN, "rho", "AUC lost")
    checks = [
        Check("pairs", len(rows), 21, at_most=False),
        Check("rho of lost neighbours and residual, least", min(told), 0.2, at_most=False),
        Check("AUC lost, mean", float(np.mean(lost)) if lost else None, 0.6, at_most=False),
    ]
    notes = [
        "kept: neighbours of 10; then the share of the items of each class. rho: Spearman's "
        "correlation of lost neighbours with the residual of a cross-fitted linear map. AUC lost: "
        "of that residual, for having lost every neighbour, among the items that look still."
    ]
    return Section("demo, 21 pairs without a replicate", columns, rows, checks, notes)


_SHOWN = ("moved, not changed", "lost, still", "not classed")


def _shares(moves: Moves) -> list[Value]:
    kept = None if moves.kept is None else float(moves.kept.mean())
    of = [CODE[one] for one in ("moved_not_changed", "lost_and_still", "amount_only")]
    return [kept, *(float((moves.codes == code).mean()) for code in of)]


def _told(moves: Moves, strayed: FloatArray) -> tuple[float, float | None]:
    kept = np.zeros(len(strayed)) if moves.kept is None else moves.kept.astype(float)
    known = np.isfinite(strayed)
    still = known & (moves.displacement <= VISIBLE)
    lost = still & (moves.codes == CODE["lost_and_still"])
    area = auc(strayed[still], lost[still]) if 0 < lost.sum() < still.sum() else None
    return spearman(-kept[known], strayed[known]), area


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
