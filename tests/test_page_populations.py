"""A bundle of populations on the page: one picture in two inks, and findings that select."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

import emblink as eb
from tests.populations_helpers import with_news
from tests.server_helpers import running

pytestmark = pytest.mark.slow

SCRIPT = Path(__file__).parent / "browser" / "populations.mjs"


def test_the_page_tells_selects_and_colours(tmp_path: Path) -> None:
    sides, labels = with_news(150, more=30)
    bundle = tmp_path / "run.emblink"
    eb.populations(sides, labels=labels, out=bundle)
    with running(bundle) as server:
        run = subprocess.run(
            ["node", str(SCRIPT), server.url], capture_output=True, text=True, timeout=180
        )
    assert run.returncode == 0, run.stderr
    found: dict[str, Any] = json.loads(run.stdout)
    assert found["complaints"] == []
    assert found["tabs"] == ["Populations", "Items"]
    assert found["verdict"].startswith("Drifted. outage is new")
    assert "jan" in found["inks"]
    assert "feb" in found["inks"]
    assert "30 selected" in " ".join(found["bar"].split())
    assert found["morphs"] == 0
    said = " ".join(found["density"].split())
    assert "lie in jan and in feb" in said
    assert "only jan" in said
    assert "only feb" in said
