"""The health of one file, or of a bundle."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from emblink.bundle import verify
from emblink.doctor._line import Line
from emblink.errors import EmblinkError
from emblink.load import VectorFacts, inspect_file

_MOST = 10


def of_file(file: Path) -> Iterator[Line]:
    """Say what a file of vectors holds, or whether a bundle is as it was written.

    Parameters
    ----------
    file : Path

    Yields
    ------
    Line
    """
    try:
        yield from _of_bundle(file) if _is_bundle(file) else _of_vectors(file)
    except (EmblinkError, OSError) as error:
        yield Line("file", f"{file.name}: {error}", "mend it as said, or give another file")


def _is_bundle(file: Path) -> bool:
    return (file / "manifest.json").exists() or file.suffix == ".emblink"


def _of_bundle(file: Path) -> Iterator[Line]:
    found = verify(file)
    n, mb = found.n_files, found.n_bytes / 1e6
    way = "compare again into the same directory to mend it" if found.faults else ""
    how = f"{len(found.faults)} not as written" if found.faults else "all as written"
    yield Line("bundle", f"{file.name}: {n:,} files, {mb:,.1f} MB, {how}", way)
    for one in found.faults[:_MOST]:
        yield Line("  fault", one, way)


def _of_vectors(file: Path) -> Iterator[Line]:
    facts = inspect_file(file)
    n = len(facts.columns)
    named = facts.noun if n == 1 else f"{facts.noun}s"
    about = f"{facts.format}, {facts.n_bytes / 1e6:,.1f} MB, {n:,} {named}"
    way = "" if facts.vectors else "give a file of vectors: emblink inspect says what is in it"
    yield Line("file", f"{file.name}: {about}", way)
    for one in facts.vectors[:_MOST]:
        yield Line("  vectors", _words(one), _way(one))
    for known in facts.ids[:1]:
        said = known.problem or f"{known.n_rows:,} unique"
        yield Line("  ids", said, "give another column with --id" if known.problem else "")


def _words(one: VectorFacts) -> str:
    if one.problem:
        return one.problem
    norms = ", norms " + " to ".join(f"{one.norms[at]:.3g}" for at in (0, -1)) if one.norms else ""
    said = f"{one.n_rows:,} × {one.n_dims:,}, {one.dtype}{norms}"
    for n, what in (
        (one.nan_rows, "with NaN"),
        (one.inf_rows, "with infinities"),
        (one.zero_rows, "of zeros"),
        (one.duplicate_rows, "repeated"),
    ):
        said += f", {n:,} rows {what}" if n else ""
    return said


def _way(one: VectorFacts) -> str:
    if one.problem:
        return "write vectors as numbers (n_items, n_dims)"
    return "leave these rows out with --drop-bad" if one.nan_rows or one.inf_rows else ""
