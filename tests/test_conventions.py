"""The project's habits, held by tests instead of by memory."""

from __future__ import annotations

import ast
import dataclasses
import importlib
import inspect
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "emblink"
DOORS = [
    "emblink",
    *(
        f"emblink.{room}"
        for room in (
            *("load", "neighbors", "stats", "measures", "projection", "bundle"),
            *("judge", "wording", "matched", "groups", "findings"),
        )
    ),
]
HEAVY = {
    *("duckdb", "narwhals", "rich", "starlette", "typer", "uvicorn"),
    *("faiss", "pandas", "polars", "pyarrow", "scipy", "sklearn", "torch"),
}
GUIDES = sorted((ROOT / "docs").rglob("*.md"))
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *GUIDES]


def public_names(door: str) -> list[str]:
    return list(getattr(importlib.import_module(door), "__all__", ()))


def public_functions() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yield every function behind a door, and the methods of the classes there."""
    for door in DOORS:
        for name in public_names(door):
            thing = getattr(importlib.import_module(door), name)
            if isinstance(thing, FunctionType):
                yield f"{door}.{name}", thing
            elif inspect.isclass(thing) and thing.__module__.startswith("emblink"):
                for method, function in vars(thing).items():
                    wanted = method == "__init__" and not dataclasses.is_dataclass(thing)
                    if isinstance(function, FunctionType) and (wanted or method[0] != "_"):
                        yield f"{door}.{name}.{method}", function


def sources(*folders: str) -> list[Path]:
    kinds = {".py", ".ts", ".svelte", ".css", ".cpp", ".h", ".glsl", ".vert", ".frag"}
    return [
        path
        for folder in folders
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in kinds and "static" not in path.parts and not path.name.endswith(".gen.ts")
    ]


@pytest.mark.parametrize("door", DOORS)
def test_a_door_shows_exactly_what_it_lists(door: str) -> None:
    module = importlib.import_module(door)
    listed = public_names(door)
    assert len(listed) == len(set(listed))
    assert [name for name in listed if not hasattr(module, name)] == []
    shown = {
        name
        for name, thing in vars(module).items()
        if name[0] != "_"
        and name != "TYPE_CHECKING"
        and not isinstance(thing, ModuleType)
        and getattr(thing, "__module__", "emblink").startswith("emblink")
    }
    assert shown - set(listed) == set()


def test_public_functions_take_at_most_three_positional_parameters() -> None:
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    greedy = {
        name: count
        for name, function in public_functions()
        if (
            count := sum(
                parameter.kind in positional and parameter.name not in ("self", "cls")
                for parameter in inspect.signature(function).parameters.values()
            )
        )
        > 3
    }
    assert greedy == {}


def test_public_functions_document_their_parameters_and_result() -> None:
    silent = {
        name: missing
        for name, function in public_functions()
        if (missing := undocumented(function))
        and not name.endswith("__init__")
        and not is_phrase(name, function)
    }
    assert silent == {}


def is_phrase(name: str, function: Callable[..., Any]) -> bool:
    """Whether a function says something in words: one line tells what, its types the rest."""
    return name.startswith("emblink.wording.") and bool(inspect.getdoc(function))


def undocumented(function: Callable[..., Any]) -> list[str]:
    """Return what a function's docstring leaves out."""
    text = inspect.getdoc(function)
    if not text:
        return ["docstring"]
    section = text.partition("Parameters\n----------\n")[2].partition("\n\n")[0:3]
    described = {
        name.strip(" *")
        for line in "".join(section).splitlines()
        if (head := re.match(r"(\S[^:]*?) ?(:|$)", line))
        for name in head[1].split(",")
    }
    signature = inspect.signature(function)
    missing = [
        name
        for name in signature.parameters
        if name not in ("self", "cls") and name not in described
    ]
    if signature.return_annotation not in (None, "None") and not re.search(
        r"^(Returns|Yields)\n-+$", text, re.MULTILINE
    ):
        missing.append("Returns")
    return missing


def test_every_public_class_says_what_it_is() -> None:
    silent = [
        f"{door}.{name}"
        for door in DOORS
        for name in public_names(door)
        if inspect.isclass(thing := getattr(importlib.import_module(door), name))
        and not (thing.__doc__ or "").strip()
    ]
    assert silent == []


def test_importing_emblink_loads_no_heavy_package() -> None:
    code = "import sys, emblink; print(*{name.partition('.')[0] for name in sys.modules})"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert "emblink" in loaded
    assert set(loaded) & HEAVY == set()


@pytest.mark.parametrize(
    "habit",
    [
        r"\bimport pickle|\bfrom pickle|\bpickle\.loads?\(",
        r"allow_pickle\s*=\s*True",
        r"(?<![\w.])print\(",
        r"except Exception\b(?! as error:  # )",
        r"import \*",
    ],
)
def test_no_source_has_the_habit(habit: str) -> None:
    having = [
        str(path.relative_to(ROOT))
        for path in sources("src/emblink")
        if re.search(habit, path.read_text(encoding="utf-8"))
    ]
    assert having == []


def test_no_file_is_longer_than_400_lines() -> None:
    folders = ("src", "tests", "benchmarks", "scripts", "frontend/src")
    long = {
        str(path.relative_to(ROOT)): count
        for path in [*sources(*folders), ROOT / "hatch_build.py"]
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert long == {}


def test_the_package_lock_names_no_registry() -> None:
    lock = json.loads((ROOT / "frontend" / "package-lock.json").read_text(encoding="utf-8"))
    packages = lock["packages"]
    assert len(packages) > 100
    assert [
        name for name, package in packages.items() if "://" in package.get("resolved", "")
    ] == []
    assert [name for name, package in packages.items() if name and "integrity" not in package] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+?)(?:#[^)]*)?\)", document.read_text(encoding="utf-8"))
    assert [link for link in links if not (document.parent / link).exists()] == []


def test_the_index_leads_to_every_page_of_the_documentation() -> None:
    index = ROOT / "docs" / "index.md"
    text = index.read_text(encoding="utf-8")
    others = (page.relative_to(index.parent).as_posix() for page in GUIDES if page != index)
    assert [page for page in others if f"({page})" not in text] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_scripts_named_in_a_document_can_be_run(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    named = set(re.findall(r"(?<![\w/])((?:scripts|\.ci|benchmarks)/[\w.-]*\w)", text))
    assert [name for name in named if not (ROOT / name).is_file()] == []
    programs = [name for name in named if not name.endswith(".py")]
    assert [name for name in programs if not os.access(ROOT / name, os.X_OK)] == []


def test_no_function_stands_in_both_ask_and_the_pipeline() -> None:
    bodies: dict[str, str] = {}
    for folder in ("ask", "pipeline"):
        for path in sorted((PACKAGE / folder).glob("*.py")):
            for body, name in _bodies(path):
                assert bodies.setdefault(body, folder) == folder, f"{path}: {name}"


def _bodies(path: Path) -> Iterator[tuple[str, str]]:
    """The statements of each function of two or more, whatever it is called."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef):
            own = node.body[1:] if ast.get_docstring(node) else node.body
            if len(own) > 1:
                yield ast.dump(ast.Module(own, [])), node.name
