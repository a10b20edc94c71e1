"""nDCG, recall and MRR against trec_eval; first answers lost; what chance gives."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from emblink.errors import InputError
from emblink.measures import (
    Relevant,
    chance_first_lost,
    chance_retrieval,
    first_changed,
    first_relevant,
    retrieval_delta,
)

RANKINGS = json.loads((Path(__file__).parent / "data" / "rankings.json").read_text())
"""Of trec_eval, by ``tests/data/rankings.py``."""


def judged(of: list[dict[int, float]]) -> Relevant:
    offsets = np.append(0, np.cumsum([len(one) for one in of]))
    items = [item for one in of for item in one]
    gains = [float(gain) for one in of for gain in one.values()]
    return Relevant(offsets, np.array(items, int), np.array(gains))


def test_ndcg_recall_and_mrr_of_200_rankings_are_those_of_trec_eval() -> None:
    found = np.array(RANKINGS["found"])
    of = [{int(item): grade for item, grade in one.items()} for one in RANKINGS["judged"].values()]
    delta = retrieval_delta(found, found[:, ::-1], judged(of), k=10)
    for name, expected in RANKINGS["values"].items():
        np.testing.assert_allclose(getattr(delta, f"{name}_a"), expected, atol=1e-6)
    assert len(found) == 200


def test_an_item_that_is_found_twice_counts_once() -> None:
    twice, once = np.array([[7, 7, 1]]), np.array([[7, 2, 1]])
    delta = retrieval_delta(twice, once, Relevant(np.array([0, 1]), np.array([7])), k=3)
    assert delta.ndcg[0] == delta.recall[0] == delta.mrr[0] == 0
    assert delta.recall_a[0] == 1


def test_gains_of_zero_and_less_are_no_answers() -> None:
    found = np.array([[1, 2, 3]])
    delta = retrieval_delta(found, found, judged([{1: 0, 2: -1, 3: 2}]), k=3)
    assert delta.ndcg_a[0] == pytest.approx(1 / np.log2(4))
    assert delta.recall_a[0] == 1
    assert delta.mrr_a[0] == pytest.approx(1 / 3)
    none = retrieval_delta(found, found, judged([{1: 0, 2: -1}]), k=3)
    assert np.isnan([none.ndcg_a[0], none.recall_a[0], none.mrr_a[0], none.ndcg[0]]).all()


def test_the_order_of_judgements_does_not_matter() -> None:
    rng = np.random.default_rng(0)
    found = np.array([rng.permutation(30)[:10] for _ in range(2)])
    there = {4: 3.0, 9: 1.0, 20: 2.0}
    back = dict(reversed(there.items()))
    a = retrieval_delta(found, found, judged([there, there]), k=10)
    b = retrieval_delta(found, found, judged([back, back]), k=10)
    np.testing.assert_array_equal(a.ndcg_a, b.ndcg_a)


def test_a_first_relevant_answer_is_lost_where_it_is_gone_and_none_stands_as_high() -> None:
    a = np.array([[1, 2, 3], [1, 2, 3], [1, 2, 3], [1, 2, 3], [8, 9, 7], [1, 2, 3]])
    b = np.array([[2, 3, 4], [2, 1, 4], [5, 2, 4], [2, 5, 4], [1, 9, 7], [6, 7, 8]])
    relevant = judged([{1: 1}, {1: 1}, {1: 1, 5: 2}, {1: 1, 5: 1}, {1: 1}, {}])
    found = first_relevant(a, b, relevant, k=3)
    assert found.lost.tolist() == [True, False, False, True, False, False]
    assert found.gained.tolist() == [False, False, False, False, True, False]
    assert found.rank_a.tolist() == [1, 1, 1, 1, 0, 0]
    assert found.rank_b.tolist() == [0, 2, 1, 2, 1, 0]
    assert found.item_a.tolist() == [1, 1, 1, 1, -1, -1]
    back = first_relevant(b, a, relevant, k=3)
    np.testing.assert_array_equal(back.gained, found.lost)


def test_the_first_result_changes_where_it_is_another_item() -> None:
    a, b = np.array([[1, 2], [3, 4], [-1, -1]]), np.array([[1, 3], [4, 3], [-1, -1]])
    assert first_changed(a, b).tolist() == [False, True, False]
    with pytest.raises(InputError, match="the same queries"):
        first_changed(a, b[:2])


def test_random_orders_reach_what_chance_says() -> None:
    rng = np.random.default_rng(3)
    n, k, draws = 25, 5, 20_000
    of = {2: 3.0, 7: 1.0, 11: 1.0, 20: 2.0}
    found = rng.permuted(np.tile(np.arange(n), (draws, 1)), axis=1)[:, :k]
    delta = retrieval_delta(found, found, judged([of] * draws), k=k)
    expected = chance_retrieval(judged([of]), n_items=n, k=k)
    for name in ("ndcg", "recall", "mrr"):
        drawn = getattr(delta, f"{name}_a")
        error = drawn.std() / np.sqrt(draws)
        assert abs(drawn.mean() - getattr(expected, name)[0]) < 4 * error
    for rank in (1, 2, 4):
        a = np.full((draws, k), -1)
        a[:, rank - 1] = 7
        lost = first_relevant(a, found, judged([of] * draws), k=k).lost
        chance = chance_first_lost(np.array([rank]), judged([of]), n_items=n, k=k)[0]
        assert abs(lost.mean() - chance) < 4 * np.sqrt(chance * (1 - chance) / draws)


def test_chance_needs_the_relevant_items_among_the_items() -> None:
    with pytest.raises(InputError, match="relevant ones"):
        chance_retrieval(judged([{1: 1, 2: 1}]), n_items=1, k=1)
    assert chance_first_lost(np.array([0]), judged([{}]), n_items=9, k=3)[0] == 0
