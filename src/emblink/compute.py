"""How much of the machine to use, and how long work says where it is."""

from __future__ import annotations

import math
import mmap
import os
import re
import sys
import tempfile
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from emblink.errors import EmblinkError, InputError, StoppedError
from emblink.troubles import named, reserve

if TYPE_CHECKING:
    from numpy.typing import DTypeLike, NDArray
    from threadpoolctl import ThreadpoolController

Job = TypeVar("Job")
Result = TypeVar("Result")
Progress: TypeAlias = Callable[[int, int], None]
"""Called with ``(done, total)`` between blocks of work; raise from it to cancel."""


_stop: ContextVar[threading.Event | None] = ContextVar("stop", default=None)


@contextmanager
def stoppable(stop: threading.Event) -> Iterator[None]:
    """Have work of this thread end between two blocks once an event is set.

    Raises
    ------
    StoppedError
        It was.
    """
    before = _stop.set(stop)
    try:
        yield
    finally:
        _stop.reset(before)


def go_on() -> None:
    """Return where the work is still wanted, else raise.

    Raises
    ------
    StoppedError
        It is not: see :func:`stoppable`.
    """
    stop = _stop.get()
    if stop is not None and stop.is_set():
        raise StoppedError("nobody waits for it any more")


def silent(done: int, total: int) -> None:
    """Report to nobody; the work ends here where it is not wanted any more."""
    go_on()


_threads: ContextVar[int | None] = ContextVar("threads", default=None)


@contextmanager
def on_threads(most: int) -> Iterator[None]:
    """Have work of this thread use so many threads while this lasts."""
    before = _threads.set(most)
    try:
        yield
    finally:
        _threads.reset(before)


def threads() -> int:
    """Return how many threads to use: ``EMBLINK_THREADS``, or the cores this process may use."""
    if (given := _threads.get()) is not None:
        return given
    asked = os.environ.get("EMBLINK_THREADS", "")
    if asked.isdigit() and int(asked) > 0:
        return int(asked)
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def in_threads(work: Callable[[Job], Result], jobs: Iterable[Job]) -> Iterator[Result]:
    """Do as many jobs at once as there are threads, for work that leaves Python's lock.

    Parameters
    ----------
    work : callable
        Called with each job, and to use one thread itself.
    jobs : iterable
        Taken as they are needed: never more than one for each thread and one that waits.

    Yields
    ------
    result
        In the order of the jobs; what a job raises comes in its turn.

    Raises
    ------
    StoppedError
        The work is not wanted any more: see :func:`stoppable`.
    """
    most = threads()
    if most == 1:
        for job in jobs:
            go_on()
            yield work(job)
        return
    running: deque[Future[Result]] = deque()

    def alone(job: Job) -> Result:
        with on_threads(1):
            return work(job)

    with ThreadPoolExecutor(most) as pool:
        for job in jobs:
            go_on()
            running.append(pool.submit(copy_context().run, alone, job))
            if len(running) > most:
                yield running.popleft().result()
        while running:
            yield running.popleft().result()


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """Have each product of matrices take one thread while this lasts.

    Threads of a product wait for each other by spinning: beside other work, and for small matrices,
    they take several times the time that they save. Work that is large is shared out above the
    products, with :func:`in_threads`.
    """
    _Products.begin()
    try:
        yield
    finally:
        _Products.end()


class _Products:
    """How many of those who asked for products on one thread are not done."""

    _lock = threading.Lock()
    _asked = 0
    _limits: object = None

    @classmethod
    def begin(cls) -> None:
        with cls._lock:
            cls._asked += 1
            if cls._asked == 1:
                cls._limits = _libraries().limit(limits=1, user_api="blas")

    @classmethod
    def end(cls) -> None:
        with cls._lock:
            cls._asked -= 1
            if cls._asked == 0:
                cls._limits.restore_original_limits()  # type: ignore[attr-defined]


@cache
def _libraries() -> ThreadpoolController:
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


def check_products() -> None:
    """Check that numpy's library multiplies matrices aright into memory that held other numbers.

    OpenBLAS with the code for some new processors (``armv9sme``) adds to what was there.

    Raises
    ------
    EmblinkError
        It does not: no number can be trusted.
    """
    import numpy as np

    x = np.random.default_rng(0).standard_normal((240, 12)).astype(np.float32)
    out = np.full((len(x), len(x)), np.nan, np.float32)
    with np.errstate(all="ignore"):
        np.matmul(x, x.T, out=out)
    if not np.allclose(out, np.einsum("id,jd->ij", x, x, optimize=False), atol=1e-4):
        raise EmblinkError(
            "numpy multiplies matrices wrongly on this machine, so that no number can be trusted; "
            "set OPENBLAS_CORETYPE to an older processor (ARMV8, Haswell), or change numpy's "
            "version"
        )


_SPILLS = 8
"""An array of more than this part of the memory lies in a file."""
_DEFAULT_SHARE = 0.5
_LEAST_MEMORY = 1e8
_UNITS = {"": 1.0, "k": 1e3, "m": 1e6, "g": 1e9, "t": 1e12}
_MEMORY: ContextVar[float | None] = ContextVar("memory", default=None)
_FOLDER: ContextVar[Path | None] = ContextVar("folder", default=None)


@contextmanager
def within_memory(most: float | None, *, folder: Path | None = None) -> Iterator[None]:
    """Have large arrays lie in files without a name while this lasts.

    Parameters
    ----------
    most : float or None
        Bytes that may be used; half of the machine's memory by default.
    folder : Path, optional
        Where the files lie; by default where temporary files do.
    """
    before = _MEMORY.set(most), _FOLDER.set(folder)
    try:
        yield
    finally:
        _MEMORY.reset(before[0])
        _FOLDER.reset(before[1])


def bytes_of(text: float | str | None) -> float | None:
    """Read an amount of memory.

    Parameters
    ----------
    text : float, str or None
        Bytes, or a number with a unit: ``"4GB"``, ``"800 MB"``.

    Returns
    -------
    float or None
        None where nothing is asked.

    Raises
    ------
    InputError
        It is none, or less than a hundred megabytes.
    """
    if text is None:
        return None
    if isinstance(text, str):
        found = re.fullmatch(r"\s*(\d+\.?\d*)\s*([kmgt]?)b?\s*", text.lower())
        size = float(found[1]) * _UNITS[found[2]] if found else 0.0
    else:
        size = float(text)
    if size < _LEAST_MEMORY:
        raise InputError(
            f"memory is {text!r}; expected bytes or a number with a unit, such as '4GB', and no "
            "less than 100 MB (--memory)"
        )
    return size


def memory() -> float:
    """Return the bytes that may be used: as asked, or half of the machine's memory.

    Returns
    -------
    float
        Infinite where the machine does not say what it has.
    """
    asked = _MEMORY.get()
    if asked is not None:
        return asked
    machine = memory_of_machine()
    return math.inf if machine is None else _DEFAULT_SHARE * machine


def memory_of_machine() -> float | None:
    """Return the bytes of memory that the machine has, or None where it does not say.

    Returns
    -------
    float or None
    """
    try:
        return float(os.sysconf("SC_PAGE_SIZE")) * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return None


def peak_memory() -> int | None:
    """Return the most bytes of memory that this process ever held, maps of files among them.

    Returns
    -------
    int or None
        None where the system does not say.
    """
    try:
        # What a process says of its resources begins with the most of the one that started it.
        status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
        return 1024 * int(status.partition("VmHWM:")[2].split()[0])
    except (OSError, IndexError, ValueError):  # another system
        pass
    try:
        import resource
    except ImportError:  # Windows
        return None
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else 1024 * most


def let_go(*arrays: object) -> None:
    """Have maps of files leave this process: what was read of them no longer counts as its memory.

    Parameters
    ----------
    *arrays : object
        Others than maps stay as they are, and so do maps whose changes are private (mode ``"c"``)
        and would be lost. Whoever reads a map again finds what was there.
    """
    for array in arrays:
        held = getattr(array, "_mmap", None)
        private = getattr(array, "mode", None) == "c"
        if isinstance(held, mmap.mmap) and not private and hasattr(mmap, "MADV_DONTNEED"):
            held.madvise(mmap.MADV_DONTNEED)


def room(shape: tuple[int, ...], dtype: DTypeLike) -> NDArray[Any]:
    """Return an array that is not filled yet: in memory, or of very many bytes in a file.

    Parameters
    ----------
    shape : tuple of int
    dtype : dtype

    Returns
    -------
    array
        What lies in the file the system can take out of memory, and the file goes with the array.
    """
    import numpy as np

    kind = np.dtype(dtype)
    if math.prod(shape) * kind.itemsize <= memory() / _SPILLS:
        return np.empty(shape, kind)
    folder = _FOLDER.get()
    with named(folder or tempfile.gettempdir()), tempfile.TemporaryFile(dir=folder) as file:
        reserve(file.fileno(), math.prod(shape) * kind.itemsize)
        return np.memmap(file, kind, mode="w+", shape=shape)
