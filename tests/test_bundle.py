"""Stages, stored order, and what a reader is told of a bundle that is not one."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import emblink as eb
from emblink.bundle import (
    Gathered,
    digest,
    inverse,
    open_store,
    read_manifest,
    restore_graph,
    restore_rows,
    stored_order,
)
from emblink.bundle._store import Output
from emblink.bundle.schema import SCHEMA, Manifest, Roles
from emblink.errors import BundleError
from emblink.types import Report
from tests.conftest import clustered


def empty_manifest() -> Manifest:
    """Return the manifest of a bundle without a column."""
    return Manifest(
        schema=SCHEMA,
        title="empty",
        seed=0,
        n_items=0,
        domains={},
        columns={},
        fields=[],
        roles=Roles(id="id"),
        spaces=[],
        pairs=[],
        report=Report(
            schema="emblink.report/2",
            version="0",
            seed=0,
            n_items=0,
            spaces=[],
            pairs=[],
            timelines=[],
            notes=[],
        ),
    )


def resident(file: Path) -> int:
    """Kilobytes of a file's map that count as memory of this process; 0 where nothing says so."""
    said = Path("/proc/self/smaps")
    maps = said.read_text() if said.exists() else ""
    own = re.findall(rf"{re.escape(str(file))}\n.*?^Rss: +(\d+)", maps, re.MULTILINE | re.DOTALL)
    return sum(map(int, own))


def test_what_a_step_wrote_leaves_the_process_when_the_next_one_is_done(tmp_path: Path) -> None:
    values = np.arange(1_000_000)
    with open_store(tmp_path / "run.emblink") as store:
        first = store.stage("many", "0", lambda: ({"values": values}, {}))
        file = first.folder / "values.npy"
        assert int(first.arrays["values"].sum()) == int(values.sum())
        read = resident(file)
        store.stage("few", "1", lambda: ({"values": values[:3]}, {}))
        assert resident(file) <= read // 10
        np.testing.assert_array_equal(first.arrays["values"], values)


def test_a_stage_is_computed_once_for_the_same_inputs(tmp_path: Path) -> None:
    calls = []

    def compute() -> Output:
        calls.append(1)
        return {"x": np.arange(3)}, {"mean": 1.0}

    for _ in range(2):
        with open_store(tmp_path / "run.emblink") as store:
            stage = store.stage("numbers", digest("numbers", 3), compute)
            assert stage.arrays["x"].tolist() == [0, 1, 2]
            assert stage.facts == {"mean": 1.0}
    assert len(calls) == 1


def test_a_stage_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    def compute() -> Output:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), open_store(tmp_path / "run.emblink") as store:
        store.stage("numbers", "0" * 32, compute)
    assert [*(tmp_path / "run.emblink" / "columns").iterdir()] == []


def test_what_a_killed_run_left_half_written_is_swept(tmp_path: Path) -> None:
    def stop() -> Output:
        raise KeyboardInterrupt

    path = tmp_path / "run.emblink"
    with open_store(path) as store:
        half = store.stage("numbers", "0" * 32, lambda: ({"x": np.arange(3)}, {})).folder
    (half / "stage.json").unlink()
    with pytest.raises(KeyboardInterrupt), open_store(path) as store:
        store.stage("numbers", "1" * 32, stop)
    with open_store(path) as store:
        store.finish(empty_manifest())
    assert not half.exists()


def test_two_writers_at_once_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "run.emblink"
    with (
        open_store(path),
        pytest.raises(BundleError, match=r"another run is writing to .*run\.emblink"),
        open_store(path),
    ):
        pass


def test_a_directory_of_something_else_is_never_written_to(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(BundleError, match="not an Emblink bundle"), open_store(tmp_path):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_an_unfinished_bundle_is_not_read(tmp_path: Path) -> None:
    with open_store(tmp_path / "run.emblink"):
        pass
    with pytest.raises(BundleError, match="unfinished bundle"):
        read_manifest(tmp_path / "run.emblink")


def test_a_bundle_of_a_later_version_says_update(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"schema": "emblink.bundle/99"}')
    with pytest.raises(BundleError, match="update Emblink"):
        read_manifest(tmp_path)


def test_digest_tells_arrays_apart_by_bytes_dtype_and_shape() -> None:
    x = np.arange(6, dtype=np.float32)
    keys = {
        digest(x),
        digest(x.reshape(2, 3)),
        digest(x.astype(np.float64)),
        digest(x + 1),
        digest(x[:0]),
    }
    assert len(keys) == 5
    assert digest(x.reshape(2, 3)) == digest(np.asfortranarray(x.reshape(2, 3)))


def test_the_stored_order_of_a_subset_does_not_depend_on_the_rest() -> None:
    ids = np.arange(200)
    subset = ids[::3]
    whole = ids[stored_order(ids, seed=5)]
    assert subset[stored_order(subset, seed=5)].tolist() == [i for i in whole if i in set(subset)]
    assert whole.tolist() != ids.tolist()
    assert not np.array_equal(stored_order(ids, seed=5), stored_order(ids, seed=6))


@given(st.integers(2, 40), st.integers(0, 1000))
def test_restoring_undoes_storing(n: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    order = rng.permutation(n)
    column = rng.standard_normal((n, 2))
    indices = rng.integers(0, n, size=(n, 3)).astype(np.int32)
    assert np.array_equal(restore_rows(column[order], order), column)
    assert np.array_equal(Gathered(column, order)[:], column[order])
    assert np.array_equal(restore_graph(inverse(order)[indices[order]], order), indices)
    assert np.array_equal(order[inverse(order)], np.arange(n))


def test_a_restored_graph_names_the_same_neighbours() -> None:
    ids = np.array(["a", "b", "c", "d"])
    order = np.array([2, 0, 3, 1])  # stored: c, a, d, b
    stored = np.array([[2], [3], [1], [0]], dtype=np.int32)
    restored = restore_graph(stored, order)
    named = dict(zip(ids, ids[restored[:, 0]], strict=True))
    assert named == {"a": "b", "b": "c", "c": "d", "d": "a"}


@pytest.mark.slow
@pytest.mark.parametrize("data", [b"", b"x" * 500, b"\x93NUMPY\x01\x00\x76\x00{'descr'"])
def test_a_damaged_column_is_one_error_and_comparing_again_mends_it(
    data: bytes, tmp_path: Path
) -> None:
    x, _ = clustered(40)
    whole = eb.compare({"a": x, "b": x + 1}, out=tmp_path / "run.emblink")
    expected = whole.graphs["a"].indices.tolist()
    file = whole.path / read_manifest(whole.path).columns["space/a/neighbors"].path
    file.write_bytes(data)
    with pytest.raises(BundleError, match=r"indices.npy is missing or damaged .*compare again"):
        eb.open(whole.path).graphs["a"]
    again = eb.compare({"a": x, "b": x + 1}, out=whole.path)
    assert again.graphs["a"].indices.tolist() == expected
