"""Questions about a selection agree with counting by hand, and are refused in words."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import emblink as eb
from emblink.ask import Asker, Pair, Rerun, Side, ask_selection
from emblink.ask._chance import hub_chance_at, hub_chance_of_sample
from emblink.ask._pair import lists_at, sample
from emblink.bundle import Bundle
from emblink.errors import InputError, MatchError
from emblink.measures import hub_chance_overlap, neighborhood_overlap
from emblink.types import FloatArray, IntArray, NeighborGraph
from tests.conftest import clustered
from tests.measures_helpers import brute_graph, graph_of, random_lists


@pytest.fixture(scope="module")
def partial() -> eb.Comparison:
    """Spaces of 150 and 120 items, 100 in common, in different orders, with some labels missing."""
    x, labels = clustered(170, spread=1.0)
    rng = np.random.default_rng(5)
    ids = np.array([f"w{i}" for i in rng.permutation(170)])
    in_a, in_b = rng.permutation(150), 50 + rng.permutation(120)
    y = x + 0.8 * rng.standard_normal(x.shape)
    words = np.array(["red", "green", "blue", "grey"])[labels]
    words[::7] = ""
    return eb.compare(
        {"a": x[in_a], "b": y[in_b]},
        ids={"a": ids[in_a], "b": ids[in_b]},
        items={"id": ids, "label": words, "size": np.arange(170) % 10},
        labels="label",
    )


def by_hand(comparison: eb.Comparison, chosen: set[Any], *, k: int, inside: bool) -> float:
    """Return the mean overlap at the chosen ids, by dictionaries of full distance matrices."""
    a, b = comparison.spaces["a"], comparison.spaces["b"]
    shared = [one for one in comparison.ids.tolist() if {one} <= {*a.ids} & {*b.ids}]
    pool = [one for one in shared if one in chosen] if inside else shared
    lists = []
    for space in (a, b):
        place = {one: row for row, one in enumerate(space.ids.tolist())}
        graph = brute_graph(space.vectors[[place[one] for one in pool]], k)
        lists.append([{pool[j] for j in near} for near in graph.indices.tolist()])
    shares = [
        len(left & right) / k
        for one, left, right in zip(pool, *lists, strict=True)
        if one in chosen
    ]
    return float(np.mean(shares))


def test_neighbours_are_sought_among_all_common_items(partial: eb.Comparison) -> None:
    chosen = set(partial.ids[::3].tolist())
    answer = partial.ask("a", "b", items=sorted(chosen))
    score = answer["scores"]["neighborhood_overlap"]
    assert score["value"] == pytest.approx(by_hand(partial, chosen, k=10, inside=False))
    assert score["chance"] == pytest.approx(10 / 99)
    assert score["n"] == answer["n"]
    assert score["interval"][0] < score["value"] < score["interval"][1]


def test_inner_overlap_seeks_neighbours_among_the_selected_alone(partial: eb.Comparison) -> None:
    chosen = set(partial.ids[::3].tolist())
    answer = partial.ask("a", "b", items=sorted(chosen))
    score = answer["scores"]["inner_overlap"]
    assert score["value"] == pytest.approx(by_hand(partial, chosen, k=10, inside=True))
    assert score["chance"] == pytest.approx(10 / (answer["n"] - 1))


def test_items_of_one_space_alone_are_counted_and_left_out(partial: eb.Comparison) -> None:
    answer = partial.ask("a", "b", rows=np.ones(170, dtype=bool))
    assert (answer["n"], answer["n_outside"]) == (100, 70)
    assert any(word.startswith("70 of the 170 selected items") for word in answer["warnings"])


def test_vector_measures_are_of_the_restricted_vectors(partial: eb.Comparison) -> None:
    ids = partial.ids[:80]
    answer = partial.ask("a", "b", items=ids)
    x, y = (
        np.array([space.vectors[np.flatnonzero(space.ids == one)[0]] for one in ids if one in kept])
        for space in partial.spaces.values()
        for kept in [{*partial.spaces["a"].ids} & {*partial.spaces["b"].ids}]
    )
    scores = answer["scores"]
    assert scores["linear_cka"]["value"] == pytest.approx(eb.linear_cka(x, y))
    assert scores["procrustes_similarity"]["value"] == pytest.approx(eb.procrustes_similarity(x, y))
    assert scores["linear_cka"]["n"] == len(x)
    assert 0 < scores["procrustes_similarity"]["chance"] < scores["procrustes_similarity"]["value"]


def test_purity_is_the_mean_over_the_selected_labelled_items(partial: eb.Comparison) -> None:
    answer = partial.ask("a", "b", where={"label": "red"})["purity"]
    assert answer is not None
    shared = [one for one in partial.ids if one in {*partial.spaces["b"].ids}]
    shared = [one for one in shared if one in {*partial.spaces["a"].ids}]
    words = dict(zip(partial.ids, partial.space_set.items["label"].tolist(), strict=True))
    labels = np.array([words[one] for one in shared])
    for name in ("a", "b"):
        space = partial.spaces[name]
        rows = [np.flatnonzero(space.ids == one)[0] for one in shared]
        near = labels[brute_graph(space.vectors[rows], 20).indices]
        share = (near == labels[:, None]).sum(axis=1) / (near != "").sum(axis=1)
        assert answer[name] == pytest.approx(share[labels == "red"].mean())
    n_red, n_labelled = (labels == "red").sum(), (labels != "").sum()
    assert answer["chance"] == pytest.approx((n_red - 1) / (n_labelled - 1))
    assert answer["n"] == n_red


def test_selecting_everything_is_the_pair_itself(small: eb.Comparison) -> None:
    answer = small.ask("a", "noisy", rows=np.arange(240))["scores"]
    pair = small.pair("a", "noisy").scores
    for name in ("neighborhood_overlap", "inner_overlap"):
        assert answer[name]["value"] == pytest.approx(pair["neighborhood_overlap"]["value"])
        assert answer[name]["hub_chance"] == pytest.approx(
            pair["neighborhood_overlap"]["hub_chance"]
        )
    assert answer["linear_cka"]["value"] == pytest.approx(pair["linear_cka"]["value"])


def test_the_page_names_items_by_stored_row(small: eb.Comparison) -> None:
    asker = Asker(Bundle(small.path))
    stored = np.arange(0, 60, dtype="<i4")
    rows = asker.rows_of_stored(stored)
    assert rows.tolist() == Bundle(small.path).order("items")[:60].tolist()
    assert asker.ask(("a", "noisy"), rows) == small.ask("a", "noisy", items=small.ids[rows])
    assert asker.ask(("a", "noisy"), rows[::-1]) == small.ask("a", "noisy", rows=rows)


def test_items_may_be_named_by_id_row_or_column(partial: eb.Comparison) -> None:
    sizes = np.asarray(partial.space_set.items["size"])
    rows = np.flatnonzero((sizes == 3) | (sizes == 5))
    expected = partial.ask("a", "b", rows=rows)
    assert partial.ask("a", "b", where={"size": [3, 5]}) == expected
    assert partial.ask("a", "b", rows=(sizes == 3) | (sizes == 5)) == expected
    assert partial.ask("a", "b", items=set(partial.ids[rows].tolist())) == expected
    both = partial.ask("a", "b", where={"size": [3, 5], "label": ["green", "blue"]})
    assert 4 < both["n"] < expected["n"]


def test_only_the_measures_asked_for_are_taken(partial: eb.Comparison) -> None:
    answer = partial.ask("a", "b", where={"label": "red"}, measures=["linear_cka"])
    assert list(answer["scores"]) == ["linear_cka"]
    assert "items: linear CKA 0." in answer["sentence"]
    assert " (chance 0)" in answer["sentence"]


def test_pairs_that_were_not_compared_can_be_asked_about(small: eb.Comparison) -> None:
    assert small.ask("noisy", "turned", rows=np.arange(240))["n"] == 180


def test_a_rotation_keeps_every_selection(small: eb.Comparison) -> None:
    scores = small.ask("a", "turned", where={"label": "red"})["scores"]
    assert all(score["value"] > 0.99 for score in scores.values())


def test_the_sentence_can_be_quoted(small: eb.Comparison) -> None:
    answer = small.ask("a", "noisy", where={"label": "red"})
    assert answer["sentence"].startswith(f"These {answer['n']} items keep ")
    assert "of their 10 nearest neighbours (chance " in answer["sentence"]
    assert "among themselves they keep " in answer["sentence"]
    assert "own label in a and " in answer["sentence"]


def test_a_small_selection_compares_fewer_neighbours_and_says_so(small: eb.Comparison) -> None:
    answer = small.ask("a", "turned", rows=np.arange(9))
    inner = answer["scores"]["inner_overlap"]
    assert inner["k"] == 4
    assert inner["chance"] == pytest.approx(4 / 8)
    assert "of their 4 nearest neighbours" in answer["sentence"]
    assert any("Only 9 items" in word for word in answer["warnings"])
    assert any("says little" in word for word in answer["warnings"])


def test_a_selection_too_small_to_tell_anything_says_so(small: eb.Comparison) -> None:
    blind = "Too few items to tell agreement from chance among themselves"
    said = [small.ask("a", "turned", rows=np.arange(n))["warnings"] for n in (4, 40)]
    assert any(word.startswith(blind) for word in said[0])
    assert not any("tell agreement from chance" in word for word in said[1])


def test_fewer_than_four_shared_items_are_answered_in_words(small: eb.Comparison) -> None:
    answer = small.ask("a", "turned", items=["item-001", "item-002"])
    assert (answer["n"], answer["scores"], answer["purity"]) == (2, {}, None)
    assert answer["sentence"].startswith("Too few to measure: 2 of the 2 selected items")


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ({}, "0 of items, rows and where are given"),
        ({"rows": [0], "where": {"label": "red"}}, "2 of items, rows and where are given"),
        ({"items": ["item-001", "nobody"]}, r"1 of 2 ids are of no item \(first: 'nobody'\)"),
        ({"items": [1, 2]}, "the items' ids are words, those given are int64"),
        ({"items": "item-001"}, "give a flat list"),
        ({"rows": [240]}, "rows must be integers from 0 to 239"),
        ({"rows": [-1]}, "rows must be integers from 0 to 239"),
        ({"rows": [True]}, "one True or False for each of the 240 items"),
        ({"where": {}}, "where is empty"),
        ({"where": {"colour": "red"}}, "no column 'colour' .* columns are: .*label"),
        ({"where": {"label": "pink"}}, "no item has label = 'pink'; .* blue, green"),
        ({"where": {"size": "big"}}, "column 'size' holds numbers"),
        ({"rows": [0], "measures": ["cca"]}, "no measure 'cca' .* neighborhood_overlap"),
        ({"rows": [0], "k": 0}, "give k from 1"),
    ],
)
def test_a_bad_question_is_named(
    small: eb.Comparison, question: dict[str, Any], words: str
) -> None:
    with pytest.raises(InputError, match=words):
        small.ask("a", "turned", **question)


def test_unknown_and_equal_spaces_are_refused(small: eb.Comparison) -> None:
    with pytest.raises(InputError, match="no space 'c'; the spaces are: a, turned, noisy"):
        small.ask("a", "c", rows=[0])
    with pytest.raises(InputError, match="'a' is asked to be compared with itself"):
        small.ask("a", "a", rows=[0])


def test_spaces_without_common_items_are_refused() -> None:
    x, _ = clustered(40)
    ids = {"a": np.arange(20), "b": np.arange(16, 36), "c": np.arange(18, 38)}
    spaces = {"a": x[:20], "b": x[16:36], "c": x[18:38]}
    comparison = eb.compare(spaces, ids=ids, pairs=[("a", "b")])
    with pytest.raises(MatchError, match="'a' and 'c' have 2 items in common"):
        comparison.ask("a", "c", rows=[0])
    assert comparison.ask("a", "b", items=[16, 17, 18, 19])["scores"]
    with pytest.raises(InputError, match="ids are integers"):
        comparison.ask("a", "b", items=["16"])


def test_an_undefined_measure_is_left_out_with_a_word() -> None:
    x, _ = clustered(60, spread=1.0)
    y = x.copy()
    y[:10] = y[0]
    answer = ask_selection(pair_of(x, y), np.arange(10))
    assert "linear_cka" not in answer["scores"]
    assert "neighborhood_overlap" in answer["scores"]
    assert any(word.startswith("No linear CKA of these items") for word in answer["warnings"])


def test_large_selections_are_sampled_at_their_queries_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("emblink.ask._selection.MOST_QUERIES", 50)
    monkeypatch.setattr("emblink.ask._scores.MOST_ROWS", 80)
    x, y = noisy_pair(200)
    pair, rows = pair_of(x, y), np.arange(20, 180)
    answer = ask_selection(pair, rows, seed=1)
    queries = sample(rows, most=50, seed=1)
    a, b = (brute_graph(one, 10).indices.tolist() for one in (x, y))
    mean = np.mean([len({*a[i]} & {*b[i]}) / 10 for i in queries])
    score = answer["scores"]["neighborhood_overlap"]
    assert score["n"] == 50
    assert score["value"] == pytest.approx(mean)
    assert score["chance"] == pytest.approx(10 / 199)
    a, b = (brute_graph(one[rows], 10).indices.tolist() for one in (x, y))
    inner = answer["scores"]["inner_overlap"]
    mean = np.mean([len({*a[i - 20]} & {*b[i - 20]}) / 10 for i in queries])
    assert inner["n"] == 50
    assert inner["value"] == pytest.approx(mean)
    assert inner["chance"] == pytest.approx(10 / 159)
    assert answer["n"] == 160
    assert answer["scores"]["linear_cka"]["n"] == 80
    assert any(word.startswith("Neighbours of 50 of the 160") for word in answer["warnings"])
    assert any(word.startswith("Vectors of 80 of the 160") for word in answer["warnings"])


def test_the_floor_is_another_run_where_there_is_one() -> None:
    x, y = noisy_pair(200)
    again, _ = noisy_pair(200, seed=3)
    kept = np.arange(40, 200)
    rerun = Rerun(again[kept], np.where(np.arange(200) >= 40, np.arange(200) - 40, -1), "cosine")
    score = ask_selection(pair_of(x, y, reruns=(rerun,)), np.arange(30, 90))["scores"]
    floor = score["neighborhood_overlap"]
    a, b = (brute_graph(one[kept], 10).indices.tolist() for one in (x, again))
    mean = np.mean([len({*a[i]} & {*b[i]}) / 10 for i in range(50)])
    assert floor["floor_kind"] == "replicate"
    assert floor["noise_floor"] == pytest.approx(mean)
    without = ask_selection(pair_of(x, y), np.arange(30, 90))["scores"]["neighborhood_overlap"]
    assert without["floor_kind"] == "numerical"
    assert 0.9 < without["noise_floor"] <= 1


def test_the_other_space_of_a_pair_is_not_its_own_floor(small: eb.Comparison) -> None:
    bundle = Bundle(small.path)
    bundle.manifest.report["spaces"][1]["replicate_of"] = "a"
    asker, rows = Asker(bundle), np.arange(0, 240, 3)
    floors = [
        asker.ask((a, b), rows)["scores"]["neighborhood_overlap"]
        for a, b in (("a", "noisy"), ("noisy", "turned"), ("a", "turned"))
    ]
    assert [one["floor_kind"] for one in floors] == ["replicate", "replicate", "numerical"]
    assert floors[0]["noise_floor"] > 0.99  # a rotation
    sentence = asker.ask(("a", "noisy"), rows)["sentence"]
    assert "another run of the same recipe " in sentence


def test_hub_chance_is_the_mean_of_lists_handed_out_at_random() -> None:
    n, k, rows = 60, 5, np.arange(0, 60, 4)
    a, b = ([{*near} for near in random_lists(n, k, seed=seed, pull=1.0)] for seed in (1, 2))
    swaps = [(i, j) for i in rows for j in range(n) if i != j]
    means = [
        np.mean([len(one[i] & other[j]) / k for i, j in swaps]) for one, other in ((a, b), (b, a))
    ]
    graphs = (graph_of([sorted(near) for near in lists]) for lists in (a, b))
    found = hub_chance_at(*graphs, rows=rows, k=k)
    assert found == pytest.approx(np.mean(means), rel=1 / (n - 1) + 0.01)
    assert found > 1.2 * k / (n - 1)


@pytest.mark.parametrize("pull", [0.0, 1.0])
def test_hub_chance_at_all_items_is_that_of_the_pair(pull: float) -> None:
    a, b = (graph_of(random_lists(80, 6, seed=seed, pull=pull)) for seed in (1, 2))
    rows = np.arange(80)
    expected = hub_chance_overlap(a, b, k=6)
    assert hub_chance_at(a, b, rows=rows, k=6) == pytest.approx(expected)
    assert sampled_chance(a, b, rows, k=6) == pytest.approx(expected)


def test_hub_chance_of_a_sample_estimates_that_of_all_even_for_spaces_that_agree() -> None:
    a = random_lists(400, 8, seed=1, pull=0.7)
    b = np.where(np.arange(400)[:, None] % 2, a, random_lists(400, 8, seed=2, pull=0.7))
    graphs = graph_of(a), graph_of(b)
    draws = [
        sampled_chance(*graphs, sample(np.arange(400), most=60, seed=seed), k=8)
        for seed in range(100)
    ]
    assert np.mean(draws) == pytest.approx(hub_chance_overlap(*graphs, k=8), rel=0.01)


def test_a_cluster_that_stays_together_does_not_agree_by_chance() -> None:
    rng = np.random.default_rng(4)
    centres = 5 * np.eye(8)[np.arange(160) % 8]
    x, y = (centres + 0.3 * rng.standard_normal((160, 8)) for _ in range(2))
    score = ask_selection(pair_of(x, y), np.arange(0, 160, 8))["scores"]
    assert score["neighborhood_overlap"]["value"] > 0.4
    assert score["neighborhood_overlap"]["hub_chance"] < 0.1
    assert abs(score["inner_overlap"]["kappa"]) < 0.15


def sampled_chance(a: NeighborGraph, b: NeighborGraph, rows: IntArray, *, k: int) -> float:
    left, right = lists_at(a, rows), lists_at(b, rows)
    overlap = neighborhood_overlap(left, right, k=k)
    return hub_chance_of_sample(left, right, overlap=overlap, n_items=len(a.indices), k=k)


def noisy_pair(n_items: int, *, seed: int = 2) -> tuple[FloatArray, FloatArray]:
    x, _ = clustered(n_items, spread=1.0)
    noise = np.random.default_rng(seed).standard_normal((2, *x.shape))
    return x + 0.2 * noise[0], x + 0.8 * noise[1]


def pair_of(x: FloatArray, y: FloatArray, *, reruns: tuple[Rerun, ...] = ()) -> Pair:
    rows = np.arange(len(x))
    k = min(20, len(x) - 1)
    return Pair(
        items=rows,
        a=Side("a", x.astype(np.float32), rows, brute_graph(x, k), rows // 4, reruns),
        b=Side("b", y.astype(np.float32), rows, brute_graph(y, k), rows // 4),
    )
