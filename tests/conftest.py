"""Small real comparisons that many tests look at."""

from __future__ import annotations

import importlib.util
import os
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

import emblink as eb
from emblink.types import FloatArray, IntArray

DATA = Path(__file__).parent / "data"

# Addresses of pages are kept for a day: not those of tests.
_state = tempfile.TemporaryDirectory(prefix="emblink-state-")
os.environ["XDG_STATE_HOME"] = _state.name

# A machine that is busy with other work fails no test.
settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")


def clustered(
    n_items: int = 240, n_dims: int = 12, *, seed: int = 0, spread: float = 0.5
) -> tuple[FloatArray, IntArray]:
    """Return vectors in four clusters, and the cluster of each."""
    rng = np.random.default_rng(seed)
    labels = np.arange(n_items) % 4
    centres = rng.standard_normal((4, n_dims)) * 2
    return centres[labels] + spread * rng.standard_normal((n_items, n_dims)), labels


def overlap_of(comparison: eb.Comparison, a: str, b: str) -> float:
    """Return the mean neighbourhood overlap of a pair."""
    return comparison.pair(a, b).scores["neighborhood_overlap"]["value"]


def pytest_unconfigure() -> None:
    """Leave nothing behind."""
    _state.cleanup()


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> eb.Comparison:
    """Three spaces of 240 labelled items: a, a rotation of it, and a noisy part of it."""
    x, labels = clustered()
    rng = np.random.default_rng(1)
    turned = 3 * x @ np.linalg.qr(rng.standard_normal((12, 12)))[0]
    part = np.sort(rng.permutation(240)[:180])
    noisy = (x + rng.standard_normal(x.shape))[part]
    ids = np.array([f"item-{i:03d}" for i in range(240)])
    return eb.compare(
        {"a": x, "turned": turned, "noisy": noisy},
        ids={"a": ids, "turned": ids, "noisy": ids[part]},
        items={
            "id": ids,
            "label": np.array(["red", "green", "blue", "grey"])[labels],
            "words": np.array([f"thing number {i}" for i in range(240)]),
            "size": np.linspace(0, 1, 240),
        },
        labels="label",
        text="words",
        out=tmp_path_factory.mktemp("bundles") / "small.emblink",
    )


@pytest.fixture(scope="session")
def small_bundle(small: eb.Comparison) -> Path:
    """Return the directory of ``small``."""
    return small.path


@pytest.fixture(scope="session")
def replicated() -> eb.Comparison:
    """Spaces a and b of 300 items, each with another run of its recipe: a2 and b2."""
    x, _ = clustered(300, spread=1.0)
    rng = np.random.default_rng(5)
    a, a2, b, b2 = (x + 0.6 * rng.standard_normal(x.shape) for _ in range(4))
    return eb.compare(
        {"a": a, "b": 2 * b + a, "a2": a2, "b2": 2 * b2 + a2}, replicates={"a": ["a2"], "b": ["b2"]}
    )


NEEDED = {
    "anndata": "anndata",
    "notebook": "anywidget",
    "lab": "jupyterlab",
    "drawn": "matplotlib",
    "executors": "distributed",
    "trained": "torch",
    "mcp": "mcp",
}
"""What must be installed for the tests with a mark."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave what needs a library to the environment that has it: see scripts/test-anndata."""
    missing = [mark for mark, name in NEEDED.items() if importlib.util.find_spec(name) is None]
    asked = [one for one in items if any(one.get_closest_marker(mark) for mark in missing)]
    if asked:
        config.hook.pytest_deselected(items=asked)
        items[:] = [one for one in items if one not in asked]
