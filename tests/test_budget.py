"""How small vectors may become: what each setting keeps, to the byte, and who pays."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from emblink.budget import Allowed, as_json, budget, read_allowed
from emblink.errors import InputError
from emblink.load import from_arrays
from emblink.neighbors import nearest_neighbors
from emblink.types import AnyArray, BudgetReport

N, D = 700, 64
RNG = np.random.default_rng(21)
KINDS = RNG.integers(0, 8, N)
SHAPED = RNG.normal(size=(8, D))[KINDS] + RNG.normal(size=(N, D))
FADING = (SHAPED * 0.9 ** np.arange(D)).astype(np.float32)
"""The first dims hold most, as in vectors that are trained for truncation."""
EVEN = (FADING @ np.linalg.qr(RNG.normal(size=(D, D)))[0]).astype(np.float32)


def of(vectors: AnyArray, allowed: float = 0.9, **more: Any) -> BudgetReport:
    return budget(from_arrays({"x": vectors}, **more), allowed=Allowed(allowed))


@pytest.fixture(scope="module")
def even() -> BudgetReport:
    return of(EVEN, labels=KINDS.astype(str))


def kept(found: BudgetReport) -> dict[str, float]:
    return {one["name"]: one["kept"] for one in found["settings"]}


def test_sizes_are_right_to_the_byte(even: BudgetReport) -> None:
    sizes = {one["name"]: one["bytes_per_vector"] for one in even["settings"]}
    assert sizes["as they are"] == 4 * D
    assert sizes["float16"] == 2 * D
    assert sizes["int8"] == D
    assert sizes["binary"] == sizes["binary, 4 × rescored"] == D // 8
    assert sizes["first 32 dims"] == sizes["32 principal dims"] == 4 * 32
    assert sizes["16 principal dims, int8"] == 16
    assert all(one["index_bytes"] == N * one["bytes_per_vector"] for one in even["settings"])
    assert (of(RNG.normal(size=(60, 33)))["settings"][-1]["bytes_per_vector"]) == 5


def test_less_keeps_less(even: BudgetReport) -> None:
    found = kept(even)
    assert found["as they are"] == 1.0
    assert found["float16"] >= found["int8"] >= found["binary"]
    assert found["32 principal dims"] > found["16 principal dims"]
    assert found["first 32 dims"] > found["first 16 dims"]
    assert found["binary, 4 × rescored"] > found["binary"]


def test_what_is_kept_is_the_overlap_of_the_neighbours(even: BudgetReport) -> None:
    graphs = [nearest_neighbors(one, k=10).indices for one in (EVEN, EVEN[:, :32])]
    shared = [len({*a} & {*b}) / 10 for a, b in zip(*(one.tolist() for one in graphs), strict=True)]
    assert kept(even)["first 32 dims"] == pytest.approx(np.mean(shared), abs=1e-6)
    (setting,) = [one for one in even["settings"] if one["name"] == "first 32 dims"]
    assert setting["interval"][0] < setting["kept"] < setting["interval"][1]


@pytest.mark.slow
@pytest.mark.parametrize("allowed", [0.5, 0.9, 0.97, 1.0])
def test_the_smallest_that_surely_keeps_enough_is_chosen(allowed: float) -> None:
    found = of(EVEN, allowed)
    assert found["chosen"] is not None
    chosen = found["settings"][found["chosen"]]
    assert chosen["interval"][0] >= allowed
    smaller = [
        one for one in found["settings"] if one["bytes_per_vector"] < chosen["bytes_per_vector"]
    ]
    assert all(one["interval"][0] < allowed for one in smaller)


@pytest.mark.slow
def test_vectors_that_are_not_trained_for_truncation_are_told(even: BudgetReport) -> None:
    assert any("not trained for truncation" in note for note in even["notes"])
    assert not any("truncation" in note for note in of(FADING)["notes"])


@pytest.mark.slow
def test_a_label_whose_items_lose_their_own_is_named() -> None:
    """Two labels differ along the last dims alone."""
    rng = np.random.default_rng(4)
    vectors = FADING.copy()
    vectors[KINDS < 2] = 3 * rng.normal(size=D)
    vectors[KINDS == 0, 40:] += 4
    vectors[KINDS == 1, 40:] -= 4
    vectors += 0.3 * rng.standard_normal(vectors.shape, dtype=np.float32)
    found = of(vectors, labels=np.array([*"abcdefgh"])[KINDS])
    labels = {one["name"]: one["labels"] for one in found["settings"]}
    assert not any(one["pays"] for one in labels["as they are"])
    cut = labels["first 32 dims"][0]
    assert cut["pays"]
    assert cut["label"] in "ab"
    assert cut["lost"] > 0.2
    assert cut["interval"][0] > 0
    assert {one["label"] for one in labels["int8"]} == {*"abcdefgh"}


def test_where_all_labels_lose_alike_none_of_them_pays() -> None:
    """Labels differ along the last dims alone, two and two."""
    rng = np.random.default_rng(5)
    kinds = rng.integers(0, 4, 600)
    vectors = rng.normal(size=(600, D))
    vectors[:, :4] += np.where(kinds < 2, 6, -6)[:, None]
    vectors[:, 40:] += np.where(kinds % 2, 4, -4)[:, None]
    found = of(vectors, labels=np.array([*"abcd"])[kinds])
    cut = next(one["labels"] for one in found["settings"] if one["name"] == "first 32 dims")
    assert all(one["interval"][0] > 0.3 for one in cut)
    assert not any(one["pays"] for one in cut)


def test_what_cannot_be_made_is_left_out_and_said() -> None:
    vectors = np.zeros((60, 40), np.float32)
    vectors[:, 30:] = RNG.normal(size=(60, 10))
    found = of(vectors)
    assert any(note.startswith("left out: first 20 dims") for note in found["notes"])
    assert "20 principal dims" not in kept(found) or kept(found)["20 principal dims"] > 0.9


@pytest.mark.slow
def test_few_items_are_no_search_among_candidates() -> None:
    """Forty candidates are most of all items, and would be rescored by the vectors themselves."""
    assert not any("rescored" in one["name"] for one in of(EVEN[:60])["settings"])
    assert any("rescored" in one["name"] for one in of(EVEN[:450])["settings"])


@pytest.mark.parametrize(
    ("text", "share"), [("0.98", 0.98), ("98%", 0.98), ("recall 0.9", 0.9), (" 1 ", 1.0)]
)
def test_what_is_allowed_is_a_share(text: str, share: float) -> None:
    assert read_allowed(text).share == pytest.approx(share)
    assert read_allowed(text).measure == "recall"
    assert read_allowed("nDCG@10 99%") == Allowed(0.99, "ndcg")


@pytest.mark.parametrize("text", ["", "2", "0", "much", "-0.5", "120%"])
def test_what_is_no_share_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="expected a share"):
        read_allowed(text)


def test_it_takes_one_space_of_enough_items() -> None:
    with pytest.raises(InputError, match="give one file"):
        budget(from_arrays({"a": EVEN, "b": FADING}))
    with pytest.raises(InputError, match="20 at least"):
        of(EVEN[:12])


def test_json_holds_all_of_it(even: BudgetReport) -> None:
    found = json.loads(as_json(even))
    assert found["schema"] == "emblink.budget/1"
    assert [one["kept"] for one in found["settings"]] == [one["kept"] for one in even["settings"]]


@pytest.mark.slow
def test_the_command_says_what_to_take(tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", EVEN)

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "emblink", "budget", "x.npy", *words]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120)

    told = run("--allow", "0.97")
    assert told.returncode == 0, told.stderr
    assert told.stdout.startswith("Int8: 64 bytes a vector, 4 times smaller")
    assert "--variant 'x|int8'" in told.stdout
    assert json.loads(run("--json").stdout)["n_items"] == N
    assert run("--allow", "lots").returncode == 2


def test_bytes_are_a_byte_as_they_are_and_none_is_rounded_again() -> None:
    held = RNG.integers(-100, 100, (60, 40)).astype(np.int8)
    sizes = {one["name"]: one["bytes_per_vector"] for one in of(held)["settings"]}
    assert sizes["as they are"] == 40
    assert "int8" not in sizes
    assert sizes["first 20 dims"] == sizes["20 principal dims, int8"] == 20
    assert max(sizes.values()) == 40


def test_what_is_left_out_is_said_once_and_nothing_smaller_is_no_choice() -> None:
    found = of(EVEN[:60], 1.0)
    assert [note for note in found["notes"] if "candidates of 60 items" in note]
    assert found["sentence"].startswith("No setting smaller than the vectors as they are")
    same = of(np.ones((60, 40), np.float32))
    assert sum("same vector" in note for note in same["notes"]) == 1
