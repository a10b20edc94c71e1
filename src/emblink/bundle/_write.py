"""From nouns to named columns: what the manifest says of each stage's arrays."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from emblink.bundle._items import ItemColumns
from emblink.bundle._memory import Keeper
from emblink.bundle._order import stored_order
from emblink.bundle._record import Stage
from emblink.bundle.schema import Column, ColumnKind, Domain, Field, Roles
from emblink.types import AnyArray, IntArray, SpaceSet
from emblink.words import as_words

ID = "id"


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
        stage = self._order({"position": order.astype(np.int32)})
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
        stage = self._order(arrays)
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
        table = ItemColumns()
        fields: list[Field] = [table.words_or_number(id_name, space_set.ids[order])]
        for name, values in space_set.items.items():
            stored = values[order]
            if stored.ndim == 4:
                fields.append(table.thumbnails(name, stored))
            elif name == roles.get("label"):
                fields.append(table.categories(name, as_words(stored)))
            elif name == roles.get("text"):
                fields.append(table.text(name, as_words(stored)))
            else:
                fields.append(table.words_or_number(name, stored))
        stage = self.store.keep("items", table.arrays, what="the columns of the items")
        for column, one in table.columns.items():
            self.add(column, stage, one.array, kind=one.kind, over=one.over)
        return fields, Roles(
            id=id_name,
            text=roles.get("text"),
            label=roles.get("label"),
            thumbnail=roles.get("thumbnail"),
        )

    def _order(self, arrays: dict[str, AnyArray]) -> Stage:
        return self.store.keep("order", arrays, what="the ids of the items")
