"""Work that ends when nobody waits for it: the page was closed, or the server is to end."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from emblink.compute import stoppable

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
    stop = threading.Event()

    def done() -> Result:
        with stoppable(stop):
            return work()

    task = asyncio.ensure_future(run_in_threadpool(done))
    try:
        while not (await asyncio.wait({task}, timeout=LOOK_S))[0]:
            if ending.is_set() or await request.is_disconnected():
                stop.set()
        return task.result()
    finally:
        stop.set()
