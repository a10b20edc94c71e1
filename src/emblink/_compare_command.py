"""``emblink compare``: spaces in files, what changed, and the bundle that keeps it."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from emblink._executor_options import Dask, Executor, given_executor
from emblink._options import (
    DropBad,
    Full,
    Ids,
    ItemId,
    Items,
    Json,
    Label,
    Port,
    Replicates,
    Text,
    Vector,
    named,
)
from emblink._plan_command import head_long_run, refuse_early, say_how_it_went
from emblink._query_options import Qrels, Queries, QueryItems, given_queries
from emblink._terminal import note, print_report, say, see_it, served, shown_progress
from emblink.errors import InputError


class Pairing(StrEnum):
    """Which pairs to compare."""

    all = "all"
    reference = "reference"
    consecutive = "consecutive"


class MetricName(StrEnum):
    """How distances are measured."""

    cosine = "cosine"
    euclidean = "euclidean"


def compare(
    sources: Annotated[
        list[str],
        typer.Argument(
            help="PATH, NAME=PATH, or NAME=PATH::KEY for one array or column; a folder, or a "
            "pattern in quotes, of parts is one space.",
            metavar="SPACE...",
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="Directory of the bundle [OLD-vs-NEW.emblink here]."),
    ] = None,
    items: Items = None,
    item_id: ItemId = None,
    label: Label = None,
    text: Text = None,
    thumbnail: Annotated[
        str | None, typer.Option(help="Pictures: .npy, FILE.npz::ARRAY, folder, column of paths.")
    ] = None,
    vector: Vector = None,
    ids: Ids = None,
    shape: Annotated[
        list[str] | None,
        typer.Option(help="Of files of plain numbers: ROWS,DIMS, or NAME=ROWS,DIMS. Repeatable."),
    ] = None,
    dtype: Annotated[
        list[str] | None,
        typer.Option(help="Of their numbers: float32, '>f4', NAME=float16 … Repeatable."),
    ] = None,
    sample: Annotated[
        int | None, typer.Option(help="Compare so many items, drawn at random.", min=2)
    ] = None,
    metric: Annotated[
        MetricName | None, typer.Option(help="Distance [euclidean of AnnData, else cosine].")
    ] = None,
    pairs: Annotated[Pairing, typer.Option(help="Which pairs to compare.")] = Pairing.all,
    reference: Annotated[
        str | None, typer.Option(help="Compare the others with this space.")
    ] = None,
    variant: Annotated[
        list[str] | None,
        typer.Option(
            help="Compare a preprocessed space too: 'old|center', 'old|pca:64|l2'. Repeatable."
        ),
    ] = None,
    replicate: Replicates = None,
    picture: Annotated[
        list[str] | None,
        typer.Option(
            help="Pictures drawn elsewhere: NAME=PATH of an .npz with an array (n_items, 2) for "
            "each space. Repeatable."
        ),
    ] = None,
    keep_layout: Annotated[
        bool,
        typer.Option(
            "--keep-layout",
            help="Leave the pictures of spaces that OUT has; draw the others among them.",
        ),
    ] = False,
    seed: Annotated[int, typer.Option(help="Of every random choice.")] = 0,
    queries_sampled: Annotated[
        int | None, typer.Option(help="Of more items ask so many [20,000 of more than 50,000].")
    ] = None,
    memory: Annotated[
        str | None, typer.Option(help="Use no more than this: 4GB [half of the machine's].")
    ] = None,
    executor: Executor = None,
    dask: Dask = None,
    drop_bad: DropBad = False,
    queries: Queries = None,
    query_items: QueryItems = None,
    qrels: Qrels = None,
    full: Full = False,
    as_json: Json = False,
    open_now: Annotated[
        bool,
        typer.Option(
            "--open", help="Open the page at once: it fills in while the spaces are compared."
        ),
    ] = False,
    port: Port = 0,
) -> None:
    """Compare spaces in files; print what changed and keep the bundle.

    A run that was stopped goes on where it was; a run with more spaces computes only what is new.
    """
    from emblink.bundle import read_run
    from emblink.comparison import bundle_for, prepared, prepared_queries, usual_metric
    from emblink.compute import bytes_of
    from emblink.load import load_pictures, load_spaces
    from emblink.pipeline import build
    from emblink.wording import EUCLIDEAN_CELLS
    from emblink.words import check_text

    check_text(out.stem if out else "", "the title")
    given = [_named("--picture", one, "NAME=PATH") for one in picture or []]
    pictures = {name: load_pictures(path) for name, path in given}
    distance = usual_metric(sources) if metric is None else metric.value
    allowed = bytes_of(memory)
    workers = given_executor(executor, dask)
    if sample is None:
        refuse_early(sources, queries_sampled=queries_sampled, alone=workers is None)
    with shown_progress() as progress:
        space_set = load_spaces(
            sources,
            items=items,
            id=item_id,
            text=text,
            label=label,
            thumbnail=thumbnail,
            vector=vector,
            ids=named(ids, "--ids"),
            metric=distance,
            on_bad="drop" if drop_bad else "error",
            shape=_each(shape),
            dtype=_each(dtype),
            progress=partial(progress, "reading files"),
        )
        if metric is None and distance == "euclidean":
            space_set = replace(space_set, notes=(*space_set.notes, EUCLIDEAN_CELLS))
        space_set = prepared(
            space_set, sample=sample, variants=variant or [], specs=replicate or [], seed=seed
        )
    asked = prepared_queries(
        given_queries(queries),
        space_set,
        items=query_items,
        qrels=qrels,
        on_bad="drop" if drop_bad else "error",
        seed=seed,
    )
    if out is None:
        out, said = bundle_for(space_set)
        note(said)
    head_long_run(
        space_set, pairs=pairs.value, reference=reference, queries_sampled=queries_sampled
    )
    given_spaces = [space_set]
    del space_set  # nothing here holds what was read while it is compared
    with served(out, port=port, aside=True) if open_now else nullcontext() as live:
        with shown_progress(live) as progress:
            report = build(
                given_spaces.pop(),
                out=out,
                pairs=pairs.value,
                reference=reference,
                pictures=pictures,
                keep_layout=keep_layout,
                seed=seed,
                queries_sampled=queries_sampled,
                memory=allowed,
                executor=workers,
                title=out.stem,
                progress=progress,
                preview=live.show if live else None,
                notice=note,
                queries=asked,
            )
        print_report(report, as_json=as_json, full=full)
        if (ran := read_run(out)) is not None:
            say_how_it_went(ran.seconds, ran.peak_memory)
        if not (as_json or live):
            say(see_it(out))


def _named(option: str, spec: str, expected: str) -> tuple[str, str]:
    name, equals, value = spec.partition("=")
    if not (name and equals and value):
        raise InputError(f"{option} {spec}: expected {expected}")
    return name, value


def _each(given: list[str] | None) -> str | dict[str, str] | None:
    """Read VALUE for all spaces, or NAME=VALUE for each."""
    if not given or (len(given) == 1 and "=" not in given[0]):
        return given[0] if given else None
    return dict(_named("--shape and --dtype", one, "one value, or NAME=VALUE") for one in given)
