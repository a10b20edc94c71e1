"""A comparison can be seen from its first picture on, while it is computed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import numpy as np
import pytest

import emblink as eb
from emblink.bundle import Bundle, read_manifest
from emblink.errors import BundleError
from emblink.live import Live
from emblink.pipeline import Preview
from emblink.projection import joint_layout, pca_projections
from emblink.server import Server, serve
from tests.conftest import clustered
from tests.server_helpers import origin_of, running

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def spaces() -> dict[str, np.ndarray]:
    x, _ = clustered(120)
    rng = np.random.default_rng(1)
    return {"a": x, "b": x + 0.3 * rng.standard_normal(x.shape), "c/d": x[:, ::-1]}


@pytest.fixture(scope="module")
def seen(
    spaces: dict[str, np.ndarray], tmp_path_factory: pytest.TempPathFactory
) -> tuple[list[Preview], list[str], eb.Comparison]:
    """Compare; return the previews, the steps as they began, and the comparison."""
    previews: list[Preview] = []
    steps: list[str] = []

    def step(name: str, done: int, total: int) -> None:
        if name not in steps:
            steps.append(name)

    def show(preview: Preview) -> None:
        previews.append(preview)
        steps.append("shown")

    found = eb.compare(
        {**spaces, "part": spaces["b"][:80]},
        items={"id": np.arange(120), "words": [f"thing {i}" for i in range(120)]},
        ids={
            **{name: np.arange(120) for name in spaces},
            "part": np.arange(80),
        },
        text="words",
        out=tmp_path_factory.mktemp("live") / "run.emblink",
        progress=step,
        preview=show,
    )
    return previews, steps, found


def column(preview: Preview, name: str) -> np.ndarray:
    info = preview.manifest.columns[name]
    values = preview.files[info.path]
    assert [*values.shape] == info.shape
    assert values.dtype.name == info.dtype
    assert info.offset == 0
    return values


def test_the_first_picture_comes_before_any_neighbours(
    seen: tuple[list[Preview], list[str], eb.Comparison],
) -> None:
    _, steps, _ = seen
    assert steps[:2] == ["first pictures", "shown"]
    assert steps.index("aligned layout") < steps.index("comparing a → b")


def test_the_first_picture_is_the_pca_of_the_finished_bundle_in_its_order(
    seen: tuple[list[Preview], list[str], eb.Comparison],
) -> None:
    previews, _, found = seen
    bundle = Bundle(found.path)
    for info, space in zip(previews[0].manifest.spaces, bundle.manifest.spaces, strict=True):
        (picture,) = info.projections
        final = next(one for one in space.projections if one.method == "pca")
        assert (picture.method, picture.title) == ("pca", "PCA preview")
        np.testing.assert_array_equal(
            column(previews[0], picture.coords), bundle.array(final.coords)
        )


def test_the_layout_settles_in_view_and_ends_as_the_finished_one(
    seen: tuple[list[Preview], list[str], eb.Comparison],
) -> None:
    previews, _, found = seen
    bundle = Bundle(found.path)
    titles = [preview.manifest.spaces[0].projections[0].title for preview in previews]
    assert titles[0] == "PCA preview"
    assert {*titles[1:-1]} == {"Aligned layout, settling"}
    assert titles[-1] == "Aligned layout"
    for info, space in zip(previews[-1].manifest.spaces, bundle.manifest.spaces, strict=True):
        shown = column(previews[-1], info.projections[0].coords)
        np.testing.assert_array_equal(shown, bundle.array(space.projections[0].coords))
    first, last = (previews[i].manifest.spaces[0].projections[0].coords for i in (1, -1))
    assert not np.array_equal(column(previews[1], first), column(previews[-1], last))


def test_a_preview_names_the_items_and_no_pairs(
    seen: tuple[list[Preview], list[str], eb.Comparison],
) -> None:
    previews, _, found = seen
    for preview in previews:
        manifest, final = preview.manifest, read_manifest(found.path)
        assert manifest.pairs == []
        assert manifest.report["pairs"] == []
        assert (manifest.n_items, manifest.roles) == (final.n_items, final.roles)
        for domain, ends in ((manifest.domains, manifest.columns), (final.domains, final.columns)):
            assert ends[domain["space/part"].rows or ""].shape == [80]
        for name in manifest.columns:
            column(preview, name)
        for info in manifest.spaces:
            assert info.k == 0
            assert column(preview, info.neighbors).shape == (info.n_items, 0)


@pytest.mark.slow
def test_a_preview_changes_nothing_of_the_bundle(
    spaces: dict[str, np.ndarray], tmp_path: Path
) -> None:
    shown = eb.compare(spaces, out=tmp_path / "shown", title="one", preview=lambda _: None)
    plain = eb.compare(spaces, out=tmp_path / "plain", title="one")
    assert read_manifest(shown.path) == read_manifest(plain.path)


@pytest.mark.slow
def test_cancelled_after_the_layout_it_goes_on_from_there_and_ends_the_same(
    spaces: dict[str, np.ndarray], tmp_path: Path
) -> None:
    class Cancelled(BaseException):
        pass

    def cancel(step: str, done: int, total: int) -> None:
        if step.startswith("comparing"):
            raise Cancelled

    ignored: list[Preview] = []
    with pytest.raises(Cancelled):
        eb.compare(spaces, out=tmp_path / "run", progress=cancel, preview=ignored.append)
    with pytest.raises(BundleError, match="unfinished"):
        eb.open(tmp_path / "run")
    steps: set[str] = set()
    previews: list[Preview] = []
    again = eb.compare(
        spaces,
        out=tmp_path / "run",
        progress=lambda step, done, total: steps.add(step),
        preview=previews.append,
    )
    assert "aligned layout" not in steps
    titles = [preview.manifest.spaces[0].projections[0].title for preview in previews]
    assert titles == ["PCA preview", "Aligned layout"]
    whole = eb.compare(spaces, out=tmp_path / "other" / "run")
    assert read_manifest(again.path) == read_manifest(whole.path)


@pytest.mark.parametrize(("most", "shown"), [(0, None), (40 * 12, "picture")])
def test_pictures_of_items_are_shown_at_once_unless_they_are_large(
    most: int, shown: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("emblink.pipeline._preview.MOST_THUMBNAILS", most)
    previews: list[Preview] = []
    x, _ = clustered(40)
    found = eb.compare(
        {"a": x, "b": x + 1},
        items={"picture": np.zeros((40, 2, 2, 3), np.uint8)},
        thumbnails="picture",
        preview=previews.append,
    )
    assert previews[0].manifest.roles.thumbnail == shown
    assert read_manifest(found.path).roles.thumbnail == "picture"


def test_watching_the_layout_does_not_change_it(
    seen: tuple[list[Preview], list[str], eb.Comparison],
) -> None:
    _, _, found = seen
    names = ["a", "b"]
    graphs, rows = [found.graphs[name] for name in names], [np.arange(120)] * 2
    start = pca_projections(
        [found.spaces[name].vectors for name in names], rows, metrics=["cosine"] * 2
    )
    watched: list[object] = []
    seen_by = joint_layout(graphs, rows, 120, start=start, n_epochs=60, watch=watched.append)
    unseen = joint_layout(graphs, rows, 120, start=start, n_epochs=60)
    assert len(watched) >= 2
    np.testing.assert_array_equal(seen_by.pictures, unseen.pictures)


def test_pca_of_a_sample_of_rows_finds_the_axes_of_all() -> None:
    rng = np.random.default_rng(0)
    x = rng.standard_normal((30_000, 6)) * [9, 5, 1, 1, 1, 1]
    (sampled,) = pca_projections([x], [np.arange(30_000)], metrics=["euclidean"])
    centred = x - x.mean(axis=0)
    _, _, axes = np.linalg.svd(centred, full_matrices=False)
    exact = centred @ axes[:2].T
    for axis in (0, 1):
        assert abs(np.corrcoef(sampled[:, axis], exact[:, axis])[0, 1]) > 0.999


@pytest.fixture
def live() -> Live:
    return Live()


@pytest.fixture
def server(live: Live) -> Iterator[Server]:
    with running(live) as server:
        yield server


@pytest.fixture
def client(server: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, trust_env=False) as client:
        yield client


def test_a_comparison_under_way_is_served_from_memory_and_then_from_its_files(
    live: Live, client: httpx.Client, seen: tuple[list[Preview], list[str], eb.Comparison]
) -> None:
    previews, _, found = seen
    assert client.get("/bundle/manifest.json").status_code == 404
    assert client.get("/progress").json() == {
        "state": "running",
        "step": "starting",
        "done": 0,
        "total": 1,
        "message": "",
        "revision": 0,
    }
    live.progress("aligned layout", 20, 300)
    live.show(previews[1])
    told = client.get("/progress").json()
    assert (told["step"], told["done"], told["total"]) == ("aligned layout", 20, 300)
    assert told["revision"] == 1
    manifest = client.get("/bundle/manifest.json").json()
    coords = manifest["columns"][manifest["spaces"][2]["projections"][0]["coords"]]
    answer = client.get(f"/bundle/{coords['path'].replace('%', '%25')}")
    served = np.frombuffer(answer.content, "<f4").reshape(coords["shape"])
    name = previews[1].manifest.spaces[2].projections[0].coords
    np.testing.assert_array_equal(served, column(previews[1], name))
    assert client.get("/bundle/preview/none.npy").status_code == 404
    live.finish(Bundle(found.path))
    assert client.get("/progress").json()["state"] == "done"
    assert client.get("/progress").json()["revision"] == 2
    final = json.loads(client.get("/bundle/manifest.json").text)
    assert len(final["pairs"]) == len(found.pairs)
    first = next(iter(final["columns"].values()))
    assert client.get(f"/bundle/{first['path']}").status_code == 200


def test_how_far_it_is_needs_the_token_and_this_page(live: Live, server: Server) -> None:
    with httpx.Client(base_url=origin_of(server.url), trust_env=False) as stranger:
        assert stranger.get("/progress").status_code == 401
    with httpx.Client(base_url=server.url, trust_env=False) as known:
        evil = {"origin": "http://evil.example"}
        assert known.get("/progress", headers=evil).status_code == 403
        assert known.post("/progress").status_code == 403
        assert known.post("/progress", headers=evil).status_code == 403
        live.progress("still wanted", 0, 1)
        own = {"origin": origin_of(server.url)}
        assert known.post("/progress", headers=own).status_code == 204
        with pytest.raises(KeyboardInterrupt):
            live.progress("not wanted any more", 0, 1)
        live.fail("stopped")
        assert known.post("/progress", headers=own).status_code == 404


def test_a_question_that_comes_too_early_is_answered_in_words(
    live: Live, client: httpx.Client
) -> None:
    origin = {"origin": origin_of(str(client.base_url))}
    answer = client.post("/ask?kind=selection&a=a&b=b", content=bytes(4), headers=origin)
    assert answer.status_code == 400
    assert "ask when it is done" in answer.text


def test_a_failure_is_told_and_who_waits_for_that_hears_it(
    live: Live, client: httpx.Client
) -> None:
    assert not live.wait_until_told(0)
    live.fail("the disk is full; make room")
    told = client.get("/progress").json()
    assert (told["state"], told["message"]) == ("failed", "the disk is full; make room")
    assert live.wait_until_told(10)


def test_a_finished_bundle_is_done_from_the_start(
    seen: tuple[list[Preview], list[str], eb.Comparison],
) -> None:
    server = serve(seen[2].path)
    server.close()
    with pytest.raises(BundleError, match="holds no bundle"):
        serve(seen[2].path / "none")
