"""What a journal remembers, and what gives it no leave."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from emblink.bundle._journal import Journal

STEP, OTHER = f"vectors-{'0' * 32}", f"cells-{'f' * 32}"


def test_a_journal_remembers_what_was_added_and_forgets_what_is_gone(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    journal = Journal(path)
    journal.add(STEP, ["a.npy", "stage.json"])
    journal.add(STEP, ["b.npy"])
    journal.add(OTHER, ["c.npy"])
    assert Journal(path).folders == {STEP: {"a.npy", "b.npy", "stage.json"}, OTHER: {"c.npy"}}
    journal.keep([OTHER], through=tmp_path / "new")
    assert Journal(path).folders == journal.folders == {OTHER: {"c.npy"}}
    assert Journal(path).is_whole


def test_names_are_noted_once(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    for _ in range(3):
        Journal(path).add(STEP, ["a.npy"])
    assert path.read_bytes().count(STEP.encode()) == 1


@given(cut=st.integers(0, 200), more=st.binary(max_size=9))
def test_a_line_that_was_cut_off_loses_itself_only(cut: int, more: bytes) -> None:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        path = Path(folder, "journal")
        Journal(path).add(STEP, ["a.npy"])
        whole = path.read_bytes()
        Journal(path).add(OTHER, ["b.npy", "c.npy"])
        path.write_bytes(path.read_bytes()[: len(whole) + cut] + more.replace(b"\n", b""))
        found = Journal(path)
        assert found.folders[STEP] == {"a.npy"}
        found.add(OTHER, ["d.npy"])
        assert Journal(path).folders[OTHER] >= {"d.npy"}
        assert {*Journal(path).folders} == {STEP, OTHER}


def test_a_link_is_no_journal(tmp_path: Path) -> None:
    Journal(tmp_path / "theirs").add(STEP, ["a.npy"])
    (tmp_path / "journal").symlink_to(tmp_path / "theirs")
    found = Journal(tmp_path / "journal")
    assert found.folders == {}
    assert not found.is_whole
