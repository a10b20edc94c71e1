"""Every format gives the same spaces: values, ids and item columns, in the order of the file."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import ipc
from pyarrow import parquet as pq

from emblink.errors import ReadError
from emblink.load import load_spaces
from emblink.load._mapped import is_mapped
from emblink.types import AnyArray

N, D = 40, 5
Writer = Callable[[Path, AnyArray, AnyArray], Path]


def vectors_of(dtype: str) -> AnyArray:
    rng = np.random.default_rng(7)
    if np.dtype(dtype).kind in "ui":
        return rng.integers(1, 100, (N, D)).astype(dtype)
    return rng.standard_normal((N, D)).astype(dtype)


def ids_of(kind: str) -> AnyArray:
    shuffled = np.random.default_rng(3).permutation(N)
    if kind == "int":
        return shuffled * 10
    return np.array([f"w{i:03d}" for i in shuffled])


def write_npz(folder: Path, vectors: AnyArray, ids: AnyArray) -> Path:
    np.savez(folder / "f.npz", vectors=vectors, ids=ids, size=np.arange(N))
    return folder / "f.npz"


def arrow_table(vectors: AnyArray, ids: AnyArray, *, fixed: bool = False) -> Any:
    native = vectors.astype(vectors.dtype.newbyteorder("="))
    flat = pa.array(native.ravel())
    offsets = np.arange(0, N * D + 1, D, dtype=np.int32)
    lists = (
        pa.FixedSizeListArray.from_arrays(flat, D)
        if fixed
        else pa.ListArray.from_arrays(offsets, flat)
    )
    return pa.table({"id": ids.tolist(), "vector": lists, "size": np.arange(N)})


def write_parquet(folder: Path, vectors: AnyArray, ids: AnyArray) -> Path:
    pq.write_table(arrow_table(vectors, ids), folder / "f.parquet", row_group_size=7)
    return folder / "f.parquet"


def write_parquet_fixed(folder: Path, vectors: AnyArray, ids: AnyArray) -> Path:
    pq.write_table(arrow_table(vectors, ids, fixed=True), folder / "f.parquet")
    return folder / "f.parquet"


def write_feather(folder: Path, vectors: AnyArray, ids: AnyArray) -> Path:
    table = arrow_table(vectors, ids, fixed=True)
    with ipc.new_file(str(folder / "f.feather"), table.schema) as sink:
        sink.write_table(table)
    return folder / "f.feather"


def write_arrow_stream(folder: Path, vectors: AnyArray, ids: AnyArray) -> Path:
    table = arrow_table(vectors, ids)
    with ipc.new_stream(str(folder / "f.arrow"), table.schema) as sink:
        sink.write_table(table)
    return folder / "f.arrow"


def wide(vectors: AnyArray, ids: AnyArray) -> pd.DataFrame:
    columns = {f"d{i}": vectors[:, i].astype(np.float64) for i in range(D)}
    return pd.DataFrame({"id": ids, "size": np.arange(N), **columns})


def write_wide_parquet(folder: Path, vectors: AnyArray, ids: AnyArray) -> Path:
    wide(vectors, ids).to_parquet(folder / "f.parquet", index=False)
    return folder / "f.parquet"


def write_csv(folder: Path, vectors: AnyArray, ids: AnyArray) -> Path:
    wide(vectors, ids).to_csv(folder / "f.csv", index=False)
    return folder / "f.csv"


def write_csv_gz(folder: Path, vectors: AnyArray, ids: AnyArray) -> Path:
    wide(vectors, ids).to_csv(folder / "f.csv.gz", index=False)
    return folder / "f.csv.gz"


def write_tsv(folder: Path, vectors: AnyArray, ids: AnyArray) -> Path:
    wide(vectors, ids).to_csv(folder / "f.tsv", index=False, sep="\t")
    return folder / "f.tsv"


def write_csv_lists(folder: Path, vectors: AnyArray, ids: AnyArray) -> Path:
    lists = [json.dumps(row) for row in vectors.astype(np.float64).tolist()]
    frame = pd.DataFrame({"id": ids, "vector": lists, "size": np.arange(N)})
    frame.to_csv(folder / "f.csv", index=False)
    return folder / "f.csv"


def json_lines(vectors: AnyArray, ids: AnyArray) -> str:
    rows = zip(ids.tolist(), vectors.astype(np.float64).tolist(), range(N), strict=True)
    return "".join(json.dumps({"id": i, "vector": v, "size": s}) + "\n" for i, v, s in rows)


def write_jsonl(folder: Path, vectors: AnyArray, ids: AnyArray) -> Path:
    (folder / "f.jsonl").write_text(json_lines(vectors, ids))
    return folder / "f.jsonl"


def write_ndjson_gz(folder: Path, vectors: AnyArray, ids: AnyArray) -> Path:
    (folder / "f.ndjson.gz").write_bytes(gzip.compress(json_lines(vectors, ids).encode()))
    return folder / "f.ndjson.gz"


WRITERS: dict[str, Writer] = {
    writer.__name__.removeprefix("write_"): writer
    for writer in (
        write_npz,
        write_parquet,
        write_parquet_fixed,
        write_feather,
        write_arrow_stream,
        write_wide_parquet,
        write_csv,
        write_csv_gz,
        write_tsv,
        write_csv_lists,
        write_jsonl,
        write_ndjson_gz,
    )
}
DTYPES = ["float16", "float32", "float64", ">f4", "int16", "uint8"]


@pytest.mark.slow
@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "int16"])
@pytest.mark.parametrize("kind", ["int", "str"])
@pytest.mark.parametrize("writer", WRITERS.values(), ids=WRITERS.keys())
def test_every_format_dtype_and_id_type_reads_back_in_order(
    tmp_path: Path, writer: Writer, kind: str, dtype: str
) -> None:
    vectors, ids = vectors_of(dtype), ids_of(kind)
    found = load_spaces([str(writer(tmp_path, vectors, ids))])
    space = found.spaces["f"]
    np.testing.assert_array_equal(space.vectors, vectors.astype(np.float32))
    assert space.vectors.dtype in (np.float32, np.float16)
    assert space.matched_by == "id"
    np.testing.assert_array_equal(found.ids, ids)
    assert found.ids.dtype == (np.int64 if kind == "int" else "<U4")
    np.testing.assert_array_equal(found.items["size"], np.arange(N))
    assert bool(found.notes) == (dtype == "int16")  # whole numbers are told


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("dtype", [*DTYPES, ">f2", ">f8", "bool"])
def test_npy_of_any_number_type_and_memory_order_becomes_native_floats(
    tmp_path: Path, dtype: str, order: Any
) -> None:
    vectors = np.ones((N, D), bool) if dtype == "bool" else vectors_of(dtype)
    np.save(tmp_path / "a.npy", np.asarray(vectors, order=order))
    space = load_spaces([str(tmp_path / "a.npy")]).spaces["a"]
    half = np.dtype(dtype).kind == "f" and np.dtype(dtype).itemsize == 2
    assert space.vectors.dtype == (np.float16 if half else np.float32)
    assert space.vectors.dtype.isnative
    assert space.vectors.flags.c_contiguous
    np.testing.assert_array_equal(space.vectors, vectors.astype(np.float32))


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("dtype", DTYPES)
def test_npy_is_read_in_blocks_of_any_size_and_never_mapped(
    tmp_path: Path, dtype: str, order: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    vectors = vectors_of(dtype)
    np.save(tmp_path / "a.npy", np.asarray(vectors, order=order))
    for block in (1, 3 * D, 7 * N, 1 << 22):
        monkeypatch.setattr("emblink.load._npy.BLOCK", block)
        found = load_spaces([str(tmp_path / "a.npy")]).spaces["a"].vectors
        np.testing.assert_array_equal(found, vectors.astype(found.dtype))
        assert not is_mapped(found)


@pytest.mark.slow
def test_rows_keep_the_order_of_a_large_parquet_file(tmp_path: Path) -> None:
    n = 300_000
    table = pa.table(
        {
            "id": np.arange(n)[::-1],
            "vector": pa.FixedSizeListArray.from_arrays(
                pa.array(np.repeat(np.arange(n, dtype=np.float32) + 1, 2)), 2
            ),
        }
    )
    pq.write_table(table, tmp_path / "a.parquet", row_group_size=10_000)
    found = load_spaces([str(tmp_path / "a.parquet")])
    np.testing.assert_array_equal(found.ids, np.arange(n)[::-1])
    np.testing.assert_array_equal(found.spaces["a"].vectors[:, 1], np.arange(n) + 1)


def test_an_npz_without_a_key_gives_all_of_its_spaces(tmp_path: Path) -> None:
    np.savez(tmp_path / "m.npz", x=vectors_of("f4"), y=vectors_of("f2")[:, :3], ids=ids_of("str"))
    found = load_spaces([str(tmp_path / "m.npz")])
    assert [(name, space.source) for name, space in found.spaces.items()] == [
        ("x", "m.npz::x"),
        ("y", "m.npz::y"),
    ]


def test_a_key_picks_an_array_or_a_vector_column_and_names_the_space(tmp_path: Path) -> None:
    np.savez(tmp_path / "m.npz", x=vectors_of("f4"), y=vectors_of("f2"), ids=ids_of("int"))
    frame = pd.DataFrame({"id": ids_of("int"), "u": [[1.0, 2.0]] * N, "v": [[3.0]] * N})
    frame.to_parquet(tmp_path / "t.parquet")
    found = load_spaces(
        [f"{tmp_path}/m.npz::y", f"{tmp_path}/t.parquet::u", f"b={tmp_path}/t.parquet::v"]
    )
    assert {name: space.vectors.shape[1] for name, space in found.spaces.items()} == {
        "y": D,
        "u": 2,
        "b": 1,
    }


def test_a_pattern_picks_columns_of_numbers(tmp_path: Path) -> None:
    frame = pd.DataFrame({"id": [1, 2], "emb_0": [1.0, 2], "emb_1": [3.0, 4], "pca_0": [5.0, 6]})
    frame.to_csv(tmp_path / "t.csv", index=False)
    found = load_spaces([f"{tmp_path}/t.csv"], vector="emb_*")
    np.testing.assert_array_equal(found.spaces["t"].vectors, [[1, 3], [2, 4]])
    np.testing.assert_array_equal(found.items["pca_0"], [5, 6])
    again = load_spaces([f"{tmp_path}/t.csv::emb_*"])
    np.testing.assert_array_equal(again.spaces["t"].vectors, [[1, 3], [2, 4]])


def test_columns_numbered_alike_are_the_vectors_and_other_numbers_describe_items(
    tmp_path: Path,
) -> None:
    frame = pd.DataFrame({"id": [1, 2], "age": [30, 40], "d0": [1.0, 2], "d1": [3.0, 4]})
    frame.to_csv(tmp_path / "t.csv", index=False)
    found = load_spaces([f"{tmp_path}/t.csv"])
    assert found.spaces["t"].vectors.shape == (2, 2)
    np.testing.assert_array_equal(found.items["age"], [30, 40])


def test_without_numbering_all_numbers_but_id_and_label_are_the_vectors(tmp_path: Path) -> None:
    text = "id,petal,sepal,kind,class\n1,1,2,7,0\n2,3,4,8,1\n"
    (tmp_path / "t.csv").write_text(text)
    found = load_spaces([f"{tmp_path}/t.csv"], label="kind")
    np.testing.assert_array_equal(found.spaces["t"].vectors, [[1, 2], [3, 4]])
    assert found.roles["label"] == "kind"


@pytest.mark.parametrize("header", [True, False])
def test_csv_of_plain_numbers_with_or_without_column_numbers(tmp_path: Path, header: bool) -> None:
    vectors = vectors_of("f4")
    pd.DataFrame(vectors).to_csv(tmp_path / "t.csv", index=False, header=header)
    found = load_spaces([f"{tmp_path}/t.csv"]).spaces["t"]
    np.testing.assert_array_equal(found.vectors, vectors)
    assert found.matched_by == "row"


def test_csv_of_words_and_numbers_without_column_names_keeps_its_first_row(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("cat,0.5,1\ndog,2,3.5\n")
    found = load_spaces([f"{tmp_path}/t.csv"], id="column0")
    assert found.ids.tolist() == ["cat", "dog"]
    np.testing.assert_array_equal(found.spaces["t"].vectors, [[0.5, 1], [2, 3.5]])


def test_csv_with_years_for_column_names_has_column_names(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("land,2001,2002,2003\nnl,1.5,2,3\nfr,4,5,6\n")
    found = load_spaces([f"{tmp_path}/t.csv"], id="land")
    assert found.spaces["t"].vectors.shape == (2, 3)


def test_csv_ids_that_look_like_numbers_keep_their_zeros(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("id,d0,d1\n007,1,2\n008,3,4\n")
    assert load_spaces([f"{tmp_path}/t.csv"]).ids.tolist() == ["007", "008"]


def test_missing_vectors_can_be_dropped(tmp_path: Path) -> None:
    lines = '{"id":1,"v":[1,2]}\n{"id":2,"v":null}\n{"id":3,"v":[3,4]}\n{"id":4,"v":[null,4]}\n'
    (tmp_path / "t.jsonl").write_text(lines)
    found = load_spaces([f"{tmp_path}/t.jsonl"], on_bad="drop")
    assert found.ids.tolist() == [1, 3]
    assert "2 rows dropped, 2 with NaN or missing values (ids 2, 4)" in found.notes[0]


def test_file_names_with_signs_of_patterns_and_equals_are_names(tmp_path: Path) -> None:
    folder = tmp_path / "run=1"
    folder.mkdir()
    for name in ("a[1].csv", "a1.csv"):
        (folder / name).write_text("id,d0,d1\n1,1,2\n2,3,4\n")
    found = load_spaces([f"{folder}/a[1].csv", f"b={folder}/a1.csv"])
    assert list(found.spaces) == ["a[1]", "b"]
    assert not found.items


def test_files_of_one_name_are_called_by_the_folders_that_tell_them_apart(tmp_path: Path) -> None:
    for folder in ("v1/out", "v2/out"):
        (tmp_path / folder).mkdir(parents=True)
        np.save(tmp_path / folder / "x.npy", np.eye(4))
    told = load_spaces([f"{name}={tmp_path}/{name}/out/x.npy" for name in ("v1", "v2")])
    assert [one.source for one in told.spaces.values()] == ["v1/out/x.npy", "v2/out/x.npy"]
    assert told.notes[0].startswith("v1/out/x.npy and v2/out/x.npy have no ids")
    (tmp_path / "v2/out/x.npy").write_bytes(b"x")
    with pytest.raises(ReadError, match=r"^v2/out/x\.npy cannot be read"):
        load_spaces([f"{name}={tmp_path}/{name}/out/x.npy" for name in ("v1", "v2")])
    with pytest.raises(ReadError, match=rf"^there is no file {tmp_path}/v3/out/x\.npy;"):
        load_spaces([f"{name}={tmp_path}/{name}/out/x.npy" for name in ("v1", "v3")])


def test_a_pattern_is_called_without_the_folders_before_it(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        np.save(tmp_path / folder / "part-0.npy", np.eye(4))
    told = load_spaces([f"x={tmp_path}/*/part-*.npy"])
    assert [one.source for one in told.spaces.values()] == ["*/part-*.npy"]


@pytest.mark.parametrize("n_dims", [199, 200, 256, 257])
def test_json_lines_of_any_number_of_keys_are_columns(tmp_path: Path, n_dims: int) -> None:
    vectors = np.arange(3.0 * n_dims).reshape(3, n_dims)
    rows = [{f"d{at}": value for at, value in enumerate(row)} for row in vectors.tolist()]
    (tmp_path / "t.jsonl").write_text("\n".join(map(json.dumps, rows)))
    found = load_spaces([f"{tmp_path}/t.jsonl"]).spaces["t"]
    np.testing.assert_array_equal(found.vectors, vectors)
