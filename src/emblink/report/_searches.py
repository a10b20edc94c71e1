"""What became of searches, as lines and tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from emblink.report._findings import judged_pairs
from emblink.report._tables import Rows
from emblink.table import SEARCH_MEASURES
from emblink.types import PairReport, PairSearches, Report, SegmentReport
from emblink.wording import clip, percent

MOST_SEGMENTS = 10
MOST_LOST = 10
_TITLES = {one.name: one.title for one in SEARCH_MEASURES}
_LEVELS = {"ndcg": "nDCG", "recall": "recall", "mrr": "MRR"}


def searches_of(report: Report, pair: PairReport) -> PairSearches | None:
    """Return the searches of a pair, None where there are none."""
    held = report["searches"]["pairs"] if "searches" in report else []
    return next((one for one in held if (one["a"], one["b"]) == (pair["a"], pair["b"])), None)


def search_lines(report: Report, *, most: int) -> list[str]:
    """Return a sentence for each pair that is judged, named where there are several."""
    pairs = judged_pairs(report)
    found = [(pair, one) for pair in pairs if (one := searches_of(report, pair)) is not None]
    names = [f"{pair['a']} → {pair['b']}" if len(pairs) > 1 else "Searches" for pair, _ in found]
    told = zip(names, found, strict=True)
    lines = [f"{name}: {one['sentence']}" for name, (_, one) in [*told][:most]]
    if len(found) > most:
        lines.append(f"{len(found) - most:,} more pairs with --full")
    return lines


def search_rows(searches: PairSearches) -> Iterator[Rows]:
    """Yield the tables of the searches of a pair: scores, quality, segments, answers lost."""
    yield Rows(
        ("of searches", "k", "value", "95 %", "chance", "floor"),
        [
            [
                _TITLES.get(name, name),
                str(score.get("k", "")),
                f"{score['value']:+.3f}"
                if name.endswith("_change") and name not in _SHARES
                else f"{score['value']:.3f}",
                _ends(score.get("interval")),
                _number(score.get("chance")),
                _number(score.get("noise_floor")),
            ]
            for name, score in searches["scores"].items()
        ],
    )
    if searches["levels"]:
        yield Rows(
            ("quality", "A", "95 % of A", "B", "95 % of B", "chance"),
            [
                [
                    f"{_LEVELS[one['measure']]}@{one['k']}",
                    _number(one["a"]),
                    _ends(one["interval_a"]),
                    _number(one["b"]),
                    _ends(one["interval_b"]),
                    _number(one["chance"]),
                ]
                for one in searches["levels"]
            ],
            more=f"Of {searches['n_judged']:,} queries with relevant items",
        )
    if searches["segments"]:
        yield _segments(searches["segments"])
    if searches["lost"]:
        yield _lost(searches)


_SHARES = ("first_answer_change",)


def _segments(segments: Sequence[SegmentReport]) -> Rows:
    left_out = len(segments) - MOST_SEGMENTS
    return Rows(
        ("segment", "queries", "replaced", "nDCG A", "nDCG B", "95 %", "lost", "gained", "verdict"),
        [
            [
                f"{one['column']}: {clip(one['segment'])}",
                f"{one['n']:,}",
                percent(one["churn"]),
                _number(one.get("ndcg_a")),
                _number(one.get("ndcg_b")),
                _ends(one.get("interval")),
                str(one.get("n_lost", "")),
                str(one.get("n_gained", "")),
                one["verdict"].replace("_", " "),
            ]
            for one in segments[:MOST_SEGMENTS]
        ],
        last_is_words=True,
        more=f"{left_out:,} more segments in --json" if left_out > 0 else "",
    )


def _lost(searches: PairSearches) -> Rows:
    left_out = searches.get("n_lost", 0) - MOST_LOST
    return Rows(
        ("query that lost its first relevant answer", "answer", "rank in A", "first in B"),
        [
            [
                clip(one.get("text", one["id"])),
                clip(one["answer"]),
                str(one["rank_a"]),
                str(one["rank_b"] or f"none in {searches['k']}"),
            ]
            for one in searches["lost"][:MOST_LOST]
        ],
        words=2,
        more=f"{left_out:,} more: comparison.queries(a, b)" if left_out > 0 else "",
    )


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def _ends(interval: Sequence[float] | None) -> str:
    return "" if not interval else f"{interval[0]:.3f} … {interval[1]:.3f}"
