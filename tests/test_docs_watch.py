"""The code and commands of ``docs/watch.md`` that need nothing but Emblink, run."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from emblink.bundle import read_manifest
from tests.watch_helpers import PAGE, ROOT, names, run, vectors


@pytest.mark.slow
def test_the_loop_of_the_page_is_watched_and_another_run_joins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = names(batches=range(21), learn=lambda _: 0.5, probe=None)
    for name in ("seed1", "run"):
        monkeypatch.chdir(tmp_path)
        steps = iter((0, 10, 20))
        known["embed"] = lambda _, steps=steps: vectors(next(steps))
        run("for step, batch in enumerate(batches)", known)
        if name == "seed1":
            Path("run.emblink").rename("seed1.emblink")
    run("emblink.watch.join", known)
    manifest = read_manifest(tmp_path / "run.emblink")
    assert manifest.watch is not None
    assert [one.step for one in manifest.watch.steps] == [0, 10, 20]
    assert sum("replicate_of" in one for one in manifest.report["spaces"]) == 3


@pytest.mark.slow
def test_the_commands_of_the_page_do_what_it_says(tmp_path: Path) -> None:
    (block,) = re.findall(r"^```sh\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    example, opened = (shlex.split(line) for line in block.splitlines())
    assert example[:2] == ["python", "examples/watch_digits.py"]
    script = (
        "import sys; sys.path.insert(0, sys.argv[1]); "
        "from watch_digits import main; main(sys.argv[2], steps=60)"
    )
    made = subprocess.run(
        [sys.executable, "-c", script, str(ROOT / "examples"), example[2]],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=900,
        env=os.environ,
    )
    assert made.returncode == 0, made.stderr
    manifest = read_manifest(tmp_path / example[2])
    assert manifest.watch is not None
    assert len(manifest.watch.steps) == 20
    with subprocess.Popen(
        [sys.executable, "-m", *opened, "--no-open"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as server:
        assert server.stdout is not None
        said = server.stdout.readline()
        server.terminate()
    assert said.startswith("Emblink is at http://127.0.0.1:")
    assert said.strip().endswith("#follow=1")
