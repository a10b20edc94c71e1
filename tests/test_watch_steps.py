"""A step of a run costs what the one before it did, however many there are."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from emblink.bundle import read_manifest
from emblink.watch._recorder import Recorder
from tests.test_watch import at_step, watch_of
from tests.test_watch_whole import probe_of

_listening: list[tuple[Path, set[str]]] = []


def _heard(event: str, given: tuple[Any, ...]) -> None:
    for root, touched in _listening:
        if event == "open" and str(given[0]).startswith(str(root)):
            touched.add(Path(given[0]).relative_to(root).as_posix())


sys.addaudithook(_heard)


@contextmanager
def touched_in(root: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[set[str]]:
    """Note which files of a bundle are opened or looked at."""
    touched: set[str] = set()

    def looked(look: Any) -> Any:
        def heard(self: Path, **options: Any) -> Any:
            if self.is_relative_to(root):
                touched.add(self.relative_to(root).as_posix())
            return look(self, **options)

        return heard

    with monkeypatch.context() as patched:
        for name in ("stat", "lstat"):
            patched.setattr(Path, name, looked(getattr(Path, name)))
        _listening.append((root, touched))
        try:
            yield touched
        finally:
            _listening.pop()


@pytest.mark.slow
def test_a_step_touches_nothing_of_steps_that_it_is_not_compared_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "run.emblink"
    with watch_of(path, []) as watch:
        for step in range(3):
            watch.log(step, at_step(step))
    recorder = Recorder(path, probe_of(path))
    for step in (3, 4, 5):
        with touched_in(path, monkeypatch) as touched:
            assert not recorder.take(step, at_step(step)).why
        beside = {f"step {one}" for one in (0, step - 1, step)}
        ours: set[str] = set()
        theirs: set[str] = set()
        for column in read_manifest(path).columns.values():
            words = column.over.removeprefix("pair/").removeprefix("space/").split("|")
            whose = {one for one in words if one.startswith("step")}
            (ours if whose <= beside else theirs).add(column.path)
        for held in (ours, theirs):  # a folder is looked at as well
            held |= {Path(one).parent.as_posix() for one in held}
        assert len(touched & ours) > 20
        if step > 3:  # the first of a writer looks at all once
            assert not touched & (theirs - ours)
            assert "manifest.json" not in touched
    recorder.close()
