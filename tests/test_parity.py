"""Whether vectors are the same is told of each, and what was done to them if not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from typer.testing import CliRunner

from emblink.cli import app
from emblink.errors import InputError, MatchError
from emblink.load import from_arrays
from emblink.parity import Parity, parity
from emblink.types import Metric

N, DIMS = 900, 24
METRICS: list[Metric] = ["cosine", "euclidean"]


@pytest.fixture(scope="module")
def old() -> NDArray[np.float32]:
    rng = np.random.default_rng(41)
    centers = np.repeat(rng.normal(size=(15, DIMS)) * 2, N // 15, axis=0)
    return (centers + rng.normal(size=(N, DIMS))).astype(np.float32)


def _held(old: Any, new: Any, metric: Metric = "cosine", **given: Any) -> Parity:
    tolerance = given.pop("tolerance", 0.01)
    made = from_arrays({"old": old, "new": np.asarray(new, np.float32)}, metric=metric, **given)
    return parity(made, tolerance=tolerance)


def _rotation(seed: int) -> NDArray[np.float64]:
    return np.linalg.qr(np.random.default_rng(seed).normal(size=(DIMS, DIMS)))[0]


def _bfloat16(old: NDArray[np.float32]) -> NDArray[np.float32]:
    return (old.view(np.uint32) & 0xFFFF0000).view(np.float32)


@pytest.mark.parametrize("metric", METRICS)
def test_the_same_numbers_are_equal(old: NDArray[np.float32], metric: Metric) -> None:
    found = _held(old, old, metric)
    assert (found.same, found.kind, found.largest, found.n_changed) == (True, "equal", 0.0, 0)


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize(
    ("made", "said"),
    [
        (lambda old: old.astype(np.float16).astype(np.float32), "float16"),
        (_bfloat16, "bfloat16"),
    ],
)
def test_rounding_is_named(old: NDArray[np.float32], metric: Metric, made: Any, said: str) -> None:
    found = _held(old, made(old), metric)
    assert (found.same, found.kind) == (True, "rounded")
    assert f"Rounded to {said}." in found.sentence


def test_8_bits_are_named_and_change_more_than_is_allowed(old: NDArray[np.float32]) -> None:
    step = np.abs(old).max() / 127
    found = _held(old, np.round(old / step) * step)
    assert (found.same, found.kind) == (False, "rounded")
    assert 0 < found.n_changed < N
    assert _held(old, np.round(old / step) * step, tolerance=0.05).same


@pytest.mark.parametrize("metric", METRICS)
def test_bytes_are_told_whatever_their_scale_and_however_many_they_change(
    old: NDArray[np.float32], metric: Metric
) -> None:
    found = _held(old, np.round(old / (np.abs(old).max() / 40)).astype(np.int8), metric)
    assert (found.same, found.kind) == (False, "rounded")
    assert found.n_changed > 0.9 * N
    assert "Rounded to 8 bits" in found.sentence
    assert ("times as long" in found.sentence) == (metric == "euclidean")


@pytest.mark.parametrize("metric", METRICS)
def test_one_vector_for_all_is_no_linear_map(old: NDArray[np.float32], metric: Metric) -> None:
    found = _held(old, np.ones_like(old), metric)
    assert found.kind == "different"
    assert "nothing tells the items apart" in found.sentence


@pytest.mark.slow
def test_only_what_was_sought_is_denied(old: NDArray[np.float32]) -> None:
    def said(n: int) -> str:
        other = np.random.default_rng(3).normal(size=(n, DIMS))
        return _held(old[:n], other, "euclidean").sentence

    assert "not to be seen in 3 items" in said(3)
    assert "no scale or shift brings" in said(20)
    assert "Whether a rotation or a linear map does was not asked" in said(20)
    assert "no scale, shift or rotation brings" in said(2 * DIMS + 4)
    assert "Whether a linear map does was not asked" in said(2 * DIMS + 4)
    assert "no scale, shift, rotation or linear map brings" in said(N)
    assert "not asked" not in said(N)


@pytest.mark.slow
def test_of_other_dims_only_cuts_and_maps_are_denied(old: NDArray[np.float32]) -> None:
    other = np.random.default_rng(5).normal(size=(N, DIMS + 6))
    assert "no cut or padded copy of the old, and no linear map" in _held(old, other).sentence
    few = _held(old[:40], other[:40]).sentence
    assert "Whether a linear map brings these to them was not asked" in few


def test_lengths_that_differ_are_not_called_a_factor(old: NDArray[np.float32]) -> None:
    lengths = np.linalg.norm(old, axis=1, keepdims=True)
    assert "They are brought to length 1:" in _held(old, old / lengths).sentence
    assert "differ in length (" in _held(old, old * np.sqrt(lengths)).sentence


@pytest.mark.parametrize("metric", METRICS)
def test_noise_below_the_tolerance_is_close(old: NDArray[np.float32], metric: Metric) -> None:
    noise = 1 + 1e-5 * np.random.default_rng(2).normal(size=old.shape)
    found = _held(old, old * noise, metric)
    assert (found.same, found.kind) == (True, "close")


ORDER = np.random.default_rng(3).permutation(DIMS)
SIGNS = np.where(np.arange(DIMS) % 5 == 0, -1.0, 1.0)
WAYS: dict[str, Callable[[NDArray[np.float32]], NDArray[np.floating[Any]]]] = {
    "shifted": lambda old: old + np.linspace(-1, 1, DIMS),
    "dims": lambda old: old[:, ORDER],
    "rotated": lambda old: old @ _rotation(4),
    "mapped": lambda old: old @ np.random.default_rng(5).normal(size=(DIMS, DIMS)),
    "first dims": lambda old: old[:, :10],
    "more dims": lambda old: np.pad(old, ((0, 0), (0, 3))),
}


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("kind", WAYS)
def test_what_was_done_to_all_is_named(old: NDArray[np.float32], metric: Metric, kind: str) -> None:
    found = _held(old, WAYS[kind](old), metric)
    assert (found.same, found.kind, found.n_beside) == (False, kind, 0)


@pytest.mark.parametrize("metric", METRICS)
def test_signs_alone_are_said_to_be(old: NDArray[np.float32], metric: Metric) -> None:
    found = _held(old, old * SIGNS, metric)
    assert found.kind == "dims"
    assert "the other sign in 5 places" in found.sentence


def test_lengths_are_free_under_cosine_and_said(old: NDArray[np.float32]) -> None:
    lengths = np.linalg.norm(old, axis=1, keepdims=True)
    for new in (3 * old, old / lengths):
        found = _held(old, new)
        assert found.same
        assert "a dot product and Euclidean distance do" in found.sentence
    assert _held(old, 3 * old, "euclidean").kind == "scaled"
    assert _held(old, old / lengths, "euclidean").kind == "length 1"


@pytest.mark.parametrize("metric", METRICS)
def test_turned_vectors_of_length_1_are_told(old: NDArray[np.float32], metric: Metric) -> None:
    """Under cosine a rotation may come with any lengths."""
    lengths = np.linalg.norm(old, axis=1, keepdims=True)
    found = _held(old, old / lengths @ _rotation(6), metric)
    assert not found.same
    assert found.kind == ("rotated" if metric == "cosine" else "different")


@pytest.mark.slow
def test_rows_in_another_order_are_told_and_by_how_many(old: NDArray[np.float32]) -> None:
    rolled = _held(old, np.roll(old, 2, axis=0))
    assert rolled.kind == "rows"
    assert "2 further down" in rolled.sentence
    shuffled = _held(old, old[np.random.default_rng(7).permutation(N)])
    assert shuffled.kind == "rows"
    assert "another order" in shuffled.sentence


@pytest.mark.slow
@pytest.mark.parametrize("metric", METRICS)
def test_other_vectors_are_other_vectors(old: NDArray[np.float32], metric: Metric) -> None:
    found = _held(old, np.random.default_rng(8).normal(size=old.shape), metric)
    assert (found.kind, found.n_changed) == ("different", N)
    few = _held(old, np.random.default_rng(8).normal(size=(N, 7)), metric)
    assert few.kind == "different"
    assert "24 dims, now 7" in few.sentence


def _long(n: int) -> tuple[list[str], NDArray[np.bool_]]:
    lengths = np.random.default_rng(9).lognormal(4, 1, n).astype(int) + 1
    return ["x" * one for one in lengths.tolist()], lengths > 200


@pytest.mark.parametrize("turned", [False, True])
def test_cut_texts_are_found_also_beside_a_rotation(old: NDArray[np.float32], turned: bool) -> None:
    texts, long = _long(N)
    new = old + long[:, None] * np.random.default_rng(10).normal(size=old.shape)
    found = _held(old, new @ _rotation(11) if turned else new, text=texts)
    assert found.kind == ("rotated" if turned else "some items")
    assert found.n_beside == long.sum()
    assert {int(one.id) for one in found.changed} <= {*np.flatnonzero(long).tolist()}
    assert "longer texts" in found.notes[0]


def test_short_texts_are_not_called_long(old: NDArray[np.float32]) -> None:
    texts = ["x" * (i % 90 + 1) for i in range(N)]
    some = np.random.default_rng(12).random(N) < 0.1
    found = _held(old, old + some[:, None], text=texts)
    assert found.kind == "some items"
    assert not any("texts" in one for one in found.notes)


def test_a_label_and_a_batch_are_named(old: NDArray[np.float32]) -> None:
    labels = [f"kind {i // 60}" for i in range(N)]
    batch = (np.arange(N) >= 300) & (np.arange(N) < 360)
    found = _held(old, np.where(batch[:, None], old + 0.5, old), labels=labels)
    assert found.n_beside == 60
    assert "kind 5" in found.notes[0]
    assert "from 300 to 359:" in found.notes[1]


def _rows(*runs: tuple[int, int], but: int = 0) -> NDArray[np.bool_]:
    """Mark some runs of rows, but for one row of so many."""
    rows = np.zeros(N, dtype=bool)
    for first, last in runs:
        rows[first : last + 1] = True
    if but:
        rows[1::but] = False
    return rows


def _together(old: NDArray[np.float32], rows: NDArray[np.bool_]) -> list[str]:
    noise = np.random.default_rng(16).normal(size=old.shape)
    found = _held(old, np.where(rows[:, None], old + noise, old))
    assert found.n_changed == rows.sum()
    return [one for one in found.notes if "stand together" in one]


@pytest.mark.parametrize("n", [3, 60, 449, 450, 480, 800, 897])
@pytest.mark.parametrize("where", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("but", [0, 25])
def test_one_run_of_rows_is_told_whatever_its_share(
    old: NDArray[np.float32], n: int, where: float, but: int
) -> None:
    first = int(where * (N - n))
    rows = _rows((first, first + n - 1), but=but)
    ends = np.flatnonzero(rows)[[0, -1]]
    gaps = ends[1] - ends[0] + 1 - rows.sum()
    said = _together(old, rows)
    if gaps < (N - rows.sum()) / 2 and gaps <= (ends[1] - ends[0] + 1) / 20:
        assert f"from {ends[0]} to {ends[1]}:" in said[0]
    else:
        assert said == []


def test_a_few_changed_rows_elsewhere_do_not_hide_a_run(old: NDArray[np.float32]) -> None:
    strays = _rows((20, 20), (300, 699), (880, 885))
    assert "from 300 to 699:" in _together(old, strays)[0]


@pytest.mark.parametrize(
    "rows",
    [
        _rows((0, 199), (500, 699)),
        _rows((0, 399), (500, 899)),
        _rows((0, 439), (460, 899)),
        _rows((100, 499), but=12),
        _rows((0, 899), but=12),
        _rows((0, 899), but=40),
        _rows((200, 599), (700, 730)),
        _rows((0, 897)),
        np.random.default_rng(15).random(N) < 0.97,
    ],
)
def test_rows_that_are_no_run_are_not_called_one(
    old: NDArray[np.float32], rows: NDArray[np.bool_]
) -> None:
    assert _together(old, rows) == []


def test_items_are_matched_by_id_and_counted(old: NDArray[np.float32]) -> None:
    ids = np.array([f"i{at}" for at in range(N)])
    order = np.random.default_rng(13).permutation(N)[:-9]
    made = from_arrays({"old": old, "new": old[order]}, ids={"old": ids, "new": ids[order]})
    found = parity(made)
    assert (found.kind, found.n_common, found.only_old, found.only_new) == ("equal", N - 9, 9, 0)


@pytest.mark.parametrize("n", [2, 3, 7, 20])
def test_few_items_are_no_error(n: int) -> None:
    rng = np.random.default_rng(14)
    a, b = rng.normal(size=(2, n, 5))
    assert _held(a, a).same
    assert not _held(a, b).same


def test_what_cannot_be_asked_is_refused(old: NDArray[np.float32]) -> None:
    made = from_arrays({"old": old, "new": old})
    for given in ({"tolerance": -1.0}, {"tolerance": 2.0}, {"old": "none"}):
        with pytest.raises(InputError):
            parity(made, **given)
    with pytest.raises(InputError, match="two spaces"):
        parity(from_arrays({"old": old}))
    three = from_arrays({"old": old, "new": old, "third": old + 1})
    with pytest.raises(InputError, match="name both spaces"):
        parity(three)
    assert parity(three, old="old", new="third").new == "third"
    ids = {"old": np.arange(N), "new": np.arange(N) + N}
    apart = from_arrays(
        {"old": old, "new": old}, ids=ids, labels={"old": ids["old"] % 3, "new": ids["new"] % 3}
    )
    with pytest.raises(MatchError, match="no items in common"):
        parity(apart)


@pytest.mark.parametrize(
    ("way", "status", "word"), [("equal", 0, "Pass"), ("rotated", 1, "rotation")]
)
def test_the_command_ends_with_the_verdict(
    old: NDArray[np.float32], tmp_path: Path, way: str, status: int, word: str
) -> None:
    np.save(tmp_path / "old.npy", old)
    np.save(tmp_path / "new.npy", old if way == "equal" else WAYS[way](old))
    files = [str(tmp_path / "old.npy"), str(tmp_path / "new.npy")]
    junit = tmp_path / "gate.xml"
    done = CliRunner().invoke(app, ["gate", *files, "--parity", "--junit", str(junit)])
    assert done.exit_code == status, done.output
    assert word in done.output
    assert "testcase" in junit.read_text("utf-8")
    assert not [*tmp_path.glob("*.emblink")]


@pytest.mark.parametrize("options", [["--parity", "--replicate", "a=b"], ["--tolerance", "0.1"]])
def test_options_that_would_be_left_aside_are_refused(
    old: NDArray[np.float32], tmp_path: Path, options: list[str]
) -> None:
    np.save(tmp_path / "old.npy", old)
    file = str(tmp_path / "old.npy")
    done = CliRunner().invoke(app, ["gate", f"a={file}", f"b={file}", *options])
    assert isinstance(done.exception, InputError)
