"""Thin typed wrappers of the compiled kernels; each has a numpy oracle in the tests.

One shared library, plain C functions over pointers, called through :mod:`ctypes`: one binary per
platform serves every Python version.
"""

from __future__ import annotations

import ctypes
import sys
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from emblink.errors import KernelError

_SUFFIX = {"win32": ".dll", "darwin": ".dylib"}.get(sys.platform, ".so")
LIBRARY = Path(__file__).with_name(f"_kernels{_SUFFIX}")


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
