"""The first picture of three spaces of 100,000 items in 384 dimensions, from the command's start.

``emblink compare A.npy B.npy C.npy --open`` in a process of its own, until a client of its page has
received the points of two spaces. Beside it a process that imports numpy, loads the three files and
takes two components of each by ``numpy.linalg.svd``, and one by scikit-learn's randomised PCA where
that is installed; neither draws, serves or matches ids. They take turns; medians.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from urllib.parse import quote, urljoin

import numpy as np

N_ITEMS, N_DIMS = 100_000, 384
NAMES = ("A", "B", "C")
RUNS = 3
TARGET_S = 3.0

COMMON = """
import numpy as np
spaces = [np.load(f"{name}.npy") for name in "ABC"]
spaces = [x / np.linalg.norm(x, axis=1, keepdims=True) for x in spaces]
"""
PEERS = {
    "numpy.linalg.svd": """
for x in spaces:
    x = x - x.mean(axis=0)
    _, _, axes = np.linalg.svd(x, full_matrices=False)
    x @ axes[:2].T
""",
    "scikit-learn PCA(2)": """
from sklearn.decomposition import PCA
for x in spaces:
    PCA(2, svd_solver="randomized", random_state=0).fit_transform(x)
""",
}


def write_spaces(folder: Path) -> None:
    """Write three noisy copies of 40 clusters."""
    rng = np.random.default_rng(0)
    centres = 1.5 * rng.standard_normal((40, N_DIMS), dtype=np.float32)
    of_item = rng.integers(0, 40, N_ITEMS)
    for name in NAMES:
        noise = rng.standard_normal((N_ITEMS, N_DIMS), dtype=np.float32)
        np.save(folder / f"{name}.npy", centres[of_item] + noise)


def first_picture(folder: Path, out: Path) -> float:
    """Return the seconds until the points of two spaces have been received."""
    start = time.perf_counter()
    command = [sys.executable, "-m", "emblink", "compare", *(f"{name}.npy" for name in NAMES)]
    run = subprocess.Popen(
        [*command, "-o", str(out), "--open"],
        cwd=folder,
        env={**os.environ, "BROWSER": "true"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert run.stderr is not None
        found = re.search(r"http://\S+", run.stderr.readline())
        if found is None:
            raise SystemExit(f"no address: {run.stderr.read()}")
        browser = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        browser.open(found[0]).read()
        while not json.load(browser.open(urljoin(found[0], "progress")))["revision"]:
            time.sleep(0.02)
        manifest = json.load(browser.open(urljoin(found[0], "bundle/manifest.json")))
        for space in manifest["spaces"][:2]:
            path = manifest["columns"][space["projections"][0]["coords"]]["path"]
            held = browser.open(urljoin(found[0], f"bundle/{quote(path)}")).read()
            assert len(held) == 8 * N_ITEMS
        return time.perf_counter() - start
    finally:
        run.kill()
        run.communicate()


def peer(code: str, folder: Path) -> float:
    """Return the seconds that a process takes for two components of each space."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", COMMON + code], cwd=folder, check=True)
    return time.perf_counter() - start


def main() -> None:
    """Print the medians and ratios; fail when the first picture takes too long."""
    peers = {
        name: code
        for name, code in PEERS.items()
        if "sklearn" not in code or importlib.util.find_spec("sklearn")
    }
    ours: list[float] = []
    theirs: dict[str, list[float]] = {name: [] for name in peers}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_spaces(folder)
        for turn in range(RUNS):
            ours.append(first_picture(folder, folder / f"run-{turn}.emblink"))
            for peer_name, code in peers.items():
                theirs[peer_name].append(peer(code, folder))
    median = statistics.median(ours)
    print(f"first picture of {N_ITEMS:,} x {len(NAMES)} x {N_DIMS}")
    print(f"{'emblink compare --open':<24}{median:8.2f} s   target {TARGET_S} s")
    for peer_name, times in theirs.items():
        taken = statistics.median(times)
        print(f"{peer_name:<24}{taken:8.2f} s   ratio {median / taken:.2f}")
    if median >= TARGET_S:
        raise SystemExit(f"missed: {median:.2f} s for the first picture")


if __name__ == "__main__":
    main()
