"""What the reference parsers read in a file: csv, json, numpy and pyarrow."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import struct
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import ipc
from pyarrow import parquet as pq

from tests.fuzz.files import PACKED

Columns = Mapping[str, Any]
"""Lists of Python values, as they are written, or arrays; by name."""
REFUSED = (
    ArithmeticError, AttributeError, EOFError, LookupError, MemoryError, OSError, RecursionError,
    SyntaxError, TypeError, ValueError, csv.Error, pa.ArrowException, struct.error,
    NotImplementedError, RuntimeError,
)  # fmt: skip


class NothingReadError(ValueError):
    """The reference does not read the file either."""


def readings(name: str, data: bytes) -> list[Columns]:
    """Return each way in which a reference parser may read the file; none where it refuses."""
    found = []
    if name in PACKED:
        try:
            data, name = gzip.decompress(data), PACKED[name]
        except Exception as error:  # whatever: it is no gzip file
            raise NothingReadError(str(error)) from error
    ways = _WAYS[name](data)
    while True:
        try:
            found.append(next(ways))
        except StopIteration:
            return found
        except REFUSED:
            return found


def _npy(data: bytes) -> Iterator[Columns]:
    yield {"vectors": np.load(io.BytesIO(data), allow_pickle=False)}


def _npz(data: bytes) -> Iterator[Columns]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = [name for name in archive.namelist() if name.endswith(".npy")]
        yield {name[:-4]: _array(archive, name) for name in members}


def _array(archive: zipfile.ZipFile, name: str) -> Any:
    try:
        return np.load(io.BytesIO(archive.read(name)), allow_pickle=False)
    except Exception:  # it may be the others that are read
        return None


def _table(table: Any) -> Columns:
    return {name: table[name].to_pylist() for name in table.column_names}


def _parquet(data: bytes) -> Iterator[Columns]:
    yield _table(pq.ParquetFile(io.BytesIO(data)).read())


def _arrow(data: bytes) -> Iterator[Columns]:
    try:
        table = ipc.open_file(io.BytesIO(data)).read_all()
    except pa.ArrowInvalid:
        table = ipc.open_stream(io.BytesIO(data)).read_all()
    table.validate(full=True)
    yield _table(table)


_WAYS_TO_QUOTE: tuple[dict[str, Any], ...] = ({}, {"skipinitialspace": True}, {"quoting": 3})
"""A blank before a quote sign belongs to the cell or not; a quote sign may be none."""
_BLANKS_BEHIND = re.compile(r'" +(?=\t)|"[ \t]+(?=[,;|\r\n])')


def _delimited(data: bytes, signs: str) -> Iterator[Columns]:
    text = data.decode("utf-8-sig")
    csv.field_size_limit(1 << 30)
    texts = dict.fromkeys([text, _BLANKS_BEHIND.sub('"', text)])
    for sign in signs:
        for options, read in product(_WAYS_TO_QUOTE, texts):
            try:
                found = csv.reader(io.StringIO(read, newline=""), delimiter=sign, **options)
                rows = [row for row in found if row]
                width = len(rows[0]) if rows else 0
                rows = [row[:-1] if row[width:] == [""] else row for row in rows]
            except csv.Error:
                continue
            if len(rows) > 1 and {len(row) for row in rows[1:]} == {width + 1}:  # as R writes it
                rows[0] = ["index", *rows[0]]
            if rows and len({len(row) for row in rows}) == 1:
                for first in (1, 0):
                    names = rows[0] if first else [f"column {i}" for i in range(len(rows[0]))]
                    columns = zip(*rows[first:], strict=True)
                    yield dict(zip(map(str.strip, names), map(list, columns), strict=False))


def _objects(rows: Sequence[Any]) -> Columns:
    rows = [{} if row is None else row for row in rows]  # a row of which nothing is known
    if not all(isinstance(row, dict) for row in rows):
        raise NothingReadError("no objects")
    names = dict.fromkeys(name for row in rows for name in row)
    columns = {name: [row.get(name) for row in rows] for name in names}
    for name, values in list(columns.items()):
        records = [one[0] if isinstance(one, list) and len(one) == 1 else one for one in values]
        if any(isinstance(one, dict) and one for one in records) and all(
            one is None or isinstance(one, dict) for one in records
        ):
            fields = _objects([one or {} for one in records])
            columns = {f"{name}.{field}": held for field, held in fields.items()} | columns
    return columns


def _json_lines(data: bytes) -> Iterator[Columns]:
    text = data.decode("utf-8-sig")
    if not _is_json(text):  # a last comma, as people write it, loses nothing
        text = re.sub(r",(?=\s*[}\]])", "", text)
    if re.search(r"\b-?(?:nan|inf|infinity)\b", text, re.IGNORECASE):  # in more ways than Python's
        yield {}
    yield _objects([json.loads(line) for line in text.split("\n") if line.strip()])
    values, at, decoder = [], 0, json.JSONDecoder()
    while at < len(text.rstrip()):
        at += len(text[at:]) - len(text[at:].lstrip())
        value, at = decoder.raw_decode(text, at)
        values.append(value)
    yield _objects(values)


def _is_json(text: str) -> bool:
    try:
        for line in text.split("\n"):
            json.loads(line or "0")
    except json.JSONDecodeError:
        return False
    return True


def _json(data: bytes) -> Iterator[Columns]:
    try:
        held = json.loads(data.decode("utf-8-sig"))
    except json.JSONDecodeError:
        yield from _json_lines(data)
        return
    if isinstance(held, list):
        yield _objects(held)
    elif isinstance(held, dict) and "ids" in held and "embeddings" in held:
        known = {"id": held["ids"], "embedding": held["embeddings"], "text": held.get("documents")}
        yield {**_objects(held.get("metadatas") or []), **known}
    else:
        yield {}


def _words(data: bytes) -> Iterator[Columns]:
    lines = [line.rstrip(b"\r") for line in data.removeprefix(b"\xef\xbb\xbf").split(b"\n")]
    rows = [line for line in lines if line.strip()]
    for first in (1, 0):
        said = rows[0].split() if first else []
        if first and (len(said) != 2 or said[0] != b"%d" % (len(rows) - 1)):
            continue
        widths = Counter(len(row.split()) for row in rows)
        n_dims = int(said[1]) if first else widths.most_common(1)[0][0] - 1
        for dims in (n_dims, n_dims + 1):
            cells = [row.rsplit(None, dims) for row in rows[first:]]
            numbers = [[float(one) for one in row[-dims:]] for row in cells]
            columns: dict[str, Any] = {"vectors": numbers}
            if dims == n_dims:  # a word may be blank
                columns["id"] = [
                    (row[0] if row[dims:] else text[: -len(text.lstrip()) - 1]).decode()
                    for row, text in zip(cells, rows[first:], strict=True)
                ]
            yield columns
    yield {"line": data.decode("utf-8-sig").splitlines()}


def _word_lines(data: bytes) -> Iterator[Columns]:
    try:
        yield from _words(data)
    except REFUSED:
        yield {"line": data.decode("utf-8-sig").splitlines()}


def _binary(data: bytes) -> Iterator[Columns]:
    head, _, rest = data.partition(b"\n")
    n_rows, n_dims = (int(one) for one in head.split())
    ids, numbers = [], []
    for _ in range(n_rows):
        word, blank, rest = rest.partition(b" ")
        if not blank or len(rest) < 4 * n_dims:
            raise NothingReadError("it ends")
        ids.append(word.lstrip(b"\n").decode())
        numbers.append(np.frombuffer(rest[: 4 * n_dims], "<f4"))
        rest = rest[4 * n_dims :]
    yield {"id": ids, "vectors": np.array(numbers)}


_TYPES = {"F32": "<f4", "F64": "<f8", "F16": "<f2"}


def _safetensors(data: bytes) -> Iterator[Columns]:
    (length,) = struct.unpack("<Q", data[:8])
    head = json.loads(data[8 : 8 + length].decode())
    found: dict[str, Any] = {}
    for name, one in head.items():
        if name == "__metadata__":
            continue
        first, end = one["data_offsets"]
        raw = data[8 + length :][first:end]
        kind = _TYPES.get(one["dtype"])
        found[name] = None if kind is None else np.frombuffer(raw, kind).reshape(one["shape"])
    yield found


def _vecs(data: bytes, kind: str) -> Iterator[Columns]:
    (n_dims,) = struct.unpack("<i", data[:4])
    rows = np.frombuffer(data, [("dims", "<i4"), ("numbers", kind, (n_dims,))])
    if (rows["dims"] != n_dims).any():
        raise NothingReadError("rows of other lengths")
    yield {"vectors": rows["numbers"]}


_WAYS: dict[str, Callable[[bytes], Iterator[Columns]]] = {
    "a.npy": _npy,
    "a.npz": _npz,
    "a.parquet": _parquet,
    "a.arrow": _arrow,
    "a.csv": lambda data: _delimited(data, ",;\t|"),
    "a.tsv": lambda data: _delimited(data, "\t"),
    "a.jsonl": _json_lines,
    "a.json": _json,
    "a.txt": _word_lines,
    "a.vec": _words,
    "a.bin": _binary,
    "a.safetensors": _safetensors,
    "a.fvecs": lambda data: _vecs(data, "<f4"),
    "a.bvecs": lambda data: _vecs(data, "u1"),
    "a.ivecs": lambda data: _vecs(data, "<i4"),
}
