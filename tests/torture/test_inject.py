"""The disk fills or fails, or the process ends, at each thing that is done to a bundle."""

from __future__ import annotations

import multiprocessing
import os
import random
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from emblink.bundle import Bundle, verify
from emblink.errors import BundleError
from tests.torture.damage import flip_late
from tests.torture.faults import ENDED, FAULTS, Faults, at_work
from tests.torture.made import contents, in_child, inputs, run, tree
from tests.torture.steps import run_steps

pytestmark = pytest.mark.slow

STRANGERS = {"notes.txt": b"mine", "columns/precious/thesis.txt": b"mine too", ".tmp-notes/a": b""}
REAL = int(os.environ.get("EMBLINK_TORTURE_REAL", "8"))
"""Places at which a whole comparison goes wrong, for each fault."""
EVERY = 1 if os.environ.get("EMBLINK_TORTURE") else 3
"""Of the places at which a run goes wrong: other ones before each state, together all."""
NOT_REACHED = 4
done: Counter[str] = Counter()


@pytest.fixture(autouse=True, scope="module")
def told() -> Iterator[None]:
    yield
    print("\ninject:", ", ".join(f"{n:,} {what}" for what, n in done.items()))


def new(path: Path) -> None:
    """Leave the directory out."""


def third_run(path: Path) -> None:
    """Lay out two finished runs before, of which one is to be removed, and strangers' files."""
    run_steps(path, 1)
    run_steps(path, 2)
    for name, data in STRANGERS.items():
        (path / name).parent.mkdir(exist_ok=True)
        (path / name).write_bytes(data)


def damaged(path: Path) -> None:
    """Lay out a finished run of the same inputs, of which several files are not as written."""
    third_run(path)
    run_steps(path, 0)
    steps = sorted((path / "columns").glob("*-*"))
    flip_late(next(one for one in steps if one.name.startswith("vectors")) / "vectors.npy")
    (next(one for one in steps if one.name.startswith("health")) / "stage.json").unlink()
    (path / "emblink.json").write_bytes(b"")


def never_finished(path: Path) -> None:
    """Lay out what a run leaves that ended before its manifest, and a stranger's manifest."""
    run_steps(path, 0)
    (path / "manifest.json").write_bytes(b"{}")


STATES: list[Callable[[Path], None]] = [new, third_run, damaged, never_finished]


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("before", STATES)
def test_a_run_that_goes_wrong_anywhere_is_finished_by_the_next(
    before: Callable[[Path], None], fault: str, tmp_path: Path
) -> None:
    run_steps(tmp_path / "expected", 0)
    expected = contents(tmp_path / "expected")
    start = tmp_path / "start"
    before(start)
    known = [expected, *([contents(start)] if before in (third_run, damaged) else [])]
    for at in range(STATES.index(before) % EVERY, 10_000, EVERY):
        path = tmp_path / f"at-{at}"
        if start.exists():
            shutil.copytree(start, path, symlinks=True)
        status = in_child(lambda: goes_wrong(path, at, fault))  # noqa: B023
        if status == NOT_REACHED:
            break
        assert status in (0, 3, ENDED)  # what cannot be read once is written again
        done["things went wrong"] += 1
        check_readable(path, known, whole=before is third_run)
        run_steps(path, 0)
        assert contents(path) == expected
        assert verify(path).faults == []
        if before in (third_run, damaged):
            kept = tree(path)
            assert {name: kept[name] for name in STRANGERS} == STRANGERS
        if before is never_finished:
            assert [one.read_bytes() for one in path.glob("manifest.json.aside-*")] == [b"{}"]
        assert not [*path.glob(".new-*")]
        shutil.rmtree(path)
    assert at > 5


def goes_wrong(path: Path, at: int, fault: str) -> None:
    faults = Faults(path, at, fault)
    with at_work(faults):
        run_steps(path, 0)
    if faults.seen.total() <= at:
        os._exit(NOT_REACHED)


def check_readable(path: Path, known: list[dict[str, object]], *, whole: bool) -> None:
    """Look whether a reader finds a whole run of before or after, or is told why not."""
    try:
        found = contents(path)
    except BundleError:
        assert not whole
        done["were said to be no bundle yet"] += 1
        return
    assert found in known
    faults = [one for one in verify(path).faults if "emblink.journal" not in one]
    assert not (whole and faults)
    done["could be read at once"] += 1


def test_a_comparison_that_goes_wrong_is_finished_by_the_next(tmp_path: Path) -> None:
    given = inputs(rich=False)
    run(tmp_path / "expected", given)
    expected = contents(tmp_path / "expected")
    counted = Faults(tmp_path / "counted", -1, "the disk fails once")
    with at_work(counted):
        run(tmp_path / "counted", given)
    n = counted.seen.total()
    places = sorted(random.Random(0).sample(range(n), min(n, REAL)))
    for at in places:
        for fault in FAULTS:
            path = tmp_path / f"{at}-{[*FAULTS].index(fault)}"
            child = multiprocessing.get_context("forkserver").Process(
                target=compare_wrongly, args=(path, at, fault)
            )
            child.start()
            child.join()
            assert child.exitcode in (0, 3, ENDED)
            done[f"of {len(FAULTS) * n:,} faults in a comparison"] += 1
            try:
                Bundle(path)
            except BundleError as error:
                assert "holds" in str(error)  # noqa: PT017
            run(path, given)
            assert contents(path) == expected
            assert verify(path).faults == []
            shutil.rmtree(path)


def compare_wrongly(path: Path, at: int, fault: str) -> None:
    """Compare, and go wrong."""
    try:
        with at_work(Faults(path, at, fault)):
            run(path, inputs(rich=False))
    except (OSError, BundleError):
        os._exit(3)
