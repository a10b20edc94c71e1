"""Text that is written in ways of its own: quotes, brackets, JSON by rows, and no vectors."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from emblink.errors import InputError
from emblink.load import load_spaces
from emblink.types import SpaceSet

N, D = 60, 6
A = np.random.default_rng(0).normal(size=(N, D)).round(5)
NAMES = [f"V{i + 1}" for i in range(D)]
CELLS = [" ".join(map(str, row)) for row in A]
HEAD = " ".join(f'"{name}"' for name in NAMES)


def read(tmp_path: Path, name: str, text: str) -> SpaceSet:
    path = tmp_path / name
    path.write_bytes(text.encode())
    found = load_spaces([str(path)])
    np.testing.assert_array_equal(next(iter(found.spaces.values())).vectors, A.astype("f4"))
    return found


def of_r(words: Sequence[str], *, head: str = HEAD) -> str:
    return head + "\n" + "".join(f"{w} {row}\n" for w, row in zip(words, CELLS, strict=True))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ('"say \\"hi\\" {i}"', 'say "hi" {i}'),
        ('"say ""hi"" {i}"', 'say "hi" {i}'),
        ('"two\nlines {i}"', "two\nlines {i}"),
        ('"Paris, France; a|b {i}"', "Paris, France; a|b {i}"),
        ('"it\'s {i}"', "it's {i}"),
    ],
)
def test_quoted_words_of_r_may_hold_anything(tmp_path: Path, words: str, meant: str) -> None:
    found = read(tmp_path, "r.txt", of_r([words.format(i=i) for i in range(N)]))
    assert found.items["index"].tolist() == [meant.format(i=i) for i in range(N)]


def test_rows_of_r_may_be_mostly_words_and_empty_ones(tmp_path: Path) -> None:
    path = tmp_path / "r.txt"
    rows = "".join(f'"the {i}" "" "New York" {A[i, 0]} {A[i, 1]}\n' for i in range(N))
    path.write_text('"text" "note" "city" "d1" "d2"\n' + rows)
    found = load_spaces([str(path)])
    np.testing.assert_array_equal(found.spaces["r"].vectors, A[:, :2].astype("f4"))
    assert found.items["text"].tolist() == [f"the {i}" for i in range(N)]


@pytest.mark.slow
@pytest.mark.parametrize(("ending", "sign"), [(".csv", ","), (".tsv", "\t"), (".csv", ";")])
@pytest.mark.parametrize("wide", [False, True])
def test_a_backslash_before_quotes_is_read_as_spark_and_r_write_it(
    tmp_path: Path, ending: str, sign: str, wide: bool
) -> None:
    x = np.tile(A, (1, 50)) if wide else A
    lines = [sign.join(["text", *(f"d{i}" for i in range(x.shape[1]))])]
    for i, row in enumerate(x):
        lines.append(sign.join([f'"he said \\"x{sign} y\\", {i}"', *map(str, row)]))
    path = tmp_path / f"e{ending}"
    path.write_text("\n".join(lines) + "\n")
    found = load_spaces([str(path)], id="text")
    assert found.ids.tolist() == [f'he said "x{sign} y", {i}' for i in range(N)]
    np.testing.assert_array_equal(found.spaces["e"].vectors, x.astype("f4"))


def test_a_path_that_ends_in_a_backslash_stays_as_it_is(tmp_path: Path) -> None:
    rows = "".join(f'"C:\\dir {i}\\",{",".join(map(str, row))}\n' for i, row in enumerate(A))
    found = read(tmp_path, "p.csv", "text," + ",".join(NAMES) + "\n" + rows)
    assert found.items["text"].tolist() == [f"C:\\dir {i}\\" for i in range(N)]


LISTS = [json.dumps(row.tolist()) for row in A]


@pytest.mark.parametrize("name", ["v.txt", "v.csv", "v.tsv", "v.jsonl"])
def test_a_list_on_each_line_is_a_row(tmp_path: Path, name: str) -> None:
    read(tmp_path, name, "\n".join(LISTS) + "\n")


@pytest.mark.parametrize("name", ["v.txt", "v.tsv"])
def test_lists_after_a_tab_are_rows_as_postgresql_copies_them(tmp_path: Path, name: str) -> None:
    found = read(tmp_path, name, "".join(f"w{i}\t{row}\n" for i, row in enumerate(LISTS)))
    assert found.ids.tolist() == [f"w{i}" for i in range(N)]


def test_lists_without_quotes_beside_other_cells_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "v.csv"
    path.write_text("id,embedding\n" + "".join(f"w{i},{row}\n" for i, row in enumerate(LISTS)))
    with pytest.raises(InputError, match=r"in brackets without quotes .* put each list in quotes"):
        load_spaces([str(path)])


def _frame(**more: Any) -> Any:
    import pandas as pd

    return pd.DataFrame(A, columns=[f"d{i}" for i in range(D)], **more)


@pytest.mark.parametrize("orient", ["columns", "index", "split", "records"])
def test_json_of_pandas_is_read_by_rows_or_columns_as_it_is_written(
    tmp_path: Path, orient: Any
) -> None:
    read(tmp_path, "a.json", _frame().to_json(orient=orient, double_precision=15))


def test_objects_by_id_are_rows(tmp_path: Path) -> None:
    rows = {f"w{i}": {"embedding": row.tolist(), "label": i % 3} for i, row in enumerate(A)}
    found = read(tmp_path, "a.json", json.dumps(rows))
    assert found.ids.tolist() == list(rows)


def test_an_array_of_lists_is_vectors(tmp_path: Path) -> None:
    read(tmp_path, "a.json", json.dumps(A.tolist()))


def test_objects_that_may_be_rows_or_columns_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(_frame(index=[f"w{i}" for i in range(N)]).to_json(orient="index"))
    with pytest.raises(InputError, match=r"rows or columns .*orient='records'"):
        load_spaces([str(path)])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("\n".join(f"word{i}" for i in range(N)), r"one word on each line.*--ids NAME=x\.txt"),
        ("\n".join(map(str, A[:, 0])), "one number on each line"),
        ("\n".join(f"a sentence {i} of words." for i in range(N)), r"it is text \('a sentence 0"),
        ('{"a": [1, 2, 3], "b": 4}\n', r"JSON; name it x\.jsonl"),
        (json.dumps(A.tolist()), r"name it x\.json"),
        (repr(A), r"as Python prints it"),
        ("<html><body>404</body></html>", "HTML"),
        ("version https://git-lfs.github.com/spec/v1\noid sha256:ab\nsize 9\n", "git lfs pull"),
        ("\n".join(f"1 1:{x} 2:{y}" for x, y in A[:, :2]), "libsvm"),
        (" \n\n \n", "blank"),
        ("\n".join("|".join(map(str, row)) for row in A), r"parted by '\|': name it x\.csv"),
        ("\n".join(";".join(map(str, row)).replace(".", ",") for row in A), r"name it x\.csv"),
        (of_r([f"'it {i}'" for i in range(N)]), "it is text"),
    ],
)
def test_text_without_vectors_is_told_as_what_it_is(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "x.txt"
    path.write_text(text)
    with pytest.raises(InputError, match=said) as refused:
        load_spaces([str(path)])
    assert "object array" not in str(refused.value)


@pytest.mark.parametrize(
    ("start", "said"), [(b"\x80\x04\x95", r"pickle.*x\.pkl"), (b"SQLite format 3\0", r"x\.db")]
)
def test_binary_files_named_as_text_are_told(tmp_path: Path, start: bytes, said: str) -> None:
    path = tmp_path / "x.txt"
    path.write_bytes(start + bytes(99))
    with pytest.raises(InputError, match=said):
        load_spaces([str(path)])


def test_lines_that_end_in_cr_alone_swallow_no_rows(tmp_path: Path) -> None:
    lines = [f"w{i} {row}" for i, row in enumerate(CELLS)]
    text = "\r".join(lines[:9]) + "\r\n" + "\r\n".join(lines[9:]) + "\r\n"
    path = tmp_path / "a.txt"
    path.write_bytes(text.encode())
    with pytest.raises(InputError, match="ends in CR alone"):
        load_spaces([str(path)])
