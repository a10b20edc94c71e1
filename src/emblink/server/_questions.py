"""The page's questions, passed on to who computes the answers."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from functools import partial

import msgspec
import numpy as np
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from emblink.ask import Asker, SuggestedGroups
from emblink.bundle.schema import GroupRows
from emblink.errors import BundleError, EmblinkError, InputError, StoppedError
from emblink.server._editions import MADE_ANEW, Edition, Editions
from emblink.server._wanted import while_wanted
from emblink.types import IntArray

_ANYTHING = (ArithmeticError, EOFError, LookupError, OSError, TypeError, ValueError)
"""What can come of a file that went or changed while it was computed on."""


class Questions:
    """Pass the page's questions on, one at a time, and the answers back.

    Parameters
    ----------
    editions : Editions
    ending : Event
        Set once the server is to end: what is computed then ends as well.
    """

    def __init__(self, editions: Editions, ending: threading.Event) -> None:
        self._editions = editions
        self._ending = ending
        self._turn = asyncio.Lock()
        self._asked: tuple[Edition, Asker] | None = None

    async def answer(self, request: Request) -> Response:
        kind = request.query_params.get("kind", "")
        if kind not in self._kinds:
            return PlainTextResponse(
                f"kind is {kind!r}; expected {', '.join(map(repr, self._kinds))}", status_code=400
            )
        try:
            most = 4 * self._edition(request).bundle.manifest.n_items
        except EmblinkError as early:
            return _refusal(early)
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
                edition = self._edition(request)  # another may have come while it waited
                work = partial(self._ask, edition, kind, request, bytes(body))
                return await while_wanted(work, request, self._ending)
            except StoppedError:
                return Response(status_code=503)
            except EmblinkError as error:
                return _refusal(error)

    def _edition(self, request: Request) -> Edition:
        """Return the edition on disk where the page shows that one: rows are items of it alone."""
        edition = self._editions.now()
        if edition is None:
            raise InputError("the comparison is still under way; ask when it is done")
        if request.query_params.get("r", edition.revision) != edition.revision:
            raise BundleError(MADE_ANEW)
        return edition

    def _asker(self, edition: Edition) -> Asker:
        if self._asked is None or self._asked[0] is not edition:
            self._asked = edition, Asker(edition.bundle)
        return self._asked[1]

    @property
    def _kinds(self) -> dict[str, Callable[[Asker, tuple[str, str], IntArray], Response]]:
        return {"selection": _measure, "suggest": _suggest, "like": _like}

    def _ask(self, edition: Edition, kind: str, request: Request, body: bytes) -> Response:
        edition.check()
        pair = request.query_params.get("a", ""), request.query_params.get("b", "")
        asker = self._asker(edition)
        try:
            return self._kinds[kind](asker, pair, asker.checked(_rows_in(body)))
        except EmblinkError:
            raise
        except _ANYTHING:
            edition.check()
            raise


def _refusal(error: EmblinkError) -> Response:
    """Say why there is no answer: 410 where there will be none however it is asked."""
    gone = isinstance(error, BundleError)
    return PlainTextResponse(str(error), status_code=410 if gone else 400)


def _measure(asker: Asker, pair: tuple[str, str], rows: IntArray) -> Response:
    return JSONResponse(asker.ask(pair, rows))


def _suggest(asker: Asker, pair: tuple[str, str], rows: IntArray) -> Response:
    found = asker.suggest(pair, rows)
    named = [
        GroupRows(
            exemplars=found.items[one.exemplars].tolist(),
            lost=found.items[one.lost].tolist(),
            gained=found.items[one.gained].tolist(),
        )
        for one in found.named
    ]
    about: SuggestedGroups = {"groups": found.reports, "rows": named, "search": found.search}
    codes = np.full(len(rows), -1, dtype="<i4")
    for code, group in enumerate(found.groups):
        codes[np.isin(rows, group.rows)] = code
    return Response(_frame(about, codes), media_type="application/octet-stream")


def _like(asker: Asker, pair: tuple[str, str], rows: IntArray) -> Response:
    return JSONResponse(asker.similar(rows))


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
