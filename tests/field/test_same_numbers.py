"""Numbers that describe items among dims that have no numbers in their names, and lines as data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet as pq

from emblink.errors import InputError
from emblink.load import from_arrays, load_spaces

N, D = 12, 6
RNG = np.random.default_rng(7)
A, B = RNG.normal(size=(2, N, D)).astype("f4")
IDS = [f"it{i}" for i in range(N)]
WAGE = RNG.random(N) * 1e5
GREEK = ["alpha", "beta", "gamma", "delta", "eta", "zeta"]


def frame(values: Any, names: list[str], **beside: Any) -> pd.DataFrame:
    return pd.DataFrame(values, columns=names).assign(id=IDS, **beside)


@pytest.mark.parametrize("beside", [{"income": WAGE}, {"income": WAGE, "net": WAGE / 2}])
def test_numbers_that_are_the_same_in_both_files_are_no_dims(
    tmp_path: Path, beside: dict[str, Any]
) -> None:
    paths = []
    for name, values in (("a", A), ("b", B)):
        paths.append(str(tmp_path / f"{name}.csv"))
        frame(values, GREEK, **beside).to_csv(paths[-1], index=False)
    with pytest.raises(InputError, match=r"income.* same in a.csv and b.csv, number for number"):
        load_spaces(paths)
    assert load_spaces(paths, vector="*").spaces["a"].vectors.shape == (N, D + len(beside))
    assert load_spaces([paths[0], f"again={paths[0]}"]).spaces["a"].vectors.shape[1] > D


def test_frames_with_the_same_numbers_are_refused_by_their_names() -> None:
    with pytest.raises(InputError, match="income is the same in space 'a' and space 'b'"):
        from_arrays({"a": frame(A, GREEK, income=WAGE), "b": frame(B, GREEK, income=WAGE)})


def test_numbers_named_otherwise_than_most_are_no_dims_and_told(tmp_path: Path) -> None:
    names = [f"f_{letter}" for letter in "abcdef"]
    frame(A, names, income=WAGE).to_csv(tmp_path / "a.csv", index=False)
    found = load_spaces([str(tmp_path / "a.csv")])
    np.testing.assert_allclose(found.spaces["a"].vectors, A, rtol=1e-6)
    assert any("income of a.csv was not taken as dims" in note for note in found.notes)


@pytest.mark.parametrize(
    "names", [["n_tokens", "n_chars", "n_words"], ["user_age", "user_score", "user_rating"]]
)
def test_counts_of_one_beginning_are_no_vectors(tmp_path: Path, names: list[str]) -> None:
    frame(A[:, :3], names).to_csv(tmp_path / "a.csv", index=False)
    with pytest.raises(InputError, match="has no vectors"):
        load_spaces([str(tmp_path / "a.csv")])


@pytest.mark.parametrize(
    "written",
    [
        lambda one: f"{one * 1e4:,.1f}",
        lambda one: f"{one * 100:.3f}%",
        lambda one: f"{one:.6E}".replace("E", "D"),
        lambda one: f"{one:.4f}".replace("-", "−"),
    ],
)
@pytest.mark.parametrize("beside", [{}, {"alpha": WAGE, "beta": WAGE}])
def test_numbered_columns_of_other_notations_are_named(
    tmp_path: Path, written: Any, beside: dict[str, Any]
) -> None:
    names = [f"d{i}" for i in range(D)]
    frame(-np.abs(A), names).map(lambda one: one if isinstance(one, str) else written(one)).assign(
        **beside
    ).to_csv(tmp_path / "a.csv", index=False)
    with pytest.raises(InputError, match=r"numbered columns d0 … d5 of a\.csv hold numbers"):
        load_spaces([str(tmp_path / "a.csv")])


@pytest.mark.parametrize(
    ("name", "sign", "part"), [("a.tsv", "\t", ","), ("a.csv", ",", " "), ("a.csv", ";", " ")]
)
def test_a_first_line_of_a_word_and_a_bare_list_is_data(
    tmp_path: Path, name: str, sign: str, part: str
) -> None:
    rows = [f"{word}{sign}{part.join(map(str, row))}\n" for word, row in zip(IDS, A, strict=True)]
    (tmp_path / name).write_text("".join(rows))
    found = load_spaces([str(tmp_path / name)])
    np.testing.assert_allclose(found.spaces["a"].vectors, A, rtol=1e-6)
    assert found.ids.tolist() == IDS


def test_names_that_look_like_tuples_are_names(tmp_path: Path) -> None:
    frame(A, [f"('emb', {i})" for i in range(D)]).to_csv(tmp_path / "a.csv", index=False)
    found = load_spaces([str(tmp_path / "a.csv")])
    np.testing.assert_allclose(found.spaces["a"].vectors, A, rtol=1e-6)


def test_blanks_around_names_are_no_part_of_them(tmp_path: Path) -> None:
    head = "id , label , " + " , ".join(f"d{i}" for i in range(D))
    rows = [f"{one},yes,{','.join(map(str, row))}" for one, row in zip(IDS, A, strict=True)]
    (tmp_path / "a.csv").write_text("\n".join([head, *rows]) + "\n")
    found = load_spaces([str(tmp_path / "a.csv")])
    assert found.ids.tolist() == IDS
    assert found.roles["label"] == "label"


def test_what_mysql_and_copy_write_for_nothing_is_missing(tmp_path: Path) -> None:
    held = frame(A, [f"d{i}" for i in range(D)], label=["x"] * (N - 1) + [r"\N"])
    held["d0"] = held["d0"].astype(object)
    held.loc[3, "d0"] = r"\N"
    held.to_csv(tmp_path / "a.tsv", index=False, sep="\t")
    found = load_spaces([str(tmp_path / "a.tsv")], on_bad="drop")
    assert found.spaces["a"].vectors.shape == (N - 1, D)
    assert found.items["label"].tolist()[-1] == ""


def test_coordinates_called_y_are_numbers_and_classes_words(tmp_path: Path) -> None:
    lists = [str(row) for row in A.tolist()]
    for name, values in (("a", A[:, 0]), ("b", [0, 1] * (N // 2))):
        held = pd.DataFrame({"id": IDS, "x": A[:, 1], "y": values, "embedding": lists})
        held.to_csv(tmp_path / f"{name}.csv", index=False)
    measured = load_spaces([str(tmp_path / "a.csv")]).items["y"]
    np.testing.assert_allclose(measured, A[:, 0], rtol=1e-6)
    assert load_spaces([str(tmp_path / "b.csv")]).items["y"].tolist()[:2] == ["0", "1"]


def parquet(path: Path, values: Any, **columns: Any) -> str:
    pq.write_table(pa.table({**columns, "e": np.asarray(values).tolist()}), path)
    return str(path)


def test_ids_that_may_only_count_rows_are_told_where_titles_say_otherwise(tmp_path: Path) -> None:
    titles = [f"title {i}" for i in range(N)]
    a = parquet(tmp_path / "a.parquet", A, id=range(N), title=titles)
    b = parquet(tmp_path / "b.parquet", A[::-1], id=range(N), title=titles[::-1])
    notes = load_spaces([a, b]).notes
    assert any("same values in both under other ids" in note for note in notes)
    assert load_spaces([a, b], id="title").rows["b"][0] != 0


@pytest.mark.parametrize("values", [[f"t{i}" for i in range(N)], [*range(1, N + 1)]])
def test_columns_that_differ_for_the_same_ids_are_told(tmp_path: Path, values: list[Any]) -> None:
    a = parquet(tmp_path / "a.parquet", A, id=IDS, held=values)
    b = parquet(tmp_path / "b.parquet", A, id=IDS, held=[*values[1:], values[0]])
    assert any("'held' differs for 12 of 12" in note for note in load_spaces([a, b]).notes)


def test_a_shared_column_beside_ids_of_which_none_is_shared_is_named(tmp_path: Path) -> None:
    keys = [f"k{i}" for i in range(N)]
    a = parquet(tmp_path / "a.parquet", A, id=IDS, key=keys)
    b = parquet(tmp_path / "b.parquet", A, id=[f"x{one}" for one in IDS], key=keys)
    with pytest.raises(InputError, match=r"column 'key' of both .*\(--id key\)"):
        load_spaces([a, b])
    assert load_spaces([a, b], id="key").ids.tolist() == keys
