"""A gate for people and for machines: terminal, Markdown, JUnit, JSON, flat numbers."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any
from xml.etree import ElementTree

import msgspec
from rich.console import Group, RenderableType
from rich.text import Text

from emblink.gate._check import Check
from emblink.gate._decide import Gate
from emblink.wording import inert_json, markdown, visible
from emblink.wording.gate import cases_not_listed

_MARKS = {"pass": "✓", "fail": "✗", "undecided": "?"}
_STYLES = {"pass": "green", "fail": "red", "undecided": "yellow", "not comparable": "red"}
_MOST_FINDINGS = 3
_MOST_CASES = 200
_UNPRINTED = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML cannot hold."""


def as_terminal(gate: Gate) -> RenderableType:
    """Return a gate as lines: the verdict, each limit, what stands out."""
    lines: list[RenderableType] = [
        Text(gate.why, style=f"bold {_STYLES[gate.verdict]}"),
        Text(f"{gate.a} → {gate.b}  {gate.answer}"),
        Text(),
    ]
    for one in gate.checks:
        line = Text(f"{_MARKS[one.status]} ", style=_STYLES[one.status])
        line.append(f"{one.limit}  ", style="bold")
        line.append(one.sentence, style="default")
        lines.append(line)
    if gate.findings and gate.verdict != "pass":
        lines += [Text(), Text("What stands out", style="bold")]
        lines += [
            Text(f"{at}  {said}") for at, said in enumerate(gate.findings[:_MOST_FINDINGS], 1)
        ]
    return Group(*lines)


def as_markdown(gate: Gate) -> str:
    """Return a gate as Markdown, for the summary of a job."""
    lines = [
        f"## {markdown(gate.why)}",
        "",
        f"{markdown(f'{gate.a} → {gate.b}')}: {markdown(gate.answer)}",
        "",
    ]
    if gate.checks:
        lines += ["| | limit | |", "|---|---|---|"]
        lines += [
            f"| {_MARKS[one.status]} | `{one.limit}` | {markdown(one.sentence)} |"
            for one in gate.checks
        ]
        lines.append("")
    if gate.findings:
        lines += ["**What stands out**", ""]
        lines += [f"{at}. {markdown(said)}" for at, said in enumerate(gate.findings, 1)]
        lines.append("")
    return "\n".join(lines)


def as_junit(gate: Gate) -> str:
    """Return a gate as JUnit XML: a case for each limit, label and item that must be kept.

    Labels within their limits are listed while there are no more than 200 cases.
    """
    cases = gate.checks or [
        Check("comparable", "fail" if gate.verdict != "pass" else "pass", gate.why)
    ]
    listed = gate.within[: max(0, _MOST_CASES - len(cases))]
    cases = [*cases, *listed]
    n_of = Counter(one.status for one in cases)
    suite = ElementTree.Element(
        "testsuite",
        name=_printed(f"emblink gate: {gate.a} to {gate.b}"),
        tests=str(len(cases)),
        failures=str(n_of["fail"] + (n_of["undecided"] if gate.verdict == "fail" else 0)),
        errors=str(n_of["undecided"] if gate.verdict == "undecided" else 0),
        skipped="0",
    )
    if n_more := len(gate.within) - len(listed):
        properties = ElementTree.SubElement(suite, "properties")
        words = cases_not_listed(n_more)
        ElementTree.SubElement(properties, "property", name="not listed", value=words)
    for one in cases:
        name = f"{one.limit}: {one.about}" if one.about else one.limit
        case = ElementTree.SubElement(
            suite, "testcase", classname="emblink.gate", name=_printed(name)
        )
        if one.status == "fail" or (one.status == "undecided" and gate.verdict == "fail"):
            ElementTree.SubElement(case, "failure", message=_printed(one.sentence))
        elif one.status == "undecided" and gate.verdict == "undecided":
            ElementTree.SubElement(
                case, "error", type="undecided", message=_printed(f"Undecided: {one.sentence}")
            )
        else:
            ElementTree.SubElement(case, "system-out").text = _printed(one.sentence)
    ElementTree.indent(suite)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(suite, "unicode") + "\n"
    )


def as_data(gate: Gate) -> dict[str, Any]:
    """Return a gate as plain data, without the labels that are within their limits."""
    found = msgspec.to_builtins(gate)
    del found["within"]
    return {"exit": gate.exit, **found}


def as_json(gate: Gate) -> str:
    """Return a gate as JSON, ``emblink.gate/1``."""
    found = {"schema": "emblink.gate/1", **as_data(gate)}
    return inert_json(msgspec.json.format(msgspec.json.encode(found)).decode()) + "\n"


def as_metrics(gate: Gate) -> str:
    """Return flat numbers by name, for DVC, MLflow or Weights & Biases."""
    found = {**gate.numbers, "gate_exit": gate.exit}
    return inert_json(msgspec.json.format(msgspec.json.encode(found)).decode()) + "\n"


def _printed(words: str) -> str:
    return _UNPRINTED.sub("\ufffd", visible(words))
