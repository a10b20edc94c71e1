"""Ids, and labels, that are not what they look like."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from emblink.errors import InputError
from emblink.load import from_arrays, load_spaces

N, D = 40, 4
A = np.random.default_rng(7).normal(size=(N, D)).astype("f4")
PLAIN = [f"it{i}" for i in range(N)]
NUMBERS = [str(i + 1) for i in range(N)]
LONG = [str(1000 + 37 * i) for i in range(N)]

PAIRS: dict[str, tuple[list[str], list[str], str]] = {
    "zeros": (NUMBERS, [f"{i + 1:04d}" for i in range(N)], "zeros in front"),
    "zeros after a word": (PLAIN, [f"it{i:05d}" for i in range(N)], "zeros in front"),
    "point and zero": ([f"x{i}" for i in NUMBERS] + [], [f"X{i}" for i in NUMBERS], "capital"),
    "floats": (["a", *NUMBERS[1:]], ["a", *(f"{i}.0" for i in NUMBERS[1:])], "a point and zeros"),
    "floats and zeros": (
        ["a", *(f"{i}.0" for i in NUMBERS[1:])],
        ["a", *(f"{int(i):04d}" for i in NUMBERS[1:])],
        "how they are written",
    ),
    "exponents": (
        ["a", *(f"{i}000" for i in NUMBERS[1:9])],
        ["a", *(f"{i}e3" for i in NUMBERS[1:9])],
        "a point and zeros",
    ),
    "capitals": (PLAIN, [one.upper() for one in PLAIN], "capital letters"),
    "blanks in front": (PLAIN, [f"  {one}" for one in PLAIN], "blanks"),
    "tabs behind": (PLAIN, [f"{one}\t" for one in PLAIN], "blanks"),
    "here": (PLAIN, [f"./{one}" for one in PLAIN], "folder or the ending"),
    "folders": (PLAIN, [f"data/img/{one}.jpg" for one in PLAIN], "folder or the ending"),
    "Windows": (PLAIN, [f"C:\\img\\{one}" for one in PLAIN], "folder or the ending"),
    "ending": (PLAIN, [f"{one}.jpeg" for one in PLAIN], "folder or the ending"),
    "two endings": (PLAIN, [f"{one}.tar.gz" for one in PLAIN], "folder or the ending"),
    "thousands": (LONG, [f"{int(one):,}" for one in LONG], "thousands"),
    "thousands with blanks": (
        LONG,
        [f"{int(one):,}".replace(",", " ") for one in LONG],
        "blanks|th",
    ),
    "quotes": (PLAIN, [f'"{one}"' for one in PLAIN], "quote signs"),
    "dashes": ([f"a-{i}-b" for i in NUMBERS], [f"a_{i}_b" for i in NUMBERS], "dashes"),
    "letters": ([f"Zoe\u0308 {i}" for i in NUMBERS], [f"Zo\u00eb {i}" for i in NUMBERS], "Unicode"),
    "folder and capitals": (PLAIN, [f"IMG/{one.upper()}.PNG" for one in PLAIN], "how they are"),
}


@pytest.mark.parametrize("kind", PAIRS)
def test_ids_that_differ_in_writing_only_are_told_with_counts(kind: str) -> None:
    a, b, what = PAIRS[kind]
    n = len({*b} - {*a})
    shared = ["same", "and"]
    rows = np.resize(A, (len(a) + 2, D))
    found = from_arrays({"a": rows, "b": rows}, ids={"a": [*a, *shared], "b": [*b, *shared]})
    (note,) = [note for note in found.notes if "would be the same but for" in note]
    assert f"{n} more ids" in note
    assert pd.Series([note]).str.contains(what).all()


@pytest.mark.slow
@pytest.mark.parametrize("kind", PAIRS)
def test_ids_of_which_none_is_shared_are_refused_with_the_hint(tmp_path: Path, kind: str) -> None:
    a, b, what = PAIRS[kind]
    keep = [i for i, (one, other) in enumerate(zip(a, b, strict=True)) if one != other]
    for name, ids in (("a", a), ("b", b)):
        table = pa.table({"id": [ids[i] for i in keep], "v": np.resize(A, (len(keep), D)).tolist()})
        pq.write_table(table, tmp_path / f"{name}.parquet")
    with pytest.raises(InputError, match=rf"no item of .*would be the same but for .*({what})"):
        load_spaces([f"{tmp_path}/a.parquet", f"{tmp_path}/b.parquet"])


def test_ids_that_two_of_the_other_file_are_like_are_not_counted() -> None:
    a, b = ["x/1", "y/1", "z", "same"], ["1", "q", "r", "same"]
    found = from_arrays({"a": A[:4], "b": A[:4]}, ids={"a": a, "b": b})
    assert not any("but for" in note for note in found.notes)


def test_a_table_of_items_that_is_written_apart_is_told(tmp_path: Path) -> None:
    items = pd.DataFrame({"id": [f"{one}.jpg" for one in PLAIN[1:]] + ["it0"], "label": "x"})
    found = from_arrays({"a": A}, ids={"a": PLAIN}, items=items)
    assert any("39 more ids" in note for note in found.notes)


@pytest.mark.parametrize("kind", ["two files", "a table of items"])
@pytest.mark.parametrize(("starts", "told"), [((0, 1), True), ((1, 0), True), ((0, 0), False)])
def test_ids_that_count_rows_from_other_numbers_are_told(
    tmp_path: Path, starts: tuple[int, int], told: bool, kind: str
) -> None:
    for name, start in zip("ab", starts, strict=True):
        frame = pd.DataFrame({"id": np.arange(N) + start, "text": PLAIN})
        columns = {f"d{i}": A[:, i] for i in range(D if name == "a" or kind == "two files" else 0)}
        frame.assign(**columns).to_csv(tmp_path / f"{name}.csv", index=False)
    a, b = str(tmp_path / "a.csv"), str(tmp_path / "b.csv")
    found = load_spaces([a, b]) if kind == "two files" else load_spaces([a], items=b)
    assert any("count its rows from" in note for note in found.notes) == told


@pytest.mark.parametrize("n_shared", [0, 2])
@pytest.mark.parametrize("name", ["doc", "put", "sku"])
def test_words_that_tell_items_apart_and_are_not_used_are_told(
    tmp_path: Path, name: str, n_shared: int
) -> None:
    own = [*PLAIN[:n_shared], *(f"q{i}" for i in range(N - n_shared))]
    pq.write_table(pa.table({"id": PLAIN, "v": A.tolist()}), tmp_path / "a.parquet")
    pq.write_table(pa.table({name: own, "v": A.tolist()}), tmp_path / "b.parquet")
    found = load_spaces([f"{tmp_path}/a.parquet", f"{tmp_path}/b.parquet"])
    share = f"of which other files share {n_shared}" if n_shared else "that no other file shares"
    said = f"{name!r} of b.parquet has another value in each row ({own[0]!r} …) {share}: it was not"
    assert any(said in note for note in found.notes)


def test_a_column_that_would_be_the_ids_but_for_its_writing_is_told(tmp_path: Path) -> None:
    pq.write_table(pa.table({"id": NUMBERS, "v": A.tolist()}), tmp_path / "a.parquet")
    doc = [f"{int(i):05d}" for i in NUMBERS[::-1]]
    pq.write_table(pa.table({"doc": doc, "v": A.tolist()}), tmp_path / "b.parquet")
    found = load_spaces([f"{tmp_path}/a.parquet", f"{tmp_path}/b.parquet"])
    assert any("'doc' of b.parquet" in note and "zeros in front" in note for note in found.notes)


MISSING = {
    "NA": {"NA": 7},
    "null": {"null": 9},
    "None": {"None": 20},
    "several": {"None": 5, "N/A": 3, "nan": 1},
}


@pytest.mark.slow
@pytest.mark.parametrize("ending", [".csv", ".tsv"])
@pytest.mark.parametrize("where", ["beside", "items"])
@pytest.mark.parametrize("column", ["label", "country", "text"])
@pytest.mark.parametrize("kind", MISSING)
def test_words_read_as_missing_labels_are_counted(
    tmp_path: Path, kind: str, column: str, where: str, ending: str
) -> None:
    words = [word for word, count in MISSING[kind].items() for _ in range(count)]
    labels = [*words, *(["a", "b"] * N)][:N]
    sign = "\t" if ending == ".tsv" else ","
    dims = pd.DataFrame(A).add_prefix("d").assign(id=PLAIN)
    table = pd.DataFrame({"id": PLAIN, column: labels})
    (dims if where == "items" else dims.assign(**{column: labels})).to_csv(
        tmp_path / f"a{ending}", sep=sign, index=False
    )
    table.to_csv(tmp_path / f"items{ending}", sep=sign, index=False)
    found = load_spaces(
        [f"{tmp_path}/a{ending}"],
        items=f"{tmp_path}/items{ending}" if where == "items" else None,
        label=column if column == "country" else None,
    )
    (note,) = [note for note in found.notes if "read as missing" in note]
    assert f"{len(words)} of {N} cells" in note
    assert all(f"{count} × {word}" in note for word, count in MISSING[kind].items())
    assert (found.items[column] == "").sum() == len(words)


def test_empty_cells_and_typed_files_are_not_counted(tmp_path: Path) -> None:
    labels = [None if i % 2 else "a" for i in range(N)]
    frame = pd.DataFrame(A).add_prefix("d").assign(id=PLAIN, label=labels)
    frame.to_csv(tmp_path / "a.csv", index=False)
    frame.assign(label=["NA"] * N).to_parquet(tmp_path / "b.parquet")
    for name in ("a.csv", "b.parquet"):
        assert not any("missing" in note for note in load_spaces([f"{tmp_path}/{name}"]).notes)
    assert {*load_spaces([f"{tmp_path}/b.parquet"]).items["label"].tolist()} == {"NA"}


@pytest.mark.parametrize("column", ["tag", "version"])
def test_labels_named_in_a_table_of_items_stay_as_they_are_written(
    tmp_path: Path, column: str
) -> None:
    np.save(tmp_path / "a.npy", A)
    words = ["1.1", "1.10", "2", "007"]
    table = pd.DataFrame({column: [words[i % 4] for i in range(N)]})
    table.to_csv(tmp_path / "items.csv", index=False)
    found = load_spaces([f"{tmp_path}/a.npy"], items=f"{tmp_path}/items.csv", label=column)
    assert {*found.items[column].tolist()} == {*words}
