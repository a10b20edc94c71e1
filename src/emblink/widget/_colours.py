"""What the page can colour by, under the names that people give."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from emblink.bundle.schema import CategoryField, Manifest, NumberField, PairInfo, TextField
from emblink.errors import InputError, offered

DATED = re.compile(
    r"(^|[\s_-])(date|time|timestamp|datetime|created|updated|published|modified|day|month|year)"
    r"(_?(at|on))?($|[\s_-])",
    re.IGNORECASE,
)
"""Names of columns of words that hold a date for each item, as the page knows them."""


@dataclass(frozen=True)
class _Choice:
    key: str
    """As the page calls it."""
    name: str
    title: str


class Colours:
    """Names of what the page can colour by, and the page's keys of them.

    Parameters
    ----------
    manifest : Manifest
    """

    def __init__(self, manifest: Manifest) -> None:
        self._manifest = manifest

    def key(self, wished: str, a: str, b: str) -> str:
        """Return the page's key of a name, a title or a key.

        Raises
        ------
        InputError
            The points of the pair cannot be coloured by it.
        """
        choices = [*self._choices(a, b)]
        for of in ("key", "name", "title"):
            found = next((one.key for one in choices if getattr(one, of) == wished), None)
            if found is not None:
                return found
        names = dict.fromkeys(self.name(one.key, a, b) for one in choices)
        raise InputError(
            f"nothing to colour {a} → {b} by is called {wished!r}; {offered(wished, [*names])}"
        )

    def name(self, key: str, a: str, b: str) -> str:
        """Return what people call a key: the key itself where another thing has that name."""
        choices = [*self._choices(a, b)]
        name = next((one.name for one in choices if one.key == key), key)
        first = next((one.key for one in choices if one.name == name), key)
        return name if first == key else key

    def _choices(self, a: str, b: str) -> Iterator[_Choice]:
        roles = self._manifest.roles
        for field in self._manifest.fields:
            coloured = isinstance(field, NumberField | CategoryField) or (
                isinstance(field, TextField) and DATED.search(field.name)
            )
            if coloured and (field.name == roles.label or field.name not in (roles.id, roles.text)):
                yield _Choice(f"item:{field.name}", field.name, field.title)
        either = {(a, b), (b, a)}
        for pair in self._manifest.pairs:
            if (pair.a, pair.b) in either:
                yield from _of_pair(pair)
        for side, name in (("a", a), ("b", b)):
            for space in self._manifest.spaces:
                for measure in space.fields if space.name == name else ():
                    title = f"{measure.title} in {side.upper()}"
                    yield _Choice(key := f"{side}:{measure.name}", key, title)


def _of_pair(pair: PairInfo) -> Iterator[_Choice]:
    if pair.groups is not None:
        yield _Choice("pair:group", "group", "Change group")
    if pair.moves:
        yield _Choice("pair:move", "move", "Class of move")
        yield _Choice("pair:displacement", "displacement", "Displacement")
    for field in pair.fields:
        yield _Choice(f"pair:{field.name}", field.name, field.title)
