"""The story of ``docs/populations.md``, run on the emoji that it is told of."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = (Path(__file__).parents[1] / "docs" / "populations.md").read_text("utf-8")


def code(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=400,
        env={**os.environ, "COLUMNS": "200"},
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("emoji")
    made = run(path, "-c", code("python")[0])
    assert made.returncode == 0, made.stderr
    (path / "gate.toml").write_text(code("toml")[0], "utf-8")
    return path


@pytest.mark.slow
def test_the_commands_of_the_page_say_what_the_page_says(folder: Path) -> None:
    verdict, finding, paired = (" ".join(one.split()) for one in code("text"))
    drift, names, gate = (shlex.split(line) for line in code("sh")[0].splitlines())
    found = run(folder, "-m", *drift)
    assert found.returncode == 0, found.stderr
    shown = " ".join(found.stdout.split())
    assert verdict in shown
    assert finding in shown
    assert paired in " ".join(run(folder, "-m", *names).stdout.split())
    judged = run(folder, "-m", *gate)
    assert judged.returncode == 1, judged.stdout + judged.stderr
    assert "max_new_share" in judged.stdout


@pytest.mark.slow
def test_the_python_of_the_page_runs(folder: Path) -> None:
    found = run(folder, "-c", code("python")[1])
    assert found.returncode == 0, found.stderr
    assert found.stdout.startswith("drifted ")
    assert "13 % of live is new: flags" in found.stdout


def test_the_page_shows_pictures_that_are_there() -> None:
    pictures = re.findall(r"!\[[^]]+\]\(([^)]+)\)", PAGE)
    assert len(pictures) == 2
    for one in pictures:
        assert (Path(__file__).parents[1] / "docs" / one).stat().st_size > 10_000
