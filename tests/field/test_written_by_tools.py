"""Tables as spreadsheets, R, pandas, MATLAB, Spark and others write them, names or none."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from emblink.errors import InputError
from emblink.load import from_arrays, load_spaces
from emblink.types import AnyArray

N, D = 40, 6
A, B = np.random.default_rng(7).normal(size=(2, N, D)).astype("f4")
IDS = [f"it{i:02d}" for i in range(N)]
LABELS = [["cat", "dog", "bird"][i % 3] for i in range(N)]
NAMES = [f"d{i}" for i in range(D)]


def vectors(path: Path, text: str, **options: Any) -> AnyArray:
    path.write_bytes(text.encode())
    found = load_spaces([str(path)], **options).spaces[path.stem]
    return np.asarray(found.vectors)


ENDS = [(end, inner) for end in ("\n", "\r\n", "\r") for inner in ("\n", "\r\n")]


@pytest.mark.parametrize("at", [[0], [37], [38], [39], range(N)])
@pytest.mark.parametrize(("end", "inner"), ENDS)
def test_cells_hold_other_ends_of_lines_than_rows(
    tmp_path: Path, end: str, inner: str, at: list[int]
) -> None:
    texts = [f'"{i}{inner}more"' if i in at else f"text {i}" for i in range(N)]
    rows = [[*row, *map(str, x)] for *row, x in zip(IDS, texts, A, strict=True)]
    text = "".join(",".join(row) + end for row in (["id", "text", *NAMES], *rows))
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode())
    found = load_spaces([str(path)])
    np.testing.assert_array_equal(found.spaces["a"].vectors, A)
    assert found.ids.tolist() == IDS
    assert found.items["text"].tolist() == [one.strip('"') for one in texts]


def test_a_list_over_more_lines_than_are_looked_at_is_read(tmp_path: Path) -> None:
    wide = np.tile(A, 12)
    rows = [f'{i},"{json.dumps(x.tolist(), indent=2)}"' for i, x in zip(IDS, wide, strict=True)]
    text = "".join(f"{line}\r\n" for line in ("id,embedding", *rows))
    np.testing.assert_array_equal(vectors(tmp_path / "a.csv", text), wide)


FRAMES = {
    "named": pd.DataFrame(A, columns=NAMES),
    "named, with ids": pd.DataFrame(A, columns=NAMES, index=IDS),
    "counted": pd.DataFrame(A),
    "counted, with ids": pd.DataFrame(A, index=IDS),
    "with labels": pd.DataFrame(A, columns=NAMES).assign(label=LABELS),
}


@pytest.mark.parametrize("index", [True, False])
@pytest.mark.parametrize(
    ("sign", "ending"), [("\t", "txt"), (" ", "txt"), (" ", "csv"), (" ", "tsv")]
)
@pytest.mark.parametrize("kind", FRAMES)
def test_frames_written_with_tabs_or_blanks_keep_names_and_rows(
    tmp_path: Path, kind: str, sign: str, ending: str, index: bool
) -> None:
    path = tmp_path / f"a.{ending}"
    FRAMES[kind].to_csv(path, sep=sign, index=index)
    again = tmp_path / f"b.{ending}"
    FRAMES[kind][::-1].to_csv(again, sep=sign, index=index)
    found = load_spaces([str(path), str(again)])
    for name, held in (("a", A), ("b", A[::-1])):
        np.testing.assert_allclose(found.spaces[name].vectors, held, rtol=1e-6)
    if index:
        assert found.spaces["b"].ids.tolist() == FRAMES[kind].index.tolist()[::-1]


@pytest.mark.parametrize("quote", ["", '"'])
@pytest.mark.parametrize("lacks", [True, False])
def test_tables_of_r_with_tabs_are_read_by_their_row_names(
    tmp_path: Path, quote: str, lacks: bool
) -> None:
    names = [f"{quote}{name}{quote}" for name in NAMES]
    rows = [[f"{quote}{i}{quote}", *map(str, x)] for i, x in zip(IDS, A, strict=True)]
    head = names if lacks else [f"{quote}{quote}", *names]
    text = "".join("\t".join(row) + "\n" for row in (head, *rows))
    np.testing.assert_array_equal(vectors(tmp_path / "a.txt", text), A)


@pytest.mark.parametrize("options", [{}, {"index": False}])
@pytest.mark.parametrize("kind", ["counted", "counted, with ids"])
def test_a_line_that_counts_the_columns_is_no_row(
    tmp_path: Path, kind: str, options: dict[str, Any]
) -> None:
    text = FRAMES[kind].to_string(**options)
    for ending in ("txt", "vec"):
        with pytest.raises(InputError, match=r"line 1 of a.* counts the columns"):
            vectors(tmp_path / f"a.{ending}", text)
    rest = text.split("\n", 1)[1]
    assert vectors(tmp_path / "a.txt", rest).shape == (N, D)
    lines = [f"{i} " + " ".join(map(str, x)) for i, x in zip(IDS, A, strict=True)]
    np.testing.assert_array_equal(vectors(tmp_path / "w.vec", "\n".join([f"{N} {D}", *lines])), A)


PLACES = [
    "V1",
    "Var1",
    "Col0",
    "COL1",
    "column_1",
    "_c0",
    "field_0",
    "Unnamed: 0",
    "...1",
    "Column 1",
]


def placed(first: str, *columns: Any) -> pd.DataFrame:
    start, held = int(first[-1]), [one for column in columns for one in np.atleast_2d(column)]
    names = [f"{first[:-1]}{start + i}" for i in range(len(held))]
    return pd.DataFrame(dict(zip(names, held, strict=True)))


@pytest.mark.parametrize("first", PLACES)
def test_names_of_places_say_nothing_of_dims(tmp_path: Path, first: str) -> None:
    for column, beside in (
        (np.arange(N) + int(first[-1]), "numbers the rows"),
        (np.array(IDS, object), "holds the ids"),
    ):
        text = placed(first, column, A.T, np.arange(N) % 3).to_csv(index=False)
        np.testing.assert_allclose(vectors(tmp_path / "a.csv", text), A, rtol=1e-6)
        notes = " ".join(load_spaces([str(tmp_path / "a.csv")]).notes)
        assert beside in notes
        assert "repeats a few values, and is no dimension" in notes


@pytest.mark.parametrize("first", [*PLACES, "d0", "X1", "feature_0", "dim_00"])
@pytest.mark.parametrize("ending", ["parquet", "jsonl", "json", "csv"])
def test_a_first_column_that_numbers_the_rows_is_no_dim(
    tmp_path: Path, first: str, ending: str
) -> None:
    made = placed(first, np.arange(N), A.T).assign(label=LABELS)
    path = tmp_path / f"a.{ending}"
    if ending == "parquet":
        made.to_parquet(path)
    elif ending == "csv":
        made.to_csv(path, index=False)
    else:
        made.to_json(path, orient="records", lines=ending == "jsonl", double_precision=15)
    found = load_spaces([str(path)])
    np.testing.assert_allclose(found.spaces["a"].vectors, A, rtol=1e-6)
    assert any("numbers the rows, and is no dimension" in note for note in found.notes)


LONG: dict[str, pd.DataFrame] = {
    "words": pd.DataFrame(A, index=IDS)
    .stack()
    .rename_axis(["word", "dim"])
    .rename("value")
    .reset_index(),
    "places": pd.DataFrame(A).stack().rename_axis(["row", "col"]).rename("val").reset_index(),
    "sparse": pd.DataFrame(np.where(A > 0, A, np.nan))
    .stack()
    .dropna()
    .rename_axis(["i", "j"])
    .rename("v")
    .reset_index(),
}


@pytest.mark.parametrize("kind", LONG)
@pytest.mark.parametrize("ending", ["csv", "parquet", "jsonl"])
def test_a_row_for_each_number_is_told(tmp_path: Path, kind: str, ending: str) -> None:
    path = tmp_path / f"a.{ending}"
    made = LONG[kind]
    if ending == "parquet":
        made.to_parquet(path)
    elif ending == "csv":
        made.to_csv(path, index=False)
    else:
        made.to_json(path, orient="records", lines=True)
    item, dim, number = made.columns
    told = rf"row for each number \({item}, {dim}, {number}\).* df.pivot\(index='{item}'"
    with pytest.raises(InputError, match=told):
        load_spaces([str(path)])


def test_numbers_beside_a_label_are_no_long_table(tmp_path: Path) -> None:
    made = pd.DataFrame(A[:, :2], columns=["x", "y"]).assign(label=LABELS)
    made.to_csv(tmp_path / "a.csv", index=False)
    found = load_spaces([str(tmp_path / "a.csv")])
    np.testing.assert_allclose(found.spaces["a"].vectors, A[:, :2], rtol=1e-6)


BESIDE = {
    "unsorted ids": np.random.default_rng(3).permutation(N) * 3 + 7,
    "labels": np.arange(N) % 3,
    "large ids": np.random.default_rng(3).permutation(N) + 2**31,
}


def written(path: Path, values: AnyArray) -> str:
    if path.suffix == ".npy":
        np.save(path, values)
    elif path.suffix == ".txt":
        np.savetxt(path, values)
    elif path.suffix == ".json":
        path.write_text(json.dumps(values.tolist()))
    else:
        path.write_text("".join(json.dumps(row) + "\n" for row in values.tolist()))
    return str(path)


@pytest.mark.parametrize("last", [True, False])
@pytest.mark.parametrize("ending", ["npy", "json", "jsonl"])
def test_ids_in_front_of_arrays_are_no_dim(tmp_path: Path, ending: str, last: bool) -> None:
    for rising in (np.arange(N), np.arange(N) + 1, np.arange(N) * 5 + 100):
        held = [A, rising] if last else [rising, A]
        path = written(tmp_path / f"a.{ending}", np.column_stack(held))
        with pytest.raises(InputError, match=r"of each row of a.* is whole and goes up"):
            load_spaces([path])
        with pytest.raises(InputError, match="whole and goes up"):
            from_arrays({"a": np.column_stack(held)})


@pytest.mark.parametrize("last", [True, False])
@pytest.mark.parametrize("ending", ["npy", "json", "jsonl", "txt"])
@pytest.mark.parametrize("kind", BESIDE)
def test_whole_numbers_that_both_arrays_hold_are_no_dim(
    tmp_path: Path, kind: str, ending: str, last: bool
) -> None:
    paths = []
    for name, held in (("a", A), ("b", B)):
        beside = BESIDE[kind]
        values = np.column_stack([held, beside] if last else [beside, held])
        paths.append(written(tmp_path / f"{name}.{ending}", values))
    said = r"whole and (the same in a\..* and b\..*, where|differs from all) others"
    with pytest.raises(InputError, match=said):
        load_spaces(paths)


@pytest.mark.parametrize("last", [True, False])
@pytest.mark.parametrize("ending", ["npy", "json", "jsonl", "txt"])
def test_whole_numbers_beside_fractions_are_never_taken_silently(
    tmp_path: Path, ending: str, last: bool
) -> None:
    rng = np.random.default_rng(5)
    for ids in (rng.permutation(N), rng.permutation(N) * 7 + 100, rng.permutation(N) + 2**40):
        held = np.column_stack([A, ids] if last else [ids, A])
        with pytest.raises(InputError, match="whole and differs from all others"):
            load_spaces([written(tmp_path / f"a.{ending}", held)])
    np.save(tmp_path / "b.npy", B)
    for labels in (np.arange(N) % 2, rng.permutation(N) // 4, np.maximum(np.arange(N)[::-1], 1)):
        held = np.column_stack([A, labels] if last else [labels, A])
        sources = [written(tmp_path / f"a.{ending}", held), str(tmp_path / "b.npy")]
        said = f"{'last' if last else 'first'} number of each row of a.{ending} is whole, and one"
        assert any(said in note for note in load_spaces(sources).notes)


def test_columns_that_are_named_are_taken_as_they_are(tmp_path: Path) -> None:
    paths = []
    for name, held in (("a", A), ("b", B)):
        paths.append(str(tmp_path / f"{name}.parquet"))
        placed("d0", np.arange(N), held.T).to_parquet(paths[-1])
    found = load_spaces(paths, vector="d*")
    assert found.spaces["a"].vectors.shape == (N, D + 1)
    frame = pd.DataFrame(np.column_stack([np.arange(N), A]))
    assert from_arrays({"a": frame}, vector="*").spaces["a"].vectors.shape == (N, D + 1)


@pytest.mark.parametrize(
    "values",
    [
        A,
        np.where(np.arange(D) == 0, 0, A),
        np.column_stack([np.arange(N) >= N / 2, A]),
        np.arange(N * D).reshape(N, D) * 7 % 50,
        np.column_stack([np.arange(N), A[:, 0]]),
    ],
)
def test_arrays_of_dims_alone_are_read_whole(values: AnyArray) -> None:
    found = from_arrays({"a": values, "b": values.copy()}, metric="euclidean")
    np.testing.assert_array_equal(found.spaces["b"].vectors, values.astype("f4"))


def test_an_archive_with_a_mean_beside_vectors_and_ids_is_asked_for(tmp_path: Path) -> None:
    held = io.BytesIO()
    np.savez(held, vectors=A, mean=A.mean(0, keepdims=True), ids=np.array(IDS))
    (tmp_path / "a.npz").write_bytes(held.getvalue())
    with pytest.raises(InputError, match=r"differ in rows .* name one: a.npz::vectors"):
        load_spaces([str(tmp_path / "a.npz")])
