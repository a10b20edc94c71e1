"""Very wide files take no more memory than any other: 10 times the file and 200 MB."""

import gzip
import io
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import ipc
from pyarrow import parquet as pq

from tests.fuzz.pool import ROOT

READ = """
import sys
from pathlib import Path
from emblink.errors import InputError
from emblink.load import load_spaces
from tests.fuzz.worker import peak
before = peak(reset=True)
try:
    load_spaces([sys.argv[1]], on_bad="drop")
except InputError as error:
    assert Path(sys.argv[1]).name in str(error), error
    print(str(error)[:200])
print(peak() - before)
"""
MANY = 3_900_000
BETWEEN = "10," * 200_000 + '"a\nb",'
NAMES = [f"d{i}" for i in range(10_000)]


def _head(sign: str, n_columns: int, cell: str) -> bytes:
    names = sign.join(["id", *(f"d{i}" for i in range(n_columns))])
    row = sign.join([cell] * n_columns)
    return f"{names}\na{sign}{row}\nb{sign}{row}\n".encode()


def _later(row: str) -> bytes:
    return (",".join(["10"] * 300) + "\n").encode() * 60 + row.encode() + b"\n"


def _table(write: Callable[[pa.Table, io.BytesIO], None]) -> bytes:
    sink = io.BytesIO()
    write(pa.table({name: np.ones(3, np.float32) for name in NAMES}), sink)
    return sink.getvalue()


def _arrow(table: pa.Table, sink: io.BytesIO) -> None:
    with ipc.new_file(sink, table.schema) as out:
        out.write_table(table)


WIDE = {
    "numbers.csv.gz": lambda: _head(",", 240_000, "0.5"),
    "words.csv.gz": lambda: _head(",", 100_000, "x"),
    "quoted.csv.gz": lambda: f"id,{BETWEEN * 3}\n".encode() * 3,
    "later.csv.gz": lambda: _later("10," * MANY),
    "later_quoted.csv.gz": lambda: _later(BETWEEN * 80),
    "blanks.tsv.gz": lambda: b"10 " * MANY + b"\n",
    "tabs.txt.gz": lambda: (b"10\t" * MANY + b"\n") * 2,
    "blanks.vec.gz": lambda: b"w " + b"10 " * MANY + b"\n",
    "list.txt.gz": lambda: (b"[" + b"10," * MANY + b"1]\n") * 2,
    "list.jsonl.gz": lambda: b'{"e": [' + b"10," * MANY + b"1]}\n",
    "keys.jsonl.gz": lambda: (
        ("{" + ",".join(f'"{i}":0' for i in range(240_000)) + "}\n").encode() * 2
    ),
    "columns.parquet": lambda: _table(lambda table, sink: pq.write_table(table, sink)),
    "columns.arrow": lambda: _table(_arrow),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", WIDE)
def test_memory_has_its_bound(tmp_path: Path, name: str) -> None:
    path, data = tmp_path / name, WIDE[name]()
    path.write_bytes(gzip.compress(data, 1, mtime=0) if name.endswith(".gz") else data)
    answer = subprocess.run(
        [sys.executable, "-c", READ, str(path)], cwd=ROOT, capture_output=True, text=True
    )
    assert answer.returncode == 0, answer.stderr
    assert int(answer.stdout.split()[-1]) < 10 * path.stat().st_size + 200_000_000, answer.stdout
