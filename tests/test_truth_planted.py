"""What was planted in spaces is found and said, all the way through ``compare`` and the CLI."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from rich.console import Console

import emblink as eb
from emblink.report import as_json, as_markdown, as_terminal
from emblink.stats import holm
from emblink.types import Report
from tests.conftest import DATA

pytestmark = pytest.mark.slow


def shown(report: Report) -> str:
    console = Console(width=220, record=True, file=io.StringIO())
    console.print(as_terminal(report, full=True))
    return console.export_text()


def emblink(*words: str | Path, cwd: Path) -> str:
    command = [sys.executable, "-m", "emblink", *map(str, words)]
    environment = os.environ | {"COLUMNS": "220"}
    run = subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, timeout=120, env=environment
    )
    assert run.returncode == 0, run.stderr
    return run.stdout


def digits(name: str, rows: slice) -> tuple[NDArray[np.float32], NDArray[Any], NDArray[Any]]:
    data = np.load(DATA / "mnist_cnn.npz")
    vectors = data[f"space__{name}"][rows].astype(np.float32)
    return vectors, data["ids"][rows], data["classes"][data["label"]][rows]


# A label that got worse inside a pair that is within noise.

THIRD = slice(0, None, 3)


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Report]:
    """Scatter three of ten sevens, far fewer items than another seed moves; only 20 of the 9s."""
    folder = tmp_path_factory.mktemp("planted")
    old, ids, labels = digits("fc_seed0_epoch10", THIRD)
    seed, _, _ = digits("fc_seed1_epoch10", THIRD)
    nines = np.flatnonzero(labels == "9")
    keep = np.ones(len(ids), dtype=bool)
    keep[nines[20:]] = False
    old, seed, ids, labels = (one[keep] for one in (old, seed, ids, labels))
    rng = np.random.default_rng(0)
    sevens = np.flatnonzero(labels == "7")
    hit = rng.choice(sevens, size=3 * len(sevens) // 10, replace=False)
    new = old.copy()
    new[hit] = old.mean(axis=0) + old.std(axis=0) * rng.standard_normal((len(hit), 64))
    for name, vectors in {"old": old, "new": new, "seed": seed}.items():
        np.save(folder / f"{name}.npy", vectors.astype(np.float32))
    rows = [f"{item},{label}" for item, label in zip(ids, labels, strict=True)]
    (folder / "items.csv").write_text("\n".join(["id,digit", *rows]) + "\n")
    words = ("compare", "old.npy", "new.npy", "seed.npy", "--items", "items.csv", "--id", "id")
    asked = ("--label", "digit", "--replicate", "old=seed", "-o", "run.emblink", "--json")
    return folder, json.loads(emblink(*words, *asked, cwd=folder))


def test_a_pair_within_noise_that_holds_a_worse_label_is_said_to_be_both(
    planted: tuple[Path, Report],
) -> None:
    pair = planted[1]["pairs"][0]
    assert (pair["a"], pair["b"]) == ("old", "new")
    assert pair["beyond_noise"]["answer"] != "yes"
    worse = [one["label"] for one in pair["labels"] if one["verdict"] == "worse"]
    assert worse == ["7"]
    assert pair["answer"].startswith("Do not swap: ")
    assert "label 7 from" in pair["sentence"]
    assert "1 label became less pure (7)" in pair["sentence"]
    start = pair["answer"]
    for form in ((), ("--markdown",)):
        printed = emblink("report", "run.emblink", *form, cwd=planted[0])
        assert start in " ".join(printed.split())


def test_a_label_of_few_items_is_counted_and_nothing_is_claimed_of_it(
    planted: tuple[Path, Report],
) -> None:
    report = planted[1]
    few = next(one for one in report["pairs"][0]["labels"] if one["label"] == "9")
    assert (few["n"], few["verdict"]) == (20, "too_few")
    assert not {"interval", "p", "noise_floor"} & {*few}
    rows = [line.split() for line in shown(report).splitlines()]
    for one in report["pairs"][0]["labels"]:
        row = next(row for row in rows if row[:2] == [one["label"], str(one["n"])])
        assert row[-2:] == ["too", "few"] if one["label"] == "9" else row[-1] == one["verdict"]


def test_evidence_of_a_pair_is_adjusted_for_the_number_of_pairs(tmp_path: Path) -> None:
    x, ids, _ = digits("fc_seed0_epoch10", slice(0, None, 5))
    rng = np.random.default_rng(1)
    again, y, z = (x + share * x.std() * rng.standard_normal(x.shape) for share in (0.1, 0.1, 0.12))

    def p_values(pairs: Any) -> list[float]:
        given = {"x": x, "y": y, "z": z, "again": again}
        runs = {"x": ["again"]}
        out = tmp_path / "run.emblink"
        found = eb.compare(given, ids=ids, pairs=pairs, replicates=runs, out=out)
        return [one["beyond_noise"]["p"] for one in found.report()["pairs"]]

    together = p_values([("x", "y"), ("x", "z")])
    alone = [p for pair in (("x", "y"), ("x", "z")) for p in p_values([pair])]
    assert together == pytest.approx(holm(alone).tolist(), rel=1e-9)
    assert together != alone


# Spaces that share labels and no items.


@pytest.fixture(scope="module")
def labels_only(tmp_path_factory: pytest.TempPathFactory) -> eb.Comparison:
    """Compare early training on some digits with late training on others, with fewer of them."""
    early, late = (
        digits("fc_seed0_epoch00", slice(0, None, 4)),
        digits("fc_seed0_epoch10", slice(1, None, 4)),
    )
    keep = (late[2] != "8") | (np.cumsum(late[2] == "8") <= 12)
    sides = {"early": early, "late": tuple(one[keep] for one in late)}
    return eb.compare(
        {name: side[0] for name, side in sides.items()},
        ids={name: side[1] for name, side in sides.items()},
        labels={name: side[2] for name, side in sides.items()},
        out=tmp_path_factory.mktemp("labels") / "halves.emblink",
    )


def test_spaces_without_common_items_are_compared_by_their_labels_and_said_so(
    labels_only: eb.Comparison,
) -> None:
    (pair,) = labels_only.report()["pairs"]
    assert (pair["size"]["grade"], pair["compared_by"]) == ("labels_only", "labels")
    assert (pair["n_common"], pair["scores"]) == (0, {})
    assert pair["sentence"].startswith("Compared by their labels alone: no items in common; ")
    by_label = {one["label"]: one for one in pair["labels"]}
    assert {*by_label} == {*"0123456789"}
    assert sum(one["share_a"] for one in by_label.values()) == pytest.approx(1)
    assert sum(one["share_b"] for one in by_label.values()) == pytest.approx(1)
    assert by_label["8"]["share_b"] < 0.03 < 0.09 < by_label["8"]["share_a"]
    assert by_label["8"]["verdict"] == "too_few"
    assert {by_label[one]["verdict"] for one in "235"} == {"better"}
    assert "labels became purer" in pair["sentence"]


def test_a_comparison_by_labels_opens_again_and_is_printed(labels_only: eb.Comparison) -> None:
    opened = eb.open(labels_only.path)
    report = opened.report()
    assert report == labels_only.report()
    assert json.loads(as_json(report)) == report
    assert opened.pairs == [("early", "late")]
    assert opened.pair("early", "late").items == {}
    printed = emblink("report", labels_only.path, "--full", cwd=labels_only.path.parent)
    (pair,) = report["pairs"]
    assert pair["sentence"] in " ".join(printed.split())
    for text in (printed, as_markdown(report).replace("|", " ")):
        assert "share A" in text
        for one in pair["labels"]:
            cells = [f"{one['share_a']:.3f}", f"{one['share_b']:.3f}"]
            found = [row for row in map(str.split, text.splitlines()) if row[:1] == [one["label"]]]
            assert any(row[1] == str(one["n"]) and {*cells} <= {*row} for row in found)


# Traps.


def gaussian(n: int, d: int, *, seed: int) -> NDArray[np.float64]:
    return np.random.default_rng(seed).standard_normal((n, d))


def test_one_outlier_row_takes_cka_and_the_pair_warns_of_it_while_overlap_stays() -> None:
    x = gaussian(2500, 8, seed=0)
    y = x.copy()
    y[5] *= 1000
    report = eb.compare({"plain": x, "outlier": y}, metric="euclidean").report()
    (pair,) = report["pairs"]
    assert pair["scores"]["neighborhood_overlap"]["value"] >= 0.999
    assert pair["scores"]["linear_cka"]["value"] < 0.5
    (warning,) = pair["warnings"]
    assert "a few extreme rows decide it, so read the neighbourhood overlap" in warning
    plain, outlier = report["spaces"]
    assert plain["warnings"] == []
    assert any("of the variance of outlier" in one for one in outlier["warnings"])
    assert warning in " ".join(shown(report).split())


def test_hubs_by_shared_norms_are_no_agreement_and_the_pair_warns_of_them() -> None:
    norms = np.where(np.arange(500) < 17, 0.01, 1.0)[:, None]

    def directions(seed: int) -> NDArray[np.float64]:
        x = gaussian(500, 300, seed=seed)
        made: NDArray[np.float64] = norms * x / np.linalg.norm(x, axis=1, keepdims=True)
        return made

    report = eb.compare({"a": directions(4), "b": directions(5)}, metric="euclidean").report()
    (pair,) = report["pairs"]
    score = pair["scores"]["neighborhood_overlap"]
    assert score["value"] > 0.3
    assert abs(score["kappa"]) < 0.03
    assert pair["size"]["grade"] == "unrelated"
    assert any(
        one.startswith("A few items are neighbours of very many") for one in pair["warnings"]
    )
    assert all(any("hubness" in one for one in space["warnings"]) for space in report["spaces"])


def test_an_offset_in_float32_changes_no_number_of_a_pair() -> None:
    x = gaussian(500, 32, seed=0)
    y = x + 0.5 * gaussian(500, 32, seed=1)
    near, far = (
        eb.compare({"x": u.astype(np.float32), "y": v.astype(np.float32)}, metric="euclidean")
        for u, v in ((x, y), (x + 50, y + 50))
    )
    found, expected = far.pair("x", "y").scores, near.pair("x", "y").scores
    assert found.keys() == expected.keys()
    for name, score in expected.items():
        assert found[name]["value"] == pytest.approx(score["value"], abs=1e-4), name
        if "noise_floor" in score:
            assert found[name]["noise_floor"] == pytest.approx(score["noise_floor"], abs=0.002)


def test_every_kind_of_variant_is_a_space_of_the_report_with_its_own_verdict() -> None:
    steps = ("center", "whiten", "l2", "pca:16", "truncate:24", "int8", "binary")
    x, ids, _ = digits("fc_seed0_epoch10", slice(0, None, 8))
    report = eb.compare(
        {"old": x}, ids=ids, variants=[f"old|{one}" for one in steps], reference="old"
    ).report()
    assert [one["name"] for one in report["spaces"]] == ["old", *(f"old|{one}" for one in steps)]
    n_dims = {one["name"]: one["n_dims"] for one in report["spaces"]}
    assert (n_dims["old|pca:16"], n_dims["old|truncate:24"]) == (16, 24)
    pairs = {one["b"].removeprefix("old|"): one for one in report["pairs"]}
    assert [*pairs] == [*steps]
    assert pairs["l2"]["size"]["grade"] == "identical"
    overlap = {name: one["scores"]["neighborhood_overlap"]["value"] for name, one in pairs.items()}
    assert overlap["int8"] > 0.97
    assert overlap["binary"] < overlap["int8"]
    printed = shown(report)
    assert all(f"old → old|{one}" in printed for one in steps)
