"""Reading takes the memory of the vectors once, and what does not fit is said with its size."""

from __future__ import annotations

import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet as pq

from emblink.errors import TooLargeError
from emblink.load import from_arrays, load_spaces
from emblink.load._memory import free_memory
from emblink.types import AnyArray
from tests.test_load_changing import FORMATS, write_npy
from tests.test_load_formats import Writer, ids_of, vectors_of


def test_a_file_larger_than_memory_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.npy"
    with path.open("wb") as file:
        header = {"descr": "<f4", "fortran_order": False, "shape": (10**9, 1000)}
        np.lib.format.write_array_header_1_0(file, header)
        file.truncate(file.tell() + 4 * 10**12)
    with pytest.raises(TooLargeError, match=r"^huge.npy needs at least 4,000.0 GB of memory, "):
        load_spaces([str(path)])


@pytest.mark.slow
@pytest.mark.parametrize("writer", FORMATS.values(), ids=FORMATS.keys())
def test_what_does_not_fit_says_how_much_it_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, writer: Writer
) -> None:
    path = writer(tmp_path, vectors_of("f4"), ids_of("str"))
    monkeypatch.setattr("emblink.load._memory.free_memory", lambda: 100)
    with pytest.raises(TooLargeError, match=r"f\.\w.* needs at least 0.0 MB of memory, 0.0 MB is"):
        load_spaces([str(path)])


def test_memory_that_runs_out_half_way_is_said_with_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_npy(tmp_path, vectors_of("f4"), ids_of("str"))

    def none_left(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("emblink.load._npy.fill", none_left)
    with pytest.raises(TooLargeError, match=r"^f.npy needs at least"):
        load_spaces([str(path)])


def test_free_memory_is_known_on_linux_and_positive() -> None:
    free = free_memory()
    assert free is None or free > 1 << 20
    assert (free is None) == (not Path("/proc/meminfo").is_file())


@pytest.mark.slow
@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("dtype", ["f4", "f8", "i8"])
@pytest.mark.parametrize("given", ["file", "map"])
def test_reading_takes_the_memory_of_the_vectors_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dtype: str, order: Any, given: str
) -> None:
    x = np.asarray(
        np.random.default_rng(0).integers(1, 99, (20_000, 50)).astype(dtype), order=order
    )
    np.save(tmp_path / "a.npy", x)
    for module in ("_npy", "_mapped", "_blocks"):
        monkeypatch.setattr(f"emblink.load.{module}.BLOCK", 1 << 14)
    path = tmp_path / "a.npy"
    source: Any = path if given == "file" else np.load(path, mmap_mode="r")
    tracemalloc.start()
    try:
        found = from_arrays({"a": source})
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 1.5 * found.spaces["a"].vectors.nbytes


_GROWTH = """
import sys
from pathlib import Path
from emblink.load import load_spaces

def most():
    lines = Path("/proc/self/status").read_text().splitlines()
    return 1024 * int(next(line for line in lines if line.startswith("VmHWM")).split()[1])

load_spaces([sys.argv[1]])
before = most()
found = load_spaces([sys.argv[2]])
print((most() - before) / next(iter(found.spaces.values())).vectors.nbytes)
"""


def _of_lists(x: AnyArray) -> Any:
    return pa.table({"id": np.arange(len(x)), "e": list(x)})


def _of_arrays(x: AnyArray) -> Any:
    flat = pa.FixedSizeListArray.from_arrays(pa.array(x.ravel()), x.shape[1])
    return pa.table({"id": np.arange(len(x)), "e": flat})


def _of_numbers(x: AnyArray) -> Any:
    return pa.table({f"d{i}": x[:, i] for i in range(x.shape[1])})


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the system does not say")
@pytest.mark.parametrize("table", [_of_lists, _of_arrays, _of_numbers])
def test_parquet_takes_the_memory_of_the_vectors_and_no_second_copy(
    tmp_path: Path, table: Callable[[AnyArray], Any]
) -> None:
    x = np.random.default_rng(0).normal(size=(100_000, 256)).astype("f4")
    for name, rows in (("small", x[:99]), ("large", x)):
        pq.write_table(table(rows), tmp_path / f"{name}.parquet")
    paths = [str(tmp_path / f"{name}.parquet") for name in ("small", "large")]
    run = subprocess.run(
        [sys.executable, "-c", _GROWTH, *paths], check=True, capture_output=True, text=True
    )
    assert float(run.stdout) < 2.6  # DuckDB 1.4 holds a column as it is packed, too
