"""The built page, in a browser, over the real server."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

import emblink as eb
from tests.server_helpers import running

pytestmark = pytest.mark.slow

SCRIPT = Path(__file__).parent / "browser" / "served.mjs"


@pytest.fixture(scope="module")
def seen(small: eb.Comparison) -> dict[str, Any]:
    with running(small.path) as server:
        run = subprocess.run(
            ["node", str(SCRIPT), server.url], capture_output=True, text=True, timeout=180
        )
    assert run.returncode == 0, run.stderr
    found: dict[str, Any] = json.loads(run.stdout)
    return found


def test_the_page_works_under_its_own_policy_and_asks_nobody_else(seen: dict[str, Any]) -> None:
    assert seen["complaints"] == []
    assert seen["elsewhere"] == []


def test_pointing_zooming_selecting_and_morphing_ask_the_server_for_nothing(
    seen: dict[str, Any],
) -> None:
    assert seen["asked"] == []


def test_the_token_does_not_stay_in_the_address(seen: dict[str, Any]) -> None:
    assert "token" not in seen["address"]


def test_the_page_says_the_reports_answer_first_and_its_sentence_with_the_numbers(
    seen: dict[str, Any], small: eb.Comparison
) -> None:
    report = small.pair("a", "turned").report
    shown = " ".join(seen["verdict"].split())
    answer, _, numbers = shown.partition(" Numbers ")
    assert answer.startswith(f"{report['answer']} Size ")
    assert numbers.startswith(f"{report['sentence']} ")


def test_the_page_opens_on_what_moved_under_the_answer(
    seen: dict[str, Any], small: eb.Comparison
) -> None:
    report = small.pair("a", "turned").report
    shown = " ".join(seen["moved"].split())
    assert shown.startswith(report["answer"])
    told = [finding["sentence"] for finding in report["findings"]] or [report["nothing"]]
    assert [sentence for sentence in told if sentence not in shown] == []


def test_points_are_painted_and_move_with_the_morph(seen: dict[str, Any]) -> None:
    assert seen["a"]["inked"] > 1000
    assert seen["b"]["inked"] > 1000
    assert seen["a"]["sum"] != seen["b"]["sum"]


def test_the_neighbours_shown_are_the_true_ones(seen: dict[str, Any], small: eb.Comparison) -> None:
    items = small.space_set.items["words"]
    first = next(row for row in range(240) if "number 17" in items[row])
    common = {*small.space_set.rows["noisy"].tolist()}
    nearest = [row for row in small.graphs["a"].indices[first] if row in common][:10]
    for row in nearest:
        assert items[row] in seen["neighbors"]
