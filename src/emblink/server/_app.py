"""The application.

The page is at ``/``, the bundle's files are under ``/bundle/``; an exported page has the same URLs,
but for ``/ask``, which passes the page's questions on, ``/notes``, which keeps what people leave
in the bundle, and ``/progress``, which says how far a comparison under way is. Until that is done
its pictures so far are what ``/bundle/`` holds. What is no longer there is answered with 410, in
words.
"""

from __future__ import annotations

import threading
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeAlias

import msgspec
from starlette.applications import Starlette
from starlette.background import BackgroundTask
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
from emblink.server._editions import MADE_ANEW, MANIFEST, REVISION, Editions, damaged
from emblink.server._file import FileAnswer
from emblink.server._guard import ASK, NOTES, PROGRESS
from emblink.server._notes import NotesDesk
from emblink.server._questions import Questions


def unguarded(source: Path | Live, *, ending: threading.Event | None = None) -> ASGIApp:
    """Return the application for who carries requests from one page alone, and asks no token.

    Parameters
    ----------
    source : Path or Live
        A finished bundle, or a comparison under way.
    ending : Event, optional
        Set once whoever carries them is to end: what is computed then ends as well.

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
        if request.method == "POST":
            if live.now()["state"] != "running":
                return PlainTextResponse("nothing is being computed", status_code=404)
            live.stop()
            return Response(status_code=204)
        editions.now()
        told = live.now()
        ended = told["state"] != "running"
        return JSONResponse(told, background=BackgroundTask(live.heard) if ended else None)

    async def home(request: Request) -> Response:
        return FileResponse(page / "index.html")

    told, questions = _telling(editions), Questions(editions, ending or threading.Event())
    return Starlette(
        routes=[
            Route("/", home),
            Route("/bundle/{name:path}", told(column)),
            Route(PROGRESS, told(progress), methods=["GET", "POST"]),
            Route(ASK, told(questions.answer), methods=["POST"]),
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
