"""The files that people bring: each is read exactly, or refused with a way out."""

import gzip
import json
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet as pq

from emblink.errors import InputError, ReadError
from emblink.load import inspect_file, load_spaces
from emblink.load._formats import READERS
from emblink.load._unread import UNREAD
from emblink.types import AnyArray

N, D = 300, 16
A = np.random.default_rng(7).normal(size=(N, D)).astype(np.float32)
ODD = ('"', '"hello', "123", "1.5", "\u00a0x", "a\u2028b", "it\x85", "日本", "-", "#", "NaN", "a,b")
IDS = [*ODD, *(f"w{i}" for i in range(N - len(ODD)))]
LISTS = A.astype(float).tolist()
HEAD = f"{N} {D}\n"
Make = Callable[[], bytes]


def lines(*, end: str = "\n", gap: str = " ", words: list[str] | None = None) -> str:
    rows = zip(words or IDS, A, strict=True)
    return "".join(w + gap + gap.join(f"{x:.9g}" for x in row) + end for w, row in rows)


def binary(end: bytes) -> bytes:
    rows = (w.encode() + b" " + row.tobytes() + end for w, row in zip(IDS, A, strict=True))
    return HEAD.encode() + b"".join(rows)


def objects(**more: object) -> list[dict[str, Any]]:
    return [{"id": w, "embedding": row, **more} for w, row in zip(IDS, LISTS, strict=True)]


def parquet(**options: Any) -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table({"id": IDS, "embedding": list(A)}), sink, **options)
    return bytes(sink.getvalue().to_pybytes())


def as_json(value: object) -> bytes:
    return json.dumps(value).encode()


WORDS: dict[str, Make] = {
    "glove.txt": lambda: lines().encode(),
    "tabs.txt": lambda: lines(gap="\t").encode(),
    "blank.txt": lambda: lines(end=" \n").encode(),
    "crlf.txt": lambda: lines(end="\r\n").encode(),
    "bom.txt": lambda: b"\xef\xbb\xbf" + lines().encode(),
    "unended.txt": lambda: lines().rstrip("\n").encode(),
    "w2v.txt": lambda: (HEAD + lines()).encode(),
    "fast.vec": lambda: (HEAD + lines(end=" \n")).encode(),
    "bare.vec": lambda: lines().encode(),
    "w2v.bin": lambda: binary(b"\n"),
    "gensim.bin": lambda: binary(b""),
}
TABLES: dict[str, Make] = {
    "rows.json": lambda: as_json(objects()),
    "columns.json": lambda: as_json({"id": IDS, "embedding": LISTS}),
    "words.json": lambda: as_json(dict(zip(IDS, LISTS, strict=True))),
    "chroma.json": lambda: as_json(
        {"ids": IDS, "embeddings": LISTS, "documents": IDS, "metadatas": [{"k": 1}, None] * 150}
    ),
    "openai.json": lambda: as_json({"object": "list", "data": objects(), "model": "m"}),
    "qdrant.json": lambda: as_json({"result": {"points": objects(), "next": None}, "status": "ok"}),
    "nested.json": lambda: as_json(objects(payload={"text": "t", "label": "1"})),
    "written.json": lambda: as_json(
        [{"id": w, "e": str(r)} for w, r in zip(IDS, LISTS, strict=True)]
    ),
    "wide.json": lambda: as_json(
        [
            {"id": w, **{f"d{i}": x for i, x in enumerate(row)}}
            for w, row in zip(IDS, LISTS, strict=True)
        ]
    ),
    "lines.json": lambda: b"\n".join(as_json(row) for row in objects()),
    "indented.json": lambda: json.dumps(objects(), indent=2, ensure_ascii=False).encode(),
    "bom.json": lambda: b"\xef\xbb\xbf" + as_json(objects()),
    "a.pq": parquet,
    "a.parq": lambda: parquet(row_group_size=7),
}


def save(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return path


def assert_exact(path: Path, expected: AnyArray = A, ids: list[str] | None = IDS) -> None:
    space_set = load_spaces([str(path)])
    (space,) = space_set.spaces.values()
    np.testing.assert_array_equal(space.vectors, expected)
    if ids is not None:
        assert space.ids.tolist() == ids


@pytest.mark.slow
@pytest.mark.parametrize("packed", ["", ".gz"])
@pytest.mark.parametrize("name", WORDS)
def test_word_vectors_are_read_exactly_and_their_words_are_ids(
    tmp_path: Path, name: str, packed: str
) -> None:
    path = save(tmp_path, name + packed, WORDS[name]())
    assert_exact(path)
    assert load_spaces([str(path)]).roles["text"] == "word"
    facts = inspect_file(path)
    assert [(one.n_rows, one.n_dims) for one in facts.vectors] == [(N, D)]


@pytest.mark.parametrize("name", TABLES)
def test_documents_and_tables_of_other_endings_are_read_exactly(tmp_path: Path, name: str) -> None:
    assert_exact(save(tmp_path, name, TABLES[name]()))


def test_words_of_glove_may_hold_blanks(tmp_path: Path) -> None:
    words = [". . .", "at name@domain.com", "new york", *IDS[3:]]
    assert_exact(save(tmp_path, "glove.txt", lines(words=words).encode()), ids=words)


def test_numbers_without_words_are_vectors_without_ids(tmp_path: Path) -> None:
    np.savetxt(tmp_path / "m.txt", A, fmt="%.9g")
    assert_exact(tmp_path / "m.txt", ids=None)


@pytest.mark.parametrize("words", [IDS, ["new york", "a b c"], ["1", "2"], ["item 1", "item 2"]])
def test_a_text_file_of_words_is_still_a_list_of_ids(tmp_path: Path, words: list[str]) -> None:
    words = [word for word in words if len(word.splitlines()) == 1 and "\x85" not in word]
    path = save(tmp_path, "ids.txt", "\n".join(words).encode())
    np.save(tmp_path / "a.npy", A[: len(words)])
    ids = load_spaces([str(tmp_path / "a.npy")], ids={"a": str(path)}).ids
    assert [str(one) for one in ids.tolist()] == words


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.txt", lines() + "foo 1 2\n", r"2 numbers on line 301, where others have 16"),
        ("a.txt", lines() + "foo 1" + " 2" * D + "\n", r"17 numbers on line 301"),
        ("a.txt", lines() + "foo" + " x" * D + "\n", r"'x' among the numbers of line 301"),
        ("a.txt", lines() + "foo" + " 0,5" * D + "\n", r"decimal commas"),
        ("a.txt", lines() + lines(), r"repeats 300 of its ids .*rows 0 and 300"),
        ("a.txt", lines() + "\n" + lines(), r"empty line 301"),
        ("a.vec", HEAD + lines()[:-900], r"line 29\d|promises 300 words"),
        ("a.vec", "301 16\n" + lines(), r"promises 301 words on its first line, but has 300"),
        ("a.vec", "one\ntwo\n", r"holds no vectors"),
        ("a.bin", binary(b"")[:-9].decode("latin-1"), r"ends|truncated"),
        ("a.bin", "9999999 300\nfoo ", r"truncated: its first line promises"),
        ("a.bin", "\x89\xf1?/\x0c\x00\x00\x00", r"--shape ROWS,DIMS.*fastText"),
        ("a.json", '{"a": [1, 2', r"is not JSON"),
        ("a.json", "[" * 100_000, r"is not JSON"),
        ("a.json", '{"a": {"b": 1}}', r"holds no table|differ|different"),
        ("a.json", '{"ids": ["a"], "embeddings": null}', r"include=\["),
        ("a.json", '{"x": [1, 2], "y": ["a"]}', r"differ in length"),
        ("a.json", '{"d0": [1, 2], "d1": [2, 3]}', r"could be columns or vectors"),
        ("a.json", '[{"e": [1, 2]}, {"e": [1]}]', r"mixes vectors of different lengths"),
        ("a.fvecs", "\x02\0\0\0" + "a" * 7, r"truncated"),
        ("a.bvecs", "\xff\xff\xff\x7fab", r"rows that each begin with their length"),
        ("a.safetensors", "\xff" * 8 + "{}", r"its header would have"),
    ],
)
def test_what_is_wrong_with_a_file_is_named_by_line_or_place(
    tmp_path: Path, name: str, data: str, message: str
) -> None:
    raw = data.encode(
        "latin-1" if name[2:] in ("bin", "fvecs", "bvecs", "safetensors") else "utf-8"
    )
    with pytest.raises(InputError, match=message) as caught:
        load_spaces([str(save(tmp_path, name, raw))])
    assert name in str(caught.value)


def safetensors(arrays: dict[str, tuple[str, AnyArray]], **lies: object) -> bytes:
    header: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    body = b""
    for name, (kind, array) in arrays.items():
        end = len(body) + array.nbytes
        place = {"dtype": kind, "shape": [*array.shape], "data_offsets": [len(body), end]}
        header[name] = {**place, **lies}
        body += array.tobytes()
    head = json.dumps(header).encode()
    return struct.pack("<Q", len(head)) + head + body


HALF = A.view(np.uint32) >> 16
TENSORS: dict[str, tuple[AnyArray, AnyArray]] = {
    "F32": (A, A),
    "F16": (A.astype("<f2"), A.astype("<f2")),
    "F64": (A.astype("<f8"), A),
    "BF16": (HALF.astype("<u2"), (HALF << 16).astype("<u4").view("<f4")),
}


@pytest.mark.parametrize("kind", TENSORS)
def test_tensors_are_read_exactly(tmp_path: Path, kind: str) -> None:
    stored, expected = TENSORS[kind]
    data = safetensors({"bias": ("F32", A[0]), "e": (kind, stored)})
    assert_exact(save(tmp_path, "a.safetensors", data), expected, None)


@pytest.mark.parametrize(
    "lie",
    [
        {"shape": [N, D + 1]},
        {"shape": [-N, D]},
        {"shape": [1 << 40, 1 << 40]},
        {"shape": "all"},
        {"data_offsets": [0, 1 << 40]},
        {"data_offsets": [9, 3]},
        {"data_offsets": [0]},
        {"dtype": 7},
        {"dtype": "F64"},
    ],
)
def test_lies_in_the_header_of_tensors_are_refused(tmp_path: Path, lie: dict[str, object]) -> None:
    path = save(tmp_path, "a.safetensors", safetensors({"e": ("F32", A)}, **lie))
    with pytest.raises(ReadError, match=r"a\.safetensors"):
        load_spaces([str(path)])


@pytest.mark.parametrize(("ending", "dtype"), [("f", "<f4"), ("b", "u1"), ("i", "<i4")])
def test_rows_that_begin_with_their_length_are_read_exactly(
    tmp_path: Path, ending: str, dtype: str
) -> None:
    values = A if dtype == "<f4" else np.random.default_rng(1).integers(0, 200, (N, D))
    rows = np.zeros(N, [("dims", "<i4"), ("numbers", dtype, (D,))])
    rows["dims"], rows["numbers"] = D, values
    path = save(tmp_path, f"a.{ending}vecs", rows.tobytes())
    assert_exact(path, values.astype(np.float32), None)
    rows["dims"][200] = D - 1
    with pytest.raises(ReadError, match=r"of other lengths than 16"):
        load_spaces([str(save(tmp_path, path.name, rows.tobytes()))])


@pytest.mark.parametrize("ending", [one for one in UNREAD if one not in READERS])
def test_each_ending_that_is_not_read_has_a_way_out(tmp_path: Path, ending: str) -> None:
    path = save(tmp_path, f"what{ending}".replace(".gz", ".GZ"), b"\x80\x05 what")
    with pytest.raises(ReadError, match="does not read") as caught:
        load_spaces([str(path)])
    assert "{" not in str(caught.value).replace('{"old": kv, "new": other}', "")
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize(
    ("address", "way"),
    [
        ("https://example.org/a.npy", r"curl -LO https://example\.org/a\.npy"),
        ("http://example.org/b", r"http://example\.org/b is an address"),
        ("s3://bucket/a.npy", r"aws s3 cp s3://bucket/a\.npy"),
        ("gs://bucket/a.npy", r"gcloud storage cp gs://bucket"),
        ("hf://datasets/who/what", r"hf download who/what"),
        ("file:///tmp/a.npy", r"give the path: /tmp/a\.npy"),
        ("az://c/a.npy", r"fetches nothing"),
    ],
)
def test_addresses_are_refused_as_such(address: str, way: str) -> None:
    with pytest.raises(ReadError, match=way):
        load_spaces([address])


def test_json_answers_with_records_beside_their_table_are_read(tmp_path: Path) -> None:
    data = [{"object": "embedding", "index": i, "embedding": r} for i, r in enumerate(A.tolist())]
    answer = {"object": "list", "data": data, "model": "m", "usage": {"total_tokens": 1}}
    assert_exact(save(tmp_path, "a.json", json.dumps(answer).encode()), ids=[*range(N)])


@pytest.mark.parametrize("ending", ["csv", "tsv", "csv.gz"])
def test_words_and_numbers_between_blanks_are_read_whatever_the_ending(
    tmp_path: Path, ending: str
) -> None:
    numbers = np.random.default_rng(0).normal(size=(20, 9)).astype(np.float32)
    rows = [f"w{i} " + " ".join(f"{x:.9g}" for x in row) for i, row in enumerate(numbers)]
    path = save(tmp_path, f"a.{ending}", "\n".join(rows).encode())
    assert_exact(path, numbers, [f"w{i}" for i in range(20)])


def test_words_saved_as_objects_are_refused_with_what_saves_words(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", vectors=A, ids=np.array(["a"] * len(A), object))
    with pytest.raises(ReadError, match=r"ids=np\.asarray\(ids, dtype=str\)"):
        load_spaces([str(tmp_path / "a.npz")])
