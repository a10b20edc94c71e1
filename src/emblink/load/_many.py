"""Many files at once: what their spaces are called, in which order, and what is said of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from emblink.errors import InputError
from emblink.load._folders import PART
from emblink.load._formats import ending, stem
from emblink.load._parts import is_pattern, matching, natural
from emblink.load._sources import Source

SAID_ONCE = 3
"""So many notes that differ in the file alone are one."""


def arranged(sources: Sequence[Source]) -> tuple[list[Source], list[str]]:
    """Spread patterns of spaces, refuse parts of one data set, order and name the rest.

    Returns
    -------
    sources : list of Source
    notes : list of str

    Raises
    ------
    InputError
        Files without names are parts of one data set.
    """
    spread = [one for source in sources for one in _spread(source)]
    _refuse_parts(spread)
    ordered, notes = _in_order(spread)
    return _named(ordered), notes


def called(sources: Sequence[Source]) -> dict[Path, str]:
    """Return what files that share their names are called: by as many folders as tell them apart.

    Never more of a path, as bundles and exported files keep it.
    """
    paths = list(dict.fromkeys(source.path for source in sources))
    found: dict[Path, str] = {}
    for path in paths:
        alike = [one for one in paths if one != path and one.name == path.name]
        ends = range(2, len(path.parts) + 1) if alike else ()
        apart = (n for n in ends if all(path.parts[-n:] != one.parts[-n:] for one in alike))
        if alike:
            found[path] = str(Path(*path.parts[-next(apart, len(path.parts)) :]))
    return found


def said_once(notes: Sequence[str], wheres: Sequence[str]) -> tuple[str, ...]:
    """Say notes that differ only in the file that they begin with once, with the others' count."""
    ordered = sorted(wheres, key=len, reverse=True)
    groups: dict[str, list[str]] = {}
    for note in notes:
        where = next((one for one in ordered if note.startswith(f"{one} ")), "")
        groups.setdefault(note[len(where) :] if where else note, []).append(where)
    out: list[str] = []
    for rest, files in groups.items():
        if len(files) < SAID_ONCE or not files[0]:
            out += [f"{where}{rest}" for where in files]
        else:
            more = f"{len(files) - 1} more, {files[1]} … {files[-1]}"
            out.append(f"{files[0]}{rest} (and the same for {more})")
    return tuple(out)


def default_bundle(names: Sequence[str]) -> Path:
    """Name the directory of a comparison for its first and its last space.

    Parameters
    ----------
    names : sequence of str
        Of the spaces.

    Returns
    -------
    Path
        Such as ``old-vs-new.emblink``, without a folder.
    """
    kept = ["".join(c if c.isalnum() or c in "._-" else "-" for c in name)[:60] for name in names]
    between = "-vs-" if len(kept) == 2 else "-to-"
    return Path(between.join(dict.fromkeys([kept[0], kept[-1]])).lstrip(".") + ".emblink")


def _spread(source: Source) -> list[Source]:
    """Spread a pattern over folders that each hold one file of the same name, as shells do."""
    if source.name or not is_pattern(source.path) or any(s in source.path.name for s in "*?["):
        return [source]
    return [replace(source, path=one) for one in matching(source.path)] or [source]


def _refuse_parts(sources: Sequence[Source]) -> None:
    groups: dict[tuple[Path, str], list[Path]] = {}
    for source in sources:
        found = PART.search(source.path.name)
        if source.name is None and source.path.is_file() and found:
            key = source.path.parent, source.path.name[: found.start()]
            groups.setdefault(key, []).append(source.path)
    for (folder, start), paths in groups.items():
        if len(paths) > 1:
            pattern = folder / f"{start}*{ending(paths[0])}"
            raise InputError(
                f"{paths[0].name} and {paths[1].name} look like parts of one data set "
                f"({len(paths):,} are given); give it as one space: '{pattern}' in quotes, or the "
                f"folder {folder}; if each is a space, name them: a={paths[0]} b={paths[1]}"
            )


def _in_order(sources: list[Source]) -> tuple[list[Source], list[str]]:
    """Bring files that a shell listed, digit by digit, into the order of their numbers."""
    paths = [str(source.path) for source in sources]
    alike = len({re.sub(r"\d+", "#", path) for path in paths}) == 1
    if len(paths) < 3 or not alike or paths != sorted(paths):
        return sources, []
    if any(source.name for source in sources):
        return sources, []
    ordered = sorted(sources, key=lambda source: natural(str(source.path)))
    if ordered == sources:
        return sources, []
    first, last = ordered[0].path, ordered[-1].path
    return ordered, [f"files are in the order of the numbers in their paths: {first} … {last}"]


def _named(sources: list[Source]) -> list[Source]:
    """Name spaces by what differs in their paths, where their files' names do not differ."""
    names = [source.default_name for source in sources]
    clash = {name for name in names if names.count(name) > 1}
    at = [i for i, source in enumerate(sources) if not source.name and names[i] in clash]
    if not at or len({(sources[i].path, sources[i].key) for i in at}) < len(at):
        return sources
    found = _differences([_components(sources[i]) for i in at])
    rest = {name for i, name in enumerate(names) if i not in at}
    if len(set(found)) < len(found) or rest & {*found}:
        found = [
            str(sources[i].path) + (f"::{sources[i].key}" if sources[i].key else "") for i in at
        ]
    out = list(sources)
    for i, name in zip(at, found, strict=True):
        out[i] = replace(sources[i], name=name)
    return out


def _components(source: Source) -> list[str]:
    path = source.path
    parts = [part for part in path.parts[:-1] if part != path.anchor]
    return [*parts, stem(path), ending(path), source.key or ""]


def _differences(rows: list[list[str]]) -> list[str]:
    shortest = min(map(len, rows))
    head = 0
    while head < shortest - 3 and len({row[head] for row in rows}) == 1:
        head += 1
    if len({len(row) for row in rows}) == 1:
        differ = [i for i in range(head, shortest) if len({row[i] for row in rows}) > 1]
        return [_joined([row[i] for i in differ], differ, shortest) for row in rows]
    return ["/".join(part for part in [*row[head:-2], row[-1]] if part) for row in rows]


def _joined(parts: list[str], at: list[int], length: int) -> str:
    """Join components; an ending stays with its file's name."""
    if at == [length - 2]:
        return parts[0].lstrip(".")
    return "/".join(part for part in parts if part)
