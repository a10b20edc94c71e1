"""The options that say who does the heavy blocks of work."""

from __future__ import annotations

from typing import Annotated

import typer

from emblink.errors import InputError

LOCAL = "local"

Executor = Annotated[
    str | None,
    typer.Option(
        help="Who finds exact neighbours: threads, processes, dask, ray, dask:ADDRESS, ray:ADDRESS "
        "[this process].",
        metavar="NAME",
    ),
]
Dask = Annotated[
    str | None,
    typer.Option(
        help="Find them on a cluster of Dask: the ADDRESS of its scheduler, or 'local'.",
        metavar="ADDRESS",
    ),
]


def given_executor(executor: str | None, dask: str | None) -> str | None:
    """Read what the command line says of who works.

    Parameters
    ----------
    executor, dask : str or None

    Returns
    -------
    str or None
        As :func:`emblink.executors.opened` takes it.

    Raises
    ------
    InputError
        Both are given, or the executor is unknown or not installed.
    """
    from emblink.executors import check

    if executor is not None and dask is not None:
        raise InputError("--executor and --dask are both given; expected one of them")
    if dask is not None:
        executor = "dask" if dask == LOCAL else f"dask:{dask}"
    if executor is not None:
        check(executor)
    return executor
