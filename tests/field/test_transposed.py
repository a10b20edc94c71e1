"""Columns that are no vectors, first lines that are data, and ids that look like numbers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from emblink.errors import InputError
from emblink.load import load_spaces

N, D = 40, 6
A = np.random.default_rng(7).normal(size=(N, D)).astype("f4")
IDS = [f"it{i:03d}" for i in range(N)]


def saved(path: Path, text: str) -> str:
    path.write_text(text)
    return str(path)


COLUMNS: dict[str, list[str]] = {
    "places": ["longitude", "latitude"],
    "places and height": ["lat", "lng", "elevation"],
    "greek": ["alpha", "beta", "gamma"],
    "one": ["x"],
    "described in part": ["price", "alpha"],
}


@pytest.mark.parametrize("kind", COLUMNS)
def test_an_object_of_columns_is_not_read_as_words_and_vectors(tmp_path: Path, kind: str) -> None:
    held = {name: A[:, j].tolist() for j, name in enumerate(COLUMNS[kind])}
    with pytest.raises(InputError, match=r"a\.json (has no vectors|holds lists)"):
        load_spaces([saved(tmp_path / "a.json", json.dumps(held))])


def test_an_object_of_many_words_is_words_and_vectors(tmp_path: Path) -> None:
    words = [*IDS[2:], "time", "weight"]
    held = dict(zip(words, A.tolist(), strict=True))
    found = load_spaces([saved(tmp_path / "a.json", json.dumps(held))])
    assert found.ids.tolist() == words


REPEATED = {
    "words": '{"a": [1, 2], "b": [2, 3], "a": [5, 6]}',
    "objects": '[{"id": "a", "v": [1, 2], "id": "b"}]',
    "columns": '{"id": ["a"], "v": [[1, 2]], "id": ["b"]}',
    "within": '[{"id": 1, "v": [1, 2], "meta": {"id": 1, "id": 2}}]',
}


@pytest.mark.parametrize("kind", REPEATED)
def test_a_key_that_is_there_twice_is_refused_by_name(tmp_path: Path, kind: str) -> None:
    name = "a" if kind == "words" else "id"
    with pytest.raises(InputError, match=f"key '{name}' twice"):
        load_spaces([saved(tmp_path / "a.json", REPEATED[kind])])


MIXED: dict[str, list[str]] = {
    "places": ["lat", "lng", "alt", "temp"],
    "adverts": ["clicks", "ctr", "cpc"],
    "adverts and more": ["clicks", "revenue", "bounce"],
    "genes": ["CD3E", "MS4A", "LYZ", "NKG", "GNLY", "pct_mito"],
    "weather": ["temperature", "pressure", "humidity"],
}


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["csv", "parquet"])
@pytest.mark.parametrize("kind", MIXED)
def test_numbers_beside_others_that_describe_items_are_asked_for(
    tmp_path: Path, kind: str, ending: str
) -> None:
    frame = pd.DataFrame(A[:, : len(MIXED[kind])], columns=MIXED[kind]).assign(id=IDS)
    path = tmp_path / f"a.{ending}"
    frame.to_csv(path, index=False) if ending == "csv" else frame.to_parquet(path)
    with pytest.raises(InputError, match="--vector"):
        load_spaces([str(path)])


FIRST: dict[str, str] = {
    "a word and counted": "cat,1,2\ndog,3,4\ncow,5,7\nowl,7,9\n",
    "counted from none": "0,1,2\n1,5,3\n2,7,9\n3,4,4\n",
    "counted, and others": "0,1,2\n7,5,3\n4,7,9\n9,4,4\n",
}


@pytest.mark.parametrize("kind", FIRST)
def test_a_first_line_that_is_like_those_below_is_no_names(tmp_path: Path, kind: str) -> None:
    found = load_spaces(
        [saved(tmp_path / "a.csv", FIRST[kind])], vector="*" if "word" not in kind else None
    )
    assert len(found.ids) == 4


@pytest.mark.parametrize("first", ["id", "word", "text", ""])
def test_a_first_line_of_counted_names_is_names(tmp_path: Path, first: str) -> None:
    found = load_spaces([saved(tmp_path / "a.csv", f"{first},1,2\ndog,3,4\ncow,5,7\n")])
    assert len(found.ids) == 2


@pytest.mark.parametrize("rows", ["whole", "fractions"])
def test_unique_whole_numbers_in_the_last_column_are_no_dim(tmp_path: Path, rows: str) -> None:
    last = np.random.default_rng(3).permutation(N) + 100
    held = A if rows == "fractions" else np.round(A * 10) / 2
    text = pd.DataFrame(held).assign(z=last).to_csv(index=False, header=False)
    path = saved(tmp_path / "a.csv", text)
    if rows == "fractions":
        found = load_spaces([path])
        assert found.ids.tolist() == last.tolist()
        assert found.spaces["a"].vectors.shape == (N, D)
    else:
        found = load_spaces([path])
        assert found.spaces["a"].vectors.shape == (N, D)


POWERS: dict[str, list[str]] = {
    "powers": ["12e4", "13e4", "120000", "7e1"],
    "all powers": ["1e3", "2E3", "3e3", "4e3"],
    "parted": ["1_001", "1_002", "1_003", "1_0"],
    "parts": ["1.1", "1.10", "2.0", "10.2"],
    "padded": ["012", "013", "014", "12"],
}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["id", "doc_id", "item"])
@pytest.mark.parametrize("kind", POWERS)
def test_ids_that_look_like_numbers_stay_as_written(tmp_path: Path, kind: str, name: str) -> None:
    paths = []
    for file, ids in (("a", POWERS[kind]), ("b", POWERS[kind][::-1])):
        rows: list[Any] = [f"{one},{i}.5,{i * i}.25" for i, one in enumerate(ids)]
        paths.append(saved(tmp_path / f"{file}.csv", "\n".join([f"{name},d0,d1", *rows, ""])))
    assert load_spaces(paths).ids.tolist() == POWERS[kind]
