"""Each page on a use case, run on the files that it names: its commands, and what may be quoted."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from emblink.cli import app
from tests.use_cases_helpers import write_all, write_cells

FOLDER = Path(__file__).parents[1] / "docs" / "use-cases"
PAGES = sorted(FOLDER.glob("*.md"))
OF_CELLS = "single-cells.md"
MOST_LINES = 80


def blocks(page: Path, language: str) -> list[str]:
    text = page.read_text("utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def run(page: Path) -> str:
    """Run every command of a page where its files are; return all that they print."""
    said = []
    for line in "".join(blocks(page, "sh")).splitlines():
        command, _, status = line.partition("  # status ")
        program, *words = shlex.split(command)
        assert program == "emblink"
        given = [
            found
            for word in words
            for found in (sorted(map(str, Path().glob(word))) if "*" in word else [word])
        ]
        done = CliRunner().invoke(app, given, env={"COLUMNS": "400"})
        assert done.exit_code == int(status or 0), (line, done.output, done.exception)
        said.append(done.output)
    return plain("\n".join(said))


def plain(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.slow
@pytest.mark.parametrize(
    "page", [one for one in PAGES if one.name != OF_CELLS], ids=lambda one: one.stem
)
def test_a_page_runs_and_says_what_it_quotes(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write_all(tmp_path)
    for text in blocks(page, "toml"):
        Path("gate.toml").write_text(text, "utf-8")
    said = run(page)
    quoted = blocks(page, "text")
    assert quoted
    for sentence in quoted:
        assert plain(sentence) in said


@pytest.mark.anndata
def test_the_page_of_cells_runs_and_both_ways_say_what_it_quotes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = FOLDER / OF_CELLS
    monkeypatch.chdir(tmp_path)
    write_cells(tmp_path)
    (sentence,) = map(plain, blocks(page, "text"))
    assert sentence in run(page)
    capsys.readouterr()
    (code,) = blocks(page, "python")
    exec(compile(code, page.name, "exec"), {})
    assert sentence in plain(capsys.readouterr().out)
    assert Path("compared.h5ad").exists()


def test_pages_are_short_and_stand_in_the_table_of_questions() -> None:
    assert len(PAGES) == 7
    table = (FOLDER.parent / "questions.md").read_text("utf-8")
    for page in PAGES:
        assert len(page.read_text("utf-8").splitlines()) < MOST_LINES
        assert f"use-cases/{page.name}" in table
