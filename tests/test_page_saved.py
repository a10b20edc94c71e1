"""A selection saved on the page is there again when the server was stopped and started."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

import emblink as eb
from tests.server_helpers import running

pytestmark = pytest.mark.slow

SCRIPT = Path(__file__).parent / "browser" / "saved.mjs"


def use(bundle: Path, *words: str) -> dict[str, Any]:
    with running(bundle) as server:
        command = ["node", str(SCRIPT), server.url, *words]
        run = subprocess.run(command, capture_output=True, text=True, timeout=180)
    assert run.returncode == 0, run.stderr
    found: dict[str, Any] = json.loads(run.stdout)
    return found


def test_it_outlives_page_and_server_and_is_known_to_python(
    small_bundle: Path, tmp_path: Path
) -> None:
    bundle = Path(shutil.copytree(small_bundle, tmp_path / "copy.emblink"))
    first = use(bundle, "first label")
    again = use(bundle)
    assert first["complaints"] == again["complaints"] == []
    count = first["bar"].split(" selected")[0].split()[-1]
    assert f"{count} selected" in again["bar"]
    assert "first label" in again["bar"]
    assert len(eb.Comparison(bundle).saved["first label"]) == int(count.replace(",", ""))
