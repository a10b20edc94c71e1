"""Files of every format, and damage done to them by a seed."""

from __future__ import annotations

import gzip
import io
import json
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import ipc
from pyarrow import parquet as pq

from emblink.errors import InputError
from emblink.load import load_spaces
from emblink.types import AnyArray

N, D = 40, 6
A = np.random.default_rng(7).normal(size=(N, D)).astype(np.float32)
IDS = [f"it{i:02d}" for i in range(N)]
LISTS = A.astype(float).tolist()


def _words() -> bytes:
    rows = zip(IDS, A, strict=True)
    return "".join(w + " " + " ".join(f"{x:.9g}" for x in row) + "\n" for w, row in rows).encode()


def _csv(separator: str) -> bytes:
    head = separator.join(["id", *(f"d{i}" for i in range(D))]) + "\n"
    return head.encode() + _words().replace(b" ", separator.encode())


def _binary() -> bytes:
    rows = zip(IDS, A, strict=True)
    return f"{N} {D}\n".encode() + b"".join(w.encode() + b" " + r.tobytes() for w, r in rows)


def _npy() -> bytes:
    sink = io.BytesIO()
    np.save(sink, A)
    return sink.getvalue()


def _npz() -> bytes:
    sink = io.BytesIO()
    np.savez_compressed(sink, vectors=A, ids=np.array(IDS))
    return sink.getvalue()


def _table() -> Any:
    return pa.table({"id": IDS, "embedding": list(A)})


def _parquet() -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(_table(), sink)
    return bytes(sink.getvalue().to_pybytes())


def _arrow() -> bytes:
    sink = pa.BufferOutputStream()
    with ipc.new_file(sink, _table().schema) as writer:
        writer.write_table(_table())
    return bytes(sink.getvalue().to_pybytes())


def _objects() -> list[dict[str, object]]:
    return [{"id": w, "embedding": row} for w, row in zip(IDS, LISTS, strict=True)]


def _safetensors() -> bytes:
    place = {"dtype": "F32", "shape": [N, D], "data_offsets": [0, A.nbytes]}
    head = json.dumps({"e": place}).encode()
    return struct.pack("<Q", len(head)) + head + A.tobytes()


def _fvecs() -> bytes:
    rows = np.zeros(N, [("dims", "<i4"), ("numbers", "<f4", (D,))])
    rows["dims"], rows["numbers"] = D, A
    return rows.tobytes()


PLAIN: dict[str, Callable[[], bytes]] = {
    "a.npy": _npy,
    "a.npz": _npz,
    "a.parquet": _parquet,
    "a.arrow": _arrow,
    "a.csv": lambda: _csv(","),
    "a.tsv": lambda: _csv("\t"),
    "a.jsonl": lambda: b"\n".join(json.dumps(row).encode() for row in _objects()),
    "a.json": lambda: json.dumps(_objects()).encode(),
    "a.txt": _words,
    "a.vec": lambda: f"{N} {D}\n".encode() + _words(),
    "a.bin": _binary,
    "a.safetensors": _safetensors,
    "a.fvecs": _fvecs,
}
PACKED = {f"{name}.gz": name for name in ("a.csv", "a.tsv", "a.jsonl", "a.txt", "a.vec", "a.bin")}
NAMES = (*PLAIN, *PACKED)
EXACT = {"a.npy", "a.npz", "a.csv", "a.txt", "a.vec", "a.bin", "a.safetensors", "a.fvecs"}
"""Formats whose damage by cutting off must show: no row is read that is not as it was written."""


def original(name: str) -> bytes:
    """Return the file as it should be."""
    return gzip.compress(PLAIN[PACKED[name]](), mtime=0) if name in PACKED else PLAIN[name]()


def mutants(data: bytes, seed: int) -> Iterator[tuple[str, bytes]]:
    """Damage a file in turns: cut off, bits flipped, runs of bytes put in, out, or to an end."""
    rng = np.random.default_rng(seed)
    while True:
        at, other = (int(i) for i in rng.integers(0, len(data), 2))
        head = int(rng.integers(0, min(256, len(data))))
        yield "cut", data[:at]
        flipped = bytearray(data)
        flipped[at] ^= 1 << int(rng.integers(0, 8))
        yield "flip", bytes(flipped)
        lying = bytearray(data)
        lying[head] = int(rng.choice([0, 9, 10, 13, 34, 44, 48, 57, 91, 123, 127, 255]))
        yield "head", bytes(lying)
        yield "doubled", data[:at] + data[min(at, other) :]
        noise = rng.integers(0, 256, 8, np.uint8).tobytes()
        yield "noise", data[:at] + noise + data[at + 8 :]


def read(path: Path) -> tuple[AnyArray, AnyArray] | None:
    """Return the ids and vectors of a file, or None where it is refused in words."""
    try:
        space_set = load_spaces([str(path)], on_bad="drop")
    except InputError as error:
        if path.name not in str(error):
            raise AssertionError("the error does not name the file") from error
        return None
    space = next(iter(space_set.spaces.values()))
    return space.ids, space.vectors
