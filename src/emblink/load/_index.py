"""The index of a data frame: ids, or a count of its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from emblink.load._columns import INDEX
from emblink.types import AnyArray


def counted_rows(frames: Sequence[object]) -> bool:
    """Whether some frames are rows of another, by their index, which only counts its rows."""
    held = [index for frame in frames if (index := _index(frame)) is not None]
    most = max((len(index) for index in held if _counts(index)), default=0)
    others = [index for index in held if index.dtype.kind in "iu" and not _counts(index)]
    return any(len(one) and one.min() >= 0 and one.max() < most for one in others)


def _index(frame: object) -> AnyArray | None:
    """Return the index of a frame of pandas; whole numbers as such."""
    index: Any = getattr(frame, "index", None)
    if index is None or callable(index) or not hasattr(index, "is_unique"):
        return None
    values = _of_levels(index) if type(index).__name__ == "MultiIndex" else np.asarray(index)
    if values.dtype.kind == "f" and len(values) and np.all(values == np.floor(values)):
        whole = values.astype(np.int64)
        return whole if np.array_equal(whole, values) else values
    return values


def _of_levels(index: Any) -> AnyArray:
    """Return an index of several levels as words, those of the levels in a row: ``train/7``."""
    index = _by_name(index)
    told = [tuple(map(str, levels)) for levels in index]
    words = ["/".join(levels) for levels in told]
    if len({*words}) < len({*told}):  # a level holds the sign itself
        words = [repr(levels) for levels in told]
    return np.array([*words, None], object)[:-1]


def _counts(values: AnyArray) -> bool:
    return values.dtype.kind in "iu" and np.array_equal(values, np.arange(len(values)))


def is_indexed(values: object) -> bool:
    """Whether these are a Series of pandas whose index names items, and does not only count."""
    index = _index(values) if type(values).__name__ == "Series" else None
    return index is not None and not _counts(index)


def series_as_items(values: Any, name: str) -> Any:
    """Return a Series as an item table of one column, so that its index joins."""
    return values.to_frame(name=name)


def index_column(
    frame: object, raw: Mapping[str, AnyArray], *, counted: bool = False
) -> dict[str, AnyArray]:
    """Return the index of a frame as a column, unless it only counts rows."""
    values = _index(frame)
    if values is None or (_counts(values) and not counted):
        return {}
    index: Any = getattr(frame, "index", None)
    names = (_name(index), INDEX, "row name")
    name = next((name for name in names if name not in raw), None)
    return {} if name is None else {name: values}


def _by_name(index: Any) -> Any:
    """Return an index with its levels by their names, where all have one: order says nothing."""
    names = [*index.names]
    if any(name is None for name in names) or len({*names}) < len(names):
        return index
    return index.reorder_levels(sorted(names, key=str))


def _name(index: Any) -> str:
    index = _by_name(index) if type(index).__name__ == "MultiIndex" else index
    named = [str(name) for name in getattr(index, "names", [index.name]) if name is not None]
    return "/".join(named) or INDEX
