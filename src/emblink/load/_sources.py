"""Sources as people write them: ``path``, ``path::key``, ``name=path::key``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from emblink.errors import InputError
from emblink.load._formats import stem
from emblink.load._parts import is_pattern


@dataclass(frozen=True)
class Source:
    """Where one space comes from."""

    path: Path
    key: str | None = None
    """An array of an ``.npz``, or the vector column of a table."""
    name: str | None = None
    """None: the key, or the file's name."""

    @property
    def default_name(self) -> str:
        """The name to use when none is given."""
        if self.name or not self.key or any(sign in self.key for sign in "*?["):
            return self.name or _stem(self.path)
        return self.key


def _stem(path: Path) -> str:
    """Name a space for its file, and for its folder where that is a pattern or a place."""
    if is_pattern(path):
        kept = path.name.split("*")[0].split("?")[0].split("[")[0].rstrip("-_.")
        plain = [part for part in path.parts[:-1] if not any(s in part for s in "*?[")]
        return kept if len(kept) > 2 and kept != "part" else (plain or [path.name])[-1]
    return stem(path if path.name else path.resolve())


def parse_source(spec: str | Source) -> Source:
    """Read ``[name=]path[::key]``; a path with ``=`` in it needs no name when the file exists.

    Parameters
    ----------
    spec : str or Source
        What is a source already is returned.

    Returns
    -------
    Source

    Raises
    ------
    InputError
        The name, the path or the key is empty.
    """
    if isinstance(spec, Source):
        return spec
    name, rest = None, spec
    left, equals, right = spec.partition("=")
    if equals and "/" not in left and "\\" not in left and not Path(spec).exists():
        name, rest = left.strip(), right
    path, colons, key = rest.rpartition("::")
    if not colons or Path(rest).exists():
        path, key = rest, ""
    elif not key:
        raise InputError(f"source {spec!r} names no key after '::'; expected [name=]path[::key]")
    if not path or name == "":
        raise InputError(f"source {spec!r} has an empty part; expected [name=]path[::key]")
    return Source(Path(path), key or None, name)
