"""A group as it was found, and what can be said of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from emblink.decimals import decimal
from emblink.groups._enrich import (
    Category,
    Kind,
    Number,
    category_of,
    column_kinds,
    enrich,
    number_of,
)
from emblink.groups._exemplars import exemplar_rows
from emblink.groups._keywords import Texts, distinctive_words, texts_of
from emblink.groups._shifts import Counted, changed_neighbors, neighbor_shifts
from emblink.types import (
    AnyArray,
    Exemplar,
    GroupEvidence,
    GroupNeighbor,
    GroupReport,
    GroupType,
    IntArray,
    NeighborGraph,
    Role,
)
from emblink.wording import GroupFacts, group_sentence, group_title, name_item
from emblink.words import as_words


@dataclass(frozen=True, eq=False)
class Found:
    """A group as the method found it.

    Attributes
    ----------
    members : array of shape (n_members,)
        Ascending rows of the pair's common items.
    type : GroupType
    mass, p : float
    evidence : GroupEvidence
    beside : (array of shape (n_near,), array of shape (n_near,)), optional
        Of a group that was carried, the other items nearest to its middle before and after.
    """

    members: IntArray
    type: GroupType
    mass: float
    p: float
    evidence: GroupEvidence
    beside: tuple[IntArray, IntArray] | None = None


@dataclass(frozen=True, eq=False)
class Background:
    """What is known of all common items of a pair; made once, and asked of every group.

    Attributes
    ----------
    names : (str, str)
        Of the spaces.
    ids : array of shape (n_items,)
    columns : mapping of column name to array of shape (n_items, ...)
        The item table. Words: missing is ``""``; numbers: NaN. Pictures are passed over.
    roles : mapping of role to column name
    a, b : NeighborGraph
        Over the common items, in the same order.
    residuals : array of shape (n_items, n_dims), float32
        Each item's own position in ``b`` less the expected one.
    evidence : array of shape (n_items,), float32
        How far each strayed.

    Notes
    -----
    Columns are coded, ranked and read when first asked for, once: a pair without groups pays
    nothing.
    """

    names: tuple[str, str]
    ids: AnyArray
    columns: Mapping[str, AnyArray]
    roles: Mapping[Role, str]
    a: NeighborGraph
    b: NeighborGraph
    residuals: NDArray[np.float32]
    evidence: NDArray[np.float32]

    @cached_property
    def kinds(self) -> dict[str, Kind]:
        """What each column can be asked."""
        return column_kinds(self.columns, self.roles, ids=self.ids)

    @cached_property
    def categories(self) -> list[Category]:
        """The columns of few values."""
        label = self.roles.get("label")
        return [
            category_of(name, self.columns[name], is_label=name == label)
            for name in self._of_kind("category")
        ]

    @cached_property
    def numbers(self) -> list[Number]:
        """The columns of numbers."""
        return [number_of(name, self.columns[name]) for name in self._of_kind("number")]

    @cached_property
    def texts(self) -> list[Texts]:
        """The columns of texts."""
        text = self.roles.get("text")
        return [
            texts_of(name, self.columns[name], is_text=name == text)
            for name in self._of_kind("text")
        ]

    @cached_property
    def label(self) -> Category | None:
        """The column with the role of label."""
        return next((one for one in self.categories if one.is_label), None)

    @cached_property
    def item_texts(self) -> AnyArray | None:
        """The column with the role of text, as words."""
        column = self.roles.get("text")
        return None if column is None else as_words(self.columns[column])

    def _of_kind(self, wanted: Kind) -> list[str]:
        return [name for name, kind in self.kinds.items() if kind == wanted]


@dataclass(frozen=True, eq=False)
class Explained:
    """A group's report, and the items that it names.

    Attributes
    ----------
    report : GroupReport
    facts : GroupFacts
        What its words were made of.
    exemplars, lost, gained : array of shape (n_named,), int64
        Rows of the common items, in the report's order.
    """

    report: GroupReport
    facts: GroupFacts
    exemplars: NDArray[np.int64]
    lost: NDArray[np.int64]
    gained: NDArray[np.int64]


def explain(found: Found, background: Background) -> Explained:
    """Say of a group who it is, what shows it, and whose neighbours its members were and are.

    Parameters
    ----------
    found : Found
        At least one member.
    background : Background
        Of the pair.

    Returns
    -------
    Explained
        Ranges, chance and invariances are those of its parts. Independent of the order of the
        items, up to ties, which go by row.

    Notes
    -----
    Nothing of it says whether the group is real: that is ``p``. Labels, words and numbers are
    tested as if the group had been found without them, which holds as long as the spaces were
    not made of these columns.
    """
    members, graphs = found.members, (background.a, background.b)
    enriched = enrich(members, background.categories, background.numbers)
    chosen = exemplar_rows(
        members, graphs, residuals=background.residuals, evidence=background.evidence
    )
    exemplars: list[Exemplar] = [
        {**name_item(row, background.ids, background.item_texts), "role": role}
        for role, row in chosen
    ]
    graphs = graphs if found.beside is None else _beside(members, graphs, found.beside)
    changed = changed_neighbors(members, *graphs)
    label = background.label
    facts = GroupFacts(
        names=background.names,
        type=found.type,
        n=len(members),
        p=found.p,
        evidence=found.evidence,
        enriched=enriched.values,
        numbers=enriched.numbers,
        words=distinctive_words(members, background.texts),
        exemplars=exemplars,
        shifts=neighbor_shifts(members, graphs, label) if label is not None else [],
        lost=_named(changed.lost, background),
        gained=_named(changed.gained, background),
        label=None if label is None else label.column,
        telling_ids=background.ids.dtype.kind not in "iuf",
    )
    return Explained(
        _report(facts, found),
        facts,
        np.array([row for _, row in chosen], dtype=np.int64),
        changed.lost.rows,
        changed.gained.rows,
    )


def _beside(
    members: IntArray,
    graphs: tuple[NeighborGraph, NeighborGraph],
    rows: tuple[IntArray, IntArray],
) -> tuple[NeighborGraph, NeighborGraph]:
    """Give all members those neighbours that the whole group has."""

    def given(graph: NeighborGraph, near: IntArray) -> NeighborGraph:
        indices = graph.indices[:, : len(near)].copy()
        indices[members] = near
        return replace(graph, indices=indices, distances=graph.distances[:, : len(near)])

    return given(graphs[0], rows[0]), given(graphs[1], rows[1])


def _named(counted: Counted, background: Background) -> list[GroupNeighbor]:
    return [
        {**name_item(row, background.ids, background.item_texts), "n": n}
        for row, n in zip(counted.rows.tolist(), counted.counts.tolist(), strict=True)
    ]


def _report(facts: GroupFacts, found: Found) -> GroupReport:
    return {
        "title": group_title(facts),
        "type": found.type,
        "n": facts.n,
        "mass": decimal(found.mass),
        "p": found.p,
        "sentence": group_sentence(facts),
        "evidence": found.evidence,
        "enriched": [*facts.enriched],
        "numbers": [*facts.numbers],
        "words": [*facts.words],
        "exemplars": [*facts.exemplars],
        "shifts": [*facts.shifts],
        "lost": [*facts.lost],
        "gained": [*facts.gained],
    }
