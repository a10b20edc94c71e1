"""How much of a change a linear map carries is found by items that it was not learnt of."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from emblink.adapter import adapter, as_json
from emblink.cli import app
from emblink.errors import InputError, MatchError
from emblink.load import from_arrays
from emblink.neighbors import nearest_neighbors
from emblink.types import AdapterReport, AnyArray

N, D = 800, 20
RNG = np.random.default_rng(51)
KINDS = RNG.integers(0, 8, N)
OLD = (RNG.normal(size=(8, D))[KINDS] * 1.5 + RNG.normal(size=(N, D))).astype(np.float32)
TURNED = OLD @ np.linalg.qr(RNG.normal(size=(D, D)))[0]
MAPPED = OLD @ RNG.normal(size=(D, 30))


def _asked(
    new: AnyArray, old: AnyArray = OLD, metric: Any = "euclidean", **given: Any
) -> AdapterReport:
    learnt = given.pop("learnt", 20_000)
    made = from_arrays({"old": old, "new": np.asarray(new, np.float32)}, metric=metric, **given)
    return adapter(made, learnt=learnt)


def _kept(found: AdapterReport) -> dict[str, float]:
    return {one["name"]: one["kept"] for one in found["routes"]}


def test_a_rotation_is_carried_and_shows_that_it_is_one() -> None:
    kept = _kept(_asked(TURNED))
    assert kept["rotation"] == pytest.approx(1.0)
    assert kept["linear map"] > 0.999
    assert kept["old model"] == pytest.approx(1.0)
    assert kept["as they are"] < 0.3


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_a_linear_change_is_carried_where_the_old_model_differs(metric: str) -> None:
    found = _asked(MAPPED, metric=metric)
    kept = _kept(found)
    assert [*kept] == ["mapped queries", "linear map", "old model"]
    assert kept["old model"] < 0.7
    assert kept["linear map"] > (0.99 if metric == "euclidean" else 0.75)
    assert found["carried"] is not None
    assert found["carried"] > (0.97 if metric == "euclidean" else 0.5)


def test_nothing_is_carried_to_vectors_that_have_nothing_to_do_with_the_old() -> None:
    """A map with as many weights as there are items learns noise, and must not be asked of it."""
    found = _asked(np.random.default_rng(52).normal(size=(N, 150)))
    mapped = found["routes"][-2]
    assert mapped["kept"] == pytest.approx(10 / (N - 1), abs=0.01)
    assert found["carried"] == pytest.approx(0.0, abs=0.02)


def test_the_old_model_keeps_what_the_spaces_share() -> None:
    new = OLD + 0.7 * np.random.default_rng(53).normal(size=OLD.shape)
    a, b = (nearest_neighbors(one, k=10, metric="euclidean").indices for one in (OLD, new))
    shared = np.mean([len({*x} & {*y}) / 10 for x, y in zip(a.tolist(), b.tolist(), strict=True)])
    old = _asked(new)["routes"][-1]
    assert old["kept"] == pytest.approx(float(shared), abs=1e-6)
    assert old["interval"][0] < old["kept"] < old["interval"][1]
    assert old["first"] == pytest.approx(float((a[:, 0] == b[:, 0]).mean()), abs=1e-6)


def test_the_interval_holds_what_other_items_give() -> None:
    new = OLD + 0.7 * np.random.default_rng(54).normal(size=OLD.shape)
    halves = [_asked(new[half], OLD[half])["routes"][-2] for half in (slice(0, 400), slice(400, N))]
    width = [one["interval"][1] - one["interval"][0] for one in halves]
    assert abs(halves[0]["kept"] - halves[1]["kept"]) < 1.5 * max(width)
    assert 0.01 < max(width) < 0.3


def test_who_pays_is_named() -> None:
    noise = np.random.default_rng(55).normal(size=OLD.shape)
    new = TURNED + np.where(KINDS == 3, 2.0, 0.05)[:, None] * noise
    found = _asked(new, labels=[f"kind {one}" for one in KINDS])
    mapped = found["routes"][-2]
    assert mapped["pays"]["name"] == "kind 3"
    assert mapped["pays"]["kept"] < mapped["kept"]
    even = _asked(TURNED + 0.5 * noise, labels=["abcd"[one % 4] for one in range(N)])
    assert even["routes"][-2].get("pays") is None


def test_items_without_a_label_are_not_those_that_lose_less() -> None:
    noise = np.random.default_rng(55).normal(size=OLD.shape)
    new = TURNED + np.where(KINDS < 6, 0.6, 0.02)[:, None] * noise
    for unlabelled, payer in ((KINDS >= 6, False), (KINDS < 4, True)):
        labels = np.where(unlabelled, "", np.where(KINDS == 5, "a", "b"))
        new_here = new + np.where(KINDS == 5, 1.5 * payer, 0.0)[:, None] * noise
        mapped = _asked(new_here, labels=labels.tolist())["routes"][-2]
        assert ("pays" in mapped) == payer


def test_fewer_items_to_learn_of_carry_less_and_are_counted() -> None:
    new = np.tanh(MAPPED / 8) + 0.1 * np.random.default_rng(56).normal(size=MAPPED.shape)
    few, many = _asked(new, learnt=60), _asked(new)
    assert few["n_learnt"] == 60
    assert many["n_learnt"] == 640
    assert few["routes"][-2]["kept"] < many["routes"][-2]["kept"]


def test_the_same_for_any_order_of_dims_and_scale() -> None:
    order = np.random.default_rng(57).permutation(30)
    first, again = _asked(MAPPED), _asked(3 * MAPPED[:, order])
    assert first["routes"][-2]["kept"] == pytest.approx(again["routes"][-2]["kept"], abs=0.002)


def test_what_cannot_be_asked_is_refused() -> None:
    with pytest.raises(InputError, match="from one space to another"):
        adapter(from_arrays({"old": OLD}))
    made = from_arrays({"old": OLD, "new": TURNED})
    with pytest.raises(InputError, match="no space 'none'"):
        adapter(made, new="none")
    three = from_arrays({"old": OLD, "new": TURNED, "third": TURNED})
    with pytest.raises(InputError, match="give two, or name both"):
        adapter(three)
    assert adapter(three, old="old", new="third")["new"] == "third"
    for metric in ("cosine", "euclidean"):
        with pytest.raises(InputError, match="100 % of the items of 'new' share their vector"):
            _asked(np.ones_like(OLD), metric=metric)
    with pytest.raises(InputError, match="50 at least"):
        adapter(made, learnt=3)
    with pytest.raises(MatchError, match="30 items in common"):
        _asked(TURNED[:30], OLD[:30])


def test_the_command_says_it_and_writes_json(tmp_path: Path) -> None:
    np.save(tmp_path / "old.npy", OLD)
    np.save(tmp_path / "new.npy", MAPPED.astype(np.float32))
    files = [str(tmp_path / "old.npy"), str(tmp_path / "new.npy"), "--metric", "euclidean"]
    said = CliRunner().invoke(app, ["adapter", *files])
    assert said.exit_code == 0, said.output
    assert "A linear adapter keeps" in said.output
    written = CliRunner().invoke(app, ["adapter", *files, "--json"])
    found = json.loads(written.stdout)
    assert found["schema"] == "emblink.adapter/1"
    assert [one["name"] for one in found["routes"]] == ["mapped queries", "linear map", "old model"]
    made = from_arrays({"old": OLD, "new": MAPPED.astype(np.float32)}, metric="euclidean")
    assert as_json(adapter(made)) == written.stdout
