"""A score beside what noise alone would leave of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emblink.judge import NoiseFloor, score
from emblink.types import Score

DISTANCES = {"angular_shape_distance"}
"""Scores that are larger the less two spaces agree."""

DIFFERENCES = {"knn_accuracy_change", "negative_flip_rate"}
"""Scores that say what changed, and have no chance of agreement."""


def beside_floor(name: str, raw: Mapping[str, Any], floor: NoiseFloor | None) -> Score:
    """Set a score beside its noise floor.

    Parameters
    ----------
    name : str
    raw : mapping
        Keyword arguments of :func:`emblink.judge.score`, as in :class:`RawScores`.
    floor : NoiseFloor or None

    Returns
    -------
    Score
    """
    if name not in DISTANCES | DIFFERENCES:
        return score(**raw, floor=floor)
    found: Score = {**raw}  # type: ignore[typeddict-item]
    if floor is not None and floor.value < raw["chance"]:
        found["noise_floor"], found["floor_kind"] = floor.value, floor.kind
        found["change_index"] = (raw["value"] - floor.value) / (raw["chance"] - floor.value)
    return found
