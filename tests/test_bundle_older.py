"""Bundles of `emblink.bundle/1`: their vectors are in the order of the caller."""

from __future__ import annotations

import shutil
from pathlib import Path

import msgspec
import numpy as np
import pytest

import emblink as eb
from emblink.ask import Asker
from emblink.bundle import Bundle, Gathered, digest, inverse, laid_out, read_manifest
from emblink.bundle._arrays import write_npy
from emblink.bundle._seal import sealed
from emblink.types import IntArray
from tests.conftest import clustered

N = 160
OLDER = "emblink.bundle/1"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> eb.Comparison:
    """Spaces over different items, whose rows come in an order of their own."""
    return compared(tmp_path_factory.mktemp("made") / "now.emblink")


def compared(out: Path, *, keep_layout: bool = False, seed: int = 2) -> eb.Comparison:
    x, labels = clustered(N)
    rng = np.random.default_rng(seed)
    a, b = rng.permutation(N), rng.permutation(N - 20)
    ids = np.array([f"w{i}" for i in range(N)])
    new = x + 0.2 * np.random.default_rng(1).standard_normal(x.shape) * (labels == 0)[:, None]
    return eb.compare(
        {"old": x[a].astype(np.float32), "new": new[b].astype(np.float32)},
        ids={"old": ids[a], "new": ids[b]},
        labels={"old": labels[a].astype(str), "new": labels[b].astype(str)},
        keep_layout=keep_layout,
        out=out,
    )


def as_older(path: Path, out: Path) -> Path:
    """Write a bundle as it was written before: vectors in the order of the caller."""
    shutil.copytree(path, out)
    bundle, manifest = Bundle(path), read_manifest(path)
    columns = dict(manifest.columns)
    for info in manifest.spaces:
        given = bundle.vectors(info.name)[inverse(bundle.order(info.over))]
        file = out / f"columns/vectors-{digest(['vectors'], given)}/vectors.npy"
        file.parent.mkdir()
        stored = write_npy(file, given)
        columns[info.vectors] = msgspec.structs.replace(
            columns[info.vectors], path=str(file.relative_to(out)), crc32=stored.crc32
        )
    older = msgspec.structs.replace(manifest, schema=OLDER, columns=columns, checksum="0" * 8)
    (out / "manifest.json").write_bytes(sealed(older, indent=1))
    return out


@pytest.fixture(scope="module")
def older(made: eb.Comparison, tmp_path_factory: pytest.TempPathFactory) -> eb.Comparison:
    return eb.open(as_older(made.path, tmp_path_factory.mktemp("older") / "older.emblink"))


def test_an_older_bundle_holds_vectors_in_the_callers_order(
    made: eb.Comparison, older: eb.Comparison
) -> None:
    bundle = Bundle(older.path)
    assert bundle.manifest.schema == OLDER != Bundle(made.path).manifest.schema
    for info in bundle.manifest.spaces:
        written = bundle.array(info.vectors)
        np.testing.assert_array_equal(written, made.spaces[info.name].vectors)
        np.testing.assert_array_equal(
            bundle.vectors(info.name), Bundle(made.path).vectors(info.name)
        )
        assert not np.array_equal(written, bundle.vectors(info.name))


def test_an_older_bundle_answers_as_a_new_one(made: eb.Comparison, older: eb.Comparison) -> None:
    rows = np.arange(10, 110)
    measures = ("neighborhood_overlap", "inner_overlap", "linear_cka", "rsa")
    expected = made.ask("old", "new", rows=rows, measures=measures)
    assert older.ask("old", "new", rows=rows, measures=measures) == expected
    found, known = (one.suggest("old", "new", rows=np.arange(N)) for one in (older, made))
    assert [one.report for one in found] == [one.report for one in known]
    assert Asker(Bundle(older.path)).ask(("old", "new"), rows) == Asker(Bundle(made.path)).ask(
        ("old", "new"), rows
    )


def test_an_older_bundle_is_read_in_the_order_of_the_caller(
    made: eb.Comparison, older: eb.Comparison
) -> None:
    assert older.ids.tolist() == made.ids.tolist()
    for name, space in made.spaces.items():
        assert older.spaces[name].ids.tolist() == space.ids.tolist()
        np.testing.assert_array_equal(older.spaces[name].vectors, space.vectors)
        np.testing.assert_array_equal(older.graphs[name].indices, made.graphs[name].indices)
        placed, known = (one.projections.place(name, space.vectors[:7]) for one in (older, made))
        np.testing.assert_array_equal(placed.neighbors, known.neighbors)
        np.testing.assert_array_equal(placed.coords, known.coords)
        assert placed.neighbors[:, 0].tolist() == [*range(7)]


@pytest.mark.parametrize("seed", [2, 5])
def test_the_layout_of_an_older_bundle_is_kept(
    older: eb.Comparison, seed: int, tmp_path: Path
) -> None:
    path = tmp_path / "run.emblink"
    shutil.copytree(older.path, path)
    kept = compared(path, keep_layout=True, seed=seed)
    for name, space in older.spaces.items():
        rows = {one: row for row, one in enumerate(kept.spaces[name].ids.tolist())}
        at = [rows[one] for one in space.ids.tolist()]
        np.testing.assert_array_equal(
            kept.projections[name].coords[at], older.projections[name].coords
        )


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
@pytest.mark.parametrize("most", [100, 1 << 24])
def test_many_rows_are_laid_out_in_another_order_in_a_file(
    dtype: type[np.floating], most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("emblink.bundle._arrays.BLOCK_BYTES", most)
    rng = np.random.default_rng(0)
    vectors = rng.standard_normal((200, 3)).astype(dtype)
    order: IntArray = rng.permutation(200)
    found = laid_out(Gathered(vectors, order))
    np.testing.assert_array_equal(found, vectors[order])
    assert found.dtype == vectors.dtype
    assert isinstance(found, np.memmap) == (most == 100)
