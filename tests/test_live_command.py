"""`emblink compare … --open` has its page from the first moment, and tells it how it ends."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import numpy as np
import pytest

from tests.server_helpers import origin_of

pytestmark = pytest.mark.slow


def files_of(folder: Path, *, n: int, n_dims: int) -> None:
    rng = np.random.default_rng(0)
    for name in "ab":
        vectors = rng.standard_normal((n, n_dims)).astype(np.float32)
        np.save(folder / f"{name}.npy", vectors)


class Run:
    """`emblink compare … --open`, and a client of its page."""

    def __init__(self, folder: Path, *words: str) -> None:
        command = [sys.executable, "-m", "emblink", "compare", "a.npy", "b.npy"]
        self.process = subprocess.Popen(
            [*command, "-o", "run.emblink", "--open", *words],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "BROWSER": "true"},
        )
        assert self.process.stderr is not None
        found = re.search(r"http://\S+", self.process.stderr.readline())
        assert found is not None
        self.client = httpx.Client(base_url=found[0], trust_env=False)

    def progress(self) -> dict[str, object]:
        told: dict[str, object] = self.client.get("/progress").json()
        return told

    def until(self, **wanted: object) -> dict[str, object]:
        for _ in range(3000):
            told = self.progress()
            if all(told[key] == value for key, value in wanted.items()):
                return told
            time.sleep(0.02)
        raise AssertionError(told)

    def end(self) -> tuple[int, str, str]:
        out, err = self.process.communicate(timeout=60)
        self.client.close()
        return self.process.returncode, out, err


def test_the_page_is_there_at_once_and_the_report_after(tmp_path: Path) -> None:
    files_of(tmp_path, n=80, n_dims=8)
    run = Run(tmp_path, "--json")
    run.until(state="done")
    assert run.client.get("/bundle/manifest.json").json()["title"] == "run"
    run.process.send_signal(signal.SIGINT)
    status, out, _ = run.end()
    assert status == 0
    assert json.loads(out)["schema"] == "emblink.report/2"


@pytest.mark.parametrize("by", ["an interrupt", "the page"])
def test_stopped_it_tells_the_page_and_goes_on_with_the_steps_it_kept(
    by: str, tmp_path: Path
) -> None:
    files_of(tmp_path, n=12_000, n_dims=96)
    run = Run(tmp_path)
    run.until(step="neighbours of a")
    assert run.progress()["revision"] == 1
    if by == "an interrupt":
        run.process.send_signal(signal.SIGINT)
    else:
        own = {"origin": origin_of(str(run.client.base_url))}
        assert run.client.post("/progress", headers=own).status_code == 204
    told = run.until(state="failed")
    assert told["message"] == "stopped; the same command goes on from here"
    status, _, err = run.end()
    assert status == 130
    assert err.splitlines()[-1] == told["message"]
    assert [*tmp_path.glob("run.emblink/columns/vectors-*")]


def test_what_cannot_be_compared_fails_before_a_page_is_opened(tmp_path: Path) -> None:
    files_of(tmp_path, n=80, n_dims=8)
    command = [sys.executable, "-m", "emblink", "compare", "a.npy", "none.npy"]
    run = subprocess.run(
        [*command, "-o", "run.emblink", "--open"], cwd=tmp_path, capture_output=True, text=True
    )
    assert run.returncode == 2
    assert "http" not in run.stderr
    assert "none.npy" in run.stderr


def test_what_fails_later_is_told_to_the_page(tmp_path: Path) -> None:
    files_of(tmp_path, n=80, n_dims=8)
    (tmp_path / "run.emblink").mkdir()
    (tmp_path / "run.emblink" / "thesis.txt").write_text("mine")
    run = Run(tmp_path)
    told = run.until(state="failed")
    assert "is not an Emblink bundle" in str(told["message"])
    assert run.end()[0] == 2
