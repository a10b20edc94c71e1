"""What a manifest names, and whether it is there: someone else may have written it."""

from __future__ import annotations

from collections.abc import Iterator

from emblink.bundle._files import STAGE_NAME, safe_path
from emblink.bundle.schema import Field, Manifest, NumberField, TextField, ThumbnailField


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
    for name in _columns(manifest):
        if name not in manifest.columns:
            return f"names a column {name!r} that it does not hold"
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
    if manifest.fields and manifest.roles.id not in {field.name for field in manifest.fields}:
        return f"has no column of ids {manifest.roles.id!r}"
    return None


def _domains(manifest: Manifest) -> Iterator[str]:
    yield "items"
    for space in manifest.spaces:
        yield from (space.over, *(field.over for field in space.fields))
    for pair in manifest.pairs:
        yield from (pair.over, *(field.over for field in pair.fields))


def _columns(manifest: Manifest) -> Iterator[str]:
    for domain in manifest.domains.values():
        yield from filter(None, (domain.position, domain.rows))
    for field in manifest.fields:
        yield from _columns_of(field)
    for space in manifest.spaces:
        yield from (space.neighbors, space.distances, space.vectors, space.cells)
        yield from (one.coords for one in space.projections)
        yield from (field.values for field in space.fields)
    for pair in manifest.pairs:
        yield from (field.values for field in pair.fields)
        yield from (name for one in pair.moves for name in (one.codes, one.displacement))
        if pair.groups is not None:
            yield from (pair.groups.members, pair.groups.evidence)


def _columns_of(field: Field) -> tuple[str, ...]:
    match field:
        case NumberField():
            return (field.values,)
        case ThumbnailField():
            return (field.pixels,)
        case TextField():
            return (field.words.offsets, field.words.utf8)
    return (field.codes, field.words.offsets, field.words.utf8)
