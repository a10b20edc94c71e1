"""The built page in a browser, while its bundle is made anew, taken away and put back."""

from __future__ import annotations

import shutil
import subprocess
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import emblink as eb
from tests.conftest import clustered
from tests.server_helpers import answered, running

pytestmark = pytest.mark.slow

SCRIPT = Path(__file__).parent / "browser" / "changed.mjs"


def compare(out: Path, n_items: int) -> None:
    x, labels = clustered(n_items)
    words = [f"thing number {i}" for i in range(n_items)]
    eb.compare({"a": x, "b": x[::-1]}, labels=labels, text=words, out=out)


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Let things happen to a bundle, and return what the page said after each."""
    run = tmp_path_factory.mktemp("page") / "run"
    compare(run, 120)
    with (
        running(run) as server,
        subprocess.Popen(
            ["node", str(SCRIPT), server.url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as browser,
    ):
        do = partial(answered, browser)
        found = {"open": do(""), "quiet": do("look"), "selected": do("select")}
        compare(run, 80)
        found["newer"] = do("look newer")
        found["asked"] = do("ask")
        found["reloaded"] = do("reload")
        run.rename(run.with_name("away"))
        found["gone"] = do("look gone")
        found["not there"] = do("reload")
        shutil.move(run.with_name("away"), run)
        browser.communicate(timeout=60)
    assert browser.returncode == 0
    return found


def test_a_page_whose_bundle_stays_shows_no_bar_and_looks_by_one_request(
    seen: dict[str, Any],
) -> None:
    assert seen["quiet"]["text"] == ""
    assert seen["quiet"]["asked"] == ["/progress"]


def test_a_bundle_made_anew_is_said_and_reloaded_without_another_server(
    seen: dict[str, Any],
) -> None:
    assert seen["newer"]["text"].split("\n")[0] == (
        "This comparison was made anew since the page was opened."
    )
    assert "80 items" in seen["reloaded"]["about"]
    assert seen["reloaded"]["text"] == ""


def test_a_question_of_the_old_page_is_refused_in_words(seen: dict[str, Any]) -> None:
    assert "120 " in seen["selected"]["selected"]
    assert "made anew since the page was opened; reload the page" in seen["asked"]["answer"]


def test_a_bundle_that_went_is_said_and_so_it_is_after_reloading(seen: dict[str, Any]) -> None:
    for words in (seen["gone"]["text"], seen["not there"]["failure"]):
        assert "comparison run is no longer there, it was moved or deleted; put it back" in words


def test_nothing_of_it_breaks_the_page(seen: dict[str, Any]) -> None:
    assert all(found.get("complaints", []) == [] for found in seen.values())
