"""Maps of files given in Python are copied, and refused where the file changes meanwhile."""

from __future__ import annotations

import mmap
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from emblink.errors import ReadError
from emblink.load import _mapped as mapped
from emblink.load import from_arrays
from emblink.load._mapped import Mapped, is_mapped
from emblink.types import AnyArray
from tests.load_helpers import CHANGES, empty
from tests.test_load_formats import vectors_of


def views(array: AnyArray) -> dict[str, AnyArray]:
    return {
        "whole": array,
        "plain": np.asarray(array),
        "slice": np.asarray(array)[3:30],
        "steps": array[::3, ::2],
        "backwards": array[::-1],
        "columns": array[:, 1:4],
        "turned": array.T,
        "one": array[:, 2],
        "flat": array.reshape(-1),
        "cube": array.reshape(5, 8, -1),
        "broadcast": np.broadcast_to(array[:1], array.shape),
        "bytes": array.view("u1"),
        "none": array[:0],
        "scalar": array[3, 2:3].reshape(()),
        "buffer": np.frombuffer(memoryview(array.data), array.dtype),
    }


@pytest.mark.parametrize("block", [1, 11, 1 << 22])
@pytest.mark.parametrize("dtype", ["f2", "f4", "f8", ">f4", "u1"])
def test_a_map_of_any_view_is_copied_number_for_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dtype: str, block: int
) -> None:
    monkeypatch.setattr(mapped, "BLOCK", block)
    np.save(tmp_path / "a.npy", vectors_of(dtype))
    for name, view in views(np.load(tmp_path / "a.npy", mmap_mode="r")).items():
        assert is_mapped(view), name
        given = Mapped(view, name)
        copy = given.whole()
        np.testing.assert_array_equal(copy, view)
        assert (copy.dtype, copy.shape, is_mapped(copy)) == (view.dtype, view.shape, False)
        if view.ndim == 2:
            out = np.zeros(view.shape, view.dtype)
            for place, part in given.blocks():
                assert not is_mapped(part)
                out[place] = part
            np.testing.assert_array_equal(out, view)


def test_what_is_in_memory_is_not_copied() -> None:
    x = vectors_of("f4")
    assert not is_mapped(x)
    assert from_arrays({"x": x}).spaces["x"].vectors is x


def test_maps_give_the_same_spaces_as_arrays(tmp_path: Path) -> None:
    arrays = {
        "a": vectors_of("f4"),
        "b": np.asfortranarray(vectors_of("f8")),
        "c": np.repeat(vectors_of("f2"), 2, axis=1),
    }
    for name, array in arrays.items():
        np.save(tmp_path / f"{name}.npy", array)
    maps = {name: np.load(tmp_path / f"{name}.npy", mmap_mode="r") for name in arrays}
    with (tmp_path / "a.npy").open("rb") as file:
        held = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    maps["a"] = np.ndarray(arrays["a"].shape, "f4", held, 128)
    maps["c"] = maps["c"][:, ::2]
    arrays["c"] = arrays["c"][:, ::2]
    found, plain = from_arrays(maps), from_arrays(arrays)
    for name in arrays:
        np.testing.assert_array_equal(found.spaces[name].vectors, plain.spaces[name].vectors)
        assert found.spaces[name].vectors.dtype == plain.spaces[name].vectors.dtype
        assert not is_mapped(found.spaces[name].vectors)


PARTS = ("space", "float64 space", "ids", "labels", "labels of spaces", "thumbnails", "column")


def compare_mapped(part: str, path: Path) -> object:
    """Join spaces one part of which is the map of a file."""
    n = len(vectors_of("f4"))
    stored: dict[str, AnyArray] = {
        "space": vectors_of("f4"),
        "float64 space": vectors_of("f8"),
        "ids": np.arange(n),
        "thumbnails": np.zeros((n, 2, 2, 3), np.uint8),
    }
    np.save(path, stored.get(part, np.arange(n) % 3))
    given: Any = np.load(path, mmap_mode="r")
    if part.endswith("space"):
        return from_arrays({"x": given})
    options: dict[str, Any] = {
        "ids": {"ids": given},
        "labels": {"labels": given},
        "labels of spaces": {"labels": {"x": given}},
        "thumbnails": {"thumbnails": given},
        "column": {"items": {"size": given}},
    }
    return from_arrays({"x": vectors_of("f4")}, **options[part])


@pytest.mark.slow
@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
@pytest.mark.parametrize("part", PARTS)
def test_a_map_whose_file_changes_while_it_is_copied_is_refused_and_kills_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: str, change: Callable[[Path], None]
) -> None:
    path = tmp_path / "f.npy"
    compare_mapped(part, path)
    monkeypatch.setattr(mapped, "BLOCK", 10)
    carry, copied = mapped._carry, []

    def watched(*given: Any) -> None:
        copied.append(1)
        if len(copied) == 2:  # after the sizes were looked at
            change(path)
        carry(*given)

    monkeypatch.setattr(mapped, "_carry", watched)
    with pytest.raises(ReadError, match=r"(changed|vanished) while it was read .* compare again"):
        compare_mapped(part, path)


def test_a_map_whose_file_was_cut_short_before_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "f.npy"
    np.save(path, vectors_of("f4"))
    given = np.load(path, mmap_mode="r")
    empty(path)
    with pytest.raises(ReadError, match=r"memory map space 'x' is .* load it again"):
        from_arrays({"x": given})


def test_a_map_of_a_file_without_a_name_is_refused_when_it_is_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "raw"
    path.write_bytes(vectors_of("f4").tobytes())
    with path.open("rb") as file:
        held = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    given = np.frombuffer(held, "f4").reshape(vectors_of("f4").shape)
    carry = mapped._carry

    def watched(*given: Any) -> None:
        os.truncate(path, 100)
        carry(*given)

    monkeypatch.setattr(mapped, "_carry", watched)
    with pytest.raises(ReadError, match=r"changed its size \(now 100 bytes\).*compare again"):
        from_arrays({"x": given})
