"""Every block of code in the documents runs: here, or in the test that is named for it."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner

import emblink as eb
from emblink.bundle import write_notes
from emblink.cli import app

ROOT = Path(__file__).parents[1]
PAGES = sorted((ROOT / "docs").rglob("*.md"))
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
N_ITEMS = 150

ELSEWHERE = {
    "docs/cells.md": "tests/test_cells.py",
    "docs/searches.md": "tests/test_docs_searches.py",
    "docs/populations.md": "tests/test_docs_populations.py",
    "docs/watch.md": "tests/test_docs_watch.py",
    "docs/agents.md": "tests/test_mcp.py",
    "docs/beyond-one-machine.md": "tests/test_executors.py",
    "docs/use-cases/": "tests/test_use_cases.py",
    "import marimo": "tests/test_marimo.py",
    "uses: actions/setup-python": "tests/test_gate.py",
    "gate:\n  script": "tests/test_gate.py",
    "from openTSNE": "tests/test_pictures.py",
    "jscatter.Scatter": "tests/test_tables.py",
    "python3 -m venv": "scripts/smoke.py",
    "pip install": "scripts/smoke.py",
    " ~ ": "frontend/tests/model/filter.test.ts",
}
"""Blocks that this page, or whose text, names: what runs the like of them."""

STATUS = {
    "gate old.npy new.npy": 1,
    "gate old.npy served.npy": 1,
    "budget vectors.parquet": 1,
}
"""Commands whose limits the files do not meet."""


def blocks() -> Iterator[tuple[Path, str, str]]:
    for page in PAGES:
        for language, text in BLOCK.findall(page.read_text("utf-8")):
            yield page, language, text


def elsewhere(page: Path, text: str) -> str | None:
    name = page.relative_to(ROOT).as_posix()
    return next(
        (test for key, test in ELSEWHERE.items() if name.startswith(key) or key in text), None
    )


HERE = [block for block in blocks() if not elsewhere(block[0], block[2])]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the files that the documents name."""
    folder = tmp_path_factory.mktemp("files")
    rng = np.random.default_rng(0)
    kinds = rng.choice(["cats", "dogs"], N_ITEMS)
    centres = np.where(kinds == "cats", -2.0, 2.0)[:, None]
    old = (centres + rng.normal(size=(N_ITEMS, 16))).astype(np.float32)
    ids = [f"w{at}" for at in range(N_ITEMS)]
    for name, share in {"old": 0.0, "new": 0.5, "served": 0.2, "vectors": 0.0}.items():
        vectors = (old + share * rng.normal(size=old.shape)).astype(np.float32)
        if name == "new":
            vectors[np.flatnonzero(kinds == "cats")[:40]] *= -1
        np.save(folder / f"{name}.npy", vectors)
        columns = {"id": ids, "embedding": vectors.tolist(), "kind": kinds.tolist()}
        pl.DataFrame(columns).write_parquet(folder / f"{name}.parquet")
    items = {"id": ids, "label": kinds.tolist(), "kind": kinds.tolist(), "text": ids}
    pl.DataFrame(items).write_csv(folder / "items.csv")
    rng = np.random.default_rng(1)
    queries = old[:40] + 0.3 * rng.normal(size=(40, 16)).astype(np.float32)
    for name in ("q", "q_old", "q_new"):
        np.save(folder / f"{name}.npy", queries)
    (folder / "queries.csv").write_text("id\n" + "".join(f"q{at}\n" for at in range(40)), "utf-8")
    judged = "".join(f"q{at} 0 w{at} 1\n" for at in range(40))
    (folder / "qrels.txt").write_text(judged, "utf-8")
    (folder / "gate.toml").write_text('max_size = "another space"\n', "utf-8")
    spaces = {name: np.load(folder / f"{name}.npy") for name in ("old", "new")}
    for bundle in ("run", "accepted"):
        eb.compare(spaces, ids=ids, labels=kinds, out=folder / f"{bundle}.emblink")
    saved = {"id": "s1", "name": "flags that lost", "note": "", "items": ids[:3]}
    notes = json.dumps({"schema": "emblink.notes/1", "selections": [saved]}).encode()
    write_notes(folder / "run.emblink", notes, version="none")
    return folder


@pytest.fixture
def names(files: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Return what stands before a block of Python: the comparison, and arrays."""
    monkeypatch.chdir(files)
    old, new = np.load("old.npy"), np.load("new.npy")
    return {
        **{"eb": eb, "emblink": eb, "np": np, "comparison": eb.open("run.emblink")},
        **{"old": old, "new": new, "more_old": old[:20], "more_new": new[:20]},
        **{"spaces": {"old": old, "new": new}, "vectors": new[:5]},
        **{"coords_old": old[:, :2], "coords_new": new[:, :2]},
        "kinds": pl.read_csv("items.csv")["kind"].to_numpy(),
    }


def titled(block: tuple[Path, str, str]) -> str:
    return f"{block[0].stem}: {block[2].strip().splitlines()[0][:50]}"


@pytest.mark.slow
@pytest.mark.parametrize("block", [one for one in HERE if one[1] == "python"], ids=titled)
def test_a_block_of_python_runs(
    block: tuple[Path, str, str],
    names: dict[str, Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    exec(compile(block[2], str(block[0]), "exec"), names)
    for test in [thing for name, thing in names.items() if name.startswith("test_")]:
        monkeypatch.chdir(tmp_path)
        np.save("old.npy", names["old"])
        np.save("new.npy", names["old"] * 2)
        test()


@pytest.mark.slow
@pytest.mark.parametrize("block", [one for one in HERE if one[1] == "sh"], ids=titled)
def test_the_commands_of_a_block_run(
    block: tuple[Path, str, str], files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(files)
    for line in block[2].splitlines():
        program, *words = shlex.split(line, comments=True)
        assert program == "emblink", line
        done = CliRunner().invoke(app, words)
        expected = next(
            (code for key, code in STATUS.items() if " ".join(words).startswith(key)), 0
        )
        assert done.exit_code == expected, (line, done.output, done.exception)


def test_every_other_block_is_run_where_it_is_said_to_be() -> None:
    assert {language for _, language, _ in HERE} <= {"python", "sh"}
    assert [test for test in ELSEWHERE.values() if not (ROOT / test).is_file()] == []
