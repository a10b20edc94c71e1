"""Tables as people bring them: which columns are the vectors, the ids, the label."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from emblink import compare
from emblink.errors import InputError
from emblink.load import from_arrays, inspect_file, load_spaces

N, D = 40, 6
A = np.random.default_rng(7).normal(size=(N, D)).astype("f4")
IDS = [f"it{i:04d}" for i in range(N)]
PERM = np.random.default_rng(3).permutation(N)
LAB = np.arange(N) % 3
TOKENS = np.arange(N) % 5 + 1
SCORE = np.random.default_rng(1).random(N)


def _json(row: np.ndarray) -> str:
    return json.dumps([float(x) for x in row])


NOTATIONS: dict[str, Callable[[np.ndarray], str]] = {
    "json": _json,
    "python": lambda row: str(row.tolist()),
    "numpy repr": lambda row: repr(row),
    "numpy str": lambda row: str(row),
    "scalars": lambda row: "[" + ", ".join(f"np.float32({x})" for x in row) + "]",
    "tuple": lambda row: str(tuple(row.tolist())),
    "pgvector": lambda row: "[" + ",".join(str(x) for x in row) + "]",
    "postgres": lambda row: "{" + ",".join(str(x) for x in row) + "}",
    "torch": lambda row: f"tensor({row.tolist()})",
    "blanks": lambda row: " ".join(str(x) for x in row),
    "semicolons": lambda row: ";".join(str(x) for x in row),
}


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["csv", "parquet", "jsonl"])
@pytest.mark.parametrize("notation", NOTATIONS)
def test_lists_written_out_are_the_vectors_and_not_the_numbers_beside(
    tmp_path: Path, notation: str, ending: str
) -> None:
    written = [NOTATIONS[notation](row) for row in A]
    frame = pd.DataFrame(
        {"id": IDS, "n_tokens": TOKENS, "score": SCORE, "embedding": written, "year": TOKENS + 2000}
    )
    path = tmp_path / f"a.{ending}"
    if ending == "csv":
        frame.to_csv(path, index=False)
    elif ending == "parquet":
        frame.to_parquet(path, index=False)
    else:
        frame.to_json(path, orient="records", lines=True)
    found = load_spaces([str(path)]).spaces["a"]
    assert np.allclose(found.vectors, A, atol=1e-5)
    assert "embedding" in found.source


def _dims(prefix: str, start: int = 0, *, skip: int = -1) -> dict[str, object]:
    return {f"{prefix}{j + start}": A[:, j] for j in range(D) if j != skip}


REFUSED: dict[str, tuple[dict[str, object], str]] = {
    "blob": (
        {"n_tokens": TOKENS, "score": SCORE, "embedding": [r.tobytes() for r in A]},
        "'embedding' .* BLOB",
    ),
    "struct": (
        {"score": SCORE, "rank": TOKENS, "payload": [{"n": [1, 2, 3], "text": "x"} for _ in A]},
        "--vector payload.n",
    ),
    "base64": ({"n_tokens": TOKENS, "score": SCORE, "vector": ["AAAA"] * N}, "'vector' .* looks"),
    "boxes": (
        {"bbox": [[1.0, 2.0, 3.0, 4.0 + i] for i in range(N)], **_dims("emb_")},
        "bbox, 6 columns emb_0 … emb_5; name one: .*emb_\\*",
    ),
    "two lists": ({"bbox": A[:, :4].tolist(), "vec": A.tolist()}, "name one: .*::vec"),
    "two families": ({**_dims("a_"), **_dims("b_")}, "several columns of vectors"),
    "gap": (_dims("d", skip=3), "have a gap: there is no d3"),
    "start": (_dims("d", 5), "begin at 5"),
    "twice": ({**_dims("d"), "d05": A[:, 0]}, "the number 5 twice"),
    "word": ({**_dims("d", skip=2), "d2": ["x"] * N}, "gap: d2 holds VARCHAR"),
    "metadata": ({"n_tokens": TOKENS, "score": SCORE}, "has no vectors"),
    "one number": ({"text": IDS, "value": SCORE}, "has no vectors"),
}


@pytest.mark.slow
@pytest.mark.parametrize("case", REFUSED)
def test_what_is_not_clearly_the_vectors_is_refused_by_name(tmp_path: Path, case: str) -> None:
    columns, message = REFUSED[case]
    pq.write_table(pa.table({"id": IDS, **columns}), tmp_path / "a.parquet")
    with pytest.raises(InputError, match=message):
        load_spaces([str(tmp_path / "a.parquet")])
    assert any("compare:" in said for said in inspect_file(tmp_path / "a.parquet").plan)


def test_words_in_lists_are_no_candidate(tmp_path: Path) -> None:
    table = pa.table({"id": IDS, "tags": [["a", "b"]] * N, "embedding": A.tolist()})
    pq.write_table(table, tmp_path / "a.parquet")
    found = load_spaces([str(tmp_path / "a.parquet")])
    assert found.spaces["a"].vectors.shape == (N, D)
    assert any("left out" in note and "tags" in note for note in found.notes)


LETTERS = [f"f_{c}" for c in "jklmno"]
BESIDE = ("target", "labels", "class", "cluster", "n_tokens", "year", "Id", "__index_level_0__")


@pytest.mark.slow
@pytest.mark.parametrize("beside", BESIDE)
@pytest.mark.parametrize("names", [LETTERS, [f"d{j}" for j in range(D)], list("uvwabc")])
def test_numbers_that_describe_items_are_no_dims(
    tmp_path: Path, names: list[str], beside: str
) -> None:
    frame = pd.DataFrame(A, columns=names)
    frame.insert(0, beside, PERM)
    frame.to_csv(tmp_path / "a.csv", index=False)
    assert np.array_equal(load_spaces([str(tmp_path / "a.csv")]).spaces["a"].vectors, A)
    assert from_arrays({"a": frame}).spaces["a"].vectors.shape == (N, D)


def test_the_unnamed_index_of_pandas_is_no_dim(tmp_path: Path) -> None:
    pd.DataFrame(A, columns=LETTERS).to_csv(tmp_path / "a.csv")
    assert load_spaces([str(tmp_path / "a.csv")]).spaces["a"].vectors.shape == (N, D)


KEYS = ("doc_id", "ID", "Id", "uuid", "chunk_id", "point_id", "key", "image_id", "docid", "word")


@pytest.mark.slow
@pytest.mark.parametrize("first", ["id", *KEYS])
@pytest.mark.parametrize("second", ["same", "other_name"])
def test_a_column_unique_and_shared_is_the_ids_whatever_its_name(
    tmp_path: Path, first: str, second: str
) -> None:
    later = first if second == "same" else second
    pq.write_table(pa.table({first: IDS, "v": A.tolist()}), tmp_path / "a.parquet")
    shuffled = pa.table({later: [IDS[i] for i in PERM], "v": A[PERM].tolist()})
    pq.write_table(shuffled, tmp_path / "b.parquet")
    found = load_spaces([str(tmp_path / "a.parquet"), str(tmp_path / "b.parquet")])
    assert np.array_equal(found.rows["b"][np.argsort(PERM)], np.arange(N))
    assert all(space.matched_by == "id" for space in found.spaces.values())


def test_columns_of_ids_that_join_differently_are_asked_for(tmp_path: Path) -> None:
    for name, order in (("a", np.arange(N)), ("b", PERM)):
        table = pa.table(
            {
                "doc_id": [IDS[i] for i in order],
                "chunk_id": [f"c{i}" for i in range(N)],
                "v": A.tolist(),
            }
        )
        pq.write_table(table, tmp_path / f"{name}.parquet")
    with pytest.raises(InputError, match="doc_id, chunk_id; name one"):
        load_spaces([str(tmp_path / "a.parquet"), str(tmp_path / "b.parquet")])


@pytest.mark.slow
@pytest.mark.parametrize(
    "columns", [None, [f"V{j + 1}" for j in range(D)], LETTERS], ids=["pandas", "R", "names"]
)
def test_row_names_are_ids(tmp_path: Path, columns: list[str] | None) -> None:
    frame = pd.DataFrame(A, index=IDS, columns=columns)
    frame.to_csv(tmp_path / "a.csv")
    frame.iloc[PERM].to_csv(tmp_path / "b.csv")
    found = load_spaces([str(tmp_path / "a.csv"), str(tmp_path / "b.csv")])
    assert np.array_equal(found.rows["b"][np.argsort(PERM)], np.arange(N))


def _frames(kind: str, order: np.ndarray) -> object:
    ids = [IDS[i] for i in order]
    makers: dict[str, Callable[[], object]] = {
        "index": lambda: pd.DataFrame(A[order], index=ids),
        "id": lambda: pd.DataFrame(A[order]).assign(id=ids),
        "arrays": lambda: pd.DataFrame({"doc": ids, "embedding": list(A[order])}),
        "series": lambda: pd.Series(list(A[order]), index=ids),
        "polars": lambda: pl.DataFrame({"doc": ids, "e": A[order].tolist()}),
        "arrow": lambda: pa.table({"doc": ids, "e": A[order].tolist()}),
        "integers": lambda: pd.DataFrame(A[order], index=order),
    }
    return makers[kind]()


@pytest.mark.parametrize("kind", ["index", "id", "arrays", "series", "polars", "arrow", "integers"])
def test_frames_are_joined_by_their_ids(kind: str) -> None:
    found = from_arrays({"a": _frames(kind, PERM[::-1]), "b": _frames(kind, PERM)})
    a, b = found.spaces["a"], found.spaces["b"]
    assert a.vectors.shape == (N, D)
    assert np.array_equal(found.rows["a"], found.rows["b"][::-1])
    assert b.matched_by == "id"


WRITTEN = [
    ([str(i) for i in range(N)], [f"{i:03d}" for i in range(N)], "zeros in front"),
    (IDS, [*IDS[:20], *(one.upper() for one in IDS[20:])], "capital letters"),
    (IDS, [*IDS[:20], *(f" {one}" for one in IDS[20:])], "blanks"),
    (IDS, [*IDS[:20], *(f"img/{one}.png" for one in IDS[20:])], "path"),
]


@pytest.mark.parametrize(("a", "b", "what"), WRITTEN)
def test_ids_that_differ_in_writing_only_are_told(a: list[str], b: list[str], what: str) -> None:
    first, second = [*a[:-2], "same", "and"], [*b[:-2], "same", "and"]
    found = from_arrays({"a": A, "b": A}, ids={"a": first, "b": second})
    assert any(what in note for note in found.notes)


LABELS = [
    ["yes", "no", "yes"],
    ["true", "False", "TRUE"],
    ["1.1", "1.10", "2"],
    ["007", "7", "07"],
    ["2024-01-01", "2024-01-02T00:00:00Z", "1"],
    ["1e3", "1000", "x"],
]


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["csv", "tsv", "jsonl"])
@pytest.mark.parametrize("words", LABELS)
def test_labels_stay_as_they_are_written(tmp_path: Path, words: list[str], ending: str) -> None:
    label = [words[i % 3] for i in range(N)]
    path = tmp_path / f"a.{ending}"
    if ending == "jsonl":
        lines = [
            {"id": one, "v": row.tolist(), "label": word}
            for one, row, word in zip(IDS, A, label, strict=True)
        ]
        path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    else:
        frame = pd.DataFrame(A).add_prefix("d").assign(id=IDS, label=label)
        frame.to_csv(path, index=False, sep="\t" if ending == "tsv" else ",")
    assert load_spaces([str(path)]).items["label"].tolist() == label


def test_json_labels_of_both_kinds_have_no_quote_signs(tmp_path: Path) -> None:
    lines = [
        {"id": 2**63 + 5 + i, "v": row.tolist(), "label": ["1", 1, "2"][i % 3]}
        for i, row in enumerate(A)
    ]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    found = load_spaces([str(tmp_path / "a.jsonl")])
    assert {*found.items["label"].tolist()} == {"1", "2"}
    assert found.ids[0] == str(2**63 + 5)


@pytest.mark.parametrize("start", [2**53, 2**63 + 5, 2**64, 2**100, 3])
def test_json_ids_stay_as_they_are_written_however_long(tmp_path: Path, start: int) -> None:
    ids = [3, *(start + i for i in range(1, N))]
    lines = [
        {"id": one, "v": row.tolist(), "n": i}
        for i, (one, row) in enumerate(zip(ids, A, strict=True))
    ]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    found = load_spaces([str(tmp_path / "a.jsonl")])
    assert [str(one) for one in found.ids.tolist()] == [str(one) for one in ids]
    assert found.items["n"][5] == 5


@pytest.mark.slow
@pytest.mark.parametrize("missing", ["", "NA", "NaN", "null", "None", "<NA>"])
def test_missing_values_of_tools_are_missing_but_words_stay_ids(
    tmp_path: Path, missing: str
) -> None:
    rows = [f"{one},{'a' if i else missing},{i},{i + 1}.5" for i, one in enumerate(IDS)]
    rows[3] = f"null,a,{missing},2"
    (tmp_path / "a.csv").write_text("id,label,d0,d1\n" + "\n".join(rows) + "\n")
    found = load_spaces([str(tmp_path / "a.csv")], on_bad="drop", metric="euclidean")
    assert found.items["label"][0] == ""
    assert len(found.ids) == N - 1
    words = "word,d0,d1\nnull,1,2\nnan,2,3\nNA,3,4\n"
    (tmp_path / "w.csv").write_text(words)
    assert load_spaces([str(tmp_path / "w.csv")], id="word").ids.tolist() == ["null", "nan", "NA"]


WORDS = [{2: '"hello', 20: 'world"'}, {2: '"'}, {0: '"a'}, {5: 'b"c'}, {3: '"', 9: '"'}]


@pytest.mark.slow
@pytest.mark.parametrize("odd", WORDS)
@pytest.mark.parametrize("sign", ["\t", ","])
def test_quote_signs_in_word_lists_swallow_no_rows(
    tmp_path: Path, odd: dict[int, str], sign: str
) -> None:
    words = [odd.get(i, f"w{i}") for i in range(N)]
    words = [f"{word}x" if words.index(word) != i else word for i, word in enumerate(words)]
    head = sign.join(["word", *(f"d{j}" for j in range(D))])
    lines = [sign.join([w, *map(str, row)]) for w, row in zip(words, A, strict=True)]
    path = tmp_path / ("a.tsv" if sign == "\t" else "a.csv")
    path.write_text("\n".join([head, *lines]) + "\n")
    assert load_spaces([str(path)], id="word").ids.tolist() == words


def test_files_without_names_lose_no_row_and_are_told(tmp_path: Path) -> None:
    lines = [f'{one},"{_json(row)}"' for one, row in zip(IDS, A, strict=True)]
    (tmp_path / "a.csv").write_text("\n".join(lines) + "\n")
    found = load_spaces([str(tmp_path / "a.csv")])
    assert len(found.ids) == N
    assert any("is data, not names" in note for note in found.notes)
    (tmp_path / "v.tsv").write_text("".join("\t".join(map(str, row)) + "\n" for row in A))
    (tmp_path / "metadata.tsv").write_text("\n".join(IDS) + "\n")
    ids = {"v": str(tmp_path / "metadata.tsv")}
    assert load_spaces([str(tmp_path / "v.tsv")], ids=ids).ids.tolist() == IDS


@pytest.mark.parametrize("twice", ["d0,d0", "d0,D0", "label,Label"])
def test_doubled_names_are_an_error(tmp_path: Path, twice: str) -> None:
    (tmp_path / "a.csv").write_text(f"id,{twice},d1\na,1,2,3\nb,1,2,3\n")
    with pytest.raises(InputError, match="two columns named"):
        load_spaces([str(tmp_path / "a.csv")])


def test_fields_of_records_can_be_named_and_are_told(tmp_path: Path) -> None:
    payload = [{"text": f"t{i}", "label": "x"} for i in range(N)]
    lines = [
        {"id": one, "vector": row.tolist(), "payload": record}
        for one, row, record in zip(IDS, A, payload, strict=True)
    ]
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert any("payload" in note for note in load_spaces([str(path)]).notes)
    found = load_spaces([str(path)], text="payload.text", label="payload.label")
    assert found.items["payload.text"][1] == "t1"
    assert found.roles == {"text": "payload.text", "label": "payload.label"}
    assert not any("left out" in note for note in found.notes)
    half = " ".join(load_spaces([str(path)], text="payload.text").notes)
    assert "left out of a.jsonl: payload (STRUCT" in half
    assert "but for payload.text; fields can be named, such as --text payload.label" in half


def test_labels_that_differ_between_files_are_told(tmp_path: Path) -> None:
    for name, label in (("a", LAB), ("b", np.roll(LAB, 1))):
        table = pa.table({"id": IDS, "label": label, "v": A.tolist()})
        pq.write_table(table, tmp_path / f"{name}.parquet")
    found = load_spaces([str(tmp_path / "a.parquet"), str(tmp_path / "b.parquet")])
    assert any("'label' differs for" in note for note in found.notes)


@pytest.mark.parametrize("name", ["labels", "target", "cell_type", "cluster"])
def test_columns_like_labels_are_offered(name: str) -> None:
    found = from_arrays({"a": A}, items={name: LAB})
    assert any(f"--label {name}" in note for note in found.notes)


def test_empty_lists_are_dropped_when_asked(tmp_path: Path) -> None:
    vectors = [[] if i == 4 else row.tolist() for i, row in enumerate(A)]
    pq.write_table(pa.table({"id": IDS, "v": vectors}), tmp_path / "a.parquet")
    with pytest.raises(InputError, match="--drop-bad"):
        load_spaces([str(tmp_path / "a.parquet")])
    assert len(load_spaces([str(tmp_path / "a.parquet")], on_bad="drop").ids) == N - 1


@pytest.mark.slow
def test_a_row_out_of_place_is_told() -> None:
    rows = np.random.default_rng(0).normal(size=(300, 8)).astype("f4")
    moved = np.concatenate([rows[:100], rows[101:], rows[100:101]])
    (pair,) = compare({"a": rows, "b": moved}).report()["pairs"]
    assert any("shifted by 1 row" in warning for warning in pair["warnings"])
    (same,) = compare({"a": rows, "b": rows[:, ::-1]}).report()["pairs"]
    assert not any("shifted" in warning for warning in same["warnings"])


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_identical_vectors_have_no_groups(seed: int) -> None:
    rng = np.random.default_rng(seed)
    few = np.stack([rng.integers(1, 51, 300), rng.random(300)], 1).astype("f4")
    found = compare({"a": few, "b": few.copy()})
    assert not found.groups("a", "b")
    warnings = [said for space in found.report()["spaces"] for said in space["warnings"]]
    assert any("euclidean" in said for said in warnings)


def test_bytes_under_cosine_are_told() -> None:
    codes = np.random.default_rng(0).integers(1, 255, (N, D)).astype("u1")
    assert any("holds bytes" in note for note in from_arrays({"a": codes}).notes)
    assert not from_arrays({"a": codes}, metric="euclidean", ids=IDS).notes
