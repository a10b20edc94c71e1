"""Run the README's first command in a copy of this checkout, and fetch the page that it serves.

What it installed is weighed at once, which spares CI an install of its own for that.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path
from urllib.parse import urljoin

from _fresh import ROOT, copy_checkout
from weight import check

PATIENCE_S = 600.0


def first_command() -> str:
    """Return the README's line that installs and runs the demo, told not to open a browser."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    found = re.search(r"^python3 -m venv .* demo$", readme, re.MULTILINE)
    if not found:
        raise SystemExit("README.md has no line that makes an environment and runs the demo")
    return f"{found[0]} --no-open"


def visit(url: str) -> None:
    """Fetch the page, wait for the comparison, and fetch the manifest, as a browser would."""

    def fetch(path: str) -> bytes:
        with urllib.request.urlopen(urljoin(url, path), timeout=30) as answer:
            held: bytes = answer.read()
            return held

    if b'id="app"' not in fetch(url):
        raise SystemExit("the page is not the page")
    while (told := json.loads(fetch("progress")))["state"] == "running":
        time.sleep(0.5)
    if told["state"] == "failed":
        raise SystemExit(f"the demo failed: {told['message']}")
    if not json.loads(fetch("bundle/manifest.json"))["pairs"]:
        raise SystemExit("the demo compared no pairs")


def main() -> None:
    """Install, start, visit, weigh, stop."""
    with tempfile.TemporaryDirectory(prefix="emblink-smoke-") as name:
        scratch = Path(name)
        source = copy_checkout(scratch / "source")
        demo = subprocess.Popen(
            ["bash", "-c", first_command()],
            cwd=source,
            env={**os.environ, "XDG_CACHE_HOME": str(scratch / "cache"), "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        stop = threading.Timer(PATIENCE_S, os.killpg, (demo.pid, signal.SIGKILL))
        stop.start()
        try:
            assert demo.stdout is not None
            said = []
            for line in demo.stdout:
                said.append(line)
                served = re.search(r"http://127\.0\.0\.1:\d+/\S*", line)
                if served:
                    visit(served[0])
                    print("the README's first command serves the demo")
                    check(source / ".venv" / "bin" / "python")
                    return
            sys.exit("".join([*said[-30:], "the demo ended without serving a page"]))
        finally:
            stop.cancel()
            if demo.poll() is None:
                os.killpg(demo.pid, signal.SIGTERM)
                demo.wait(timeout=30)


if __name__ == "__main__":
    main()
