"""A page that tests the browser it is opened in, and says here what it found."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import secrets
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from typing import Any

from emblink.doctor._line import Line

_HOST = "127.0.0.1"
_MOST = 16_384
_LONG = 200
_OLD = "update the browser; the page needs WebGL2"


class Browser:
    """A page at an address of this machine, until a browser has answered.

    Attributes
    ----------
    url : str
        To be opened in a browser.
    """

    def __init__(self, url: str, answered: threading.Event, found: dict[str, Any]) -> None:
        self.url = url
        self._answered = answered
        self._found = found

    def lines(self, wait_s: float) -> list[Line]:
        """Wait for what the browser says of itself.

        Parameters
        ----------
        wait_s : float
            At most so many seconds.

        Returns
        -------
        list of Line
        """
        if not self._answered.wait(wait_s):
            way = "open the address in a browser of this machine, or give a longer --wait"
            return [Line("browser", f"none came within {wait_s:g} seconds", way)]
        return told(self._found)


@contextmanager
def browser_test() -> Iterator[Browser]:
    """Serve the page that tests itself, to this machine alone.

    Yields
    ------
    Browser
    """
    answered = threading.Event()
    found: dict[str, Any] = {}
    server = _Server(found, answered)
    serving = threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True)
    serving.start()
    try:
        yield Browser(f"http://{server.host}{server.place}", answered, found)
    finally:
        server.shutdown()
        server.server_close()


def told(found: Mapping[str, Any]) -> list[Line]:
    """Say what a browser said of itself.

    Parameters
    ----------
    found : mapping

    Returns
    -------
    list of Line
    """
    said = {key: str(value)[:_LONG] for key, value in found.items() if isinstance(key, str)}
    lines = [Line("browser", f"{said.get('agent', 'unknown')}, {said.get('pixels', '')}")]
    if found.get("webgl2") is not True:
        return [*lines, Line("webgl2", f"none {said.get('error', '')}".strip(), _OLD)]
    way = "" if found.get("drawn") is True else "update the graphics driver or the browser"
    how = "a point was drawn and read" if not way else f"drew nothing {said.get('error', '')}"
    limits = f"textures to {said.get('texture')}, points to {said.get('point')}"
    lines.append(Line("webgl2", f"{said.get('renderer')}, {limits}, {how.strip()}", way))
    if found.get("unpacks") is not True:
        lines.append(Line("browser", "cannot unpack data of shared files", "update the browser"))
    return lines


class _Server(ThreadingHTTPServer):
    """Has one page at one place, and keeps the first answer that it sends."""

    daemon_threads = True

    def __init__(self, found: dict[str, Any], answered: threading.Event) -> None:
        super().__init__((_HOST, 0), _Handler)
        self.found = found
        self.answered = answered
        self.host = f"{_HOST}:{self.server_address[1]}"
        self.place = f"/{secrets.token_urlsafe(24)}"
        self.text = (files("emblink") / "doctor" / "selftest.html").read_text(encoding="utf-8")
        self.policy = (
            f"default-src 'none'; script-src '{_digest(self.text, 'script')}'; "
            f"style-src '{_digest(self.text, 'style')}'; connect-src 'self'"
        )


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = 5
    server_version = "Emblink"
    sys_version = ""

    def do_GET(self) -> None:
        if self._known():
            self._answer(200, self.server.text.encode(), "text/html; charset=utf-8")

    def do_POST(self) -> None:
        if not self._known():
            return
        status, given = self._given()
        if status == 200:
            self.server.found.update(given)
            self.server.answered.set()
        self._answer(status, b"")

    def _given(self) -> tuple[int, dict[str, Any]]:
        """Return what the page says of the browser, once and in few words."""
        length = self.headers.get("content-length", "")
        if not re.fullmatch(r"[0-9]{1,5}", length) or int(length) > _MOST:
            return 413, {}
        try:
            given = json.loads(self.rfile.read(int(length)))
        except (ValueError, RecursionError):
            given = None
        is_first = isinstance(given, dict) and not self.server.answered.is_set()
        return (200, given) if is_first else (400, {})

    def _known(self) -> bool:
        own = f"http://{self.server.host}"
        same = secrets.compare_digest(self.path.encode(), self.server.place.encode())
        ours = self.headers.get("host") == self.server.host
        if same and ours and self.headers.get("origin", own) == own:
            return True
        self._answer(404, b"")
        return False

    def _answer(self, status: int, body: bytes, kind: str = "text/plain") -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.send_header("content-security-policy", self.server.policy)
        self.send_header("x-content-type-options", "nosniff")
        self.send_header("referrer-policy", "no-referrer")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing: the terminal is the report's."""


def _digest(text: str, tag: str) -> str:
    inside = text.partition(f"<{tag}>")[2].partition(f"</{tag}>")[0]
    return f"sha256-{base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()}"
