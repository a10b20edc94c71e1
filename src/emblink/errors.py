"""What can go wrong, as one tree.

::

    EmblinkError
    ├── InputError (ValueError)      what the user gave cannot be used (exit status 2)
    │   ├── ReadError                a file cannot be read as what it claims to be
    │   ├── VectorError              vectors with NaN, infinities, zero rows, a wrong shape
    │   ├── MatchError               ids missing, repeated, or without a common item
    │   ├── GraphMismatchError       neighbour graphs over different items, or too short
    │   └── TooLargeError            beyond what an exact method does in time, or what memory holds
    ├── StoppedError                 work that nobody waits for any more
    ├── WorkerError                  a job that a worker cannot do, or that lost too many of them
    ├── BundleError                  a bundle that is missing, newer than this Emblink, or in use
    └── KernelError                  the compiled kernels are missing or refuse their arguments

Every message names the culprit (file, space, id), what was expected, and the way out.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from numbers import Integral, Real

_OFFERED = 30


def offered(wished: object, known: Sequence[str]) -> str:
    """Return what an error about a name offers: the one that was meant, and what there is.

    Parameters
    ----------
    wished : object
        That is not there.
    known : sequence of str

    Returns
    -------
    str
        The first thirty of them, and how many more there are.
    """
    small = {name.lower(): name for name in reversed(known)}
    near = difflib.get_close_matches(str(wished).lower(), small, 1)
    meant = f"did you mean {small[near[0]]!r}? " if near else ""
    listed = ", ".join(map(repr, known[:_OFFERED])) or "none"
    more = f" and {len(known) - _OFFERED:,} more" if len(known) > _OFFERED else ""
    return f"{meant}There are: {listed}{more}" if meant else f"there are: {listed}{more}"


def as_whole(value: object, name: str, *, least: int) -> int:
    """Return a whole number as an int; refuse what is none, too small, or beyond 64 bits.

    Parameters
    ----------
    value : object
    name : str
        What it is called by who gave it.
    least : int

    Returns
    -------
    int

    Raises
    ------
    InputError
    """
    if isinstance(value, bool) or not isinstance(value, Integral) or int(value) < least:
        raise InputError(f"{name} is {value!r}; expected a whole number from {least}")
    if int(value) >= 2**63:
        raise InputError(f"{name} is {value!r}; expected a whole number below 2**63")
    return int(value)


def check_number(value: object, name: str, low: float, high: float, *, other: str = "") -> None:
    """Refuse what is no number between two others.

    Parameters
    ----------
    value : object
    name : str
        What it is called by who gave it.
    low, high : float
    other : str
        What it may be as well.

    Raises
    ------
    InputError
    """
    if isinstance(value, bool) or not isinstance(value, Real) or not low <= float(value) <= high:
        raise InputError(f"{name} is {value!r}; expected {low:g} to {high:g}{other}")


class EmblinkError(Exception):
    """Base of every error that Emblink raises on purpose."""


class StoppedError(EmblinkError):
    """Nobody waits for the work any more."""


class InputError(EmblinkError, ValueError):
    """What the user gave cannot be used."""


class ReadError(InputError):
    """A file cannot be read as what it claims to be."""


class VectorError(InputError):
    """Vectors that no measure can use: NaN, infinities, zero rows, a wrong shape."""


class MatchError(InputError):
    """Item ids are missing, repeated, of clashing types, or have nothing in common."""


class GraphMismatchError(InputError):
    """Two neighbour graphs cover different items or hold too few neighbours."""


class TooLargeError(InputError):
    """Beyond what an exact method answers in reasonable time, or what fits into memory."""


class WorkerError(EmblinkError):
    """A job of an executor cannot be done by its workers, or lost too many of them."""


class BundleError(EmblinkError):
    """A bundle is missing, unreadable, newer than this Emblink, or in use."""


class KernelError(EmblinkError):
    """The compiled kernels are missing or were called wrongly."""
