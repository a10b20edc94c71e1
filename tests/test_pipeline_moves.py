"""Every move classed: planted changes and planted layout artefacts come out as what they are."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rich.console import Console
from sklearn.datasets import load_digits

import emblink as eb
from emblink.errors import BundleError
from emblink.pipeline import _joint
from emblink.projection import VISIBLE, JointLayout
from emblink.report import as_markdown, as_terminal
from emblink.types import MOVE_CLASSES, FloatArray, MoveCounts
from tests.conftest import clustered


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> Callable[[Sequence[FloatArray]], None]:
    """Return what makes the joint layout draw given pictures, however often it is asked."""

    def draw(pictures: Sequence[FloatArray]) -> None:
        fixed = [np.asarray(one, np.float32) for one in pictures]
        layout = JointLayout(fixed, np.zeros((1, 2), np.float32), 1.0)
        monkeypatch.setattr(_joint, "joint_layout", lambda *_, **__: layout)
        monkeypatch.setattr(_joint, "drawn_again", lambda *_, **__: fixed)

    return draw


def total(counts: MoveCounts) -> int:
    return sum(counts[one] for one in MOVE_CLASSES)


def jitter(x: FloatArray, noise: float, *, seed: int) -> FloatArray:
    noisy: FloatArray = x + noise * np.random.default_rng(seed).standard_normal(x.shape)
    return noisy


def round_picture(n: int, *, seed: int = 0) -> FloatArray:
    coords = np.random.default_rng(seed).standard_normal((n, 2))
    return np.asarray(coords / np.sqrt((coords**2).sum(axis=1).mean()))


def test_a_copy_stands_exactly_still() -> None:
    x, _ = clustered()
    comparison = eb.compare({"a": x, "copy": x.copy()})
    for method in ("joint", "pca"):
        moves = comparison.moves("a", "copy", method=method)
        assert not moves.displacement.any()
        assert moves.counts == {"still": 240, "real": 0, "layout_only": 0, "hidden": 0}
        assert moves.floor >= VISIBLE
    assert comparison.report()["pairs"][0]["moves"]["shares"]["still"] == 1.0
    assert not any("misleads" in one for one in comparison.pair("a", "copy").report["warnings"])


def test_digits_turned_and_scaled_stand_still() -> None:
    x = load_digits().data[:300]
    turn = np.linalg.qr(np.random.default_rng(0).standard_normal((64, 64)))[0]
    comparison = eb.compare({"digits": x, "turned": 5 * x @ turn}, metric="euclidean")
    joint = comparison.moves("digits", "turned")
    assert joint.floor_kind in ("layout", "none")
    assert joint.counts["real"] == joint.counts["hidden"] == 0
    assert joint.counts["still"] > 0.98 * 300
    pca = comparison.moves("digits", "turned", method="pca")
    assert (pca.floor, pca.floor_kind) == (VISIBLE, "none")
    assert pca.displacement.max() < 1e-5
    assert pca.counts["still"] == 300


def test_items_that_went_to_another_cluster_are_real_and_the_others_are_not() -> None:
    x, labels = clustered(200)
    centres = np.array([x[labels == one].mean(axis=0) for one in range(4)])
    went = np.random.default_rng(0).permutation(200) < 20
    later = jitter(x, 0.15, seed=1)
    later[went] += (centres[(labels + 1) % 4] - centres[labels])[went]
    comparison = eb.compare(
        {"a": x, "b": later, "again": jitter(x, 0.15, seed=2)}, replicates={"a": ["again"]}
    )
    codes = comparison.moves("a", "b").codes
    assert (codes[went] == 1).mean() > 0.8
    assert (codes[~went] == 1).mean() < 0.05
    assert np.isin(codes[~went], (0, 3)).mean() > 0.8


def test_a_scrambled_picture_of_unchanged_items_is_layout_only(drawn: Any) -> None:
    x, _ = clustered()
    coords = round_picture(240)
    drawn([coords, coords[np.random.default_rng(1).permutation(240)]])
    comparison = eb.compare({"a": x, "copy": x.copy()})
    moves = comparison.moves("a", "copy")
    assert (moves.floor, moves.floor_kind) == (VISIBLE, "none")
    assert moves.counts["layout_only"] > 220
    assert moves.counts["real"] == moves.counts["hidden"] == 0
    (warning,) = (
        one for one in comparison.pair("a", "copy").report["warnings"] if "mislead" in one
    )
    assert "move in it though they did not change" in warning


@pytest.mark.slow
def test_what_changed_behind_a_constant_picture_is_hidden(drawn: Any) -> None:
    x, _ = clustered()
    drawn([round_picture(240)] * 3)
    other = np.random.default_rng(1).standard_normal(x.shape)
    spaces = {"a": x, "b": other, "again": jitter(x, 0.01, seed=2)}
    for replicates, misled in ((None, 0), ({"a": ["again"]}, 1)):
        comparison = eb.compare(spaces, replicates=replicates)
        counts = comparison.moves("a", "b").counts
        assert counts["hidden"] > 230
        assert counts["real"] == counts["layout_only"] == 0
        warnings = comparison.pair("a", "b").report["warnings"]
        assert sum("changed though they look still" in one for one in warnings) == misled


def test_the_greatest_noise_is_the_movement_floor(drawn: Any) -> None:
    x, _ = clustered()
    coords = round_picture(240)
    drawn([coords + np.array(by) for by in ([0, 0], [0.5, 0], [0, 0.3], [0.4, 0])])
    spaces = {"a": x, "b": jitter(x, 1, seed=1), "a2": jitter(x, 1, seed=2), "b2": x.copy()}
    comparison = eb.compare(spaces, replicates={"a": ["a2"], "b": ["b2"]})
    moves = comparison.moves("a", "b")
    assert moves.floor_kind == "replicate"
    assert moves.floor == pytest.approx((0.3 + 0.1) / 2, rel=1e-5)
    assert moves.counts["still"] == moves.counts["hidden"] == 0


def test_the_layouts_own_noise_is_a_floor(monkeypatch: pytest.MonkeyPatch) -> None:
    x, _ = clustered()
    coords = round_picture(240).astype(np.float32)
    away = 0.1 * round_picture(240, seed=1).astype(np.float32)

    layout = JointLayout([coords] * 2, coords, 1.0)
    monkeypatch.setattr(_joint, "joint_layout", lambda *_, **__: layout)
    monkeypatch.setattr(_joint, "drawn_again", lambda *_, **__: [coords + away] * 2)
    moves = eb.compare({"a": x, "copy": x.copy()}).moves("a", "copy")
    assert moves.floor_kind == "layout"
    assert moves.floor == pytest.approx(np.percentile(np.linalg.norm(away, axis=1), 95), rel=0.1)


def test_the_change_threshold_is_a_low_percentile_of_the_replicates_overlaps(
    replicated: eb.Comparison,
) -> None:
    sides = [
        np.sort(replicated.pair(*pair).items["neighborhood_overlap"])[int(0.05 * 299)]
        for pair in (("a", "a2"), ("b", "b2"))
    ]
    pair = replicated.pair("a", "b")
    threshold = pair.report["moves"]["change_threshold"]
    assert threshold == pytest.approx(np.mean(sides))
    assert 0 < threshold < 1
    changed = pair.items["neighborhood_overlap"] < threshold
    np.testing.assert_array_equal(np.isin(replicated.moves("a", "b").codes, (1, 3)), changed)


def test_an_item_that_keeps_all_its_neighbours_never_changed() -> None:
    x, _ = clustered()
    comparison = eb.compare({"a": x, "b": jitter(x, 0.02, seed=1)})
    pair = comparison.pair("a", "b")
    assert pair.report["moves"]["change_threshold"] <= 1.0
    kept = pair.items["neighborhood_overlap"] == 1.0
    assert 0 < kept.sum() < 240
    assert np.isin(comparison.moves("a", "b").codes[kept], (0, 2)).all()


def test_replicates_that_share_hardly_anything_let_no_item_be_said_to_have_changed() -> None:
    x, _ = clustered(200, spread=1.0)
    spaces = {name: jitter(x, 1.5, seed=i) for i, name in enumerate(("a", "b", "again"))}
    comparison = eb.compare(spaces, replicates={"a": ["again"]})
    report = comparison.pair("a", "b").report
    assert report["moves"]["change_threshold"] == 0.0
    assert report["moves"]["counts"]["real"] == report["moves"]["counts"]["hidden"] == 0
    assert any("no single item can be said to have changed" in one for one in report["warnings"])


@pytest.mark.slow
def test_moves_are_of_the_common_items_in_the_callers_order() -> None:
    x, _ = clustered()
    rng = np.random.default_rng(3)
    rows = [np.arange(200), 40 + rng.permutation(200)]
    spaces = {"a": x[rows[0]], "b": jitter(x, 0.5, seed=1)[rows[1]]}
    comparison = eb.compare(spaces, ids={name: 7 * at for name, at in zip("ab", rows, strict=True)})
    moves = comparison.moves("a", "b")
    assert len(moves.rows) == 160
    assert {*comparison.ids[moves.rows].tolist()} == {7 * i for i in range(40, 200)}
    for row, item in enumerate(comparison.ids[moves.rows] // 7):
        places = [
            comparison.projections[name].coords[np.flatnonzero(at == item)[0]]
            for name, at in zip("ab", rows, strict=True)
        ]
        assert moves.displacement[row] == pytest.approx(np.linalg.norm(places[1] - places[0]))
    overlap = comparison.pair("a", "b").items["neighborhood_overlap"][moves.rows]
    threshold = comparison.pair("a", "b").report["moves"]["change_threshold"]
    np.testing.assert_array_equal(np.isin(moves.codes, (1, 3)), overlap < threshold)


@pytest.mark.slow
def test_a_run_stopped_at_the_second_drawing_goes_on_to_the_same_bytes(tmp_path: Path) -> None:
    x, _ = clustered(120)
    spaces = {"a": x, "b": jitter(x, 1, seed=1)}

    def stop(step: str, done: int, total: int) -> None:
        if "once more" in step:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        eb.compare(spaces, out=tmp_path / "x", title="t", progress=stop)
    for name in ("x", "y"):
        eb.compare(spaces, out=tmp_path / name, title="t")
    files = [
        {
            path.relative_to(tmp_path / name): path.read_bytes()
            for path in (tmp_path / name).rglob("*")
            if path.is_file() and path.name != "emblink.json"  # which holds a random id
        }
        for name in ("x", "y")
    ]
    assert any(path.name == "displacement.npy" for path in files[0])
    assert files[0] == files[1]


def test_four_items_have_moves() -> None:
    x, _ = clustered(4)
    moves = eb.compare({"a": x, "b": x[::-1].copy()}).moves("a", "b")
    assert np.isfinite(moves.displacement).all()
    assert total(moves.counts) == 4


def test_all_equal_vectors_stand_still() -> None:
    moves = eb.compare({"a": np.ones((30, 3)), "b": np.ones((30, 3))}).moves("a", "b")
    assert moves.counts["still"] == 30


def test_spaces_that_share_labels_alone_have_no_moves() -> None:
    x, labels = clustered(160)
    comparison = eb.compare(
        {"a": x[:80], "b": x[80:]},
        ids={"a": np.arange(80), "b": np.arange(80, 160)},
        labels={"a": labels[:80], "b": labels[80:]},
    )
    assert "moves" not in comparison.report()["pairs"][0]
    assert "moves:" not in as_markdown(comparison.report())
    with pytest.raises(BundleError, match="a → b has no moves by 'joint'; its spaces have no item"):
        comparison.moves("a", "b")


def test_an_unknown_method_is_named_beside_the_known(small: eb.Comparison) -> None:
    with pytest.raises(
        BundleError, match=r"no moves by 'umap'; it has moves by \['joint', 'pca'\]"
    ):
        small.moves("a", "noisy", method="umap")


def test_the_report_says_how_many_moves_are_real(small: eb.Comparison) -> None:
    pair = small.pair("a", "noisy").report
    counts = pair["moves"]["counts"]
    assert counts == small.moves("a", "noisy").counts
    assert total(counts) == pair["n_common"] == 180
    words = (
        f"oves: {counts['real']} real, {counts['layout_only']} layout only, "
        f"{counts['hidden']} hidden, {counts['still']} still (moved: over "
        f"{pair['moves']['movement_floor']:.3f} radii, the layout's own noise; "
    )
    console = Console(width=300, file=io.StringIO(), record=True)
    console.print(as_terminal(small.report(), full=True))
    assert f"m{words}" in console.export_text()
    assert f"M{words}" in as_markdown(small.report())


def test_a_bundle_that_knows_no_moves_still_opens(small: eb.Comparison, tmp_path: Path) -> None:
    copy = small.save(tmp_path / "old.emblink")
    file = copy.path / "manifest.json"
    (copy.path / "emblink.json").unlink()
    manifest = json.loads(file.read_bytes())
    del manifest["checksum"], manifest["stages"]
    for pair in manifest["pairs"]:
        del pair["moves"]
    for pair in manifest["report"]["pairs"]:
        del pair["moves"]
    file.write_text(json.dumps(manifest), encoding="utf-8")
    older = eb.open(copy.path)
    assert "moves:" not in as_markdown(older.report())
    with pytest.raises(BundleError, match="compare again"):
        older.moves("a", "noisy")
