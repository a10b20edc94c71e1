"""Files that once ended in a traceback: read, or refused in words."""

import json
import struct
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import ipc

from emblink.errors import InputError, ReadError
from emblink.load import load_spaces
from tests.field.test_formats import IDS, A, D, N, assert_exact, save


def test_carriage_returns_alone_end_lines(tmp_path: Path) -> None:
    rows = [f"i{i}," + ",".join(map(str, row)) for i, row in enumerate(A)]
    text = "\r".join(["id," + ",".join(f"d{i}" for i in range(D)), *rows, ""])
    assert_exact(save(tmp_path, "cr.csv", text.encode()), ids=[f"i{i}" for i in range(N)])


@pytest.mark.slow
@pytest.mark.parametrize(
    "kind",
    [
        pa.large_list(pa.float16()),
        pa.list_(pa.float16()),
        pa.list_(pa.float16(), D),
        pa.large_list(pa.float32()),
        pa.large_list(pa.float64()),
    ],
    ids=str,
)
@pytest.mark.parametrize("opened", [ipc.new_stream, ipc.new_file])
def test_every_arrow_list_of_floats_is_read(tmp_path: Path, kind: Any, opened: Any) -> None:
    half = A.astype(np.float16)
    inner = np.float16 if kind.value_type == pa.float16() else kind.value_type.to_pandas_dtype()
    lists = pa.array([row.astype(inner) for row in half], type=kind)
    table = pa.table({"id": IDS, "e": lists})
    with opened(str(tmp_path / "a.arrow"), table.schema) as sink:
        sink.write_table(table)
    assert_exact(tmp_path / "a.arrow", half.astype(np.float32))


@pytest.mark.parametrize(
    "header",
    [
        "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999, 99)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-3, 4)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), ",
        "{'descr': 'nonsense', 'fortran_order': False, 'shape': (3, 4)}",
        "{'descr': '<f4', 'fortran_order': 7, 'shape': (3, 4)}",
        "('",
        "{'a': \x00}",
    ],
)
@pytest.mark.parametrize("version", [b"\x01\x00", b"\x02\x00", b"\x09\x07"])
@pytest.mark.parametrize("packed", [False, True])
def test_headers_of_arrays_that_lie_are_refused(
    tmp_path: Path, header: str, version: bytes, packed: bool
) -> None:
    text = header.encode("latin-1") + b"\n"
    length = struct.pack("<H" if version[0] == 1 else "<I", len(text))
    data = b"\x93NUMPY" + version + length + text + bytes(48)
    path = tmp_path / ("a.npz" if packed else "a.npy")
    if packed:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("v.npy", data)
    else:
        path.write_bytes(data)
    with pytest.raises(ReadError, match=path.name):
        load_spaces([str(path)])


@pytest.mark.parametrize("second", [A[:2], A, np.array(IDS)])
def test_arrays_behind_the_first_of_a_file_are_not_left_out(tmp_path: Path, second: Any) -> None:
    with (tmp_path / "a.npy").open("wb") as file:
        np.save(file, A)
        np.save(file, second)
    with pytest.raises(ReadError, match=r"a\.npy goes on for [\d,]+ bytes after its first array"):
        load_spaces([str(tmp_path / "a.npy")])


@pytest.mark.parametrize("name", ["a.txt", "a.csv", "a.tsv"])
@pytest.mark.parametrize("part", [" ", ", ", "  "])
def test_a_list_on_each_line_is_read_whatever_parts_its_numbers(
    tmp_path: Path, name: str, part: str
) -> None:
    text = "".join(f"[{part.join(map(repr, row))}]\n" for row in A.tolist())
    assert_exact(save(tmp_path, name, text.encode()), ids=None)


def test_token_vectors_are_to_be_pooled(tmp_path: Path) -> None:
    np.save(tmp_path / "t.npy", np.zeros((9, 5, 4), np.float32))
    with pytest.raises(InputError, match=r"pool the tokens of each item, X\.mean\(axis=1\)"):
        load_spaces([str(tmp_path / "t.npy")])


def test_many_arrays_of_one_archive_are_read_with_one_opening(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spaces: dict[str, Any] = {f"s{i}": A + i for i in range(20)}
    np.savez(tmp_path / "a.npz", ids=np.array(IDS), **spaces)
    count = 0
    whole = zipfile.ZipFile.__init__

    def counted(*given: Any, **options: Any) -> None:
        nonlocal count
        count += 1
        whole(*given, **options)

    monkeypatch.setattr(zipfile.ZipFile, "__init__", counted)
    assert len(load_spaces([str(tmp_path / "a.npz")]).spaces) == 20
    assert count == 1


@pytest.mark.parametrize("name", ["a.csv.gz", "a.tsv.gz", "a.jsonl.gz", "a.txt.gz", "a.vec.gz"])
@pytest.mark.parametrize("part", [0.3, 0.9])
def test_packed_files_that_are_cut_or_damaged_are_refused(
    tmp_path: Path, name: str, part: float
) -> None:
    text = "id,d0,d1\n" + "".join(f"{i},{a},{b}\n" for i, (a, b) in enumerate(A[:, :2].tolist()))
    path = save(tmp_path, name, text.encode())
    data = bytearray(path.read_bytes())
    at = int(len(data) * part)
    for damaged in (data[:at], data[:at] + b"\xff" * 20 + data[at + 20 :]):
        path.write_bytes(bytes(damaged))
        with pytest.raises(ReadError, match=name.replace(".", r"\.")):
            load_spaces([str(path)])


def _wide(n_columns: int, rows: list[list[str]], separator: str = ",") -> bytes:
    names = ["id", *(f"d{i}" for i in range(n_columns))]
    return "\n".join(separator.join(row) for row in [names, *rows]).encode()


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["csv", "tsv", "jsonl"])
@pytest.mark.parametrize("n_columns", [20, 700, 30_000])
def test_tables_of_very_many_columns_are_read(tmp_path: Path, ending: str, n_columns: int) -> None:
    numbers = np.random.default_rng(0).normal(size=(4, n_columns)).astype(np.float32)
    cells = [[f"00{i}", *(f"{x:.9g}" for x in row)] for i, row in enumerate(numbers)]
    data = _wide(n_columns, cells, "\t" if ending == "tsv" else ",")
    if ending == "jsonl":
        named = [{f"d{i}": x for i, x in enumerate(row)} for row in numbers.astype(float).tolist()]
        rows = [{"id": row[0], **more} for row, more in zip(cells, named, strict=True)]
        data = "\n".join(map(json.dumps, rows)).encode()
    space_set = load_spaces([str(save(tmp_path, f"a.{ending}", data))])
    space = space_set.spaces["a"]
    np.testing.assert_array_equal(space.vectors, numbers)
    assert space.ids.tolist() == ["000", "001", "002", "003"]


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("x", "has words"),
        ("1e39", "beyond float32"),
        ("", "NaN or missing"),
        ("1,2", "cells where"),
    ],
)
def test_faults_in_tables_of_very_many_columns_are_named(
    tmp_path: Path, cell: str, words: str
) -> None:
    rows = [[f"i{i}", *(["0.5"] * 700)] for i in range(5)]
    rows[3][600] = cell
    path = save(tmp_path, "a.csv", _wide(700, rows))
    with pytest.raises(InputError, match=rf"a\.csv.*{words}|{words}.*a\.csv"):
        load_spaces([str(path)], vector="d*")


def test_words_and_labels_beside_very_many_columns_stay_as_written(tmp_path: Path) -> None:
    rows = [
        [f"0{i}", *(["0.5", "-1"] * 350), label]
        for i, label in enumerate(["1.10", "yes", "", '"a,b"'])
    ]
    head, _, rest = _wide(700, rows).partition(b"\n")
    space_set = load_spaces([str(save(tmp_path, "a.csv", head + b",label\n" + rest))])
    assert space_set.items["label"].tolist() == ["1.10", "yes", "", "a,b"]
    assert space_set.ids.tolist() == ["00", "01", "02", "03"]


def test_keys_of_json_lines_that_differ_by_case_alone_are_refused(tmp_path: Path) -> None:
    rows = [{"id": "a", "v": [1, 2]}, {"ID": "b", "v": [3, 4]}]
    path = save(tmp_path, "a.jsonl", "\n".join(map(json.dumps, rows)).encode())
    with pytest.raises(ReadError, match=r"a\.jsonl has two columns named 'id' and 'ID'"):
        load_spaces([str(path)])


def test_keys_that_end_in_a_number_are_no_twins(tmp_path: Path) -> None:
    rows = [{"id": i, "id_1": f"x{i}", "v": [1.0, i]} for i in range(3)]
    path = save(tmp_path, "a.jsonl", "\n".join(map(json.dumps, rows)).encode())
    assert load_spaces([str(path)]).ids.tolist() == [0, 1, 2]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["a.csv.gz", "a.jsonl.gz", "a.txt.gz"])
def test_packed_files_that_swell_beyond_measure_are_refused(tmp_path: Path, name: str) -> None:
    data = b"0,0,0,0,0\n" * 7_000_000
    with pytest.raises(ReadError, match=rf"{name} unpacks to more than 200 times.*gunzip {name}"):
        load_spaces([str(save(tmp_path, name, data))])


def test_arrays_without_a_name_are_refused(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", A)
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as archive:
        for name in (".npy", "b.npy"):
            archive.write(tmp_path / "a.npy", name)
    with pytest.raises(ReadError, match=r"a\.npz holds an array without a name"):
        load_spaces([str(tmp_path / "a.npz")])


def test_versions_of_npy_that_numpy_does_not_know_are_refused(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", A)
    data = bytearray((tmp_path / "a.npy").read_bytes())
    data[6:12] = bytes([7, 1, data[8], data[9], 0, 0])
    (tmp_path / "a.npy").write_bytes(bytes(data))
    with pytest.raises(ReadError, match=r"a\.npy cannot be read as \.npy \(its version is 7\.1\)"):
        load_spaces([str(tmp_path / "a.npy")])


@pytest.mark.slow
def test_packed_tables_that_swell_much_as_those_of_one_in_each_row_do_are_read(
    tmp_path: Path,
) -> None:
    codes = np.random.default_rng(0).integers(0, 200, 12_000)
    empty = ["0"] * 200
    rows = [
        ",".join([f"i{i}", *empty[:one], "1", *empty[one + 1 :]]) for i, one in enumerate(codes)
    ]
    names = ",".join(["id", *(f"d{i}" for i in range(200))])
    path = save(tmp_path, "a.csv.gz", "\n".join([names, *rows]).encode())
    assert path.stat().st_size * 30 < sum(map(len, rows))
    vectors = load_spaces([str(path)]).spaces["a"].vectors
    np.testing.assert_array_equal(np.asarray(vectors).argmax(axis=1), codes)
