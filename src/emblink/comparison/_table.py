"""A table that goes into any data frame."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from importlib.util import find_spec
from typing import Any

import numpy as np

from emblink.comparison._given import in_pandas, in_polars
from emblink.errors import InputError
from emblink.types import AnyArray, Given


class Table(Mapping[str, AnyArray]):
    """Columns of one length, by name.

    Takes part in the Arrow PyCapsule interface, so that ``pyarrow.table(table)`` and ``duckdb``
    read it as it is. ``polars.DataFrame(table)`` reads it as a mapping, with NaN where a number is
    missing; ``to_polars()`` has null.

    Parameters
    ----------
    columns : mapping of str to array of shape (n,)
    kind : str, optional
        The library of the frame that came in: ``"pandas"``, ``"polars"`` or ``"pyarrow"``.
    given : mapping of str to Given, optional
        What columns were in it, where numpy has no type for that.
    """

    def __init__(
        self,
        columns: Mapping[str, AnyArray],
        kind: str | None = None,
        *,
        given: Mapping[str, Given] | None = None,
    ) -> None:
        self._columns = dict(columns)
        self._kind = kind
        self._given = {name: one for name, one in (given or {}).items() if name in columns}

    def __getitem__(self, name: str) -> AnyArray:
        if name not in self._columns:
            raise KeyError(f"no column {name!r}; the columns are: {', '.join(self._columns)}")
        return self._columns[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)

    @property
    def n_rows(self) -> int:
        """Rows of every column."""
        return len(next(iter(self._columns.values()), ()))

    def rows(self, chosen: AnyArray) -> Table:
        """Return some of the rows.

        Parameters
        ----------
        chosen : array of bool of shape (n_rows,), or of int

        Returns
        -------
        Table
        """
        rows = {name: values[chosen] for name, values in self.items()}
        return Table(rows, self._kind, given=self._given)

    def native(self) -> Any:
        """Return the table as the kind of frame that came in.

        Returns
        -------
        DataFrame or Table
            Of pandas, polars or pyarrow as the items were given to ``compare``; where they were
            given otherwise, or the comparison was opened, of pandas or else polars where one is
            installed, and the table itself where none is.
        """
        kind = self._kind
        if kind is None:
            kind = next((one for one in ("pandas", "polars") if find_spec(one)), None)
        if kind == "pandas":
            return self.to_pandas()
        if kind == "polars":
            return self.to_polars()
        return _library("pyarrow").table(self) if kind == "pyarrow" else self

    def to_pandas(self) -> Any:
        """Return the table as a pandas data frame.

        Returns
        -------
        pandas.DataFrame

        Raises
        ------
        InputError
            pandas is not installed.
        """
        return in_pandas(_library("pandas").DataFrame(_plain(self._columns)), self._given)

    def to_polars(self) -> Any:
        """Return the table as a polars data frame; missing numbers are null.

        Returns
        -------
        polars.DataFrame

        Raises
        ------
        InputError
            polars is not installed.
        """
        plain = {
            name: values.tolist() if values.dtype == object else values
            for name, values in _plain(self._columns).items()
        }
        polars = _library("polars")
        words = dict.fromkeys(self._words(), polars.String)
        frame = polars.DataFrame(plain, schema_overrides=words, nan_to_null=True)
        return in_polars(frame, self._given)

    def _words(self) -> set[str]:
        return {name for name, values in self._columns.items() if values.dtype.kind in "UT"}

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Return the table as a stream of Arrow arrays; missing numbers are null."""
        import duckdb

        plain = {
            name: values.astype("M8[us]") if values.dtype.kind == "M" else values
            for name, values in _plain(self._columns).items()
        }
        # Names that differ in upper and lower case alone are one to SQL.
        by_place = {f"c{place}": values for place, values in enumerate(plain.values())}
        casts = dict.fromkeys(self._words(), "::VARCHAR")
        for name, one in self._given.items():
            kind, cast = _CASTS.get(one.kind, ("", ""))
            if self._columns[name].dtype.kind in kind:
                casts[name] = cast
        names = ", ".join(
            f'c{place}{casts.get(name, "")} AS "{name.replace(chr(34), chr(34) * 2)}"'
            for place, name in enumerate(plain)
        )
        connection = duckdb.connect()
        connection.execute(f"PRAGMA {_QUIET}")
        connection.register("by_place", by_place)
        relation: Any = connection.sql(f"SELECT {names} FROM by_place")
        return relation.__arrow_c_stream__(requested_schema)

    def __repr__(self) -> str:
        return f"Table({self.n_rows:,} rows: {', '.join(self._columns)})"


_QUIET = "disable_progress_bar"

_CASTS = {"day": ("M", "::DATE"), "whole": ("f", "::BIGINT"), "flag": ("O", "::BOOLEAN")}
"""What NumPy has no type for: how it is held, and the type in SQL."""


def kind_of(*given: object) -> str | None:
    """Return which library the first data frame is of; None where there is none."""
    for one in given:
        kind = type(one).__module__.partition(".")[0]
        if kind in ("pandas", "polars", "pyarrow"):
            return kind
    return None


def table_of(
    rows: Sequence[Mapping[str, Any]], *, words: Sequence[str] = (), numbers: Sequence[str] = ()
) -> Table:
    """Return rows as a table; what a row lacks is missing: NaN, or no word.

    Parameters
    ----------
    rows : sequence of mapping
    words, numbers : sequence of str
        Columns that there are without any row, too.

    Returns
    -------
    Table
    """
    if not rows:
        empty: list[tuple[str, Any]] = [(name, np.dtypes.StringDType()) for name in words]
        empty += [(name, np.float64) for name in numbers]
        return Table({name: np.empty(0, dtype) for name, dtype in empty})
    names = dict.fromkeys(name for row in rows for name in row)
    return Table({name: _column([row.get(name) for row in rows]) for name in names})


def _column(values: list[Any]) -> AnyArray:
    known = [value for value in values if value is not None]
    if all(isinstance(value, str) for value in known):
        return np.array([value or "" for value in values], dtype=np.dtypes.StringDType())
    if len(known) == len(values) and all(isinstance(value, bool | int) for value in known):
        return np.array(values)
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def _plain(columns: Mapping[str, AnyArray]) -> dict[str, AnyArray]:
    """Return words as objects, which every library knows."""
    return {
        name: values.astype(object) if values.dtype.kind in "UT" else values
        for name, values in columns.items()
    }


def _library(name: str) -> Any:
    from importlib import import_module

    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        raise InputError(f"{name} is not installed; `pip install {name}`") from error
