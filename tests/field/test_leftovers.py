"""Numbers become vectors only where nothing else in the table can be."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from emblink.errors import InputError
from emblink.load import load_spaces
from emblink.load._connect import connect

N, D = 40, 6
A = np.random.default_rng(7).normal(size=(N, D)).astype("f4")
WIDE = np.random.default_rng(8).normal(size=(N, 24)).astype("f4")
IDS = [f"it{i:03d}" for i in range(N)]
SMALL = np.arange(N) % 5
LETTERS = [f"f_{c}" for c in "jklmno"]
PLAIN = ["alpha", "beta", "gamma", "delta", "eps", "zeta"]


def dims(names: list[str]) -> dict[str, Any]:
    return dict(zip(names, A.T, strict=True))


def metrics(name: str, values: Any) -> dict[str, Any]:
    return {"sim_a": A[:, 0], "sim_b": A[:, 1], name: values}


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "vectors in hexadecimal": (
        metrics("data", [row.tobytes().hex() for row in WIDE]),
        "column 'data' .* looks like the vectors",
    ),
    "vectors in base64": (
        metrics("blob", [base64.b64encode(row.tobytes()).decode() for row in WIDE]),
        "column 'blob' .* looks like the vectors",
    ),
    "vectors in base64 for addresses": (
        metrics("z", [base64.urlsafe_b64encode(row.tobytes()).decode() for row in WIDE]),
        "column 'z' .* looks like the vectors",
    ),
    "bytes": (metrics("data", [row.tobytes() for row in A]), "'data' .* BLOB"),
    "a list of lists": (
        metrics("tokens", [[row.tolist(), row.tolist()] for row in A]),
        "'tokens' .* list of lists: pool",
    ),
    "a record of lists": (
        metrics("rec", [{"tokens": [1, 2], "values": row.tolist()} for row in A]),
        "--vector rec.values",
    ),
    "cut short by numpy": (metrics("enc", ["[0.1 0.2 ... 0.3]"] * N), "cut short"),
    "cut short by pandas": (metrics("embedding", ["[0.1, 0.2, …"] * N), "cut short|looks like"),
    "a mapping as JSON": (
        metrics("vec", [json.dumps({"0": float(row[0])}) for row in A]),
        "'vec' .* looks like the vectors",
    ),
    "paths of vectors": (metrics("emb_path", ["a/b.npy"] * N), "'emb_path' .* looks like"),
    "scores": ({"top1": A[:, 0], "top5": A[:, 1], "auc": A[:, 2], "f1": A[:, 3]}, "no vectors"),
    "training": ({"lr": A[:, 0], "loss": A[:, 1], "acc": A[:, 2]}, "no vectors"),
    "prices": ({"price": A[:, 0], "cost_eur": A[:, 1], "duration": SMALL}, "no vectors"),
    "boxes": (
        {"x1": A[:, 0], "y1": A[:, 1], "x2": A[:, 2], "y2": A[:, 3]},
        "several columns of vectors: x1 and x2, y1 and y2",
    ),
    "questions beside dims": (
        {"q1": SMALL, "q2": SMALL, "q3": SMALL, **dims(LETTERS)},
        r"several columns .* 3 columns q1 … q3, 6 columns f_j … f_o; name one: .*'f_\*'",
    ),
    "components beside dims": (
        {"pc1": A[:, 0], "pc2": A[:, 1], **dims(PLAIN)},
        "several columns of vectors",
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", REFUSED)
def test_what_may_be_the_vectors_is_asked_and_numbers_beside_are_not_taken(
    tmp_path: Path, kind: str
) -> None:
    columns, message = REFUSED[kind]
    pq.write_table(pa.table({"id": IDS, **columns}), tmp_path / "a.parquet")
    with pytest.raises(InputError, match=message):
        load_spaces([f"{tmp_path}/a.parquet"])


READ: dict[str, tuple[dict[str, Any], list[str]]] = {
    "letters": (dims(LETTERS), LETTERS),
    "names": (dims(PLAIN), PLAIN),
    "bytes": ({name: SMALL + i + 1 for i, name in enumerate(LETTERS)}, LETTERS),
    "a whole dim of the same name": (
        {**dims(LETTERS), "f_p": SMALL.astype("f8")},
        [*LETTERS, "f_p"],
    ),
    "counts": ({**dims(LETTERS), "sold": SMALL}, LETTERS),
    "clicks": ({**dims(PLAIN), "clicks": SMALL}, PLAIN),
    "years": ({**dims(PLAIN), "y2019": A[:, 0], "y2020": A[:, 1], "y2021": A[:, 2]}, PLAIN),
    "hashes": (
        {**dims(PLAIN), "sha": [hashlib.sha512(i.encode()).hexdigest() for i in IDS]},
        PLAIN,
    ),
    "short hashes": (
        {**dims(PLAIN), "md5": [hashlib.md5(i.encode()).hexdigest() for i in IDS]},
        PLAIN,
    ),
    "long texts": ({**dims(PLAIN), "text": ["a word and another " * 9] * N}, PLAIN),
    "a mapping of words": ({**dims(PLAIN), "meta": [json.dumps({"a": "b"})] * N}, PLAIN),
    "family and few others": (
        {**dims([f"d{j}" for j in range(D)]), "u": A[:, 0], "v": A[:, 1]},
        [f"d{j}" for j in range(D)],
    ),
    "bare lists": (metrics("features", [" ".join(map(str, row)) for row in A]), []),
    "bare lists of another name": (metrics("out", [";".join(map(str, row)) for row in A]), []),
}


@pytest.mark.slow
@pytest.mark.parametrize("ending", [".csv", ".parquet"])
@pytest.mark.parametrize("kind", READ)
def test_the_dims_of_a_table_are_all_and_only_its_dims(
    tmp_path: Path, kind: str, ending: str
) -> None:
    columns, names = READ[kind]
    frame = pd.DataFrame({"id": IDS, **columns})
    if ending == ".csv":
        frame.to_csv(tmp_path / "a.csv", index=False)
    else:
        frame.to_parquet(tmp_path / "a.parquet", index=False)
    found = load_spaces([f"{tmp_path}/a{ending}"], metric="euclidean")
    expected = frame[names].to_numpy() if names else A
    np.testing.assert_allclose(found.spaces["a"].vectors, expected, rtol=1e-5)


def test_whole_numbers_that_were_no_dims_are_told(tmp_path: Path) -> None:
    pd.DataFrame({"id": IDS, **dims(PLAIN), "Sold": SMALL, "kids": SMALL}).to_csv(
        tmp_path / "a.csv", index=False
    )
    found = load_spaces([f"{tmp_path}/a.csv"])
    assert any("Sold, kids of a.csv were not taken as dims" in note for note in found.notes)
    everything = load_spaces([f"{tmp_path}/a.csv"], vector="*")
    assert everything.spaces["a"].vectors.shape == (N, D + 2)
    numbered = pd.DataFrame({"id": IDS, **dims([f"d{j}" for j in range(D)]), "kids": SMALL})
    numbered.to_csv(tmp_path / "b.csv", index=False)
    assert not any("kids" in note for note in load_spaces([f"{tmp_path}/b.csv"]).notes)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["a.csv", "a[1].csv", "a*.csv", "it's.csv", "with blank.csv"])
def test_the_database_reads_the_file_that_it_is_given_and_no_other(
    tmp_path: Path, name: str
) -> None:
    path, other = tmp_path / name, tmp_path / "other.csv"
    for one in (path, other):
        one.write_text("id,d0,d1\na,1,2\nb,2,3\n")
    assert load_spaces([str(path)]).ids.tolist() == ["a", "b"]
    base = connect(path)
    for query in (
        f"SELECT * FROM read_csv('{other}')",
        "INSTALL httpfs",
        f"COPY (SELECT 1) TO '{tmp_path}/out.csv'",
        "SET enable_external_access = true",
        "ATTACH '/tmp/x.duckdb'",
    ):
        with pytest.raises(duckdb.Error):
            base.execute(query)
    assert not (tmp_path / "out.csv").exists()
    (limit,) = base.execute("SELECT current_setting('memory_limit')").fetchall()
    assert limit[0]
