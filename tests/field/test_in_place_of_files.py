"""Files that are not what their names say, tables with a log, and values that folders say."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import scipy.sparse
from pyarrow import parquet as pq

from emblink.errors import InputError
from emblink.load import load_spaces

N, D = 8, 4
A = np.random.default_rng(7).normal(size=(N, D)).astype("f4")
IDS = [f"it{i}" for i in range(N)]
POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:ab\nsize 123\n"
ENDINGS = ("npy", "npz", "parquet", "arrow", "csv", "jsonl", "json", "txt", "bin", "safetensors")


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize(
    ("text", "way"),
    [
        (POINTER, "git lfs pull"),
        ("<!DOCTYPE html>\n<html><body>Sign in</body></html>", "download it again"),
        ('<?xml version="1.0"?>\n<Error><Code>AccessDenied</Code></Error>', "download it again"),
    ],
)
def test_what_stands_in_place_of_a_file_is_told(
    tmp_path: Path, ending: str, text: str, way: str
) -> None:
    path = tmp_path / f"a.{ending}"
    path.write_text(text)
    with pytest.raises(InputError, match=way):
        load_spaces([str(path)])


@pytest.mark.parametrize("ending", ["csv", "tsv", "jsonl", "json", "txt", "vec"])
@pytest.mark.parametrize("kind", ["utf-16", "utf-16-be"])
def test_text_in_utf_16_is_told_with_what_turns_it(tmp_path: Path, ending: str, kind: str) -> None:
    path = tmp_path / f"a.{ending}"
    path.write_text(("\ufeff" if kind.endswith("be") else "") + "id,d0,d1\na,1,2\n", encoding=kind)
    with pytest.raises(InputError, match=r"UTF-16 .*save it as UTF-8: iconv"):
        load_spaces([str(path)])


@pytest.mark.parametrize("ending", ["vectors", "50d", "out", "dat", "model.words"])
def test_text_of_an_unknown_ending_is_told_what_to_be_named(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"glove.{ending}"
    path.write_text("".join(f"wörd{i} {' '.join(map(str, row))}\n" for i, row in enumerate(A)))
    with pytest.raises(InputError, match=r"lines of text: name it glove.*\.txt"):
        load_spaces([str(path)])


def test_words_of_graphs_have_an_ending_of_their_own(tmp_path: Path) -> None:
    rows = [f"{i} {' '.join(map(str, row))}\n" for i, row in enumerate(A)]
    (tmp_path / "graph.emb").write_text(f"{N} {D}\n{''.join(rows)}")
    found = load_spaces([str(tmp_path / "graph.emb")])
    np.testing.assert_allclose(found.spaces["graph"].vectors, A, rtol=1e-6)


def test_commas_in_a_file_of_tabs_are_told(tmp_path: Path) -> None:
    rows = [f"{one},{','.join(map(str, row))}\n" for one, row in zip(IDS, A, strict=True)]
    (tmp_path / "a.tsv").write_text("id," + ",".join(f"d{i}" for i in range(D)) + "\n")
    with (tmp_path / "a.tsv").open("a") as stream:
        stream.writelines(rows)
    with pytest.raises(InputError, match=r"parted by ',': name it a\.csv"):
        load_spaces([str(tmp_path / "a.tsv")])


def part(path: Path, rows: slice) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table({"id": IDS[rows], "e": A[rows].tolist()}), path)


@pytest.mark.parametrize("sign", ["_delta_log/0.json", ".hoodie/x", "metadata/1.metadata.json"])
def test_tables_with_a_log_are_refused(tmp_path: Path, sign: str) -> None:
    part(tmp_path / "old" / "part-0.parquet", slice(0, N))
    (tmp_path / "old" / sign).parent.mkdir(parents=True)
    (tmp_path / "old" / sign).write_text("{}")
    with pytest.raises(InputError, match=r"log says which .*to_parquet"):
        load_spaces([str(tmp_path / "old")])


@pytest.mark.parametrize("pattern", [False, True])
def test_values_that_folders_say_are_a_column(tmp_path: Path, pattern: bool) -> None:
    part(tmp_path / "old" / "label=a%20b" / "part-0.parquet", slice(0, 5))
    part(tmp_path / "old" / "label=__HIVE_DEFAULT_PARTITION__" / "part-0.parquet", slice(5, N))
    source = tmp_path / "old" / "*" / "*.parquet" if pattern else tmp_path / "old"
    found = load_spaces([f"old={source}"])
    by_id = dict(zip(found.ids.tolist(), found.items["label"].tolist(), strict=True))
    assert [by_id[one] for one in IDS] == ["a b"] * 5 + [""] * 3


def test_arrays_of_other_rows_in_one_archive_are_asked_for(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", cov=A.T @ A, embeddings=A)
    with pytest.raises(InputError, match=r"differ in rows .*name one: a\.npz::embeddings"):
        load_spaces([str(tmp_path / "a.npz")])


def test_archives_without_an_array_of_vectors_have_a_way_out(tmp_path: Path) -> None:
    scipy.sparse.save_npz(tmp_path / "sparse.npz", scipy.sparse.csr_matrix(A))
    np.savez(tmp_path / "words.npz", **dict(zip(IDS, A, strict=True)))
    for name, way in (("sparse", r"scipy\.sparse\.load_npz"), ("words", r"np\.load\('words")):
        with pytest.raises(InputError, match=way):
            load_spaces([str(tmp_path / f"{name}.npz")])


def test_labels_that_are_objects_are_told_when_named(tmp_path: Path) -> None:
    labels = np.array(["a", None] * (N // 2), object)
    np.savez(tmp_path / "a.npz", vectors=A, labels=labels)
    with pytest.raises(InputError, match=r"'labels' of a\.npz is an object array.*dtype=str"):
        load_spaces([str(tmp_path / "a.npz")], label="labels")


def test_texts_that_begin_with_a_bracket_are_no_open_lists(tmp_path: Path) -> None:
    rows = [f'{one},[1] see,"{row.tolist()}"\n' for one, row in zip(IDS, A, strict=True)]
    (tmp_path / "a.csv").write_text("id,text,embedding\n" + "".join(rows))
    found = load_spaces([str(tmp_path / "a.csv")])
    np.testing.assert_allclose(found.spaces["a"].vectors, A, rtol=1e-6)


def test_the_only_entry_of_an_array_is_named(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", A[None])
    with pytest.raises(InputError, match=r"take its only entry, X\[0\]"):
        load_spaces([str(tmp_path / "a.npy")])
