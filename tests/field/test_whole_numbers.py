"""Whole numbers that are no vectors: tokens, labels, colours; bytes; ids at an edge of arrays."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet as pq

from emblink.errors import InputError
from emblink.load import from_arrays, load_spaces

N, D = 20, 8
RNG = np.random.default_rng(7)
IDS = [f"it{i}" for i in range(N)]
TOKENS = RNG.integers(0, 30_000, (N, D))
FLAGS = RNG.integers(0, 2, (N, D))
CODES = RNG.integers(-127, 128, (N, D)).astype("i1")
FRACTIONS = RNG.normal(size=(N, D)).astype("f4")


def parquet(path: Path, name: str, values: Any, kind: Any = None) -> list[str]:
    pq.write_table(pa.table({"id": IDS, name: pa.array(list(values), kind)}), path)
    return [str(path)]


def json_lines(path: Path, name: str, values: Any) -> list[str]:
    rows = (
        json.dumps({"id": one, name: row.tolist()}) for one, row in zip(IDS, values, strict=True)
    )
    path.write_text("\n".join(rows) + "\n")
    return [str(path)]


@pytest.mark.parametrize("kind", [int, float])
@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("input_ids", TOKENS),
        ("tokens", TOKENS),
        ("token_ids", TOKENS),
        ("tokenIds", TOKENS),
        ("position_ids", TOKENS),
        ("ner_tags", FLAGS),
        ("attention_mask", FLAGS),
        ("labels", FLAGS),
        ("multi_hot_label", FLAGS),
        ("rgb", TOKENS[:, :3] % 256),
        ("bbox", TOKENS[:, :4]),
        ("neighbors", TOKENS),
    ],
)
def test_lists_named_for_something_else_are_read_when_they_are_named(
    tmp_path: Path, name: str, values: Any, kind: type
) -> None:
    values = values.astype(kind)
    frame = pd.DataFrame({"id": IDS, name: values.tolist()})
    files = [
        parquet(tmp_path / "a.parquet", name, values),
        json_lines(tmp_path / "a.jsonl", name, values),
    ]
    for given in files:
        with pytest.raises(InputError, match=rf"{name}.*no vectors.*--vector {name}\)$"):
            load_spaces(given)
        np.testing.assert_array_equal(
            load_spaces(given, vector=name).spaces["a"].vectors, values.astype("f4")
        )
    with pytest.raises(InputError, match=rf"{name}.*no vectors"):
        from_arrays({"a": frame})
    assert not from_arrays({"a": frame}, vector=name, metric="euclidean").notes


def test_fractions_are_vectors_whatever_they_are_called(tmp_path: Path) -> None:
    assert not load_spaces(parquet(tmp_path / "a.parquet", "labels", FRACTIONS)).notes


def test_labels_in_numbered_columns_and_arrays_are_asked_about(tmp_path: Path) -> None:
    names = [f"label_{i}" for i in range(D)]
    pd.DataFrame(FLAGS, columns=names).assign(id=IDS).to_csv(tmp_path / "a.csv", index=False)
    given = [str(tmp_path / "a.csv")]
    with pytest.raises(InputError, match=re.escape("--vector 'label_*'")):
        load_spaces(given)
    assert not load_spaces(given, vector="label_*").notes
    np.savez(tmp_path / "a.npz", ids=IDS, labels=FLAGS, embeddings=FRACTIONS)
    with pytest.raises(InputError, match=r"a\.npz::labels"):
        load_spaces([str(tmp_path / "a.npz")])
    assert [*load_spaces([f"{tmp_path}/a.npz::embeddings"]).spaces] == ["embeddings"]
    assert not load_spaces([f"{tmp_path}/a.npz::labels"]).notes
    assert len(load_spaces([str(tmp_path / "a.npz")], vector="*").spaces) == 2


@pytest.mark.parametrize("values", [TOKENS, FLAGS])
def test_other_whole_numbers_are_told_unless_they_are_named(tmp_path: Path, values: Any) -> None:
    given = parquet(tmp_path / "a.parquet", "bow", values)
    (note,) = load_spaces(given).notes
    assert "whole numbers only" in note
    assert "--vector bow" in note
    assert not load_spaces(given, vector="bow").notes
    (note,) = from_arrays({"a": values}, ids=IDS).notes
    assert "whole numbers only" in note
    assert not from_arrays({"a": values}, ids=IDS, vector="*").notes


@pytest.mark.parametrize("kind", ["i1", "u1"])
def test_lists_of_bytes_are_told_as_arrays_of_bytes_are(tmp_path: Path, kind: str) -> None:
    codes = CODES.astype(kind)
    typed = pa.list_(pa.from_numpy_dtype(codes.dtype))
    given = parquet(tmp_path / "a.parquet", "emb", codes, typed)
    found = load_spaces(given)
    assert found.spaces["a"].in_bytes
    assert [note for note in found.notes if "holds bytes" in note]
    assert not load_spaces(given, metric="euclidean").notes
    for other in (
        json_lines(tmp_path / "a.jsonl", "ubinary_embedding", codes),
        parquet(tmp_path / "f.parquet", "embedding", codes.astype("f4")),
    ):
        (note,) = load_spaces(other).notes
        assert "holds bytes (whole numbers from" in note
    wide = {"id": IDS, **{f"d{j}": codes[:, j] for j in range(D)}}
    pq.write_table(pa.table(wide), tmp_path / "w.parquet")
    assert load_spaces([str(tmp_path / "w.parquet")]).spaces["w"].in_bytes


def test_numbers_at_an_edge_are_dims_where_all_are_asked_for(tmp_path: Path) -> None:
    counted = np.column_stack([RNG.permutation(N), FRACTIONS]).astype("f4")
    np.save(tmp_path / "a.npy", counted)
    np.savez(tmp_path / "b.npz", ids=IDS, emb=counted)
    lists = parquet(tmp_path / "c.parquet", "emb", counted)
    for given in ([f"{tmp_path}/a.npy"], [f"{tmp_path}/b.npz"], [f"{lists[0]}::emb"]):
        with pytest.raises(InputError, match=re.escape("--vector '*'")):
            load_spaces(given)
        (space,) = load_spaces(given, vector="*").spaces.values()
        np.testing.assert_array_equal(space.vectors, counted)
    with pytest.raises(InputError, match="is no dim"):
        from_arrays({"a": counted})
    np.testing.assert_array_equal(
        from_arrays({"a": counted}, vector="*").spaces["a"].vectors, counted
    )
    with pytest.raises(InputError, match="no space is a file or a data frame"):
        from_arrays({"a": counted}, vector="emb")
