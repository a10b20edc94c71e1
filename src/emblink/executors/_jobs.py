"""What is handed to a worker: the name of a function, a folder to read from, and a few numbers."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any, TypeAlias

from emblink._version import VERSION
from emblink.compute import on_threads, one_blas_thread
from emblink.errors import WorkerError

Parameter: TypeAlias = int | float | bool | str | tuple["Parameter", ...]


@dataclass(frozen=True)
class Job:
    """A piece of work that another process can do, holding no array.

    Attributes
    ----------
    function : str
        ``"module:function"``, called with the folder and the parameters.
    folder : str
        Of the files that the function reads; workers must see it under the same path.
    parameters : tuple
        Numbers, words, and tuples of them.
    name : str
        For people.
    version : str
        Of the Emblink that asks.
    """

    function: str
    folder: str
    parameters: tuple[Parameter, ...]
    name: str
    version: str = VERSION


def perform(job: Job) -> Any:
    """Do a job where it arrives, on one thread.

    Parameters
    ----------
    job : Job

    Returns
    -------
    object
        What its function returns.

    Raises
    ------
    WorkerError
        The worker has another Emblink, or does not see the folder.
    """
    if job.version != VERSION:
        raise WorkerError(
            f"a worker has Emblink {VERSION}, and {job.version} asks it for {job.name}; install "
            "the same on all machines"
        )
    module, _, name = job.function.partition(":")
    with on_threads(1), one_blas_thread():
        try:
            return getattr(import_module(module), name)(job.folder, *job.parameters)
        except FileNotFoundError as error:
            raise WorkerError(
                f"a worker does not see {job.folder}, which {job.name} is to be read from; give -o "
                "a folder that all workers share under one path"
            ) from error
