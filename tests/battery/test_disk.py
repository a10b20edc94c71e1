"""Disks that are full, read-only or slow: named, with the way out, and gone on from."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from emblink.troubles import WAYS_OUT, in_words, named
from tests.battery.counted import TIMES, counted
from tests.torture.made import emblink, run

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="mounts as Linux does"),
]

ROOT = Path(__file__).parents[2]
OWN = ["unshare", "--map-root-user", "--mount"]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    place = tmp_path_factory.mktemp("mount")
    tried = [*OWN, "mount", "-t", "tmpfs", "tmpfs", str(place)]
    if shutil.which("unshare") is None or subprocess.run(tried, capture_output=True).returncode:
        pytest.fail("no file system of one's own can be mounted here")
    with counted("disk") as done:
        ran = subprocess.run(
            [*OWN, sys.executable, "-m", "tests.battery.on_small_disk", str(TIMES)],
            cwd=ROOT, capture_output=True, text=True, timeout=300 * TIMES,
        )  # fmt: skip
        assert ran.returncode == 0, ran.stderr[-3000:]
        found: dict[str, Any] = json.loads(ran.stdout)
        done["sizes of a disk"] = len(found["full"])
        done["of them too small"] = sum(one["status"] != 0 for one in found["full"])
        done["commands"] = len(found["beside"]) + len(found["read_only"])
    return found


def test_a_full_disk_names_the_file_and_the_way_out(small: dict[str, Any]) -> None:
    failed = [one for one in small["full"] if one["status"] != 0]
    assert len(failed) >= 3
    for one in failed:
        assert one["status"] == 2, one
        assert one["err"].splitlines()[-1].startswith("error: "), one
        assert "b.emblink" in one["err"]
        assert "no space left" in one["err"].lower()
        assert "make room" in one["err"]


def test_the_same_command_goes_on_once_there_is_room(small: dict[str, Any]) -> None:
    for one in small["full"]:
        assert (one["again"], one["whole"]) == (0, 0), one
        mine, whole = (json.loads(text) for text in (one["same"], small["report"]))
        assert {**mine, "title": ""} == {**whole, "title": ""}


def test_other_files_are_whole_or_not_there(small: dict[str, Any]) -> None:
    for one in small["beside"]:
        assert one["status"] == 2, one
        assert "error: " in one["err"]
        assert any(Path(word).name in one["err"] for word in one["words"][2:]), one
        assert "make room" in one["err"], one
        assert "goes on" not in one["err"], one
        assert one["left"] == [], one


def test_room_for_what_lies_in_a_file_is_taken_before_it_is_written_to(
    small: dict[str, Any],
) -> None:
    assert "No space left" in small["mapped"]
    assert "make room" in small["mapped"]


def test_where_nothing_can_be_written_all_can_be_read(small: dict[str, Any]) -> None:
    for one in small["read_only"]:
        writes = one["words"][0] in ("compare", "export", "plot") or any(
            word.startswith("--") for word in one["words"]
        )
        if not writes:
            assert one["status"] in (0, 1, 3), one
        else:
            assert one["status"] == 2, one
            assert "read-only" in one["err"].lower(), one
            assert "where you may write" in one["err"], one


def test_a_slow_disk_changes_nothing(tmp_path: Path) -> None:
    quick = run(tmp_path / "quick.emblink").contents
    settled, replaced = os.fsync, os.replace

    def slow_fsync(file: int) -> None:
        time.sleep(0.01)
        settled(file)

    def slow_replace(*given: Any, **named: Any) -> None:
        time.sleep(0.01)
        replaced(*given, **named)

    with mock.patch("os.fsync", slow_fsync), mock.patch("os.replace", slow_replace):
        slow = run(tmp_path / "slow.emblink").contents
    assert slow == quick


@pytest.mark.parametrize("code", sorted(WAYS_OUT))
def test_every_error_of_the_system_has_file_reason_and_way_out(code: int, tmp_path: Path) -> None:
    with pytest.raises(OSError) as caught, named(tmp_path / "x.npy"):
        raise OSError(code, os.strerror(code))
    said = in_words(caught.value)
    assert said.startswith(f"{tmp_path / 'x.npy'}: {os.strerror(code).lower()}")
    assert said.endswith(WAYS_OUT[code])
    assert WAYS_OUT[code] in caught.value.__notes__[0]


def test_a_file_that_is_named_already_keeps_its_name() -> None:
    with pytest.raises(OSError) as caught, named("outer"):
        raise OSError(errno.ENOSPC, "No space left on device", "inner")
    assert in_words(caught.value).startswith("inner: no space left")


def test_an_unreadable_file_is_refused_in_words(tmp_path: Path) -> None:
    ended = emblink("report", tmp_path / "none.emblink")
    assert ended.status == 2
    assert ended.in_words()
