"""What is known to have changed is named first, on one screen; one click shows it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.server_helpers import running

pytestmark = pytest.mark.slow

SCRIPTS = Path(__file__).resolve().parents[1] / "scripts"
sys.path.insert(0, str(SCRIPTS))
try:
    import thirty_seconds
finally:
    sys.path.remove(str(SCRIPTS))

SMALL = ("digits", "mnist")
"""Those that are compared within seconds; the others are looked at when the pictures are drawn."""


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    folder = tmp_path_factory.mktemp("thirty")
    with ExitStack() as servers:
        given = []
        for name in SMALL:
            bundle = folder / f"{name}.emblink"
            thirty_seconds.MADE[name](bundle)
            given.append(f"{name}={servers.enter_context(running(bundle)).url}")
        run = subprocess.run(
            ["node", str(SCRIPTS / "thirty_seconds.mjs"), str(folder), *given],
            capture_output=True,
            text=True,
            timeout=300,
            env={**os.environ, "PICTURE_SIZES": "1280x800"},
        )
    assert run.returncode == 0, run.stderr
    found: dict[str, list[dict[str, Any]]] = {}
    for line in run.stdout.splitlines():
        one = json.loads(line)
        found.setdefault(one["name"], []).append(one)
    return found


@pytest.mark.parametrize("name", SMALL)
def test_what_changed_is_named_first_on_one_screen(
    seen: dict[str, list[dict[str, Any]]], name: str
) -> None:
    assert len(seen[name]) == 2  # light and dark
    for one in seen[name]:
        assert [word for word in thirty_seconds.KNOWN[name] if word not in one["said"]] == []
        assert one["on_screen"]


@pytest.mark.parametrize("name", SMALL)
def test_one_click_selects_it_and_shows_it_in_another_picture(
    seen: dict[str, list[dict[str, Any]]], name: str
) -> None:
    for one in seen[name]:
        assert one["selected"] > 0
        assert one["pixels_changed"] > 1000


def test_every_comparison_of_the_test_says_what_is_known_of_it() -> None:
    assert set(thirty_seconds.KNOWN) == set(thirty_seconds.MADE)
