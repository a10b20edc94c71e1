"""Ids that only count rows, and rows out of their order: told by the columns beside them."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from emblink.errors import InputError
from emblink.load import from_arrays, load_spaces

N = 20
RNG = np.random.default_rng(7)
A = RNG.normal(size=(N, 4))
MOVED = RNG.permutation(N)
KEYS = [f"k{i:03d}" for i in range(N)]


def frame(values: Any, **beside: Any) -> pd.DataFrame:
    return pd.DataFrame({**beside, "embedding": values.tolist()})


def moved(values: list[Any]) -> list[Any]:
    return [values[i] for i in MOVED]


@pytest.mark.parametrize(
    ("first", "other", "values"),
    [
        ("doc_id", "uid", KEYS),
        ("url", "link", [f"https://a.b/{key}" for key in KEYS]),
        ("text", "title", [f"some words of {key}" for key in KEYS]),
        ("doc", "doc_id", [7 * i + 100 for i in range(N)]),
    ],
)
def test_keys_of_other_names_tell_that_ids_count_rows(
    tmp_path: Path, first: str, other: str, values: list[Any]
) -> None:
    frame(A, id=range(N), **{first: values}).to_parquet(tmp_path / "a.parquet")
    theirs = frame(A[MOVED], id=range(N), **{other: moved(values)})
    theirs.to_parquet(tmp_path / "b.parquet")
    given = [f"{tmp_path}/a.parquet", f"{tmp_path}/b.parquet"]
    said = [note for note in load_spaces(given).notes if "only count the rows" in note]
    assert len(said) == 1
    assert repr(first) in said[0]
    assert repr(other) in said[0]
    ids = {"a": f"{given[0]}::{first}", "b": f"{given[1]}::{other}"}
    found = load_spaces(given, ids=ids)
    assert not any("only count" in note for note in found.notes)
    a, b = (found.spaces[name].vectors[np.argsort(found.rows[name])] for name in "ab")
    np.testing.assert_array_equal(a, b)
    theirs.drop(columns="embedding").to_csv(tmp_path / "items.csv", index=False)
    items = load_spaces(given[:1], items=tmp_path / "items.csv")
    assert any("only count the rows" in note for note in items.notes)


def test_keys_in_one_order_say_nothing(tmp_path: Path) -> None:
    frames = {
        name: frame(A, id=range(N), **{column: KEYS})
        for name, column in (("a", "doc_id"), ("b", "uid"))
    }
    assert not from_arrays(frames).notes


@pytest.mark.parametrize("start", [0, 1])
@pytest.mark.parametrize("name", ["idx", "row", "pos", "order", "seen"])
def test_rows_out_of_the_order_that_a_column_says_are_told(
    tmp_path: Path, name: str, start: int
) -> None:
    np.save(tmp_path / "a.npy", A)
    frame(A[MOVED], **{name: MOVED + start}).to_parquet(tmp_path / "b.parquet")
    given = [f"{tmp_path}/a.npy", f"{tmp_path}/b.parquet"]
    assert any(
        f"column {name!r} of b.parquet numbers its rows" in n for n in load_spaces(given).notes
    )
    frame(A, **{name: range(start, start + N)}).to_parquet(tmp_path / "b.parquet")
    assert not any("numbers its rows" in note for note in load_spaces(given).notes)


def test_rows_that_were_left_out_before_are_told(tmp_path: Path) -> None:
    kept = [i for i in range(N + 2) if i not in (3, 4)]
    found = from_arrays({"a": A, "b": frame(A, pos=kept)})
    assert any("column 'pos' of space 'b'" in note for note in found.notes)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_an_array_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as archive:
        for values in (A, -A):
            held = io.BytesIO()
            np.save(held, values)
            archive.writestr("emb.npy", held.getvalue())
    with pytest.raises(InputError, match="two arrays named 'emb'"):
        load_spaces([str(tmp_path / "a.npz")])
    entry = '"x":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]}'
    header = f"{{{entry},{entry}}}".encode()
    whole = struct.pack("<Q", len(header)) + header + bytes(16)
    (tmp_path / "a.safetensors").write_bytes(whole)
    with pytest.raises(InputError, match="'x' twice"):
        load_spaces([str(tmp_path / "a.safetensors")])
