"""Which columns of a bundle go into a copy, and what its manifest says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from emblink.bundle.schema import (
    CategoryField,
    Field,
    Manifest,
    NumberField,
    TextField,
    ThumbnailField,
)
from emblink.errors import InputError
from emblink.wording import clip, quoted

_WORDED = ("sentence", "title", "name", "reason", "how_sure")
"""Keys of a report whose words may name items."""
_PYTHON_ONLY = ("vectors", "position")
"""Kinds of columns that the page never reads."""


@dataclass(frozen=True)
class Choice:
    """What the user wants of the item table.

    Attributes
    ----------
    text : bool
        Free words of the items.
    images : bool
        Pictures of the items.
    columns : sequence of str, or None
        Names of the columns to keep beside the ids; None keeps all.
    """

    text: bool = True
    images: bool = True
    columns: Sequence[str] | None = None

    def kept(self, manifest: Manifest) -> list[Field]:
        """Return the columns of the item table that stay, the ids among them.

        Parameters
        ----------
        manifest : Manifest

        Returns
        -------
        list of Field

        Raises
        ------
        InputError
            There is no column of a name.
        """
        names = [field.name for field in manifest.fields]
        if isinstance(self.columns, str) or not isinstance(self.columns or (), Iterable):
            raise InputError(f"columns is {self.columns!r}; expected a list of names")
        for name in self.columns or ():
            if name not in names:
                known = ", ".join(map(repr, names))
                raise InputError(f"the items have no column {name!r}; they have {known}")
        return [
            field
            for field in manifest.fields
            if field.name == manifest.roles.id
            or (
                (self.columns is None or field.name in self.columns)
                and (self.text or not isinstance(field, TextField))
                and (self.images or not isinstance(field, ThumbnailField))
            )
        ]

    def dropped(self, manifest: Manifest) -> list[Field]:
        """Return the columns of the item table that do not stay."""
        kept = self.kept(manifest)
        return [field for field in manifest.fields if field not in kept]


def columns_of(manifest: Manifest, choice: Choice) -> list[str]:
    """Return the names of the columns that a copy holds.

    Parameters
    ----------
    manifest : Manifest
    choice : Choice

    Returns
    -------
    list of str
    """
    left = {name for field in choice.dropped(manifest) for name in _of_field(field)}
    left.update(space.cells for space in manifest.spaces)
    left.update(_query_words(manifest) if not choice.text else ())
    return [
        name
        for name, column in manifest.columns.items()
        if column.kind not in _PYTHON_ONLY and name not in left
    ]


def _query_words(manifest: Manifest) -> Iterator[str]:
    """Yield the columns of the queries' words, which are texts too."""
    queries = manifest.queries
    if queries is None:
        return
    for field in queries.fields:
        yield from _of_field(field) if isinstance(field, TextField) else ()
    if queries.text is not None:
        yield from (queries.text.offsets, queries.text.utf8)


def without_texts(told: Any) -> Any:
    """Return a report without the texts of items: examples go, and sentences name items by id."""
    named = dict(_named(told))
    ways = {form: one for text, one in named.items() for form in (text, clip(text), quoted(text))}
    return _unnamed(told, sorted(ways.items(), key=lambda one: -len(one[0])))


def _named(told: Any) -> Iterator[tuple[str, str]]:
    """Yield the text and the id of every item that is named."""
    if isinstance(told, dict):
        if isinstance(told.get("id"), str) and isinstance(told.get("text"), str):
            yield told["text"], told["id"]
        for value in told.values():
            yield from _named(value)
    elif isinstance(told, list):
        for one in told:
            yield from _named(one)


def _unnamed(told: Any, ways: Sequence[tuple[str, str]]) -> Any:
    if isinstance(told, dict):
        return {
            key: _unnamed(value, ways) if key in _WORDED or not isinstance(value, str) else value
            for key, value in told.items()
            if key != "example" and not ("id" in told and key == "text")
        }
    if isinstance(told, str):
        for text, one in ways:
            told = told.replace(text, one)
        return told
    return [_unnamed(one, ways) for one in told] if isinstance(told, list) else told


def _of_field(field: Field) -> list[str]:
    match field:
        case NumberField():
            return [field.values]
        case ThumbnailField():
            return [field.pixels]
        case CategoryField():
            return [field.codes, field.words.offsets, field.words.utf8]
        case _:
            return [field.words.offsets, field.words.utf8]
