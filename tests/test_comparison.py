"""The whole way from arrays to a report, against known truth and from the caller's view."""

from __future__ import annotations

import gc
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.neighbors import NearestNeighbors

import emblink as eb
from emblink.bundle import Bundle, read_manifest
from emblink.pipeline import build
from tests.conftest import clustered, overlap_of

X, _ = clustered(20)


def test_graphs_are_in_the_callers_order(small: eb.Comparison) -> None:
    space, graph = small.spaces["noisy"], small.graphs["noisy"]
    unit = space.vectors / np.linalg.norm(space.vectors, axis=1, keepdims=True)
    nearest = NearestNeighbors(n_neighbors=11, metric="euclidean").fit(unit.astype(np.float64))
    expected = nearest.kneighbors(return_distance=False, n_neighbors=10)
    assert np.mean(graph.indices[:, :10] == expected) > 0.999


def test_rows_of_everything_belong_to_the_same_items(small: eb.Comparison) -> None:
    x, _ = clustered()
    assert small.ids.tolist() == [f"item-{i:03d}" for i in range(240)]
    assert np.allclose(small.spaces["a"].vectors, x.astype(np.float32))
    noisy = small.spaces["noisy"].ids.tolist()
    items = small.pair("a", "noisy").items["neighborhood_overlap"]
    present = small.ids[np.isfinite(items)].tolist()
    assert sorted(present) == sorted(noisy)
    assert small.space_set.items["words"].tolist() == [f"thing number {i}" for i in range(240)]
    coords = small.projections["noisy"].coords
    assert coords.shape == (180, 2)
    assert np.isfinite(coords).all()


def test_pictures_keep_clusters_together_in_the_callers_order(small: eb.Comparison) -> None:
    _, labels = clustered()
    coords = small.projections["a"].coords
    nearest = NearestNeighbors(n_neighbors=5).fit(coords).kneighbors(return_distance=False)
    assert np.mean(labels[nearest] == labels[:, None]) > 0.95


def test_a_rotation_is_identical_and_noise_is_a_change(small: eb.Comparison) -> None:
    assert small.pair("a", "turned").report["size"]["grade"] in ("identical", "same")
    changed = small.pair("a", "noisy").report
    assert changed["size"]["grade"] in ("like_another_run", "reworked", "another_space")
    assert changed["sentence"].startswith("As if ")
    assert "accuracy" in changed["answer"] or "got worse" in changed["answer"]
    assert (changed["n_common"], changed["only_a"], changed["only_b"]) == (180, 60, 0)
    assert changed["coverage"] == pytest.approx(0.75)


@pytest.mark.slow
def test_shuffled_rows_are_misaligned_and_not_unrelated() -> None:
    x, _ = clustered(600, spread=1.0)
    shuffled = 2 * x[np.random.default_rng(3).permutation(600)]
    report = eb.compare({"old": x, "new": shuffled}).pair("old", "new").report
    assert report["size"]["grade"] == "misaligned"
    assert "shuffled" in report["sentence"]


@pytest.mark.slow
def test_independent_vectors_are_unrelated() -> None:
    rng = np.random.default_rng(0)
    spaces = {"a": rng.standard_normal((500, 20)), "b": rng.standard_normal((500, 30))}
    assert eb.compare(spaces).pair("a", "b").report["size"]["grade"] == "unrelated"


def test_ten_copies_of_a_row_never_list_themselves() -> None:
    x, _ = clustered(100)
    x[:10] = x[0]
    graph = eb.compare({"a": x, "b": x[:, ::-1].copy()}).graphs["a"]
    assert not (graph.indices == np.arange(100)[:, None]).any()
    for row in range(10):
        assert sorted(graph.indices[row, :9].tolist()) == [i for i in range(10) if i != row]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"pairs": "all"}, [("a", "b"), ("a", "c"), ("b", "c")]),
        ({"pairs": "consecutive"}, [("a", "b"), ("b", "c")]),
        ({"pairs": "reference"}, [("a", "b"), ("a", "c")]),
        ({"reference": "b"}, [("b", "a"), ("b", "c")]),
        ({"pairs": [("c", "a")]}, [("c", "a")]),
    ],
)
def test_pairs_are_the_ones_asked_for(
    options: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    x, _ = clustered(40)
    assert eb.compare({"a": x, "b": 2 * x, "c": -x}, **options).pairs == expected


def test_an_unknown_space_in_pairs_is_named() -> None:
    x, _ = clustered(40)
    with pytest.raises(eb.InputError, match="no space 'z'; the spaces are: a, b"):
        eb.compare({"a": x, "b": x}, reference="z")


def test_too_few_common_items_are_an_error_that_names_both() -> None:
    x, _ = clustered(40)
    ids = {"a": np.arange(40), "b": np.arange(38, 78)}
    with pytest.raises(eb.MatchError, match="'a' and 'b' have 2 items in common"):
        eb.compare({"a": x, "b": x}, ids=ids)


@pytest.mark.slow
def test_a_space_of_one_repeated_vector_keeps_the_scores_that_it_has_and_is_named() -> None:
    x, _ = clustered(40)
    pair = eb.compare({"a": x, "flat": np.ones((40, 3)), "b": x}).pair("a", "flat").report
    assert "neighborhood_overlap" in pair["scores"]
    assert "linear_cka" not in pair["scores"]
    assert any("all items of flat have the same vector" in warning for warning in pair["warnings"])


def test_too_many_items_for_exact_neighbours_are_refused_before_any_work(tmp_path: Path) -> None:
    out = tmp_path / "run.emblink"
    wide = np.broadcast_to(np.float32(1), (4_000_000, 1000))
    ids = np.arange(4_000_000)
    space = eb.Space("a", wide, ids)
    spaces = eb.SpaceSet({"a": space, "b": space}, ids, {"a": ids, "b": ids})
    with pytest.raises(eb.TooLargeError, match=r"minutes on two cores|GB of memory"):
        build(spaces, out=out)
    assert not out.exists()


def test_a_tiny_comparison_works() -> None:
    rng = np.random.default_rng(0)
    report = eb.compare({"a": rng.standard_normal((4, 3)), "b": rng.standard_normal((4, 2))})
    pair = report.pair("a", "b").report
    assert pair["scores"]["neighborhood_overlap"].get("k") == 1
    assert any("4 common items" in warning for warning in pair["warnings"])


def test_definitions_name_the_neighbours_that_were_counted() -> None:
    rng = np.random.default_rng(0)
    spaces = {"a": rng.standard_normal((12, 3)), "b": rng.standard_normal((12, 2))}
    comparison = eb.compare(spaces, labels=["x", "y"] * 6)
    manifest = Bundle(comparison.path).manifest
    overlap, *_, purity = manifest.pairs[0].fields
    assert manifest.report["pairs"][0]["scores"]["neighborhood_overlap"]["k"] == 5
    assert "5 nearest in A that are also among its 5 nearest in B" in overlap.definition
    assert "5 nearest neighbours that carry its own label" in purity.definition
    for field in manifest.spaces[0].fields[1:]:
        assert "k = 5)" in field.definition or "Share of the 5 nearest" in field.definition


def test_the_report_is_plain_json_with_its_schema_named(small: eb.Comparison) -> None:
    report = small.report()
    again = json.loads(json.dumps(report, allow_nan=False))
    assert again == report
    assert report["schema"] == "emblink.report/2"
    score = report["pairs"][0]["scores"]["neighborhood_overlap"]
    assert {"value", "k", "n", "chance", "hub_chance", "kappa", "interval", "noise_floor"} <= {
        *score
    }


def test_saving_and_opening_again_keeps_every_number(small: eb.Comparison, tmp_path: Path) -> None:
    copy = small.save(tmp_path / "copy.emblink")
    opened = eb.open(tmp_path / "copy.emblink")
    assert copy.report() == opened.report() == small.report()
    assert np.array_equal(opened.graphs["noisy"].indices, small.graphs["noisy"].indices)
    with pytest.raises(eb.BundleError, match="exists"):
        small.save(tmp_path / "copy.emblink")


def test_one_more_space_computes_only_what_is_new(tmp_path: Path) -> None:
    x, _ = clustered(60)
    steps: list[str] = []

    def note(step: str, done: int, total: int) -> None:
        if step not in steps:
            steps.append(step)

    out = tmp_path / "run.emblink"
    first = eb.compare({"a": x, "b": x + 0.1}, out=out, progress=note)
    before = first.pair("a", "b").scores
    steps.clear()
    again = eb.compare({"a": x, "b": x + 0.1, "c": x**2}, out=out, progress=note)
    assert "neighbours of c" in steps
    assert not {"neighbours of a", "neighbours of b", "comparing a → b"} & {*steps}
    assert again.pair("a", "b").scores == before


def _columns(path: Path) -> dict[str, bytes]:
    columns = read_manifest(path).columns
    return {name: (path / column.path).read_bytes() for name, column in columns.items()}


@pytest.mark.slow
@pytest.mark.parametrize("then", ["items in another order", "a number becomes the label"])
def test_a_used_bundle_gives_the_bytes_of_a_fresh_one(tmp_path: Path, then: str) -> None:
    x, kinds = clustered(120)
    ids = np.array([f"w{i}" for i in range(120)])
    spaces = {"x": x, "y": x + np.random.default_rng(0).standard_normal(x.shape)}
    table = {"id": ids, "kind": kinds.astype(np.int32)}
    label = None
    used, fresh = tmp_path / "used", tmp_path / "fresh"
    given = {"x": ids, "y": ids}
    eb.compare(spaces, ids=given, items=table, out=used)
    if then == "items in another order":
        table = {name: values[::-1] for name, values in table.items()}
    else:
        label = "kind"
    for path in (used, fresh):
        eb.compare(spaces, ids=given, items=table, labels=label, out=path)
    assert _columns(used) == _columns(fresh)


def test_integer_ids_stay_integers() -> None:
    x, _ = clustered(40)
    comparison = eb.compare({"a": x, "b": x}, ids=np.arange(100, 140))
    assert comparison.ids.dtype == np.int64
    assert comparison.ids.tolist() == [*range(100, 140)]


def test_cancelling_ends_at_once_and_the_next_run_completes(tmp_path: Path) -> None:
    x, _ = clustered(60)

    def stop(step: str, done: int, total: int) -> None:
        if step == "aligned layout":
            raise KeyboardInterrupt

    out = tmp_path / "run.emblink"
    with pytest.raises(KeyboardInterrupt):
        eb.compare({"a": x, "b": x + 0.1}, out=out, progress=stop)
    with pytest.raises(eb.BundleError, match="unfinished"):
        eb.open(out)
    assert eb.compare({"a": x, "b": x + 0.1}, out=out).pairs == [("a", "b")]


@pytest.mark.slow
def test_signs_in_names_never_mix_up_two_pairs_or_two_columns() -> None:
    x, labels = clustered(60)
    rng = np.random.default_rng(0)
    spaces = {
        name: x + noise * rng.standard_normal(x.shape)
        for name, noise in (("a", 0.0), ("b|c", 0.5), ("a|b", 1.0), ("c", 2.0), ("%7C/", 3.0))
    }
    letters, words = [[*"pqrs"][label] for label in labels], [f"t{i}" for i in range(60)]
    items = {"x": letters, "x/categories": words}
    comparison = eb.compare(spaces, items=items)
    for a, b in comparison.pairs:
        each = comparison.pair(a, b).items["neighborhood_overlap"]
        assert float(each.mean()) == pytest.approx(overlap_of(comparison, a, b), abs=1e-6), (a, b)
    assert comparison.space_set.items["x"].tolist() == letters
    assert comparison.space_set.items["x/categories"].tolist() == words


@pytest.mark.parametrize(
    ("spaces", "match"),
    [
        ([[[1.0, 2.0]]], r"the spaces are a list; expected a mapping of name to array"),
        (np.ones((4, 2)), r"the spaces are a ndarray; expected a mapping"),
        ({0: np.eye(5)}, r"a space is named 0; expected a word"),
        ({" ": np.eye(5)}, r"a space is named ' '; expected a word"),
    ],
)
def test_spaces_need_names(spaces: Any, match: str) -> None:
    with pytest.raises(eb.InputError, match=match):
        eb.compare(spaces)


@pytest.mark.parametrize("seed", [-1, 2**63, 1.5, None, "1"])
def test_a_seed_that_is_no_natural_number_is_refused(seed: Any) -> None:
    with pytest.raises(eb.InputError, match=r"seed is .*; expected a whole number"):
        eb.compare({"a": np.eye(5)}, seed=seed)


@pytest.mark.parametrize("seed", [np.int64(3), 2**63 - 1])
def test_a_seed_may_be_any_kind_of_integer(seed: Any) -> None:
    assert eb.compare({"a": np.eye(5)}, seed=seed).report()["seed"] == seed


@pytest.mark.parametrize(
    ("asked", "match"),
    [
        ({"pairs": ["ab"]}, r"pairs holds 'ab'; expected .*pairs of names"),
        ({"pairs": [("a",)]}, r"pairs holds \('a',\)"),
        ({"pairs": None}, r"pairs holds None"),
        ({"pairs": "consecutive", "reference": "a"}, r"asks for other pairs than pairs='consec"),
        ({"pairs": [("a", "b")], "reference": "a"}, r"reference='a' asks for other pairs"),
    ],
)
def test_pairs_that_cannot_be_meant_are_refused(asked: dict[str, Any], match: str) -> None:
    with pytest.raises(eb.InputError, match=match):
        eb.compare({"a": np.eye(5), "b": np.eye(5)}, **asked)


def test_a_pair_listed_twice_is_compared_once() -> None:
    spaces = {"a": X, "b": X}
    assert eb.compare(spaces, pairs=[("a", "b"), ("a", "b")]).pairs == [("a", "b")]


@pytest.mark.slow
def test_the_temporary_bundle_goes_with_the_comparison_and_with_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    comparison = eb.compare({"a": X, "b": X})
    assert [*tmp_path.iterdir()] == [comparison.path]
    del comparison
    gc.collect()
    with pytest.raises(eb.InputError):
        eb.compare({"a": X, "b": X}, pairs=[("a", "z")])

    def cancel(step: str, done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        eb.compare({"a": X, "b": X}, progress=cancel)
    assert [*tmp_path.iterdir()] == []


@pytest.mark.slow
@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
@pytest.mark.parametrize("scale", [1e-30, 1e30])
def test_numbers_at_the_ends_of_float32_compare_like_any_others(metric: Any, scale: float) -> None:
    x, _ = clustered(60)
    y = x + np.random.default_rng(0).standard_normal(x.shape)
    plain = eb.compare({"x": x, "y": y}, metric=metric)
    scaled = eb.compare({"x": x * scale, "y": y}, metric=metric)
    assert overlap_of(scaled, "x", "y") == pytest.approx(overlap_of(plain, "x", "y"), abs=0.01)
    trust = scaled.projection("x", method="pca").trustworthiness
    assert trust is not None
    assert plain.projection("x", method="pca").trustworthiness == pytest.approx(trust, abs=0.01)


def test_asking_for_a_space_that_is_not_there_is_answered(small: eb.Comparison) -> None:
    assert "turned" in small.graphs
    assert "nobody" not in small.graphs
    assert "nobody" not in small.projections


def test_saving_makes_the_folders_on_the_way(small: eb.Comparison, tmp_path: Path) -> None:
    assert small.save(tmp_path / "on" / "the way.emblink").report() == small.report()


def test_a_column_named_id_beside_the_ids_replaces_none_of_them() -> None:
    items = {"uid": [f"u{i}" for i in range(20)], "id": [f"z{i}" for i in range(20)]}
    comparison = eb.compare({"a": X, "b": X}, items=items, ids="uid")
    assert comparison.ids.tolist() == items["uid"]
    assert comparison.space_set.items["id"].tolist() == items["id"]
