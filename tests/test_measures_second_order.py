"""Second-order similarity: closed forms, invariances, and its chance."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import ortho_group

import emblink as eb
from emblink.measures import chance_second_order_similarity, second_order_similarity
from emblink.neighbors import nearest_neighbors
from tests.conftest import clustered


def asked(a: NDArray[np.float32], b: NDArray[np.float32], *, k: int = 10) -> dict[str, object]:
    lists = tuple(nearest_neighbors(one, k=k, metric="cosine").indices for one in (a, b))
    return {"rows": np.arange(len(a)), "lists": lists}


def by_hand(a: NDArray[np.float32], b: NDArray[np.float32], *, k: int) -> list[float]:
    unit = [one / np.linalg.norm(one, axis=1, keepdims=True) for one in (a, b)]
    cosines = [one @ one.T for one in unit]
    found = []
    for i in range(len(a)):
        near: set[int] = set()
        for one in cosines:
            near |= {*[j for j in np.argsort(-one[i], kind="stable").tolist() if j != i][:k]}
        x, y = (one[i][sorted(near)] for one in cosines)
        found.append(float(x @ y / np.linalg.norm(x) / np.linalg.norm(y)))
    return found


def test_it_is_the_cosine_of_the_similarities_to_all_neighbours() -> None:
    rng = np.random.default_rng(1)
    a = rng.standard_normal((60, 7)).astype(np.float32)
    b = (a[:, :5] + 0.5 * rng.standard_normal((60, 5))).astype(np.float32)
    found = second_order_similarity(a, b, **asked(a, b, k=4))  # type: ignore[arg-type]
    assert found == pytest.approx(by_hand(a, b, k=4), abs=1e-6)


def test_neither_rotation_nor_lengths_matter() -> None:
    rng = np.random.default_rng(2)
    x, _ = clustered(150, spread=1.0)
    y = x + 0.3 * rng.standard_normal(x.shape).astype(np.float32)
    turned = (y @ ortho_group.rvs(x.shape[1], random_state=3)) * rng.uniform(0.1, 9, (150, 1))
    plain = second_order_similarity(x, y, **asked(x, y))  # type: ignore[arg-type]
    assert second_order_similarity(x, turned, **asked(x, y)) == pytest.approx(plain, abs=1e-6)  # type: ignore[arg-type]
    assert second_order_similarity(x, x, **asked(x, x)) == pytest.approx(1.0)  # type: ignore[arg-type]


def test_of_euclidean_distances_neither_shift_nor_scale_matters() -> None:
    rng = np.random.default_rng(6)
    x, _ = clustered(150, spread=1.0)
    y = x + 0.3 * rng.standard_normal(x.shape).astype(np.float32)
    euclidean = {"metrics": ("euclidean", "euclidean")}
    plain = second_order_similarity(x, y, **asked(x, y), **euclidean)  # type: ignore[arg-type]
    moved = second_order_similarity(3 * x + 50, y - 9, **asked(x, y), **euclidean)  # type: ignore[arg-type]
    assert moved == pytest.approx(plain, abs=1e-4)


@pytest.mark.parametrize("shared", [0.0, 3.0])
def test_unrelated_spaces_reach_its_chance(shared: float) -> None:
    rng = np.random.default_rng(4)
    a, b = (rng.standard_normal((2, 1500, 24)) + shared).astype(np.float32)
    given = asked(a, b)
    mean = float(second_order_similarity(a, b, **given).mean())  # type: ignore[arg-type]
    chance = chance_second_order_similarity(a, b, **given)  # type: ignore[arg-type]
    assert mean == pytest.approx(chance, abs=0.01)
    assert (chance > 0.9) == (shared > 0.0)


@pytest.mark.slow
def test_a_pair_has_it_beside_chance_and_floor() -> None:
    x, _ = clustered(300, spread=1.0)
    noise = np.random.default_rng(5).standard_normal(x.shape).astype(np.float32)
    pairs = [eb.compare({"a": x, "b": x + far * noise}).pair("a", "b") for far in (0.1, 1.0)]
    near, far = (pair.scores["second_order_similarity"] for pair in pairs)
    assert near["k"] == 10
    assert near["chance"] < far["value"] < near["value"] < near["noise_floor"] <= 1.0
