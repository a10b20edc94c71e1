"""Contents that are numpy arrays."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from emblink.errors import InputError
from emblink.load._blocks import Vectors, held
from emblink.load._columns import Column, Noun, Plain, describe
from emblink.load._values import as_column
from emblink.types import AnyArray


class Arrays(Plain):
    """Contents that are numpy arrays, each read when asked for."""

    def __init__(
        self,
        where: str,
        columns: Mapping[str, Column],
        get: Callable[[str], Vectors],
        *,
        noun: Noun = "array",
        typed: bool = True,
    ) -> None:
        self.where = where
        self.noun: Noun = noun
        self.columns = columns
        self.typed = typed
        self._get = get

    def column(self, name: str) -> AnyArray:
        """Return one array as a column."""
        return as_column(held(self._get(name)), f"{self.noun} {name!r} of {self.where}")

    def vectors(self, names: Sequence[str]) -> Vectors:
        """Return one array as it is, or number columns side by side."""
        if self.noun == "column" and (len(names) > 1 or self.columns[names[0]].kind == "numbers"):
            return np.stack([held(self._get(name)) for name in names], axis=1)
        if len(names) > 1:
            raise InputError(
                f"{self.where}: several arrays match ({', '.join(names)}); "
                "name one space for each: name=path::key"
            )
        return self._get(names[0])


def arrays(
    where: str, values: Mapping[str, AnyArray], *, noun: Noun = "array", typed: bool = True
) -> Arrays:
    """Return contents over arrays already in memory."""
    columns = {name: describe(name, value.dtype, value.shape) for name, value in values.items()}
    return Arrays(where, columns, values.__getitem__, noun=noun, typed=typed)
