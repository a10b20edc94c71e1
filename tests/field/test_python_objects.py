"""Objects of other libraries as spaces, and pictures of every usual layout."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import scipy.sparse as sparse
from PIL import Image

from emblink.errors import InputError, ReadError
from emblink.load import from_arrays, load_spaces
from emblink.load._thumbnails import as_pictures
from emblink.types import AnyArray

N, D = 120, 8
g = np.random.default_rng(7)
A = g.normal(size=(N, D)).astype(np.float32)
B = A[::-1].copy()
WORDS = [f"w{i}" for i in range(N)]


class Keyed:
    def __init__(self, words: list[str], vectors: AnyArray) -> None:
        self.index_to_key = words
        self.vectors = vectors


class Model:
    def __init__(self, words: list[str], vectors: AnyArray) -> None:
        self.wv = Keyed(words, vectors)


class Tensor:
    """A tensor that numpy may not take before it is detached and on the CPU, as torch's are."""

    def __init__(self, values: AnyArray, *, ready: int = 0, dtype: str = "float32") -> None:
        self.values, self.ready, self.dtype = values, ready, dtype

    def __dlpack__(self, **_: object) -> object:
        raise BufferError("requires grad, or on a GPU")

    def detach(self) -> "Tensor":
        return Tensor(self.values, ready=1, dtype=self.dtype)

    def cpu(self) -> "Tensor":
        return Tensor(self.values, ready=self.ready + 1, dtype=self.dtype)

    def float(self) -> "Tensor":
        return Tensor(self.values, ready=self.ready)

    def __array__(self, dtype: object = None, copy: object = None) -> AnyArray:
        if self.ready < 2 or self.dtype == "torch.bfloat16":
            raise TypeError("Can't call numpy() on this Tensor")
        return self.values


class Capsule:
    """An array that knows nothing but DLPack."""

    def __init__(self, values: AnyArray) -> None:
        self._values = values

    def __dlpack__(self, **options: Any) -> Any:
        return self._values.__dlpack__(**options)

    def __dlpack_device__(self) -> tuple[int, int]:
        return self._values.__dlpack_device__()


class OnDevice:
    """An array that is copied by ``get``, as cupy's are."""

    def __init__(self, values: AnyArray) -> None:
        self._values = values

    def __dlpack__(self, **_: object) -> object:
        raise BufferError("on a GPU")

    def __dlpack_device__(self) -> tuple[int, int]:
        return (2, 0)

    def get(self) -> AnyArray:
        return self._values


class Dataset:
    def __init__(self, table: Any) -> None:
        self._table = table
        self.column_names = table.column_names

    def with_format(self, kind: str) -> "Dataset":
        assert kind == "arrow"
        return self

    def __getitem__(self, rows: slice) -> Any:
        return self._table


class Cells:
    def __init__(self, names: list[str], **obsm: AnyArray) -> None:
        self.obs_names = pd.Index(names)
        kinds = pd.Categorical(["T", None] * (len(names) // 2))
        self.obs = pd.DataFrame({"cell_type": kinds}, index=names)
        self.obsm = obsm


BY_ROW: dict[str, Any] = {
    "csr": sparse.csr_matrix(A),
    "csc array": sparse.csc_array(A),
    "coo": sparse.coo_array(A),
    "tensor": Tensor(A),
    "bfloat16": Tensor(A, dtype="torch.bfloat16"),
    "dlpack alone": Capsule(A),
    "on a device": OnDevice(A),
}
BY_WORD: dict[str, Any] = {
    "keyed": (Keyed(WORDS, A), Keyed(WORDS[::-1], B)),
    "model": (Model(WORDS, A), Model(WORDS[::-1], B)),
    "dict": (dict(zip(WORDS, A, strict=True)), dict(zip(WORDS[::-1], B, strict=True))),
    "dict of lists": (
        dict(zip(WORDS, A.tolist(), strict=True)),
        dict(zip(WORDS[::-1], B.tolist(), strict=True)),
    ),
    "dict of tensors": (
        {w: Tensor(v) for w, v in zip(WORDS, A, strict=True)},
        Keyed(WORDS[::-1], B),
    ),
    "dataset": (
        Dataset(pa.table({"id": WORDS, "embedding": list(A)})),
        Dataset(pa.table({"id": WORDS[::-1], "embedding": list(B)})),
    ),
    "cells": (Cells(WORDS, X_pca=A), Cells(WORDS[::-1], X_pca=B)),
}


@pytest.mark.parametrize("kind", BY_ROW)
def test_matrices_and_tensors_are_read_exactly(kind: str) -> None:
    space_set = from_arrays({"a": BY_ROW[kind], "b": A})
    np.testing.assert_array_equal(space_set.spaces["a"].vectors, A)


@pytest.mark.parametrize("kind", BY_WORD)
def test_objects_that_know_their_words_are_joined_by_them(kind: str) -> None:
    a, b = BY_WORD[kind]
    space_set = from_arrays({"a": a, "b": b})
    assert space_set.ids.tolist() == WORDS
    np.testing.assert_array_equal(space_set.spaces["a"].vectors, A)
    np.testing.assert_array_equal(space_set.spaces["b"].vectors, B)
    assert space_set.spaces["b"].matched_by == "id"
    assert not any("no ids" in note for note in space_set.notes)


def test_each_array_of_obsm_is_a_space_and_euclidean_is_suggested() -> None:
    cells: Any = Cells(WORDS, X_pca=A, X_scVI=A[:, :3], words=np.array([["x"]] * N))
    alone = from_arrays(cells, labels="cell_type")
    assert [*alone.spaces] == ["X_pca", "X_scVI"]
    assert alone.ids.tolist() == WORDS
    assert alone.items["cell_type"].tolist() == ["T", ""] * (N // 2)
    assert any('metric="euclidean"' in note for note in alone.notes)
    told = from_arrays(cells, metric="euclidean").notes
    assert not any('metric="euclidean"' in note for note in told)
    assert [*from_arrays({"run": cells}).spaces] == ["run/X_pca", "run/X_scVI"]
    with pytest.raises(InputError, match=r"no arrays in obsm"):
        from_arrays({"a": Cells(WORDS)})


def test_words_with_vectors_of_other_lengths_are_named() -> None:
    with pytest.raises(InputError, match=r"that of 'w0' has 8 numbers, that of 'odd' 3"):
        from_arrays({"a": {**dict(zip(WORDS, A, strict=True)), "odd": [1, 2, 3]}})


def test_a_sparse_matrix_too_large_is_refused_before_memory_is_taken() -> None:
    huge = sparse.csr_matrix((10**7, 10**7), dtype=np.float32)
    with pytest.raises(InputError, match=r"needs at least .* of memory"):
        from_arrays({"a": huge})


def test_a_dict_of_splits_asks_for_one() -> None:
    splits = type("DatasetDict", (dict,), {"with_format": None, "column_names": None})
    with pytest.raises(InputError, match=r"splits train, test; pass one: data\['train'\]"):
        from_arrays({"a": splits(train=1, test=2)})


GREY = g.integers(0, 256, (N, 8, 8), np.uint8)
COLOUR = g.integers(0, 256, (N, 8, 8, 3), np.uint8)
AS_RGB = np.repeat(GREY[..., None], 3, 3)
PICTURES: dict[str, tuple[AnyArray, AnyArray]] = {
    "bytes": (COLOUR, COLOUR),
    "grey": (GREY, AS_RGB),
    "grey channel": (GREY[..., None], AS_RGB),
    "channels first": (COLOUR.transpose(0, 3, 1, 2), COLOUR),
    "grey first": (GREY[:, None], AS_RGB),
    "0 to 1": ((COLOUR / 255).astype(np.float32), COLOUR),
    "0 to 1, half": ((COLOUR / 255).astype(np.float16), COLOUR),
    "0 to 255 floats": (COLOUR.astype(np.float64), COLOUR),
    "0 to 255 integers": (COLOUR.astype(np.int64), COLOUR),
    "16 bits": (COLOUR.astype(np.uint16) * 257, COLOUR),
    "truth": (GREY > 127, np.where(AS_RGB > 127, 255, 0).astype(np.uint8)),
    "opaque": (np.concatenate([COLOUR, np.full_like(COLOUR[..., :1], 255)], 3), COLOUR),
    "floats first": ((COLOUR / 255).transpose(0, 3, 1, 2), COLOUR),
}


@pytest.mark.parametrize("kind", PICTURES)
def test_pictures_of_every_layout_are_taken(tmp_path: Path, kind: str) -> None:
    given, expected = PICTURES[kind]
    np.save(tmp_path / "a.npy", A)
    np.save(tmp_path / "thumbs.npy", given)
    np.savez(tmp_path / "thumbs.npz", imgs=given)
    for spec in ("thumbs.npy", "thumbs.npz", "thumbs.npz::imgs"):
        found = load_spaces([str(tmp_path / "a.npy")], thumbnail=str(tmp_path / spec))
        np.testing.assert_array_equal(found.items[found.roles["thumbnail"]], expected)
    held = from_arrays({"a": A}, thumbnails=given)
    np.testing.assert_array_equal(held.items[held.roles["thumbnail"]], expected)


def test_large_pictures_are_made_small_by_averaging() -> None:
    halves = np.zeros((3, 300, 150, 3), np.uint8)
    halves[:, 150:] = 200
    small = as_pictures(halves, "pictures")
    assert small.shape == (3, 96, 48, 3)
    assert (small[:, :48] == 0).all()
    assert (small[:, 48:] == 200).all()


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (np.full((4, 8, 8, 3), -0.5), r"numbers from -0\.5 .*scale them"),
        (np.full((4, 8, 8, 3), np.nan), r"numbers from nan"),
        (np.zeros((4, 8, 8, 7)), r"cannot be pictures"),
        (np.zeros((4, 8)), r"cannot be pictures"),
        (np.zeros((4, 8, 8), complex), r"expected pictures of numbers"),
    ],
)
def test_what_is_no_picture_is_refused(values: AnyArray, message: str) -> None:
    with pytest.raises(InputError, match=message):
        as_pictures(values, "pictures")


def images(folder: Path) -> Path:
    (folder / "im").mkdir()
    for at, word in enumerate(WORDS):
        Image.new("RGB", (40, 20), (at, 0, 0)).save(folder / "im" / f"{word}.png")
    return folder / "im"


@pytest.mark.parametrize("end", ["", ".png"])
def test_a_folder_of_images_is_matched_by_id_or_file_name(tmp_path: Path, end: str) -> None:
    folder = images(tmp_path)
    np.savez(tmp_path / "v.npz", ids=np.array([w + end for w in WORDS[::-1]]), vectors=B)
    found = load_spaces([str(tmp_path / "v.npz")], thumbnail=str(folder))
    pictures = found.items[found.roles["thumbnail"]]
    assert pictures[:, 48, 48, 0].tolist() == [*range(N)][::-1]


def test_a_column_of_paths_is_a_column_of_images(tmp_path: Path) -> None:
    images(tmp_path)
    frame = pd.DataFrame({"id": WORDS, "path": [f"im/{w}.png" for w in WORDS]})
    frame.to_csv(tmp_path / "items.csv", index=False)
    np.save(tmp_path / "v.npy", A)
    found = load_spaces([str(tmp_path / "v.npy")], items=tmp_path / "items.csv", thumbnail="path")
    assert found.items[found.roles["thumbnail"]][:, 48, 48, 0].tolist() == [*range(N)]


def test_images_without_pillow_are_refused_with_a_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "PIL", None)
    (tmp_path / "im").mkdir()
    (tmp_path / "im" / "w0.png").write_bytes(b"no image")
    np.savez(tmp_path / "v.npz", ids=np.array(WORDS), vectors=A)
    with pytest.raises(ReadError, match=r"needs Pillow: `pip install pillow`.*thumbs\.npy"):
        load_spaces([str(tmp_path / "v.npz")], thumbnail=str(tmp_path / "im"))


def test_paths_and_folders_without_images_are_named(tmp_path: Path) -> None:
    (tmp_path / "im").mkdir()
    np.savez(tmp_path / "v.npz", ids=np.array(WORDS), vectors=A, path=np.array(WORDS))
    with pytest.raises(ReadError, match="holds no images"):
        load_spaces([str(tmp_path / "v.npz")], thumbnail=str(tmp_path / "im"))
    with pytest.raises(InputError, match="names no image that is there"):
        load_spaces([str(tmp_path / "v.npz")], thumbnail="path")
    (tmp_path / "im" / "other.png").write_bytes(b"x")
    with pytest.raises(InputError, match=r"no image of .* is named like an item"):
        load_spaces([str(tmp_path / "v.npz")], thumbnail=str(tmp_path / "im"))
