"""The page in a conversation: a sandboxed frame of a host that lets nothing be fetched."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

import emblink as eb
from emblink.errors import BundleError
from emblink.mcp._app import page_of, shell

SCRIPT = Path(__file__).parent / "browser" / "hosted.mjs"


@pytest.fixture(scope="module")
def hosted(small: eb.Comparison, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("hosted")
    (folder / "shell.html").write_text(shell(), encoding="utf-8")
    (folder / "page.html").write_text(page_of(small.path, "small"), encoding="utf-8")
    ran = subprocess.run(
        ["node", str(SCRIPT), str(folder)], capture_output=True, text=True, timeout=240
    )
    assert ran.returncode == 0, ran.stderr
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("way", ["shell", "page"])
def test_the_page_paints_in_a_sandbox_and_fetches_nothing(hosted: dict[str, Any], way: str) -> None:
    seen = hosted[way]
    assert seen["complaints"] == []
    assert seen["fetched"] == []
    assert "small" in seen["words"]
    assert "240 items in 3 spaces" in seen["words"]


@pytest.mark.slow
def test_the_frame_greets_its_host_once_and_asks_for_the_comparison_that_was_made(
    hosted: dict[str, Any],
) -> None:
    greeting = ["ui/initialize", "ui/notifications/initialized"]
    for way in ("shell", "page"):
        heard = hosted[way]["heard"]
        assert [one for one in heard if one in greeting] == greeting
        assert heard[-1] == "answer to t: {}"
        assert "ui/notifications/size-changed" in heard
    assert "resources/read" in hosted["shell"]["heard"]
    assert "resources/read" not in hosted["page"]["heard"]


def test_a_page_of_another_build_is_refused(
    small: eb.Comparison, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("emblink.mcp._app._POLICY", "no such policy")
    with pytest.raises(BundleError, match="built by another version"):
        page_of(small.path, "small")
