"""Each promise of docs/reliability.md stands beside a test that exists."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
PROMISES = re.findall(r"^\| (.+?) \| `([^`]+)` \|$", TEXT, re.MULTILINE)
CALLERS = {"urllib.request", "http.client", "requests", "httpx", "aiohttp", "ftplib", "smtplib"}


def test_every_row_is_a_promise_beside_a_test() -> None:
    rows = [one for one in TEXT.splitlines() if one.startswith("| ") and "Shown by" not in one]
    assert len(rows) == len(PROMISES) > 30


@pytest.mark.parametrize("test", [test for _, test in PROMISES])
def test_the_test_beside_a_promise_exists(test: str) -> None:
    file, _, name = test.partition("::")
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    tests = {one.name for one in tree.body if isinstance(one, ast.FunctionDef)}
    assert name in tests if name else any(one.startswith("test_") for one in tests)


def test_no_code_of_ours_calls_anywhere() -> None:
    calling = {
        str(path.relative_to(ROOT)): used
        for path in (ROOT / "src" / "emblink").rglob("*.py")
        if (used := imported(path) & CALLERS)
    }
    assert calling == {}


def imported(path: Path) -> set[str]:
    """Return the modules that a file imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{one.name}" for one in node.names)}
    return found


def test_nothing_that_is_needed_reports_to_others() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    known = ("sentry", "opentelemetry", "posthog", "segment", "mixpanel", "telemetry")
    assert [one for one in project["dependencies"] if any(name in one for name in known)] == []
