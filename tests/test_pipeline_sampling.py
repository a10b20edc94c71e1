"""Of very many items a sample is asked exactly, and the graph of all is approximate."""

from __future__ import annotations

import weakref
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

import emblink as eb
from emblink.errors import InputError
from emblink.load import from_arrays
from emblink.matched import Depths, LinkedSide, list_columns, list_scores, lists_at
from emblink.measures import hub_chance_overlap
from emblink.neighbors import ApproximateGraph, Recall, nearest_neighbors
from emblink.pipeline import _spaces
from emblink.report import as_markdown, as_terminal
from emblink.table import HEADLINE
from emblink.types import FloatArray, NeighborGraph, SpaceSet
from tests.conftest import clustered

N, QUERIES = 900, 300


def two(n: int = N, *, noise: float = 0.3, seed: int = 0) -> dict[str, FloatArray]:
    x, _ = clustered(n, spread=1.0)
    rng = np.random.default_rng(seed)
    return {"a": x, "b": x + noise * rng.standard_normal(x.shape)}


def poor(vectors: FloatArray, k: int, metric: str, **_: object) -> ApproximateGraph:
    """Return a graph that lacks the nearest neighbour of every third item, and all of some."""
    graph = nearest_neighbors(vectors, k=k, metric="cosine")
    indices = graph.indices.copy()
    indices[::3, :-1] = graph.indices[::3, 1:]
    indices[::3, -1] = [(i + 1) % len(vectors) for i in range(0, len(vectors), 3)]
    rng = np.random.default_rng(len(vectors) + int(1e6 * abs(float(vectors[0, 0]))))
    lost = np.arange(QUERIES, len(vectors), 50)
    indices[lost] = rng.permuted(np.tile(np.arange(len(vectors)), (len(lost), 1)), axis=1)[:, :k]
    wrong = NeighborGraph(indices.astype(np.int32), graph.distances, graph.metric, 0.9)
    return ApproximateGraph(wrong, Recall(0.9, 0.88, 0.92, 1000))


@pytest.fixture(scope="module")
def exact() -> eb.Comparison:
    _, labels = clustered(N)
    return eb.compare(two(), labels=labels)


@pytest.fixture(scope="module")
def asked() -> eb.Comparison:
    _, labels = clustered(N)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_spaces, "approximate", poor)
        return eb.compare(two(), labels=labels, queries_sampled=QUERIES)


@pytest.mark.slow
def test_overlap_by_sampled_queries_covers_the_exact_value() -> None:
    n, k, covered = 1200, 10, 0
    spaces = two(n)
    graphs = [nearest_neighbors(x, k=k + 1, metric="cosine") for x in spaces.values()]
    every = [lists_at(side, side.asked) for side in _sides(graphs, spaces, np.arange(n), first=n)]
    whole = list_columns(every[0], every[1], depths=Depths(k, k), names=[HEADLINE])
    truth = float(whole[HEADLINE].mean(dtype=np.float64))
    for draw in range(100):
        order = np.random.default_rng(draw).permutation(n)
        sides = _sides(graphs, spaces, order, first=150)
        rows = sides[0].asked
        near = [lists_at(side, rows) for side in sides]
        columns = list_columns(near[0], near[1], depths=Depths(k, k), names=[HEADLINE])
        found = list_scores(
            sides[0], sides[1], columns, rows=rows, depths=Depths(k, k), seed=0
        ).raw[HEADLINE]
        assert found.interval is not None
        covered += found.interval[0] <= truth <= found.interval[1]
    assert covered >= 93


def _sides(
    graphs: list[NeighborGraph], spaces: dict[str, FloatArray], order: np.ndarray, *, first: int
) -> list[LinkedSide]:
    """Return both spaces with their items in an order, lists of the first of them alone."""
    n = len(order)
    place = np.empty(n, np.int32)
    place[order] = np.arange(n)
    return [
        LinkedSide(
            name=name,
            metric="cosine",
            vectors=x[order],
            cells=np.arange(n),
            top_share=0.0,
            graph=NeighborGraph(
                place[graph.indices[order[:first]]],
                graph.distances[order[:first]],
                "cosine",
                among=None if first == n else n,
            ),
        )
        for (name, x), graph in zip(spaces.items(), graphs, strict=True)
    ]


def test_the_chance_of_a_sample_is_that_of_all_items() -> None:
    n, k = 1000, 10
    spaces = two(n, noise=2.0)
    graphs = [nearest_neighbors(x, k=k + 1, metric="cosine") for x in spaces.values()]
    found = []
    for draw in range(60):
        order = np.random.default_rng(draw).permutation(n)
        sides = _sides(graphs, spaces, order, first=200)
        found.append(hub_chance_overlap(*(side.graph for side in sides), k=k))
    truth = hub_chance_overlap(*graphs, k=k)
    error = np.std(found) / np.sqrt(len(found))
    assert abs(np.mean(found) - truth) < 4 * error
    assert error < 0.05 * truth


@pytest.mark.slow
def test_the_report_says_that_numbers_are_of_a_sample(asked: eb.Comparison) -> None:
    report = asked.report()
    method = report["method"]
    assert (method["queries"], method["exact"]) == (QUERIES, True)
    assert method["graphs"]["a"] == {"k": 50, "recall": 0.9, "interval": [0.88, 0.92]}
    (pair,) = report["pairs"]
    assert pair["queries"] == QUERIES
    assert pair["n_common"] == N
    assert all(one["n"] <= QUERIES for one in pair["scores"].values())
    assert pair["moves"]["n"] == QUERIES
    assert sum(pair["moves"]["shares"].values()) == pytest.approx(1)
    console = Console(width=200, record=True, file=StringIO())
    console.print(as_terminal(report))
    for words in (console.export_text(), as_markdown(report)):
        assert "300 items drawn at random" in words
        assert "holds 90 % of all neighbours" in words


@pytest.mark.slow
def test_nothing_is_said_of_a_sample_where_all_are_asked(exact: eb.Comparison) -> None:
    report = exact.report()
    assert "method" not in report
    assert "queries" not in report["pairs"][0]


@pytest.mark.slow
def test_so_many_items_as_are_asked_are_all_asked(exact: eb.Comparison) -> None:
    _, labels = clustered(N)
    assert eb.compare(two(), labels=labels, queries_sampled=N).report() == exact.report()


@pytest.mark.slow
def test_who_is_asked_has_exact_numbers_whatever_the_graph_lacks(
    exact: eb.Comparison, asked: eb.Comparison
) -> None:
    over = exact._bundle.manifest.pairs[0].over
    for name in (HEADLINE, "rank_biased_overlap"):
        whole, some = (one._bundle.array(f"{over}/{name}") for one in (exact, asked))
        np.testing.assert_array_equal(some[:QUERIES], whole[:QUERIES])
    purity = "space/a/knn_label_purity"
    np.testing.assert_array_equal(
        asked._bundle.array(purity)[:QUERIES], exact._bundle.array(purity)[:QUERIES]
    )


@pytest.mark.slow
def test_numbers_of_single_items_say_that_they_are_approximate(
    exact: eb.Comparison, asked: eb.Comparison
) -> None:
    near = {HEADLINE, "log_density_change", "purity_change", "change_evidence"}
    for comparison, method in ((exact, None), (asked, "approximate")):
        manifest = comparison._bundle.manifest
        fields = {one.name: one for one in manifest.pairs[0].fields}
        assert {fields[name].method for name in near} == {method}
        of_space = {one.name: one for one in manifest.spaces[0].fields}
        assert of_space["knn_label_purity"].method == method
        assert of_space["missing_neighbors_joint"].method == method
        assert of_space["trustworthiness_joint"].method is None
        said = "Approximate, but for 300 items" in fields[HEADLINE].definition
        assert said == (method is not None)


@pytest.mark.slow
def test_numbers_of_a_sample_are_near_those_of_all(
    exact: eb.Comparison, asked: eb.Comparison
) -> None:
    all_scores, scores = (one.pair("a", "b").scores for one in (exact, asked))
    assert [*scores] == [*all_scores]
    for name, score in scores.items():
        if "interval" in score:
            low, high = score["interval"]
            reach = high - low
            assert low - reach <= all_scores[name]["value"] <= high + reach, name
    labels = asked.report()["pairs"][0]["labels"]
    for one, whole in zip(labels, exact.report()["pairs"][0]["labels"], strict=True):
        assert (one["n"], one["chance"]) == (whole["n"], whole["chance"])
        assert one["queries"] < one["n"]
        assert abs(one["purity_a"] - whole["purity_a"]) < 0.05


@pytest.mark.slow
def test_what_an_approximate_graph_lacks_never_reads_as_change(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(_spaces, "approximate", poor)
    x = two()["a"]
    turned = x @ np.linalg.qr(np.random.default_rng(0).standard_normal((12, 12)))[0]
    report = eb.compare({"a": x, "b": turned}, queries_sampled=QUERIES).report()
    (pair,) = report["pairs"]
    assert pair["scores"][HEADLINE]["value"] > 0.999
    assert pair["size"]["grade"] == "identical"
    assert pair["moves"]["kept"] > 9.99
    assert pair["findings"] == []
    assert "lost every neighbour" not in str(report)


@pytest.mark.slow
def test_nobody_is_said_to_have_lost_all_whom_the_graph_missed(asked: eb.Comparison) -> None:
    over = asked._bundle.manifest.pairs[0].over
    kept = asked._bundle.array(f"{over}/{HEADLINE}")
    spaces = {name: one.vectors for name, one in asked.space_set.spaces.items()}
    order = asked._bundle.order("items")
    graphs = [nearest_neighbors(x[order], k=10, metric="cosine") for x in spaces.values()]
    for row in np.flatnonzero(kept == 0):
        assert not {*graphs[0].indices[row]} & {*graphs[1].indices[row]}
    assert not (kept[np.arange(QUERIES, N, 50)] == 0).all()


@pytest.mark.slow
def test_a_part_of_the_items_is_asked_among_the_common_ones(exact: eb.Comparison) -> None:
    spaces, ids = two(), {"a": np.arange(N), "b": np.arange(200, N)}
    spaces["b"] = spaces["b"][200:]
    sampled = eb.compare(spaces, ids=ids, queries_sampled=QUERIES)
    every = eb.compare(spaces, ids=ids)
    assert sampled.report()["pairs"][0]["queries"] == QUERIES
    over = every._bundle.manifest.pairs[0].over
    whole, some = (one._bundle.array(f"{over}/{HEADLINE}") for one in (every, sampled))
    np.testing.assert_array_equal(some[:QUERIES], whole[:QUERIES])


@pytest.mark.slow
def test_few_common_items_of_large_spaces_are_all_asked() -> None:
    spaces, ids = two(), {"a": np.arange(N), "b": np.arange(700, N + 700)}
    sampled, every = (
        eb.compare(spaces, ids=ids, queries_sampled=asked).report() for asked in (QUERIES, None)
    )
    (some,), (whole,) = sampled["pairs"], every["pairs"]
    assert "queries" not in some
    for name in (HEADLINE, "rank_biased_overlap", "linear_cka"):
        assert some["scores"][name]["value"] == pytest.approx(
            whole["scores"][name]["value"], abs=1e-9
        )


@pytest.mark.slow
def test_a_question_about_a_selection_is_answered_exactly(
    exact: eb.Comparison, asked: eb.Comparison
) -> None:
    rows = np.arange(0, N, 4)
    whole, some = (one.ask("a", "b", rows=rows) for one in (exact, asked))
    for name in (HEADLINE, "inner_overlap", "linear_cka"):
        assert some["scores"][name]["value"] == pytest.approx(
            whole["scores"][name]["value"], abs=1e-9
        )
    every = asked.ask("a", "b", rows=np.arange(N))
    assert every["scores"][HEADLINE]["n"] == QUERIES
    assert every["scores"][HEADLINE]["value"] == pytest.approx(
        asked.pair("a", "b").scores[HEADLINE]["value"], abs=1e-9
    )


@pytest.mark.slow
def test_a_run_that_was_stopped_does_no_step_twice(tmp_path: Path) -> None:
    def stop(step: str, done: int, total: int) -> None:
        if step == "aligned layout" and done:
            raise KeyboardInterrupt

    steps: list[str] = []
    with pytest.raises(KeyboardInterrupt):
        eb.compare(two(), queries_sampled=QUERIES, out=tmp_path / "x", progress=stop)
    stopped = eb.compare(
        two(),
        queries_sampled=QUERIES,
        out=tmp_path / "x",
        progress=lambda step, done, total: steps.append(step),
    )
    assert steps
    assert not [step for step in steps if step.startswith(("graph of", "neighbours of", "cells"))]
    assert stopped.report() == eb.compare(two(), queries_sampled=QUERIES, title="x").report()


@pytest.mark.slow
def test_vectors_that_were_read_are_let_go_of_once_the_bundle_has_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[weakref.ref[SpaceSet]] = []

    def watched(*given: object, **options: object) -> SpaceSet:
        found = from_arrays(*given, **options)  # type: ignore[arg-type]
        read.append(weakref.ref(found))
        return found

    monkeypatch.setattr("emblink.comparison._compare.from_arrays", watched)
    for name, x in two(120).items():
        np.save(tmp_path / f"{name}.npy", x)
    held: list[bool] = []
    eb.compare(
        {name: tmp_path / f"{name}.npy" for name in "ab"},
        progress=lambda step, done, total: (
            held.append(read[0]() is not None) if step == "aligned layout" else None
        ),
    )
    assert held
    assert not any(held)


@pytest.mark.parametrize("queries", [0, 99, -5, 1.5, "many"])
def test_a_sample_of_few_or_none_is_refused(queries: object) -> None:
    with pytest.raises(InputError, match=r"queries_sampled is .*expected an integer from 100"):
        eb.compare(two(), queries_sampled=queries)  # type: ignore[arg-type]


@pytest.mark.parametrize("memory", ["much", "4 furlongs", 5, "-4GB", "10 MB"])
def test_memory_that_is_none_is_refused(memory: object) -> None:
    with pytest.raises(InputError, match=r"memory is .*such as '4GB'"):
        eb.compare(two(), memory=memory)  # type: ignore[arg-type]


@pytest.mark.slow
def test_large_arrays_lie_in_files_where_little_memory_is_allowed(
    exact: eb.Comparison, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from emblink import compute

    made: list[bool] = []
    room = compute.room

    def watched(shape: tuple[int, ...], dtype: object) -> object:
        found = room(shape, dtype)  # type: ignore[arg-type]
        made.append(isinstance(found, np.memmap))
        return found

    monkeypatch.setattr(compute, "_SPILLS", 1e5)
    for name in ("rows", "neighbors._points", "projection._trust", "measures._quantize"):
        monkeypatch.setattr(f"emblink.{name}.room", watched)
    _, labels = clustered(N)
    found = eb.compare(two(), labels=labels, memory="100MB", out=tmp_path / "x")
    assert any(made)
    assert found.report()["pairs"] == exact.report()["pairs"]
