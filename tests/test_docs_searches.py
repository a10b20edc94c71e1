"""The commands of ``docs/searches.md``, run on files such as it names."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.searches_helpers import catalogue, damaged, turned

PAGE = (Path(__file__).parents[1] / "docs" / "searches.md").read_text("utf-8")


def code(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path, world = tmp_path_factory.mktemp("team"), catalogue()
    for name, vectors in {"old": world.items, "new": turned(world.items, noise=0.1)}.items():
        np.savez(path / f"{name}.npz", vectors=vectors, ids=world.ids)
    np.save(path / "q_old.npy", world.queries)
    np.save(path / "q_new.npy", damaged(world))
    held = world.query_items
    rows = zip(held["id"], held["text"], held["topic"], strict=True)
    (path / "queries.csv").write_text(
        "\n".join(["id,text,topic", *(",".join(row) for row in rows)]) + "\n", "utf-8"
    )
    lines = (f"{query}\t{next(iter(items))}\t1" for query, items in world.qrels.items())
    (path / "qrels.tsv").write_text(
        "\n".join(["query-id\tcorpus-id\tscore", *lines]) + "\n", "utf-8"
    )
    (path / "gate.toml").write_text(code("toml")[0], "utf-8")
    return path


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=300,
        env={**os.environ, "COLUMNS": "200"},
    )


@pytest.mark.slow
def test_the_commands_of_the_page_say_what_the_page_says(folder: Path) -> None:
    answer, sentence = (" ".join(one.split()) for one in code("text"))
    compare, report, gate = (shlex.split(line) for line in code("sh")[0].splitlines())
    found = run(folder, "-m", *compare)
    assert found.returncode == 0, found.stderr
    shown = " ".join(found.stdout.split())
    assert answer in shown
    assert sentence in shown
    assert sentence in " ".join(run(folder, "-m", *report).stdout.split())
    judged = run(folder, "-m", *gate)
    assert judged.returncode == 1, judged.stdout + judged.stderr
    assert "queries.min_recall" in judged.stdout


@pytest.mark.slow
def test_the_python_of_the_page_runs(folder: Path) -> None:
    found = run(folder, "-c", code("python")[0])
    assert found.returncode == 0, found.stderr
    assert "lose their first relevant answer" in found.stdout
    assert "how about refunds" in found.stdout
