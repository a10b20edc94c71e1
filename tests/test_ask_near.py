"""The items nearest to some items, by true distance."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import numpy as np
import pytest

import emblink as eb
from emblink.ask import Asker, near_items
from emblink.bundle import Bundle
from emblink.errors import InputError
from emblink.types import Metric
from tests.server_helpers import origin_of, running

N, HELD = 90, 80
"""Items, and those of them that the second space holds."""


@pytest.fixture(scope="module", params=["cosine", "euclidean"])
def bundle(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    metric: Metric = request.param
    rng = np.random.default_rng(4)
    whole = rng.standard_normal((N, 7)).astype(np.float32) + 30.0
    whole[5] = whole[6]
    part = rng.standard_normal((N, 4)).astype(np.float32)
    ids = [f"i{row:02d}" for row in range(N)]
    comparison = eb.compare(
        {"whole": whole, "part": part[:HELD]},
        ids={"whole": ids, "part": ids[:HELD]},
        metric=metric,
        out=tmp_path_factory.mktemp(metric) / "run.emblink",
    )
    return Bundle(comparison.path)


def measured(bundle: Bundle, name: str, rows: list[int]) -> dict[int, float]:
    """The distance of each other item to the nearest of the given, one by one."""
    info = next(one for one in bundle.manifest.spaces if one.name == name)
    items = bundle.item_rows(info.over).tolist()
    vectors = dict(zip(items, bundle.vectors(name).astype(np.float64), strict=True))

    def far(x: np.ndarray, y: np.ndarray) -> float:
        if info.metric == "cosine":
            return 1.0 - float(x @ y / (np.linalg.norm(x) * np.linalg.norm(y)))
        return float(np.linalg.norm(x - y))

    given = [row for row in rows if row in vectors]
    return {
        row: min(far(one, vectors[to]) for to in given)
        for row, one in vectors.items()
        if row not in given
    }


@pytest.mark.slow
@pytest.mark.parametrize("rows", [[3], [3, 40, 41], list(range(0, 90, 2))])
@pytest.mark.parametrize("name", ["whole", "part"])
def test_every_other_item_is_told_with_its_true_distance_nearest_first(
    bundle: Bundle, name: str, rows: list[int]
) -> None:
    found = Asker(bundle).near(name, np.array(rows))
    expected = measured(bundle, name, rows)
    assert {*found["rows"]} == {*expected}
    assert found["distances"] == sorted(found["distances"])
    np.testing.assert_allclose(
        found["distances"], [expected[row] for row in found["rows"]], rtol=1e-5, atol=1e-7
    )
    assert found["n"] + found["n_outside"] == len(rows)
    assert found["n"] + len(found["rows"]) == (N if name == "whole" else HELD)


def test_those_told_are_the_nearest_and_copies_are_at_no_distance(bundle: Bundle) -> None:
    space = bundle.manifest.spaces[0]
    stored = np.argsort(bundle.order("items"))
    few = near_items(bundle, space, stored[[5]], most=4)
    every = near_items(bundle, space, stored[[5]])
    assert few["rows"] == every["rows"][:4]
    assert (few["rows"][0], few["distances"][0]) == (stored[6], 0.0)


def test_ties_are_in_order_of_row(bundle: Bundle) -> None:
    space = bundle.manifest.spaces[0]
    vectors = bundle.vectors(space.name)
    bundle._vectors[space.name] = np.repeat(np.eye(9)[[0, 1]], [1, N - 1], axis=0)
    try:
        found = near_items(bundle, space, np.array([int(bundle.item_rows(space.over)[0])]), most=6)
    finally:
        bundle._vectors[space.name] = vectors
    assert len({*found["distances"]}) == 1
    assert found["rows"] == sorted(found["rows"])


def test_of_items_that_a_space_lacks_nothing_is_near(bundle: Bundle) -> None:
    lacking = np.argsort(bundle.order("items"))[HELD:]
    with pytest.raises(InputError, match="none of the selected items is in 'part'"):
        Asker(bundle).near("part", lacking)
    with pytest.raises(InputError, match="there is no space 'third'"):
        Asker(bundle).near("third", lacking)


def test_what_would_take_minutes_is_refused_with_how_many_may_be_asked(
    bundle: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("emblink.ask._near._PRODUCTS", 3 * N * 7)
    assert Asker(bundle).near("whole", np.arange(3))["n"] == 3
    with pytest.raises(InputError, match="select at most 3"):
        Asker(bundle).near("whole", np.arange(4))


def test_all_items_are_near_to_nothing_else(bundle: Bundle) -> None:
    assert Asker(bundle).near("whole", np.arange(N))["rows"] == []


@pytest.fixture
def page(bundle: Bundle) -> Iterator[httpx.Client]:
    with running(Path(bundle.path)) as server:
        headers = {"origin": origin_of(server.url)}
        with httpx.Client(base_url=server.url, headers=headers) as client:
            assert client.get("/").status_code == 200
            yield client


def test_the_page_is_told_what_python_is(page: httpx.Client, bundle: Bundle) -> None:
    rows = np.array([7, 2], dtype="<i4")
    answer = page.post("/ask?kind=near&a=part&b=part", content=rows.tobytes())
    assert answer.status_code == 200
    assert answer.json() == Asker(bundle).near("part", rows)
    refused = page.post("/ask?kind=near&a=none&b=none", content=rows.tobytes())
    assert (refused.status_code, "there is no space 'none'" in refused.text) == (400, True)
