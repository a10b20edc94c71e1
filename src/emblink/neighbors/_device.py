"""Exact search on a device of torch: products and the best of them there, the last word here.

Products are of float32, so the bound that certifies lists holds as it does for those of this
machine: the result is the same.
"""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from emblink.compute import Progress
from emblink.errors import InputError
from emblink.kernels import PackedLists, TopLists, topk_merge
from emblink.neighbors._points import Points, operand, spans

if TYPE_CHECKING:
    from collections.abc import Iterator

LEAST = 2e12
"""Numbers multiplied and looked at, of less work than which torch is not even imported: 20 s."""
_QUERIES = 2048
_CANDIDATES = 65_536


def device_for(work: float) -> Any | None:
    """Return the device that is to search: one of CUDA where there is one, and torch.

    ``EMBLINK_DEVICE`` names another, as torch does, for work of any size; ``none`` none.

    Parameters
    ----------
    work : float
        Numbers multiplied and looked at.

    Returns
    -------
    torch.device or None
    """
    asked = os.environ.get("EMBLINK_DEVICE", "")
    if asked == "none" or (not asked and work < LEAST):
        return None
    if "torch" not in sys.modules and find_spec("torch") is None:
        return None
    import torch

    if not asked:
        return torch.device("cuda") if torch.cuda.is_available() else None
    try:
        torch.zeros(1, device=asked)
    except (RuntimeError, AssertionError) as error:
        raise InputError(
            f"EMBLINK_DEVICE is {asked!r}, which torch cannot use here ({error}); name another, or "
            "none"
        ) from error
    return torch.device(asked)


def queries_on(
    device: Any,
    points: Points,
    queries: NDArray[np.int64],
    lists: TopLists,
    *,
    n_candidates: int,
    progress: Progress,
) -> int:
    """Have some rows look at the first ``n_candidates`` on a device; return how many products.

    Candidates are brought over once, queries a few at a time.
    """
    import torch

    batches, chunks = spans(queries.size, _QUERIES), spans(n_candidates, _CANDIDATES)
    total = len(batches) * len(chunks)
    progress(0, total)
    done = 0
    with torch.no_grad(), _plain_products(torch):
        for chunk in chunks:
            right = _moved(torch, operand(points, chunk), device)
            bias = _moved(torch, points.bias[chunk], device)
            for batch in batches:
                rows = queries[batch]
                scores = _moved(torch, operand(points, rows), device) @ right.T
                scores -= bias
                _hide_selves(torch, scores, rows - chunk.start)
                size = min(lists.keep, scores.shape[1])
                best, at = (one.cpu().numpy() for one in scores.topk(size, dim=1))
                part = _as_lists(best, at + chunk.start, turned_away=size < scores.shape[1])
                topk_merge(lists, part, first_list=batch.start)
                done += 1
                progress(done, total)
    return total


@contextmanager
def _plain_products(torch: Any) -> Iterator[None]:
    """Have float32 multiplied as float32: shorter numbers are off by more than the bound."""
    before = torch.get_float32_matmul_precision()
    torch.set_float32_matmul_precision("highest")
    try:
        yield
    finally:
        torch.set_float32_matmul_precision(before)


def _moved(torch: Any, array: NDArray[np.float32], device: Any) -> Any:
    return torch.from_numpy(np.array(array, np.float32)).to(device)


def _hide_selves(torch: Any, scores: Any, at: NDArray[np.int64]) -> None:
    here = np.flatnonzero((at >= 0) & (at < scores.shape[1]))
    if here.size:
        rows, columns = (torch.from_numpy(one).to(scores.device) for one in (here, at[here]))
        scores[rows, columns] = -torch.inf


def _as_lists(
    best: NDArray[np.float32], rows: NDArray[np.int64], *, turned_away: bool
) -> PackedLists:
    """Return lists as the kernels hold them: a higher score, then a lower row, is a greater key."""
    bits = (best + np.float32(0)).view(np.uint32)
    bits = bits ^ np.where(bits >> 31, np.uint32(0xFFFFFFFF), np.uint32(0x80000000))
    keys = bits.astype(np.uint64) << np.uint64(32)
    keys |= np.invert(rows.astype(np.uint32)).astype(np.uint64)
    held = np.isfinite(best)
    ends = np.concatenate(([0], np.cumsum(held.sum(axis=1), dtype=np.int64)))
    thresholds = best[:, -1].copy() if turned_away else np.full(len(best), -np.inf, np.float32)
    return PackedLists(keys[held], ends, thresholds)
