"""The page in a real marimo."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from _carriers.lab import wait_for

import emblink as eb

pytestmark = [pytest.mark.lab, pytest.mark.slow]

ROOT = Path(__file__).parents[1]
APP = ROOT / "tests" / "notebook" / "app.py"
SCRIPT = APP.with_name("marimo.mjs")


@pytest.fixture(scope="module")
def seen(small: eb.Comparison, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("marimo")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = {"EMBLINK_BUNDLE": str(small.path), "HOME": str(folder), "PYTHONPATH": str(ROOT / "src")}
    options = ("--headless", "--no-token", f"--port={port}")
    with (folder / "marimo.log").open("w", encoding="utf-8") as log:
        running = subprocess.Popen(
            [sys.executable, "-m", "marimo", "run", str(APP), *options],
            env={**os.environ, **own},
            stdout=log,
            stderr=log,
        )
        try:
            address = f"http://127.0.0.1:{port}"
            wait_for(address)
            run = subprocess.run(
                ["node", str(SCRIPT), address], capture_output=True, text=True, timeout=300
            )
        finally:
            running.terminate()
            running.wait(30)
    assert run.returncode == 0, run.stderr
    found: dict[str, Any] = json.loads(run.stdout)
    return found


def test_what_is_lassoed_in_the_app_is_read_in_python(seen: dict[str, Any]) -> None:
    n = re.match(r"\d+", seen["lassoed"])
    assert n is not None
    assert seen["read"] == f"SELECTED {n.group()} {n.group()} {n.group()}"
    assert 0 < int(n.group()) < 240


def test_what_is_set_in_python_is_seen_in_the_app(seen: dict[str, Any]) -> None:
    assert seen["set"] == "3 selected"
