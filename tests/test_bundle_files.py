"""Bytes on disk: what is written can be told from what is not."""

from __future__ import annotations

import errno
from pathlib import Path
from unittest import mock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from emblink.bundle import _arrays
from emblink.bundle._arrays import check_stored, check_sum, digest, map_array, write_npy
from emblink.bundle._files import (
    DamageError,
    check_length,
    read_file,
    replace_settled,
    safe_path,
    set_aside,
)
from emblink.bundle.schema import StoredArray
from emblink.types import AnyArray

ARRAYS = hnp.arrays(
    st.sampled_from([np.float32, np.int64, np.uint8, np.bool_]),
    hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=5),
)


@pytest.mark.slow
@given(array=ARRAYS, block=st.integers(1, 64))
def test_what_is_written_is_what_numpy_reads_and_what_is_mapped(
    array: AnyArray, block: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("npy") / "x.npy"
    with mock.patch.object(_arrays, "BLOCK_BYTES", block):
        stored = write_npy(path, array)
        check_sum(path, stored)
        assert digest(array) == digest(np.load(path))
    check_stored(path, stored)
    for read in (np.load(path), map_array(path, stored)):
        assert read.dtype == array.dtype
        assert read.shape == array.shape
        assert read.tobytes() == array.tobytes()


def test_a_fortran_array_and_a_view_are_written_in_order(tmp_path: Path) -> None:
    x = np.arange(12.0).reshape(3, 4)
    for name, array in {
        "turned": x.T,
        "fortran": np.asfortranarray(x),
        "part": x[::2, ::3],
    }.items():
        write_npy(tmp_path / name, array)
        assert np.load(tmp_path / name).tolist() == array.tolist()


def test_a_file_is_never_written_over(tmp_path: Path) -> None:
    (tmp_path / "x.npy").write_bytes(b"mine")
    with pytest.raises(FileExistsError):
        write_npy(tmp_path / "x.npy", np.zeros(3))
    assert (tmp_path / "x.npy").read_bytes() == b"mine"


@pytest.mark.parametrize("code", [errno.EMFILE, errno.ENOMEM, errno.EACCES])
def test_a_file_that_cannot_be_opened_now_is_not_said_to_be_damaged(
    code: int, tmp_path: Path
) -> None:
    path = tmp_path / "x.npy"
    stored = write_npy(path, np.zeros(3))
    with mock.patch.object(Path, "open", side_effect=OSError(code, "")), pytest.raises(OSError):
        check_sum(path, stored)
    failing = mock.patch.object(Path, "open", side_effect=OSError(errno.EIO, "bad sector"))
    with failing, pytest.raises(DamageError, match="cannot be read: bad sector"):
        check_sum(path, stored)


@pytest.mark.parametrize(
    ("changes", "fits"),
    [
        *(({}, True), ({"shape": [4]}, False), ({"dtype": "O"}, False), ({"bytes": 151}, False)),
        *(({"dtype": "<f4,<f4"}, False), ({"shape": [-3]}, False), ({"offset": -1}, False)),
        *(({"shape": [3, 2**70]}, False), ({"dtype": ">f8"}, True), ({"dtype": "f3"}, False)),
    ],
)
def test_only_numbers_that_fill_their_file_are_believed(
    changes: dict[str, object], fits: bool
) -> None:
    said: dict[str, object] = {"dtype": "<f8", "shape": [3], "offset": 128, "bytes": 152}
    stored = StoredArray(**{**said, **changes}, crc32="")  # type: ignore[arg-type]
    if fits:
        check_stored("x.npy", stored)
    else:
        with pytest.raises(DamageError, match="is said to hold"):
            check_stored("x.npy", stored)


@pytest.mark.slow
@given(st.text(max_size=60))
def test_a_path_that_is_taken_stays_inside(path: str) -> None:
    try:
        found = safe_path(path)
    except DamageError:
        return
    assert found.parts[0] == "columns"
    assert len(found.parts) == 3
    assert ".." not in found.parts


def test_a_column_s_own_path_is_taken() -> None:
    path = f"columns/purity-change-{'0f' * 16}/purity_change.npy"
    assert safe_path(path).as_posix() == path


def test_only_a_file_of_its_own_is_read(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"here")
    (tmp_path / "link").symlink_to(tmp_path / "x")
    assert read_file(tmp_path / "x") == b"here"
    assert read_file(tmp_path / "none") is None
    for path in (tmp_path / "link", tmp_path, tmp_path / "x" / "below"):
        with pytest.raises(DamageError):
            read_file(path)
    with pytest.raises(DamageError, match="has 4 bytes, not 5"):
        check_length(tmp_path / "x", 5)


def test_replacing_leaves_one_file_and_writes_through_no_link(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_bytes(b"mine")
    (tmp_path / "through").symlink_to(outside)
    replace_settled(tmp_path / "x", b"new", through=tmp_path / "through")
    assert (tmp_path / "x").read_bytes() == b"new"
    assert outside.read_bytes() == b"mine"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["outside", "x"]


@pytest.mark.parametrize("copy", [False, True])
def test_what_is_set_aside_keeps_its_bytes(copy: bool, tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"mine")
    said = set_aside(tmp_path / "x", copy=copy)
    (aside,) = tmp_path.glob("x.aside-*")
    assert aside.read_bytes() == b"mine"
    assert aside.name in said
    assert (tmp_path / "x").exists() == copy
