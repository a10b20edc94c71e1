"""Folders of parts: files left out, numbers that are not there, what their folders say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from emblink.errors import InputError
from emblink.load import load_spaces

N = 6


def frame(start: int = 0, **beside: Any) -> pd.DataFrame:
    values = np.random.default_rng(start).normal(size=(N, 3))
    ids = [f"it{i}" for i in range(start, start + N)]
    return pd.DataFrame({"id": ids, "embedding": values.tolist(), **beside})


def parquet(path: Path, start: int = 0, **beside: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    frame(start, **beside).to_parquet(path)


@pytest.mark.parametrize(
    "other", ["part-1.csv", "part-1.parquet.tmp", "part-1.csv.zst", "deep/part-1.jsonl"]
)
def test_a_part_of_another_format_is_not_left_out(tmp_path: Path, other: str) -> None:
    parquet(tmp_path / "part-0.parquet")
    (tmp_path / other).parent.mkdir(exist_ok=True)
    (tmp_path / other).write_text("id,embedding\nx,[1.5 2.5 3.5]\n")
    with pytest.raises(InputError, match=rf"{other} beside part-0.parquet.*left out"):
        load_spaces([str(tmp_path)])
    named = load_spaces([f"a={tmp_path}/*.parquet"])
    assert len(named.ids) == N


def test_other_files_are_told_as_left_out_and_what_tools_keep_is_not(tmp_path: Path) -> None:
    parquet(tmp_path / "data.parquet")
    for name in ("labels.csv", "_SUCCESS", ".part-0.parquet.crc", "data.parquet.md5", "notes.md"):
        (tmp_path / name).write_text("id,label\nx,y\n")
    (note,) = load_spaces([str(tmp_path)]).notes
    assert note.endswith(": labels.csv")


def test_parts_without_bytes_are_told_and_refused_where_none_can_be_empty(tmp_path: Path) -> None:
    frame().to_csv(tmp_path / "part-0.csv", index=False)
    (tmp_path / "part-1.csv").write_text("")
    assert any("part-1.csv, empty" in note for note in load_spaces([str(tmp_path)]).notes)
    other = tmp_path / "other"
    parquet(other / "part-0.parquet")
    (other / "part-1.parquet").write_bytes(b"")
    with pytest.raises(InputError, match=r"part-1\.parquet beside part-0\.parquet"):
        load_spaces([str(other)])


@pytest.mark.parametrize(
    ("names", "lacking"),
    [
        (["part-00000", "part-00002"], "number 1 is"),
        (["part-00000-ab12-c000.snappy", "part-00003-ab12-c000.snappy"], "numbers 1, 2 are"),
        (["part-3", "part-4"], "numbers 1, 2 are"),
        (["emb_1", "emb_2", "emb_4"], "number 3 is"),
        (["part-0", "part-1"], ""),
        (["part-1", "part-2", "part-3"], ""),
        (["20240101", "20240103"], ""),
    ],
)
def test_numbers_of_parts_that_are_not_there_are_told(
    tmp_path: Path, names: list[str], lacking: str
) -> None:
    for at, name in enumerate(names):
        parquet(tmp_path / f"{name}.parquet", at * N)
    for given in (str(tmp_path), f"{tmp_path}/*.parquet"):
        notes = load_spaces([given]).notes
        assert [lacking in note and "not there" in note for note in notes] == [True] * bool(lacking)


def test_splits_in_folders_of_their_own_are_not_one_table(tmp_path: Path) -> None:
    parquet(tmp_path / "train" / "0000.parquet")
    parquet(tmp_path / "test" / "0000.parquet", N)
    with pytest.raises(InputError, match=r"test/0000.parquet, train/0000.parquet.*name one"):
        load_spaces([str(tmp_path)])
    parquet(tmp_path / "chunks" / "000" / "0.parquet")
    parquet(tmp_path / "chunks" / "001" / "0.parquet", N)
    assert len(load_spaces([str(tmp_path / "chunks")]).ids) == 2 * N


def test_what_folders_say_is_told_where_a_column_differs(tmp_path: Path) -> None:
    for at, (folder, label) in enumerate([("cat", "cat"), ("dog", "wolf")]):
        parquet(tmp_path / "a" / f"label={folder}" / "0.parquet", at * N, label=label)
        parquet(tmp_path / "b" / f"year={2020 + at}" / "0.parquet", at * N, year=2020 + at)
        (tmp_path / "c" / f"label={folder}").mkdir(parents=True)
        np.save(
            tmp_path / "c" / f"label={folder}" / "0.npy", np.random.default_rng(at).random((N, 3))
        )
    found = load_spaces([str(tmp_path / "a")])
    assert {*found.items["label"].tolist()} == {"cat", "wolf"}
    (note,) = found.notes
    assert "'label' within differs" in note
    assert not load_spaces([str(tmp_path / "b")]).notes
    assert any("left out" in note for note in load_spaces([str(tmp_path / "c")]).notes)
