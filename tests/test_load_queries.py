"""Queries and judgements: the layouts read, how ids are joined, and what is said of the rest."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

from emblink.errors import InputError, MatchError, ReadError, VectorError
from emblink.load import from_arrays, load_queries
from emblink.types import QuerySet, SpaceSet

RNG = np.random.default_rng(0)
OLD, NEW = RNG.normal(size=(40, 8)), RNG.normal(size=(40, 6))
Q_OLD, Q_NEW = RNG.normal(size=(5, 8)), RNG.normal(size=(5, 6))
VECTORS = {"old": Q_OLD, "new": Q_NEW}
QUERIES = {"id": [f"q{at}" for at in range(5)], "topic": ["a", "a", "b", "b", "b"]}
TREC = "q0 0 d3 1\nq0 0 d4 2\nq1 0 d5 1\nq2 0 d6 0\n"
BEIR = "query-id\tcorpus-id\tscore\nq0\td3\t1\nq0\td4\t2\nq1\td5\t1\nq2\td6\t0\n"


def spaces(ids: object = None) -> SpaceSet:
    return from_arrays({"old": OLD, "new": NEW}, ids=ids or [f"d{at}" for at in range(40)])


def loaded(given: object = None, items: object = None, **more: Any) -> QuerySet:
    found = load_queries(
        VECTORS if given is None else given, spaces(), items=items or QUERIES, **more
    )
    assert found is not None
    return found


def answers(found: QuerySet) -> list[tuple[int, str, float]]:
    assert found.relevance is not None
    held = found.relevance
    return [*zip(held.queries.tolist(), held.items.tolist(), held.gains.tolist(), strict=True)]


EXPECTED = [(0, "d3", 1.0), (0, "d4", 2.0), (1, "d5", 1.0)]
ROWS = [("q0", "d3", 1), ("q0", "d4", 2), ("q1", "d5", 1), ("q2", "d6", 0)]
FILES: dict[str, tuple[str, str]] = {
    "TREC": ("qrels.txt", TREC),
    "TREC with tabs": ("qrels", TREC.replace(" ", "\t")),
    "BEIR": ("test.tsv", BEIR),
    "BEIR in another order of columns": (
        "test.tsv",
        "score\tcorpus-id\tquery-id\n1\td3\tq0\n2\td4\tq0\n1\td5\tq1\n",
    ),
    "three columns without a header": ("plain.tsv", BEIR.partition("\n")[2]),
    "CSV": ("qrels.csv", BEIR.replace("\t", ",")),
    "empty lines and a mark of order": ("qrels.txt", "\ufeff\n" + TREC.replace("\n", "\n\n")),
    "JSON Lines": (
        "qrels.jsonl",
        "".join(f'{{"qid": "{q}", "docid": "{d}", "rel": {r}}}\n' for q, d, r in ROWS),
    ),
}


@pytest.mark.parametrize("layout", FILES)
def test_files_of_judgements_say_the_same_in_every_layout(tmp_path: Path, layout: str) -> None:
    name, text = FILES[layout]
    (tmp_path / name).write_text(text, "utf-8")
    assert answers(loaded(qrels=tmp_path / name)) == EXPECTED


def test_judgements_in_memory_and_packed_say_the_same(tmp_path: Path) -> None:
    columns = {
        "qid": [r[0] for r in ROWS],
        "docid": [r[1] for r in ROWS],
        "rel": [r[2] for r in ROWS],
    }
    packed = tmp_path / "qrels.txt.gz"
    packed.write_bytes(gzip.compress(TREC.encode()))
    given: list[object] = [
        pd.DataFrame(columns),
        pl.DataFrame(columns),
        columns,
        {"q0": {"d3": 1, "d4": 2}, "q1": ["d5"]},
        str(packed),
    ]
    for one in given:
        assert answers(loaded(qrels=one)) == EXPECTED


def test_vectors_and_tables_of_queries_are_read_from_files(tmp_path: Path) -> None:
    np.save(tmp_path / "q_old.npy", Q_OLD)
    np.savez(tmp_path / "q_new.npz", vectors=Q_NEW[::-1], ids=QUERIES["id"][::-1])
    (tmp_path / "queries.csv").write_text(
        "query_id,query,lang\n" + "".join(f"q{at},what is {at},en\n" for at in range(5))
    )
    found = loaded(
        {"old": tmp_path / "q_old.npy", "new": str(tmp_path / "q_new.npz")},
        tmp_path / "queries.csv",
    )
    assert found.name == "queries.csv"
    assert found.text == "query"
    assert found.ids.tolist() == QUERIES["id"]
    np.testing.assert_allclose(found.vectors["new"][found.rows["new"].argsort()], Q_NEW, rtol=1e-6)
    assert any("matched to queries.csv by position" in note for note in found.notes)


def test_what_is_left_out_is_named_and_counted() -> None:
    qrels = {"q0": {"d3": 1, "nope": 1}, "q9": {"d1": 1}, "q1": ["d5"]}
    notes = " | ".join(loaded(qrels=qrels).notes)
    assert "1 of 3 queries judged in qrels are not among the queries (ids 'q9'): left out" in notes
    assert "1 of 4 items judged in qrels are in no space (ids 'nope'): left out" in notes
    assert "3 of 5 have no relevant item: left out of nDCG, recall and MRR" in notes
    alone = load_queries({"old": Q_OLD}, spaces(), items=QUERIES)
    assert alone is not None
    assert any("none for new" in note for note in alone.notes)


def test_judgements_that_repeat_count_once_by_the_highest(tmp_path: Path) -> None:
    (tmp_path / "qrels").write_text("q0 0 d3 1\nq0 0 d3 2\nq0 0 d3 0\nq1 0 d5 1\n")
    found = loaded(qrels=tmp_path / "qrels")
    assert answers(found) == [(0, "d3", 2.0), (1, "d5", 1.0)]
    assert any("2 of 4 judgements of qrels repeat" in note for note in found.notes)


def test_numbers_as_ids_are_joined_like_those_of_items(tmp_path: Path) -> None:
    (tmp_path / "qrels").write_text("0 0 7 1\n3 0 12 1\n")
    numbered = from_arrays({"old": OLD, "new": NEW})
    found = load_queries(VECTORS, numbered, qrels=tmp_path / "qrels")
    assert found is not None
    assert found.relevance is not None
    assert found.relevance.items.tolist() == [7, 12]
    words = spaces([str(at) for at in range(40)])
    found = load_queries(VECTORS, words, qrels={0: {7: 1}})
    assert found is not None
    assert found.relevance is not None
    assert found.relevance.items.tolist() == ["7"]
    assert any("joined as words" in note for note in found.notes)


def test_no_item_answers_itself() -> None:
    found = load_queries("items", spaces(), qrels={"d1": {"d1": 1, "d2": 1}, "d3": {"d3": 2}})
    assert found is not None
    assert found.relevance is not None
    assert found.relevance.items.tolist() == ["d2"]
    assert any("2 of 3 judgements of qrels are of an item for itself" in one for one in found.notes)
    with pytest.raises(MatchError, match=r"judges no item .* relevant"):
        load_queries("items", spaces(), qrels={"d1": ["d1"]})


def test_queries_in_a_list_are_not_printed_whole() -> None:
    with pytest.raises(InputError, match="queries is a list; expected vectors by space"):
        load_queries([Q_OLD, Q_NEW], spaces())


BAD_QRELS: dict[str, tuple[object, type[Exception], str]] = {
    "empty": ("", ReadError, "holds no judgements"),
    "a run of results": ("q0 Q0 d3 1 0.9 tag\n", ReadError, "a run of results has six"),
    "two columns": ("q0 d3\n", ReadError, "has 2 cells"),
    "a short line": (
        "q0 0 d3 1\nq1 0 d5\n",
        ReadError,
        "line 2 of .* has 3 cells, the first has 4",
    ),
    "words for relevance": ("q0 0 d3 1\nq1 0 d5 high\n", ReadError, "line 2 .*'high'"),
    "words for relevance in the first line": (
        "q0 0 d3 high\nq1 0 d5 1\n",
        ReadError,
        "line 1 .*'high' for a relevance, and is no header",
    ),
    "more than single precision holds": ({"q0": {"d3": 1e308}}, ReadError, "1e.308'; expected"),
    "no number": ("q0 0 d3 1\nq1 0 d5 nan\n", ReadError, "line 2 .*'nan'"),
    "nothing relevant": ("q0 0 d3 0\n", MatchError, "judges no item .* relevant"),
    "no query known": ("x0 0 d3 1\n", MatchError, "none of the queries .* ids like 'x0'"),
    "no item known": ("q0 0 x3 1\n", MatchError, "none of the items .* ids like 'x3'"),
    "capitals": ("Q0 0 d3 1\n", MatchError, "capital letters"),
    "a number": (3, InputError, "expected a path, a data frame, or a mapping"),
    "columns": (pd.DataFrame({"qid": ["q0"], "what": ["d3"]}), InputError, "no column of the item"),
    "lists of lists": ({"q0": [["d3"]]}, InputError, "a list of what is no id"),
    "lists of nothing": ({"q0": "d3"}, InputError, "or a list of items"),
    "nobody": ({}, ReadError, "holds no judgements"),
}


@pytest.mark.parametrize("kind", BAD_QRELS)
def test_judgements_that_cannot_be_used_say_where_and_the_way_out(
    tmp_path: Path, kind: str
) -> None:
    given, error, words = BAD_QRELS[kind]
    if isinstance(given, str):
        path = tmp_path / "qrels.txt"
        path.write_text(given)
        given = path
    with pytest.raises(error, match=words):
        loaded(qrels=given)


BAD_QUERIES: dict[str, tuple[dict[str, Any], type[Exception], str]] = {
    "no such space": (
        {"given": {"x": Q_OLD}},
        InputError,
        "given for 'x'; the spaces are old, new",
    ),
    "no space": ({"given": {}}, InputError, "given for no space"),
    "other dims": ({"given": {"old": Q_NEW}}, InputError, "have 6 dims, but its items have 8"),
    "no rows": ({"given": {"old": Q_OLD[:0]}}, VectorError, "queries: space 'old' has 0 rows"),
    "zeros": ({"given": {"old": Q_OLD * 0}}, VectorError, "queries: .*zeros only"),
    "NaN": ({"given": {"old": Q_OLD * np.nan}}, VectorError, "queries: .*NaN"),
    "a word": ({"given": "all"}, InputError, "expected vectors by space, 'items'"),
    "one item": ({"given": 1}, InputError, "a number of items from 2"),
    "yes": ({"given": True}, InputError, "queries is True"),
    "a table alone": ({"given": None, "items": QUERIES}, InputError, "--query-items"),
    "judgements alone": ({"given": None, "qrels": {"q0": ["d1"]}}, InputError, "--qrels"),
    "a table of items": ({"given": "items", "items": QUERIES}, InputError, "--items"),
    "other rows": (
        {"given": {"old": Q_OLD[:4]}, "items": QUERIES},
        MatchError,
        "queries: .*4 rows",
    ),
}


@pytest.mark.parametrize("kind", BAD_QUERIES)
def test_queries_that_cannot_be_used_say_why_and_the_way_out(kind: str) -> None:
    given, error, words = BAD_QUERIES[kind]
    with pytest.raises(error, match=words):
        load_queries(given["given"], spaces(), **{k: v for k, v in given.items() if k != "given"})


def test_queries_that_do_not_join_are_told_how_queries_can() -> None:
    named = [{f"{sign}{at}": row for at, row in enumerate(Q_OLD)} for sign in "qx"]
    twice = from_arrays({"old": OLD, "new": OLD})
    with pytest.raises(MatchError, match=r"ids like 'q0'.*--query-items\)$") as shown:
        load_queries(dict(zip(("old", "new"), named, strict=True)), twice)
    assert "label" not in str(shown.value)
    with pytest.raises(MatchError, match=r"queries: .*4 rows.*--query-items\)$"):
        load_queries({"old": Q_OLD[:4]}, spaces(), items=QUERIES)


def test_bad_rows_of_queries_can_be_dropped() -> None:
    bad = Q_OLD.copy()
    bad[2] = np.nan
    found = loaded({"old": bad, "new": Q_NEW}, on_bad="drop")
    assert found.rows["old"].tolist() == [0, 1, 3, 4]
    assert any("1 row dropped" in note for note in found.notes)


def test_items_are_queries_as_many_as_asked() -> None:
    assert load_queries(None, spaces()) is None
    sizes = {"items": 40, 7: 7, "7": 7, 0.25: 10, "0.25": 10, 99: 40}
    for given, n in sizes.items():
        found = load_queries(given, spaces(), seed=3)
        assert found is not None
        assert len(found.ids) == n == len(np.unique(found.ids))
        assert found.are_items
        assert any("drawn at random" in note for note in found.notes) == (n < 40)
    again = [load_queries(7, spaces(), seed=3) for _ in range(2)]
    assert again[0] is not None
    assert again[1] is not None
    np.testing.assert_array_equal(again[0].ids, again[1].ids)
