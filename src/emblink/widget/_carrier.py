"""Requests of a page in a notebook, answered by the server's own application without a server."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any
from urllib.parse import unquote, urlsplit

from starlette.types import ASGIApp, Message

PART = 4_000_000
"""Most bytes of one message: a notebook's connection drops larger ones."""

Send = Callable[[dict[str, Any], list[bytes]], None]


class Carrier:
    """Answers messages of a page with messages.

    Parameters
    ----------
    app : ASGIApp
        Of the bundle.
    page : callable
        Returns the page as one document.
    send : callable
        Takes small JSON, and bytes beside it.
    """

    def __init__(self, app: ASGIApp, page: Callable[[], str], send: Send) -> None:
        self._app = app
        self._page = page
        self._send = send

    def answer(self, asked: Mapping[str, Any], buffers: Sequence[Any]) -> None:
        """Answer one request.

        Parameters
        ----------
        asked : mapping
            ``id``, ``method``, ``path`` and perhaps ``headers``.
        buffers : sequence of bytes-like
            The body of a question, or nothing.
        """
        if asked.get("path") == "/page":
            self._reply(asked, 200, {}, self._page().encode())
            return
        call = _Call(self._app, asked, b"".join(bytes(one) for one in buffers))
        failed = asyncio.run_coroutine_threadsafe(call.run(), _loop()).exception()
        if failed is None:
            self._reply(asked, call.status, call.headers, bytes(call.body))
        else:  # whatever it is, the page has to hear of it
            self._reply(asked, 500, {}, f"{type(failed).__name__}: {failed}".encode())

    def _reply(
        self, asked: Mapping[str, Any], status: int, headers: Mapping[str, str], body: bytes
    ) -> None:
        view = memoryview(body)
        n = max(1, -(-len(body) // PART))
        about = {"id": asked.get("id"), "status": status, "headers": dict(headers), "of": n}
        for at in range(n):
            part = bytes(view[at * PART : (at + 1) * PART])
            self._send({**about, "at": at}, [part])


class _Call:
    """One request and its answer."""

    def __init__(self, app: ASGIApp, asked: Mapping[str, Any], body: bytes) -> None:
        self._app = app
        self._given = body
        self._read = False
        url = urlsplit(str(asked.get("path", "/")))
        given = asked.get("headers") or {}
        self._scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": str(asked.get("method", "GET")).upper(),
            "scheme": "http",
            "path": unquote(url.path),
            "raw_path": url.path.encode(),
            "root_path": "",
            "query_string": url.query.encode(),
            "headers": [
                (str(name).lower().encode("latin-1"), str(value).encode("latin-1"))
                for name, value in given.items()
            ],
            "server": None,
            "client": None,
        }
        self.status = 500
        self.headers: dict[str, str] = {}
        self.body = bytearray()

    async def run(self) -> None:
        await self._app(self._scope, self._receive, self._hear)

    async def _receive(self) -> Message:
        if self._read:  # nobody goes away before the answer
            await asyncio.Event().wait()
        self._read = True
        return {"type": "http.request", "body": self._given, "more_body": False}

    async def _hear(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            told = message.get("headers", [])
            self.headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in told}
        else:
            self.body += message.get("body", b"")


@cache
def _loop() -> asyncio.AbstractEventLoop:
    """Return a loop of our own: that of a notebook waits for the cell that is run."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="emblink-widget", daemon=True).start()
    return loop
