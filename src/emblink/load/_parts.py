"""Folders, and patterns, of files that are parts of one table."""

from __future__ import annotations

import glob
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from emblink.errors import InputError, ReadError
from emblink.load._blocks import Place, StoredRows, Vectors, blocks, held
from emblink.load._columns import Column, Contents, Noun, Plain
from emblink.load._folders import ASIDE, PART, STATE, is_seen
from emblink.load._partitions import refuse_logged
from emblink.types import AnyArray

_TABLES = (".parquet", ".pq", ".parq", ".arrow", ".feather", ".ipc")


def natural(text: str) -> list[tuple[int, int, str]]:
    """Return a key by which numbers in names are ordered as numbers."""
    return [
        (0, int(part), "") if part.isdecimal() else (1, 0, part)
        for part in re.split(r"(\d+)", text)
        if part
    ]


def is_pattern(path: Path) -> bool:
    """Whether a path that is not there is a pattern of paths."""
    return any(sign in str(path) for sign in "*?[") and not path.exists()


def pattern_of(path: Path) -> str:
    """Return a pattern without the folders before it, which are nobody's business."""
    first = next(n for n, part in enumerate(path.parts) if any(sign in part for sign in "*?["))
    return str(Path(*path.parts[first:]))


def matching(path: Path) -> list[Path]:
    """Return the paths that a pattern stands for, in natural order."""
    found = [Path(one) for one in glob.glob(str(path), recursive=True)]  # noqa: PTH207
    return sorted(found, key=lambda one: natural(str(one)))


def parts_of(path: Path, ending: Callable[[Path], str], readable: Sequence[str]) -> list[Path]:
    """Return the files that a folder or a pattern stands for, in natural order.

    Raises
    ------
    ReadError
        There are none, or they are of several data sets or formats.
    """
    if is_pattern(path):
        found = [one for one in matching(path) if one.is_file()]
        if not found:
            raise ReadError(f"there is no file {path}; check the pattern")
        return found
    refuse_logged(path)
    listed = _listed_by_state(path)
    if listed:
        return listed
    found = sorted(
        (one for one in path.rglob("*") if one.is_file() and _counts(one, path)),
        key=lambda one: natural(str(one)),
    )
    known = [one for one in found if ending(one) in readable]
    tables = [one for one in known if ending(one) in _TABLES]
    known = tables or [one for one in known if one.name not in ASIDE]
    if not known:
        raise ReadError(
            f"{path} is a directory without files that Emblink reads; "
            f"expected a file or parts of one table ({', '.join(readable)})"
        )
    _refuse_several(path, known, ending)
    _refuse_missing(path, known)
    return known


def _counts(one: Path, folder: Path) -> bool:
    return is_seen(one, folder) and one.stat().st_size > 0


def _listed_by_state(path: Path) -> list[Path]:
    """Return the files of a data set that Hugging Face's ``save_to_disk`` wrote."""
    try:
        if (path / "dataset_dict.json").is_file():
            splits = json.loads((path / "dataset_dict.json").read_bytes())["splits"]
            raise ReadError(
                f"{path} holds the splits {', '.join(splits)}; name one: {path / splits[0]}"
            )
        if not (path / STATE).is_file():
            return []
        names = [one["filename"] for one in json.loads((path / STATE).read_bytes())[
            "_data_files"
        ]]  # fmt: skip
    except (ValueError, KeyError, TypeError, IndexError, RecursionError) as error:
        raise ReadError(
            f"{path} has a state.json or dataset_dict.json that cannot be read ({error}); "
            "save the data set again"
        ) from error
    for name in names:
        if not isinstance(name, str) or Path(name).name != name:
            raise ReadError(f"{path}/state.json names {name!r}, which is no file of the folder")
        if not (path / name).is_file():
            raise ReadError(f"{path} lacks {name}, which its state.json names; save it again")
    return [path / name for name in names]


def _refuse_several(path: Path, known: list[Path], ending: Callable[[Path], str]) -> None:
    if len(known) == 1:
        return
    kinds: dict[tuple[str, str, str], list[Path]] = {}
    for one in known:
        name = _stem(one.name) if PART.search(one.name) else re.sub(r"\d+", "#", one.stem)
        within = one.parent.relative_to(path).parts
        folder = "/".join(re.sub(r"\d+", "#", part) for part in within if "=" not in part)
        kinds.setdefault((folder, name, ending(one)), []).append(one)
    if len(kinds) > 1:
        samples = ", ".join(str(group[0].relative_to(path)) for group in list(kinds.values())[:6])
        first = next(iter(kinds.values()))
        stem = _stem(first[0].name)
        one = first[0].parent / f"{stem}*" if len(first) > 1 and stem else first[0]
        raise ReadError(
            f"{path} holds files that are not parts of one table ({samples}); "
            f"name one, or a pattern: '{one}'"
        )


def _stem(name: str) -> str:
    """Return what stands before the number of a part."""
    match = PART.search(name)
    return name[: match.start()] if match else name


_OF = re.compile(r"(?<!\d)(\d+)[-_]of[-_](\d+)(?!\d)", re.I)


def _refuse_missing(path: Path, known: Sequence[Path]) -> None:
    """Refuse a folder that lacks parts of which the names of the others say that there are."""
    found = [match for one in known if (match := _OF.search(one.name))]
    if len(found) < len(known) or len({match[2] for match in found}) > 1:
        return
    lacking = int(found[0][2]) - len({int(match[1]) for match in found})
    if lacking > 0:
        raise ReadError(
            f"{path} lacks {lacking:,} of the {int(found[0][2]):,} parts that the names of its "
            "files speak of; copy or write it again, or name those that are there: "
            f"'{known[0].parent / ('*' + known[0].suffix)}'"
        )


class Parts(Plain):
    """The contents of several files, one after the other.

    Raises
    ------
    ReadError
        A part has other columns than the first.
    """

    def __init__(self, where: str, parts: Sequence[Contents], notes: Sequence[str] = ()) -> None:
        self.where = where
        self.noun: Noun = parts[0].noun
        self.typed = parts[0].typed
        self.seen = parts[0].seen
        self._parts = parts
        first = parts[0].columns
        for part in parts[1:]:
            _need_same(where, parts[0], part)
        self.columns: Mapping[str, Column] = {
            name: Column(
                name,
                one.kind,
                one.dtype,
                (sum(part.columns[name].shape[0] for part in parts), *one.shape[1:]),
            )
            for name, one in first.items()
        }

        self._n_rows = sum(next(iter(part.columns.values())).shape[0] for part in parts)
        self.fields = {
            name: replace(one, shape=(self._n_rows, *one.shape[1:]))
            for name, one in parts[0].fields.items()
            if all(name in part.fields for part in parts)
        }
        self.notes = [*notes, *dict.fromkeys(note for part in parts for note in part.notes)]

    def column(self, name: str) -> AnyArray:
        """Return one column of all parts."""
        return np.concatenate([part.column(name) for part in self._parts])

    def words(self, name: str) -> AnyArray:
        """Return one column of all parts as it is written."""
        return np.concatenate([part.words(name) for part in self._parts])

    def vectors(self, names: Sequence[str]) -> Vectors:
        """Return the vectors of all parts, each read when its turn comes."""
        first = self._parts[0].vectors(names)
        if first.ndim != 2:
            return first
        return PartRows(self.where, self._parts, names, (self._n_rows, first))


class PartRows(StoredRows):
    """Vectors of several files, one file after the other."""

    def __init__(
        self,
        where: str,
        parts: Sequence[Contents],
        names: Sequence[str],
        known: tuple[int, Vectors],
    ) -> None:
        self.where = where
        self._parts = parts
        self._names = names
        n_rows, first = known
        self.shape = (n_rows, first.shape[1])
        self.dtype = first.dtype

    def blocks(self) -> Iterator[tuple[Place, AnyArray]]:
        """Read part by part."""
        start = 0
        for part in self._parts:
            vectors = part.vectors(self._names)
            if vectors.ndim != 2 or vectors.shape[1] != self.shape[1]:
                raise InputError(
                    f"{part.where} has vectors of shape {vectors.shape}, but the parts before it "
                    f"have {self.shape[1]} numbers in a row; give one table"
                )
            if (
                vectors.dtype.kind != self.dtype.kind
                or vectors.dtype.itemsize > self.dtype.itemsize
            ):
                raise InputError(
                    f"{part.where} holds {vectors.dtype}, but the parts before it {self.dtype}; "
                    "expected one type"
                )
            rows = vectors if isinstance(vectors, np.ndarray) or vectors.by_rows else held(vectors)
            for (lines, columns), block in blocks(rows):
                at = slice(start + lines.start, start + lines.start + len(block))
                yield (at, columns), block
            start += len(vectors)


def _need_same(where: str, first: Contents, part: Contents) -> None:
    kinds = {name: column.kind for name, column in first.columns.items()}
    others = {name: column.kind for name, column in part.columns.items()}
    if kinds != others:
        names = sorted(name for name in {*kinds, *others} if kinds.get(name) != others.get(name))
        raise ReadError(
            f"{where}: {part.where} and {first.where} are not parts of one table, they differ in "
            f"{', '.join(names[:6])}; give each a name: a={first.where} b={part.where}"
        )
