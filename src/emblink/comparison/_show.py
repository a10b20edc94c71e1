"""A comparison as the last expression of a cell, and the one call that makes and shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from emblink.comparison._compare import compare
from emblink.comparison._comparison import Comparison

if TYPE_CHECKING:
    from emblink.widget import ComparisonWidget


def show(
    spaces: Comparison | Mapping[str, Any],
    keys: Sequence[str] | None = None,
    *,
    state: Mapping[str, Any] | None = None,
    **options: Any,
) -> ComparisonWidget:
    """Compare spaces, and return the page of the comparison for a notebook.

    Parameters
    ----------
    spaces : Comparison, or what ``compare`` takes
    keys : sequence of str, optional
        Of ``compare``: only these arrays of AnnData.
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
        given = [*(["keys"] if keys is not None else []), *options]
        if given:
            raise TypeError(f"the comparison is made already; show() takes no {', '.join(given)}")
        return spaces.widget(**(state or {}))
    return compare(spaces, keys, **options).widget(**(state or {}))
