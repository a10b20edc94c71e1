"""The page in a notebook: the server's answers as messages; nothing is computed here."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from emblink.errors import InputError
from emblink.widget._carrier import Carrier
from emblink.widget._link import link

if TYPE_CHECKING:
    from emblink.widget._widget import ComparisonWidget

__all__ = ["Carrier", "ComparisonWidget", "link", "there"]


def there() -> bool:
    """Return whether the library is installed that widgets need."""
    return find_spec("anywidget") is not None


def __getattr__(name: str) -> Any:
    """Import what needs anywidget when it is first asked for."""
    if name != "ComparisonWidget":
        raise AttributeError(f"module 'emblink.widget' has no attribute {name!r}")
    if not there():
        raise InputError(
            "the page in a notebook needs anywidget; install it with "
            "`pip install 'emblink[notebook]'`"
        )
    return import_module("emblink.widget._widget").ComparisonWidget
