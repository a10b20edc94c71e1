"""A loss, and what is open, in the line that says what to do."""

from __future__ import annotations

import pytest

from emblink.types import Grade, QualityReport
from emblink.wording import pair_answer, pair_sentence
from tests.test_wording_sentences import BAG, quality, score, size


def test_accuracy_that_is_open_upwards_alone_is_said_to_be_no_lower() -> None:
    kept_or_better: QualityReport = {
        **quality("undecided"),
        "b": 0.945,
        "interval": [-0.005, 0.015],
    }
    said = pair_answer(size("reworked"), quality=kept_or_better)
    assert said.startswith("Reworked; accuracy no lower: re-index")
    sentence = pair_sentence(size(), score=score(0.6), quality=kept_or_better)
    assert "Labels are recognised as often or more (94.0 % → 94.5 %, -0.5 to +1.5" in sentence
    assert " open" not in sentence


@pytest.mark.parametrize("grade", ["same", "interchangeable", "like_another_run", "reworked"])
def test_a_loss_and_the_size_of_the_change_are_one_sentence(grade: Grade) -> None:
    said = pair_answer(size(grade), quality=quality("lost", BAG))
    assert said.count(". ") == 0
    assert said.startswith("Do not swap: label Bag got worse (accuracy 92.0 % → 85.0 %); as a ")
