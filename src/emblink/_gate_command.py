"""``emblink gate``: compare, or open what was compared, and hold it against limits."""

from __future__ import annotations

import os
from collections.abc import Mapping
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from emblink._options import DropBad, ItemId, Items, Label, Replicates, Text, Vector
from emblink._populations_gate import (
    gate_populations,
    is_of_populations,
    refuse_for_populations,
)
from emblink._query_options import Qrels, Queries, QueryItems, given_queries
from emblink._terminal import Visible, console, note, say, see_it, shown_progress
from emblink.troubles import named

if TYPE_CHECKING:
    from emblink.comparison import Comparison
    from emblink.gate import Gate, Policy


class Open(StrEnum):
    """What a limit counts as that its interval leaves open."""

    undecided = "undecided"
    passing = "pass"
    failing = "fail"


def gate(
    sources: Annotated[
        list[str],
        typer.Argument(
            help="OLD and NEW: PATH, NAME=PATH or NAME=PATH::KEY, and their replicates; or a "
            "bundle that `emblink compare` wrote.",
            metavar="OLD NEW | BUNDLE",
        ),
    ],
    policy: Annotated[Path | None, typer.Option(help="Limits, as TOML.")] = None,
    baseline: Annotated[
        Path | None,
        typer.Option(help="Bundle of a comparison that was accepted: no worse than there passes."),
    ] = None,
    old: Annotated[str | None, typer.Option(help="The old space, of several.")] = None,
    new: Annotated[str | None, typer.Option(help="The new space, of several.")] = None,
    undecided: Annotated[
        Open | None, typer.Option(help="What a limit counts as that its interval leaves open.")
    ] = None,
    items: Items = None,
    item_id: ItemId = None,
    label: Label = None,
    text: Text = None,
    vector: Vector = None,
    metric: Annotated[str, typer.Option(help="cosine or euclidean.")] = "cosine",
    replicate: Replicates = None,
    queries: Queries = None,
    query_items: QueryItems = None,
    qrels: Qrels = None,
    seed: Annotated[int, typer.Option(help="Of every random choice.", min=0)] = 0,
    drop_bad: DropBad = False,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="Directory of the bundle [OLD-vs-NEW.emblink here]."),
    ] = None,
    parity: Annotated[
        bool, typer.Option("--parity", help="Ask only whether the vectors are the same.")
    ] = False,
    populations: Annotated[
        bool, typer.Option("--populations", help="OLD and NEW are two populations of one space.")
    ] = False,
    tolerance: Annotated[
        float | None, typer.Option(help="Share of its length by which a vector may change [0.01].")
    ] = None,
    junit: Annotated[Path | None, typer.Option(help="Write JUnit XML: a case per limit.")] = None,
    markdown: Annotated[Path | None, typer.Option(help="Write Markdown.")] = None,
    metrics: Annotated[Path | None, typer.Option(help="Write flat numbers, as JSON.")] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Write the verdict as JSON to standard output.")
    ] = False,
) -> None:
    """Say whether a new space may take an old one's place, by limits.

    Exits with 0 where it may, 1 where not, 3 where that is open, 4 where the two cannot be
    compared; with 2 where something given is wrong.
    """
    from emblink import gate as gates
    from emblink.comparison import judge, open_bundle
    from emblink.errors import InputError

    of_limits = {"policy": policy, "baseline": baseline, "undecided": undecided}
    searched = {"queries": queries, "query-items": query_items, "qrels": qrels}
    _check_parity(parity, tolerance, {**of_limits, "replicate": replicate, "out": out, **searched})
    limits = gates.read_policy(policy) if policy else gates.Policy()
    limits = _with(limits, undecided)
    given = {"items": items, "id": item_id, "label": label, "text": text, "vector": vector}
    others = {**given, "replicate": replicate, "out": out, **searched}
    asked = [name for name, value in others.items() if value]
    if len(sources) == 1 and asked:
        raise InputError(
            f"--{asked[0]} is for spaces that are compared now, and {sources[0]} is a bundle; "
            f"compare again with it: emblink compare … --{asked[0]} …"
        )
    _check_places([junit, markdown, metrics])
    reading: dict[str, object] = {
        **given,
        "metric": metric,
        "on_bad": "drop" if drop_bad else "error",
    }
    if populations or is_of_populations(sources):
        given_wrong = {"parity": parity, "baseline": baseline, "replicate": replicate, **searched}
        refuse_for_populations(given_wrong)
        found, seen = gate_populations(
            sources, limits, old=old, new=new, out=out, seed=seed, reading=reading
        )
    elif parity:
        found, seen = _same(sources, old=old, new=new, tolerance=tolerance, reading=reading), ""
    else:
        compared = _compared(
            sources,
            out=out,
            seed=seed,
            replicate=replicate or [],
            reading=reading,
            searching=(given_queries(queries), query_items, qrels),
        )
        accepted = open_bundle(baseline) if baseline else None
        found = judge(compared, limits, old=old, new=new, accepted=accepted)
        seen = see_it(compared.path)
    for path, written in (
        (junit, gates.as_junit),
        (markdown, gates.as_markdown),
        (metrics, gates.as_metrics),
    ):
        if path is not None:
            _write(path, written(found))
    _summarise(found)
    if as_json:
        typer.echo(gates.as_json(found), nl=False)
    else:
        console().print(Visible(gates.as_terminal(found)), crop=False, soft_wrap=True)
        if seen:
            say(seen)
    raise typer.Exit(found.exit)


def _check_parity(
    parity: bool, tolerance: float | None, others: Mapping[str, object | None]
) -> None:
    """Refuse options that would be left aside."""
    from emblink.errors import InputError

    if not parity and tolerance is not None:
        raise InputError("--tolerance is of --parity; give both, or a --policy")
    given = [name for name, value in others.items() if value]
    if parity and given:
        raise InputError(f"--{given[0]} is not for --parity, which holds vectors against vectors")


def _same(
    sources: list[str],
    *,
    old: str | None,
    new: str | None,
    tolerance: float | None,
    reading: dict[str, object],
) -> Gate:
    """Hold vectors against vectors."""
    from emblink.comparison import open_bundle
    from emblink.gate import gate_of_parity
    from emblink.load import load_spaces
    from emblink.parity import TOLERANCE, parity

    with shown_progress() as progress:
        if len(sources) == 1 and (Path(sources[0]) / "manifest.json").is_file():
            space_set = open_bundle(sources[0]).space_set
        else:
            space_set = load_spaces(
                sources,
                progress=partial(progress, "reading files"),
                **reading,  # type: ignore[arg-type]
            )
        found = parity(
            space_set,
            old=old,
            new=new,
            tolerance=TOLERANCE if tolerance is None else tolerance,
            progress=partial(progress, "vectors"),
        )
    for one in space_set.notes:
        note(one)
    return gate_of_parity(found)


def _check_places(files: list[Path | None]) -> None:
    """Refuse a report that could not be written, before the work."""
    from emblink.errors import InputError

    for file in files:
        if file is not None and (file.is_dir() or not file.absolute().parent.is_dir()):
            raise InputError(f"{file} cannot be written; expected a file in a directory there is")


def _with(limits: Policy, undecided: Open | None) -> Policy:
    import msgspec

    return (
        limits if undecided is None else msgspec.structs.replace(limits, undecided=undecided.value)
    )


def _write(path: Path, text: str) -> None:
    with named(path), path.open("w", encoding="utf-8") as file:
        try:
            file.write(text)
            file.flush()
        except OSError:
            if path.is_file():
                path.unlink()  # half of it would be taken for the whole
            raise


def _summarise(found: Gate) -> None:
    """Append to the summary of a GitHub job, where this is one."""
    from emblink.gate import as_markdown

    if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
        with named(summary), Path(summary).open("a", encoding="utf-8") as stream:
            stream.write(as_markdown(found))


def _compared(
    sources: list[str],
    *,
    out: Path | None,
    seed: int,
    replicate: list[str],
    reading: dict[str, object],
    searching: tuple[object, object, object],
) -> Comparison:
    """Open the bundle that is given, else compare."""
    from emblink.comparison import bundle_for, open_bundle, prepared
    from emblink.errors import InputError
    from emblink.load import load_queries, load_spaces
    from emblink.pipeline import build

    if len(sources) == 1:
        if (Path(sources[0]) / "manifest.json").is_file():
            return open_bundle(sources[0])
        raise InputError(
            f"{sources[0]} is no bundle; give OLD and NEW, or a bundle that `emblink compare` wrote"
        )
    with shown_progress() as progress:
        space_set = load_spaces(
            sources,
            progress=partial(progress, "reading files"),
            **reading,  # type: ignore[arg-type]
        )
        space_set = prepared(space_set, specs=replicate)
        given, items, qrels = searching
        asked = load_queries(
            given,
            space_set,
            items=items,
            qrels=qrels,
            on_bad=reading["on_bad"],  # type: ignore[arg-type]
            seed=seed,
        )
        if out is None:
            out, said = bundle_for(space_set)
            note(said)
        build(
            space_set,
            out=out,
            seed=seed,
            title=out.stem,
            progress=progress,
            notice=note,
            queries=asked,
        )
    return open_bundle(out)
