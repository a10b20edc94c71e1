from typing import Any

import numpy as np
import pytest
from scipy import stats

from emblink.groups._enrich import (
    category_of,
    column_kinds,
    enrich,
    hypergeometric_tail,
    number_of,
    rank_sum,
)
from emblink.stats import benjamini_hochberg

WORDS = np.dtypes.StringDType()


def words(values: Any) -> Any:
    return np.array(values, dtype=WORDS)


@pytest.mark.parametrize(("n", "n_drawn"), [(12, 5), (300, 40), (5000, 1), (5000, 4990)])
def test_hypergeometric_tail_is_that_of_scipy(n: int, n_drawn: int) -> None:
    rng = np.random.default_rng(n)
    marked = rng.integers(0, n + 1, 200)
    hits = np.minimum(rng.integers(0, n_drawn + 1, 200), marked)
    truth = stats.hypergeom.sf(hits - 1, n, marked, n_drawn)
    tail = hypergeometric_tail(hits, marked, n_drawn=n_drawn, n=n)
    np.testing.assert_allclose(tail, truth, rtol=1e-7, atol=1e-290)


def test_hypergeometric_tail_holds_for_a_million_items() -> None:
    n, n_drawn = 1_000_000, 20_000
    marked = np.array([3, 400, 50_000, 500_000, 1_000_000])
    hits = np.array([2, 30, 1_100, 10_300, 20_000])
    truth = stats.hypergeom.sf(hits - 1, n, marked, n_drawn)
    tail = hypergeometric_tail(hits, marked, n_drawn=n_drawn, n=n)
    np.testing.assert_allclose(tail, truth, rtol=1e-5)


def test_hypergeometric_tail_is_certain_of_none_and_of_what_must_be_drawn() -> None:
    tail = hypergeometric_tail(np.array([0, 3, 5]), np.array([4, 8, 10]), n_drawn=5, n=10)
    assert tail.tolist() == [1.0, 1.0, 1.0]
    assert hypergeometric_tail(np.array([3]), np.array([2]), n_drawn=5, n=10).tolist() == [0.0]
    assert hypergeometric_tail(np.zeros(0, int), np.zeros(0, int), n_drawn=5, n=10).shape == (0,)


@pytest.mark.parametrize("distinct", [3, 40, 100_000])
def test_rank_sum_is_that_of_scipy(distinct: int) -> None:
    rng = np.random.default_rng(distinct)
    values = rng.integers(0, distinct, 150).astype(float)
    values[rng.random(150) < 0.1] = np.nan
    members = np.sort(rng.choice(150, 30, replace=False))
    values[members] += distinct // 5
    inside, outside = values[members], np.delete(values, members)
    inside, outside = inside[~np.isnan(inside)], outside[~np.isnan(outside)]
    truth = stats.mannwhitneyu(inside, outside, method="asymptotic")
    test = rank_sum(number_of("x", values), members)
    assert test.p == pytest.approx(truth.pvalue, rel=1e-12)
    assert test.auc == pytest.approx(truth.statistic / (len(inside) * len(outside)), rel=1e-12)


def test_rank_sum_ignores_increasing_transformations_and_the_order_of_items() -> None:
    rng = np.random.default_rng(0)
    values, members = rng.normal(size=60), np.arange(12)
    test = rank_sum(number_of("x", values), members)
    assert rank_sum(number_of("x", np.exp(values)), members) == test
    order = rng.permutation(60)
    moved = np.flatnonzero(order < 12)
    assert rank_sum(number_of("x", values[order]), moved) == pytest.approx(test)


def test_rank_sum_is_silent_where_there_is_nothing_to_compare() -> None:
    members = np.arange(4)
    for values in (np.ones(9), np.full(9, np.nan), np.r_[np.full(4, np.nan), np.arange(5.0)]):
        assert np.isnan(rank_sum(number_of("x", values), members).p)
    assert np.isnan(rank_sum(number_of("x", np.arange(9.0)), np.arange(9)).p)


def test_the_label_comes_first_then_the_least_p() -> None:
    n = 200
    label = words(["cat"] * 20 + ["dog"] * 180)
    place = words(["sea"] * 14 + ["land"] * 186)
    members = np.r_[0:14, 198, 199]
    table = [category_of("place", place), category_of("label", label, is_label=True)]
    found = enrich(members, table).values
    assert [(one["column"], one["value"]) for one in found] == [("label", "cat"), ("place", "sea")]
    assert found[0]["p"] > found[1]["p"]
    assert (found[0]["n"], found[0]["n_all"]) == (14, 20)
    assert found[0]["expected"] == pytest.approx(16 * 20 / n)


def test_all_values_of_all_columns_and_numbers_are_adjusted_together() -> None:
    rng = np.random.default_rng(3)
    label = rng.integers(0, 5, 120)
    label[:15] = 2
    size = rng.normal(size=120)
    size[:15] += 1.5
    members = np.arange(15)
    raw = [
        stats.hypergeom.sf((label[:15] == code).sum() - 1, 120, (label == code).sum(), 15)
        if (label[:15] == code).sum() > 1
        else 1.0
        for code in range(5)
    ]
    raw.append(stats.mannwhitneyu(size[:15], size[15:], method="asymptotic").pvalue)
    adjusted = benjamini_hochberg(raw)
    found = enrich(members, [category_of("label", label)], [number_of("size", size)])
    assert found.values[0]["p"] == pytest.approx(adjusted[2])
    assert found.numbers[0]["p"] == pytest.approx(adjusted[-1])
    assert found.numbers[0]["median"] == pytest.approx(np.median(size[:15]))
    assert found.numbers[0]["median_others"] == pytest.approx(np.median(size[15:]))


def test_groups_drawn_at_random_are_seldom_said_to_be_anything() -> None:
    rng = np.random.default_rng(4)
    # Rare values give p-values in steps; many of them would betray an uncounted question.
    table = [category_of("rare", rng.integers(0, 300, 1000)), category_of("b", np.arange(1000) % 7)]
    numbers = [number_of("x", rng.normal(size=1000))]
    false = 0
    for _ in range(300):
        members = np.sort(rng.choice(1000, 20, replace=False))
        found = enrich(members, table, numbers)
        false += bool(found.values or found.numbers)
    assert false <= 300 * 0.05 + 3 * np.sqrt(300 * 0.05 * 0.95)


def test_enrichment_ignores_the_order_of_items() -> None:
    rng = np.random.default_rng(5)
    label, size = words(list("abcd" * 25)), rng.integers(0, 9, 100)
    members = np.flatnonzero(label == "c")[:12]
    order = rng.permutation(100)
    moved = np.flatnonzero(np.isin(order, members))
    first = enrich(members, [category_of("l", label)], [number_of("s", size)])
    again = enrich(moved, [category_of("l", label[order])], [number_of("s", size[order])])
    assert first == again
    assert [one["value"] for one in first.values] == ["c"]


def test_a_group_of_all_items_and_a_single_label_are_nothing_special() -> None:
    all_items = np.arange(50)
    table = [category_of("label", words(["a"] * 50)), category_of("half", all_items % 2)]
    assert enrich(all_items, table, [number_of("x", all_items)]) == ([], [])
    assert enrich(np.arange(10), table[:1]) == ([], [])
    assert enrich(np.arange(10), []) == ([], [])


def test_missing_labels_are_no_value() -> None:
    label = words([""] * 60 + ["a", "b"] * 20)
    assert enrich(np.arange(30), [category_of("label", label)]).values == []


def test_a_group_of_three_can_be_enriched() -> None:
    label = words(["rare"] * 3 + ["common"] * 997)
    (one,) = enrich(np.arange(3), [category_of("label", label)]).values
    assert one["value"] == "rare"
    assert one["p"] < 1e-6


def test_at_most_eight_values_and_five_numbers_are_told() -> None:
    members = np.arange(20)
    mine = np.arange(100) < 20
    table = [category_of(f"c{i}", np.where(mine, "in", "out")) for i in range(12)]
    numbers = [number_of(f"x{i}", mine * 10.0 + np.arange(100)) for i in range(9)]
    found = enrich(members, table, numbers)
    assert (len(found.values), len(found.numbers)) == (8, 5)
    assert [one["column"] for one in found.values] == [f"c{i}" for i in range(8)]


def test_columns_are_categories_by_the_rule_of_a_bundle() -> None:
    n = 40
    numbered = np.arange(n)
    columns = {
        "label": numbered,
        "few": words([f"v{i // 2}" for i in range(n)]),
        "many": words([f"v{i // 2}" for i in range(n - 2)] + ["x", "y"]),
        "text": words(["same"] * n),
        "flag": numbered > 3,
        "picture": np.zeros((n, 2, 2, 3), np.uint8),
        "row": numbered,
        "row and gaps": np.where(numbered > 3, numbered, np.nan),
        "count": numbered // 2,
        "share": numbered / 100,
        "id": words([f"w{i}" for i in range(n)]),
        "key": words([f"k{i}" for i in range(n)]),
    }
    kinds = column_kinds(columns, {"label": "label", "text": "text"}, ids=columns["id"])
    assert kinds == {
        "label": "category",
        "few": "category",
        "many": "text",
        "text": "text",
        "flag": "category",
        "count": "number",
        "share": "number",
        "key": "text",
    }
