"""Files that are of another format than their names say are refused with what they are."""

from __future__ import annotations

import gzip
import io
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from emblink.errors import InputError
from emblink.load import load_spaces

N, D = 8, 4
A = np.random.default_rng(7).normal(size=(N, D)).astype("f4")
IDS = [f"it{i}" for i in range(N)]


def parquet() -> bytes:
    held = io.BytesIO()
    pd.DataFrame({"id": IDS, "v": A.tolist()}).to_parquet(held)
    return held.getvalue()


def npy() -> bytes:
    held = io.BytesIO()
    np.save(held, A)
    return held.getvalue()


def npz() -> bytes:
    held = io.BytesIO()
    np.savez(held, A=A)
    return held.getvalue()


ROWS = [{"id": one, "v": row} for one, row in zip(IDS, A.tolist(), strict=True)]
ARRAY = json.dumps(ROWS).encode()
LINES = b"\n".join(json.dumps(row).encode() for row in ROWS)
CSV = pd.DataFrame(A).add_prefix("d").assign(id=IDS).set_index("id").to_csv().encode()
WORDS = "\n".join(
    f"{one} " + " ".join(map(str, row)) for one, row in zip(IDS, A.tolist(), strict=True)
)

MISNAMED: dict[str, tuple[bytes, str]] = {
    "a.jsonl": (ARRAY, r"one JSON array.* name it a\.json$"),
    "b.ndjson": (json.dumps(ROWS, indent=1).encode(), r"one JSON array.* name it b\.json$"),
    "a.csv.gz": (CSV, r"Not a gzipped file.* name it a\.csv$"),
    "a.jsonl.gz": (LINES, r"Not a gzipped file.* name it a\.jsonl$"),
    "packed.csv": (gzip.compress(CSV), r"packed by gzip.* name it packed\.csv\.gz"),
    "packed.jsonl": (gzip.compress(LINES), r"packed by gzip.* name it packed\.jsonl\.gz"),
    "packed.parquet": (gzip.compress(parquet()), r"packed by gzip.* unpack it"),
    "p.csv": (parquet(), r"Parquet.* name it p\.parquet"),
    "p.jsonl": (parquet(), r"Parquet.* name it p\.parquet"),
    "p.txt": (parquet(), r"Parquet.* name it p\.parquet"),
    "n.parquet": (npy(), r"numpy.* name it n\.npy"),
    "n.csv": (npy(), r"numpy.* name it n\.npy"),
    "z.npy": (npz(), r"zip.* name it z\.npz"),
    "sheet.csv": (npz(), r"Excel"),
    "lines.csv": (LINES, r"JSON.* name it lines\.jsonl"),
    "array.csv": (ARRAY, r"JSON.* name it array\.json"),
    "comma.txt": (CSV, r"parted by ','.* name it comma\.csv"),
    "semi.txt": (CSV.replace(b",", b";"), r"parted by ';'.* name it semi\.csv"),
    "numbers.txt": (CSV.partition(b"\n")[2], r"parted by ','"),
    "comment.txt": (b"# made by a script\n" + WORDS.encode(), r"if it is a comment, delete it"),
    "comment.vec": (b"# made by a script\n" + WORDS.encode(), r"if it is a comment, delete it"),
}


@pytest.mark.parametrize("name", MISNAMED)
def test_a_file_of_another_format_than_its_name_says_what_it_is(tmp_path: Path, name: str) -> None:
    data, message = MISNAMED[name]
    (tmp_path / name).write_bytes(data)
    with pytest.raises(InputError, match=message):
        load_spaces([f"{tmp_path}/{name}"])


def test_ids_with_commas_in_lines_of_text_are_ids(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", A)
    names = [f"Smith, J., {i}" for i in range(N)]
    (tmp_path / "ids.txt").write_text("\n".join(names) + "\n")
    found = load_spaces([f"{tmp_path}/a.npy"], ids={"a": f"{tmp_path}/ids.txt"})
    assert found.ids.tolist() == names
