"""What is told of the files of a folder, or of a pattern: those left out, those that lack."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from emblink.errors import ReadError

PART = re.compile(r"(?:^|[-_.])(?:part|shard|chunk|piece)[-_.]?(\d+)|(\d+)[-_]of[-_]\d+", re.I)
"""In the names of files that are parts of one data set."""
STATE = "state.json"
ASIDE = ("dataset_info.json", STATE, "dataset_dict.json")
"""What Hugging Face writes beside the parts of a data set."""
_SHOWN = 4
_TEXT = (".csv", ".tsv", ".txt", ".jsonl", ".ndjson")
"""Formats of which a part without rows may have no bytes."""


def folder_notes(
    path: Path, files: Sequence[Path], ending: Callable[[Path], str], readable: Collection[str]
) -> list[str]:
    """Say which files of a folder are left out, and which numbers of parts are not there.

    Parameters
    ----------
    path : path
        A folder, or a pattern.
    files : sequence of path
        Those that are read.
    ending : callable
    readable : collection of str
        Endings.

    Raises
    ------
    ReadError
        One that is left out is a part, too, as its name says.
    """
    notes = _beside(path, files, ending, readable) if path.is_dir() else []
    alike = len({re.sub(r"\d+", "#", one.stem) for one in files}) == 1
    lacking = _lacking([_number(one, alike=alike) for one in files])
    if lacking and len({one.parent for one in files}) == 1:
        shown = ", ".join(map(str, lacking[:_SHOWN])) + (" …" if lacking[_SHOWN:] else "")
        what = f"number {shown} is" if len(lacking) == 1 else f"numbers {shown} are"
        notes.append(
            f"the names of the files of {path} number its parts, and {what} not there: right where "
            "empty parts are not written, as by Spark; else copy or write them again"
        )
    return notes


def _beside(
    path: Path, files: Sequence[Path], ending: Callable[[Path], str], readable: Collection[str]
) -> list[str]:
    if (path / STATE).is_file():  # which names the files that count
        return []
    read = {*files}
    beside = {f"{one.name}." for one in files}
    others = [
        one
        for one in sorted(path.rglob("*"))
        if one.is_file() and one not in read and is_seen(one, path) and one.name not in ASIDE
    ]
    others = [one for one in others if not _heads(one.name) & beside]
    empty = [one for one in others if one.stat().st_size == 0 and ending(one) in readable]
    parts = [one for one in others if PART.search(one.name) and one not in empty]
    parts += [one for one in empty if not one.name.lower().removesuffix(".gz").endswith(_TEXT)]
    if parts and PART.search(files[0].name):
        raise ReadError(
            f"{path} has {_listed(path, parts)} beside {files[0].name}, which would be left out: "
            "expected parts of one format, whole; write them again, or name those to be read: "
            f"'{files[0].parent / ('*' + files[0].suffix)}'"
        )
    left = [one for one in others if ending(one) in readable and one not in empty]
    notes = [f"left out of {path}: {_listed(path, left)}"] if left else []
    return notes + ([f"left out of {path}: {_listed(path, empty)}, empty"] if empty else [])


def is_seen(one: Path, folder: Path) -> bool:
    """Whether a file of a folder is none that tools keep for themselves."""
    inner = one.relative_to(folder).parts
    return not any(part.startswith(("_", ".")) or part.endswith(".zarr") for part in inner)


def _heads(name: str) -> set[str]:
    """Return what stands up to each point of a name."""
    return {name[: at + 1] for at, sign in enumerate(name) if sign == "."}


def _listed(path: Path, found: Sequence[Path]) -> str:
    names = [str(one.relative_to(path)) for one in found]
    more = f" and {len(names) - _SHOWN:,} more" if names[_SHOWN:] else ""
    return ", ".join(names[:_SHOWN]) + more


def _number(one: Path, *, alike: bool) -> int | None:
    """Return which part a file is, by its name; None where that does not say.

    ``alike``: all names differ by their numbers only.
    """
    match = PART.search(one.name)
    if match:
        return int(match[1] or match[2])
    digits = re.findall(r"\d+", one.stem)
    return int(digits[0]) if len(digits) == 1 and alike else None


def _lacking(numbers: Sequence[int | None]) -> list[int]:
    """Return the numbers from 0 or 1 on that are not there; none where they do not count."""
    there = {number for number in numbers if number is not None}
    if len(numbers) < 2 or len(there) < len(numbers) or max(there) > 4 * len(there):
        return []
    return [number for number in range(min(1, *there), max(there)) if number not in there]
