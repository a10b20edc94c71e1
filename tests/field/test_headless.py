"""Tables whose first line is no header, or whose header is not the first line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from emblink.errors import InputError
from emblink.load import from_arrays, inspect_file, load_spaces
from emblink.types import AnyArray, SpaceSet

N, D = 60, 6
A = np.random.default_rng(7).normal(size=(N, D)).astype("f4")
BYTES = np.random.default_rng(8).integers(0, 200, size=(N, D))
BITS = np.random.default_rng(9).integers(0, 2, size=(N, D))
PERM = np.random.default_rng(3).permutation(N)
SPECIES = np.array(["setosa", "versicolor", "virginica"])[np.arange(N) % 3]
WORDS = np.array([f"it{i:03d}" for i in range(N)])
ROWS = np.arange(N)


def written(*columns: Any, sign: str = ",", header: object = False) -> str:
    table = pd.concat([pd.DataFrame(np.asarray(column)) for column in columns], axis=1)
    table.columns = range(table.shape[1])
    return str(table.to_csv(index=False, header=header, sep=sign, float_format="%.9g"))


def read(folder: Path, text: str, name: str = "a.csv", **options: str) -> SpaceSet:
    (folder / name).write_text(text, newline="")
    return load_spaces([str(folder / name)], metric="euclidean", **options)  # type: ignore[arg-type]


def vectors(found: SpaceSet) -> AnyArray:
    return found.spaces["a"].vectors


NUMBERED: dict[str, Any] = {
    "from 0": ROWS,
    "from 1": ROWS + 1,
    "as floats": [f"{i}.0" for i in ROWS],
    "in exponents": [f"{i:.18e}" for i in ROWS],
}


@pytest.mark.slow
@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
@pytest.mark.parametrize("kind", NUMBERED)
@pytest.mark.parametrize("beside", [A, BYTES], ids=["fractions", "bytes"])
def test_row_numbers_are_no_dim(tmp_path: Path, sign: str, kind: str, beside: AnyArray) -> None:
    found = read(tmp_path, written(NUMBERED[kind], beside, sign=sign))
    np.testing.assert_array_equal(vectors(found), beside)
    assert any("column0 of a.csv numbers the rows" in note for note in found.notes)
    everything = read(tmp_path, written(NUMBERED[kind], beside, sign=sign), vector="*")
    assert vectors(everything).shape == (N, D + 1)


IDS: dict[str, Any] = {
    "a range from elsewhere": ROWS + 1000,
    "steps": ROWS * 10,
    "gaps": ROWS * ROWS + 5,
    "any order": PERM,
    "long": PERM + 2**53,
    "words": WORDS,
    "words like numbers": [f"{i:04d}" for i in PERM],
    "paths": [f"img/{i}.png" for i in PERM],
}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "place"),
    [*((kind, "first") for kind in IDS), ("words", "last"), ("paths", "last")],
)
def test_another_value_in_each_row_is_the_id(tmp_path: Path, kind: str, place: str) -> None:
    ids = IDS[kind]
    columns = (ids, A) if place == "first" else (A, ids)
    found = read(tmp_path, written(*columns))
    np.testing.assert_array_equal(vectors(found), A)
    assert [str(one) for one in found.ids.tolist()] == [str(one) for one in ids]
    assert any("holds the ids" in note for note in found.notes)


def test_ids_of_two_files_without_names_join_them(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(written(ROWS + 7, A))
    (tmp_path / "b.csv").write_text(written((ROWS + 7)[PERM], A[PERM]))
    found = load_spaces([str(tmp_path / "a.csv"), str(tmp_path / "b.csv")])
    assert np.array_equal(found.rows["b"], PERM)
    (tmp_path / "c.csv").write_text(written(ROWS + 700, A))
    with pytest.raises(InputError, match="no item of"):
        load_spaces([str(tmp_path / "a.csv"), str(tmp_path / "c.csv")])


LABELLED: dict[str, Any] = {
    "iris": (A, SPECIES),
    "label first": (SPECIES, A),
    "classes": (A, ROWS % 3),
    "classes from 1, first": (ROWS % 3 + 1, A),
    "two signs": (A, np.where(ROWS % 2, 1, -1)),
    "as floats": (A, [f"{i % 4}.0" for i in ROWS]),
    "codes": (A, np.array([3, 17, 40])[ROWS % 3]),
    "row numbers and species": (ROWS, A, SPECIES),
    "row numbers and classes": (ROWS + 1, A, ROWS % 5),
    "words and classes": (WORDS, A, ROWS % 5),
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", LABELLED)
def test_few_values_at_the_edge_are_offered_as_labels_and_are_no_dim(
    tmp_path: Path, kind: str
) -> None:
    found = read(tmp_path, written(*LABELLED[kind]))
    np.testing.assert_array_equal(vectors(found), A)
    (note,) = [note for note in found.notes if "repeats a few values" in note]
    label = note.split("--label ")[1].rstrip(")")
    again = read(tmp_path, written(*LABELLED[kind]), label=label)
    np.testing.assert_array_equal(vectors(again), A)
    assert again.roles["label"] == label


MIXED = np.column_stack([A[:, :4], ROWS % 13 + ROWS % 7, A[:, 4:]])
ASKED: dict[str, Any] = {
    "signs before bits": ((np.where(ROWS % 2, 1, -1), BITS), "column0", BITS),
    "classes after bits": ((BITS, ROWS % 3), "column6", BITS),
    "row numbers with a hole": (
        ([*range(3), None, *range(4, N)], A),
        "column0",
        A,
    ),
    "classes before bytes": ((ROWS % 10, BYTES), "column0", BYTES),
    "classes after bytes": ((BYTES, ROWS % 10 + 1), "column6", BYTES),
    "classes beside counts": ((ROWS % 3, MIXED), "column0", MIXED),
    "numbers beside counts": ((PERM * 7, MIXED), "column0", MIXED),
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", ASKED)
def test_what_may_be_a_dim_or_not_is_asked_with_the_options_that_settle_it(
    tmp_path: Path, kind: str
) -> None:
    columns, name, dims = ASKED[kind]
    text = written(*columns)
    with pytest.raises(InputError, match=rf"{name} of a.csv .* or a dimension\?") as caught:
        read(tmp_path, text)
    assert any("or a dimension?" in said for said in inspect_file(tmp_path / "a.csv").plan)
    option = "id" if "--id" in str(caught.value) else "label"
    if "hole" not in kind:  # an id is missing, which is refused in its own words
        read_dims = vectors(read(tmp_path, text, **{option: name}))
        np.testing.assert_allclose(read_dims, dims, rtol=1e-6)
        assert vectors(read(tmp_path, text, vector="*")).shape == (N, dims.shape[1] + 1)


TEXTS = np.array([f"some text, {i}" for i in range(N)])
LEADING: dict[str, tuple[tuple[Any, ...], list[object] | None]] = {
    "row numbers and ids": ((ROWS, PERM + 4000, A), [*(PERM + 4000)]),
    "row numbers and words": ((ROWS, WORDS, A), [*WORDS]),
    "words and row numbers": ((WORDS, ROWS, A), [*WORDS]),
    "label and row numbers": ((SPECIES, ROWS, A), None),
    "label and text": ((SPECIES, TEXTS, A), None),
    "words, text, label": ((WORDS, TEXTS, SPECIES, A), [*WORDS]),
    "row numbers and text": ((ROWS, TEXTS, A), None),
    "text and label around": ((TEXTS, A, SPECIES), None),
    "words that repeat once": (([WORDS[1], *WORDS[1:]], A), None),
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", LEADING)
def test_several_columns_before_the_dims_are_told_apart(tmp_path: Path, kind: str) -> None:
    columns, ids = LEADING[kind]
    found = read(tmp_path, written(*columns))
    np.testing.assert_array_equal(vectors(found), A)
    assert found.spaces["a"].matched_by == ("id" if ids else "row")
    if ids:
        assert [str(one) for one in found.ids.tolist()] == [str(one) for one in ids]
    if any(column is TEXTS for column in columns):
        assert any("holds texts" in note for note in found.notes)
    if kind == "words that repeat once":
        assert any("some repeat" in note for note in found.notes)


def test_one_number_beside_row_numbers_is_no_vector(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no vectors"):
        read(tmp_path, written(ROWS, A[:, :1]))


PLAIN: dict[str, AnyArray] = {
    "fractions": A,
    "bytes": BYTES,
    "bits": BITS,
    "signed bytes": BYTES - 100,
    "a matrix that counts": np.arange(N * D).reshape(N, D) + 2,
    "a matrix that counts by columns": np.arange(N * D).reshape(D, N).T,
    "two rows": np.array([[1.5, 2, 3], [4, 5.5, 6]]),
    "three rows": np.array([[0, 2, 3], [1, 5, 6], [2, 1, 9]]),
    "one constant": np.column_stack([A, np.zeros(N)]),
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", PLAIN)
def test_a_matrix_of_numbers_is_read_whole(tmp_path: Path, kind: str) -> None:
    found = read(tmp_path, written(PLAIN[kind]))
    np.testing.assert_allclose(vectors(found), PLAIN[kind], rtol=1e-6)


FIRST_LINES = {
    "ids and whole numbers": ("it1,12,45,200\nit2,13,44,190\nit3,1,2,3\n", 3),
    "whole numbers and a label": ("5,3,1,0,a\n4,3,1,2,b\n7,1,1,0,a\n1,9,3,3,b\n", 4),
    "row numbers, a label and a count": ("0,cat,3\n1,dog,4\n2,cat,9\n", 3),
    "row numbers from 1": ("1,cat,2\n2,dog,4\n3,cat,9\n", 3),
    "two years": ("land,2001,2005\nnl,1,2\nfr,4,5\n", 2),
    "two places from 1": ("word,1,2\na,7,2\nb,4,5\n", 2),
    "two wavelengths": ("word,400,410\na,0.7,2\nb,4,5\n", 2),
    "years": ("land,2001,2005,2006\nnl,1.5,2,3\nfr,4,5,6\n", 2),
    "places": ("word,0,1,2\na,1.5,2,3\nb,4,5,6\n", 2),
    "wavelengths": ("word,400,410,420\na,1.5,2,3\nb,4,5,6\n", 2),
    "chosen columns": ("cell,3,17,42\na,1.5,2,3\nb,4,5,6\n", 2),
    "counted from 1": ("1,2,3\n1.5,2.5,3\n4,5.5,6\n2,2,2\n", 3),
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", FIRST_LINES)
def test_a_first_line_of_whole_numbers_is_names_only_where_it_counts(
    tmp_path: Path, kind: str
) -> None:
    text, n_rows = FIRST_LINES[kind]
    (tmp_path / "a.csv").write_text(text)
    found = inspect_file(tmp_path / "a.csv")
    assert found.columns[0].shape[0] == n_rows


HEAD = "id," + ",".join(f"d{j}" for j in range(D)) + "\n"
BODY = written(WORDS, A)
COMMENTED = {
    "one": "# made by a script\n" + HEAD,
    "several": "# model: x\n# dims: 6, items: 60\n#\n" + HEAD,
    "percent": "% from MATLAB\n" + HEAD,
    "slashes": "// export\n" + HEAD,
    "blank lines": "# export\n\n\n" + HEAD,
    "only blank": "\n\n" + HEAD,
    "names as a comment": "#" + HEAD,
    "names as a comment, with a blank": "# made by a script\n# " + HEAD,
    "many": "".join(f"# line {i}, of, many\n" for i in range(70)) + HEAD,
    "as wide as the table": "# a,b,c,d,e,f,g\n" + HEAD,
    "two as wide as the table": "# a,b,c,d,e,f,g\n# b,c,d,e,f,g,h\n" + HEAD,
    "an open quote": '# he said "no\n' + HEAD,
    "with commas": "# a, b, c\n" + HEAD,
    "separator": "sep=,\n" + HEAD,
    "separator and comment": "sep=,\n# x\n" + HEAD,
    "byte order mark": "\ufeff# x\n" + HEAD,
}


@pytest.mark.slow
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("sign", [",", "\t", ";"])
@pytest.mark.parametrize("kind", COMMENTED)
def test_comments_above_the_names_are_read_past(
    tmp_path: Path, kind: str, sign: str, end: str
) -> None:
    text = (COMMENTED[kind] + BODY).replace(",", sign).replace("\n", end)
    found = read(tmp_path, text, "a.tsv" if sign == "\t" else "a.csv")
    np.testing.assert_array_equal(vectors(found), A)
    assert found.ids.tolist() == WORDS.tolist()
    skipped = [line for line in COMMENTED[kind].splitlines()[:-1] if line[:1] in ("#", "%", "/")]
    assert any("comment" in note for note in found.notes) == bool(skipped or "\ufeff" in text)


def test_words_that_begin_with_a_hash_are_rows(tmp_path: Path) -> None:
    words = ["#a", "#b", *WORDS[2:]]
    assert read(tmp_path, HEAD + written(words, A)).ids.tolist() == words
    assert read(tmp_path, written(words, A)).ids.tolist() == words
    assert read(tmp_path, "# tags\n" + written(words, A)).ids.tolist() == words


TITLES = {
    "Embeddings of March\n": "line 1 of a.csv has 1 cell .*line 2 on have 7.* title, delete it",
    "Embeddings\nof March\n": "line 1 of a.csv has 1 cell .*line 3 on have 7.* title, delete it",
    "Embeddings\nmodel,x\n": "line 1 of a.csv has 1 cell .*line 3 on have 7.* title, delete it",
    "model,x\n": "line 1 of a.csv has 2 cells .*line 2 on have 7.* title, delete it",
    "Embeddings,,,,,,\n": "line 1 of a.csv has one word, 'Embeddings', .* title, delete it",
    "# x\nEmbeddings,,,,,,\n": "line 2 of a.csv has one word, 'Embeddings', .* title, delete it",
}


@pytest.mark.parametrize("title", TITLES)
def test_a_title_above_the_names_is_told(tmp_path: Path, title: str) -> None:
    with pytest.raises(InputError, match=TITLES[title]):
        read(tmp_path, title + HEAD + BODY)


@pytest.mark.parametrize("at", [1, 3, N, N + 1])
def test_mixed_ends_of_lines_are_refused_by_name(tmp_path: Path, at: int) -> None:
    lines = ("# x\n" + HEAD + BODY).splitlines()
    text = "\r\n".join(lines[:at]) + "\r\n" + "\n".join(lines[at:]) + "\n"
    with pytest.raises(InputError, match="mixes lines that end in CR LF"):
        read(tmp_path, text)


def european(sign: str, *, quoted: bool = False, header: bool = True, form: str = "%.7f") -> str:
    mark = '"' if quoted else ""
    rows = [
        sign.join([word, *(f"{mark}{form % x}{mark}".replace(".", ",") for x in row)])
        for word, row in zip(WORDS, A, strict=True)
    ]
    return "\n".join([*([HEAD.strip().replace(",", sign)] if header else []), *rows]) + "\n"


@pytest.mark.slow
@pytest.mark.parametrize("header", [True, False])
@pytest.mark.parametrize(
    ("sign", "quoted"), [(";", False), ("\t", False), ("|", False), (",", True), (";", True)]
)
@pytest.mark.parametrize("form", ["%.7f", "%.7e", "%.3f"])
def test_decimal_commas_are_read_as_points(
    tmp_path: Path, sign: str, quoted: bool, header: bool, form: str
) -> None:
    text = european(sign, quoted=quoted, header=header, form=form)
    found = read(tmp_path, text, "a.tsv" if sign == "\t" else "a.csv")
    np.testing.assert_allclose(vectors(found), A, atol=1e-3 if form == "%.3f" else 1e-6)
    assert found.ids.tolist() == WORDS.tolist()
    assert any("decimal commas" in note for note in found.notes)


def test_labels_with_commas_stay_as_they_are_written(tmp_path: Path) -> None:
    lines = european(";").splitlines()
    text = "\n".join(f"{line};{'label' if not i else '1,5'}" for i, line in enumerate(lines)) + "\n"
    assert {*read(tmp_path, text).items["label"].tolist()} == {"1,5"}


REFUSED = {
    "thousands": ("id;a;b;c\n" + "x;1,234;5,678;2,345\ny;2,345;1,345;9,123\n", "decimal commas"),
    "points as well": (
        "id;d0;d1\n" + "".join(f"{w};0,{i};{i}.5\n" for i, w in enumerate(WORDS)),
        "words|no vectors|gap",
    ),
    "thousands with points": (
        "id;d0;d1\n" + "".join(f"{w};{i}.234,5;0,{i}\n" for i, w in enumerate(WORDS)),
        "words|no vectors|gap",
    ),
    "lists": ("id\tembedding\n" + "a\t0,12;0,34;0,5\nb\t0,2;0,3;0,4\n", "decimal one"),
    "lists in brackets": ("id\te\na\t[0,12; 0,34]\nb\t[0,2; 0,3]\n", "decimal one"),
    "lists with blanks": ("id\tvector\na\t0,12 0,34\nb\t0,2 0,3\n", "decimal one"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_commas_that_may_be_decimal_are_refused_by_name(tmp_path: Path, kind: str) -> None:
    text, message = REFUSED[kind]
    with pytest.raises(InputError, match=message):
        read(tmp_path, text, "a.tsv" if "\t" in text else "a.csv")


@pytest.mark.parametrize("text", ["[0.1,0.2,0.3]", "[0.1, 0.2, 0.3]", "0.1 0.2 0.3", "0.1;0.2;0.3"])
def test_lists_with_one_sign_between_numbers_are_no_decimal_commas(
    tmp_path: Path, text: str
) -> None:
    found = read(tmp_path, f"id\tembedding\na\t{text}\nb\t{text}\n", "a.tsv")
    np.testing.assert_allclose(vectors(found), [[0.1, 0.2, 0.3]] * 2, rtol=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["parquet", "feather", "header", "pandas", "polars", "arrow"])
@pytest.mark.parametrize("start", [0, 1])
def test_row_numbers_among_columns_called_by_their_places_are_no_dim(
    tmp_path: Path, kind: str, start: int
) -> None:
    frame = pd.DataFrame(np.column_stack([ROWS + start, A]))
    frame.columns = [str(i) for i in range(D + 1)]
    path = tmp_path / f"a.{kind}"
    if kind == "parquet":
        frame.to_parquet(path)
    elif kind == "feather":
        frame.to_feather(path)
    elif kind == "header":
        path = tmp_path / "a.csv"
        frame.to_csv(path, index=False)
    made = {"polars": pl.from_pandas, "arrow": pa.Table.from_pandas}
    given = str(path) if path.exists() else made.get(kind, pd.DataFrame)(frame)
    found = from_arrays({"a": given}, metric="euclidean")
    np.testing.assert_allclose(vectors(found), A, rtol=1e-6)
    assert any("column '0' of" in note and "numbers the rows" in note for note in found.notes)


@pytest.mark.parametrize("dims", [A, BYTES, np.arange(N * D).reshape(D, N).T])
def test_frames_of_dims_alone_are_read_whole(dims: AnyArray) -> None:
    found = from_arrays({"a": pd.DataFrame(dims)}, metric="euclidean")
    np.testing.assert_allclose(vectors(found), dims, rtol=1e-6)
    assert not any("numbers the rows" in note for note in found.notes)
