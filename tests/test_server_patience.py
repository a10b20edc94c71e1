"""The server waits for nobody for ever, and ends when it is asked to."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from emblink.ask import Asker
from emblink.compute import in_threads
from emblink.server import Server
from emblink.server import _connection as connections
from tests.server_helpers import origin_of, running

pytestmark = pytest.mark.slow

QUESTION = "/ask?kind=selection&a=a&b=noisy"


@pytest.fixture
def server(small_bundle: Path) -> Iterator[Server]:
    with running(small_bundle) as server:
        yield server


@contextmanager
def let_in(url: str) -> Iterator[httpx.Client]:
    """Let a client in, once the server answers."""
    headers = {"origin": origin_of(url)}
    with httpx.Client(base_url=url, headers=headers, trust_env=False, timeout=20) as client:
        for _ in range(500):
            with suppress(httpx.ConnectError):
                client.get("/").raise_for_status()
                break
            time.sleep(0.02)
        yield client


def _half_open(server: Server) -> socket.socket:
    port = httpx.URL(server.url).port
    opened = socket.create_connection(("127.0.0.1", port or 0), timeout=20)
    opened.sendall(b"GET / HTTP/1.1\r\nhost: ")
    return opened


def _hears_the_end(opened: socket.socket) -> bool:
    """Read until the other side closes; a socket that waits longer than its timeout raises."""
    with suppress(ConnectionResetError):
        while opened.recv(65536):
            pass
    return True


def _endless(started: threading.Event, ended: threading.Event) -> Any:
    """Return what computes block after block until it is stopped."""

    def ask(self: Asker, pair: tuple[str, str], rows: Any) -> dict[str, Any]:
        def blocks() -> Iterator[int]:
            started.set()
            while True:
                yield 1

        try:
            for _ in in_threads(lambda _: time.sleep(0.01), blocks()):
                pass
        finally:
            ended.set()
        return {}

    return ask


def test_a_question_ends_when_its_page_goes_away(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    started, ended = threading.Event(), threading.Event()
    with let_in(server.url) as client, monkeypatch.context() as patched:
        patched.setattr(Asker, "ask", _endless(started, ended))
        with pytest.raises(httpx.ReadTimeout):
            client.post(QUESTION, content=b"\0\0\0\0", timeout=1)
        assert started.is_set()
        assert ended.wait(20)
    with let_in(server.url) as client:  # the next one has its turn
        rows = b"".join(row.to_bytes(4, "little") for row in range(20))
        assert client.post(QUESTION, content=rows).json()["n"] > 0


def test_a_question_under_way_does_not_keep_the_server(
    small_bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started, ended = threading.Event(), threading.Event()
    monkeypatch.setattr(Asker, "ask", _endless(started, ended))
    with running(small_bundle) as server, let_in(server.url) as client:

        def asked() -> None:
            with pytest.raises(httpx.HTTPError):
                client.post(QUESTION, content=b"\0\0\0\0").raise_for_status()

        asking = threading.Thread(target=asked)
        asking.start()
        assert started.wait(20)
        server.stop()
        assert ended.wait(20)
        asking.join(20)
        assert not asking.is_alive()


def test_requests_that_never_come_lock_nobody_out(server: Server) -> None:
    """More half requests than connections are held: the oldest give way."""
    with ExitStack() as halves, let_in(server.url) as client:
        held = [halves.enter_context(_half_open(server)) for _ in range(connections.MOST + 40)]
        assert client.get("/bundle/manifest.json").status_code == 200
        assert _hears_the_end(held[0])


def test_the_head_of_a_request_comes_in_time(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "HEAD_S", 0.2)
    with let_in(server.url), _half_open(server) as late:
        assert _hears_the_end(late)


def test_a_second_request_of_a_connection_comes_in_time_too(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "HEAD_S", 0.2)
    with let_in(server.url):
        port = httpx.URL(server.url).port or 0
        with socket.create_connection(("127.0.0.1", port), timeout=20) as kept:
            kept.sendall(b"GET /none HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n")
            assert kept.recv(65536).startswith(b"HTTP/1.1 ")
            kept.sendall(b"GET /none HT")
            assert _hears_the_end(kept)


def test_what_the_browser_has_is_not_sent_again(server: Server) -> None:
    with let_in(server.url) as client:
        column = next(iter(client.get("/bundle/manifest.json").json()["columns"].values()))["path"]
        first = client.get(f"/bundle/{column}")
        again = client.get(f"/bundle/{column}", headers={"if-none-match": first.headers["etag"]})
        other = client.get(f"/bundle/{column}", headers={"if-none-match": '"other"'})
    assert (first.status_code, again.status_code, other.status_code) == (200, 304, 200)
    assert again.content == b""
    assert other.content == first.content


def test_a_browser_is_started_with_an_address_that_opens_once(server: Server) -> None:
    """What a browser is started with is seen by other users of the machine."""
    assert server.launch_url != server.url
    with let_in(server.url):
        pass
    with httpx.Client(trust_env=False, follow_redirects=True) as browser:
        page = browser.get(server.launch_url)
        assert page.status_code == 200
        assert str(page.url) == server.url
        assert browser.get(f"{page.url}bundle/manifest.json").status_code == 200
    with httpx.Client(trust_env=False, follow_redirects=True) as other:
        assert other.get(server.launch_url).status_code == 401


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process")
def test_an_interrupt_ends_in_silence(small_bundle: Path, tmp_path: Path) -> None:
    """No traceback, whatever is under way."""
    command = [sys.executable, "-m", "emblink", "open", str(small_bundle), "--no-open"]
    env = {**os.environ, "XDG_STATE_HOME": str(tmp_path)}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("Emblink is at")
        with let_in(line.split()[-1]):
            pass
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
    assert "Traceback" not in out + err
    assert err.strip() in ("", "Aborted.", "Aborted!")
