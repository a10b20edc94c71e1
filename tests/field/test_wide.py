"""Tables of very many columns are read by other code than narrow ones, and in the same way."""

import gzip
from pathlib import Path

import numpy as np
import pytest

from emblink.errors import InputError
from emblink.load import load_spaces

ROWS = 12
WIDTHS = (20, 300)
either = pytest.mark.parametrize("n_dims", WIDTHS)


def _numbers(n_dims: int) -> np.ndarray:
    return np.random.default_rng(n_dims).normal(size=(ROWS, n_dims)).astype(np.float32)


def _lines(n_dims: int, *, separator: str = ",", names: bool = True) -> list[str]:
    rows = [
        separator.join([f"it{i}", *(f"{x:.9g}" for x in row)])
        for i, row in enumerate(_numbers(n_dims))
    ]
    head = separator.join(["id", *(f"d{i}" for i in range(n_dims))])
    return [head, *rows] if names else rows


def _read(path: Path, lines: list[str], end: str = "\n") -> tuple[np.ndarray, list[str], str]:
    path.write_bytes((end.join(lines) + end).encode())
    found = load_spaces([str(path)])
    space = found.spaces[path.stem]
    return np.asarray(space.vectors), [*map(str, space.ids.tolist())], " ".join(found.notes)


IDS = [f"it{i}" for i in range(ROWS)]


@pytest.mark.slow
@either
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_comments_and_the_separator_may_stand_above_the_names(
    tmp_path: Path, n_dims: int, end: str
) -> None:
    lines = ["# made by a tool", "# in 2020", "", *_lines(n_dims)]
    vectors, ids, notes = _read(tmp_path / "a.csv", lines, end)
    np.testing.assert_array_equal(vectors, _numbers(n_dims))
    assert ids == IDS
    assert "first 2 lines of a.csv are comments" in notes
    vectors, ids, _ = _read(tmp_path / "b.csv", ["sep=;", *_lines(n_dims, separator=";")], end)
    np.testing.assert_array_equal(vectors, _numbers(n_dims))
    assert ids == IDS


@either
def test_decimal_commas_are_read(tmp_path: Path, n_dims: int) -> None:
    lines = [line.replace(".", ",") for line in _lines(n_dims, separator=";")]
    vectors, ids, notes = _read(tmp_path / "a.csv", lines)
    np.testing.assert_array_equal(vectors, _numbers(n_dims))
    assert ids == IDS
    assert "writes decimal commas" in notes


@either
def test_a_point_among_decimal_commas_is_refused(tmp_path: Path, n_dims: int) -> None:
    rows = 60  # beyond those that are looked at first
    cells = [["0,5"] * n_dims for _ in range(rows)]
    cells[-1][1] = "1.5"
    names = ";".join(["id", *(f"d{i}" for i in range(n_dims))])
    lines = [names, *(";".join([f"it{i}", *row]) for i, row in enumerate(cells))]
    (tmp_path / "a.csv").write_text("\n".join(lines) + "\n")
    with pytest.raises(InputError, match=r"column 'd1' of a\.csv has .*words.*1\.5"):
        load_spaces([str(tmp_path / "a.csv")], vector="d*")


@either
def test_ids_and_row_numbers_without_names_are_no_dims(tmp_path: Path, n_dims: int) -> None:
    lines = _lines(n_dims, names=False)
    vectors, ids, notes = _read(tmp_path / "a.csv", lines)
    np.testing.assert_array_equal(vectors, _numbers(n_dims))
    assert ids == IDS
    assert "holds the ids" in notes
    numbered = [line.replace("it", "", 1) for line in lines]
    vectors, _, notes = _read(tmp_path / "b.csv", numbered)
    np.testing.assert_array_equal(vectors, _numbers(n_dims))
    assert "numbers the rows" in notes


@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.csv.gz"])
def test_a_file_without_ends_of_lines_is_refused(tmp_path: Path, name: str) -> None:
    data = ("0\t" if "tsv" in name else "0,").encode() * 1_500_000
    path = tmp_path / name
    path.write_bytes(gzip.compress(data, 1) if name.endswith(".gz") else data)
    with pytest.raises(InputError, match=rf"line 1 of {name} has 1,500,001 cells"):
        load_spaces([str(path)])


@either
def test_a_title_above_the_names_is_told(tmp_path: Path, n_dims: int) -> None:
    (tmp_path / "a.csv").write_text("\n".join(["Vectors of May", *_lines(n_dims)]) + "\n")
    with pytest.raises(InputError, match="if it is a title, delete it"):
        load_spaces([str(tmp_path / "a.csv")])


@either
def test_words_and_numbers_between_blanks_are_read(tmp_path: Path, n_dims: int) -> None:
    vectors, ids, _ = _read(tmp_path / "a.csv", _lines(n_dims, separator=" ", names=False))
    np.testing.assert_array_equal(vectors, _numbers(n_dims))
    assert ids == IDS


@either
@pytest.mark.parametrize("comments", [0, 2])
def test_a_row_that_is_cut_short_is_named_by_its_line(
    tmp_path: Path, n_dims: int, comments: int
) -> None:
    lines = [*(["# a comment"] * comments), *_lines(n_dims)]
    lines[comments + 7] = lines[comments + 7].rsplit(",", 2)[0]
    (tmp_path / "a.csv").write_text("\n".join(lines) + "\n")
    with pytest.raises(InputError, match=f"line {comments + 8} of a.csv"):
        load_spaces([str(tmp_path / "a.csv")])
