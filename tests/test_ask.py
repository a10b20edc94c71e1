"""Questions about a selection agree with counting by hand, and are refused in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pytest

import emblink as eb
from emblink.ask import Asker, Pair, ReplicatePair, ask_selection
from emblink.bundle import Bundle
from emblink.errors import InputError, MatchError
from emblink.judge import at_chance
from emblink.matched import Common, LinkedSide, Side, linked, sample, side_at
from emblink.measures import neighborhood_overlap
from emblink.rows import as_measured
from emblink.types import FloatArray, IntArray
from tests.conftest import clustered
from tests.measures_helpers import brute_graph


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


def unit_rows(rows: Iterable[FloatArray]) -> FloatArray:
    return np.array([row / np.linalg.norm(row.astype(np.float64)) for row in rows])


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


@pytest.mark.slow
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
        unit_rows(space.vectors[np.flatnonzero(space.ids == one)[0]] for one in ids if one in kept)
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


@pytest.mark.slow
def test_the_page_names_items_by_stored_row(small: eb.Comparison) -> None:
    asker = Asker(Bundle(small.path))
    stored = np.arange(0, 60, dtype="<i4")
    rows = Bundle(small.path).order("items")[stored]
    assert asker.ask(("a", "noisy"), stored) == small.ask("a", "noisy", items=small.ids[rows])
    assert asker.ask(("a", "noisy"), stored[::-1]) == small.ask("a", "noisy", rows=rows)


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
    assert "procrustes_similarity" not in answer["scores"]
    assert any(
        word.startswith("Linear CKA and Procrustes left out: all items of b have the same vector")
        for word in answer["warnings"]
    )


def test_nothing_is_sampled_but_what_rounding_leaves_and_candidates_are_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("emblink.matched._floors.QUERIES", 50)
    x, y = noisy_pair(200)
    rows = np.arange(20, 180)
    answer = ask_selection(pair_of(x, y), rows, seed=1)
    a, b = (brute_graph(one, 10).indices.tolist() for one in (x, y))
    score = answer["scores"]["neighborhood_overlap"]
    assert {one["n"] for one in answer["scores"].values()} == {answer["n"]} == {160}
    assert score["value"] == pytest.approx(np.mean([len({*a[i]} & {*b[i]}) / 10 for i in rows]))
    assert score["chance"] == pytest.approx(10 / 199)
    queries = sample(rows, most=50, seed=1)
    kept = [
        neighborhood_overlap(
            brute_graph(one, 10), brute_graph(eb.measures.quantize_int8(one), 10), k=10
        )[queries].mean()
        for one in (as_measured(one.astype(np.float32), metric="cosine") for one in (x, y))
    ]
    assert score["noise_floor"] == pytest.approx(min(kept))


def test_the_floor_is_another_run_at_the_selected_items_that_it_holds() -> None:
    x, y = noisy_pair(200)
    again, _ = noisy_pair(200, seed=3)
    kept = np.arange(40, 200)
    score = ask_selection(pair_of(x, y, again=(again, kept)), np.arange(30, 90))["scores"]
    floor = score["neighborhood_overlap"]
    a, b = (brute_graph(one[kept], 10).indices.tolist() for one in (x, again))
    mean = np.mean([len({*a[i]} & {*b[i]}) / 10 for i in range(50)])
    assert floor["floor_kind"] == "replicate"
    assert floor["noise_floor"] == pytest.approx(mean)
    first, second = (as_measured(one[40:90], metric="cosine") for one in (x, again))
    shape = eb.procrustes_similarity(first, second)
    assert score["procrustes_similarity"]["noise_floor"] == pytest.approx(shape)
    without = ask_selection(pair_of(x, y), np.arange(30, 90))["scores"]["neighborhood_overlap"]
    assert without["floor_kind"] == "numerical"
    assert 0.9 < without["noise_floor"] <= 1


def test_a_replicate_that_lacks_the_selected_items_is_named_and_not_counted() -> None:
    x, y = noisy_pair(200)
    again, _ = noisy_pair(200, seed=3)
    pair = pair_of(x, y, again=(again, np.arange(40, 200)))
    none = ask_selection(pair, np.arange(42))
    some = ask_selection(pair, np.arange(30, 60))
    assert none["scores"]["neighborhood_overlap"]["floor_kind"] == "numerical"
    assert any("Replicate again has too few of these items" in word for word in none["warnings"])
    assert any("Replicate again lacks 33 % of these items" in word for word in some["warnings"])


def test_a_few_items_that_strayed_do_not_put_a_replicate_at_chance() -> None:
    x, y = noisy_pair(200)
    again, _ = noisy_pair(200, seed=3)
    few = np.arange(5)
    again[few] = np.random.default_rng(6).standard_normal((5, x.shape[1]))
    near, far = (brute_graph(one.astype(np.float32), 10) for one in (x, again))
    overlap = neighborhood_overlap(near, far, k=10)
    assert at_chance(overlap[few], hub_chance=0.05, k=10)
    pair = pair_of(x, y, again=(again, np.arange(200)))
    score = ask_selection(pair, few)["scores"]["neighborhood_overlap"]
    assert score["floor_kind"] == "replicate"
    assert score["noise_floor"] == pytest.approx(overlap[few].mean())


def test_p_is_of_the_selected_items() -> None:
    x, _ = noisy_pair(300)
    y = np.random.default_rng(8).permutation(x)
    y[:60] = x[:60]
    pair = pair_of(x, y)
    kept, lost = (
        ask_selection(pair, rows)["scores"]["neighborhood_overlap"]["p_chance"]
        for rows in (np.arange(60), np.arange(60, 300))
    )
    assert kept == pytest.approx(1 / 200)
    assert lost > 0.05


def test_the_interval_counts_the_cells_of_the_selected_items_themselves() -> None:
    x, y = noisy_pair(200)
    y[100:] = np.random.default_rng(1).permutation(y[100:])
    halves = np.where(np.arange(200) < 100, np.arange(200), 200 + np.arange(200) // 25)
    name = "second_order_similarity"
    fine, coarse = (
        ask_selection(pair_of(x, y, cells=cells), np.arange(100), measures=[name])["scores"][name]
        for cells in (halves, halves[::-1].copy())
    )
    assert fine["value"] == coarse["value"]
    assert np.ptp(fine["interval"]) != pytest.approx(np.ptp(coarse["interval"]), rel=0.1)


def test_the_floor_of_a_pair_is_that_of_its_recipes(small: eb.Comparison) -> None:
    bundle = Bundle(small.path)
    names = [one["name"] for one in bundle.manifest.report["spaces"]]
    bundle.manifest.report["spaces"][names.index("noisy")]["replicate_of"] = "a"
    asker, rows = Asker(bundle), np.arange(0, 240, 3)
    floors = [
        asker.ask((a, b), rows)["scores"]["neighborhood_overlap"]
        for a, b in (("a", "turned"), ("turned", "noisy"), ("a", "noisy"))
    ]
    assert [one["floor_kind"] for one in floors] == ["replicate"] * 3
    assert floors[0]["noise_floor"] == pytest.approx(floors[2]["value"])
    assert floors[2]["noise_floor"] == floors[2]["value"]  # there is no other run than this pair
    sentence = asker.ask(("a", "turned"), rows)["sentence"]
    assert "another run of the same recipe " in sentence


def test_a_cluster_that_stays_together_does_not_agree_by_chance() -> None:
    rng = np.random.default_rng(4)
    centres = 5 * np.eye(8)[np.arange(160) % 8]
    x, y = (centres + 0.3 * rng.standard_normal((160, 8)) for _ in range(2))
    score = ask_selection(pair_of(x, y), np.arange(0, 160, 8))["scores"]
    assert score["neighborhood_overlap"]["value"] > 0.4
    assert score["neighborhood_overlap"]["hub_chance"] < 0.1
    assert abs(score["inner_overlap"]["kappa"]) < 0.15


def noisy_pair(n_items: int, *, seed: int = 2) -> tuple[FloatArray, FloatArray]:
    x, _ = clustered(n_items, spread=1.0)
    noise = np.random.default_rng(seed).standard_normal((2, *x.shape))
    return x + 0.2 * noise[0], x + 0.8 * noise[1]


class Arrays:
    """Spaces in memory, with neighbours by the full distance matrix."""

    def __init__(self, vectors: dict[str, FloatArray], cells: IntArray) -> None:
        self._vectors, self._cells = vectors, cells

    def side(self, name: str, rows: IntArray) -> Side:
        vectors = self._vectors[name].astype(np.float32)
        return side_at(Side(name, "cosine", vectors, self._cells[: len(vectors)], 0.0), rows)

    def linked(self, name: str, rows: IntArray, *, k: int = 0) -> LinkedSide:
        side = self.side(name, rows)
        return linked(side, brute_graph(side.vectors, min(max(50, k), len(rows) - 1)))


def pair_of(
    x: FloatArray,
    y: FloatArray,
    *,
    again: tuple[FloatArray, IntArray] | None = None,
    cells: IntArray | None = None,
) -> Pair:
    """Return a pair of spaces, and another run of the first that holds some of the items."""
    rows = np.arange(len(x))
    vectors, other_runs = {"a": x, "b": y}, []
    if again is not None:
        vectors["again"], kept = again[0][again[1]], again[1]
        other_runs.append(ReplicatePair(("a", "again"), Common(kept, kept, np.arange(len(kept)))))
    spaces = Arrays(vectors, rows // 4 if cells is None else cells)
    return Pair(("a", "b"), Common(rows, rows, rows), spaces, other_runs=tuple(other_runs))
