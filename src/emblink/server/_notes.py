"""What people leave in a bundle: read and replaced by its own page."""

from __future__ import annotations

from pathlib import Path

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response

from emblink.bundle import read_notes, write_notes
from emblink.errors import BundleError, InputError
from emblink.server._editions import Editions

EDITION = "emblink-notes"
"""The version of the notes, with them and with what is to replace them."""

_MOST = 64 << 20


class NotesDesk:
    """Hand out the notes of the bundle on disk, and take others in their place.

    Parameters
    ----------
    editions : Editions
    """

    def __init__(self, editions: Editions) -> None:
        self._editions = editions

    async def answer(self, request: Request) -> Response:
        edition = self._editions.now()
        if edition is None:
            return PlainTextResponse(
                "the comparison is still under way; notes are kept once it is done",
                status_code=409,
            )
        body = b""
        if request.method == "PUT":
            found = await _body(request)
            if isinstance(found, Response):
                return found
            body = found
        try:
            return await run_in_threadpool(_done, edition.bundle.path, request, body)
        except InputError as error:
            return PlainTextResponse(str(error), status_code=400)
        except BundleError as error:
            return PlainTextResponse(str(error), status_code=409)


def _done(root: Path, request: Request, body: bytes) -> Response:
    if request.method == "PUT":
        version = write_notes(root, body, version=request.headers.get(EDITION, ""))
        if version is None:
            return PlainTextResponse(
                "the notes were changed meanwhile; read them again", status_code=412
            )
        return Response(status_code=204, headers={EDITION: version})
    notes, version = read_notes(root)
    return Response(
        msgspec.json.encode(notes), media_type="application/json", headers={EDITION: version}
    )


async def _body(request: Request) -> bytes | Response:
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > _MOST:
                return PlainTextResponse(
                    f"the notes have more than {_MOST >> 20} MiB; delete some selections",
                    status_code=413,
                )
    except ClientDisconnect:
        return Response(status_code=400)
    return bytes(body)
