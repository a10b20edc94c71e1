"""A real JupyterLab over a folder, for benchmarks and tests of the page in a notebook."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]


def notebook_of(sources: Sequence[str]) -> dict[str, object]:
    """Return a notebook with a cell of code for each source."""
    empty: dict[str, object] = {"metadata": {}, "execution_count": None, "outputs": []}
    cells: list[dict[str, object]] = [
        {"cell_type": "code", "id": f"cell-{at}", "source": one, **empty}
        for at, one in enumerate(sources)
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}


@contextmanager
def lab(folder: Path) -> Iterator[str]:
    """Run JupyterLab over a folder; yield the address of its notebook ``t.ipynb``."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = {
        f"JUPYTER_{name}_DIR": str(folder / f".{name}") for name in ("CONFIG", "DATA", "RUNTIME")
    }
    options = ("--no-browser", "--allow-root", f"--port={port}", "--ServerApp.token=t")
    with (folder / "lab.log").open("w", encoding="utf-8") as log:
        running = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *options, f"--ServerApp.root_dir={folder}"],
            env={**os.environ, **own, "PYTHONPATH": str(ROOT / "src")},
            stdout=log,
            stderr=log,
        )
        try:
            wait_for(f"http://127.0.0.1:{port}/api/status?token=t")
            yield f"http://127.0.0.1:{port}/lab/tree/t.ipynb?token=t"
        finally:
            running.terminate()
            running.wait(30)


def wait_for(address: str) -> None:
    """Wait until something answers at an address, two minutes at most."""
    for _ in range(240):
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(0.5)
    raise RuntimeError(f"nothing answered at {address}")
