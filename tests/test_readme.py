"""What the README tells a person to type works as it stands."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest

import emblink

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
SERVES = {"demo", "open"}


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Write the files that the README's tours read."""
    rng = np.random.default_rng(0)
    old = rng.normal(size=(200, 8)).astype(np.float32)
    new = old + rng.normal(size=old.shape).astype(np.float32) / 2
    labels = np.array(["cat", "dog"])[rng.integers(0, 2, len(old))]
    ids = [f"item {i}" for i in range(len(old))]
    np.save(tmp_path / "old.npy", old)
    np.save(tmp_path / "new.npy", new)
    np.save(tmp_path / "old_seed1.npy", old + rng.normal(size=old.shape).astype(np.float32) / 2)
    np.save(tmp_path / "labels.npy", labels)
    np.savez(tmp_path / "spaces.npz", minilm=old, clip=new)
    for name, vectors in (("a", old), ("b", new)):
        frame = pl.DataFrame({"id": ids, "embedding": vectors.tolist()})
        frame.write_parquet(tmp_path / f"{name}.parquet")
    for name, at in (("jan", 0), ("feb", 100)):
        frame = pl.DataFrame({"id": ids, "embedding": new.tolist()})[at : at + 100]
        frame.write_parquet(tmp_path / f"{name}.parquet")
    items = pl.DataFrame({"id": ids, "category": labels.tolist()})
    items.write_csv(tmp_path / "items.csv")
    (tmp_path / "gate.toml").write_text('max_size = "another space"\n')
    return tmp_path


def block(heading: str) -> str:
    """Return the first fenced block under a heading."""
    found = re.search(rf"^## {heading}$.*?^```\w+\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)
    assert found, f"README.md has no block under {heading!r}"
    return found[1]


def run(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(Path(emblink.__file__).parents[1])},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_the_command_line_tour_runs(files: Path) -> None:
    commands = [
        shlex.split(line, comments=True) for line in block("On the command line").splitlines()
    ]
    assert {command[1] for command in commands} == {
        "compare",
        "budget",
        "populations",
        "adapter",
        "export",
        "gate",
        "inspect",
        "report",
        "verify",
        *SERVES,
    }
    for command in commands:
        serves = command[1] in SERVES
        done = run(["-m", *command[:2], *(["--help"] if serves else command[2:])], files)
        assert (done.returncode, done.stderr.strip()[-500:]) == (0, ""), command
        assert done.stdout


@pytest.mark.slow
def test_the_python_tour_runs(files: Path) -> None:
    tour = block("In Python")
    done = run(["-c", re.sub(r"^comparison\.serve\(\).*", "", tour, flags=re.MULTILINE)], files)
    assert (done.returncode, done.stderr.strip()[-500:]) == (0, "")
    assert "neighbours stay" in done.stdout
