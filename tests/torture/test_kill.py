"""A comparison is killed at random moments: a reader finds a whole one or none; the next ends."""

from __future__ import annotations

import multiprocessing
import os
import random
import shutil
import signal
import time
from collections import Counter
from collections.abc import Iterator
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from emblink.bundle import verify
from emblink.errors import BundleError
from tests.torture.made import contents, inputs, run

pytestmark = pytest.mark.slow

KILLS = int(os.environ.get("EMBLINK_TORTURE_KILLS", "30"))
done: Counter[str] = Counter()


@pytest.fixture(autouse=True, scope="module")
def told() -> Iterator[None]:
    yield
    print("\nkill:", ", ".join(f"{n:,} {what}" for what, n in done.items()))


def compare(path: Path, seed: int) -> None:
    """Compare two small spaces."""
    run(path, inputs(rich=False, seed=seed))


def started(path: Path, seed: int) -> BaseProcess:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.torture.made"])
    process = context.Process(target=compare, args=(path, seed))
    process.start()
    return process


def test_a_killed_comparison_is_finished_by_the_next(tmp_path: Path) -> None:
    expected = {}
    for seed in (0, 1):
        run(tmp_path / f"expected-{seed}", inputs(rich=False, seed=seed))
        expected[seed] = contents(tmp_path / f"expected-{seed}")
    start = time.perf_counter()
    started(tmp_path / "timed", 0).join()
    longest = time.perf_counter() - start
    rng = random.Random(0)
    path = tmp_path / "killed"
    while done["kills"] < KILLS:
        seed = rng.randrange(2)
        process = started(path, seed)
        process.join(rng.random() * longest)
        if process.is_alive() and process.pid is not None:
            os.kill(process.pid, signal.SIGKILL)
        process.join()
        done["kills"] += process.exitcode == -signal.SIGKILL
        assert process.exitcode in (0, -signal.SIGKILL)
        try:
            assert contents(path) in expected.values()
            assert verify(path).faults == []
            done["times a whole one was read"] += 1
        except BundleError as error:
            assert "holds" in str(error)  # noqa: PT017
        if rng.random() < 0.5:
            continue
        compare(path, seed)
        assert contents(path) == expected[seed]
        assert verify(path).faults == []
        done["reruns ended bit-equal"] += 1
        if rng.random() < 0.5:
            shutil.rmtree(path)
