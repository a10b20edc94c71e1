"""Thin typed wrappers of the compiled kernels; each has a numpy oracle in ``tests/test_kernels.py``.

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

from emblink.compute import threads as default_threads
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


def fuzzy_weights(distances: NDArray[np.float32], *, threads: int = 0) -> NDArray[np.float32]:
    """Membership of each neighbour in the fuzzy neighbourhood of an item, as in UMAP.

    Parameters
    ----------
    distances : array of shape (n_items, k), float32
        To the ``k`` nearest other items, in any order.
    threads : int
        0 for :func:`emblink.compute.threads`.

    Returns
    -------
    array of shape (n_items, k), float32
        In [0, 1]; 1 up to the nearest neighbour that is not a duplicate, and a row sums to
        ``log2(k + 1)`` where that is possible. Invariant to the scale of the distances.

    References
    ----------
    .. [1] McInnes, Healy and Melville, "UMAP", 2018, algorithm 3.
    """
    weights = np.empty_like(distances, order="C")
    n, k = distances.shape
    library().emblink_fuzzy_weights(
        pointer(distances, np.float32),
        ctypes.c_int64(n),
        ctypes.c_int64(k),
        pointer(weights, np.float32),
        ctypes.c_int32(threads or default_threads()),
    )
    return weights


def layout_epoch(
    positions: NDArray[np.float32],
    out: NDArray[np.float32],
    *,
    starts: NDArray[np.int64],
    columns: NDArray[np.int32],
    weights: NDArray[np.float32],
    items: NDArray[np.int32],
    rows: NDArray[np.int32],
    anchors: NDArray[np.float32],
    pull: NDArray[np.float32],
    rate: float,
    repulsion: float,
    samples: int,
    seed: int,
    epoch: int,
    threads: int = 0,
) -> None:
    """Move every item of one space once, reading ``positions`` and writing ``out``.

    Parameters
    ----------
    positions, out : arrays of shape (n, 2), float32
        Must not overlap.
    starts, columns, weights : arrays of shape (n + 1,), (n_edges,) and (n_edges,)
        The symmetric fuzzy graph in CSR form over the rows of the space.
    items : array of shape (n,), int32
        The item of each row; equal items of two spaces draw equal negative samples.
    rows : array of shape (n_items,), int32
        The row of each item, -1 where the space lacks it.
    anchors, pull : arrays of shape (n, 2) and (n,), float32
        Where each item is drawn to, and how strongly (0 or more).
    rate, repulsion : float
        Step length, and weight of all negative samples of an item beside its attraction.
    samples : int
        Negative samples of each item.
    seed, epoch : int
        Key of the randomness.
    threads : int
        0 for :func:`emblink.compute.threads`. The result is the same for any number.
    """
    shapes = [a.shape for a in (positions, out, starts, columns, items, anchors, pull)]
    n, edges = len(items), len(weights)
    if shapes != [(n, 2), (n, 2), (n + 1,), (edges,), (n,), (n, 2), (n,)]:
        raise KernelError(
            f"layout_epoch: arrays of {n} rows and {edges} edges do not fit: {shapes}"
        )
    library().emblink_layout_epoch(
        pointer(starts, np.int64),
        pointer(columns, np.int32),
        pointer(weights, np.float32),
        ctypes.c_int64(n),
        pointer(items, np.int32),
        pointer(rows, np.int32),
        ctypes.c_int64(len(rows)),
        pointer(anchors, np.float32),
        pointer(pull, np.float32),
        pointer(positions, np.float32),
        pointer(out, np.float32),
        ctypes.c_float(rate),
        ctypes.c_float(repulsion),
        ctypes.c_int32(samples),
        ctypes.c_uint64(seed),
        ctypes.c_uint64(epoch),
        ctypes.c_int32(threads or default_threads()),
    )
