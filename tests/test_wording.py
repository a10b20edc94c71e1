"""Sentences stand in wording, and nowhere in rooms that compute."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "emblink"
COMPUTE = (
    *("adapter", "ask", "budget", "comparison", "findings", "gate", "groups", "joint.py"),
    *("judge", "matched", "measures", "parity", "pipeline", "plans.py", "projection"),
    *("replicates.py", "searches", "stats", "variants"),
)
WORDS_OF_A_SENTENCE = 4
STAGES = {
    "asking again who changed most from {} to {}",
    "looking for shuffled rows in {} → {}",
    "trust of the pictures of {}",
    "change group within a selection",
    "Linear CKA and Procrustes",
    "neighbours of a sample of {}",
    "asking a sample of {}",
    "the vectors of space {} ({})",
    "rank-biased overlap of results",
    "aligned layout, once more",
    "SELECT {} FROM by_place",
    "Trying to modify attribute",
    '<?xml version="1.0" encoding="utf-8"?>\n',
}
"""Names of steps, of origins and of columns, which say nothing."""
ERRORS = {
    "a map is from one space to another",
    "give two, or name both",
    "{} (in Python old= and new=)",
    "parity is of two spaces",
    "give two files, or name both spaces (--old, --new)",
    "values of {} are, for example: {}",
    "several pairs could be meant",
    "there is no such pair",
    "NaN, infinite or, for float32, too large numbers",
    "zeros only, which have no direction under cosine",
    "results have shapes {} and {}",
}
"""Parts of errors, which are put together where they are raised."""


def said(tree: ast.AST) -> Iterator[str]:
    """Return the texts of a module that are no docstring and no part of an error."""
    left_out: set[ast.AST] = set()
    for node in ast.walk(tree):
        error = isinstance(node, ast.Raise) or (
            isinstance(node, ast.Call) and ast.unparse(node.func).endswith("Error")
        )
        if error or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            left_out |= {*ast.walk(node)}
    for node in ast.walk(tree):
        if node in left_out:
            continue
        if isinstance(node, ast.JoinedStr):
            left_out |= {*ast.walk(node)} - {node}
            yield "".join(
                str(one.value) if isinstance(one, ast.Constant) else "{}" for one in node.values
            )
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def sentences(source: str) -> set[str]:
    """Return what reads as words for people."""
    return {
        text
        for text in said(ast.parse(source))
        if " " in text and len(re.findall(r"[A-Za-z]{2,}", text)) >= WORDS_OF_A_SENTENCE
    }


@pytest.mark.parametrize("room", COMPUTE)
def test_a_room_that_computes_builds_no_sentence(room: str) -> None:
    path = SOURCE / room
    files = [path] if path.suffix else sorted(path.rglob("*.py"))
    found = {
        f"{file.relative_to(SOURCE)}: {text}"
        for file in files
        for text in sentences(file.read_text(encoding="utf-8")) - STAGES - ERRORS
    }
    assert found == set()


def test_sentences_are_seen_where_they_stand() -> None:
    source = '''
def words(n):
    """Nothing of this docstring counts."""
    if n < 0:
        raise InputError(f"there are {n} items and so an error")
    return f"These {n} items keep all of their neighbours."
'''
    assert sentences(source) == {"These {} items keep all of their neighbours."}
