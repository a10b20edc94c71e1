"""The tables of a report as rows of words, the same for a terminal and for a document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from emblink.table import title_of
from emblink.types import LabelPairReport, LabelReport, PairReport, Report, Score
from emblink.wording import MOVED_ALIKE, counted, percent

MOST_LABELS = 10
MOST_LABEL_PAIRS = 10


@dataclass(frozen=True)
class Rows:
    """One table.

    Attributes
    ----------
    titles : tuple of str
    rows : sequence of sequence of str
    words : int
        How many columns from the left hold words; the others hold numbers.
    last_is_words : bool
    more : str
        What the table leaves out, to stand below it.
    """

    titles: tuple[str, ...]
    rows: Sequence[Sequence[str]]
    words: int = 1
    last_is_words: bool = False
    more: str = ""


def pair_rows(report: Report) -> Rows:
    """Return one row for each pair."""
    titles = (
        "pair", "size", "w", "common", "only A", "only B", "overlap", "chance", "floor", "CKA",
        "Procrustes",
    )  # fmt: skip
    return Rows(titles, [_pair_cells(pair) for pair in report["pairs"]], words=2)


def score_rows(pair: PairReport) -> Rows:
    """Return one row for each score of a pair."""
    titles = ("measure", "k", "value", "95 %", "chance", "floor", "kappa", "change index", "p")
    rows = [[title_of(name), *_score_cells(score)] for name, score in pair["scores"].items()]
    return Rows(titles, rows)


def label_rows(pair: PairReport) -> Rows:
    """Return the labels that changed most."""
    labels = pair["labels"]
    claimed = sorted(labels, key=lambda one: (one["verdict"] == "too_few", -abs(one["delta"])))
    shown = claimed[:MOST_LABELS]
    by_items = pair["compared_by"] == "items"
    titles = (
        "label", "n", "purity A", "purity B", "change", "95 %", "floor",
        *(("overlap", "within") if by_items else ("share A", "share B")), "verdict",
    )  # fmt: skip
    left_out = len(labels) - len(shown)
    return Rows(
        titles,
        [_label_cells(label, by_items=by_items) for label in shown],
        last_is_words=True,
        more=f"{left_out} more labels in the page and in --json" if left_out else "",
    )


def label_pair_rows(pair: PairReport) -> Rows:
    """Return the label pairs that were drawn together or pushed apart, the surest first."""
    claimed = [one for one in pair["label_pairs"] if one["verdict"] != "same"]
    shown = claimed[:MOST_LABEL_PAIRS]
    titles = (
        "label pair", "closer by", "95 %", "floor", "mixing A", "mixing B", "taken for A",
        "taken for B", "verdict",
    )  # fmt: skip
    judged = f"{counted(pair['n_label_pairs'], 'label pair')} judged"
    judged += "" if claimed else ": none is told as changed"
    left_out = len(claimed) - len(shown)
    cut = len(claimed) == len(pair["label_pairs"]) < pair["n_label_pairs"]
    others = f"{left_out} or more others" if cut else f"{left_out} more"
    return Rows(
        titles,
        [_label_pair_cells(one) for one in shown],
        last_is_words=True,
        more=f"{judged}; {others} that changed in the page and in --json" if left_out else judged,
    )


def step_rows(report: Report) -> Rows | None:
    """Return the purity of each label over the steps of a sequence, or None for other pairs."""
    pairs = [pair for pair in report["pairs"] if pair["compared_by"] == "items"]
    replicates = {space["name"] for space in report["spaces"] if "replicate_of" in space}
    steps = [pair for pair in pairs if not replicates & {pair["a"], pair["b"]}]
    chained = all(one["b"] == other["a"] for one, other in pairwise(steps))
    if len(steps) < 2 or not chained:
        return None
    names = [steps[0]["a"], *(pair["b"] for pair in steps)]
    kept = ["", *(f"{pair['scores']['neighborhood_overlap']['kappa']:.3f}" for pair in steps)]
    purity = {
        space["name"]: {one["label"]: one["purity"] for one in space["labels"]}
        for space in report["spaces"]
    }
    labels = {label: None for name in names for label in purity[name]}
    spans = {
        label: max(known) - min(known)
        for label in labels
        if (known := [purity[name][label] for name in names if label in purity[name]])
    }
    shown = sorted(spans, key=lambda label: -spans[label])[:MOST_LABELS]
    rows = [["neighbours kept, beyond chance", *kept]]
    rows += [
        [f"purity of {label}", *(_number(purity[name].get(label)) for name in names)]
        for label in shown
    ]
    left_out = len(spans) - len(shown)
    return Rows(
        ("over the steps", *names),
        rows,
        more=f"{left_out} more labels in the page and in --json" if left_out else "",
    )


def picture_rows(report: Report) -> Rows | None:
    """Return how far each space's aligned picture may be believed, or None where none is known."""
    drawn = [
        (space["name"], picture)
        for space in report["spaces"]
        for picture in space.get("pictures", [])
        if picture["method"] == "joint"
    ]
    if not drawn:
        return None
    measures: tuple[Literal["trustworthiness", "continuity", "preservation", "chance"], ...]
    measures = ("trustworthiness", "continuity", "preservation", "chance")
    ks = {picture["k"] for _, picture in drawn}
    return Rows(
        ("aligned picture", "trustworthiness", "continuity", "neighbours kept", "by chance"),
        [[name, *(_number(picture[one]) for one in measures)] for name, picture in drawn],
        more=f"Of {' or '.join(map(str, sorted(ks)))} nearest neighbours",
    )


def _pair_cells(pair: PairReport) -> list[str]:
    scores = pair["scores"]
    overlap = scores.get("neighborhood_overlap")
    return [
        f"{pair['a']} → {pair['b']}",
        pair["size"]["grade"].replace("_", " "),
        _share(pair["size"].get("w")),
        f"{pair['n_common']:,}",
        f"{pair['only_a']:,}",
        f"{pair['only_b']:,}",
        _number(overlap["value"] if overlap else None),
        _number(overlap.get("hub_chance") if overlap else None),
        _number(overlap.get("noise_floor") if overlap else None),
        _value(scores.get("linear_cka")),
        _value(scores.get("procrustes_similarity")),
    ]


def _score_cells(score: Score) -> list[str]:
    p = score.get("p_chance")
    return [
        str(score.get("k", "")),
        _number(score["value"]),
        _ends(score.get("interval")),
        _number(score.get("hub_chance", score.get("chance"))),
        _number(score.get("noise_floor")),
        _number(score.get("kappa")),
        _number(score.get("change_index")),
        "" if p is None else f"{p:.3f}",
    ]


def _label_cells(label: LabelReport, *, by_items: bool) -> list[str]:
    beside = (
        (label.get("overlap"), label.get("within_overlap"))
        if by_items
        else (label.get("share_a"), label.get("share_b"))
    )
    return [
        label["label"],
        f"{label['n']:,}",
        f"{label['purity_a']:.3f}",
        f"{label['purity_b']:.3f}",
        f"{label['delta']:+.3f}",
        _ends(label.get("interval"), signed=True) + (" or wider" if label.get("rough") else ""),
        _number(label.get("noise_floor")),
        *map(_number, beside),
        _verdict(label),
    ]


def _verdict(label: LabelReport) -> str:
    alike = label["verdict"] == "same" and label.get("note") == MOVED_ALIKE
    return "as all" if alike else label["verdict"].replace("_", " ")


def _label_pair_cells(one: LabelPairReport) -> list[str]:
    return [
        f"{one['first']} and {one['second']}",
        f"{one['delta']:+.3f}",
        _ends(one.get("interval"), signed=True),
        _number(one.get("noise_floor")),
        f"{one['mixing_a']:.3f}",
        f"{one['mixing_b']:.3f}",
        *(" / ".join(f"{share:.3f}" for share in one[side]) for side in _CONFUSIONS),
        one["verdict"].replace("_", " "),
    ]


_CONFUSIONS: tuple[Literal["confusion_a"], Literal["confusion_b"]] = ("confusion_a", "confusion_b")


def _value(score: Score | None) -> str:
    return _number(score["value"] if score else None)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def _share(value: float | None) -> str:
    return "" if value is None else percent(value)


def _ends(interval: Sequence[float] | None, *, signed: bool = False) -> str:
    if not interval:
        return ""
    low, high = (f"{end:+.3f}" if signed else f"{end:.3f}" for end in interval)
    return f"{low} … {high}"
