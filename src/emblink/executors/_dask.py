"""Futures of Dask as those of the standard library.

Dask's own executor never ends the future of a job whose worker is lost between its end and the
fetching of its result.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any


def submit_to(client: Any, function: Callable[..., Any], *arguments: Any) -> Future[Any]:
    """Submit a job to a client of Dask.

    Parameters
    ----------
    client : distributed.Client
    function : callable
    arguments : object

    Returns
    -------
    concurrent.futures.Future
        Ends as the job does: with its result, what it raised, or what became of its worker.
    """
    there = client.submit(function, *arguments, pure=False)
    here: Future[Any] = Future()
    here.set_running_or_notify_cancel()

    def end(_: Any) -> None:
        try:
            result = there.result()
        except BaseException as error:
            here.set_exception(error)
        else:
            here.set_result(result)
        there.release()

    there.add_done_callback(end)
    here.cancel = there.cancel  # type: ignore[method-assign]
    return here
