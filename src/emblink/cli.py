"""The command line: parse, call, print."""

from __future__ import annotations

import os
import sys
from contextlib import nullcontext
from dataclasses import replace
from enum import StrEnum
from functools import partial
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated

import typer

from emblink import __version__
from emblink._adapter_command import adapter
from emblink._budget_command import budget
from emblink._gate_command import gate
from emblink._plan_command import head_long_run, plan, refuse_early, say_how_it_went
from emblink._plot_command import html_report, plot
from emblink._query_options import Qrels, Queries, QueryItems, WithQueries, given_queries
from emblink._terminal import (
    Visible,
    console,
    note,
    print_report,
    quiet_when_closed,
    say,
    serve_page,
    served,
    shown_progress,
)
from emblink.errors import EmblinkError, InputError

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Compare embedding spaces: what really moved, and what is noise or layout.",
)


class Pairing(StrEnum):
    """Which pairs to compare."""

    all = "all"
    reference = "reference"
    consecutive = "consecutive"


class MetricName(StrEnum):
    """How distances are measured."""

    cosine = "cosine"
    euclidean = "euclidean"


Port = Annotated[
    int, typer.Option(help="Port on this machine; 0 takes any free one.", min=0, max=65535)
]
NoOpen = Annotated[bool, typer.Option("--no-open", help="Print the address, open no browser.")]
Json = Annotated[bool, typer.Option("--json", help="Write the report as JSON to standard output.")]
Full = Annotated[bool, typer.Option("--full", help="Print all tables, not one screen.")]
BundlePath = Annotated[Path, typer.Argument(help="A bundle that `emblink compare` wrote.")]


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"emblink {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Compare embedding spaces: what really moved, and what is noise or layout."""


@app.command()
def demo(port: Port = 0, no_open: NoOpen = False) -> None:
    """Compare seven spaces of 1,870 emoji, and open the page."""
    from emblink.demo import OPENING, compare_emoji

    out = _cache() / f"demo-{__version__}.emblink"
    opened = served(out, port=port, no_open=no_open, opening=OPENING)
    with opened as live, shown_progress(live) as progress:
        found = compare_emoji(out, progress=progress, preview=live.show, notice=note)
        print_report(found.report(), as_json=False)


@app.command(cls=WithQueries)
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
    items: Annotated[Path | None, typer.Option(help="Table of the items: text, labels …")] = None,
    item_id: Annotated[str | None, typer.Option("--id", help="Column of the item ids.")] = None,
    label: Annotated[str | None, typer.Option(help="Column of the labels.")] = None,
    text: Annotated[str | None, typer.Option(help="Column of the items' words.")] = None,
    thumbnail: Annotated[
        str | None, typer.Option(help="Pictures: .npy, FILE.npz::ARRAY, folder, column of paths.")
    ] = None,
    vector: Annotated[
        str | None, typer.Option(help="Vector column(s) of tables, e.g. embedding or 'dim_*'.")
    ] = None,
    ids: Annotated[
        list[str] | None,
        typer.Option(help="Ids of a space that has none: NAME=PATH or NAME=PATH::KEY. Repeatable."),
    ] = None,
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
    replicate: Annotated[
        list[str] | None,
        typer.Option(help="The same recipe with another seed: SPACE=OTHER_SPACE. Repeatable."),
    ] = None,
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
        int | None, typer.Option(help="Of more items ask so many [20,000 of more than 100,000].")
    ] = None,
    memory: Annotated[
        str | None, typer.Option(help="Use no more than this: 4GB [half of the machine's].")
    ] = None,
    drop_bad: Annotated[
        bool, typer.Option("--drop-bad", help="Drop rows with NaN, infinities or only zeros.")
    ] = False,
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
    from emblink.comparison import EUCLIDEAN, bundle_for, prepared, usual_metric
    from emblink.compute import bytes_of
    from emblink.load import load_pictures, load_queries, load_spaces
    from emblink.pipeline import build
    from emblink.words import check_text

    check_text(out.stem if out else "", "the title")
    expected = "NAME=PATH or NAME=PATH::KEY"
    given = [_named("--picture", one, "NAME=PATH") for one in picture or []]
    pictures = {name: load_pictures(path) for name, path in given}
    distance = usual_metric(sources) if metric is None else metric.value
    allowed = bytes_of(memory)
    if sample is None:
        refuse_early(sources, queries_sampled=queries_sampled)
    with shown_progress() as progress:
        space_set = load_spaces(
            sources,
            items=items,
            id=item_id,
            text=text,
            label=label,
            thumbnail=thumbnail,
            vector=vector,
            ids=dict(_named("--ids", one, expected) for one in ids or []),
            metric=distance,
            on_bad="drop" if drop_bad else "error",
            shape=_each(shape),
            dtype=_each(dtype),
            progress=partial(progress, "reading files"),
        )
        if metric is None and distance == "euclidean":
            space_set = replace(space_set, notes=(*space_set.notes, EUCLIDEAN))
        space_set = prepared(
            space_set, sample=sample, variants=variant or [], specs=replicate or [], seed=seed
        )
    asked = load_queries(
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
            say(f"\nSee it: emblink open {out}")


@app.command("open")
def open_(bundle: BundlePath, port: Port = 0, no_open: NoOpen = False) -> None:
    """Serve the page of a bundle on this machine."""
    serve_page(bundle, port=port, no_open=no_open)


@app.command()
def export(
    bundle: BundlePath,
    out: Annotated[
        str, typer.Argument(help="A file that ends in .html, or a new folder for a web host.")
    ],
    max_mb: Annotated[
        float, typer.Option(help="Most megabytes of the file; what does not fit is said.")
    ] = 25.0,
    no_text: Annotated[
        bool, typer.Option("--no-text", help="Leave out the free words of the items.")
    ] = False,
    no_images: Annotated[
        bool, typer.Option("--no-images", help="Leave out the pictures of the items.")
    ] = False,
    columns: Annotated[
        str | None, typer.Option(help="Of the items' columns only these, with commas between.")
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace a file that Emblink did not write.")
    ] = False,
) -> None:
    """Write the page and its data to one HTML file, to be opened without a server."""
    from emblink.bundle import Bundle
    from emblink.export import Choice
    from emblink.export import export as write

    names = None if columns is None else [one.strip() for one in columns.split(",") if one.strip()]
    choice = Choice(text=not no_text, images=not no_images, columns=names)
    made = write(Bundle(bundle), Path(out), choice=choice, max_mb=max_mb, force=force)
    say(f"{made.path}: {made.n_bytes / 1e6:,.1f} MB, {made.n_items:,} items.")
    for one in made.notes:
        say(f"- {one}")


@app.command()
def report(
    bundle: BundlePath,
    full: Full = False,
    as_json: Json = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Write it as Markdown.")] = False,
    html: Annotated[
        Path | None, typer.Option(help="Write it to this file, to be read or printed.")
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace a file that Emblink did not write.")
    ] = False,
) -> None:
    """Print the report of a bundle again."""
    from emblink.bundle import read_manifest

    manifest = read_manifest(bundle)
    found = manifest.report
    if html is not None:
        from emblink.export import write_file

        text = html_report(bundle)
        write_file(html, text.encode(), force=force)
        say(f"{html}: {len(text.encode()) / 1e3:,.0f} kB.")
    elif markdown:
        from emblink.report import as_markdown

        typer.echo(as_markdown(found), nl=False)
    else:
        print_report(found, as_json=as_json, full=full)


@app.command()
def verify(bundle: BundlePath) -> None:
    """Read every file of a bundle, and say whether it still is what was written."""
    from emblink.bundle import verify as read_all

    found = read_all(bundle)
    for fault in found.faults:
        say(fault)
    if found.faults:
        n = len(found.faults)
        say(
            f"{bundle}: {n:,} {'file is' if n == 1 else 'files are'} not as written; compare again "
            "into the same directory to mend it."
        )
        raise typer.Exit(1)
    how = "as written" if found.has_sums else "of the right length (written before checksums)"
    say(f"{bundle}: {found.n_files:,} files, {found.n_bytes / 1e6:,.1f} MB, all {how}.")


@app.command()
def inspect(
    file: Annotated[str, typer.Argument(help="PATH, or PATH::KEY for one array or column.")],
    shape: Annotated[
        str | None, typer.Option(help="Of a file of plain numbers: ROWS,DIMS.")
    ] = None,
    dtype: Annotated[str | None, typer.Option(help="Of its numbers, e.g. float32.")] = None,
) -> None:
    """Say what is inside a file: arrays, columns, ids, and what is wrong with them."""
    from emblink.load import inspect_file
    from emblink.report import facts_as_terminal

    path, _, key = (file, "", "") if Path(file).exists() else file.rpartition("::")
    path, key = (path, key) if path else (key, "")
    console().print(
        Visible(facts_as_terminal(inspect_file(path, key=key or None, shape=shape, dtype=dtype))),
        crop=False,
    )


app.command(cls=WithQueries)(gate)
app.command()(budget)
app.command()(adapter)
app.command()(plot)
app.command()(plan)


def main() -> None:
    """Run the command line; what the user gave wrong ends with one message and status 2."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a terminal may lack some signs of ours
            stream.reconfigure(errors="replace")
    with quiet_when_closed():
        try:
            app()
        except BrokenPipeError:
            raise
        except (EmblinkError, OSError) as error:  # OSError: a full disk, a folder not ours
            say(f"error: {error}", err=True)
            sys.exit(2)


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


def _cache() -> Path:
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    folder = Path(home) / "emblink"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
