"""The shared library of the compiled kernels, and how its functions are called."""

from __future__ import annotations

import ctypes
import sys
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from emblink.compute import threads
from emblink.errors import KernelError

_SUFFIX = {"win32": ".dll", "darwin": ".dylib"}.get(sys.platform, ".so")
LIBRARY = Path(__file__).parents[1] / f"_kernels{_SUFFIX}"


@cache
def library() -> ctypes.CDLL:
    """Load the compiled kernels.

    Raises
    ------
    KernelError
        The library was not built, or cannot be loaded on this machine.
    """
    try:
        return ctypes.CDLL(str(LIBRARY))
    except OSError as error:
        raise KernelError(
            f"the compiled kernels {LIBRARY.name} cannot be loaded ({error}); "
            "reinstall Emblink, or run `python hatch_build.py` in a checkout"
        ) from error


def pointer(array: NDArray[Any], dtype: Any) -> ctypes.c_void_p:
    """Return the address of a C-contiguous array of ``dtype``, which the caller keeps alive."""
    if array.dtype != np.dtype(dtype) or not array.flags.c_contiguous:
        raise KernelError(
            f"a kernel needs a C-contiguous {np.dtype(dtype)} array, not {array.dtype} "
            f"with strides {array.strides}"
        )
    return ctypes.c_void_p(array.ctypes.data)


def run(name: str, *arguments: Any) -> None:
    """Call a kernel on all threads; the result is the same for any number of them."""
    kernel = getattr(library(), f"emblink_{name}")
    kernel.restype = None
    kernel(*arguments, ctypes.c_int32(threads()))


def fit(name: str, fits: bool) -> None:
    """Refuse arrays or numbers that a kernel cannot take."""
    if not fits:
        raise KernelError(f"{name} was given arrays or numbers that do not fit each other")
