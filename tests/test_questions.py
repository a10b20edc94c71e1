"""Every command in the table of questions works as it is written."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner

from emblink.cli import app

PAGE = (Path(__file__).parents[1] / "docs" / "questions.md").read_text("utf-8")
COMMANDS = [one.replace("\\|", "|") for one in re.findall(r"`emblink ([^`]+)`", PAGE)]
FAILS = {"gate old.npy served.npy --parity": 1}
"""The served vectors differ."""


@pytest.fixture
def files(tmp_path: Path) -> Path:
    rng = np.random.default_rng(0)
    old = rng.normal(size=(150, 8)).astype(np.float32)

    def noisy(share: float) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
        return (old + share * rng.normal(size=old.shape)).astype(np.float32)

    (tmp_path / "steps").mkdir()
    for name, share in {"old": 0, "new": 0.5, "seed1": 0.4, "served": 0.2}.items():
        np.save(tmp_path / f"{name}.npy", noisy(share))
    for step in (100, 200, 1000):
        np.save(tmp_path / "steps" / f"{step}.npy", noisy(step / 1000))
    ids, kinds = [f"i{at}" for at in range(150)], rng.choice(["cat", "dog"], 150)
    frame = pl.DataFrame({"id": ids, "kind": kinds.tolist()})
    frame.write_csv(tmp_path / "items.csv")
    for name in ("q_old", "q_new"):
        np.save(tmp_path / f"{name}.npy", noisy(0.3)[:40])
    (tmp_path / "queries.csv").write_text("id\n" + "".join(f"q{at}\n" for at in range(40)))
    (tmp_path / "qrels.txt").write_text("".join(f"q{at} 0 {at} 1\n" for at in range(40)))
    for name in ("jan", "feb"):
        np.save(tmp_path / f"{name}.npy", noisy(0.3))
    (tmp_path / "gate.toml").write_text('max_size = "another space"\n')
    return tmp_path


@pytest.mark.slow
def test_every_command_works(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(files)
    assert len(COMMANDS) == 12
    for command in COMMANDS:
        words = [
            found
            for word in shlex.split(command)
            for found in (sorted(map(str, Path().glob(word))) if "*" in word else [word])
        ]
        done = CliRunner().invoke(app, words)
        assert done.exit_code == FAILS.get(command, 0), (command, done.output, done.exception)
        assert done.output
