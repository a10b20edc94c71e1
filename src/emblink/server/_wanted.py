"""Work that ends when nobody waits for it: the page was closed, or the server is to end."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from starlette.requests import Request

from emblink.compute import stoppable
from emblink.errors import StoppedError

Result = TypeVar("Result")

LOOK_S = 0.2
"""How often it is looked whether anybody waits."""


async def while_wanted(
    work: Callable[[], Result], request: Request, ending: threading.Event
) -> Result:
    """Do work in a thread for as long as somebody waits for it.

    Parameters
    ----------
    work : callable
        It ends between two of its blocks.
    request : Request
        Whose answer it is.
    ending : Event
        Set once the server is to end.

    Returns
    -------
    object
        What the work returned.

    Raises
    ------
    StoppedError
        Nobody waited any more.
    """
    stop, answer = threading.Event(), Future[Result]()

    def do() -> None:
        answer.set_running_or_notify_cancel()
        try:
            with stoppable(stop):
                answer.set_result(work())
        except BaseException as error:
            answer.set_exception(error)

    # Not a thread of a pool, which would be waited for when the server ends.
    threading.Thread(target=do, daemon=True).start()
    waiting = asyncio.wrap_future(answer)
    try:
        while not (await asyncio.wait({waiting}, timeout=LOOK_S))[0]:
            if ending.is_set():
                raise StoppedError("the server ends")
            if await request.is_disconnected():
                stop.set()
        return waiting.result()
    finally:
        stop.set()
        waiting.cancel()
