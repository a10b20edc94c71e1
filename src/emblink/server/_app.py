"""The application, and the server that runs it.

The page is at ``/``, the bundle's files are under ``/bundle/``; an exported page has the same URLs,
but for ``/ask``, which passes the page's questions on, ``/notes``, which keeps what people leave
in the bundle, and ``/progress``, which says how far a comparison under way is. Until that is done
its pictures so far are what ``/bundle/`` holds. What is no longer there is answered with 410, in
words.
"""

from __future__ import annotations

import secrets
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import msgspec
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from emblink.bundle import Bundle
from emblink.errors import BundleError
from emblink.live import Live
from emblink.page import page_folder
from emblink.pipeline import Preview
from emblink.server._address import Address, keep_address, last_address
from emblink.server._editions import MADE_ANEW, MANIFEST, REVISION, Editions, damaged
from emblink.server._file import FileAnswer
from emblink.server._guard import ASK, HOST, NOTES, Guard
from emblink.server._notes import NotesDesk
from emblink.server._questions import Questions


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
    return Guard(unguarded(source), token=token, port=port)


def unguarded(source: Path | Live) -> ASGIApp:
    """Return the application for who carries requests from one page alone, and asks no token.

    Parameters
    ----------
    source : Path or Live
        A finished bundle, or a comparison under way.

    Returns
    -------
    ASGIApp

    Raises
    ------
    BundleError
        The bundle is unfinished or newer than this Emblink, or the page was not built.
    """
    live = source if isinstance(source, Live) else _finished(source)
    page = page_folder()
    editions = Editions(live)

    async def column(request: Request) -> Response:
        name = request.path_params["name"]
        found = _stored(editions, name, request) or _shown(live.preview, name)
        return found or PlainTextResponse(f"the bundle has no file {name}", status_code=404)

    async def progress(request: Request) -> Response:
        editions.now()
        return JSONResponse(live.now())

    async def home(request: Request) -> Response:
        return FileResponse(page / "index.html")

    told = _telling(editions)
    return Starlette(
        routes=[
            Route("/", home),
            Route("/bundle/{name:path}", told(column)),
            Route("/progress", told(progress)),
            Route(ASK, told(Questions(editions).answer), methods=["POST"]),
            Route(NOTES, told(NotesDesk(editions).answer), methods=["GET", "PUT"]),
            Mount("/", StaticFiles(directory=page)),
        ]
    )


Handler: TypeAlias = Callable[[Request], Awaitable[Response]]


def _telling(editions: Editions) -> Callable[[Handler], Handler]:
    """Have every answer say which edition is on disk, and what is gone said as such."""

    def told(handle: Handler) -> Handler:
        async def handler(request: Request) -> Response:
            try:
                answer = await handle(request)
            except BundleError as gone:
                answer = PlainTextResponse(str(gone), status_code=410)
            revision = editions.revision()
            if revision is not None:
                answer.headers[REVISION] = revision
            return answer

        return handler

    return told


def _finished(path: Path) -> Live:
    live = Live()
    live.finish(Bundle(path))
    return live


def _stored(editions: Editions, name: str, request: Request) -> Response | None:
    """Return a file of the bundle on disk, or of an edition that an open page may show."""
    if name == MANIFEST:
        edition = editions.now()
        if edition is None:
            return None
        return Response(edition.manifest, media_type="application/json")
    holder = editions.holder(name)
    if holder is None:
        now = editions.now()
        holder = editions.holder(name)
        if now is None or holder is None:
            return None
    try:
        return FileAnswer(holder.bundle.path / name, holder.sizes[name], request)
    except (OSError, EOFError) as error:
        now = editions.now()
        if now is not None and now is not holder:
            raise BundleError(MADE_ANEW) from error
        raise damaged(name, holder.bundle.path) from error


def _shown(preview: Preview | None, name: str) -> Response | None:
    """Return a file of a comparison under way; its last one can be had after it is done."""
    if preview is None:
        return None
    if name == MANIFEST:
        return Response(msgspec.json.encode(preview.manifest), media_type="application/json")
    if name not in preview.files:
        return None
    return Response(preview.files[name].tobytes(), media_type="application/octet-stream")


@dataclass(frozen=True)
class Server:
    """A server about to run, with its address already taken.

    Attributes
    ----------
    url : str
        The whole address, with the token.
    said : str
        What there is to know of the address; empty where nothing is.
    """

    url: str
    _server: uvicorn.Server
    _socket: socket.socket
    said: str = ""
    _kept: tuple[Path, Address] | None = None

    def run(self) -> None:
        """Serve until interrupted."""
        try:
            self._server.run(sockets=[self._socket])
        finally:  # one that is stopped before it has begun leaves it open
            self._socket.close()
            if self._kept:  # a day from now on
                keep_address(*self._kept)

    def stop(self) -> None:
        """Ask a running server to end; safe from another thread."""
        self._server.should_exit = True

    def close(self) -> None:
        """Give up the address without serving."""
        self._socket.close()


def serve(source: Path | Live, *, port: int = 0, again: Path | None = None) -> Server:
    """Take an address on this machine for a bundle.

    Parameters
    ----------
    source : Path or Live
        A finished bundle, or a comparison under way.
    port : int
        0 takes any free port.
    again : Path, optional
        The bundle whose address of the last day is taken again, where it is free, and kept.

    Returns
    -------
    Server
        Call ``run()`` to serve.

    Raises
    ------
    BundleError
        The bundle cannot be served, or the port is taken.
    """
    last = last_address(again) if again else None
    token = last.token if last else secrets.token_urlsafe(24)
    said = ""
    try:
        listening = _listening(port or (last.port if last else 0))
    except BundleError:
        if port or last is None:
            raise
        # Whoever is there now may not be ours: what let us in there lets nobody in here.
        listening, token = _listening(0), secrets.token_urlsafe(24)
        said = f"Port {last.port}, where it was before, is in use: links of before do not work."
        again = None
    port = listening.getsockname()[1]
    try:
        app = application(source, token=token, port=port)
    except BundleError:
        listening.close()
        raise
    kept = (again, Address(port, token)) if again else None
    if kept:
        keep_address(*kept)
    config = uvicorn.Config(app, log_level="warning", lifespan="off", timeout_graceful_shutdown=1)
    url = f"http://{HOST}:{port}/?token={token}"
    return Server(url, uvicorn.Server(config), listening, said, kept)


def _listening(port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
        listening.listen()
    except (OSError, OverflowError) as error:  # OverflowError: beyond 65535
        listening.close()
        raise BundleError(f"port {port} is taken ({error}); choose another with --port") from error
    return listening
