"""What a comparison will do, before it is begun."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

import emblink as eb
from emblink.bundle import read_run
from emblink.cli import app
from emblink.compute import threads
from emblink.errors import InputError, MatchError, ReadError, TooLargeError
from emblink.plans import Plan, Speed, calibrate_speed, plan
from emblink.wording import counted, took_words
from tests.conftest import clustered

pytestmark = pytest.mark.slow

HERE = Speed()


def planned(*shapes: tuple[int, int], **options: object) -> Plan:
    spaces = {chr(97 + at): np.empty(shape, np.float16) for at, shape in enumerate(shapes)}
    return plan(spaces, speed=HERE, **options)  # type: ignore[arg-type]


def test_more_items_or_dims_take_more_time_memory_and_disk() -> None:
    by_items = [planned((n, 64), (n, 64)) for n in (1_000, 10_000, 90_000, 100_001, 400_000)]
    by_dims = [planned((50_000, d), (50_000, d)) for d in (8, 64, 512)]
    by_spaces = [planned(*[(5_000, 32)] * n) for n in (1, 2, 5)]
    for series in (by_items, by_dims, by_spaces):
        for less, more in pairwise(series):
            assert more.memory > less.memory
    # A sample takes less than all: beyond it, time and disk begin anew.
    for series in (by_items[:3], by_items[3:], by_dims, by_spaces):
        for less, more in pairwise(series):
            assert more.seconds > less.seconds
            assert more.disk > less.disk


def test_a_sample_takes_less_than_all_and_is_told() -> None:
    every, some = (planned((50_000, 64), (50_000, 64), queries_sampled=q) for q in (None, 5_000))
    assert some.seconds < every.seconds
    assert (every.sampled, some.sampled) == ([], ["a", "b"])
    assert every.lines()[-1] == "Everything is exact, over all items."
    said = " ".join(some.lines())
    assert "Exact, of 5,000 items drawn at random among all" in said
    assert "Approximate, with its recall told" in said


def test_time_is_the_sum_of_its_steps_and_that_of_a_slower_machine_is_longer() -> None:
    spaces = {name: np.empty((4_000, 16), np.float32) for name in "ab"}
    usual, slow = (plan(spaces, speed=Speed(by, by)) for by in (1.0, 3.0))
    assert usual.seconds == pytest.approx(sum(usual.steps.values()))
    assert usual.seconds < slow.seconds < 3 * usual.seconds


@pytest.mark.slow
def test_the_speed_of_this_machine_is_measured() -> None:
    found = plan({"a": np.empty((4_000, 16), np.float32)})
    assert found.seconds > 0
    assert found.pairs == []


def test_a_busy_machine_is_told_and_does_not_look_slow() -> None:
    spaces = {name: np.empty((400_000, 64), np.float16) for name in "ab"}
    free, busy = (plan(spaces, speed=Speed(busy=by)) for by in (1.0, 12.0))
    assert free.seconds == busy.seconds
    assert "as busy as now" not in " ".join(free.lines())
    assert "where nothing else runs, " in busy.lines()[1]
    assert " as busy as now: " in busy.lines()[1]


def test_speed_is_measured_by_the_work_of_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where each second by the clock is a hundredth of a core's, the machine is busy, not slow."""
    usual = calibrate_speed()
    began = time.perf_counter()
    monkeypatch.setattr(
        "emblink.plans.perf_counter", lambda: began + 100 * (time.perf_counter() - began)
    )
    slowed = calibrate_speed()
    assert slowed.products < 4 * usual.products
    assert slowed.others < 4 * usual.others
    assert slowed.busy > 10 * usual.busy or usual.busy > 10


def test_files_are_asked_for_their_sizes_alone(tmp_path: Path) -> None:
    big = tmp_path / "big.npy"
    with big.open("wb") as file:
        np.lib.format.write_array_header_1_0(
            file, {"descr": "<f4", "fortran_order": False, "shape": (3_000_000, 96)}
        )
        file.truncate(file.tell() + 3_000_000 * 96 * 4)  # a hole, which takes no disk
    found = plan([f"x={big}", f"y={big}"], speed=HERE)
    assert found.spaces == {"x": (3_000_000, 96), "y": (3_000_000, 96)}
    assert plan({"x": big, "y": str(big)}, speed=HERE).spaces == found.spaces


def test_what_is_too_large_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    big = tmp_path / "big.npy"
    with big.open("wb") as file:
        np.lib.format.write_array_header_1_0(
            file, {"descr": "<f2", "fortran_order": False, "shape": (20_000_000, 16)}
        )
        file.truncate(file.tell() + 20_000_000 * 16 * 2)
    monkeypatch.setattr("emblink.load.load_spaces", pytest.fail)
    found = CliRunner().invoke(app, ["compare", f"x={big}", f"y={big}"], catch_exceptions=True)
    assert isinstance(found.exception, TooLargeError)
    assert "20000 rows among vectors of shape (20000000, 16)" in str(found.exception)


def test_what_is_no_space_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="space 'a' has shape"):
        plan({"a": np.empty(3)}, speed=HERE)
    with pytest.raises(ReadError):
        plan([str(tmp_path / "missing.npy")], speed=HERE)


@pytest.mark.slow
@pytest.mark.parametrize("second", ["old.npy", "old=new.npy"])
def test_two_spaces_of_one_name_are_refused_as_when_they_are_compared(
    tmp_path: Path, second: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("old", "new"):
        np.save(f"{name}.npy", np.eye(9, 4, dtype=np.float32))
    with pytest.raises(InputError, match="two spaces would be named 'old'"):
        plan(["old.npy", second], speed=Speed())


def test_files_whose_rows_cannot_be_joined_are_refused_as_when_they_are_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    x = np.random.default_rng(0).normal(size=(90, 4)).astype(np.float32)
    np.save("old.npy", x)
    np.save("new.npy", x[:80])
    refused = [
        CliRunner().invoke(app, [command, "old.npy", "new.npy"]).exception
        for command in ("plan", "compare")
    ]
    assert isinstance(refused[0], MatchError)
    assert [str(one) for one in refused] == [str(refused[1])] * 2
    Path("ids.txt").write_text("".join(f"i{at}\n" for at in range(80)))
    Path("items.csv").write_text("id\n" + "".join(f"i{at}\n" for at in range(90)))
    told = ["plan", "old.npy", "new.npy", "--items", "items.csv", "--ids", "new=ids.txt"]
    done = CliRunner().invoke(app, told)
    assert done.exit_code == 0, (done.output, done.exception)
    assert "old 90 × 4, new 80 × 4" in done.output
    wrong = CliRunner().invoke(app, [*told[:-1], "ids.txt"])
    assert "--ids ids.txt: expected NAME=PATH" in str(wrong.exception)


def test_no_step_is_told_as_longer_than_it_takes() -> None:
    said = planned((800, 24), (800, 24)).lines()[1]
    assert said == f"About 2 s on {counted(threads(), 'core')}: reading and writing 2 s."


@pytest.mark.slow
@pytest.mark.parametrize("queries", [None, 400])
def test_memory_and_disk_are_no_more_than_was_said(queries: int | None, tmp_path: Path) -> None:
    x, _ = clustered(3_000, 32)
    np.save(tmp_path / "a.npy", x.astype(np.float32))
    np.save(tmp_path / "b.npy", x.astype(np.float32)[:, ::-1])
    asked = [] if queries is None else [f"--queries-sampled={queries}"]
    out = tmp_path / "x.emblink"
    command = [sys.executable, "-m", "emblink", "compare", "a.npy", "b.npy", "-o", str(out)]
    subprocess.run([*command, *asked], cwd=tmp_path, check=True, capture_output=True, timeout=300)
    found = plan([str(tmp_path / f"{name}.npy") for name in "ab"], queries_sampled=queries)
    ran = read_run(out)
    assert ran is not None
    assert ran.peak_memory is not None
    assert ran.peak_memory < found.memory < 20 * ran.peak_memory
    size = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
    assert size < found.disk < 5 * size
    assert {"near", "queries"} <= {one.step for one in ran.steps} or queries is None
    assert ran.seconds >= max(one.seconds for one in ran.steps)


@pytest.mark.slow
def test_the_command_says_the_same_lines(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", clustered(500)[0])
    command = [sys.executable, "-m", "emblink", "plan", "a.npy", "b=a.npy"]
    runs = [
        subprocess.run(
            [*command, *more],
            cwd=tmp_path,
            check=True,
            capture_output=True,
            text=True,
            timeout=120,
            env={**os.environ, "COLUMNS": "200"},
        ).stdout
        for more in ([], ["--json"])
    ]
    assert runs[0].startswith("2 spaces (a 500 × 12, b 500 × 12), 1 pair.")
    said = json.loads(runs[1])
    assert said["lines"][-1] in runs[0]
    assert said["seconds"] > 0


def test_a_run_says_how_long_it_took() -> None:
    assert took_words(75, 3_100_000_000) == "It took 75 s, and 3.1 GB of memory at most."
    assert took_words(7_200, None) == "It took 2.0 h."


@pytest.mark.slow
def test_how_a_run_went_is_no_part_of_what_was_found(tmp_path: Path) -> None:
    x, _ = clustered(100)
    eb.compare({"a": x, "b": x[:, ::-1]}, out=tmp_path / "x")
    first = read_run(tmp_path / "x")
    assert first is not None
    assert [one.step for one in first.steps].count("near") == 0
    eb.compare({"a": x, "b": x[:, ::-1]}, out=tmp_path / "x")
    again = read_run(tmp_path / "x")
    assert again is not None
    assert again.steps == []
    (tmp_path / "x" / "run.json").write_text('{"mine": 1}')
    assert read_run(tmp_path / "x") is None
    said: list[str] = []
    eb.compare({"a": x, "b": x[:, ::-1]}, out=tmp_path / "x", notice=said.append)
    assert read_run(tmp_path / "x") is not None
    (aside,) = (tmp_path / "x").glob("run.json.aside-*")
    assert aside.read_text() == '{"mine": 1}'
    assert "run.json" in said[0]
    (tmp_path / "x" / "run.json").unlink()
    (tmp_path / "x" / "run.json").mkdir()
    eb.compare({"a": x, "b": x[:, ::-1]}, out=tmp_path / "x", notice=said.append)
    assert read_run(tmp_path / "x") is not None


def test_the_door_gives_the_function_whatever_was_imported_before() -> None:
    assert eb.plan is plan
    assert eb.plan({"a": np.empty((500, 4))}, speed=HERE).seconds > 0
