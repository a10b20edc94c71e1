"""Which columns of a bundle go into a copy, and what its manifest says."""

from __future__ import annotations

from collections.abc import Sequence
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
        if isinstance(self.columns, str):
            raise InputError(f"columns is the text {self.columns!r}; expected a list of names")
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
    return [
        name
        for name, column in manifest.columns.items()
        if column.kind not in _PYTHON_ONLY and name not in left
    ]


def without_texts(told: Any) -> Any:
    """Return a part of a report without the words of single items."""
    if isinstance(told, dict):
        named = "id" in told
        return {
            key: without_texts(value)
            for key, value in told.items()
            if key != "example" and not (named and key == "text")
        }
    return [without_texts(one) for one in told] if isinstance(told, list) else told


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
