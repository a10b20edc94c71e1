"""The server, by a client that sends whatever bytes it likes."""

from __future__ import annotations

import json
import random
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.battery.counted import TIMES, counted
from tests.battery.raw import Heard, Raw, heard
from tests.server_helpers import running

pytestmark = pytest.mark.slow

MANIFEST = "/bundle/manifest.json"
SEALED = {
    *("content-security-policy", "x-content-type-options", "referrer-policy"),
    *("cross-origin-opener-policy", "cross-origin-resource-policy"),
}
OUT = ["..", "%2e%2e", "%2e.", ".%2e", "..%2f", "%252e%252e", "..%5c", "..\\", "....//", "%c0%ae"]
TARGETS = ["etc/passwd", "manifest.json", ".git/config", "proc/self/environ", "emblink.json"]
ENDS = ["", "%00", "%00.npy", "/", "?x", ";x", "%0d%0a"]
METHODS = [
    *("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "get", "FOO"),
    *("HEAD2", "DEBUG", "MKCOL", "COPY", "MOVE", "LOCK"),
]


@pytest.fixture(scope="module")
def raw(small_bundle: Path) -> Iterator[Raw]:
    with running(small_bundle) as server:
        yield Raw.of(server)


@pytest.fixture(autouse=True)
def alive(raw: Raw, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    assert raw.ask(path=MANIFEST).status == 200
    assert [one for one in caplog.messages if "Exception in ASGI" in one] == []


def test_every_answer_is_sealed_and_names_nothing_of_the_machine(raw: Raw) -> None:
    ways = [
        raw.ask(path="/"),
        raw.ask(path=MANIFEST),
        raw.ask(path="/nothing"),
        raw.ask(path=MANIFEST, within=False),
        raw.ask(path=MANIFEST, host="evil.example"),
        raw.ask(path=MANIFEST, origin="http://evil.example"),
        raw.ask("DELETE", MANIFEST),
        raw.ask("POST", "/ask?kind=selection", b"abc", origin=f"http://{raw.host}"),
    ]
    for one in ways:
        assert set(one.headers) >= SEALED
        assert b"Traceback" not in one.raw
        assert "access-control-allow-origin" not in one.headers
        assert str(Path.home()).encode() not in one.raw or str(Path.home()) == "/"


def test_tokens_that_are_not_the_token_let_nobody_in(raw: Raw) -> None:
    rng = random.Random(0)
    with counted("conformance, tokens") as done:
        for _ in range(150 * TIMES):
            wrong = list(raw.token)
            kind = rng.choice(["cut", "longer", "other", "case", "empty", "signs"])
            if kind == "cut":
                wrong = wrong[: rng.randrange(len(wrong))]
            elif kind == "longer":
                wrong.append(rng.choice("abc%20"))
            elif kind == "other":
                at = rng.randrange(len(wrong))
                wrong[at] = "A" if wrong[at] != "A" else "B"
            elif kind == "case":
                wrong = list("".join(wrong).swapcase())
            elif kind == "empty":
                wrong = []
            else:
                wrong = [chr(rng.randrange(0x21, 0xFF)) for _ in wrong]
            given = "".join(wrong).replace(";", "a").replace("&", "a").replace("#", "a")
            as_is = raw.ask(path=f"/{given}{MANIFEST}", within=False)
            assert as_is.status in (400, 401), (kind, given)
            quoted = "".join(f"%{byte:02x}" for byte in given.encode())
            assert raw.ask(path=f"/{quoted}{MANIFEST}", within=False).status == 401
            done[kind] += 2


def test_no_cookie_has_the_token_nor_lets_anybody_in(raw: Raw) -> None:
    """A browser sends a cookie of one port to all others of the machine."""
    assert "set-cookie" not in raw.ask(path="/").headers
    for name in ("emblink", f"emblink-{raw.port}", "token"):
        other = raw.ask(path=MANIFEST, within=False, cookie=f"{name}={raw.token}")
        assert other.status == 401
    assert raw.ask(path=f"{MANIFEST}?token={raw.token}", within=False).status == 401


@pytest.mark.parametrize(
    "host",
    ["", "evil.example", "127.0.0.1", "127.0.0.1:1", "127.0.0.1.evil.example", "[::1]", "0.0.0.0"],
)
def test_names_that_lead_here_from_elsewhere_are_refused(host: str, raw: Raw) -> None:
    assert raw.ask(path=MANIFEST, host=host).status in (400, 421)


def test_a_request_without_or_with_two_hosts_is_refused(raw: Raw) -> None:
    assert raw.ask(path=MANIFEST, host=None).status in (400, 421)
    twice = raw.head(path=MANIFEST).replace(b"\r\n\r\n", b"\r\nhost: evil.example\r\n\r\n")
    assert raw.send(twice).status in (400, 421)


@pytest.mark.parametrize(
    "origin", ["null", "http://127.0.0.1", "https://127.0.0.1:{port}", "file://"]
)
def test_pages_of_others_are_refused(origin: str, raw: Raw) -> None:
    given = origin.format(port=raw.port)
    assert raw.ask(path=MANIFEST, origin=given).status == 403
    assert raw.ask("POST", "/ask?kind=selection", b"\0\0\0\0", origin=given).status == 403


def test_no_method_but_those_of_the_page_does_anything(raw: Raw, small_bundle: Path) -> None:
    before = sorted((one, one.stat().st_mtime_ns) for one in small_bundle.rglob("*"))
    own = f"http://{raw.host}"
    for method in METHODS:
        for path in ("/", MANIFEST, "/ask", "/notes", "/progress"):
            if (method, path) in (("POST", "/ask"), ("PUT", "/notes")):
                continue
            got = raw.ask(method, path, origin=own)
            assert got.status in (400, 404, 405), (method, path, got.status)
    assert sorted((one, one.stat().st_mtime_ns) for one in small_bundle.rglob("*")) == before


def test_no_path_leads_out_of_the_bundle_or_the_page(raw: Raw) -> None:
    rng = random.Random(1)
    with counted("conformance, paths") as done:
        for _ in range(300 * TIMES):
            start = rng.choice(["/", "/bundle/", "/assets/", "/bundle/columns/", "//", "/./"])
            steps = "/".join(rng.choice(OUT) for _ in range(rng.randrange(1, 9)))
            end = rng.choice(TARGETS) + rng.choice(ENDS)
            got = raw.ask(path=f"{start}{steps}/{end}")
            assert got.status in (400, 404, 405), (start, steps, end, got.status)
            assert b"root:" not in got.raw
            done["paths"] += 1
        for path in ("http://evil.example/", "*", "", "bundle/manifest.json", "//evil.example/x"):
            got = raw.send(raw.head(path=path, within=False))
            assert got.status in (0, 400, 401, 404), path
            assert b"evil.example" not in got.raw
            done["forms"] += 1


def column(raw: Raw) -> str:
    """Return the address of a column's file."""
    columns = json.loads(raw.ask(path=MANIFEST).body)["columns"]
    path: str = next(one["path"] for one in columns.values() if one["kind"] == "coords")
    return f"/bundle/{path}"


def test_ranges_are_bytes_of_the_file_or_refused(raw: Raw) -> None:
    file = column(raw)
    whole = raw.ask(path=file).body
    rng = random.Random(2)
    odd = ["9" * 5000, "-", "x", "0x10", "1e3", " 1", "+1", "\xb2", "0-1,2-3", "--1", "1-0", ""]
    with counted("conformance, ranges") as done:
        for _ in range(200 * TIMES):
            ends = [str(rng.randrange(2 * len(whole))) if rng.random() < 0.7 else "" for _ in "ab"]
            wanted = "-".join(ends) if rng.random() < 0.7 else rng.choice(odd)
            got = raw.ask(path=file, range=f"bytes={wanted}")
            assert got.status in (200, 206, 400, 416), (wanted, got.status, got.raw[:200])
            if got.status == 206:
                start, _, rest = got.headers["content-range"].removeprefix("bytes ").partition("-")
                end = int(rest.partition("/")[0])
                assert got.body == whole[int(start) : end + 1]
            elif got.status == 200:
                assert got.body == whole
            done["ranges"] += 1
        for wanted in (f"bytes={'9' * 5000}-", f"bytes=-{'9' * 5000}", f"bytes=0-{'9' * 5000}"):
            assert raw.ask(path=file, range=wanted).status in (200, 206, 400, 416)
            done["long"] += 1


def test_requests_that_are_none_are_refused_or_ended(raw: Raw) -> None:
    rng = random.Random(3)
    good = raw.head(path=MANIFEST)
    body = raw.head("POST", "/ask?kind=selection", origin=f"http://{raw.host}", content_length="4")
    fixed = [
        b"\r\n\r\n",
        b"\0" * 1000,
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"x: y\r\n" * 20_000 + b"\r\n",
        b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\n\r\n",
        good.replace(b"\r\n\r\n", b"\r\ncontent-length: -1\r\n\r\n"),
        good.replace(b"\r\n\r\n", b"\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n"),
        good.replace(
            b"\r\n\r\n", b"\r\ntransfer-encoding: chunked\r\ncontent-length: 3\r\n\r\nabc"
        ),
        body.replace(b"content-length: 4", b"transfer-encoding: chunked") + b"zz\r\n",
        body.replace(b"content-length: 4", b"transfer-encoding: chunked") + b"ffffffffffff\r\n",
        body.replace(b"content-length: 4", b"content-length: 99999999999999999999") + b"abcd",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        good.replace(b"connection: close", b"upgrade: websocket\r\nconnection: upgrade"),
    ]
    with counted("conformance, malformed") as done:
        for data in fixed:
            assert raw.send(data, ends=True).status < 500, data[:60]
            done["fixed"] += 1
        for _ in range(200 * TIMES):
            mutant = bytearray(good + body + b"abcd")
            for _ in range(rng.randrange(1, 12)):
                at = rng.randrange(len(mutant))
                mutant[at : at + rng.randrange(2)] = rng.randbytes(rng.randrange(3))
            got = raw.send(bytes(mutant), ends=True)
            assert got.status < 500, bytes(mutant)
            done["mutations"] += 1


def test_two_hundred_at_once_are_all_answered_or_ended(raw: Raw) -> None:
    whole = raw.ask(path=MANIFEST).body

    def one(_: int) -> Heard:
        try:
            return raw.ask(path=MANIFEST)
        except (ConnectionError, TimeoutError):
            return Heard(0, {}, b"", b"")

    with counted("conformance, at once") as done, ThreadPoolExecutor(200) as crowd:
        for got in crowd.map(one, range(200 * TIMES)):
            assert got.status in (0, 200)
            assert got.status == 0 or got.body == whole
            done[f"answered {got.status}"] += 1
    assert done["answered 200"] >= 40


def test_slow_clients_keep_nobody_waiting(raw: Raw) -> None:
    lines = [socket.create_connection(("127.0.0.1", raw.port), timeout=20) for _ in range(50)]
    stop = threading.Event()

    def drip() -> None:
        head = raw.head(path=MANIFEST)
        for sign in head[:40]:
            for line in lines:
                try:
                    line.send(bytes([sign]))
                except OSError:
                    continue
            if stop.wait(0.05):
                return

    dripping = threading.Thread(target=drip)
    dripping.start()
    try:
        for _ in range(20):
            begun = time.monotonic()
            assert raw.ask(path=MANIFEST).status == 200
            assert time.monotonic() - begun < 8
    finally:
        stop.set()
        dripping.join()
        for line in lines:
            line.close()


def test_who_never_reads_an_answer_keeps_nobody_waiting(raw: Raw) -> None:
    lines = []
    for _ in range(30):
        line = socket.create_connection(("127.0.0.1", raw.port), timeout=20)
        line.sendall(raw.head(path=MANIFEST, connection="keep-alive") * 20)
        lines.append(line)
    assert raw.ask(path=MANIFEST).status == 200
    for line in lines:
        line.close()


def test_requests_on_one_line_are_answered_in_order(raw: Raw) -> None:
    file = column(raw)
    first = raw.head(path=file, connection="keep-alive", range="bytes=0-3")
    second = raw.head(path=file, range="bytes=4-7")
    with socket.create_connection(("127.0.0.1", raw.port), timeout=20) as line:
        line.sendall(first + second)
        got = heard(line)
    whole = raw.ask(path=file).body
    assert got.raw.count(b"HTTP/1.1 206") == 2
    assert got.body.startswith(whole[:4])
    assert got.raw.endswith(whole[4:8])
