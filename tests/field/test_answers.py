"""What servers and databases of vectors answer and export, and lists within lists and records."""

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
from emblink.load import from_arrays, load_spaces
from tests.field.test_records import save

N, D = 8, 4
A = np.random.default_rng(7).normal(size=(N, D)).astype("f4")
V: list[list[float]] = [[float(one) for one in row] for row in A]
IDS = [f"it{i}" for i in range(N)]
TEXTS = [f"text {i}" for i in range(N)]
EACH = range(N)

ANSWERS: dict[str, Any] = {
    "Cohere": {"id": "x", "texts": TEXTS, "embeddings": V, "meta": {"api_version": {"v": "1"}}},
    "Cohere by types": {"id": "x", "embeddings": {"float": V}, "texts": TEXTS, "meta": {}},
    "Ollama": {"model": "m", "embeddings": V, "total_duration": 14143917},
    "llama.cpp": [{"index": i, "embedding": [V[i]]} for i in EACH],
    "Pinecone": {
        "namespace": "",
        "vectors": {IDS[i]: {"id": IDS[i], "values": V[i], "metadata": {"a": 1}} for i in EACH},
        "usage": {"readUnits": 1},
    },
    "Solr": {
        "responseHeader": {"status": 0, "QTime": 2},
        "response": {"numFound": N, "docs": [{"id": IDS[i], "vector": V[i]} for i in EACH]},
    },
    "Elasticsearch": {
        "took": 3,
        "hits": {"total": {"value": N}, "hits": [{"_id": IDS[i], "vector": V[i]} for i in EACH]},
    },
    "Elasticsearch with its shards": {
        "took": 3,
        "timed_out": False,
        "_shards": {"total": 1, "successful": 1},
        "hits": {
            "total": {"value": N, "relation": "eq"},
            "hits": [{"_id": IDS[i], "_score": 1.0, "_source": {"vector": V[i]}} for i in EACH],
        },
    },
    "Cohere with what it cost": {
        "id": "x",
        "embeddings": {"float": V},
        "texts": TEXTS,
        "meta": {"api_version": {"version": "2"}, "billed_units": {"input_tokens": 5}},
    },
    "ClickHouse": {
        "meta": [{"name": "id", "type": "String"}, {"name": "v", "type": "Array(Float32)"}],
        "data": [{"id": IDS[i], "v": V[i]} for i in EACH],
        "rows": N,
        "statistics": {"elapsed": 0.1},
    },
    "ClickHouse, compact": {
        "meta": [{"name": "id", "type": "String"}, {"name": "v", "type": "Array(Float32)"}],
        "data": [[IDS[i], V[i]] for i in EACH],
        "rows": N,
    },
    "MongoDB": [{"_id": {"$oid": IDS[i]}, "embedding": V[i]} for i in EACH],
    "LlamaIndex": {
        "embedding_dict": dict(zip(IDS, V, strict=True)),
        "text_id_to_ref_doc_id": dict.fromkeys(IDS, "doc"),
    },
}


WITH_IDS = ("Pinecone", "Solr", "Elasticsearch", "MongoDB", "ClickHouse")


@pytest.mark.parametrize("kind", ANSWERS)
def test_answers_of_servers_are_read_exactly(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "old.json"
    path.write_text(json.dumps(ANSWERS[kind]))
    found = load_spaces([str(path)])
    np.testing.assert_array_equal(found.spaces["old"].vectors, A)
    for name in ("texts", "index"):
        if name in found.items and kind != "llama.cpp":
            assert found.items[name].tolist() == (TEXTS if name == "texts" else IDS)
    if kind.split(" with")[0].split(",")[0] in WITH_IDS:
        assert found.ids.tolist() == IDS


def test_objects_of_columns_are_joined_by_their_keys(tmp_path: Path) -> None:
    for name, order in (("old", EACH), ("new", [*EACH][::-1])):
        held = {
            "embedding_dict": {IDS[i]: V[i] for i in order},
            "doc": {IDS[i]: "d" for i in order},
        }
        (tmp_path / f"{name}.json").write_text(json.dumps(held))
    found = load_spaces([str(tmp_path / f"{name}.json") for name in ("old", "new")])
    assert found.ids.tolist() == IDS
    assert found.rows["new"].tolist() == [*EACH][::-1]


@pytest.mark.parametrize("name", ["words", "texts", "meta.labels"])
def test_a_list_that_is_not_as_long_as_the_vectors_is_not_left_out(
    tmp_path: Path, name: str
) -> None:
    first, *inner = name.split(".")
    short: object = [f"t{at}" for at in range(N - 1)]
    for part in inner:
        short = {part: short}
    (tmp_path / "a.json").write_text(json.dumps({"model": "m", "embeddings": V, first: short}))
    with pytest.raises(InputError, match=f"a.json has {N - 1} '{name}' beside {N} vectors"):
        load_spaces([str(tmp_path / "a.json")])


def test_several_kinds_of_one_answer_are_asked_for(tmp_path: Path) -> None:
    held = {"id": "x", "embeddings": {"float": V, "int8": [[1] * D] * N}, "meta": {}}
    (tmp_path / "a.json").write_text(json.dumps(held))
    with pytest.raises(InputError, match=r"--vector embeddings\.float"):
        load_spaces([str(tmp_path / "a.json")])


LINES: dict[str, tuple[Any, str]] = {
    "OpenAI batch": (
        lambda i: {"id": IDS[i], "response": {"body": {"data": [{"embedding": V[i]}]}}},
        "response.body.data.embedding",
    ),
    "Vertex batch": (
        lambda i: {"id": IDS[i], "predictions": [{"embeddings": {"values": V[i]}}]},
        "predictions.embeddings.values",
    ),
    "Bedrock batch": (
        lambda i: {"id": IDS[i], "modelOutput": {"embedding": V[i]}},
        "modelOutput.embedding",
    ),
    "Vespa": (
        lambda i: {"id": IDS[i], "fields": {"embedding": {"values": V[i]}}},
        "fields.embedding.values",
    ),
    "Meilisearch": (
        lambda i: {"id": IDS[i], "_vectors": {"default": {"embeddings": [V[i]]}}},
        "_vectors.default.embeddings",
    ),
    "Weaviate": (lambda i: {"id": IDS[i], "vector": {"default": V[i]}}, "vector.default"),
}


@pytest.mark.parametrize("ending", ["json", "jsonl", "parquet", "arrow"])
@pytest.mark.parametrize("kind", LINES)
def test_vectors_deep_in_records_are_read_alike_from_all_formats(
    tmp_path: Path, kind: str, ending: str
) -> None:
    make, where = LINES[kind]
    path = save(tmp_path / f"old.{ending}", [make(i) for i in EACH])
    found = load_spaces([str(path)])
    assert f"the vectors of old.{ending} are {where} of its records" in found.notes
    named = load_spaces([str(path)], vector=where)
    for one in (found, named):
        np.testing.assert_array_equal(one.spaces["old"].vectors, A)
        assert one.ids.tolist() == IDS


def test_ids_in_a_record_are_named_and_read_by_that_name(tmp_path: Path) -> None:
    held = {"id": [{"key": one, "n": 1} for one in IDS], "embedding": V}
    pq.write_table(pa.table(held), tmp_path / "a.parquet")
    with pytest.raises(InputError, match=r"name one of its fields, id\.key"):
        load_spaces([str(tmp_path / "a.parquet")])
    assert load_spaces([str(tmp_path / "a.parquet")], id="id.key").ids.tolist() == IDS


def test_mongodb_lines_have_their_ids_and_dates(tmp_path: Path) -> None:
    lines = [
        {"_id": {"$oid": IDS[i]}, "embedding": V[i], "made": {"$date": "2024-01-01T00:00:00Z"}}
        for i in EACH
    ]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    found = load_spaces([str(tmp_path / "a.jsonl")])
    assert found.ids.tolist() == IDS
    # DuckDB 1.4 takes a time within a record for one, and writes it without its zone.
    assert {one.removesuffix("Z") for one in found.items["made"].tolist()} == {
        "2024-01-01T00:00:00"
    }


IN_ONE: dict[str, Any] = {
    "JSON": lambda row: str([row]),
    "torch": lambda row: f"tensor([{row}])",
    "jax": lambda row: f"Array([{row}], dtype=float32)",
    "Spark": lambda row: f"DenseVector({row})",
}


@pytest.mark.parametrize("kind", IN_ONE)
def test_written_lists_in_a_list_of_one_are_read(tmp_path: Path, kind: str) -> None:
    frame = pd.DataFrame({"id": IDS, "n": range(N), "embedding": [IN_ONE[kind](row) for row in V]})
    frame.to_csv(tmp_path / "a.csv", index=False)
    for found in (load_spaces([str(tmp_path / "a.csv")]), from_arrays({"a": frame})):
        np.testing.assert_allclose(found.spaces["a"].vectors, A, rtol=1e-6)


OF_ONE: dict[str, Any] = {
    "lists": lambda: pd.DataFrame({"id": IDS, "e": [[row] for row in V]}),
    "arrays": lambda: pd.DataFrame({"id": IDS, "e": [row[None] for row in A]}),
    "objects": lambda: np.array([*A, None], object)[:-1],
    "Arrow": lambda: pa.FixedSizeListArray.from_arrays(pa.array(A.ravel()), D),
}


@pytest.mark.parametrize("kind", OF_ONE)
def test_python_lists_of_one_vector_and_arrays_of_arrays_are_read(kind: str) -> None:
    np.testing.assert_array_equal(from_arrays({"a": OF_ONE[kind]()}).spaces["a"].vectors, A)


def test_typed_lists_in_a_list_of_one_are_read_and_of_more_to_be_pooled(tmp_path: Path) -> None:
    for name, lists in (("one", [[row] for row in V]), ("two", [[row, row] for row in V])):
        pq.write_table(pa.table({"id": IDS, "e": lists}), tmp_path / f"{name}.parquet")
    found = load_spaces([str(tmp_path / "one.parquet")])
    np.testing.assert_array_equal(found.spaces["one"].vectors, A)
    with pytest.raises(InputError, match="pool them"):
        load_spaces([str(tmp_path / "two.parquet")])


def test_lists_of_truth_values_are_read_as_arrays_of_them_are(tmp_path: Path) -> None:
    bits = A > 0
    pq.write_table(pa.table({"id": IDS, "e": bits.tolist()}), tmp_path / "a.parquet")
    found = load_spaces([str(tmp_path / "a.parquet")], metric="euclidean")
    np.testing.assert_array_equal(found.spaces["a"].vectors, bits)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ((row for row in V), "is a generator"),
        (None, "is a NoneType"),
        ([{"id": 1, "v": row} for row in V], "list of records; pass a data frame"),
    ],
)
def test_other_objects_of_python_are_named(value: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        from_arrays({"a": value})
