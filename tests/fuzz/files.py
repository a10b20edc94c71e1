"""Files of every format, as they should be."""

from __future__ import annotations

import gzip
import io
import json
import struct
from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import ipc
from pyarrow import parquet as pq

N, D = 40, 6
A = np.random.default_rng(7).normal(size=(N, D)).astype(np.float32)
IDS = [f"it{i:02d}" for i in range(N)]
TEXTS = [f'say "{i}", then é\nor {i % 3}' if i % 7 == 3 else f"text {i}" for i in range(N)]
LISTS = A.astype(float).tolist()
PLAIN_NAMES = [f"d{i}" for i in range(D)]


def words() -> bytes:
    rows = zip(IDS, A, strict=True)
    return "".join(w + " " + " ".join(f"{x:.9g}" for x in row) + "\n" for w, row in rows).encode()


def delimited(separator: str, *, texts: bool = False) -> bytes:
    names = ["id", *(["text"] if texts else []), *PLAIN_NAMES]
    lines = [separator.join(names)]
    for w, text, row in zip(IDS, TEXTS, A, strict=True):
        quoted = ['"' + text.replace('"', '""') + '"'] if texts else []
        lines.append(separator.join([w, *quoted, *(f"{x:.9g}" for x in row)]))
    return ("\n".join(lines) + "\n").encode()


def pgvector() -> bytes:
    rows = zip(IDS, LISTS, strict=True)
    return ("id,embedding\n" + "".join(f'{w},"{json.dumps(row)}"\n' for w, row in rows)).encode()


def binary() -> bytes:
    rows = zip(IDS, A, strict=True)
    return f"{N} {D}\n".encode() + b"".join(w.encode() + b" " + r.tobytes() for w, r in rows)


def npy(array: Any = A) -> bytes:
    sink = io.BytesIO()
    np.save(sink, array)
    return sink.getvalue()


def npz(*, packed: bool = True, **more: Any) -> bytes:
    sink = io.BytesIO()
    save = np.savez_compressed if packed else np.savez
    save(sink, vectors=A, ids=np.array(IDS), **more)
    return sink.getvalue()


def table() -> Any:
    return pa.table({"id": IDS, "embedding": list(A), "text": TEXTS, "label": [0, 1] * (N // 2)})


def parquet(**options: Any) -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(table(), sink, store_schema=False, **options)
    return bytes(sink.getvalue().to_pybytes())


def arrow(writer: Callable[..., Any] = ipc.new_file) -> bytes:
    sink = pa.BufferOutputStream()
    with writer(sink, table().schema) as out:
        out.write_table(table())
    return bytes(sink.getvalue().to_pybytes())


def objects() -> list[dict[str, object]]:
    rows = zip(IDS, LISTS, TEXTS, strict=True)
    return [{"id": w, "embedding": row, "text": text} for w, row, text in rows]


def json_lines(*, flat: bool = False) -> bytes:
    rows = objects()
    if flat:
        named = [dict(zip(PLAIN_NAMES, row, strict=True)) for row in LISTS]
        rows = [{"id": w, **more} for w, more in zip(IDS, named, strict=True)]
    return b"\n".join(json.dumps(row).encode() for row in rows)


def chroma() -> bytes:
    held = {"ids": IDS, "embeddings": LISTS, "documents": TEXTS, "metadatas": [{"n": 1}] * N}
    return json.dumps(held).encode()


def safetensors() -> bytes:
    place = {"dtype": "F32", "shape": [N, D], "data_offsets": [0, A.nbytes]}
    head = json.dumps({"e": place}).encode()
    return struct.pack("<Q", len(head)) + head + A.tobytes()


def vecs(array: Any = A) -> bytes:
    rows = np.zeros(len(array), [("dims", "<i4"), ("numbers", array.dtype, (array.shape[1],))])
    rows["dims"], rows["numbers"] = array.shape[1], array
    return rows.tobytes()


Maker = Callable[[], bytes]
PLAIN: dict[str, list[Maker]] = {
    "a.npy": [npy, lambda: npy(np.asfortranarray(A)), lambda: npy(A.astype(">f8"))],
    "a.npz": [npz, lambda: npz(packed=False), lambda: npz(labels=np.arange(N) % 3)],
    "a.parquet": [
        parquet,
        lambda: parquet(compression="NONE", use_dictionary=False),
        lambda: parquet(row_group_size=9, data_page_version="2.0"),
    ],
    "a.arrow": [arrow, lambda: arrow(ipc.new_stream)],
    "a.csv": [lambda: delimited(","), lambda: delimited(";", texts=True), pgvector],
    "a.tsv": [lambda: delimited("\t"), lambda: delimited("\t", texts=True)],
    "a.jsonl": [json_lines, lambda: json_lines(flat=True)],
    "a.json": [lambda: json.dumps(objects()).encode(), chroma],
    "a.txt": [words, lambda: words().replace(b"\n", b"\r\n")],
    "a.vec": [lambda: f"{N} {D}\n".encode() + words()],
    "a.bin": [binary],
    "a.safetensors": [safetensors],
    "a.fvecs": [vecs],
    "a.bvecs": [lambda: vecs((np.arange(N * D).reshape(N, D) % 251).astype("u1"))],
    "a.ivecs": [lambda: vecs((A * 1000).astype("<i4"))],
}
PACKED = {f"{name}.gz": name for name in ("a.csv", "a.tsv", "a.jsonl", "a.txt", "a.vec", "a.bin")}
NAMES = (*PLAIN, *PACKED)


def variants(name: str) -> list[Maker]:
    """Return what makes files of this name."""
    if name not in PACKED:
        return PLAIN[name]
    return [lambda make=make: gzip.compress(make(), mtime=0) for make in PLAIN[PACKED[name]]]  # type: ignore[misc]
