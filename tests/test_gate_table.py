"""What each change ends with, the same by the command, by the action's script and by pytest."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from emblink.errors import EmblinkError
from emblink.testing import assert_interchangeable
from emblink.types import AnyArray
from tests.gate_helpers import IDS, KINDS, OLD, D, N, damaged, rounded, run_of_the_recipe


@dataclass(frozen=True)
class Case:
    """A new space, and what becomes of it."""

    new: Callable[[], AnyArray]
    status: int
    says: str
    """What the message of a failed assertion has."""
    n: int = N
    again: Mapping[str, int] = field(default_factory=dict)
    """Replicates, by their seeds."""


CASES = {
    "int8": Case(rounded, 0, ""),
    "shuffled": Case(lambda: OLD[np.random.default_rng(4).permutation(N)], 4, "shuffled"),
    "a quarter of the dims": Case(lambda: OLD[:, : D // 4], 1, r"limits? do(es)? not hold"),
    "one label damaged": Case(damaged, 1, "Label kind 3 got worse"),
    "another seed": Case(lambda: run_of_the_recipe(2), 1, r"limits? do(es)? not hold"),
    "another seed, beside runs": Case(
        lambda: run_of_the_recipe(2), 0, "", again={"run4": 4, "run5": 5}
    ),
    "too few items": Case(lambda: run_of_the_recipe(2)[:5], 3, "Undecided", n=5),
    "a broken file": Case(rounded, 2, "new.npz"),
}
LABELS = [f"kind {one}" for one in KINDS]


@pytest.fixture(params=[*CASES])
def made(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Case, list[str]]:
    """Write the files of a case; return what follows the command."""
    case = CASES[request.param]
    seeds = {name: run_of_the_recipe(seed) for name, seed in case.again.items()}
    for name, vectors in {"old": OLD[: case.n], "new": case.new(), **seeds}.items():
        held = vectors.astype(np.float32)
        np.savez(tmp_path / f"{name}.npz", vectors=held, ids=IDS[: len(held)])
    rows = [f"{one},{label}" for one, label in zip(IDS[: case.n], LABELS, strict=False)]
    (tmp_path / "items.csv").write_text("\n".join(["id,kind", *rows]) + "\n")
    if request.param == "a broken file":
        whole = (tmp_path / "new.npz").read_bytes()
        (tmp_path / "new.npz").write_bytes(whole[: len(whole) // 2])
    words = ["old.npz", "new.npz", *(f"{name}.npz" for name in case.again)]
    words += [word for name in case.again for word in ("--replicate", f"old={name}")]
    if case.n == N:
        words += ["--items", "items.csv", "--id", "id", "--label", "kind"]
    return case, words


@pytest.mark.slow
def test_the_action_ends_with_the_status_of_the_command(
    made: tuple[Case, list[str]], tmp_path: Path
) -> None:
    case, words = made
    script = Path(__file__).parents[1] / "scripts" / "gate"
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    env = {**os.environ, "GATE_ARGUMENTS": " ".join(words), "PATH": path}
    run = subprocess.run(
        [script], cwd=tmp_path, capture_output=True, text=True, timeout=300, env=env
    )
    assert run.returncode == case.status, run.stdout + run.stderr
    assert (tmp_path / "emblink-gate.xml").exists() == (case.status != 2)
    assert "Traceback" not in run.stderr


@pytest.mark.slow
def test_the_assertion_fails_where_the_gate_does_not_pass(
    made: tuple[Case, list[str]], tmp_path: Path
) -> None:
    case, _ = made
    labels = LABELS if case.n == N else None
    again = {name: tmp_path / f"{name}.npz" for name in case.again}

    def ask() -> None:
        assert_interchangeable(
            tmp_path / "old.npz",
            tmp_path / "new.npz",
            items={"id": IDS[: case.n], **({"kind": labels} if labels else {})},
            ids="id",
            labels="kind" if labels else None,
            replicates=again,
        )

    if case.status == 0:
        ask()
        return
    refused = EmblinkError if case.status == 2 else AssertionError
    with pytest.raises(refused, match=case.says):
        ask()
