"""What folders of parts say: values of columns, as Spark and Hive write them, or a table's log."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import unquote

import numpy as np

from emblink.errors import ReadError
from emblink.load._blocks import Vectors
from emblink.load._columns import Column, Contents, Noun, Plain
from emblink.load._written import is_number
from emblink.types import AnyArray
from emblink.words import WORDS, as_words

_VALUE = re.compile(r"([A-Za-z_][\w.-]*)=(.*)")
_NOTHING = "__HIVE_DEFAULT_PARTITION__"
_LOGS = {
    "_delta_log": ("Delta Lake", "deltalake.DeltaTable({name!r}).to_pandas()"),
    ".hoodie": ("Hudi", "spark.read.format('hudi').load({name!r}).toPandas()"),
    "metadata/*.metadata.json": (
        "Iceberg",
        "pyiceberg.table.StaticTable.from_metadata(METADATA_JSON).scan().to_pandas()",
    ),
}
"""What lies beside the parts of tables of which some may have been taken back."""


def refuse_logged(path: Path) -> None:
    """Refuse a folder whose log says which of its files, and rows, still count.

    Raises
    ------
    ReadError
        With the line that reads it.
    """
    for sign, (what, way) in _LOGS.items():
        if any(path.glob(sign)):
            raise ReadError(
                f"{path} is a table of {what}, whose log says which of its files still count; "
                f"{way.format(name=str(path))}.to_parquet('vectors.parquet')"
            )


def partition(path: Path) -> dict[str, str]:
    """Return the values that the folders of a part say, such as ``label`` of ``label=cat``."""
    found = [_VALUE.fullmatch(name) for name in path.parent.parts]
    said = {one[1]: unquote(one[2]) for one in found if one}
    return {name: "" if value == _NOTHING else value for name, value in said.items()}


class Partition(Plain):
    """The contents of a part, with the values that its folders say as columns of words."""

    def __init__(self, contents: Contents, values: Mapping[str, str]) -> None:
        self._contents = contents
        known = contents.columns if contents.noun == "column" else values
        self._values = {name: value for name, value in values.items() if name not in known}
        self.where = contents.where
        self.noun: Noun = contents.noun
        self.typed = contents.typed
        self.notes = [*contents.notes, *self._unlike(values)]
        self.seen = contents.seen
        self.fields = contents.fields
        self._n_rows = max(column.shape[0] for column in contents.columns.values())
        said = {name: Column(name, "words", "str", (self._n_rows,)) for name in self._values}
        self.columns = {**contents.columns, **said}

    def _unlike(self, values: Mapping[str, str]) -> list[str]:
        """Say where a column of the part has other values than its folders say."""
        if self._contents.noun == "array":
            return [f"left out of the arrays of folders: {', '.join(values)}, as their names say"]
        return [
            _UNLIKE.format(name=name)
            for name, value in values.items()
            if name in self._contents.columns and _differs(self._contents, name, value)
        ]

    def column(self, name: str) -> AnyArray:
        """Return a column of the part, or a value as often as it has rows."""
        if name in self._values:
            return np.full(self._n_rows, self._values[name], WORDS)
        return self._contents.column(name)

    def words(self, name: str) -> AnyArray:
        """Return a column as it is written."""
        return self.column(name) if name in self._values else self._contents.words(name)

    def vectors(self, names: Sequence[str]) -> Vectors:
        """Return the vectors of the part."""
        return self._contents.vectors(names)


_UNLIKE = (
    "folders are called {name}=…, and the column {name!r} within differs from what they say: "
    "that of the files was taken"
)


def _differs(contents: Contents, name: str, value: str) -> bool:
    if contents.columns[name].kind not in ("words", "numbers"):
        return True
    held = as_words(contents.column(name))
    said = as_words(np.array([float(value)])) if is_number(value) else [value]
    return not set(held.tolist()) <= {value, *said}
