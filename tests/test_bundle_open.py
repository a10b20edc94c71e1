"""Which directories are opened for writing, and what stays when that fails."""

from __future__ import annotations

import os
from pathlib import Path
from unittest import mock

import pytest

from emblink.bundle import open_store, read_manifest, verify
from emblink.bundle._marker import MARKER, read_marker
from emblink.errors import BundleError, InputError
from tests.torture.steps import run_steps


def test_the_marker_is_the_first_file_and_settled_before_the_next(tmp_path: Path) -> None:
    root = tmp_path / "run"
    there: list[list[Path]] = []
    with mock.patch.object(os, "fsync", side_effect=lambda _: there.append([*root.iterdir()])):
        run_steps(root)
    assert there[0] == [root / MARKER]


def test_a_bundle_keeps_its_id(tmp_path: Path) -> None:
    root = tmp_path / "run"
    run_steps(root, 1)
    found = read_marker(root)
    run_steps(root, 2)
    assert read_marker(root) == found
    run_steps(tmp_path / "other")
    assert read_marker(tmp_path / "other") != found


def test_an_empty_directory_and_one_of_a_run_killed_at_once_are_taken(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "killed").mkdir()
    (tmp_path / "killed" / MARKER).touch()
    for name in ("empty", "killed"):
        run_steps(tmp_path / name)
        assert verify(tmp_path / name).faults == []


@pytest.mark.parametrize("name", [MARKER, "emblink.journal", "manifest.json", "columns", "x"])
@pytest.mark.parametrize("is_folder", [False, True])
def test_a_directory_with_anything_else_is_refused(
    name: str, is_folder: bool, tmp_path: Path
) -> None:
    if is_folder:
        (tmp_path / name).mkdir()
    else:
        (tmp_path / name).write_bytes(b"mine")
    with pytest.raises(BundleError, match="give -o the name of a new directory"):
        run_steps(tmp_path)
    assert [one.name for one in tmp_path.iterdir()] == [name]


def test_a_file_is_no_directory(tmp_path: Path) -> None:
    (tmp_path / "run").write_bytes(b"mine")
    with pytest.raises(BundleError, match="is a file"):
        run_steps(tmp_path / "run")


def test_a_link_to_nothing_is_no_directory(tmp_path: Path) -> None:
    (tmp_path / "run").symlink_to(tmp_path / "none")
    with pytest.raises(BundleError, match="is a link to nothing"):
        run_steps(tmp_path / "run")


def test_strangers_are_named_on_one_line(tmp_path: Path) -> None:
    root = tmp_path / "run"
    run_steps(root)
    (root / "a\nb").touch()
    said: list[str] = []
    run_steps(root, notice=said.append)
    assert len(said) == 1
    assert said[0].isprintable()
    assert "1 thing that is not in Emblink's journal ('a\\nb')" in said[0]


def test_strangers_are_named_once_by_a_run_that_publishes_again_and_again(tmp_path: Path) -> None:
    root = tmp_path / "run"
    run_steps(root)
    (root / "mine").touch()
    said: list[str] = []
    with open_store(root, notice=said.append) as store:
        for _ in range(3):
            store.finish(read_manifest(root))
    assert len(said) == 1
    assert "(mine)" in said[0]


def test_only_a_new_directory_goes_when_inputs_are_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for name in ("new", "empty"):
        with pytest.raises(InputError), open_store(tmp_path / name):
            raise InputError("no")
    assert [one.name for one in tmp_path.iterdir()] == ["empty"]
    run_steps(tmp_path / "empty")


def test_a_lock_ends_with_its_run(tmp_path: Path) -> None:
    root = tmp_path / "run"
    with pytest.raises(ZeroDivisionError), open_store(root):
        raise ZeroDivisionError
    run_steps(root)


def test_a_directory_that_is_taken_away_meanwhile_is_not_written_to(tmp_path: Path) -> None:
    from emblink.bundle import _open

    root, lock = tmp_path / "run", _open._lock

    def taken_away(descriptor: int, path: Path) -> None:
        (root / MARKER).unlink()
        (root / MARKER).touch()
        lock(descriptor, path)

    with (
        mock.patch.object(_open, "_lock", taken_away),
        pytest.raises(BundleError, match="taken away"),
        open_store(root),
    ):
        pass


@pytest.mark.parametrize("damage", [b"", b"\0" * 300, None])
def test_a_journal_that_is_mended_is_said_to_be(damage: bytes | None, tmp_path: Path) -> None:
    root = tmp_path / "run"
    said: list[str] = []
    run_steps(root)
    journal = root / "emblink.journal"
    if damage is None:
        journal.unlink()
    else:
        journal.write_bytes(damage)
    run_steps(root, notice=said.append)
    assert any("emblink.journal is damaged" in one for one in said)
    assert verify(root).faults == []


def test_a_file_in_the_place_of_the_columns_is_set_aside(tmp_path: Path) -> None:
    root = tmp_path / "run"
    said: list[str] = []
    run_steps(root)
    (root / "columns").rename(tmp_path / "taken")
    (root / "columns").write_bytes(b"mine")
    run_steps(root, notice=said.append)
    (aside,) = root.glob("columns.aside-*")
    assert aside.read_bytes() == b"mine"
    assert verify(root).faults == []


def test_a_directory_that_cannot_be_made_is_one_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(BundleError, match=r"cannot be made .*give -o the name of a new directory"):
        run_steps(tmp_path / "file" / "run")
