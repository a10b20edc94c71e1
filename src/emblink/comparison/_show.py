"""A comparison as the last expression of a cell, and the one call that makes and shows it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from emblink.comparison._compare import compare
from emblink.comparison._comparison import Comparison

if TYPE_CHECKING:
    from emblink.widget import ComparisonWidget


def show(
    spaces: Comparison | Mapping[str, Any],
    *,
    state: Mapping[str, Any] | None = None,
    **options: Any,
) -> ComparisonWidget:
    """Compare spaces, and return the page of the comparison for a notebook.

    Parameters
    ----------
    spaces : Comparison, or what ``compare`` takes
    state : mapping, optional
        What is on screen first: ``a``, ``b``, ``t``, ``color_by``, ``view``, ``theme``, ``height``.
    **options
        Of ``compare``: ``items``, ``labels`` and the others.

    Returns
    -------
    ComparisonWidget
        As the last expression of a cell it is the page.

    Raises
    ------
    InputError
        anywidget is not installed, a space cannot be used, or there are options for a comparison
        that is made already.
    """
    if isinstance(spaces, Comparison):
        if options:
            raise TypeError(f"the comparison is made already; show() takes no {', '.join(options)}")
        return spaces.widget(**(state or {}))
    return compare(spaces, **options).widget(**(state or {}))
