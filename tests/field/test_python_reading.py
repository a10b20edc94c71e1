"""Python reads files by the same choices, under the same names, as the command line."""

import json
from inspect import signature
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from PIL import Image

import emblink as eb
from emblink._compare_command import compare as command
from emblink.errors import InputError
from emblink.load import from_arrays

N, D = 30, 6
A = np.random.default_rng(5).normal(size=(N, D)).astype("f4")
B = A[:, ::-1].copy()
IDS = [f"w{i}" for i in range(N)]
TABLE = {"id": IDS, "title": [*A], "body": [*B]}

ELSEWHERE = {
    "sources": "spaces",
    "item_id": "ids",
    "label": "labels",
    "thumbnail": "thumbnails",
    "variant": "variants",
    "replicate": "replicates",
    "picture": "pictures",
    "drop_bad": "on_bad",
}
"""Options that have another name in Python."""
OF_THE_TERMINAL = {"full", "as_json", "open_now", "port", "dask"}


def test_each_option_of_the_command_line_is_there_in_python() -> None:
    there = signature(eb.compare).parameters
    options = set(signature(command).parameters) - OF_THE_TERMINAL
    assert {ELSEWHERE.get(name, name) for name in options} <= {*there}


@pytest.mark.parametrize("kind", ["file", "pandas", "polars", "arrow"])
def test_the_column_of_vectors_is_named_as_on_the_command_line(tmp_path: Path, kind: str) -> None:
    frame = pd.DataFrame(TABLE)
    given: object = frame
    if kind == "file":
        frame.to_parquet(tmp_path / "a.parquet")
        given = str(tmp_path / "a.parquet")
    elif kind == "polars":
        given = pl.DataFrame({"id": IDS, "title": A.tolist(), "body": B.tolist()})
    elif kind == "arrow":
        given = pa.Table.from_pandas(frame)
    with pytest.raises(InputError, match="several columns of vectors"):
        from_arrays({"a": given})
    for vector, values in (("title", A), ("body", B)):
        found = from_arrays({"a": given}, vector=vector)
        np.testing.assert_array_equal(found.spaces["a"].vectors, values)
        assert found.ids.tolist() == IDS
    with pytest.raises(InputError, match="has no column 'abstract'"):
        from_arrays({"a": given}, vector="abstract")


def test_patterns_and_fields_of_records_are_named(tmp_path: Path) -> None:
    wide = pd.DataFrame({"id": IDS, **{f"a{i}": A[:, i] for i in range(D)}}).assign(
        **{f"b{i}": B[:, i] for i in range(D)}
    )
    found = from_arrays({"a": wide}, vector="b*")
    np.testing.assert_array_equal(found.spaces["a"].vectors, B)
    lines = [
        {"id": one, "p": {"x": A[i].tolist(), "y": B[i].tolist(), "text": f"t{i}"}}
        for i, one in enumerate(IDS)
    ]
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    found = from_arrays({"a": path}, vector="p.y", text="p.text")
    np.testing.assert_array_equal(found.spaces["a"].vectors, B)
    assert found.items["p.text"].tolist() == [f"t{i}" for i in range(N)]


def test_a_column_is_not_named_where_there_is_none() -> None:
    with pytest.raises(InputError, match="no space is a file or a data frame"):
        from_arrays({"a": A}, vector="title")


def test_files_of_plain_numbers_have_their_shape_and_type(tmp_path: Path) -> None:
    for name, values in (("a", A), ("b", B)):
        values.tofile(tmp_path / f"{name}.bin")
    given = {name: tmp_path / f"{name}.bin" for name in "ab"}
    found = from_arrays(given, shape=(N, D), dtype="float32")
    np.testing.assert_array_equal(found.spaces["b"].vectors, B)
    compared = eb.compare({"a": given["a"], "b": B}, shape={"a": f"-1,{D}"}, dtype={"a": "float32"})
    assert len(compared.items) == N
    with pytest.raises(InputError, match=r"shape= .* is for files of plain numbers"):
        from_arrays({"a": A}, shape=(N, D), dtype="float32")


@pytest.mark.parametrize("kind", ["npy", "npz", "folder", "column"])
def test_pictures_are_named_as_on_the_command_line(tmp_path: Path, kind: str) -> None:
    pictures = np.random.default_rng(0).integers(0, 255, (N, 96, 96, 3)).astype(np.uint8)
    np.save(tmp_path / "p.npy", pictures)
    np.savez(tmp_path / "p.npz", shown=pictures)
    folder = tmp_path / "images"
    folder.mkdir()
    for one, picture in zip(IDS, pictures, strict=True):
        Image.fromarray(picture).save(folder / f"{one}.png")
    frame = pd.DataFrame(
        {"id": IDS, "v": [*A], "file": [str(folder / f"{one}.png") for one in IDS]}
    )
    named = {
        "npy": str(tmp_path / "p.npy"),
        "npz": f"{tmp_path}/p.npz::shown",
        "folder": folder,
        "column": "file",
    }[kind]
    found = from_arrays({"a": frame}, thumbnails=named)
    np.testing.assert_array_equal(found.items[found.roles["thumbnail"]], pictures)


def test_populations_are_read_by_a_named_column() -> None:
    frame = pd.DataFrame({"title": [*A], "body": [*B]})
    found = eb.populations({"a": frame, "b": frame}, vector="body")
    assert found.verdict
