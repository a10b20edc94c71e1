"""Small answers: what is said in words, and the same as data, each number beside its chance."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np

from emblink.comparison import Comparison
from emblink.types import Finding, PairReport, Score
from emblink.wording import visible

_SCORE = {
    "value": "value", "chance": "chance", "noise_floor": "floor", "floor_kind": "floor_kind",
    "interval": "interval", "n": "n", "k": "k",
}  # fmt: skip
_LONG = 200


@dataclass(frozen=True)
class Answer:
    """What a tool says.

    Attributes
    ----------
    text : str
    data : dict
        Of what JSON can hold.
    """

    text: str
    data: dict[str, Any]


def plain(found: object, named: Callable[[str], str] = str) -> Any:
    """Return what JSON can hold: no NaN, no sign that does something to a terminal.

    Parameters
    ----------
    found : object
    named : callable
        Through which every word goes first.

    Returns
    -------
    object
    """
    return _seen(json.loads(msgspec.json.encode(found, enc_hook=_bare)), named)


def _bare(value: object) -> object:
    if isinstance(value, np.generic | np.ndarray):
        return value.tolist()
    raise TypeError(f"{type(value)} is not of JSON")


def _seen(found: Any, named: Callable[[str], str]) -> Any:
    if isinstance(found, str):
        return visible(named(found), lines=True)
    if isinstance(found, list):
        return [_seen(one, named) for one in found]
    if isinstance(found, dict):
        return {visible(named(key)): _seen(one, named) for key, one in found.items()}
    return found


def score_of(score: Score | None) -> dict[str, Any] | None:
    """Return a score beside what it must be read against: chance, noise floor, interval."""
    if score is None:
        return None
    return {name: score.get(key) for key, name in _SCORE.items()}


def verdict_of(pair: PairReport) -> dict[str, Any]:
    """Return what a pair is judged to be, and by which numbers."""
    size = pair["size"]
    beyond = pair["beyond_noise"]
    quality = pair.get("quality")
    return {
        "a": pair["a"],
        "b": pair["b"],
        "answer": pair["answer"],
        "sentence": pair["sentence"],
        "n_common": pair["n_common"],
        "only_a": pair["only_a"],
        "only_b": pair["only_b"],
        "size": {
            "grade": size["grade"],
            "w": size.get("w"),
            "interval": size.get("interval"),
            "chance": 1.0 if "w" in size else None,
            "floor": size.get("runs"),
        },
        "beyond_noise": {**beyond},
        "quality": None if quality is None else {**quality},
        "kept_neighbors": score_of(pair["scores"].get("neighborhood_overlap")),
        "warnings": [*pair["warnings"]],
    }


def finding_of(one: Finding, comparison: Comparison) -> dict[str, Any]:
    """Return a finding, and the ids of the items that show it."""
    told = one.report
    return {
        "a": one.a,
        "b": one.b,
        "title": told["title"],
        "sentence": one.sentence,
        "how_sure": one.how_sure,
        "sure": one.sure,
        "p": told.get("p"),
        "n": told["n"],
        "share": told["share"],
        "items": [item_of(comparison, row) for row in one.exemplars],
    }


def item_of(comparison: Comparison, row: int) -> dict[str, Any]:
    """Return one item: its id, and its words and label where it has any."""
    spaces = comparison.space_set
    said: dict[str, Any] = {"id": str(spaces.ids[row])}
    for role in ("text", "label"):
        name = spaces.roles.get(role)
        if name is not None and str(spaces.items[name][row]):
            said[role] = _short(str(spaces.items[name][row]))
    return said


def _short(words: str) -> str:
    return words if len(words) <= _LONG else words[: _LONG - 1] + "…"


def lines(title: str, said: Sequence[str], otherwise: str) -> str:
    """Return a title with numbered lines, or what is said where there are none."""
    if not said:
        return f"{title}\n{otherwise}"
    return "\n".join([title, *(f"{at}. {one}" for at, one in enumerate(said, 1))])


def against(score: Mapping[str, Any] | None) -> str:
    """Say a score beside its chance, its floor and its interval."""
    if score is None:
        return "not measured"
    said = f"{score['value']:.3f}"
    if score["interval"]:
        low, high = score["interval"]
        said += f" (95 % interval {low:.3f} to {high:.3f})"
    if score["chance"] is not None:
        said += f"; chance {score['chance']:.3f}"
    if score["floor"] is not None:
        said += f"; noise floor {score['floor']:.3f}"
    return said
