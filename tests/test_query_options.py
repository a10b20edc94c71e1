"""Queries on the command line, and limits of searches in the gate."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from typer.testing import CliRunner

import emblink as eb
from emblink._query_options import each_its_own, given_queries
from emblink.cli import app
from emblink.comparison import judge
from emblink.errors import InputError, ReadError
from emblink.gate import Gate, Policy, QueryLimits, as_junit, as_metrics, read_policy
from emblink.testing import assert_interchangeable
from tests.searches_helpers import catalogue, damaged, turned

pytestmark = pytest.mark.slow

WORLD = catalogue()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files as a team has them: vectors of items and queries, a table, and judgements."""
    path = tmp_path_factory.mktemp("files")
    spaces = {"old": WORLD.items, "new": turned(WORLD.items, noise=0.1)}
    queries = {"old": WORLD.queries, "new": damaged(WORLD)}
    for name, vectors in spaces.items():
        np.savez(path / f"{name}.npz", vectors=vectors, ids=WORLD.ids)
        np.save(path / f"q_{name}.npy", queries[name])
    held = WORLD.query_items
    rows = zip(held["id"], held["text"], held["topic"], strict=True)
    table = "\n".join(["query_id,text,topic", *(",".join(row) for row in rows)])
    (path / "queries.csv").write_text(f"{table}\n", "utf-8")
    lines = (f"{q} 0 {next(iter(d))} 1" for q, d in WORLD.qrels.items())
    (path / "qrels.tsv").write_text("\n".join(lines) + "\n", "utf-8")
    return path


SPACES = ("old=old.npz", "new=new.npz")
SEARCHED = ("--query-items", "queries.csv", "--qrels", "qrels.tsv")
WAYS = {
    "several values": (*SPACES, "--queries", "old=q_old.npy", "new=q_new.npy", *SEARCHED),
    "repeated": (*SPACES, "--queries", "old=q_old.npy", "--queries", "new=q_new.npy", *SEARCHED),
    "before the spaces": ("--queries", "old=q_old.npy", "new=q_new.npy", *SEARCHED, *SPACES),
}


def run(folder: Path, *words: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.chdir(folder)
    monkeypatch.setenv("COLUMNS", "200")  # so that no name is folded
    return CliRunner().invoke(app, [*words])


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
def test_compare_takes_queries_as_people_write_them(
    folder: Path, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = f"{way.replace(' ', '-')}.emblink"
    found = run(folder, "compare", *WAYS[way], "-o", out, "--json", monkeypatch=monkeypatch)
    assert found.exit_code == 0, found.output
    report = json.loads(found.stdout)
    assert report["searches"]["name"] == "queries.csv"
    assert report["searches"]["pairs"][0]["n_lost"] == 20
    said = "20 of 400 queries lose their first relevant answer; all are about refunds"
    assert said in report["pairs"][0]["answer"]
    for form in ("--full", "--markdown"):
        shown = " ".join(run(folder, "report", out, form, monkeypatch=monkeypatch).output.split())
        assert said in shown
        assert "topic: refunds" in shown
        assert "change of nDCG" in shown
    lines = run(folder, "report", out, monkeypatch=monkeypatch).output
    answer = " ".join(lines.partition("old → new")[2].split())
    assert answer.startswith(f"Do not swap: {said}")


def test_further_values_of_queries_are_told_from_spaces() -> None:
    words = ["old=a", "new=b", "--queries", "old=q", "new=r", "--label", "x=y"]
    expected = ["old=a", "new=b", "--queries", "old=q", "--queries", "new=r", "--label", "x=y"]
    assert each_its_own(words) == expected
    bare = ["old.npy", "dir/new.npy", "--queries", "old=q", "new=r"]
    assert each_its_own(bare) == [*bare[:-1], "--queries", bare[-1]]
    for plain in (
        ["old=a", "new=b"],
        ["--queries", "new=r", "old=a", "new=b"],
        ["--queries", "old=q", "--queries", "new=r", "old=a", "new=b"],
        ["--queries", "items", "old=a", "new=b"],
    ):
        assert each_its_own(plain) == plain


def test_queries_that_are_not_well_written_are_refused() -> None:
    assert given_queries(None) is None
    assert given_queries(["items"]) == "items"
    assert given_queries(["a=b", "c=d::e"]) == {"a": "b", "c": "d::e"}
    with pytest.raises(InputError, match="expected NAME=PATH"):
        given_queries(["a=b", "c"])
    with pytest.raises(InputError, match="twice for 'a'"):
        given_queries(["a=b", "a=c"])


@pytest.fixture(scope="module")
def bundle(folder: Path) -> eb.Comparison:
    """The same in Python."""
    return eb.compare(
        {name: str(folder / f"{name}.npz") for name in ("old", "new")},
        queries={name: folder / f"q_{name}.npy" for name in ("old", "new")},
        query_items=folder / "queries.csv",
        qrels=folder / "qrels.tsv",
        out=folder / "bundle.emblink",
    )


def gated(
    bundle: eb.Comparison, limits: dict[str, float], accepted: eb.Comparison | None = None
) -> Gate:
    policy = Policy(max_size=None, min_quality=None, coverage=None, queries=QueryLimits(**limits))
    return judge(bundle, policy, accepted=accepted)


CASES: dict[str, tuple[dict[str, float], str]] = {
    "recall is there": ({"min_recall": 0.9}, "pass"),
    "recall is not there": ({"min_recall": 0.98}, "fail"),
    "recall may be there": ({"min_recall": 0.95}, "undecided"),
    "churn within": ({"max_churn": 0.3}, "pass"),
    "churn beyond": ({"max_churn": 0.05}, "fail"),
    "churn open": ({"max_churn": 0.15}, "undecided"),
    "nDCG within": ({"min_ndcg_change": -0.1}, "pass"),
    "nDCG beyond": ({"min_ndcg_change": -0.01}, "fail"),
    "nDCG open": ({"min_ndcg_change": -0.05}, "undecided"),
    "few lost": ({"max_lost": 0.1}, "pass"),
    "many lost": ({"max_lost": 0.01}, "fail"),
}


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_a_limit_of_searches_is_held_by_the_bad_end_of_its_interval(
    bundle: eb.Comparison, case: str
) -> None:
    limits, verdict = CASES[case]
    found = gated(bundle, limits)
    assert found.verdict == verdict
    (check,) = found.checks
    assert check.limit == f"queries.{next(iter(limits))}"
    assert check.interval is not None
    suite = ElementTree.fromstring(as_junit(found).partition("\n")[2])
    assert [one.get("name") for one in suite] == [f"{check.limit}: queries.csv"]
    assert json.loads(as_metrics(found))["recall_new"] == pytest.approx(0.95, abs=0.01)


def test_what_was_accepted_of_searches_passes_again(bundle: eb.Comparison) -> None:
    limits = {"min_recall": 0.99, "max_churn": 0.01, "min_ndcg_change": 0.0, "max_lost": 0.0}
    assert gated(bundle, limits).verdict == "fail"
    assert gated(bundle, limits, accepted=bundle).verdict == "pass"


def test_quality_kept_is_that_of_queries_where_their_answers_are_known(
    bundle: eb.Comparison,
) -> None:
    found = judge(bundle, Policy(max_size=None))
    check = next(one for one in found.checks if one.limit == "min_quality")
    assert check.status == "fail"
    assert check.sentence.startswith("nDCG@10 of 400 queries goes from")
    assert "queries about refunds" in check.sentence


@pytest.mark.slow
def test_limits_of_searches_ask_for_queries_and_relevance(small: eb.Comparison) -> None:
    policy = Policy(max_size=None, queries=QueryLimits(max_churn=0.1))
    with pytest.raises(InputError, match=r"queries\.max_churn asks for queries.*--queries"):
        judge(small, policy, old="a", new="turned")
    bare = eb.compare({"old": WORLD.items, "new": turned(WORLD.items)}, ids=WORLD.ids, queries=50)
    with pytest.raises(InputError, match=r"queries\.min_recall asks for relevance.*--qrels"):
        gated(bare, {"max_churn": 0.5, "min_recall": 0.5})
    assert gated(bare, {"max_churn": 0.5}).verdict == "pass"


POLICIES = {
    "[queries]\nmin_recal = 0.9": "no limit 'queries.min_recal' .*did you mean 'min_recall'",
    "[queries]\nmin_recall = 90": "queries.min_recall is 90; expected a share",
    '[queries]\nmin_recall = "all"': "queries.min_recall is 'all'; expected `float",
    "[queries]\nmin_ndcg_change = -2": "expected -1 to 1",
    "queries = 3": "expected lines below",
}


@pytest.mark.parametrize("text", POLICIES)
def test_limits_of_queries_that_cannot_be_read_say_the_way_out(tmp_path: Path, text: str) -> None:
    path = tmp_path / "gate.toml"
    path.write_text(text)
    with pytest.raises(ReadError, match=POLICIES[text]):
        read_policy(path)


def test_limits_of_queries_are_read_and_in_the_docs(tmp_path: Path) -> None:
    path = tmp_path / "gate.toml"
    path.write_text("[queries]\nmin_recall = 0.9\nmax_churn = 0.3\n")
    assert read_policy(path).queries == QueryLimits(min_recall=0.9, max_churn=0.3)
    text = (Path(__file__).parents[1] / "docs" / "gate.md").read_text("utf-8")
    missing = [name for name in QueryLimits.__struct_fields__ if f"`queries.{name}`" not in text]
    assert missing == []


@pytest.mark.slow
def test_the_gate_and_the_assertion_judge_by_queries(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "gate.toml").write_text("max_size = 'reworked'\n[queries]\nmin_recall = 0.98\n")
    words = ("gate", *SPACES, "--queries", "old=q_old.npy", "new=q_new.npy", *SEARCHED)
    more = ("--policy", "gate.toml", "-o", "gate.emblink")
    found = run(folder, *words, *more, monkeypatch=monkeypatch)
    assert found.exit_code == 1, found.output
    assert "queries.min_recall" in found.output
    again = run(folder, "gate", "gate.emblink", "--qrels", "qrels.tsv", monkeypatch=monkeypatch)
    assert isinstance(again.exception, InputError)
    with pytest.raises(AssertionError, match="lose their first relevant answer"):
        assert_interchangeable(
            WORLD.items,
            turned(WORLD.items),
            ids=WORLD.ids,
            queries={"old": WORLD.queries, "new": damaged(WORLD)},
            query_items=WORLD.query_items,
            qrels=WORLD.qrels,
        )
