"""What reading a whole bundle tells, and what it does not touch."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import pytest

from emblink.bundle import open_store, read_manifest, verify
from emblink.bundle._files import DamageError
from emblink.bundle._record import Record
from emblink.bundle._seal import check_seal, sealed, unsealed
from emblink.errors import BundleError
from tests.torture.damage import flip_late
from tests.torture.made import emblink, tree
from tests.torture.steps import run_steps


def test_a_whole_bundle_is_counted_and_left_as_it_is(tmp_path: Path) -> None:
    root = tmp_path / "run"
    run_steps(root)
    before = tree(root)
    found = verify(root)
    arrays = [*root.glob("columns/*/*.npy")]
    assert found.n_files == len(arrays)
    assert found.n_bytes == sum(one.stat().st_size for one in arrays)
    assert found.faults == []
    assert tree(root) == before


def test_every_fault_has_its_line(tmp_path: Path) -> None:
    root = tmp_path / "run"
    run_steps(root)
    damaged = sorted(root.glob("columns/*/*.npy"))
    for one in damaged:
        flip_late(one)
    ended = emblink("verify", root)
    lines = ended.out.splitlines()
    assert ended.status == 1
    assert len(lines) == len(damaged) + 1
    assert all(any(str(one) in line for line in lines) for one in damaged)
    assert "compare again into the same directory to mend it" in lines[-1]


def test_an_array_that_no_column_shows_is_read_too(tmp_path: Path) -> None:
    root = tmp_path / "run"
    run_steps(root)
    unused = next(root.glob("columns/numbers-*/unused.npy"))
    flip_late(unused)
    assert not any("unused" in one.path for one in read_manifest(root).columns.values())
    assert str(unused) in verify(root).faults[0]


def test_a_step_that_was_written_anew_is_told_from_the_manifest_s(tmp_path: Path) -> None:
    root = tmp_path / "run"
    run_steps(root)
    step = next(root.glob("columns/numbers-*"))
    (step / "stage.json").unlink()
    with open_store(root) as store:
        key, other = step.name.rpartition("-")[2], np.full(4, 9, np.float32)
        store.stage("numbers", key, lambda: ({"x": other, "unused": np.arange(3)}, {}))
    assert [one for one in verify(root).faults if "written anew" in one]


def test_what_is_no_bundle_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="no bundle"):
        verify(tmp_path)
    assert emblink("verify", tmp_path).status == 2
    file = tmp_path / "vectors.npy"
    file.write_bytes(b"x")
    with pytest.raises(BundleError, match="is a file; expected the directory of a bundle"):
        verify(file)


def test_a_seal_tells_every_other_byte(tmp_path: Path) -> None:
    data = sealed(Record(step="x", arrays={}, facts={"checksum": "00000000", "mean": 0.5}))
    assert unsealed(tmp_path, data, Record).facts["mean"] == 0.5
    for at in range(len(data)):
        other = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        with pytest.raises(DamageError):
            check_seal(tmp_path, other)


def test_a_sealed_record_of_another_kind_is_said_so(tmp_path: Path) -> None:
    class Other(msgspec.Struct):
        checksum: str = "00000000"

    with pytest.raises(DamageError, match="of another Emblink"):
        unsealed(tmp_path, sealed(Other()), Record)
