"""The page in a real JupyterLab."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from _carriers.lab import lab, notebook_of

import emblink as eb

pytestmark = [pytest.mark.lab, pytest.mark.slow]

ROOT = Path(__file__).parents[1]
SCRIPT = Path(__file__).parent / "notebook" / "lab.mjs"
CELLS = (
    "import emblink as eb\ncomparison = eb.open({path!r})\nw = comparison.widget(theme='light')\nw",
    "print('SELECTED', len(w.selection), w.n_selected, int(w.mask.sum()))",
    "w.selection = ['item-001', 'item-002', 'item-003']",
)


@pytest.fixture(scope="module")
def seen(small: eb.Comparison, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("lab")
    file = folder / "t.ipynb"
    file.write_text(
        json.dumps(notebook_of([one.format(path=str(small.path)) for one in CELLS])),
        encoding="utf-8",
    )
    with lab(folder) as address:
        run = subprocess.run(
            ["node", str(SCRIPT), address], capture_output=True, text=True, timeout=400
        )
    assert run.returncode == 0, run.stderr
    found: dict[str, Any] = json.loads(run.stdout)
    return {**found, "saved": file.read_text(encoding="utf-8")}


def test_what_is_lassoed_in_the_cell_is_read_in_python(seen: dict[str, Any]) -> None:
    n = re.match(r"\d+", seen["lassoed"])
    assert n is not None
    assert seen["read"] == f"SELECTED {n.group()} {n.group()} {n.group()}"
    assert 0 < int(n.group()) < 240


def test_what_is_set_in_python_is_seen_in_the_cell(seen: dict[str, Any]) -> None:
    assert seen["set"] == "3 selected"


def test_a_kernel_that_was_started_anew_is_said_and_running_the_cell_brings_the_page_back(
    seen: dict[str, Any],
) -> None:
    assert "run the cell again" in seen["silent"]
    assert "Reconnect" in seen["silent"]
    assert seen["again"] == "Nothing selected"


def test_the_saved_notebook_holds_nothing_of_the_data(seen: dict[str, Any]) -> None:
    assert "application/vnd.jupyter.widget-view+json" in seen["saved"]
    assert len(seen["saved"]) < 30_000
