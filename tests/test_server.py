"""The server carries bytes to this machine's own page, and to nobody else."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import numpy as np
import pytest

from emblink.bundle import read_manifest
from emblink.errors import BundleError
from emblink.server import Server, serve


@pytest.fixture(scope="module")
def server(small_bundle: Path) -> Iterator[Server]:
    server = serve(small_bundle)
    thread = threading.Thread(target=server.run)
    thread.start()
    yield server
    server.stop()
    thread.join(timeout=20)
    assert not thread.is_alive()


@pytest.fixture
def client(server: Server) -> Iterator[httpx.Client]:
    base = server.url.split("/?")[0]
    with httpx.Client(base_url=base, trust_env=False) as client:
        for _ in range(100):
            try:
                client.get("/")
            except httpx.ConnectError:
                continue
            break
        yield client


@pytest.fixture
def known(client: httpx.Client, server: Server) -> httpx.Client:
    client.get("/?" + server.url.split("?")[1])
    return client


@pytest.mark.parametrize("path", ["/", "/bundle/manifest.json", "/?token=wrong", "/assets/x.js"])
def test_nothing_is_served_without_the_token(client: httpx.Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 401
    assert "?token=" in answer.text


def test_the_token_becomes_a_cookie_that_scripts_cannot_read(
    client: httpx.Client, server: Server
) -> None:
    answer = client.get("/?" + server.url.split("?")[1])
    assert answer.status_code == 200
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert re.match(r"emblink-\d+=", cookie)


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


def test_nothing_can_be_written(known: httpx.Client) -> None:
    assert known.post("/bundle/manifest.json").status_code == 405


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
