"""Ctrl-C ends a command soon and in silence, whatever is under way."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.test_server_patience import let_in

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process"),
]

ASKED = """
import sys, time
from emblink.ask import Asker
from emblink import __main__ as command
def ask(*_):
    print("asked", flush=True)
    time.sleep(300)
Asker.ask = ask
sys.argv[1:] = ["open", sys.argv[1], "--no-open"]
command.main()
"""
IN_A_KERNEL = """
import hashlib
from emblink._interrupt import soon_ended
soon_ended()
def compute():
    hashlib.pbkdf2_hmac("sha256", b"", b"", 2_000_000_000)
try:
    print("computing", flush=True)
    compute()
except KeyboardInterrupt:  # between two steps of Python
    compute()
"""
WITH_WORKERS = """
import multiprocessing, time
from emblink._interrupt import soon_ended
if __name__ == "__main__":
    soon_ended()
    worker = multiprocessing.get_context("spawn").Process(target=time.sleep, args=(300,))
    worker.start()
    print("working", flush=True)
    try:
        time.sleep(300)
    except KeyboardInterrupt:
        time.sleep(300)
"""
LOADING = """
import sys
from emblink.__main__ import main
class Interrupted:
    def find_spec(self, name, *_):
        if name == "emblink.cli":
            raise KeyboardInterrupt
sys.meta_path.insert(0, Interrupted())
main()
"""


def begun(tmp_path: Path, code: str, *words: str) -> subprocess.Popen[str]:
    script = tmp_path / "script.py"
    script.write_text(code, encoding="utf-8")
    return subprocess.Popen(
        [sys.executable, str(script), *words],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "XDG_STATE_HOME": str(tmp_path)},
    )  # fmt: skip


def interrupted(process: subprocess.Popen[str]) -> tuple[int, str]:
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    return process.returncode, err.strip()


def test_a_question_in_flight_keeps_nobody(small_bundle: Path, tmp_path: Path) -> None:
    with begun(tmp_path, ASKED, str(small_bundle)) as process:
        assert process.stdout is not None
        url = process.stdout.readline().split()[-1]
        assert process.stdout.readline().startswith("Ctrl-C")
        with let_in(url) as client:
            client.timeout = httpx.Timeout(1)
            with pytest.raises(httpx.ReadTimeout):
                client.post("/ask?kind=selection&a=a&b=noisy", content=b"\0\0\0\0")
            assert process.stdout.readline() == "asked\n"
            status, err = interrupted(process)
    assert status in (1, 130)
    assert err in ("", "Aborted.", "Aborted!")


def test_a_kernel_that_hears_of_no_signal_keeps_nobody(tmp_path: Path) -> None:
    with begun(tmp_path, IN_A_KERNEL) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "computing\n"
        assert interrupted(process) == (130, "")


def test_workers_end_with_it(tmp_path: Path) -> None:
    with begun(tmp_path, WITH_WORKERS) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "working\n"
        # Heard to its end, which comes when the last that could write has ended.
        assert interrupted(process) == (130, "")


def test_while_it_is_loaded_it_ends_in_silence(tmp_path: Path) -> None:
    with begun(tmp_path, LOADING) as process:
        _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (130, "")
