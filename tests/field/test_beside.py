"""What stands beside the vectors: told, read, and taken for what it is."""

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
from tests.field.test_formats import safetensors

N, D = 8, 4
A = np.random.default_rng(7).normal(size=(N, D)).astype("f4")
IDS = [f"it{i}" for i in range(N)]

WRITTEN: dict[str, Any] = {
    "JSON": [str(row) for row in A.tolist()],
    "numpy": [str(row) for row in A],
    "PostgreSQL": ["{" + ",".join(map(repr, row)) + "}" for row in A.tolist()],
    "numpy's scalars": [
        "[" + ", ".join(f"np.float32({one!r})" for one in row) + "]" for row in A.tolist()
    ],
}


@pytest.mark.parametrize("kind", WRITTEN)
def test_vectors_written_as_text_in_a_frame_are_read_as_in_a_file(kind: str) -> None:
    found = from_arrays({"a": pd.DataFrame({"id": IDS, "embedding": WRITTEN[kind]})})
    np.testing.assert_allclose(np.asarray(found.spaces["a"].vectors), A, rtol=1e-4, atol=1e-6)
    assert found.ids.tolist() == IDS


@pytest.mark.parametrize(
    ("last", "message"),
    [
        ("[1, 2]", "different lengths"),
        ("[1, x, 2, 3]", "row 7"),
        ("[1, ..., 2]", "cut short|row 7"),
    ],
)
def test_texts_that_are_no_vectors_are_refused(last: str, message: str) -> None:
    frame = pd.DataFrame({"id": IDS, "embedding": [*WRITTEN["JSON"][:-1], last]})
    with pytest.raises(InputError, match=message):
        from_arrays({"a": frame})


ASIDE: dict[str, Any] = {
    "lists": [["x"]] * N,
    "dicts": [{"n": 1}] * N,
    "lists of lists": [[[1], [2, 3]]] * N,
    "objects": [object() for _ in range(N)],
}


@pytest.mark.parametrize("where", ["space", "items"])
@pytest.mark.parametrize("kind", ASIDE)
def test_columns_of_a_frame_that_are_left_out_are_told(kind: str, where: str) -> None:
    aside = pd.Series(ASIDE[kind], dtype=object)
    if where == "space":
        frame = pd.DataFrame(A).add_prefix("d").assign(id=IDS, tags=aside)
        found = from_arrays({"a": frame})
    else:
        found = from_arrays({"a": A}, items=pd.DataFrame({"label": IDS, "tags": aside}))
    assert any("left out of" in note and "tags (" in note for note in found.notes)


@pytest.mark.parametrize("kind", ["I64", "I32", "U8", "F32"])
@pytest.mark.parametrize("name", ["id", "ids", "labels"])
def test_a_tensor_of_one_axis_beside_the_vectors_is_read(
    tmp_path: Path, name: str, kind: str
) -> None:
    sizes = {"I64": "<i8", "I32": "<i4", "U8": "u1", "F32": "<f4"}
    values = (np.arange(N) * 3 % 11).astype(sizes[kind])
    path = tmp_path / "a.safetensors"
    path.write_bytes(safetensors({name: (kind, values), "e": ("F32", A)}))
    found = load_spaces([str(path)])
    np.testing.assert_array_equal(np.asarray(found.spaces["a"].vectors), A)
    held = found.items["labels"] if name == "labels" else found.ids
    assert held.tolist() == values.tolist()


@pytest.mark.slow
@pytest.mark.parametrize("columns", [D, 300])
@pytest.mark.parametrize("quote", ['"', ""])
@pytest.mark.parametrize("sign", [",", "\t", ";"])
def test_a_header_without_the_name_of_the_first_column_is_that_of_row_names(
    tmp_path: Path, sign: str, quote: str, columns: int
) -> None:
    rows = np.random.default_rng(3).normal(size=(N, columns)).astype("f4")
    for file, order in (("a", range(N)), ("b", range(N)[::-1])):
        lines = [sign.join(f"{quote}d{i}{quote}" for i in range(columns))]
        lines += [f"{quote}{IDS[i]}{quote}{sign}" + sign.join(map(str, rows[i])) for i in order]
        (tmp_path / f"{file}.csv").write_text("\n".join(lines) + "\n")
    found = load_spaces([f"{tmp_path}/a.csv", f"{tmp_path}/b.csv"])
    assert found.ids.tolist() == IDS
    np.testing.assert_allclose(np.asarray(found.spaces["a"].vectors), rows, rtol=1e-5)


def test_a_header_that_may_lack_another_name_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,d0\na,1.5,2.5\nb,2.5,3.5\n")
    with pytest.raises(InputError, match=r"a\.csv"):
        load_spaces([f"{tmp_path}/a.csv"])


def test_rows_that_end_in_an_empty_cell_are_under_their_names(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,d0,d1\na,1.5,2,\nb,2.5,3,\n")
    found = load_spaces([f"{tmp_path}/a.csv"])
    assert found.ids.tolist() == ["a", "b"]
    assert np.asarray(found.spaces["a"].vectors).tolist() == [[1.5, 2.0], [2.5, 3.0]]


@pytest.mark.parametrize("ending", ["json", "jsonl", "parquet"])
def test_columns_of_a_table_of_items_that_are_left_out_are_told(
    tmp_path: Path, ending: str
) -> None:
    path = tmp_path / f"items.{ending}"
    held = {"id": IDS, "tags": [["a", "b"], ["c"]] * (len(IDS) // 2), "v": A.tolist()}
    if ending == "parquet":
        pq.write_table(pa.table(held), path)
    else:
        pd.DataFrame(held).to_json(path, orient="records", lines=ending == "jsonl")
    (told,) = [note for note in from_arrays({"a": A}, items=path).notes if "left out" in note]
    assert "tags (" in told
    assert "v (" not in told
