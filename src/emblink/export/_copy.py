"""A bundle made to be handed on: its manifest, its columns, and what it leaves out, in words."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from emblink.bundle.schema import (
    Column,
    Domain,
    FindingRows,
    GroupRows,
    Manifest,
    PairInfo,
    QueriesInfo,
    TextField,
    ThumbnailField,
)
from emblink.export._choice import without_texts
from emblink.export._columns import Columns
from emblink.export._cut import Cut

SERVER_ONLY = (
    "The vectors are not in it: what is computed from them, such as the measures of a selection, "
    "is had only with emblink open, on the bundle itself."
)


@dataclass(frozen=True)
class Copy:
    """What a copy is, beside its columns.

    Attributes
    ----------
    manifest : Manifest
    notes : list of str
        What it leaves out or rounds, a sentence each.
    """

    manifest: Manifest
    notes: list[str]


def copy_of(columns: Columns, cut: Cut, *, rounded: bool) -> Copy:
    """Return the manifest of a copy.

    Parameters
    ----------
    columns : Columns
    cut : Cut
    rounded : bool
        Whether positions and distances are.

    Returns
    -------
    Copy
    """
    manifest, choice = columns.bundle.manifest, columns.choice
    kept = choice.kept(manifest)
    names = {field.name for field in kept}
    roles = {
        role: name if name in names else None
        for role, name in msgspec.structs.asdict(manifest.roles).items()
    }
    notes = [*_said(columns, cut, rounded=rounded), SERVER_ONLY]
    told = manifest.roles.text is None or manifest.roles.text in names
    told = told and (choice.text or manifest.queries is None)
    report = manifest.report if told else without_texts(manifest.report)
    copied = msgspec.structs.replace(
        manifest,
        checksum="",
        n_items=min(cut.n, manifest.n_items),
        domains={over: _domain(columns, over, one, cut) for over, one in manifest.domains.items()},
        columns={name: _column(columns, name, cut) for name in columns.names},
        fields=kept,
        given={name: one for name, one in manifest.given.items() if name in names},
        roles=msgspec.structs.replace(manifest.roles, **roles),
        spaces=[
            msgspec.structs.replace(
                space, n_items=columns.n_of(space.over, cut.n), k=min(space.k, cut.k)
            )
            for space in manifest.spaces
        ],
        pairs=[_pair(pair, cut.n) for pair in manifest.pairs],
        report=report,
        queries=_queries(manifest.queries, texts=choice.text),
        stages=[],
        copy_notes=notes,
    )
    return Copy(copied, notes)


def _said(columns: Columns, cut: Cut, *, rounded: bool) -> list[str]:
    manifest, said = columns.bundle.manifest, []
    n, k = manifest.n_items, max((space.k for space in manifest.spaces), default=0)
    if cut.n < n:
        said.append(
            f"{cut.n:,} of {n:,} items are in it, a random sample; every score and finding is of "
            f"all {n:,}. Neighbours outside the sample are not listed."
        )
    if rounded:
        what = "Positions, distances and measures" if cut.rounded else "Positions and distances"
        said.append(f"{what} are rounded to 1/65,534 of their range.")
    if cut.k < k:
        said.append(f"Of the {k} stored neighbours of an item, the {cut.k} nearest are in it.")
    if cut.shrink > 1:
        said.append(f"Pictures of items have 1/{cut.shrink} of the height and width stored.")
    dropped = columns.choice.dropped(manifest)
    if any(isinstance(field, ThumbnailField) for field in dropped):
        said.append("Pictures of the items are left out.")
    if manifest.roles.text in {field.name for field in dropped}:
        said.append(
            "Texts of the items are left out; sentences about what changed may hold single words "
            "that several of them share."
        )
    elif any(isinstance(field, TextField) for field in dropped) and not columns.choice.text:
        said.append("Texts of the items are left out.")
    if manifest.queries is not None and not columns.choice.text:
        said.append("Texts of the queries are left out, but for the values of their segments.")
    others = [
        repr(field.name)
        for field in dropped
        if columns.choice.columns is not None and field.name not in columns.choice.columns
    ]
    if others:
        said.append(f"Columns of the items left out: {', '.join(others)}.")
    return said


def _domain(columns: Columns, over: str, domain: Domain, cut: Cut) -> Domain:
    return msgspec.structs.replace(domain, n=columns.n_of(over, cut.n))


def _column(columns: Columns, name: str, cut: Cut) -> Column:
    column = columns.bundle.manifest.columns[name]
    shape = list(columns.read(name, cut, most=1).shape)
    n = columns.n_of(column.over, cut.n)
    if column.over not in columns.bundle.manifest.domains:
        shape = column.shape
    elif column.kind == "utf8":
        shape = list(columns.read(name, cut).shape)
    else:
        shape[0] = n + 1 if column.kind == "offsets" else n
    return msgspec.structs.replace(column, shape=shape, offset=0, bytes=None, crc32=None)


def _queries(queries: QueriesInfo | None, *, texts: bool) -> QueriesInfo | None:
    if queries is None or texts:
        return queries
    numbers = [field for field in queries.fields if not isinstance(field, TextField)]
    return msgspec.structs.replace(queries, text=None, fields=[*numbers])


def _pair(pair: PairInfo, n: int) -> PairInfo:
    """Name no item that is not in the copy."""

    def those(rows: list[int]) -> list[int]:
        return [row if row < n else -1 for row in rows]

    def group(rows: GroupRows) -> GroupRows:
        return GroupRows(
            exemplars=those(rows.exemplars), lost=those(rows.lost), gained=those(rows.gained)
        )

    groups, findings = pair.groups, pair.findings
    if groups is not None:
        groups = msgspec.structs.replace(groups, rows=[group(one) for one in groups.rows])
    if findings is not None:
        rows = [FindingRows(exemplars=those(one.exemplars)) for one in findings.rows]
        findings = msgspec.structs.replace(findings, rows=rows)
    return msgspec.structs.replace(pair, groups=groups, findings=findings)
