"""A mapping that reads each of its values when asked for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

Value = TypeVar("Value")


class ByName(Mapping[str, Value]):
    """Values by space name, each read when asked for."""

    def __init__(self, names: list[str], read: Callable[[str], Value]) -> None:
        self._names = names
        self._read = read

    def __getitem__(self, name: str) -> Value:
        if name not in self._names:
            raise KeyError(f"no space {name!r}; the spaces are: {', '.join(self._names)}")
        return self._read(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __contains__(self, name: object) -> bool:
        return name in self._names
