"""From nouns to named columns: what the manifest says of each stage's arrays."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import numpy as np

from emblink.bundle._memory import Keeper
from emblink.bundle._order import stored_order
from emblink.bundle._store import Stage, digest
from emblink.bundle.schema import (
    CategoryField,
    Column,
    ColumnKind,
    Domain,
    Field,
    NumberField,
    Roles,
    TextField,
    ThumbnailField,
    Words,
)
from emblink.types import AnyArray, IntArray, SpaceSet
from emblink.words import as_words, categories, pack

ID = "id"
MOST_CATEGORIES = 1000


@dataclass(frozen=True)
class Catalog:
    """The columns and domains that a run has put into a store so far."""

    store: Keeper
    seed: int
    columns: dict[str, Column] = field(default_factory=dict)
    domains: dict[str, Domain] = field(default_factory=dict)

    def add(self, name: str, stage: Stage, array: str, *, kind: ColumnKind, over: str) -> str:
        """Name one array of a stage, and return the name.

        Parameters
        ----------
        name : str
        stage : Stage
        array : str
        kind : ColumnKind
        over : str

        Returns
        -------
        str
        """
        self.columns[name] = self.store.column(stage, array, kind=kind, over=over)
        return name

    def add_items(self, ids: AnyArray) -> IntArray:
        """Put the union index into the catalog and return its stored order.

        Parameters
        ----------
        ids : array of shape (n_items,)

        Returns
        -------
        array of shape (n_items,), int64
        """
        order = stored_order(ids, seed=self.seed)
        stage = self._stage("order", {"position": order.astype(np.int32)})
        position = self.add("items/position", stage, "position", kind="position", over="items")
        self.domains["items"] = Domain(n=len(ids), position=position, rows=None)
        return order

    def add_domain(self, over: str, rows: IntArray, places: IntArray) -> IntArray:
        """Put a subset of the items into the catalog and return its stored order.

        Parameters
        ----------
        over : str
            Name of the domain.
        rows : array of shape (n,)
            Union row of each of the domain's rows, as the caller orders them.
        places : array of shape (n_items,)
            Stored row of each union row.

        Returns
        -------
        array of shape (n,), int64
        """
        own = places[rows]
        order = np.argsort(own)
        arrays = {"position": order.astype(np.int32), "rows": own[order].astype(np.int32)}
        stage = self._stage("order", arrays)
        position = self.add(f"{over}/position", stage, "position", kind="position", over=over)
        all_items = len(rows) == len(places)
        named = (
            None if all_items else self.add(f"{over}/rows", stage, "rows", kind="rows", over=over)
        )
        self.domains[over] = Domain(n=len(rows), position=position, rows=named)
        return order

    def add_fields(self, space_set: SpaceSet, order: IntArray) -> tuple[list[Field], Roles]:
        """Put the ids and the item table into the catalog.

        Parameters
        ----------
        space_set : SpaceSet
        order : array of shape (n_items,)
            Stored order of the items.

        Returns
        -------
        fields : list of Field
            The ids first.
        roles : Roles
        """
        roles = space_set.roles
        id_name = ID
        while id_name in space_set.items:  # another column than the ids may be called so
            id_name = f"item {id_name}"
        fields: list[Field] = [self._words_or_number(id_name, space_set.ids[order])]
        for name, values in space_set.items.items():
            stored = values[order]
            if stored.ndim == 4:
                fields.append(self._thumbnails(name, stored))
            elif name == roles.get("label"):
                fields.append(self._categories(name, as_words(stored)))
            elif name == roles.get("text"):
                fields.append(self._text(name, as_words(stored)))
            else:
                fields.append(self._words_or_number(name, stored))
        return fields, Roles(
            id=id_name,
            text=roles.get("text"),
            label=roles.get("label"),
            thumbnail=roles.get("thumbnail"),
        )

    def _words_or_number(self, name: str, values: AnyArray) -> Field:
        if values.dtype.kind in "iuf":
            return self._number(name, values)
        words = as_words(values)
        distinct = len(np.unique(words))
        few = distinct <= min(MOST_CATEGORIES, len(words) // 2)
        return self._categories(name, words) if few else self._text(name, words)

    def _number(self, name: str, values: AnyArray) -> NumberField:
        stage = self._stage(f"item-{_plain(name)}", {"values": values})
        column = self.add(f"{_items(name)}/values", stage, "values", kind="values", over="items")
        return NumberField(
            name=name, title=name, values=column, over="items", definition="", range=None
        )

    def _text(self, name: str, words: AnyArray) -> TextField:
        return TextField(name=name, title=name, words=self._words(_items(name), words, "items"))

    def _categories(self, name: str, words: AnyArray) -> CategoryField:
        codes, names = categories(words)
        stage = self._stage(f"item-{_plain(name)}", {"codes": codes})
        column = self.add(f"{_items(name)}/codes", stage, "codes", kind="codes", over="items")
        held = self._words(f"{_items(name)}/categories", as_words(np.array(names)), "categories")
        return CategoryField(
            name=name, title=name, codes=column, words=held, n_categories=len(names)
        )

    def _thumbnails(self, name: str, pixels: AnyArray) -> ThumbnailField:
        stage = self._stage(f"item-{_plain(name)}", {"pixels": pixels})
        column = self.add(f"{_items(name)}/pixels", stage, "pixels", kind="pixels", over="items")
        return ThumbnailField(name=name, title=name, pixels=column)

    def _words(self, name: str, words: AnyArray, over: str) -> Words:
        offsets, utf8 = pack(words)
        stage = self._stage(f"words-{_plain(name)}", {"offsets": offsets, "utf8": utf8})
        return Words(
            offsets=self.add(f"{name}/offsets", stage, "offsets", kind="offsets", over=over),
            utf8=self.add(f"{name}/utf8", stage, "utf8", kind="utf8", over=over),
        )

    def _stage(self, name: str, arrays: dict[str, AnyArray]) -> Stage:
        return self.store.stage(name, digest([*arrays], *arrays.values()), lambda: (arrays, {}))


def part(name: str) -> str:
    """Return a name given by the user as one part of a column's or domain's name.

    Parameters
    ----------
    name : str

    Returns
    -------
    str
        Without the signs that stand between parts, and different for different names.
    """
    return name.replace("%", "%25").replace("/", "%2F").replace("|", "%7C")


def _items(name: str) -> str:
    return f"items/{part(name)}"


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40] or "column"
