"""Refusals of what databases and older tools write, each with a way that works."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet as pq

from emblink.errors import InputError
from emblink.load import load_spaces

N = 8
A = np.random.default_rng(7).normal(size=(N, 4)).round(4)
IDS = [f"it{i}" for i in range(N)]


def lines(path: Path, rows: list[Any]) -> str:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return str(path)


@pytest.mark.parametrize(
    "typed",
    [
        lambda row: {"v": [{"v": x} for x in row]},
        lambda row: [{"v": x} for x in row],
        lambda row: {"list": [{"element": x} for x in row]},
        lambda row: {"L": [{"N": str(x)} for x in row]},
        lambda row: [{"$numberDouble": str(x)} for x in row],
    ],
)
def test_numbers_in_records_have_the_line_that_takes_them_out(tmp_path: Path, typed: Any) -> None:
    rows = [{"id": one, "embedding": typed(row)} for one, row in zip(IDS, A.tolist(), strict=True)]
    with pytest.raises(InputError, match=r"\[float\(x\) for one in embedding for x in one.values"):
        load_spaces([lines(tmp_path / "a.jsonl", rows)])


def test_items_of_dynamodb_have_a_way_out(tmp_path: Path) -> None:
    rows = [
        {"Item": {"id": {"S": one}, "embedding": {"L": [{"N": str(x)} for x in row]}}}
        for one, row in zip(IDS, A.tolist(), strict=True)
    ]
    with pytest.raises(InputError, match="DynamoDB"):
        load_spaces([lines(tmp_path / "a.jsonl", rows)])
    (tmp_path / "a.json").write_text(json.dumps({"Items": [row["Item"] for row in rows]}))
    with pytest.raises(InputError, match="TypeDeserializer"):
        load_spaces([str(tmp_path / "a.json")])


@pytest.mark.parametrize(
    ("name", "content", "way"),
    [
        ("a.feather", b"FEA1" + bytes(60), r"pandas\.read_feather"),
        ("a.csv", "id,d0\nx,1.5\n".encode("utf-32"), "iconv -f UTF-32"),
        ("a.csv", "id,d0\nx,1.5\n".encode("utf-16"), "iconv -f UTF-16"),
        ("a.json.gz", b"\x1f\x8b", r"gunzip .*a\.json\.gz"),
    ],
)
def test_what_is_not_read_is_told_with_a_way(
    tmp_path: Path, name: str, content: bytes, way: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=way):
        load_spaces([str(tmp_path / name)])


def test_lists_in_bytes_name_both_ways(tmp_path: Path) -> None:
    held = pa.array([json.dumps(row).encode() for row in A.tolist()])
    pq.write_table(pa.table({"id": IDS, "embedding": held}), tmp_path / "a.parquet")
    with pytest.raises(InputError, match=r"np.frombuffer.*json.loads\(value\).*fastparquet"):
        load_spaces([str(tmp_path / "a.parquet")])


def test_ids_may_be_an_array_of_json(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", A)
    for ids in (IDS, [7, 3, 5, 1, 2, 9, 8, 6]):
        (tmp_path / "ids.json").write_text(json.dumps(ids))
        found = load_spaces([f"{tmp_path}/a.npy"], ids={"a": f"{tmp_path}/ids.json"})
        assert found.ids.tolist() == ids


def test_several_models_in_one_table_are_told(tmp_path: Path) -> None:
    both = {"model": ["m1"] * N + ["m2"] * N, "embedding": np.vstack([A, -A]).tolist()}
    path = tmp_path / "a.parquet"
    pd.DataFrame({"id": IDS * 2, **both}).to_parquet(path)
    with pytest.raises(InputError, match=r"repeats 8 .*2 values of 'model'.*df\['model'\] == 'm1'"):
        load_spaces([str(path)])
    pd.DataFrame({"doc": IDS * 2, **both}).to_parquet(path)
    assert any("'model' of a.parquet has 2 values" in n for n in load_spaces([str(path)]).notes)
    pd.DataFrame({"id": IDS, "model": "m1", "embedding": A.tolist()}).to_parquet(path)
    assert not load_spaces([str(path)]).notes
