"""The server carries bytes to this machine's own page, and to nobody else."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import numpy as np
import pytest

import emblink as eb
from emblink.bundle import Bundle, read_manifest
from emblink.errors import BundleError
from emblink.server import Server, serve
from tests.server_helpers import origin_of, running

QUESTION = "kind=selection&a=a&b=noisy"


@pytest.fixture(scope="module")
def server(small_bundle: Path) -> Iterator[Server]:
    with running(small_bundle) as server:
        yield server


@pytest.fixture
def client(server: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=origin_of(server.url), trust_env=False) as client:
        for _ in range(100):
            try:
                client.get("/")
            except httpx.ConnectError:
                continue
            break
        yield client


@pytest.fixture
def own(client: httpx.Client) -> str:
    """Return the origin of the server's own page."""
    return origin_of(str(client.base_url))


@pytest.fixture
def known(client: httpx.Client, server: Server) -> httpx.Client:
    client.base_url = server.url
    return client


@pytest.mark.parametrize("path", ["/", "/bundle/manifest.json", "/wrong/", "/assets/x.js"])
def test_nothing_is_served_without_the_token(client: httpx.Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 401
    assert "emblink open" in answer.text


def test_an_address_without_its_last_sign_leads_to_the_page(
    client: httpx.Client, server: Server
) -> None:
    answer = client.get(server.url.rstrip("/"))
    assert answer.status_code == 303
    assert str(httpx.URL(server.url).join(answer.headers["location"])) == server.url


def test_the_page_comes_with_a_strict_policy(known: httpx.Client) -> None:
    answer = known.get("/")
    assert answer.status_code == 200
    assert "<div id=" in answer.text
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1:1", "emblink.localhost:8123"])
def test_other_hosts_are_refused(known: httpx.Client, host: str) -> None:
    assert known.get("/bundle/manifest.json", headers={"host": host}).status_code == 421


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1"])
def test_other_origins_are_refused(known: httpx.Client, origin: str) -> None:
    assert known.get("/bundle/manifest.json", headers={"origin": origin}).status_code == 403


@pytest.mark.slow
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
@pytest.mark.parametrize("path", ["/", "/bundle/manifest.json", "/ask/", "/ask"])
def test_nothing_can_be_written(known: httpx.Client, own: str, method: str, path: str) -> None:
    if (method, path) != ("POST", "/ask"):
        assert known.request(method, path, headers={"origin": own}).status_code == 405


def test_a_question_is_answered_as_in_python(
    known: httpx.Client, own: str, small: eb.Comparison
) -> None:
    rows = np.arange(5, 65, dtype="<i4")
    answer = known.post(f"/ask?{QUESTION}", content=rows.tobytes(), headers={"origin": own})
    assert answer.status_code == 200
    items = Bundle(small.path).order("items")[rows]
    assert answer.json() == small.ask("a", "noisy", rows=items)
    assert set(answer.json()) == {"n", "n_outside", "scores", "purity", "sentence", "warnings"}


def test_too_few_items_are_answered_in_words(known: httpx.Client, own: str) -> None:
    answer = known.post(f"/ask?{QUESTION}", content=bytes(4), headers={"origin": own})
    assert answer.status_code == 200
    assert answer.json()["scores"] == {}
    assert answer.json()["sentence"].startswith("Too few to measure")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("question", "rows", "words"),
    [
        ("kind=other&a=a&b=noisy", [0], "kind is 'other'; expected 'selection'"),
        ("", [0], "kind is ''; expected 'selection'"),
        ("kind=selection&a=a", [0], "there is no space ''; the spaces are: a, turned, noisy"),
        ("kind=selection&a=a&b=c", [0], "there is no space 'c'"),
        ("kind=selection&a=a&b=a", [0], "compared with itself"),
        ("kind=selection&a=a&b=noisy", [], "the body has 0 bytes; expected item rows as little-"),
        ("kind=selection&a=a&b=noisy", [240], "the bundle has rows 0 to 239"),
        ("kind=selection&a=a&b=noisy", [-1], "the bundle has rows 0 to 239"),
    ],
)
def test_bad_questions_are_refused_in_words(
    known: httpx.Client, own: str, question: str, rows: list[int], words: str
) -> None:
    body = np.array(rows, dtype="<i4").tobytes()
    answer = known.post(f"/ask?{question}", content=body, headers={"origin": own})
    assert answer.status_code == 400
    assert words in answer.text


def test_a_body_is_whole_rows_and_at_most_all_items(known: httpx.Client, own: str) -> None:
    headers = {"origin": own}
    half = known.post(f"/ask?{QUESTION}", content=bytes(6), headers=headers)
    assert (half.status_code, "6 bytes" in half.text) == (400, True)
    long = known.post(f"/ask?{QUESTION}", content=bytes(4 * 241), headers=headers)
    assert (long.status_code, "at most 960 bytes" in long.text) == (413, True)


@pytest.mark.parametrize("origin", [None, "null", "http://evil.example", "http://127.0.0.1:1"])
def test_questions_of_other_pages_are_refused(known: httpx.Client, origin: str | None) -> None:
    headers = {} if origin is None else {"origin": origin}
    assert known.post(f"/ask?{QUESTION}", content=bytes(4), headers=headers).status_code == 403


def test_questions_need_the_token(client: httpx.Client, own: str) -> None:
    answer = client.post(f"/ask?{QUESTION}", content=bytes(4), headers={"origin": own})
    assert answer.status_code == 401


def test_a_question_is_not_a_page(known: httpx.Client) -> None:
    assert known.get(f"/ask?{QUESTION}").status_code == 404


def test_questions_wait_for_their_turn_while_the_page_is_served(
    known: httpx.Client, own: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_work, most, go_on = [], [], threading.Event()

    def slow(*_: object, **__: object) -> dict[str, int]:
        at_work.append(1)
        most.append(len(at_work))
        go_on.wait(10)
        at_work.pop()
        return {"n": 0}

    monkeypatch.setattr("emblink.ask.Asker.ask", slow)
    statuses: list[int] = []

    def post() -> None:
        answer = httpx.post(
            f"{known.base_url}ask?{QUESTION}",
            content=bytes(4),
            headers={"origin": own},
            trust_env=False,
        )
        statuses.append(answer.status_code)

    threads = [threading.Thread(target=post) for _ in range(3)]
    for thread in threads:
        thread.start()
    while not most:
        time.sleep(0.01)
    assert known.get("/bundle/manifest.json").status_code == 200
    go_on.set()
    for thread in threads:
        thread.join(timeout=20)
    assert statuses == [200, 200, 200]
    assert most == [1, 1, 1]


@pytest.mark.parametrize(
    "path", ["../thesis.txt", "%2e%2e/thesis.txt", ".lock", "columns", "columns/none.npy"]
)
def test_only_columns_of_the_manifest_are_served(known: httpx.Client, path: str) -> None:
    assert known.get(f"/bundle/{path}").status_code == 404


def test_a_row_is_one_range_of_bytes(known: httpx.Client, small_bundle: Path) -> None:
    manifest = read_manifest(small_bundle)
    assert json.loads(known.get("/bundle/manifest.json").text)["title"] == manifest.title
    column = manifest.columns[manifest.spaces[0].neighbors]
    k = column.shape[1]
    start = column.offset + 3 * k * 4
    answer = known.get(
        f"/bundle/{column.path}", headers={"range": f"bytes={start}-{start + k * 4 - 1}"}
    )
    assert answer.status_code == 206
    row = np.load(small_bundle / column.path)[3]
    assert np.frombuffer(answer.content, dtype="<i4").tolist() == row.tolist()


def test_serving_an_unfinished_bundle_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="holds no bundle"):
        serve(tmp_path)


def test_a_taken_port_is_named(small_bundle: Path) -> None:
    first = serve(small_bundle)
    port = int(first.url.split(":")[2].split("/")[0])
    with pytest.raises(BundleError, match=f"port {port} is taken"):
        serve(small_bundle, port=port)
    first.close()


def test_a_server_that_is_stopped_before_it_has_begun_gives_up_its_address(
    small_bundle: Path,
) -> None:
    server = serve(small_bundle)
    server.stop()
    server.run()
    assert server._socket.fileno() == -1
