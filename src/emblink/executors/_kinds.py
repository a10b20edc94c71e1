"""Executors by name, and whatever else has ``submit``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from multiprocessing import get_context
from threading import Event
from typing import Any

from emblink.compute import stoppable, threads
from emblink.errors import InputError
from emblink.executors._dask import submit_to

_AHEAD = 2
"""Jobs handed out for each worker: the next lies ready when one is done."""
_UNKNOWN = 16
"""Jobs handed out to workers that nobody counted."""


@dataclass(frozen=True, eq=False)
class Workers:
    """Who takes jobs.

    Attributes
    ----------
    submit : callable
        As of ``concurrent.futures.Executor``.
    ahead : int
        How many jobs are handed out at most before the first is done.
    renew : callable or None
        Starts workers anew after they were lost; None where this is not ours to do.
    forget : bool
        Whether a job can be lost without a word, so that it is asked for again where it takes far
        longer than others did.
    """

    submit: Callable[..., Future[Any]]
    ahead: int
    renew: Callable[[], None] | None = None
    forget: bool = False


@contextmanager
def opened(executor: object) -> Iterator[Workers]:
    """Start workers, or take those that are given; what was started is stopped in the end.

    Parameters
    ----------
    executor : object
        ``"threads"``, ``"processes"``, ``"dask"`` or ``"ray"`` on this machine; ``"dask:ADDRESS"``
        of a scheduler or ``"ray:ADDRESS"`` of a cluster (``"ray:auto"`` finds it); a Dask
        ``Client``; or anything whose ``submit(function, argument)`` returns a
        ``concurrent.futures.Future``. Those that are open already are passed on.

    Yields
    ------
    Workers

    Raises
    ------
    InputError
        It is none of these, what it needs is not installed, or nobody answers at the address.
    """
    if isinstance(executor, Workers):
        yield executor
        return
    check(executor)
    if isinstance(executor, str):
        kind, _, address = executor.partition(":")
        with KINDS[kind](address) as workers:
            yield workers
        return
    if hasattr(executor, "get_executor"):  # a Client of Dask
        with _client(executor) as workers:
            yield workers
        return
    submit: Callable[..., Future[Any]] = executor.submit  # type: ignore[attr-defined]
    counted = getattr(executor, "_max_workers", None)
    ahead = _AHEAD * counted if isinstance(counted, int) else _UNKNOWN
    yield Workers(submit, ahead)


def check(executor: object) -> None:
    """Refuse what is no executor, before any work.

    Parameters
    ----------
    executor : object
        As for :func:`opened`.

    Raises
    ------
    InputError
        It is none, or what it needs is not installed.
    """
    named = ", ".join(map(repr, KINDS))
    if not isinstance(executor, str):
        if isinstance(executor, Workers) or hasattr(executor, "get_executor"):
            return
        if callable(getattr(executor, "submit", None)):
            return
        raise InputError(
            f"executor is of type {type(executor).__name__}, which has no submit(); expected one "
            f"of concurrent.futures, a Client of Dask, or one of {named}"
        )
    kind, colon, address = executor.partition(":")
    if kind not in KINDS or (colon and not (address and kind in _NEEDS)):
        raise InputError(
            f"executor is {executor!r}; expected {named}, 'dask:ADDRESS', 'ray:ADDRESS', or what "
            "has a submit() (--executor)"
        )
    module, name = _NEEDS.get(kind, ("", ""))
    if module and find_spec(module) is None:
        raise InputError(f"{name} is not installed; pip install 'emblink[{kind}]'")


_NEEDS = {"dask": ("distributed", "Dask"), "ray": ("ray", "Ray")}
"""Modules that executors need, and their names for people."""


@contextmanager
def _threads(address: str) -> Iterator[Workers]:
    stop = Event()

    def submit(*call: Any) -> Future[Any]:
        return pool.submit(_while_wanted, stop, *call)

    with ThreadPoolExecutor(threads()) as pool:
        try:
            yield Workers(submit, _AHEAD * threads())
        finally:
            stop.set()


def _while_wanted(stop: Event, function: Callable[..., Any], *arguments: Any) -> Any:
    with stoppable(stop):
        return function(*arguments)


class _Processes:
    """A pool of processes that is replaced when one of them was lost."""

    def __init__(self) -> None:
        self.pool = self._new()

    @staticmethod
    def _new() -> ProcessPoolExecutor:
        # A fork would copy threads' locks; and it is the same on every system.
        return ProcessPoolExecutor(threads(), mp_context=get_context("spawn"))

    def submit(self, *call: Any) -> Future[Any]:
        return self.pool.submit(*call)

    def kill(self) -> None:
        """End what is under way: nobody waits for it."""
        for process in [*(self.pool._processes or {}).values()]:
            process.terminate()

    def renew(self) -> None:
        self.pool.shutdown(wait=False, cancel_futures=True)
        self.pool = self._new()


@contextmanager
def _processes(address: str) -> Iterator[Workers]:
    held = _Processes()
    try:
        yield Workers(held.submit, _AHEAD * threads(), held.renew)
    except BaseException:
        held.kill()
        raise
    finally:
        held.pool.shutdown(cancel_futures=True)


_QUIET = {
    "distributed.worker.profile.enabled": False,
    "distributed.admin.tick.interval": "1s",
    "distributed.admin.system-monitor.interval": "10s",
}
"""Looking many times a second at what every process of a cluster does takes a twelfth of a core."""


@contextmanager
def _dask(address: str) -> Iterator[Workers]:
    import dask
    from distributed import Client, LocalCluster

    if address:
        try:
            client = Client(address, set_as_default=False)
        except (OSError, ValueError) as error:
            raise InputError(
                f"no scheduler of Dask answers at {address} ({error}); start one with `dask "
                "scheduler`, and workers with `dask worker` (--dask)"
            ) from error
        with client, _client(client) as workers:
            yield workers
        return
    # Maps of files count as memory of a worker, which would be stopped for them; and lost workers
    # are counted here.
    with (
        dask.config.set(_QUIET),
        LocalCluster(
            n_workers=threads(),
            threads_per_worker=1,
            memory_limit=0,
            dashboard_address="127.0.0.1:0",
            scheduler_kwargs={"allowed_failures": 0},
        ) as cluster,
        Client(cluster, set_as_default=False) as client,
        _client(client) as workers,
    ):
        yield workers


@contextmanager
def _client(client: Any) -> Iterator[Workers]:
    ahead = _AHEAD * max(1, sum(client.nthreads().values()))
    yield Workers(partial(submit_to, client), ahead, forget=True)


@contextmanager
def _ray(address: str) -> Iterator[Workers]:
    import ray

    ours = not ray.is_initialized()
    if ours:
        where: dict[str, Any] = {"address": address} if address else {"num_cpus": threads()}
        try:
            ray.init(include_dashboard=False, log_to_driver=False, **where)
        except (OSError, ValueError, RuntimeError) as error:
            raise InputError(f"no cluster of Ray answers at {address} ({error})") from error

    def submit(function: Callable[..., Any], *arguments: Any) -> Future[Any]:
        found: Future[Any] = remote(function).remote(*arguments).future()
        return found

    remote = ray.remote(max_retries=0)  # what is lost is counted and asked for again here
    try:
        yield Workers(submit, _AHEAD * max(1, int(ray.cluster_resources().get("CPU", 1))))
    finally:
        if ours:
            ray.shutdown()


KINDS: dict[str, Callable[[str], AbstractContextManager[Workers]]] = {
    "threads": _threads,
    "processes": _processes,
    "dask": _dask,
    "ray": _ray,
}
