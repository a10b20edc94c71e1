"""Real data against what is known of it."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import emblink as eb
from tests.conftest import DATA, overlap_of


def truth(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((DATA / f"{name}.json").read_text())
    return found


@pytest.fixture(scope="module")
def emoji(tmp_path_factory: pytest.TempPathFactory) -> eb.Comparison:
    from emblink.demo import compare_emoji

    return compare_emoji(tmp_path_factory.mktemp("demo") / "emoji.emblink")


def test_emoji_overlaps_are_the_known_ones(emoji: eb.Comparison) -> None:
    from emblink.demo import SPACES

    known = truth("emoji")["overlap"]
    for a, b in combinations(SPACES, 2):
        keys = [SPACES[name].removeprefix("space__") for name in (a, b)]
        expected = known.get("|".join(keys), known.get("|".join(reversed(keys))))
        assert overlap_of(emoji, a, b) == pytest.approx(expected, abs=0.002), (a, b)


def test_emoji_without_a_letter_trigram_are_left_out_and_named(emoji: eb.Comparison) -> None:
    assert len(emoji.spaces["letter trigrams"].ids) == 1867
    assert any("1F4A4" in note for note in emoji.report()["notes"])


def test_flags_are_one_pure_cluster_in_both_spaces_with_other_inner_order(
    emoji: eb.Comparison,
) -> None:
    labels = emoji.pair("USE names", "EfficientNet images").labels
    flags = next(one for one in labels if one["label"] == "flags")
    assert flags["purity_a"] > 0.95
    assert flags["purity_b"] > 0.95
    assert flags["overlap"] == pytest.approx(0.06, abs=0.03)


def test_words_with_partial_overlap_have_the_known_overlaps(tmp_path: Path) -> None:
    data = np.load(DATA / "words_partial.npz")
    names = [key.removeprefix("space__") for key in data.files if key.startswith("space__")]
    comparison = eb.compare(
        {name: data[f"space__{name}"] for name in names},
        ids={name: data["items"][data[f"rows__{name}"]] for name in names},
    )
    checked = 0
    for pair, known in truth("words_partial")["pairs"].items():
        a, b = pair.split("|")
        if a in names and b in names:
            report = comparison.pair(a, b).report
            assert report["n_common"] == known["n_shared"], pair
            assert overlap_of(comparison, a, b) == pytest.approx(known["overlap"], abs=0.002), pair
            checked += 1
    assert checked == 10


def test_training_steps_of_a_network_have_the_known_overlaps() -> None:
    data = np.load(DATA / "mnist_cnn.npz")
    names = [key.removeprefix("space__") for key in data.files if key.startswith("space__")]
    comparison = eb.compare(
        {name: data[f"space__{name}"] for name in names},
        ids=data["ids"],
        labels=data["classes"][data["label"]],
        pairs="consecutive",
    )
    known = truth("mnist_cnn")["overlap"]
    for a, b in comparison.pairs:
        assert overlap_of(comparison, a, b) == pytest.approx(known[f"{a}|{b}"], abs=0.002)
    assert comparison.pair("fc_seed0_epoch05", "fc_seed0_epoch10").report["verdict"] == "changed"
