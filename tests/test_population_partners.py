"""Items of one id on both sides: ranks of partners, and what a gap hides."""

from __future__ import annotations

from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import emblink as eb
from emblink.population._partners import gap_of, partner_ranks
from emblink.types import AnyArray, Metric
from tests.populations_helpers import source


def brute(first: AnyArray, second: AnyArray, pairs: AnyArray, metric: Metric) -> AnyArray:
    a, b = (one.astype(np.float64) for one in (first, second))
    if metric == "cosine":
        a, b = (one / np.linalg.norm(one, axis=1, keepdims=True) for one in (a, b))
    far = ((a[:, None, :] - b[None, :, :]) ** 2).sum(axis=2)
    own = far[pairs[:, 0], pairs[:, 1]]
    ranks: AnyArray = 1 + (far[pairs[:, 0]] < own[:, None] - 1e-12).sum(axis=1)
    return ranks


@given(seed=st.integers(0, 2**16), metric=st.sampled_from(["cosine", "euclidean"]))
@settings(max_examples=15, deadline=None)
def test_ranks_are_those_of_brute_force(seed: int, metric: Metric) -> None:
    rng = np.random.default_rng(seed)
    first, second = rng.standard_normal((40, 6)), rng.standard_normal((55, 6))
    second[:30] += first[:30]
    pairs = np.stack((np.arange(30), np.arange(30)), axis=1)
    found = partner_ranks(first, second, pairs, metric=metric)
    assert found.there.ranks.tolist() == brute(first, second, pairs, metric).tolist()
    back = brute(second, first, pairs[:, ::-1], metric)
    assert found.back.ranks.tolist() == back.tolist()


def test_a_copy_of_the_partner_is_not_nearer_than_it() -> None:
    rng = np.random.default_rng(0)
    first = rng.standard_normal((30, 8)).astype(np.float32)
    second = np.concatenate([first, first])
    pairs = np.stack((np.arange(30), np.arange(30, 60)), axis=1)
    assert partner_ranks(first, second, pairs, metric="cosine").there.recall == 1.0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("other", "there", "back"), [("fr", 0.6989, 0.7187), ("ja", 0.5957, 0.5952)]
)
def test_names_of_emoji_in_two_languages_are_paired(other: str, there: float, back: float) -> None:
    with np.load(str(files("emblink") / "demo" / "emoji.npz"), allow_pickle=False) as stored:
        ids = stored["ids"]
        sides = {name: stored[f"space__use_name_{name}"] for name in ("en", other)}
    found = eb.populations(sides, ids=dict.fromkeys(sides, ids))
    assert found.verdict == "paired"
    partners = found.pairs[0]["partners"]
    assert partners["there"]["recall_at_1"] == pytest.approx(there, abs=5e-5)
    assert partners["back"]["recall_at_1"] == pytest.approx(back, abs=5e-5)


def towers(shift: float) -> dict[str, AnyArray]:
    vectors, _ = source(300, seed=4)
    noise = np.random.default_rng(1).standard_normal(vectors.shape).astype(np.float32)
    away = np.zeros(vectors.shape[1], np.float32)
    away[0] = shift
    return {"text": vectors + away, "image": vectors + 0.3 * noise - away}


def test_a_gap_is_told_and_closes_when_the_means_are_taken_off() -> None:
    ids = {"text": np.arange(300), "image": np.arange(300)}
    pair = eb.populations(towers(30.0), ids=ids).pairs[0]
    assert pair["verdict"] == "gap"
    assert pair["apart_centred"] < 0.1 < 0.9 < pair["apart"]
    partners = pair["partners"]
    assert partners["there"]["recall_at_1_centred"] > 0.9
    assert "the gap is a shift" in pair["sentence"]
    assert eb.populations(towers(0.0), ids=ids).verdict == "paired"


def test_rows_without_ids_are_nobodys_partner() -> None:
    assert "partners" not in eb.populations(towers(0.0)).pairs[0]


def test_two_models_of_the_same_items_are_told_to_be_compared() -> None:
    vectors, _ = source(300, seed=4)
    turned, _ = np.linalg.qr(np.random.default_rng(3).standard_normal((24, 24)))
    ids = {"a": np.arange(300), "b": np.arange(300)}
    pair = eb.populations({"a": vectors, "b": vectors @ turned.astype(np.float32)}, ids=ids).pairs[
        0
    ]
    assert any("eb.compare({'a': …, 'b': …})" in one for one in pair["warnings"])
    near = eb.populations({"a": vectors, "b": vectors + np.float32(0.01)}, ids=ids).pairs[0]
    assert near["warnings"] == []


def test_the_gap_of_means_ignores_rotation_scale_and_shift() -> None:
    first, second = source(200, seed=1)[0], source(200, seed=2)[0] + np.float32(1.0)
    turned, _ = np.linalg.qr(np.random.default_rng(3).standard_normal((24, 24)))
    moved = [(3 * one @ turned + 5.0) for one in (first, second)]
    plain = gap_of(first, second, metric="euclidean")
    assert gap_of(moved[0], moved[1], metric="euclidean") == pytest.approx(plain, rel=1e-5)
    assert gap_of(first, first, metric="euclidean") == 0.0


def test_a_hub_is_named() -> None:
    first = source(100, seed=1)[0]
    second = first + 4 * np.random.default_rng(0).standard_normal(first.shape).astype(np.float32)
    second[17] = first.mean(axis=0)
    pairs = np.stack((np.arange(100), np.arange(100)), axis=1)
    row, count = partner_ranks(first, second, pairs, metric="euclidean").there.hub
    assert row == 17
    assert count > 30
