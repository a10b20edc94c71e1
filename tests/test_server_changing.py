"""A bundle that changes or vanishes under an open page is said to have done so, in words."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

import emblink as eb
from emblink.bundle import read_manifest
from emblink.bundle.schema import Manifest
from tests.conftest import clustered
from tests.server_helpers import origin_of, running

pytestmark = pytest.mark.slow

REVISION = "emblink-revision"
ANEW = "this comparison was made anew since the page was opened; reload the page"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a comparison, and another of fewer items."""
    folder = tmp_path_factory.mktemp("made")
    x, labels = clustered(120)
    noisy = x + 0.3 * np.random.default_rng(1).standard_normal(x.shape)
    eb.compare({"a": x, "b": noisy}, labels=labels, out=folder / "first")
    eb.compare({"a": x[:80], "b": noisy[:80]}, labels=labels[:80], out=folder / "second")
    return folder


@dataclass
class Page:
    """A page that is open: its bundle, and the manifest it has read."""

    path: Path
    client: httpx.Client
    revision: str
    manifest: Manifest

    def column(self, name: str) -> httpx.Response:
        return self.client.get(f"/bundle/{self.manifest.columns[name].path}")

    def ask(self, kind: str = "selection", *, revision: str | None = None) -> httpx.Response:
        rows = np.arange(40, dtype="<i4").tobytes()
        asked = {"kind": kind, "a": "a", "b": "b", "r": revision or self.revision}
        origin = {"origin": origin_of(str(self.client.base_url))}
        return self.client.post("/ask", params=asked, content=rows, headers=origin)

    def file(self, name: str) -> Path:
        return self.path / self.manifest.columns[name].path

    @property
    def neighbors(self) -> str:
        return self.manifest.spaces[0].neighbors


@pytest.fixture
def page(made: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Iterator[Page]:
    """Open a page; at the end the server has complained of nothing."""
    path = tmp_path / "run"
    shutil.copytree(made / "first", path)
    with (
        running(path) as server,
        httpx.Client(base_url=server.url, trust_env=False, timeout=60) as client,
    ):
        answer = client.get("/bundle/manifest.json")
        yield Page(path, client, answer.headers[REVISION], read_manifest(path))
    assert "Traceback" not in caplog.text


def become(page: Page, other: Path) -> None:
    """Put another comparison where the first one was, its stages beside the old ones."""
    shutil.copytree(other / "columns", page.path / "columns", dirs_exist_ok=True)
    fresh = page.path / "fresh.json"
    shutil.copy(other / "manifest.json", fresh)
    fresh.replace(page.path / "manifest.json")


@pytest.mark.slow
def test_every_answer_carries_the_revision_and_none_else_does(page: Page) -> None:
    for answer in (
        page.client.get("/bundle/manifest.json"),
        page.client.get("/progress"),
        page.client.get("/bundle/none.npy"),
        page.column(page.neighbors),
        page.client.head("/bundle/manifest.json"),
        page.ask(),
        page.client.post(
            "/ask?kind=other", headers={"origin": origin_of(str(page.client.base_url))}
        ),
    ):
        assert answer.headers[REVISION] == page.revision
    assert REVISION not in page.client.get("/").headers


def test_another_comparison_in_its_place_is_a_newer_revision(page: Page, made: Path) -> None:
    become(page, made / "second")
    old = page.column(page.neighbors)
    assert old.status_code == 200
    assert old.headers[REVISION] not in (page.revision, "gone")
    stored = np.load(page.file(page.neighbors))
    assert old.content[-stored.nbytes :] == stored.tobytes()
    refused = page.ask()
    assert (refused.status_code, refused.text) == (410, ANEW)
    reloaded = page.client.get("/bundle/manifest.json")
    assert reloaded.json()["n_items"] == 80
    assert reloaded.headers[REVISION] == old.headers[REVISION]
    fresh = page.ask(revision=reloaded.headers[REVISION])
    assert (fresh.status_code, fresh.json()["n"]) == (200, 40)
    for column in reloaded.json()["columns"].values():
        assert page.client.get(f"/bundle/{column['path']}").status_code == 200


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["selection", "suggest", "like"])
def test_rows_of_a_page_are_never_taken_for_items_of_a_newer_comparison(
    page: Page, made: Path, kind: str
) -> None:
    assert page.ask(kind).status_code == 200
    become(page, made / "second")
    assert (page.ask(kind).status_code, page.ask(kind).text) == (410, ANEW)


def test_a_question_without_a_revision_is_about_what_is_on_disk(page: Page) -> None:
    origin = {"origin": origin_of(str(page.client.base_url))}
    rows = np.arange(40, dtype="<i4").tobytes()
    answer = page.client.post("/ask?kind=selection&a=a&b=b", content=rows, headers=origin)
    assert answer.status_code == 200


def test_what_was_made_anew_and_cleared_away_is_to_be_reloaded(page: Page, made: Path) -> None:
    become(page, made / "second")
    for folder in (page.path / "columns").iterdir():
        if not (made / "second" / "columns" / folder.name).exists():
            shutil.rmtree(folder)
    answer = page.column(page.neighbors)
    assert (answer.status_code, answer.text) == (410, ANEW)


def delete(path: Path) -> None:
    shutil.rmtree(path)


def rename(path: Path) -> None:
    path.rename(path.with_name("elsewhere"))


def make_a_file(path: Path) -> None:
    shutil.rmtree(path)
    path.write_text("mine")


def lose_the_manifest(path: Path) -> None:
    (path / "manifest.json").unlink()


def garble(path: Path) -> None:
    (path / "manifest.json").write_bytes(b"\xff\x00{")


def empty(path: Path) -> None:
    (path / "manifest.json").write_bytes(b"")


def nest(path: Path) -> None:
    (path / "manifest.json").write_bytes(b"[" * 100_000)


def cut(path: Path) -> None:
    os.truncate(path / "manifest.json", 1000)


def date(path: Path) -> None:
    file = path / "manifest.json"
    file.write_text(file.read_text().replace("emblink.bundle/2", "emblink.bundle/99"))


def make_a_folder(path: Path) -> None:
    (path / "manifest.json").unlink()
    (path / "manifest.json").mkdir()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("happens", "words"),
    [
        (delete, "run is no longer there, it was moved or deleted; put it back"),
        (rename, "run is no longer there, it was moved or deleted; put it back"),
        (make_a_file, "run is no longer there"),
        (lose_the_manifest, "run is no longer there"),
        (garble, "compare again"),
        (empty, "compare again"),
        (nest, "compare again"),
        (cut, "compare again"),
        (date, "update Emblink"),
        (make_a_folder, "is no file of its own"),
    ],
)
def test_a_bundle_that_is_gone_or_unreadable_is_said_to_be_and_can_come_back(
    page: Page, made: Path, happens: Callable[[Path], None], words: str
) -> None:
    happens(page.path)
    for answer in (
        page.client.get("/bundle/manifest.json"),
        page.client.get("/progress"),
        page.ask(),
        page.ask("like"),
    ):
        assert answer.status_code == 410
        assert words in answer.text
        assert answer.headers[REVISION] == "gone"
    column = page.column(page.neighbors)
    assert column.status_code == (200 if page.file(page.neighbors).exists() else 410)
    assert column.headers[REVISION] == "gone"
    shutil.rmtree(page.path) if page.path.is_dir() else page.path.unlink(missing_ok=True)
    shutil.copytree(made / "first", page.path)
    assert page.client.get("/progress").headers[REVISION] == page.revision
    assert page.column(page.neighbors).status_code == 200
    assert page.ask().status_code == 200


@pytest.mark.slow
@pytest.mark.parametrize("asked_before", [False, True])
@pytest.mark.parametrize("what", ["deleted", "cut short", "emptied", "overwritten"])
def test_a_column_that_is_damaged_is_named_with_the_way_out(
    page: Page, what: str, asked_before: bool
) -> None:
    if asked_before:
        assert page.ask().status_code == 200
    file = page.file(page.manifest.spaces[0].vectors)
    if what == "deleted":
        file.unlink()
    elif what == "overwritten":
        with file.open("r+b") as opened:
            opened.seek(200)
            opened.write(bytes(400))
        os.utime(file)
    else:
        os.truncate(file, 200 if what == "cut short" else 0)
    name = page.manifest.columns[page.manifest.spaces[0].vectors].path
    answers = [page.ask(), page.ask("suggest")]
    if what != "overwritten":
        answers.append(page.client.get(f"/bundle/{name}"))
        answers.append(page.client.get(f"/bundle/{name}", headers={"range": "bytes=0-99"}))
    for answer in answers:
        assert answer.status_code == 410
        assert f"{name} of this comparison is missing, cut short or changed" in answer.text
        assert "compare again into run to mend it" in answer.text
        assert answer.headers[REVISION] == page.revision
    assert page.column(page.neighbors).status_code == 200


def test_a_column_cut_short_while_it_is_sent_ends_the_connection(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("emblink.server._file._CHUNK", 100)
    file = page.file(page.neighbors)
    from emblink.server._file import FileAnswer

    take, taken = FileAnswer._take, []

    def watched(answer: FileAnswer) -> bytes:
        taken.append(1)
        if len(taken) == 3:
            os.truncate(file, 150)
        return take(answer)

    monkeypatch.setattr(FileAnswer, "_take", watched)
    with pytest.raises(httpx.RemoteProtocolError):
        page.column(page.neighbors)
    assert page.client.get("/progress").status_code == 200


@pytest.mark.slow
@pytest.mark.parametrize(
    ("happens", "status"), [("made anew", 200), ("deleted", 410), ("cut short", 410)]
)
def test_a_question_under_way_ends_in_an_answer_or_in_words(
    page: Page, made: Path, monkeypatch: pytest.MonkeyPatch, happens: str, status: int
) -> None:
    from emblink.ask import Asker

    held, ready, go_on = Asker.ask, threading.Event(), threading.Event()
    vectors = page.file(page.manifest.spaces[0].vectors)

    def slow(*given: Any, **options: Any) -> Any:
        ready.set()
        assert go_on.wait(30)
        return held(*given, **options)

    monkeypatch.setattr(Asker, "ask", slow)
    answers: list[httpx.Response] = []
    asking = threading.Thread(target=lambda: answers.append(page.ask()))
    asking.start()
    assert ready.wait(30)
    if happens == "made anew":
        become(page, made / "second")
    elif happens == "deleted":
        shutil.rmtree(page.path)
    else:
        os.truncate(vectors, 200)
    go_on.set()
    asking.join(timeout=60)
    assert [answer.status_code for answer in answers] == [status]
    if happens == "made anew":
        assert answers[0].json()["n"] == 40
        assert answers[0].headers[REVISION] != page.revision
    else:
        assert "compare again" in answers[0].text


def test_the_same_manifest_written_again_is_the_same_revision(page: Page) -> None:
    file = page.path / "manifest.json"
    data = file.read_bytes()
    file.unlink()
    file.write_bytes(data)
    assert page.client.get("/progress").headers[REVISION] == page.revision
    assert page.ask().status_code == 200


@pytest.mark.slow
@pytest.mark.parametrize(
    ("wanted", "status", "got"),
    [
        ("bytes=0-9", 206, slice(0, 10)),
        ("bytes=5-", 206, slice(5, None)),
        ("bytes=-7", 206, slice(-7, None)),
        ("bytes=0-99999999", 206, slice(None)),
        ("bytes=3-3", 206, slice(3, 4)),
        ("bytes=99999999-", 416, slice(0, 0)),
        ("bytes=9-3", 416, slice(0, 0)),
        ("bytes=-", 200, slice(None)),
        ("rows=0-9", 200, slice(None)),
    ],
)
def test_ranges_are_those_of_the_file(page: Page, wanted: str, status: int, got: slice) -> None:
    whole = page.file(page.neighbors).read_bytes()
    address = f"/bundle/{page.manifest.columns[page.neighbors].path}"
    answer = page.client.get(address, headers={"range": wanted})
    assert (answer.status_code, answer.content) == (status, whole[got])
    if status == 206:
        start, end, _ = got.indices(len(whole))
        assert answer.headers["content-range"] == f"bytes {start}-{end - 1}/{len(whole)}"
    head = page.client.head(address, headers={"range": wanted})
    assert (head.status_code, head.content) == (status, b"")
    assert head.headers["content-length"] == answer.headers["content-length"]
    stale = {"range": wanted, "if-range": '"other"'}
    assert page.client.get(address, headers=stale).content == whole


def test_a_pipe_in_the_place_of_a_column_is_said_to_be_none_and_keeps_nobody_waiting(
    page: Page,
) -> None:
    file = page.file(page.neighbors)
    file.unlink()
    os.mkfifo(file)
    gone = page.column(page.neighbors)
    assert gone.status_code == 410
    assert "indices.npy" in gone.text
    assert page.client.get("/progress").status_code == 200
