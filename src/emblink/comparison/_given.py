"""Columns as they were when they came in, of the words and numbers that are stored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from emblink.types import AnyArray, Given


def restored(values: AnyArray, given: Given | None) -> AnyArray:
    """Return a column as numpy can hold what it was; as it is where it is not that any more.

    Parameters
    ----------
    values : array of shape (n,)
    given : Given, optional

    Returns
    -------
    array of shape (n,)
        Truth values, of objects where some are missing; days, times, and whole numbers where none
        is missing. Others as they are.
    """
    try:
        if given is None or given.kind == "levels":
            return values
        if given.kind == "whole":
            return values if np.isnan(values).any() else values.astype(np.int64)
        if given.kind == "flag":
            flags = [_FLAGS[word] for word in values.tolist()]
            return np.array(flags, object if None in flags else bool)
        words = np.array([word or "NaT" for word in values.tolist()], str)
        return words.astype("M8[D]" if given.kind == "day" else "M8[us]")
    except (KeyError, TypeError, ValueError):
        return values


_FLAGS = {"true": True, "false": False, "": None}


def in_pandas(frame: Any, given: Mapping[str, Given]) -> Any:
    """Return a frame of pandas with the types that numpy has not."""
    for name, one in given.items():
        column = frame[name]
        if one.kind == "flag" and column.dtype == object:
            frame[name] = column.astype("boolean")
        elif one.kind == "whole" and column.dtype.kind == "f":
            frame[name] = column.astype("Int64")
        elif one.kind == "time" and one.zone and column.dtype.kind == "M":
            frame[name] = column.dt.tz_localize("UTC").dt.tz_convert(one.zone)
        elif one.kind == "levels":
            frame[name] = _levelled(column, one)
    return frame


def _levelled(column: Any, given: Given) -> Any:
    import pandas as pd

    dtype = pd.CategoricalDtype([*given.levels], ordered=given.ordered)
    return column.where(column.isin(given.levels)).astype(dtype)


def in_polars(frame: Any, given: Mapping[str, Given]) -> Any:
    """Return a frame of polars with the types that numpy has not."""
    import polars as pl

    changed = []
    for name, one in given.items():
        column, kind = pl.col(name), frame.schema[name]
        if one.kind == "whole" and kind.is_float():
            changed.append(column.cast(pl.Int64))
        elif one.kind == "time" and one.zone and kind.is_temporal():
            changed.append(column.dt.replace_time_zone("UTC").dt.convert_time_zone(one.zone))
        elif one.kind == "levels":
            known = pl.when(column.is_in([*given[name].levels])).then(column)
            changed.append(
                known.cast(pl.Enum([*one.levels]) if one.ordered else pl.Categorical).alias(name)
            )
    return frame.with_columns(changed)
