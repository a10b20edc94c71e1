"""An adapter asked by queries of the new model, and bounds where nothing, or too much, is known."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from emblink.adapter import adapter
from emblink.cli import app
from emblink.errors import InputError
from emblink.load import from_arrays, load_queries
from emblink.neighbors import nearest_neighbors
from emblink.types import AdapterReport, AdapterRoute, AnyArray

N, D, N_QUERIES = 900, 16, 240
RNG = np.random.default_rng(71)
TOPICS = np.array(["cables", "code", "prices", "returns"])
OF = np.arange(N) % 4
OLD = (1.5 * RNG.normal(size=(4, D))[OF] + RNG.normal(size=(N, D))).astype(np.float32)
TURN = np.linalg.qr(RNG.normal(size=(D, D)))[0]
NEW = (OLD @ TURN).astype(np.float32)
ANSWERS = RNG.permutation(N)[:N_QUERIES]
Q_OLD = OLD[ANSWERS] + 0.2 * RNG.normal(size=(N_QUERIES, D)).astype(np.float32)
Q_NEW = Q_OLD @ TURN
"""As the new model embeds them: turned as the items are."""
ASTRAY = Q_NEW.copy()
ASTRAY[OF[ANSWERS] == 1] += RNG.normal(size=(int((OF[ANSWERS] == 1).sum()), D))
"""Queries about code lie elsewhere in the new model; its items do not."""


def asked(
    new: AnyArray = Q_NEW,
    *,
    old: AnyArray | None = Q_OLD,
    items: tuple[AnyArray, AnyArray] = (OLD, NEW),
    judged: bool = True,
    **told: Any,
) -> AdapterReport:
    ids = [f"d{at}" for at in range(len(items[0]))]
    made = from_arrays({"old": items[0], "new": items[1]}, ids=ids, metric="euclidean")
    given = {"new": np.asarray(new, np.float32)}
    given |= {} if old is None else {"old": np.asarray(old, np.float32)}
    names = {"id": [f"q{at}" for at in range(len(new))], "topic": TOPICS[OF[ANSWERS]][: len(new)]}
    qrels = {f"q{at}": {f"d{item}": 1} for at, item in enumerate(ANSWERS)}
    queries = load_queries(given, made, items=names, qrels=qrels if judged else None)
    return adapter(made, queries=queries, **told)


def routes(found: AdapterReport) -> dict[str, AdapterRoute]:
    return {one["name"]: one for one in found["routes"]}


def test_a_rotation_is_carried_both_ways_with_a_bound_that_is_no_certainty() -> None:
    """Ten of ten of 240 queries does not say that no query will ever lose one."""
    found = asked()
    held = routes(found)
    assert [*held] == ["as they are", "rotation", "mapped queries", "linear map", "old model"]
    for name in ("rotation", "mapped queries", "linear map", "old model"):
        assert held[name]["kept"] == pytest.approx(1.0, abs=0.01)
        low, high = held[name]["interval"]
        assert 0.97 < low < high == 1.0
        assert held[name]["first_interval"][0] < 1.0
    assert held["as they are"]["kept"] < 0.4
    assert found["asked"] == "queries"
    assert found["n_asked"] == N_QUERIES


def test_items_that_keep_all_have_a_bound_too() -> None:
    made = from_arrays({"old": OLD, "new": NEW}, metric="euclidean")
    rotated = routes(adapter(made))["rotation"]
    assert rotated["kept"] == pytest.approx(1.0, abs=1e-3)
    assert 1 - 10 / N < rotated["interval"][0] < rotated["interval"][1] == 1.0


def test_what_is_found_is_what_a_plain_search_finds() -> None:
    """One map of all items is near those of the folds, and its answers are nearly theirs."""
    noisy = NEW + 0.5 * np.random.default_rng(3).normal(size=NEW.shape).astype(np.float32)
    found = routes(asked(items=(OLD, noisy)))
    x, y = OLD - OLD.mean(axis=0), noisy - noisy.mean(axis=0)
    mapped = x @ np.linalg.lstsq(x, y, rcond=None)[0] + noisy.mean(axis=0)

    def nearest(items: AnyArray) -> list[set[int]]:
        apart = np.square(Q_NEW[:, None] - items[None]).sum(axis=2)
        return [{*one} for one in np.argsort(apart, axis=1)[:, :10].tolist()]

    shared = [len(a & b) / 10 for a, b in zip(nearest(noisy), nearest(mapped), strict=True)]
    assert found["linear map"]["kept"] == pytest.approx(float(np.mean(shared)), abs=0.02)


def test_the_topic_whose_queries_a_map_does_not_carry_is_named() -> None:
    items = NEW.copy()
    code = OF == 1
    items[code] += 0.8 * np.random.default_rng(5).normal(size=(int(code.sum()), D))
    found = asked(items=(OLD, items.astype(np.float32)))
    mapped = routes(found)["linear map"]
    assert (mapped["pays"]["column"], mapped["pays"]["name"]) == ("topic", "code")
    assert mapped["pays"]["kept"] < mapped["kept"]
    lost = 100 * (1 - mapped["pays"]["kept"])
    assert "queries about code lose" in found["sentence"]
    assert f"{lost:.0f} % of theirs" in found["sentence"]
    assert f"keeps {10 * mapped['kept']:.1f} of 10 answers" in found["sentence"]


def test_ndcg_is_of_the_route_beside_the_new_model() -> None:
    found = asked(ASTRAY)
    for route in found["routes"]:
        before = route["ndcg"] - route["ndcg_change"]
        assert before == pytest.approx(
            routes(found)["linear map"]["ndcg"] - routes(found)["linear map"]["ndcg_change"]
        )
        assert route["ndcg_interval"][0] <= route["ndcg_change"] <= route["ndcg_interval"][1]
    assert routes(found)["old model"]["ndcg_change"] > 0.05
    assert "nDCG" in found["sentence"]
    assert "ndcg" not in asked(judged=False)["routes"][0]


def test_without_queries_of_the_old_model_nothing_is_said_of_it() -> None:
    found = asked(old=None)
    assert "old model" not in routes(found)
    assert found["carried"] is None
    assert "old model" not in found["sentence"]


def test_queries_of_the_old_model_alone_are_refused() -> None:
    made = from_arrays({"old": OLD, "new": NEW})
    queries = load_queries({"old": Q_OLD}, made)
    with pytest.raises(InputError, match="give --queries new=PATH"):
        adapter(made, queries=queries)


def test_fewer_items_than_dims_are_said_to_fit_any_rotation() -> None:
    rng = np.random.default_rng(8)
    old = rng.normal(size=(60, 48)).astype(np.float32)
    new = old @ np.linalg.qr(rng.normal(size=(48, 48)))[0].astype(np.float32)
    made = from_arrays({"old": old, "new": new})
    found = adapter(made)
    assert "rotation" not in routes(found)
    assert "linear map" in routes(found)
    assert any("any rotation fits so few: it is left out" in one for one in found["notes"])
    assert adapter(from_arrays({"old": OLD, "new": NEW}))["notes"] == []
    few = adapter(from_arrays({"old": OLD, "new": NEW}), learnt=50)
    assert few["notes"] == []


def test_items_as_queries_are_as_no_queries() -> None:
    made = from_arrays({"old": OLD, "new": NEW}, metric="euclidean")
    found = adapter(made, queries=load_queries("items", made))
    assert found["asked"] == "items"
    assert found["routes"] == adapter(made)["routes"]


def test_so_many_items_are_asked_as_are_given_with_their_answers() -> None:
    ids = [f"d{at}" for at in range(N)]
    made = from_arrays({"old": OLD, "new": NEW}, metric="euclidean", ids=ids)
    answers = {one: {ids[at - 1]: 1} for at, one in enumerate(ids)}
    asked = load_queries(200, made, qrels=answers)
    assert asked is not None
    found = adapter(made, queries=asked)
    assert found["n_asked"] == 200
    assert found["routes"] != adapter(made)["routes"]
    places = np.array([ids.index(one) for one in asked.ids])
    near = nearest_neighbors(NEW, k=10, metric="euclidean", queries=places).indices
    rank = (near == (places - 1)[:, None] % N) / np.log2(np.arange(10) + 2)
    for one in found["routes"]:
        assert one["ndcg"] - one["ndcg_change"] == pytest.approx(float(rank.sum(axis=1).mean()))


def test_what_does_better_than_the_map_is_said() -> None:
    """Half of the items are as they were: a map for all takes from these."""
    new = OLD.copy()
    new[::2] = np.random.default_rng(8).normal(size=new[::2].shape) * 3
    found = adapter(from_arrays({"old": OLD, "new": new}))
    kept = {one["name"]: one["kept"] for one in found["routes"]}
    assert kept["as they are"] > max(kept["linear map"], kept["mapped queries"])
    assert (
        f"the old vectors as they are keep more: {10 * kept['as they are']:.1f}"
        in (found["sentence"])
    )
    assert f"chance finds {100 / (N - 1):.2g} of 10" in found["sentence"]


@pytest.mark.parametrize("hostile", ["\x1b[31mred\x07", "<img src=x>", "| a | b |", "a\nb"])
def test_names_do_nothing_in_the_terminal(hostile: str, tmp_path: Path) -> None:
    ids = [f"d{at}" for at in range(N)]
    np.savez(tmp_path / "old.npz", vectors=OLD, ids=ids)
    worse = NEW.copy()
    worse[OF == 1] += np.random.default_rng(5).normal(size=(int((OF == 1).sum()), D))
    np.savez(tmp_path / "new.npz", vectors=worse, ids=ids)
    np.save(tmp_path / "q.npy", Q_NEW)
    topics = [hostile if of == 1 else str(of) for of in OF[ANSWERS]]
    held = [{"id": f"q{at}", "topic": one} for at, one in enumerate(topics)]
    (tmp_path / "queries.json").write_text(json.dumps(held))
    files = [str(tmp_path / f"{name}.npz") for name in ("old", "new")]
    told = ["--queries", f"new={tmp_path / 'q.npy'}", "--metric", "euclidean"]
    said = CliRunner().invoke(
        app, ["adapter", *files, *told, "--query-items", str(tmp_path / "queries.json")]
    )
    assert said.exit_code == 0, (said.output, said.exception)
    assert "queries about" in said.stdout
    assert "\x1b" not in said.stdout
    assert "\x07" not in said.stdout
