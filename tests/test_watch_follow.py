"""The page of a run that is followed, in a browser, while steps are written."""

from __future__ import annotations

import os
import subprocess
import threading
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import emblink as eb
from emblink.watch import await_first
from tests.server_helpers import answered, running
from tests.test_watch import LABELS, at_step

SCRIPT = Path(__file__).parent / "browser" / "followed.mjs"
WORDS = [f"thing number {one}" for one in range(len(LABELS))]


def test_a_run_that_has_not_begun_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "run.emblink"
    said: list[str] = []

    def begin() -> None:
        path.mkdir()
        (path / "manifest.json").write_text("{}")

    later = threading.Timer(0.05, begin)
    later.start()
    await_first(path, say=said.append, pause=0.01)
    later.join()
    assert said == [f"Waiting for the first step of {path}. Ctrl-C stops it."]
    await_first(path, say=said.append)
    assert len(said) == 1


def test_a_file_in_its_place_is_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / "run.emblink").write_text("")
    with pytest.raises(eb.BundleError, match="is a file"):
        await_first(tmp_path / "run.emblink", say=print)


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Let a run grow under an open page, and return what was seen after each step."""
    path = tmp_path_factory.mktemp("page") / "run.emblink"
    watch = eb.Watch(path, labels=LABELS, text=np.array(WORDS), nice=0, notice=lambda _: None)

    def written(step: int) -> None:
        watch.log(step, at_step(step))
        while not any(one.step == step for one in watch.written):
            threading.Event().wait(0.05)

    for step in (0, 1, 2):
        written(step)
    pictures = os.environ.get("EMBLINK_PICTURES", "")
    with (
        running(path) as server,
        subprocess.Popen(
            [
                "node",
                str(SCRIPT),
                f"{server.url}#follow=1&a=step 0&b=step 1",
                *filter(None, [pictures]),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as browser,
    ):
        do = partial(answered, browser)
        found = {"open": do(""), "chosen": do("choose|step 0|step 1")}
        written(3)
        found["grown"] = do("wait|step 3")
        found["newest"] = do("newest")
        written(4)
        watch.close()
        found["finished"] = do("wait|step 4")
        found["steps"] = do("steps")
        browser.communicate(timeout=60)
    assert browser.returncode == 0
    return found


@pytest.mark.slow
def test_new_steps_appear_without_a_reload(seen: dict[str, Any]) -> None:
    assert seen["open"]["spaces"] == ["step 0", "step 1", "step 2"]
    assert seen["grown"]["spaces"] == ["step 0", "step 1", "step 2", "step 3"]
    assert seen["finished"]["spaces"][-1] == "step 4"
    assert {one["news"] for one in seen.values() if "news" in one} == {""}
    assert not any(one["complaints"] for one in seen.values() if "complaints" in one)


@pytest.mark.slow
def test_camera_selection_and_pair_stay(seen: dict[str, Any]) -> None:
    before, after = seen["chosen"]["link"], seen["grown"]["link"]
    for name in ("selected", "a", "b", "follow"):
        assert before[name] == after[name]
    looks = [[float(part) for part in one["look"].split(",")] for one in (before, after)]
    assert looks[0][:2] == looks[1][:2]
    # The camera stands still; its zoom is told beside that of all pictures, which are one more.
    assert looks[0][2] == pytest.approx(looks[1][2], rel=0.1)


@pytest.mark.slow
def test_the_newest_steps_are_one_click_away(seen: dict[str, Any]) -> None:
    assert (seen["newest"]["link"]["a"], seen["newest"]["link"]["b"]) == ("step 2", "step 3")
    assert seen["newest"]["link"]["selected"] == seen["chosen"]["link"]["selected"]
    assert seen["finished"]["link"]["b"] == "step 3"
