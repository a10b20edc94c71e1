"""What a manifest names, and whether it is there: someone else may have written it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from emblink.bundle._files import STAGE_NAME, safe_path
from emblink.bundle.schema import (
    ColumnKind,
    Field,
    Manifest,
    NumberField,
    PairInfo,
    TextField,
    ThumbnailField,
    Words,
)

_N_AXES: dict[ColumnKind, int] = {
    "pixels": 4,
    "coords": 2,
    "neighbors": 2,
    "distances": 2,
    "vectors": 2,
}
"""Of those kinds of columns that are no plain list."""


class Named(NamedTuple):
    """A column that a manifest names, and what it takes it for."""

    column: str
    kind: ColumnKind
    over: str


def wrong_name(manifest: Manifest) -> str | None:
    """Return what is wrong with a name in a manifest, in words that follow "it"; None if nothing.

    Parameters
    ----------
    manifest : Manifest

    Raises
    ------
    DamageError
        The path of a column leads out of the bundle.
    """
    for column in manifest.columns.values():
        safe_path(column.path)
    for step in manifest.stages:
        if not STAGE_NAME.fullmatch(step):
            return f"names a step {step!r}, which could lead out of the bundle"
    for over in _domains(manifest):
        if over not in manifest.domains:
            return f"names items {over!r} that it does not hold"
    for named in _columns(manifest):
        if named.column not in manifest.columns:
            return f"names a column {named.column!r} that it does not hold"
        held = manifest.columns[named.column]
        if (held.kind, held.over) != (named.kind, named.over):
            return f"takes {named.column!r} for {named.kind} of {named.over!r}, which it is not"
        if len(held.shape) != _N_AXES.get(held.kind, 1):
            return f"has a column {named.column!r} of shape {held.shape}"
    return _wrong_length(manifest) or _wrong_row(manifest)


def _wrong_length(manifest: Manifest) -> str | None:
    if manifest.domains["items"].n != manifest.n_items:
        return f"has not {manifest.n_items:,} items"
    for name, column in manifest.columns.items():
        domain = manifest.domains.get(column.over)
        if column.kind in ("offsets", "utf8") or domain is None:
            continue
        if column.shape[:1] != [domain.n]:
            return f"has not {domain.n:,} rows of {name!r}"
    return None


def _wrong_row(manifest: Manifest) -> str | None:
    told = [(pair["a"], pair["b"]) for pair in manifest.report["pairs"]]
    if told != [(pair.a, pair.b) for pair in manifest.pairs]:
        return "names other pairs than its report"
    roles, names = manifest.roles, {field.name for field in manifest.fields}
    for name in (roles.id, roles.text, roles.label, roles.thumbnail):
        if manifest.n_items and name is not None and name not in names:
            return f"has no column {name!r} of the items"
    return None


def _domains(manifest: Manifest) -> Iterator[str]:
    yield "items"
    for space in manifest.spaces:
        yield from (space.over, *(field.over for field in space.fields))
    for pair in manifest.pairs:
        yield from (pair.over, *(field.over for field in pair.fields))


def _columns(manifest: Manifest) -> Iterator[Named]:
    for over, domain in manifest.domains.items():
        yield Named(domain.position, "position", over)
        if domain.rows is not None:
            yield Named(domain.rows, "rows", over)
    for field in manifest.fields:
        yield from _columns_of(field)
    for space in manifest.spaces:
        yield Named(space.neighbors, "neighbors", space.over)
        yield Named(space.distances, "distances", space.over)
        yield Named(space.vectors, "vectors", space.over)
        yield Named(space.cells, "codes", space.over)
        yield from (Named(one.coords, "coords", space.over) for one in space.projections)
        yield from (Named(field.values, "values", field.over) for field in space.fields)
    for pair in manifest.pairs:
        yield from _columns_of_pair(pair)


def _columns_of_pair(pair: PairInfo) -> Iterator[Named]:
    yield from (Named(field.values, "values", field.over) for field in pair.fields)
    for one in pair.moves:
        yield Named(one.codes, "codes", pair.over)
        yield Named(one.displacement, "values", pair.over)
        for name in (one.kept, one.expected):
            if name is not None:
                yield Named(name, "values", pair.over)
    if pair.groups is not None:
        yield Named(pair.groups.members, "codes", pair.over)
        yield Named(pair.groups.evidence, "values", pair.over)
    if pair.findings is not None:
        yield Named(pair.findings.members, "bits", pair.over)


def _columns_of(field: Field) -> Iterator[Named]:
    match field:
        case NumberField():
            yield Named(field.values, "values", field.over)
        case ThumbnailField():
            yield Named(field.pixels, "pixels", "items")
        case TextField():
            yield from _words_of(field.words, "items")
        case _:
            yield Named(field.codes, "codes", "items")
            yield from _words_of(field.words, "categories")


def _words_of(words: Words, over: str) -> Iterator[Named]:
    yield Named(words.offsets, "offsets", over)
    yield Named(words.utf8, "utf8", over)
