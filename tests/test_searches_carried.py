"""Searches in bundles that are kept, handed on, and opened again."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import emblink as eb
from emblink.bundle import Bundle, read_manifest
from emblink.export import Choice, export
from emblink.report import as_html, as_markdown
from tests.searches_helpers import catalogue, damaged, turned

pytestmark = pytest.mark.slow

WORLD = catalogue()


@pytest.fixture(scope="module")
def comparison(tmp_path_factory: pytest.TempPathFactory) -> eb.Comparison:
    return eb.compare(
        {"old": WORLD.items, "new": turned(WORLD.items, noise=0.1)},
        ids=WORLD.ids,
        queries={"old": WORLD.queries, "new": damaged(WORLD)},
        query_items=WORLD.query_items,
        qrels=WORLD.qrels,
        out=tmp_path_factory.mktemp("carried") / "run.emblink",
    )


@pytest.mark.slow
def test_a_bundle_opened_again_says_the_same(comparison: eb.Comparison) -> None:
    again = eb.open(comparison.path)
    assert again.searches == comparison.searches
    table, before = (one.queries("old", "new") for one in (again, comparison))
    assert [*table] == [*before]
    for name in table:
        np.testing.assert_array_equal(table[name], before[name])


def test_a_run_continued_searches_nothing_again(comparison: eb.Comparison) -> None:
    before = {one.name for one in (comparison.path / "columns").iterdir()}
    again = eb.compare(
        {"old": WORLD.items, "new": turned(WORLD.items, noise=0.1)},
        ids=WORLD.ids,
        queries={"old": WORLD.queries, "new": damaged(WORLD)},
        query_items=WORLD.query_items,
        qrels=WORLD.qrels,
        out=comparison.path,
    )
    assert {one.name for one in (again.path / "columns").iterdir()} == before
    assert again.searches == comparison.searches


@pytest.mark.slow
def test_other_queries_change_no_other_number(comparison: eb.Comparison, tmp_path: Path) -> None:
    bare = eb.compare(
        {"old": WORLD.items, "new": turned(WORLD.items, noise=0.1)},
        ids=WORLD.ids,
        out=tmp_path / "bare.emblink",
    )
    with_queries, without = comparison.report()["pairs"][0], bare.report()["pairs"][0]
    assert with_queries["scores"] == without["scores"]
    assert with_queries["size"] == without["size"]
    manifest = read_manifest(bare.path)
    assert manifest.queries is None
    assert manifest.pairs[0].searches is None
    assert not any(name.startswith("queries") for name in manifest.columns)


def test_results_are_items_of_the_union_and_stand_in_the_bundle(
    comparison: eb.Comparison,
) -> None:
    manifest = read_manifest(comparison.path)
    searches, queries = manifest.pairs[0].searches, manifest.queries
    assert searches is not None
    assert queries is not None
    for name in (searches.a, searches.b, queries.answers):
        assert manifest.columns[name or ""].kind == "results"
    assert manifest.columns[searches.a].shape == [400, 10]
    assert queries.n == 400


def test_a_copy_without_texts_holds_no_words_of_queries(
    comparison: eb.Comparison, tmp_path: Path
) -> None:
    bundle, silent = Bundle(comparison.path), tmp_path / "silent"
    export(bundle, tmp_path / "told.html")
    export(bundle, silent, choice=Choice(text=False))
    held = b"".join(path.read_bytes() for path in silent.rglob("*") if path.is_file())
    assert b"how about refunds" not in held
    manifest = json.loads(next(silent.rglob("manifest.json")).read_text("utf-8"))
    assert manifest["queries"]["text"] is None
    assert any("Texts of the queries" in note for note in manifest["copy_notes"])


def test_documents_tell_of_searches(comparison: eb.Comparison) -> None:
    report = comparison.report()
    said = "20 of 400 queries lose their first relevant answer"
    for document in (as_markdown(report), as_html(report)):
        assert document.count(said) >= 3
        assert document.index(said) < document.index("The numbers")
        for word in ("topic: refunds", "MRR@10", "churn", "how about refunds 2"):
            assert word in document
