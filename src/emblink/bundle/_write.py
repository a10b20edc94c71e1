"""From nouns to named columns: what the manifest says of each stage's arrays."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from emblink.bundle._items import ItemColumns
from emblink.bundle._memory import Keeper
from emblink.bundle._order import inverse
from emblink.bundle._record import Stage
from emblink.bundle.schema import Column, ColumnKind, Domain, Field, Roles
from emblink.types import AnyArray, IntArray, SpaceSet
from emblink.words import as_words

ID = "id"


@dataclass(frozen=True)
class Catalog:
    """The columns and domains that a run has put into a store so far."""

    store: Keeper
    order: IntArray
    """The caller's row of each item."""
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

    def add_items(self) -> None:
        """Put the union index into the catalog."""
        over = "items"
        self.domains[over] = self._domain(over, {"position": self.order.astype(np.int32)})

    def add_domain(self, over: str, rows: IntArray, *, order: IntArray | None = None) -> None:
        """Put a subset of the items into the catalog.

        Parameters
        ----------
        over : str
            Name of the domain.
        rows : array of shape (n,)
            Its items, ascending.
        order : array of shape (n,), optional
            The caller's row of each; by default these are in the caller's order of the items.
        """
        if order is None:
            order = inverse(self.as_given(rows))
        arrays = {"position": order.astype(np.int32), "rows": rows.astype(np.int32)}
        self.domains[over] = self._domain(over, arrays)

    def as_given(self, rows: IntArray) -> IntArray:
        """Return the places of items in the sequence in which the caller gave them.

        Parameters
        ----------
        rows : array of shape (n,)
            The items.

        Returns
        -------
        array of shape (n,)
            ``rows[as_given(rows)]`` are the items in that sequence.
        """
        return np.argsort(self.order[rows])

    def add_fields(self, space_set: SpaceSet) -> tuple[list[Field], Roles]:
        """Put the ids and the item table into the catalog.

        Parameters
        ----------
        space_set : SpaceSet

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
        fields: list[Field] = [table.words_or_number(id_name, space_set.ids)]
        for name, values in space_set.items.items():
            if values.ndim == 4:
                fields.append(table.thumbnails(name, values))
            elif name == roles.get("label"):
                fields.append(table.categories(name, as_words(values)))
            elif name == roles.get("text"):
                fields.append(table.text(name, as_words(values)))
            else:
                fields.append(table.words_or_number(name, values))
        stage = self.store.keep("items", table.arrays, what="the columns of the items")
        for column, one in table.columns.items():
            self.add(column, stage, one.array, kind=one.kind, over=one.over)
        return fields, Roles(
            id=id_name,
            text=roles.get("text"),
            label=roles.get("label"),
            thumbnail=roles.get("thumbnail"),
        )

    def _domain(self, over: str, arrays: dict[str, AnyArray]) -> Domain:
        stage = self.store.keep("order", arrays, what="the ids of the items")
        position = self.add(f"{over}/position", stage, "position", kind="position", over=over)
        n, rows = len(arrays["position"]), None
        if n < len(self.order):
            rows = self.add(f"{over}/rows", stage, "rows", kind="rows", over=over)
        return Domain(n=n, position=position, rows=rows)
