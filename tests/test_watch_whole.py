"""A watched run stays whole: late steps, two writers, a process that ends, a kill at any time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import emblink as eb
from emblink.bundle import verify
from emblink.errors import BundleError, InputError
from emblink.types import AnyArray
from emblink.watch import Written, _remote, finish
from emblink.watch._probe import Probe
from emblink.watch._recorder import Recorder
from tests.test_watch import LABELS, at_step, info_of, watch_of

_LOOP = """
import sys, time
sys.path.insert(0, sys.argv[2])
import emblink as eb
from tests.test_watch import LABELS, at_step

if __name__ == "__main__":
    watch = eb.Watch(sys.argv[1], labels=LABELS, waiting=100, nice=0)
    for step in range(int(sys.argv[3]), 100):
        watch.log(step, at_step(step))
        print(step, flush=True)
        time.sleep(0.05)
"""
_SAYS_ITS_PRIORITY = """
import os, sys, time
time.sleep(0.3)
nice = os.nice(0)
from emblink.watch._frames import send
send(sys.stdout.buffer, {"found": None, "said": [str(nice)]})
"""
ROOT = Path(__file__).parents[1]


def training(path: Path, *, first: int = 0) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", _LOOP, str(path), str(ROOT), str(first)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=path.parent,
    )


def wait_for(path: Path, n: int) -> list[int]:
    """Wait until a bundle has so many steps; what can be read is whole each time."""
    for _ in range(1200):
        if (path / "manifest.json").exists():
            steps = [one.step for one in info_of(path)[1].steps]
            if len(steps) >= n:
                return steps
        time.sleep(0.1)
    raise AssertionError(f"{path} has no {n} steps")


@pytest.mark.slow
@pytest.mark.parametrize("n", [1, 3])
def test_a_run_killed_at_any_time_is_whole_and_goes_on(tmp_path: Path, n: int) -> None:
    path = tmp_path / "run.emblink"
    loop = training(path)
    wait_for(path, n)
    loop.kill()
    loop.communicate()
    for _ in range(600):  # the step in hand is finished, then nobody writes
        try:
            Recorder(path, probe_of(path)).close()
            break
        except BundleError:
            time.sleep(0.1)
    assert verify(path).faults == []
    steps = [one.step for one in info_of(path)[1].steps]
    said: list[str] = []
    with watch_of(path, said) as watch:
        watch.log(steps[-1], at_step(steps[-1]))
        watch.log(200, at_step(200))
    assert [one.step for one in info_of(path)[1].steps] == [*steps, 200]
    assert any("already" in one for one in said)
    assert verify(path).faults == []


def probe_of(path: Path) -> Any:
    from emblink.bundle import Bundle
    from emblink.watch._probe import Probe
    from emblink.watch._recorder import as_given

    there = as_given(Bundle(path))
    return Probe(
        ids=there.ids,
        items=dict(there.items),
        roles=dict(there.roles),
        notes=[],
        metric="cosine",
        title="run",
        seed=0,
    )


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="no such signal")
def test_a_writing_process_that_is_killed_is_started_again(tmp_path: Path) -> None:
    said: list[str] = []
    watch = watch_of(tmp_path / "run.emblink", said)
    watch.log(0, at_step(0))
    while not watch.written:
        time.sleep(0.05)
    os.kill(watch._writer._process.pid, signal.SIGKILL)  # type: ignore[union-attr]
    watch.log(1, at_step(1))
    while len(watch.written) < 2:
        time.sleep(0.05)
    watch.log(2, at_step(2))
    while len(watch.written) < 3:
        time.sleep(0.05)
    watch.close()
    assert [one.step for one in info_of(tmp_path / "run.emblink")[1].steps] == [0, 2]
    assert any("step 1 is left out" in one for one in said)


@pytest.mark.slow
def test_a_second_writer_says_so_and_writes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "run.emblink"
    first = watch_of(path, [])
    first.log(0, at_step(0))
    wait_for(path, 1)
    said: list[str] = []
    second = watch_of(path, said)
    second.log(1, at_step(1))
    second.close()
    assert any("another run is writing" in one for one in said)
    first.close()
    assert [one.step for one in info_of(path)[1].steps] == [0]


class Slow:
    """A writer that writes nothing until it is let."""

    def __init__(self) -> None:
        import threading

        self.begun, self.go = threading.Event(), threading.Event()
        self.steps: list[int] = []
        self.left: list[int] = []

    def take(self, step: int, vectors: AnyArray, **more: Any) -> Written:
        self.begun.set()
        self.go.wait(60)
        self.steps.append(step)
        return Written(step=step)

    def leave_out(self, step: int, why: str) -> Written:
        self.left.append(step)
        return Written(step=step, why=why)

    def finish(self) -> None: ...

    def close(self) -> None: ...


def test_late_steps_are_dropped_and_said_but_never_the_newest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = Slow()
    said: list[str] = []
    monkeypatch.setattr("emblink.watch._watch.writer", lambda *_, **__: slow)
    watch = watch_of(tmp_path / "run.emblink", said, waiting=2)
    watch.log(0, at_step(0))
    assert slow.begun.wait(60)
    for step in range(1, 8):
        assert watch.log(step, at_step(step))
    slow.go.set()
    watch.close()
    assert slow.steps == [0, 1, 7]
    assert slow.left == [2, 3, 4, 5, 6]
    assert len([one for one in said if "came before" in one]) == 1
    assert any("5 of 8 steps were left out" in one for one in said)


def test_a_logger_that_fails_ends_nothing_and_is_said_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow, said, told = Slow(), [""], []
    slow.go.set()
    monkeypatch.setattr("emblink.watch._watch.writer", lambda *_, **__: slow)

    def fails(written: Written) -> None:
        told.append(written.step)
        raise RuntimeError("no network")

    watch = watch_of(tmp_path / "run.emblink", said, on_step=fails)
    for step in range(3):
        watch.log(step, at_step(step))
    watch.close()
    assert slow.steps == told == [0, 1, 2]
    assert len([one for one in said if "RuntimeError: no network" in one]) == 1


def test_a_step_that_fails_ends_no_later_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Fails(Slow):
        def take(self, step: int, vectors: AnyArray, **more: Any) -> Written:
            if step == 1:
                raise ZeroDivisionError
            return super().take(step, vectors, **more)

    fails, said = Fails(), [""]
    fails.go.set()
    monkeypatch.setattr("emblink.watch._watch.writer", lambda *_, **__: fails)
    watch = watch_of(tmp_path / "run.emblink", said)
    for step in range(3):
        watch.log(step, at_step(step))
    watch.close()
    assert fails.steps == [0, 2]
    assert [one.why for one in watch.written] == ["", "ZeroDivisionError", ""]


@pytest.mark.parametrize(
    ("odd", "word"),
    [
        ("abc", "no rows of numbers"),
        (np.ones((120, 2)) + 1j, "complex"),
        (None, ""),
        ([[1], [2, 3]], ""),
    ],
)
def test_vectors_of_another_kind_are_left_out_and_the_loop_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, odd: Any, word: str
) -> None:
    slow, said = Slow(), [""]
    slow.go.set()
    monkeypatch.setattr("emblink.watch._watch.writer", lambda *_, **__: slow)
    watch = watch_of(tmp_path / "run.emblink", said)
    watch.log(0, at_step(0))
    assert not watch.log(1, odd)
    watch.log(2, at_step(2))
    watch.close()
    assert (slow.steps, slow.left) == ([0, 2], [1])
    assert any("step 1 is left out" in one and word in one for one in said)


def test_a_step_after_the_end_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slow, said = Slow(), [""]
    slow.go.set()
    monkeypatch.setattr("emblink.watch._watch.writer", lambda *_, **__: slow)
    watch = watch_of(tmp_path / "run.emblink", said)
    watch.log(0, at_step(0))
    watch.close()
    assert not watch.log(1, at_step(1))
    assert any("step 1 is left out: it came after the end" in one for one in said)


def test_vectors_are_copied_before_the_loop_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []

    class Keeps(Slow):
        def take(self, step: int, vectors: AnyArray, **more: Any) -> Written:
            self.go.wait(60)
            seen.append(vectors)
            return Written(step=step)

    keeps = Keeps()
    monkeypatch.setattr("emblink.watch._watch.writer", lambda *_, **__: keeps)
    watch = watch_of(tmp_path / "run.emblink", [])
    vectors = at_step(0)
    watch.log(0, vectors)
    vectors[:] = 7
    keeps.go.set()
    watch.close()
    assert np.array_equal(seen[0], at_step(0))


@pytest.mark.slow
def test_other_items_are_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / "run.emblink"
    with watch_of(path, []) as watch:
        watch.log(0, at_step(0))
    other = eb.Watch(path, ids=[f"w{one}" for one in range(len(LABELS))])
    with pytest.raises(InputError, match="not these"):
        other.log(1, at_step(1))


@pytest.mark.slow
def test_a_loop_that_fails_leaves_what_was_written_and_can_be_finished(tmp_path: Path) -> None:
    path = tmp_path / "run.emblink"

    def training() -> None:
        with watch_of(path, []) as watch:
            watch.log(0, at_step(0))
            watch.log(1, at_step(1))
            raise RuntimeError("out of memory")

    with pytest.raises(RuntimeError, match="out of memory"):
        training()
    _, info = info_of(path)
    assert [one.step for one in info.steps] == [0, 1]
    assert not info.finished
    finish(path)
    assert info_of(path)[1].finished
    assert verify(path).faults == []


@pytest.mark.slow
def test_where_no_process_can_be_started_steps_are_written_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "nothing"))
    with watch_of(tmp_path / "run.emblink", []) as watch:
        watch.log(0, at_step(0))
        watch.log(1, at_step(1))
    assert [one.step for one in info_of(tmp_path / "run.emblink")[1].steps] == [0, 1]


@pytest.mark.skipif(sys.platform == "win32", reason="has classes of priority, no numbers")
@pytest.mark.parametrize("nice", [0, 7, 19])
def test_the_writing_process_yields_before_it_imports_anything(
    nice: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(_remote, "_RUN", _SAYS_ITS_PRIORITY)
    said: list[str] = []
    probe = Probe(np.arange(3), {}, {}, [], "cosine", "run", 0)
    _remote.Remote(tmp_path / "run.emblink", probe, nice=nice, notice=said.append).close()
    assert said == [str(min(os.nice(0) + nice, 19))]
