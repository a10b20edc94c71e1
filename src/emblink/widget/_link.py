"""Selections that go from one widget to others."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from emblink.errors import InputError
from emblink.types import AnyArray

if TYPE_CHECKING:
    from emblink.widget._widget import ComparisonWidget


def link(
    widgets: Iterable[ComparisonWidget],
    *,
    selection: bool = True,
    hover: bool = False,
    match_by: str = "id",
) -> Callable[[], None]:
    """Let a selection in one widget be that of the others, by the ids of the items or a column.

    Parameters
    ----------
    widgets : iterable of ComparisonWidget
        Items that a widget does not have are left out there.
    selection : bool
    hover : bool
        Whether the item under the pointer in one is marked in the others.
    match_by : str
        ``"id"``, or a column of ``comparison.items`` that all have: items with one of its values
        are chosen where any of theirs is. Under the pointer it is the first of them.

    Returns
    -------
    callable
        Ends it.

    Raises
    ------
    InputError
        These are not two widgets or more, or one has no such column.
    """
    held = _widgets(widgets, match_by)
    names = [name for name, wanted in (("selection", selection), ("hovered", hover)) if wanted]
    busy = False

    def follow(change: Any) -> None:
        nonlocal busy
        if busy:
            return
        busy = True
        try:
            for other in held:
                if other is not change["owner"]:
                    _tell(change, other, match_by)
        finally:
            busy = False

    for one in held:
        one.observe(follow, names=names)
        if hover:
            one.tell_hover()

    def unlink() -> None:
        for one in held:
            one.unobserve(follow, names=names)
        held.clear()

    return unlink


def _tell(change: Any, other: ComparisonWidget, by: str) -> None:
    if change["name"] == "hovered":
        other.hovered = _pointed(change["owner"], change["new"], other, by)
    else:
        other.selection = _alike(change["owner"], change["new"], other, by)


def _alike(one: ComparisonWidget, ids: AnyArray, other: ComparisonWidget, by: str) -> AnyArray:
    """Return the ids of the other's items that are, or are like, those of one."""
    if by == "id":
        return other.known(ids)
    values = one.column(by)[np.isin(one.column("id"), ids)]
    return other.column("id")[np.isin(other.column(by), values)]


def _pointed(one: ComparisonWidget, known: object, other: ComparisonWidget, by: str) -> object:
    if known is None:
        return None
    found = _alike(one, np.array([known]), other, by)
    return found[0].item() if len(found) else None


def _widgets(given: Any, by: str) -> list[ComparisonWidget]:
    held = [*given] if isinstance(given, Iterable) else [given]
    if len(held) < 2 or not all(hasattr(one, "tell_hover") for one in held):
        raise InputError("link takes two widgets or more: eb.link([w1, w2])")
    for one in held:
        if by != "id":
            one.column(by)
    return held
