"""Two populations in one space: what is claimed, what is not, and what that depends on."""

from __future__ import annotations

import json

import numpy as np
import pytest

import emblink as eb
from emblink.errors import InputError
from emblink.population import as_json, as_markdown
from emblink.types import AnyArray
from tests.populations_helpers import far_group, source, with_news

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def news() -> eb.Populations:
    sides, labels = with_news()
    texts = {
        name: np.array(
            [
                f"login error {at}" if one == "outage" else f"hello {at}"
                for at, one in enumerate(rows)
            ]
        )
        for name, rows in labels.items()
    }
    return eb.populations(sides, labels=labels, text=texts)


def test_a_new_group_is_told_sized_and_explained(news: eb.Populations) -> None:
    pair = news.pairs[0]
    assert (pair["verdict"], pair["scope"]) == ("drifted", "groups")
    (group,) = pair["groups"]
    assert (group["kind"], group["n_a"], group["n_b"]) == ("new", 0, 40)
    assert group["share_b"] == pytest.approx(40 / 440)
    low, high = group["interval"]
    assert low < 40 / 440 < high
    assert group["title"] == "outage"
    assert group["enriched"][0]["n"] == 40
    assert group["enriched"][0]["expected"] == pytest.approx(40 * 40 / 840)
    assert {one["word"] for one in group["words"]} >= {"login", "error"}
    assert group["sentence"].startswith(
        "9.1 % of feb is new: outage (nothing of jan; 0 → 40 items)"
    )


def test_members_are_the_rows_that_were_given(news: eb.Populations) -> None:
    rows = news.members(0)
    assert rows["feb"].tolist() == [*range(400, 440)]
    assert rows["jan"].size == 0


def test_what_is_new_one_way_vanished_the_other_way() -> None:
    sides, labels = with_news()
    turned = eb.populations(dict(reversed(sides.items())), labels=labels).pairs[0]
    (group,) = turned["groups"]
    assert (group["kind"], group["n_a"], group["n_b"]) == ("vanished", 40, 0)


def test_a_random_split_is_one_population_whatever_the_sizes() -> None:
    vectors, _ = source(840, seed=3)
    for cut in (420, 40):
        pair = eb.populations({"a": vectors[cut:], "b": vectors[:cut]}).pairs[0]
        assert (pair["verdict"], pair["groups"], pair["findings"]) == ("same_population", [], [])
        assert abs(pair["apart"]) < 0.1


def test_a_topic_drawn_more_often_grew_and_is_no_drift_of_all() -> None:
    vectors, codes = source(4000, seed=8)
    own, others = (np.flatnonzero(of) for of in (codes == 3, codes != 3))
    first = np.concatenate([own[:40], others[:960]])
    second = np.concatenate([own[40:160], others[960:1840]])
    pair = eb.populations({"a": vectors[first], "b": vectors[second]}).pairs[0]
    assert [group["kind"] for group in pair["groups"]] == ["grew"]
    assert pair["scope"] == "groups"
    group = pair["groups"][0]
    assert group["share_a"] == pytest.approx(0.04, abs=0.005)
    assert group["share_b"] == pytest.approx(0.12, abs=0.005)


def test_a_shift_of_all_is_drift_and_no_group() -> None:
    vectors, _ = source(1200, seed=6)
    moved = vectors[600:] + np.float32(0.5)
    pair = eb.populations({"a": vectors[:600], "b": moved}).pairs[0]
    assert pair["verdict"] == "drifted"
    assert pair["scope"] in ("rest", "all")
    assert pair["apart"] > 0.1
    assert pair["apart_centred"] < 0.05 < pair["apart_asked"]


def test_populations_without_anything_in_common_are_no_gap() -> None:
    first, second = source(300, seed=1)[0], far_group(300)
    second -= second.mean(axis=0) - first.mean(axis=0)  # no shift parts them
    second *= 0.2
    apart = {"a": first + 3 * np.eye(24, dtype=np.float32)[0], "b": second}
    pair = eb.populations(apart, metric="euclidean").pairs[0]
    assert pair["apart"] > 0.8


def test_vectors_are_taken_as_given() -> None:
    vectors, _ = source(600, seed=8)
    sides = {"a": vectors[:300], "b": vectors[300:] * 1.5}
    assert eb.populations(sides, metric="cosine").verdict == "same_population"
    assert eb.populations(sides, metric="euclidean").verdict == "drifted"


def test_the_order_of_rows_changes_nothing() -> None:
    sides, labels = with_news(200, more=30)
    ids = {name: np.array([f"{name}{at}" for at in range(len(x))]) for name, x in sides.items()}
    first = eb.populations(sides, labels=labels, ids=ids).pairs[0]
    back = {name: np.arange(len(x))[::-1] for name, x in sides.items()}

    def turned(given: dict[str, AnyArray]) -> dict[str, AnyArray]:
        return {name: one[back[name]] for name, one in given.items()}

    again = eb.populations(turned(sides), labels=turned(labels), ids=turned(ids)).pairs[0]
    assert first["apart"] == again["apart"]
    assert [one["n_b"] for one in first["groups"]] == [one["n_b"] for one in again["groups"]]
    assert first["apart_p"] == again["apart_p"]


def test_copies_across_sides_are_named_those_of_other_ids_first() -> None:
    vectors, _ = source(400, seed=9)
    first, second = vectors[:200], vectors[200:].copy()
    second[3], second[5] = first[7], 2 * first[11]
    ids = {"a": np.arange(200), "b": np.arange(1000, 1200)}
    copies = eb.populations({"a": first, "b": second}, ids=ids).pairs[0]["copies"]
    assert (copies["n"], copies["n_other_ids"]) == (2, 2)
    assert {(one["a"]["id"], one["b"]["id"]) for one in copies["examples"]} == {
        ("7", "1003"),
        ("11", "1005"),
    }


def test_rows_that_were_numbered_have_no_other_id() -> None:
    vectors, _ = source(400, seed=9)
    second = vectors[200:].copy()
    second[3] = vectors[7]
    pair = eb.populations({"a": vectors[:200], "b": second}).pairs[0]
    assert (pair["copies"]["n"], pair["copies"]["n_other_ids"]) == (1, 0)
    (told,) = [one["sentence"] for one in pair["findings"] if one["kind"] == "copies"]
    assert told == "1 item of b has the direction of one of a: 3 of b that of 7 of a, for one."


def test_a_claim_says_that_a_side_holds_items_twice() -> None:
    vectors, _ = source(600, seed=12)
    once = eb.populations({"a": vectors[:300], "b": vectors[300:]}).pairs[0]
    twice = eb.populations({"a": vectors[:300], "b": np.tile(vectors[300:], (8, 1))}).pairs[0]
    assert once["warnings"] == []
    assert twice["verdict"] == "drifted"
    assert any("2,100 of the 2,400 items of b" in one for one in twice["warnings"])


def test_ties_between_copies_favour_no_side() -> None:
    few = np.repeat(source(20, seed=2)[0], 20, axis=0)
    pair = eb.populations({"a": few, "b": few.copy()}).pairs[0]
    assert pair["verdict"] == "same_population"
    assert abs(pair["apart"]) < 0.1


def test_sides_dealt_within_blocks_claim_less() -> None:
    rng = np.random.default_rng(4)
    authors = np.repeat(np.arange(40), 15)
    own = 3 * rng.standard_normal((40, 24))
    vectors = (own[authors] + rng.standard_normal((600, 24))).astype(np.float32)
    side = rng.permutation(40)[authors] < 20
    given = {"a": vectors[~side], "b": vectors[side]}
    items = {
        "a": {"author": authors[~side].astype(str)},
        "b": {"author": authors[side].astype(str)},
    }
    assert eb.populations(given, items=items).verdict == "drifted"
    blocked = eb.populations(given, items=items, blocks="author")
    assert blocked.verdict == "same_population"
    assert blocked.report()["blocks"] == "author"


def test_several_are_set_beside_the_one_before_and_the_first() -> None:
    sides = {f"m{at}": source(150, seed=20 + at)[0] for at in range(4)}
    sides["m2"] = np.concatenate([sides["m2"], far_group(40)])
    found = eb.populations(sides)
    assert [(one["a"], one["b"]) for one in found.pairs] == [
        ("m0", "m1"), ("m1", "m2"), ("m2", "m3"), ("m0", "m2"), ("m0", "m3"),
    ]  # fmt: skip
    kinds = [[group["kind"] for group in one["groups"]] for one in found.pairs]
    assert kinds == [[], ["new"], ["vanished"], ["new"], []]
    told = found.report()["timeline"]
    assert [len(step["told"]) for step in told] == [0, 0, 1, 1]
    assert "apart_before" not in told[0]


def test_the_report_is_plain_data_under_its_own_schema(news: eb.Populations) -> None:
    report = json.loads(as_json(news.report()))
    assert report["schema"] == "emblink.populations/1"
    assert report == json.loads(json.dumps(news.report()))
    text = as_markdown(news.report())
    assert "## jan → feb: drifted" in text
    assert "| outage | 0.0 % | 9.1 % |" in text


def test_shares_of_the_other_side_stand_beside_what_one_population_has(
    news: eb.Populations,
) -> None:
    shares, expected = news.other_share()["feb"]
    assert expected == pytest.approx(400 / 839)
    assert shares[400:].max() < 0.1
    assert shares[:400].mean() == pytest.approx(0.5, abs=0.1)


@pytest.mark.parametrize(
    ("given", "more", "words"),
    [
        ({"a": (100, 24)}, {}, "two or more sets"),
        ({"a": (100, 24), "b": (10, 24)}, {}, "20 at least"),
        ({"a": (100, 24), "b": (100, 12)}, {}, r"two models.*eb.compare\(\{'a': …, 'b': …\}\)"),
        ({"a": (50, 24), "b": (50, 24)}, {"labels": {"c": []}}, "populations are a, b"),
        ({"a": (50, 24), "b": (50, 24)}, {"blocks": "author"}, "no column 'author'"),
        ({"a": (50, 24), "b": (50, 24)}, {"seed": -1}, "seed is -1; expected a whole number"),
    ],
)
def test_what_is_no_populations_is_refused(
    given: dict[str, tuple[int, int]], more: dict[str, object], words: str
) -> None:
    rng = np.random.default_rng(0)
    with pytest.raises(InputError, match=words):
        eb.populations({name: rng.random(shape) for name, shape in given.items()}, **more)  # type: ignore[arg-type]


def test_compare_points_to_populations_where_items_are_others() -> None:
    rng = np.random.default_rng(0)
    spaces = {"a": rng.random((30, 8)), "b": rng.random((30, 8))}
    ids = {"a": np.arange(30), "b": np.arange(100, 130)}
    with pytest.raises(InputError, match=r"eb\.populations"):
        eb.compare(spaces, ids=ids)
    narrow = {"a": spaces["a"], "b": spaces["b"][:, :4]}
    with pytest.raises(InputError) as told:
        eb.compare(narrow, ids=ids)
    assert "populations" not in str(told.value)


def test_labels_of_one_side_alone_tell_nothing() -> None:
    vectors, codes = source(600, seed=4)
    sides = {"a": vectors[:300], "b": vectors[300:]}
    pair = eb.populations(sides, labels={"a": codes[:300]}).pairs[0]
    assert (pair["verdict"], pair["groups"], pair["labels"]) == ("same_population", [], [])


def test_a_group_that_is_not_there_is_named(news: eb.Populations) -> None:
    for group in (1, -1):
        with pytest.raises(InputError, match=f"jan → feb has no group {group}; it has 1"):
            news.members(group)
