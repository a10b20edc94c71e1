"""Files whose headers lie about shape, type, order or length, and files of extreme shapes."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import parquet as pq

from tests.fuzz.files import IDS, LISTS, A, D, N, npy, objects, words

Random = np.random.Generator


def pick(rng: Random, *values: Any) -> Any:
    return values[int(rng.integers(0, len(values)))]


def size(rng: Random) -> int:
    """Return a size that may be a lie."""
    return int(pick(rng, N, D, 0, 1, 2, -1, 39, 41, 1 << 31, 1 << 40, (1 << 63) - 1, 1 << 64))


def lying_npy(rng: Random) -> bytes:
    shape = tuple(size(rng) for _ in range(int(rng.integers(0, 4))))
    kind = pick(rng, "<f4", ">f4", "<f8", "<f2", "|O", "<i8", "|b1", "<U3", "|V8", "<M8[ns]", "?x")
    order = pick(rng, True, False, 7)
    head = repr({"descr": kind, "fortran_order": order, "shape": pick(rng, shape, (N, D))})
    head = pick(rng, head, head[:-2], head + "#", "(" * 300, "[" + head + "]", head * 2).ljust(118)
    version = pick(rng, b"\x01\x00", b"\x02\x00", b"\x03\x00", b"\x07\x01")
    n_bytes = len(head) + 1 if rng.random() < 0.8 else int(rng.integers(0, 1 << 16))
    length = struct.pack("<H" if version[0] == 1 else "<I", n_bytes)
    return bytes(b"\x93NUMPY" + version + length + head.encode() + b"\n" + A.tobytes())


def lying_npz(rng: Random) -> bytes:
    sink = io.BytesIO()
    method = pick(rng, zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED, zipfile.ZIP_LZMA)
    with zipfile.ZipFile(sink, "w", method) as archive:
        if rng.random() < 0.2:
            rows = int(rng.integers(2, 40_000_000))
            head = npy(np.zeros((1, 1), np.float32)).replace(b"(1, 1)", b"(%d, 1)" % rows)[:-4]
            archive.writestr("bomb.npy", head + bytes(4 * rows))
        for i in range(int(pick(rng, 1, 2, 3, 400))):
            name = pick(rng, "vectors.npy", f"v{i}.npy", "../x.npy", "ids.npy", "é.npy", ".npy")
            if name not in archive.namelist():
                archive.writestr(name, npy() if rng.random() < 0.5 else lying_npy(rng))
    data = bytearray(sink.getvalue())
    if rng.random() < 0.3:
        data[-int(rng.integers(1, min(len(data), 120)))] ^= 1 << int(rng.integers(0, 8))
    return bytes(data)


def odd_table(rng: Random) -> Any:
    lists = [pick(rng, row, None, [], [None] * D, row[:-1], [1e300] * D) for row in LISTS]
    columns = {
        "id": IDS,
        "embedding": pick(rng, LISTS, lists, pa.array(LISTS, pa.list_(pa.float64(), D))),
        "payload": pick(rng, [{"text": "a", "n": 1}] * N, [None] * N, [b"\xff"] * N, [True] * N),
    }
    if rng.random() < 0.2:
        columns |= {f"e_{i}": A[:, i % D] for i in range(int(pick(rng, 2, 300, 1500)))}
    return pa.table(columns)


def odd_parquet(rng: Random) -> bytes:
    sink = pa.BufferOutputStream()
    method = pick(rng, "NONE", "SNAPPY", "ZSTD", "GZIP")
    pq.write_table(odd_table(rng), sink, store_schema=False, compression=method)
    data = bytearray(sink.getvalue().to_pybytes())
    if rng.random() < 0.7:
        foot = struct.unpack("<I", data[-8:-4])[0]
        for _ in range(int(rng.integers(1, 4))):
            data[-int(rng.integers(1, min(len(data), foot + 8)))] = int(rng.integers(0, 256))
    return bytes(data)


def odd_arrow(rng: Random) -> bytes:
    sink = pa.BufferOutputStream()
    found = odd_table(rng)
    with pick(rng, pa.ipc.new_file, pa.ipc.new_stream)(sink, found.schema) as out:
        out.write_table(found)
    data = bytearray(sink.getvalue().to_pybytes())
    if rng.random() < 0.7:
        for _ in range(int(rng.integers(1, 4))):
            data[int(rng.integers(0, min(len(data), 900)))] = int(rng.integers(0, 256))
    return bytes(data)


def odd_delimited(rng: Random, separator: str) -> bytes:
    n_columns = int(pick(rng, 1, 2, D, 300, 5000))
    names = [f"d{i}" for i in range(n_columns)]
    if rng.random() < 0.5:
        names[-1] = pick(rng, "", '"', "d0", "D0", "x" * 300, "\0", "id", "é", 'a"b', " d0", "1")
    rows = [[w, *(["0.5"] * n_columns)] for w in IDS[: int(pick(rng, 1, 3, N))]]
    for _ in range(int(rng.integers(0, 3))):
        cell = pick(rng, "", '"a\nb"', '""', '"', "NaN", "1e999", "[1,2]", "yes", "'", " 1", "1 ")
        row = rows[int(rng.integers(0, len(rows)))]
        row[int(rng.integers(0, len(row)))] = cell
    end = pick(rng, "\n", "\r\n", "\r", "\n\n", "")
    return bytes(end.join(separator.join(row) for row in [["id", *names], *rows]).encode())


def odd_json(rng: Random, *, lines: bool) -> bytes:
    rows = [dict(row) for row in objects()]
    for _ in range(int(rng.integers(1, 4))):
        row = rows[int(rng.integers(0, N))]
        key = pick(rng, *row, "new", "ID", "Embedding", "a.b", "")
        row[key] = pick(
            rng, None, True, "", "7", 7, 7.5, 10**30, 10**400, float("nan"), float("inf"), [], {},
            [[1.0] * D], [1.0] * (D - 1), ["1"] * D, [None] * D, [1e39] * D, {"a": {"b": [1]}},
            "\ud800", "2024-01-01", "[1, 2]",
        )  # fmt: skip
    if rng.random() < 0.1:
        rows = [{f"d{i}": 1.5 * i for i in range(int(pick(rng, 100, 3000)))} for _ in rows[:3]]
    text = [json.dumps(row) for row in rows]
    if rng.random() < 0.2:
        at = int(rng.integers(0, len(text)))
        text[at] = pick(
            rng, "[" * 100_000, '{"a":' * 5000, '{"id": "x", "id": "y"}', "", "null", "7", "{",
            text[at].replace("}", ',"id":"twice"}'), text[at] + text[at], "\0",
        )  # fmt: skip
    return ("\n".join(text) if lines else "[" + ",".join(text) + "]").encode()


def odd_words(rng: Random, *, head: bool) -> bytes:
    rows = words().decode().splitlines()
    at = int(rng.integers(0, N))
    _, _, numbers = rows[at].partition(" ")
    new = pick(rng, "", " ", "a b", "1", "7 8", '"', "\0", "\u2028", "\t", "w" * 5000, "#", "١")
    rows[at] = (
        new + pick(rng, " ", "  ", "\t") + pick(rng, numbers, numbers + " 1", "0 " * 9999, "")
    )
    first = f"{pick(rng, N, size(rng))} {pick(rng, D, size(rng))}"
    return "\n".join([*([first] if head or rng.random() < 0.3 else []), *rows]).encode()


def lying_binary(rng: Random) -> bytes:
    rows = b"".join(
        pick(rng, w.encode(), w.encode(), b"", b"\n" + w.encode(), b"\xff", b"w" * 5000) + b" " + r
        for w, r in zip(IDS, [row.tobytes() for row in A], strict=True)
    )
    return f"{pick(rng, N, size(rng))} {pick(rng, D, size(rng))}\n".encode() + rows


def lying_safetensors(rng: Random) -> bytes:
    entries: dict[str, Any] = {}
    for i in range(int(pick(rng, 1, 2, 300))):
        shape = pick(rng, [N, D], [size(rng), size(rng)], [], [size(rng)], "x", [N, -D], [N, 6.0])
        place = pick(rng, [0, A.nbytes], [0, size(rng)], [size(rng), A.nbytes], [A.nbytes, 0], None)
        kind = pick(rng, "F32", "F32", "BF16", "F16", "F64", "BOOL", "F8_E4M3", 7)
        entries[f"e{i}"] = {"dtype": kind, "shape": shape, "data_offsets": place}
    if rng.random() < 0.2:
        entries["e0"] = pick(rng, 7, None, [], {})
    head = pick(rng, json.dumps(entries), "[" * 100_000, "{}", "[]", json.dumps(entries)[:-1])
    length = len(head) if rng.random() < 0.8 else abs(size(rng)) % (1 << 63)
    return bytes(struct.pack("<Q", length) + head.encode() + A.tobytes())


def lying_vecs(rng: Random, kind: str) -> bytes:
    rows = np.zeros(N, [("dims", "<i4"), ("numbers", kind, (D,))])
    rows["dims"] = D
    rows["dims"][int(rng.integers(0, N))] = size(rng) & 0x7FFFFFFF
    rows["dims"][0] = pick(rng, D, size(rng) & 0x7FFFFFFF)
    return bytes(rows.tobytes())


LIES: dict[str, Callable[[Random], bytes]] = {
    "a.npy": lying_npy,
    "a.npz": lying_npz,
    "a.parquet": odd_parquet,
    "a.arrow": odd_arrow,
    "a.csv": lambda rng: odd_delimited(rng, pick(rng, ",", ";")),
    "a.tsv": lambda rng: odd_delimited(rng, "\t"),
    "a.jsonl": lambda rng: odd_json(rng, lines=True),
    "a.json": lambda rng: odd_json(rng, lines=False),
    "a.txt": lambda rng: odd_words(rng, head=False),
    "a.vec": lambda rng: odd_words(rng, head=True),
    "a.bin": lying_binary,
    "a.safetensors": lying_safetensors,
    "a.fvecs": lambda rng: lying_vecs(rng, "<f4"),
    "a.bvecs": lambda rng: lying_vecs(rng, "u1"),
    "a.ivecs": lambda rng: lying_vecs(rng, "<i4"),
}
