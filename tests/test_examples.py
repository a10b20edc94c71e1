"""The example notebooks: kept without outputs, run whole, and what they end with is so."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples"
NOTEBOOKS = sorted(path.name for path in EXAMPLES.glob("*.ipynb"))
WORDS = ROOT / "tests" / "data" / "words_partial.npz"


def read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((EXAMPLES / name).read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_is_kept_without_outputs_and_listed(name: str) -> None:
    cells = read(name)["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    assert code
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)
    assert cells[0]["cell_type"] == "markdown"
    assert "".join(cells[-2]["source"]) == "**To quote:**"
    assert f"({name})" in (EXAMPLES / "README.md").read_text(encoding="utf-8")


def run(name: str) -> list[str]:
    """Run a notebook, and return what its cells printed, cell by cell."""
    import nbclient
    import nbformat

    notebook = nbformat.read(EXAMPLES / name, as_version=4)
    client = nbclient.NotebookClient(
        notebook, timeout=300, resources={"metadata": {"path": str(EXAMPLES)}}
    )
    client.execute()
    return [
        "".join(one.get("text", "") for one in cell["outputs"] if one.get("name") == "stdout")
        for cell in notebook["cells"]
        if cell["cell_type"] == "code"
    ]


def shares(sentence: str) -> list[float]:
    """Return the percentages of a sentence."""
    return [float(one) / 100 for one in re.findall(r"([\d.]+)%", sentence)]


@pytest.mark.lab
@pytest.mark.slow
def test_two_models_agree_on_more_than_chance_and_on_little() -> None:
    *_, near, sentence = run("two_models.ipynb")
    assert "names: " in near
    assert re.search(r"names: .*moon", near)
    assert sentence.endswith("over 1,870 emoji.\n")
    kept, chance = shares(sentence)
    assert 2 * chance < kept < 0.5


@pytest.mark.lab
@pytest.mark.slow
def test_a_training_run_changes_most_early_and_digits_are_recognised_at_its_end() -> None:
    sentence = run("training_run.ipynb")[-1]
    assert re.search(r"The largest step is epoch (1 → epoch 3|3 → epoch 10):", sentence)
    w, before, after = shares(sentence)
    assert 0 < w < 1
    assert before > 0.9
    assert after > 0.9


@pytest.mark.lab
@pytest.mark.slow
def test_vocabularies_share_the_words_that_both_hold() -> None:
    sentence = run("partial_vocabularies.ipynb")[-1]
    held = np.load(WORDS, allow_pickle=False)
    spacy, minilm = ({*held[f"rows__{one}"]} for one in ("spacy_md300", "minilm_input384"))
    shared, only_a, only_b = len(spacy & minilm), len(spacy - minilm), len(minilm - spacy)
    assert f"share {shared:,} words ({only_a:,} only in spaCy, {only_b:,} only in" in sentence
    kept, chance = shares(sentence)
    assert kept > 10 * chance


@pytest.mark.anndata
@pytest.mark.slow
def test_cells_are_compared_by_euclidean_distance_and_written_back() -> None:
    told = run("single_cells.ipynb")
    assert any("distances are Euclidean" in one for one in told)
    kept, chance, before, after = shares(told[-1])
    assert chance < kept < 1
    assert min(before, after) > 0.5
    assert "of 700 cells" in told[-1]
