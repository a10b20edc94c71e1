"""What CONTRIBUTING.md names is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
HOMES = (ROOT, ROOT / "src" / "emblink", ROOT / "frontend" / "src")
RECIPES = dict(re.findall(r"^## (Adding .*?)$(.*?)(?=^## )", TEXT, re.DOTALL | re.MULTILINE))
NAMED = re.compile(r"((?:`\w+(?:\(…\))?`(?:, | and )?)+)\s+(?:of|in)\s+`([\w./]+)`")


def places(path: str) -> list[Path]:
    return [home / path for home in HOMES if (home / path).exists()]


def test_there_is_a_recipe_for_each_thing_that_is_added_most() -> None:
    kinds = ("a measure", "a format", "a panel", "a kernel")
    assert [*RECIPES] == [f"Adding {kind}" for kind in kinds]


@pytest.mark.parametrize("recipe", RECIPES)
def test_files_that_a_recipe_names_exist(recipe: str) -> None:
    named = re.findall(r"`([\w./]+/[\w./]*)`", RECIPES[recipe])
    assert len(named) >= 2
    assert [path for path in named if not places(path)] == []


def test_names_that_a_recipe_finds_in_a_file_stand_there() -> None:
    found = [
        (name, path)
        for recipe in RECIPES.values()
        for names, path in NAMED.findall(recipe)
        for name in re.findall(r"`(\w+)", names)
    ]
    assert len(found) >= 8
    texts = {
        path: [one.read_text(encoding="utf-8") for one in places(path) if one.is_file()]
        for _, path in found
    }
    missing = [
        (name, path)
        for name, path in found
        if not any(re.search(rf"\b{name}\b", text) for text in texts[path])
    ]
    assert missing == []
