"""Tables of R, whose cells are parted by one blank and whose first column has no name."""

from __future__ import annotations

import csv
import gzip
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from emblink.errors import ReadError
from emblink.load import load_spaces

RNG = np.random.default_rng(7)
VECTORS = np.round(RNG.standard_normal((30, 5)), 6)
IDS = [f"gene {i}" if i % 3 else f"gene-{i}" for i in range(30)]
TURNED = RNG.permutation(30)


def written(path: Path, rows: np.ndarray, ids: list[str], *, named: bool, quoted: bool) -> Path:
    ids = ids if quoted else [one.replace(" ", "_") for one in ids]
    sign = '"' if quoted else ""
    names = " ".join(f"{sign}V{i + 1}{sign}" for i in range(rows.shape[1]))
    lines = [
        f"{sign}{one}{sign} " + " ".join(f"{value:.6f}" for value in row)
        for one, row in zip(ids, rows, strict=True)
    ]
    text = "\n".join([names, *lines] if named else lines) + "\n"
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


@pytest.mark.slow
@pytest.mark.parametrize(
    ("ending", "named", "quoted"),
    [*product(["txt", "csv", "tsv", "txt.gz"], [True, False], [True, False])],
)
def test_a_table_of_r_is_read_by_its_row_names(
    tmp_path: Path, ending: str, named: bool, quoted: bool
) -> None:
    a = written(tmp_path / f"a.{ending}", VECTORS, IDS, named=named, quoted=quoted)
    turned = [IDS[i] for i in TURNED]
    b = written(tmp_path / f"b.{ending}", VECTORS[TURNED], turned, named=named, quoted=quoted)
    found = load_spaces([str(a), str(b)], metric="euclidean")
    one, other = found.spaces["a"], found.spaces["b"]
    assert one.matched_by == other.matched_by == "id"
    expected = IDS if quoted else [name.replace(" ", "_") for name in IDS]
    assert sorted(map(str, found.ids)) == sorted(expected)
    at = [np.argsort(found.rows[name]) for name in ("a", "b")]
    assert np.array_equal(one.vectors[at[0]], other.vectors[at[1]])
    assert np.allclose(np.sort(one.vectors, axis=None), np.sort(VECTORS, axis=None), atol=1e-6)


def test_words_beside_the_numbers_are_columns(tmp_path: Path) -> None:
    lines = ['"d0" "d1" "d2" "kind"']
    lines += [f'"{i}" {a} {b} {c} "kind {i % 2}"' for i, (a, b, c) in enumerate(VECTORS[:, :3])]
    (tmp_path / "a.txt").write_text("\n".join(lines) + "\n")
    found = load_spaces([str(tmp_path / "a.txt"), f"b={tmp_path / 'a.txt'}"], label="kind")
    assert found.spaces["a"].vectors.shape == (30, 3)
    assert {*map(str, found.items["kind"])} == {"kind 0", "kind 1"}


def test_decimal_commas_of_a_table_of_r_are_points(tmp_path: Path) -> None:
    rows = [" ".join(f"{value:.3f}".replace(".", ",") for value in row) for row in VECTORS]
    text = "\n".join(["V1 V2 V3 V4 V5", *(f"g{i} {row}" for i, row in enumerate(rows))])
    (tmp_path / "a.csv").write_text(text + "\n")
    found = load_spaces([str(tmp_path / "a.csv"), f"b={tmp_path / 'a.csv'}"])
    held = np.sort(found.spaces["a"].vectors, axis=None)
    assert np.allclose(held, np.sort(VECTORS, axis=None), atol=1e-3)


@pytest.mark.parametrize(
    "line",
    [
        "doc{i},0.1 0.2 0.{i} 0.4",
        "a sentence of words {i}",
        "doc{i}\t0.1 0.2 0.{i}",
        "the end, {i} 2 3",
    ],
)
def test_other_lines_with_blanks_are_no_such_table(tmp_path: Path, line: str) -> None:
    from emblink.load._spaced import is_spaced

    assert not is_spaced([line.format(i=i) for i in range(1, 9)])


def test_a_file_of_text_is_told_from_plain_numbers(tmp_path: Path) -> None:
    path = written(tmp_path / "a.dat", VECTORS, IDS, named=True, quoted=True)
    with pytest.raises(ReadError, match=r"holds lines of text.*name it a\.txt"):
        load_spaces([str(path), f"b={path}"])


def test_quote_signs_of_word_lists_are_words(tmp_path: Path) -> None:
    words = ['"', '"a', "b", "c", "the"]
    with (tmp_path / "a.txt").open("w") as stream:
        out = csv.writer(stream, delimiter=" ", quoting=csv.QUOTE_NONE, quotechar=None)
        out.writerows([word, *row] for word, row in zip(words, VECTORS, strict=False))
    found = load_spaces([str(tmp_path / "a.txt"), f"b={tmp_path / 'a.txt'}"])
    assert sorted(map(str, found.ids)) == sorted(words)


def test_columns_that_pandas_numbers_are_names_in_any_file(tmp_path: Path) -> None:
    frame = pd.DataFrame(VECTORS)
    for ending in ("txt", "csv", "tsv"):
        frame.to_csv(tmp_path / f"a.{ending}", sep=" ", index=False)
        found = load_spaces([f"a={tmp_path / f'a.{ending}'}", f"b={tmp_path / f'a.{ending}'}"])
        assert np.allclose(np.sort(found.spaces["a"].vectors, axis=0), np.sort(VECTORS, axis=0))


def test_whole_numbers_that_become_ids_are_told(tmp_path: Path) -> None:
    table = np.column_stack([np.arange(30), VECTORS])
    np.savetxt(tmp_path / "a.txt", table, fmt="%g")
    found = load_spaces([str(tmp_path / "a.txt"), f"b={tmp_path / 'a.txt'}"])
    assert any("first number on each line of a.txt was read as an id" in one for one in found.notes)


@pytest.mark.parametrize("name", ["a.txt", "a.vec", "a.txt.gz"])
@pytest.mark.parametrize("start", [0, 1, 1000])
@pytest.mark.parametrize("side", ["first", "last"])
def test_numbers_of_rows_written_as_floats_are_no_dims(
    tmp_path: Path, name: str, start: int, side: str
) -> None:
    values = np.random.default_rng(0).normal(size=(30, 5))
    count = np.arange(start, start + 30)
    held = np.c_[count, values] if side == "first" else np.c_[values, count]
    np.savetxt(tmp_path / name, held)
    with pytest.raises(ReadError, match=rf"the {side} number on each line of {name} is whole"):
        load_spaces([str(tmp_path / name)])
    np.savetxt(tmp_path / "a.csv", held, delimiter=",")
    assert load_spaces([str(tmp_path / "a.csv")]).spaces["a"].vectors.shape == (30, 5)


def test_dims_of_whole_numbers_are_dims(tmp_path: Path) -> None:
    whole = np.random.default_rng(0).integers(0, 99, size=(30, 5))
    dead = np.random.default_rng(0).normal(size=(30, 5))
    dead[:, 0] = 0
    for name, values in (("a", whole), ("b", dead), ("c", np.arange(60).reshape(30, 2))):
        np.savetxt(tmp_path / f"{name}.txt", values)
        found = load_spaces([str(tmp_path / f"{name}.txt")], metric="euclidean")
        np.testing.assert_array_equal(found.spaces[name].vectors, values.astype("f4"))
