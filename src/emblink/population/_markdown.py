"""The report of populations as Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from emblink.types import PopulationPair, PopulationsReport
from emblink.wording import exactly, markdown, percent, probability

VERDICTS = {
    "same_population": "same population",
    "drifted": "drifted",
    "paired": "paired",
    "gap": "gap",
}
"""Verdicts as they are read."""
MOST_LABELS = 12


def as_markdown(report: PopulationsReport) -> str:
    """Write a report of populations as Markdown.

    Parameters
    ----------
    report : PopulationsReport

    Returns
    -------
    str
    """
    names = " and ".join(markdown(one["name"]) for one in report["populations"])
    lines = [f"# Populations {names}", ""]
    for pair in report["pairs"]:
        lines += _pair(pair)
    if len(report["timeline"]) > 2:
        lines += _timeline(report)
    lines += [f"> {markdown(note)}" for note in report["notes"]]
    return "\n".join(lines).rstrip() + "\n"


def _pair(pair: PopulationPair) -> Iterator[str]:
    a, b = markdown(pair["a"]), markdown(pair["b"])
    yield f"## {a} → {b}: {VERDICTS[pair['verdict']]}"
    yield ""
    yield markdown(pair["sentence"])
    yield ""
    for warning in pair["warnings"]:
        yield f"> {markdown(warning)}"
        yield ""
    for one in pair["findings"]:
        yield f"- **{markdown(one['title'])}.** {markdown(one['sentence'])} {one['how_sure']}"
    if pair["findings"]:
        yield ""
    if pair["labels"]:
        yield from _labels(pair)


def _labels(pair: PopulationPair) -> Iterator[str]:
    yield f"| Label | {markdown(pair['a'])} | {markdown(pair['b'])} | Change | 95 % | p |"
    yield "|---|---:|---:|---:|---:|---:|"
    for one in pair["labels"][:MOST_LABELS]:
        low, high = one["interval"]
        yield (
            f"| {markdown(one['label'])} | {exactly(one['share_a'])} | {exactly(one['share_b'])} | "
            f"{signed(one['change'])} | {signed(low)} to {signed(high)} | "
            f"{probability(one['p']).removeprefix('p = ')} |"
        )
    if (more := len(pair["labels"]) - MOST_LABELS) > 0:
        yield ""
        yield f"{more:,} labels more."
    yield ""


def _timeline(report: PopulationsReport) -> Iterator[str]:
    yield "## Over all"
    yield ""
    yield "| Population | Apart from the one before | Apart from the first | Groups |"
    yield "|---|---:|---:|---:|"
    for one in report["timeline"]:
        before, first = one.get("apart_before"), one.get("apart_first")
        yield (
            f"| {markdown(one['name'])} | {_apart(before)} | {_apart(first)} | {len(one['told'])} |"
        )
    yield ""


def signed(share: float) -> str:
    """Write a change of a share in points.

    Parameters
    ----------
    share : float

    Returns
    -------
    str
    """
    return f"{100 * share:+.1f}".replace("-", "−")


def _apart(value: float | None) -> str:
    return "" if value is None else percent(max(0.0, value))
