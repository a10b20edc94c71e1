"""Selections that go from one widget to others."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from emblink.errors import InputError

if TYPE_CHECKING:
    from emblink.widget._widget import ComparisonWidget


def link(
    widgets: Iterable[ComparisonWidget], *, selection: bool = True, hover: bool = False
) -> Callable[[], None]:
    """Let a selection in one widget be that of the others, by the ids of the items.

    Parameters
    ----------
    widgets : iterable of ComparisonWidget
        Items that a widget does not have are left out there.
    selection : bool
    hover : bool
        Whether the item under the pointer in one is marked in the others.

    Returns
    -------
    callable
        Ends it.

    Raises
    ------
    InputError
        These are not two widgets or more.
    """
    held = _widgets(widgets)
    names = [name for name, wanted in (("selection", selection), ("hovered", hover)) if wanted]
    busy = False

    def follow(change: Any) -> None:
        nonlocal busy
        if busy:
            return
        busy = True
        try:
            for other in held:
                if other is change["owner"]:
                    continue
                if change["name"] == "hovered":
                    other.hovered = change["new"]
                else:
                    other.selection = other.known(change["new"])
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


def _widgets(given: Any) -> list[ComparisonWidget]:
    held = [*given] if isinstance(given, Iterable) else [given]
    if len(held) < 2 or not all(hasattr(one, "tell_hover") for one in held):
        raise InputError("link takes two widgets or more: eb.link([w1, w2])")
    return held
