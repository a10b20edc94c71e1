"""From the item table to named columns, all kept as one step."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from emblink.bundle._names import part
from emblink.bundle.schema import (
    CategoryField,
    ColumnKind,
    Field,
    NumberField,
    TextField,
    ThumbnailField,
    Words,
)
from emblink.types import AnyArray
from emblink.words import as_words, categories, pack

MOST_CATEGORIES = 1000


@dataclass(frozen=True, eq=False)
class Planned:
    """A column to be: one array of the step that keeps the table."""

    array: str
    kind: ColumnKind
    over: str


@dataclass(frozen=True, eq=False)
class ItemColumns:
    """Columns of an item table before they are written.

    Attributes
    ----------
    arrays : dict of name to array
        Of the step.
    columns : dict of column name to Planned
    """

    arrays: dict[str, AnyArray] = field(default_factory=dict)
    columns: dict[str, Planned] = field(default_factory=dict)

    def words_or_number(self, name: str, values: AnyArray) -> Field:
        """Take in numbers as they are; words as categories where they are few."""
        if values.dtype.kind in "iuf":
            return self.number(name, values)
        words = as_words(values)
        distinct = len(np.unique(words))
        few = distinct <= min(MOST_CATEGORIES, len(words) // 2)
        return self.categories(name, words) if few else self.text(name, words)

    def number(self, name: str, values: AnyArray) -> NumberField:
        """Take in a number of each item."""
        column = self._put(f"{_items(name)}/values", values, "values")
        return NumberField(
            name=name, title=name, values=column, over="items", definition="", range=None
        )

    def text(self, name: str, words: AnyArray) -> TextField:
        """Take in free words of each item."""
        return TextField(name=name, title=name, words=self._words(_items(name), words, "items"))

    def categories(self, name: str, words: AnyArray) -> CategoryField:
        """Take in one of a few words for each item."""
        codes, names = categories(words)
        column = self._put(f"{_items(name)}/codes", codes, "codes")
        held = self._words(f"{_items(name)}/categories", as_words(np.array(names)), "categories")
        return CategoryField(
            name=name, title=name, codes=column, words=held, n_categories=len(names)
        )

    def thumbnails(self, name: str, pixels: AnyArray) -> ThumbnailField:
        """Take in a small picture of each item."""
        column = self._put(f"{_items(name)}/pixels", pixels, "pixels")
        return ThumbnailField(name=name, title=name, pixels=column)

    def _words(self, name: str, words: AnyArray, over: str) -> Words:
        offsets, utf8 = pack(words)
        return Words(
            offsets=self._put(f"{name}/offsets", offsets, "offsets", over=over),
            utf8=self._put(f"{name}/utf8", utf8, "utf8", over=over),
        )

    def _put(self, column: str, values: AnyArray, kind: ColumnKind, *, over: str = "items") -> str:
        array = f"{len(self.arrays)}-{kind}"
        self.arrays[array] = values
        self.columns[column] = Planned(array, kind, over)
        return column


def _items(name: str) -> str:
    return f"items/{part(name)}"
