"""Files for workers lie in a bundle for a while, and never for longer than the next run."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import numpy as np

import emblink as eb
from emblink.bundle import open_store, workplace


def jobs(bundle: Path) -> list[Path]:
    return [*(bundle / "columns").glob("jobs-*")]


def test_a_folder_goes_with_its_files_whatever_happens(tmp_path: Path) -> None:
    with open_store(tmp_path / "b") as store:
        place = workplace(store, ("values.npy",))
        with suppress(KeyboardInterrupt), place() as folder:
            (folder / "values.npy").touch()
            assert jobs(tmp_path / "b") == [folder]
            assert folder.is_absolute()
            raise KeyboardInterrupt
        assert not jobs(tmp_path / "b")
        with place() as one, place() as two:
            assert one != two
    assert not jobs(tmp_path / "b")


def test_what_is_not_ours_stays(tmp_path: Path) -> None:
    with open_store(tmp_path / "b") as store, workplace(store, ("values.npy",))() as folder:
        (folder / "thesis.txt").write_text("all of it", encoding="utf-8")
    assert (folder / "thesis.txt").read_text(encoding="utf-8") == "all of it"


def test_a_folder_of_a_run_that_was_killed_goes_in_the_end_of_the_next(tmp_path: Path) -> None:
    with open_store(tmp_path / "b") as store:
        entered = workplace(store, ("values.npy",))()
        (entered.__enter__() / "values.npy").touch()
    assert len(jobs(tmp_path / "b")) == 1
    said: list[str] = []
    x = np.random.default_rng(0).standard_normal((80, 5))
    eb.compare({"a": x, "b": x + 1}, out=tmp_path / "b", notice=said.append)
    assert not jobs(tmp_path / "b")
    assert said == []
