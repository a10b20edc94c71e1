"""The gate as a job runs it: exit statuses, files, the action, and an assertion."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from emblink.errors import InputError
from emblink.testing import assert_interchangeable
from emblink.types import AnyArray
from tests.gate_helpers import IDS, KINDS, OLD, D, N, damaged, rounded, run_of_the_recipe

CASES: dict[str, tuple[Callable[[], AnyArray], int]] = {
    "int8": (rounded, 0),
    "rotated": (lambda: OLD @ np.linalg.qr(np.random.default_rng(3).normal(size=(D, D)))[0], 0),
    "quarter": (lambda: OLD[:, : D // 4], 1),
    "one label damaged": (damaged, 1),
    "another seed": (lambda: run_of_the_recipe(2), 1),
    "shuffled": (lambda: OLD[np.random.default_rng(4).permutation(N)], 4),
}


def written(folder: Path, name: str, vectors: AnyArray) -> Path:
    path = folder / f"{name}.npz"
    np.savez(path, vectors=vectors.astype(np.float32), ids=IDS[: len(vectors)])
    return path


def gated(folder: Path, *words: str | Path, **env: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "emblink", "gate", *map(str, words)]
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=300, env={**os.environ, **env}
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    written(tmp_path, "old", OLD)
    rows = [f"{one},kind {kind}" for one, kind in zip(IDS, KINDS, strict=True)]
    (tmp_path / "items.csv").write_text("\n".join(["id,kind", *rows]) + "\n")
    return tmp_path


LABELS = ("--items", "items.csv", "--label", "kind")


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_the_exit_status_is_that_of_the_change(folder: Path, case: str) -> None:
    vectors, status = CASES[case]
    written(folder, "new", vectors())
    run = gated(folder, "old.npz", "new.npz", *LABELS, "--junit", "junit.xml", "--json",
                GITHUB_STEP_SUMMARY=str(folder / "summary.md"))  # fmt: skip
    assert run.returncode == status, run.stdout + run.stderr
    found = json.loads(run.stdout)
    assert found["exit"] == status
    assert found["why"] in run.stdout
    summary = (folder / "summary.md").read_text("utf-8")
    assert summary.startswith(f"## {found['why'].split(':')[0]}")
    suite = ElementTree.parse(folder / "junit.xml").getroot()
    assert (int(suite.get("failures", 0)) > 0) == (status != 0)


@pytest.mark.slow
def test_replicates_excuse_another_seed_and_a_bundle_is_judged_again(folder: Path) -> None:
    for seed in (2, 4, 5):
        written(folder, f"run{seed}", run_of_the_recipe(seed))
    again = ("--replicate", "old=run4", "--replicate", "old=run5")
    run = gated(
        folder, "old.npz", "run2.npz", "run4.npz", "run5.npz", *again, *LABELS, "-o", "a.emblink"
    )
    assert run.returncode == 0, run.stdout + run.stderr
    (folder / "gate.toml").write_text('noise = false\nmust_keep = "ids.txt"\n')
    (folder / "ids.txt").write_text("i3\nno such\n")
    run = gated(folder, "a.emblink", "--policy", "gate.toml")
    assert run.returncode == 1
    assert "no such" in run.stdout
    (folder / "gate.toml").write_text("noise = false\n")
    told = gated(folder, "a.emblink", "--label", "kind")
    assert told.returncode == 2
    assert "compare again with it" in told.stderr
    poor = gated(folder, "a.emblink", PYTHONIOENCODING="ascii")
    assert (poor.returncode, poor.stderr) == (0, "")
    run = gated(folder, "a.emblink", "--policy", "gate.toml", "--baseline", "a.emblink")
    assert run.returncode == 0, run.stdout


@pytest.mark.slow
def test_what_is_given_wrong_exits_with_two(folder: Path) -> None:
    (folder / "broken.npz").write_bytes((folder / "old.npz").read_bytes()[:4000])
    for words in (
        ("old.npz", "broken.npz"),
        ("old.npz",),
        ("old.npz", "none.npz"),
        ("old.npz", "old.npz", "--policy", "none.toml"),
        ("old.npz", "old.npz", "--undecided", "maybe"),
        ("old.npz", "old.npz", "--junit", "nowhere/gate.xml"),
        ("old.npz", "old.npz", "--seed", "-1"),
    ):
        run = gated(folder, *words)
        assert run.returncode == 2, run.stdout
        assert "Traceback" not in run.stderr


@pytest.mark.slow
def test_the_action_runs_the_gate_and_nothing_else(folder: Path) -> None:
    script = Path(__file__).parents[1] / "scripts" / "gate"
    np.savez(folder / "a new one.npz", vectors=OLD.astype(np.float32), ids=IDS)
    words = "old.npz 'a new one.npz' --policy none.toml; touch done $(touch done)"
    env = {
        **os.environ,
        "GATE_ARGUMENTS": words,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }
    run = subprocess.run([script], cwd=folder, capture_output=True, text=True, timeout=300, env=env)
    assert run.returncode == 2
    assert not (folder / "done").exists()
    env["GATE_ARGUMENTS"] = "old.npz 'a new one.npz'"
    run = subprocess.run([script], cwd=folder, capture_output=True, text=True, timeout=300, env=env)
    assert run.returncode == 0, run.stdout + run.stderr
    assert (folder / "emblink-gate.xml").exists()


@pytest.mark.slow
def test_few_items_are_undecided(tmp_path: Path) -> None:
    written(tmp_path, "old", OLD[:5])
    written(tmp_path, "new", run_of_the_recipe(2)[:5])
    run = gated(tmp_path, "old.npz", "new.npz")
    assert run.returncode == 3, run.stdout
    assert gated(tmp_path, "old.npz", "new.npz", "--undecided", "pass").returncode == 0


@pytest.mark.slow
def test_an_assertion_says_what_moved() -> None:
    assert_interchangeable(OLD, rounded(), ids=IDS, labels=KINDS.astype(str))
    with pytest.raises(AssertionError, match=r"(?s)Fail: 3 of 4 limits .*Label 3 got worse"):
        assert_interchangeable(OLD, damaged(), ids=IDS, labels=KINDS.astype(str))
    runs = {"second": run_of_the_recipe(4), "third": run_of_the_recipe(5)}
    assert_interchangeable(OLD, run_of_the_recipe(2), ids=IDS, replicates=runs)


def test_a_replicate_does_not_take_the_place_of_a_space() -> None:
    with pytest.raises(InputError, match="a name of its own"):
        assert_interchangeable(OLD, rounded(), replicates={"new": OLD})
