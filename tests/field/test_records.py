"""Records within rows: vectors in them are read where they can be nothing else, in all formats."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import feather
from pyarrow import parquet as pq

from emblink.errors import InputError
from emblink.load import load_spaces

N, D = 8, 5
A = np.random.default_rng(3).normal(size=(N, D)).astype("f4")
V: list[list[float]] = [[float(one) for one in row] for row in A]
IDS = [f"it{i}" for i in range(N)]
ENDINGS = ("json", "jsonl", "parquet", "arrow")


def save(path: Path, rows: list[dict[str, Any]]) -> Path:
    """Write rows as the ending says."""
    if path.suffix == ".json":
        path.write_text(json.dumps(rows))
    elif path.suffix == ".jsonl":
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    elif path.suffix == ".parquet":
        pq.write_table(pa.Table.from_pylist(rows), path)
    else:
        feather.write_feather(pa.Table.from_pylist(rows), path)
    return path


def rows_of(make: Any) -> list[dict[str, Any]]:
    return [{"id": IDS[i], **make(i)} for i in range(N)]


READ: dict[str, tuple[Any, str]] = {
    "written as text": (lambda i: {"p": {"embedding": str(V[i]), "n": i}}, "p.embedding"),
    "beside lists of words": (lambda i: {"p": {"tags": ["a", "b"], "vec": V[i]}}, "p.vec"),
    "beside counts": (lambda i: {"p": {"counts": [1, i, 3], "emb": V[i]}}, "p.emb"),
    "numbered": (
        lambda i: {"p": {f"d{j}": V[i][j] for j in range(D)}},
        f"5 columns p.d0 … p.d{D - 1}",
    ),
    "a list in a list": (lambda i: {"a": {"b": {"c": [V[i]]}}}, "a.b.c"),
}


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("case", READ)
def test_the_only_vectors_in_records_are_read(tmp_path: Path, case: str, ending: str) -> None:
    make, where = READ[case]
    path = save(tmp_path / f"a.{ending}", rows_of(make))
    found = load_spaces([str(path)])
    np.testing.assert_array_equal(found.spaces["a"].vectors, A)
    assert found.ids.tolist() == IDS
    assert f"the vectors of a.{ending} are {where} of its records" in found.notes
    assert found.spaces["a"].source == f"a.{ending}, {where}"


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_column_called_as_vectors_are_goes_before_lists_in_records(
    tmp_path: Path, ending: str
) -> None:
    path = save(
        tmp_path / f"a.{ending}", rows_of(lambda i: {"vector": V[i], "p": {"tags": [0.5, i]}})
    )
    found = load_spaces([str(path)])
    np.testing.assert_array_equal(found.spaces["a"].vectors, A)
    assert any(f"left out of a.{ending}: p" in note for note in found.notes)


ASKED: dict[str, tuple[Any, str]] = {
    "two": (lambda i: {"p": {"a": V[i], "b": V[i]}}, r"p\.a, p\.b; name one: .*--vector p\.a"),
    "named vectors": (
        lambda i: {"vector": {"image": V[i], "text": V[i][:2]}},
        r"vector\.image, vector\.text; name one",
    ),
    "a list beside": (
        lambda i: {"boxes": [0.5, 1.0 * i], "p": {"embedding": V[i]}},
        r"boxes, p\.embedding; name one: .*--vector p\.embedding",
    ),
    "numbered columns beside": (
        lambda i: {**{f"d{j}": V[i][j] for j in range(D)}, "p": {"x": V[i]}},
        r"p\.x, 5 columns d0 … d4; name one",
    ),
    "whole numbers": (lambda i: {"p": {"counts": [i, 2, 3]}}, "read with --vector p.counts"),
    "sparse": (lambda i: {"v": {"indices": [1, 2], "values": V[i][:2]}}, "sparse vector"),
    "many records": (lambda i: {"c": [{"e": V[i]}, {"e": V[i]}]}, "has no vectors"),
}


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("case", ASKED)
def test_what_may_be_something_else_is_asked_for(tmp_path: Path, case: str, ending: str) -> None:
    make, message = ASKED[case]
    path = save(tmp_path / f"a.{ending}", rows_of(make))
    with pytest.raises(InputError, match=message):
        load_spaces([str(path)])


@pytest.mark.parametrize("ending", ["jsonl", "parquet"])
def test_fields_of_parts_are_read_from_all_parts(tmp_path: Path, ending: str) -> None:
    rows = rows_of(lambda i: {"p": {"embedding": V[i]}})
    (tmp_path / "a").mkdir()
    for part in range(2):
        save(tmp_path / "a" / f"part-{part}.{ending}", rows[part * 4 : part * 4 + 4])
    found = load_spaces([str(tmp_path / "a")])
    np.testing.assert_array_equal(found.spaces["a"].vectors, A)


@pytest.mark.parametrize("ending", ["jsonl", "ndjson", "json"])
@pytest.mark.parametrize("action", ["index", "create"])
def test_bulk_requests_are_refused_with_the_line_that_reads_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, action: str, ending: str
) -> None:
    monkeypatch.chdir(tmp_path)
    path = Path(f"b.{ending}")
    lines = [
        line
        for i in range(N)
        for line in ({action: {"_index": "x", "_id": IDS[i]}}, {"text": "t", "embedding": V[i]})
    ]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    for on_bad in ("error", "drop"):
        with pytest.raises(InputError, match="bulk request") as refused:
            load_spaces([str(path)], on_bad=on_bad)
    recipe = re.search(r"lines = .*$", str(refused.value))
    assert recipe
    exec(recipe[0], {"json": json, "Path": Path})
    found = load_spaces(["documents.json"])
    np.testing.assert_array_equal(found.spaces["documents"].vectors, A)
    assert found.ids.tolist() == IDS


@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
def test_records_beside_lists_in_one_column_are_refused(tmp_path: Path, name: str) -> None:
    rows: list[dict[str, object]] = [{"id": f"i{i}", "embedding": [i, 1.5, -i]} for i in range(20)]
    rows[7]["embedding"] = {"values": [1.0, 2.0, 3.0]}
    whole = name.endswith(".json")
    text = json.dumps(rows) if whole else "\n".join(map(json.dumps, rows))
    (tmp_path / name).write_text(text)
    with pytest.raises(InputError, match="embedding"):
        load_spaces([str(tmp_path / name)])
