"""Carry one bundle to one browser: loopback only, behind a token, nothing computed here.

The page is at ``/``, the bundle's files are under ``/bundle/``; an exported page has the same URLs,
but for ``/ask``, which passes the page's questions on, and ``/progress``, which says how far a
comparison under way is. Until that is done its pictures so far are what ``/bundle/`` holds.
"""

from __future__ import annotations

import asyncio
import hmac
import secrets
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files
from pathlib import Path

import msgspec
import numpy as np
import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from emblink.ask import Asker
from emblink.bundle import Bundle
from emblink.errors import BundleError, EmblinkError, InputError
from emblink.live import Live
from emblink.pipeline import Preview
from emblink.types import IntArray

HOST = "127.0.0.1"
ASK = "/ask"
MANIFEST = "manifest.json"

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = (
    (b"content-security-policy", _POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cache-control", b"no-cache"),
)


def application(source: Path | Live, *, token: str, port: int) -> ASGIApp:
    """Return the ASGI application that serves one bundle.

    Parameters
    ----------
    source : Path or Live
        A finished bundle, or a comparison under way.
    token : str
        Asked of every request: as ``?token=``, which sets a cookie, from then on by the cookie.
    port : int
        The port it is served at; requests for any other host or from any other origin are refused.

    Returns
    -------
    ASGIApp

    Raises
    ------
    BundleError
        The bundle is unfinished or newer than this Emblink, or the page was not built.
    """
    live = source if isinstance(source, Live) else _finished(source)
    page = Path(str(files("emblink") / "static"))
    if not (page / "index.html").is_file():
        raise BundleError(
            "the page was not built; reinstall Emblink, "
            "or run `python hatch_build.py` in a checkout"
        )

    async def column(request: Request) -> Response:
        name = request.path_params["name"]
        found = _stored(live.bundle, name) or _shown(live.preview, name)
        return found or PlainTextResponse(f"the bundle has no file {name}", status_code=404)

    async def progress(request: Request) -> Response:
        return JSONResponse(live.now())

    async def home(request: Request) -> Response:
        return FileResponse(page / "index.html")

    inner = Starlette(
        routes=[
            Route("/", home),
            Route("/bundle/{name:path}", column),
            Route("/progress", progress),
            Route(ASK, _Questions(live).answer, methods=["POST"]),
            Mount("/", StaticFiles(directory=page)),
        ]
    )
    return _Guard(inner, token=token, port=port)


def _finished(path: Path) -> Live:
    live = Live()
    live.finish(Bundle(path))
    return live


def _stored(bundle: Bundle | None, name: str) -> Response | None:
    """Return a file of a finished bundle."""
    if bundle is None or name not in _names(bundle):
        return None
    return FileResponse(bundle.path / name)


@lru_cache(maxsize=4)
def _names(bundle: Bundle) -> frozenset[str]:
    return frozenset((MANIFEST, *(column.path for column in bundle.manifest.columns.values())))


def _shown(preview: Preview | None, name: str) -> Response | None:
    """Return a file of a comparison under way; its last one can be had after it is done."""
    if preview is None:
        return None
    if name == MANIFEST:
        return Response(msgspec.json.encode(preview.manifest), media_type="application/json")
    if name not in preview.files:
        return None
    return Response(preview.files[name].tobytes(), media_type="application/octet-stream")


class _Questions:
    """Pass the page's questions on, one at a time, and the answers back."""

    def __init__(self, live: Live) -> None:
        self._live = live
        self._turn = asyncio.Lock()

    @cached_property
    def _asker(self) -> Asker:
        if self._live.bundle is None:
            raise InputError("the comparison is still under way; ask when it is done")
        return Asker(self._live.bundle)

    async def answer(self, request: Request) -> Response:
        kind = request.query_params.get("kind", "")
        if kind not in self._kinds:
            return PlainTextResponse(
                f"kind is {kind!r}; expected {', '.join(map(repr, self._kinds))}", status_code=400
            )
        try:
            most = 4 * self._asker.n_items
        except InputError as early:
            return PlainTextResponse(str(early), status_code=400)
        body = bytearray()
        try:
            async for chunk in request.stream():
                body += chunk
                if len(body) > most:
                    return PlainTextResponse(
                        "the selection has more rows than the bundle has items; expected at most "
                        f"{most} bytes",
                        status_code=413,
                    )
        except ClientDisconnect:
            return Response(status_code=400)
        async with self._turn:
            if await request.is_disconnected():  # while it waited
                return Response(status_code=400)
            try:
                return await run_in_threadpool(self._ask, kind, request, bytes(body))
            except EmblinkError as error:
                return PlainTextResponse(str(error), status_code=400)

    @property
    def _kinds(self) -> dict[str, Callable[[tuple[str, str], IntArray], Response]]:
        return {"selection": self._measure, "suggest": self._suggest, "like": self._like}

    def _ask(self, kind: str, request: Request, body: bytes) -> Response:
        pair = request.query_params.get("a", ""), request.query_params.get("b", "")
        return self._kinds[kind](pair, self._asker.rows_of_stored(_rows_in(body)))

    def _measure(self, pair: tuple[str, str], rows: IntArray) -> Response:
        return JSONResponse(self._asker.ask(pair, rows))

    def _suggest(self, pair: tuple[str, str], rows: IntArray) -> Response:
        found = self._asker.suggest(pair, rows)
        stored = self._asker.stored_of_rows
        named = [
            {
                "exemplars": stored(found.items[one.exemplars]).tolist(),
                "lost": stored(found.items[one.lost]).tolist(),
                "gained": stored(found.items[one.gained]).tolist(),
            }
            for one in found.named
        ]
        about = {"groups": found.reports, "rows": named, "search": found.search}
        codes = np.full(len(rows), -1, dtype="<i4")
        for code, group in enumerate(found.groups):
            codes[np.isin(rows, group.rows)] = code
        return Response(_frame(about, codes), media_type="application/octet-stream")

    def _like(self, pair: tuple[str, str], rows: IntArray) -> Response:
        return JSONResponse(self._asker.similar(rows))


def _frame(about: object, codes: IntArray) -> bytes:
    """Send JSON and numbers as one: the length of the JSON, the JSON, the numbers."""
    text = msgspec.json.encode(about)
    text += b" " * (-len(text) % 4)
    return b"".join([np.array(len(text), dtype="<i4").tobytes(), text, codes.tobytes()])


def _rows_in(body: bytes) -> IntArray:
    if not body or len(body) % 4:
        raise InputError(
            f"the body has {len(body)} bytes; expected item rows as little-endian int32, four "
            "bytes each, at least one"
        )
    return np.frombuffer(body, dtype="<i4")


class _Guard:
    """Let a request pass only when it comes from this machine's own page and knows the token."""

    def __init__(self, app: ASGIApp, *, token: str, port: int) -> None:
        self._app = app
        self._token = token
        self._cookie = f"emblink-{port}"
        self._hosts = {f"{HOST}:{port}", f"localhost:{port}"}
        self._origins = {f"http://{host}" for host in self._hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        refusal = self._refuse(request)
        answer = refusal if refusal is not None else self._app
        fresh = refusal is None and "token" in request.query_params
        await answer(scope, receive, self._sealed(send, set_cookie=fresh))

    def _refuse(self, request: Request) -> Response | None:
        headers: Headers = request.headers
        if headers.get("host") not in self._hosts:
            return PlainTextResponse("this server answers on 127.0.0.1 only", status_code=421)
        if headers.get("origin", next(iter(self._origins))) not in self._origins:
            return PlainTextResponse("requests from other pages are refused", status_code=403)
        given = request.query_params.get("token") or request.cookies.get(self._cookie, "")
        if not hmac.compare_digest(given.encode(), self._token.encode()):
            return PlainTextResponse(
                "Emblink needs its token: open the whole address that `emblink open` printed, "
                "with ?token=…",
                status_code=401,
            )
        if request.method == "POST" and request.url.path == ASK:
            if "origin" not in headers:
                return PlainTextResponse("questions come from the page only", status_code=403)
        elif request.method not in ("GET", "HEAD"):
            return PlainTextResponse("nothing can be changed here", status_code=405)
        return None

    def _sealed(self, send: Send, *, set_cookie: bool) -> Callable[[Message], Awaitable[None]]:
        cookie = f"{self._cookie}={self._token}; HttpOnly; SameSite=Strict; Path=/"

        async def sealed(message: Message) -> None:
            if message["type"] == "http.response.start":
                added = list(_HEADERS)
                if set_cookie:
                    added.append((b"set-cookie", cookie.encode()))
                message = {**message, "headers": [*message["headers"], *added]}
            await send(message)

        return sealed


@dataclass(frozen=True)
class Server:
    """A server about to run, with its address already taken.

    Attributes
    ----------
    url : str
        The whole address, with the token.
    """

    url: str
    _server: uvicorn.Server
    _socket: socket.socket

    def run(self) -> None:
        """Serve until interrupted."""
        self._server.run(sockets=[self._socket])

    def stop(self) -> None:
        """Ask a running server to end; safe from another thread."""
        self._server.should_exit = True

    def close(self) -> None:
        """Give up the address without serving."""
        self._socket.close()


def serve(source: Path | Live, *, port: int = 0) -> Server:
    """Take an address on this machine for a bundle.

    Parameters
    ----------
    source : Path or Live
        A finished bundle, or a comparison under way.
    port : int
        0 takes any free port.

    Returns
    -------
    Server
        Call ``run()`` to serve.

    Raises
    ------
    BundleError
        The bundle cannot be served, or the port is taken.
    """
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
        listening.listen()
    except (OSError, OverflowError) as error:  # OverflowError: beyond 65535
        listening.close()
        raise BundleError(f"port {port} is taken ({error}); choose another with --port") from error
    port = listening.getsockname()[1]
    token = secrets.token_urlsafe(24)
    try:
        app = application(source, token=token, port=port)
    except BundleError:
        listening.close()
        raise
    config = uvicorn.Config(app, log_level="warning", lifespan="off", timeout_graceful_shutdown=1)
    return Server(f"http://{HOST}:{port}/?token={token}", uvicorn.Server(config), listening)
