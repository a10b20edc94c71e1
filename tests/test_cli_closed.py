"""A command whose output nobody reads on ends without a word, as ``| head`` expects."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import emblink as eb
from emblink.bundle import Bundle
from emblink.errors import InputError
from emblink.export import export

_MAIN = "import sys; from emblink.cli import main; sys.argv[0] = 'emblink'; main()"


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="it has no SIGPIPE")
@pytest.mark.parametrize("command", [["--help"], ["inspect", "a.npy"]])
def test_a_closed_pipe_ends_a_command_quietly(tmp_path: Path, command: list[str]) -> None:
    np.save(tmp_path / "a.npy", np.eye(9, dtype=np.float32))
    ours, theirs = os.pipe()
    os.close(ours)
    with os.fdopen(theirs, "wb") as closed:
        run = subprocess.run(
            [sys.executable, "-c", _MAIN, *command],
            cwd=tmp_path, stdout=closed, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    assert (run.returncode, run.stderr) == (141, "")


@pytest.mark.parametrize("name", ["x.txt", "page.HTM5", "out.json", "a.b.zip"])
def test_an_export_by_another_ending_is_refused_with_those_that_there_are(
    tmp_path: Path, name: str, small: eb.Comparison
) -> None:
    bundle = tmp_path / "run.emblink"
    small.save(bundle)
    with pytest.raises(InputError, match=r"expected .*\.html or \.htm, or of a folder"):
        export(Bundle(bundle), tmp_path / name)
    assert not (tmp_path / name).exists()


@pytest.mark.parametrize("name", ["site", "site-1.2", "v2.0"])
def test_folders_may_have_numbers_after_points(
    tmp_path: Path, name: str, small: eb.Comparison
) -> None:
    bundle = tmp_path / "run.emblink"
    small.save(bundle)
    assert export(Bundle(bundle), tmp_path / name).path.is_dir()
