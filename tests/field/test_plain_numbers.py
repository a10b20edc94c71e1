"""Files of plain numbers: read as somebody says they lie, else refused with how to say it."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from emblink.cli import app
from emblink.errors import InputError
from emblink.load import inspect_file, load_spaces
from emblink.types import AnyArray

N, D = 300, 16
A = np.random.default_rng(7).normal(size=(N, D)).astype("<f4")
WHOLE = np.random.default_rng(8).integers(1, 100, (N, D))
HALF = A.view("<u4") >> 16


def save(folder: Path, name: str, data: bytes | AnyArray) -> str:
    (folder / name).write_bytes(data if isinstance(data, bytes) else data.tobytes())
    return str(folder / name)


def read(path: str, **options: Any) -> AnyArray:
    return load_spaces([path], metric="euclidean", **options).spaces[Path(path).stem].vectors


TYPES: dict[str, tuple[AnyArray, AnyArray]] = {
    "float32": (A, A),
    ">f4": (A.astype(">f4"), A),
    "<f4": (A, A),
    "float64": (A.astype("<f8"), A),
    ">f8": (A.astype(">f8"), A),
    "float16": (A.astype("<f2"), A.astype("f2")),
    ">f2": (A.astype(">f2"), A.astype("f2")),
    "bfloat16": (HALF.astype("<u2"), (HALF << 16).astype("<u4").view("<f4")),
    "int8": (WHOLE.astype("i1"), WHOLE.astype("f4")),
    "uint8": (WHOLE.astype("u1"), WHOLE.astype("f4")),
    ">i4": (WHOLE.astype(">i4"), WHOLE.astype("f4")),
}


@pytest.mark.slow
@pytest.mark.parametrize("ending", [".bin", ".dat", ".raw", ".mmap", ".memmap", ".f32", ""])
@pytest.mark.parametrize("dtype", TYPES)
def test_plain_numbers_are_read_exactly_as_they_are_said_to_lie(
    tmp_path: Path, ending: str, dtype: str
) -> None:
    stored, expected = TYPES[dtype]
    path = save(tmp_path, f"a{ending}", stored)
    np.testing.assert_array_equal(read(path, shape=f"{N},{D}", dtype=dtype), expected)


@pytest.mark.parametrize("shape", ["300,16", "300x16", (300, 16), [300, 16], "-1,16", "300,-1"])
def test_shapes_may_be_written_in_several_ways(tmp_path: Path, shape: Any) -> None:
    path = save(tmp_path, "a.dat", A)
    np.testing.assert_array_equal(read(path, shape=shape, dtype="float32"), A)


def test_a_map_written_by_numpy_is_read(tmp_path: Path) -> None:
    held = np.memmap(tmp_path / "a.dat", "float32", "w+", shape=(N, D))
    held[:] = A
    held.flush()
    np.testing.assert_array_equal(read(f"{tmp_path}/a.dat", shape="-1,16", dtype="float32"), A)


@pytest.mark.parametrize(
    ("data", "options", "message"),
    [
        (A, ("300,17", "float32"), r"19,200; these would fit: --shape 300,16$"),
        (A, ("200,16", "float32"), r"would fit: --shape 300,16, --shape 200,24"),
        (A[:-1], ("300,16", "float32"), r"would fit: --shape 299,16"),
        (A.astype("f8"), ("300,16", "float32"), r"--shape 300,16 --dtype float64"),
        (A.astype("f2"), ("300,16", "float32"), r"--shape 300,16 --dtype float16"),
        (A, ("300,16", "int8"), r"--shape 300,16 --dtype float32"),
        (b"x" * 80 + A.tobytes(), ("300,16", "float32"), r"first 80 bytes are a header"),
        (A, ("-1,7", "float32"), r"does not go evenly into the 19,200 bytes"),
        (A.tobytes()[:-3], ("300,16", "float32"), r"nothing near it would fit"),
        (A, ("1000000000,1000000000", "float32"), r"would take 4,000,000,000,000,000,000 bytes"),
        (A, ("300", "float32"), r"expected ROWS,DIMS"),
        (A, ("300,0", "float32"), r"expected ROWS,DIMS"),
        (A, ("-1,-1", "float32"), r"expected ROWS,DIMS"),
        (A, ("a,b", "float32"), r"expected ROWS,DIMS"),
        (A, ("300,16", "object"), r"dtype is 'object'; expected one such as"),
        (A, ("300,16", "float33"), r"dtype is 'float33'"),
        (A, ("300,16", "U4"), r"dtype is 'U4'"),
        (A, ("300,16", None), r"lacks dtype= \(--dtype float32\)"),
        (A, (None, "float32"), r"lacks shape= \(--shape ROWS,DIMS\)"),
        (b"\x93NUMPY" + bytes(94), ("5,5", "float32"), r"is an .npy file"),
        (b"PK\x03\x04" + bytes(96), ("5,5", "float32"), r"is a zip"),
        (b"PAR1" + bytes(96), ("5,5", "float32"), r"is a Parquet file"),
    ],
)
def test_a_layout_that_does_not_fit_is_refused_with_what_would(
    tmp_path: Path, data: Any, options: tuple[Any, Any], message: str
) -> None:
    path = save(tmp_path, "a.raw", data)
    with pytest.raises(InputError, match=message):
        load_spaces([path], shape=options[0], dtype=options[1])


@pytest.mark.parametrize("ending", [".dat", ".raw", ".mmap", ".f32", ".bin"])
def test_without_a_layout_the_options_are_named(tmp_path: Path, ending: str) -> None:
    path = save(tmp_path, f"a{ending}", np.zeros((100, 384), "f4"))
    with pytest.raises(InputError, match=r"--shape ROWS,DIMS --dtype float32.*np.memmap"):
        load_spaces([path])
    if ending != ".bin":
        with pytest.raises(InputError, match=r"would fit .*100,384"):
            load_spaces([path])


def test_layouts_of_several_spaces_go_by_name(tmp_path: Path) -> None:
    paths = [save(tmp_path, "a.bin", A), save(tmp_path, "b.bin", A[:, :8].astype("f2"))]
    found = load_spaces(
        paths, shape={"a": "300,16", "b": "300,8"}, dtype={"a": "float32", "b": "float16"}
    )
    assert [one.vectors.shape for one in found.spaces.values()] == [(N, D), (N, 8)]
    np.save(tmp_path / "c.npy", A)
    with pytest.raises(InputError, match="is given for 'c', but the spaces of plain numbers are a"):
        load_spaces([paths[0], f"{tmp_path}/c.npy"], shape={"c": "1,2"}, dtype="float32")
    with pytest.raises(InputError, match=r"is for files of plain numbers.*there are c.npy"):
        load_spaces([f"{tmp_path}/c.npy"], shape="300,16", dtype="float32")


def test_a_layout_leaves_other_formats_alone(tmp_path: Path) -> None:
    np.save(tmp_path / "c.npy", A)
    sources = [save(tmp_path, "a.bin", A), f"{tmp_path}/c.npy"]
    found = load_spaces(sources, shape="300,16", dtype="float32")
    np.testing.assert_array_equal(found.spaces["a"].vectors, found.spaces["c"].vectors)


def test_the_command_line_inspects_plain_numbers(tmp_path: Path) -> None:
    path = save(tmp_path, "a.bin", A)
    said = CliRunner().invoke(app, ["inspect", path, "--shape", "300,16", "--dtype", "float32"])
    assert said.exit_code == 0
    assert "300" in said.stdout
    facts = inspect_file(path, shape="300,16", dtype="float32").vectors
    assert [(one.n_rows, one.n_dims) for one in facts] == [(N, D)]


HEADED = {".fbin": "<f4", ".u8bin": "u1", ".i8bin": "i1", ".ibin": "<i4", ".hbin": "<f2"}


@pytest.mark.parametrize("ending", HEADED)
def test_files_that_begin_with_rows_and_dims_are_read_exactly(tmp_path: Path, ending: str) -> None:
    values = (A if ending in (".fbin", ".hbin") else WHOLE).astype(HEADED[ending])
    head = struct.pack("<ii", N, D)
    path = save(tmp_path, f"a{ending}", head + values.tobytes())
    np.testing.assert_array_equal(read(path), values)
    for broken in (head + values.tobytes()[:-1], head[:6], struct.pack("<ii", -1, 4) + head):
        with pytest.raises(InputError, match=r"begins with .* rows of"):
            read(save(tmp_path, f"a{ending}", broken))


@pytest.mark.parametrize("ending", [".bin", ".bin.gz"])
def test_a_model_of_fasttext_is_refused_by_name(tmp_path: Path, ending: str) -> None:
    import gzip

    data = struct.pack("<ii", 793712314, 12) + bytes(300)
    path = save(tmp_path, f"a{ending}", gzip.compress(data) if "gz" in ending else data)
    with pytest.raises(InputError, match=r"is a model of fastText.*\.vec.*model\.words"):
        load_spaces([path])
