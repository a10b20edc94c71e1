"""The command line: parse, call, print."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager, nullcontext, suppress
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from emblink import __version__
from emblink.errors import EmblinkError, InputError

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress, TaskID

    from emblink.live import Live
    from emblink.pipeline import StepProgress
    from emblink.types import Report

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Compare embedding spaces: what really moved, and what is noise or layout.",
)


STOPPED = "stopped; the same command goes on from here"
LAST_WORDS_S = 1.0
"""How long a page may take to hear that there will be no bundle; it asks thrice a second."""


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
    from emblink.demo import compare_emoji

    out = _cache() / f"demo-{__version__}.emblink"
    with _page(out, port=port, no_open=no_open) as live, _progress(live) as progress:
        compare_emoji(out, progress=progress, preview=live.show, notice=_note)


@app.command()
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
    metric: Annotated[MetricName, typer.Option(help="Distance.")] = MetricName.cosine,
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
    drop_bad: Annotated[
        bool, typer.Option("--drop-bad", help="Drop rows with NaN, infinities or only zeros.")
    ] = False,
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
    from emblink.load import default_bundle, load_pictures, load_spaces
    from emblink.pipeline import build
    from emblink.replicates import with_replicates
    from emblink.variants import with_variants
    from emblink.words import check_text

    check_text(out.stem if out else "", "the title")
    expected = "NAME=PATH or NAME=PATH::KEY"
    given = [_named("--picture", one, "NAME=PATH") for one in picture or []]
    pictures = {name: load_pictures(path) for name, path in given}
    with _progress() as progress:
        space_set = load_spaces(
            sources,
            items=items,
            id=item_id,
            text=text,
            label=label,
            thumbnail=thumbnail,
            vector=vector,
            ids=dict(_named("--ids", one, expected) for one in ids or []),
            metric=metric.value,
            on_bad="drop" if drop_bad else "error",
            progress=partial(progress, "reading files"),
        )
        space_set = with_variants(space_set, variant or [])
        space_set = with_replicates(space_set, _replicates(replicate or [], space_set.spaces))
    if out is None:
        out = default_bundle([*space_set.spaces])
        _note(f"the bundle is {out} (-o names another directory)")
    with _page(out, port=port, aside=True) if open_now else nullcontext() as live:
        with _progress(live) as progress:
            report = build(
                space_set,
                out=out,
                pairs=pairs.value,
                reference=reference,
                pictures=pictures,
                keep_layout=keep_layout,
                seed=seed,
                title=out.stem,
                progress=progress,
                preview=live.show if live else None,
                notice=_note,
            )
        _print_report(report, as_json=as_json)
        if not (as_json or live):
            typer.echo(f"\nSee it: emblink open {out}")


@app.command("open")
def open_(bundle: BundlePath, port: Port = 0, no_open: NoOpen = False) -> None:
    """Serve the page of a bundle on this machine."""
    _serve(bundle, port=port, no_open=no_open)


@app.command()
def report(
    bundle: BundlePath,
    as_json: Json = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Write it as Markdown.")] = False,
) -> None:
    """Print the report of a bundle again."""
    from emblink.bundle import read_manifest

    found = read_manifest(bundle).report
    if markdown:
        from emblink.report import as_markdown

        typer.echo(as_markdown(found), nl=False)
    else:
        _print_report(found, as_json=as_json)


@app.command()
def verify(bundle: BundlePath) -> None:
    """Read every file of a bundle, and say whether it still is what was written."""
    from emblink.bundle import verify as read_all

    found = read_all(bundle)
    for fault in found.faults:
        typer.echo(fault)
    if found.faults:
        n = len(found.faults)
        typer.echo(
            f"{bundle}: {n:,} {'file is' if n == 1 else 'files are'} not as written; compare again "
            "into the same directory to mend it."
        )
        raise typer.Exit(1)
    how = "as written" if found.has_sums else "of the right length (written before checksums)"
    typer.echo(f"{bundle}: {found.n_files:,} files, {found.n_bytes / 1e6:,.1f} MB, all {how}.")


@app.command()
def inspect(
    file: Annotated[str, typer.Argument(help="PATH, or PATH::KEY for one array or column.")],
) -> None:
    """Say what is inside a file: arrays, columns, ids, and what is wrong with them."""
    from emblink.load import inspect_file
    from emblink.report import facts_as_terminal

    path, _, key = (file, "", "") if Path(file).exists() else file.rpartition("::")
    path, key = (path, key) if path else (key, "")
    _console().print(facts_as_terminal(inspect_file(path, key=key or None)), crop=False)


def main() -> None:
    """Run the command line; what the user gave wrong ends with one message and status 2."""
    try:
        app()
    except (EmblinkError, OSError) as error:  # OSError: a full disk, a folder that is not ours
        typer.echo(f"error: {error}", err=True)
        sys.exit(2)


def _note(sentence: str) -> None:
    typer.echo(f"note: {sentence}", err=True)


def _named(option: str, spec: str, expected: str) -> tuple[str, str]:
    name, equals, value = spec.partition("=")
    if not (name and equals and value):
        raise InputError(f"{option} {spec}: expected {expected}")
    return name, value


def _replicates(specs: list[str], names: Collection[str]) -> dict[str, list[str]]:
    """Read SPACE=OTHER, where the names of spaces may hold equal signs themselves."""
    found: dict[str, list[str]] = {}
    for spec in specs:
        name, other = _named("--replicate", spec, "SPACE=OTHER_SPACE")
        words = spec.split("=")
        for end in range(1, len(words)):
            parts = "=".join(words[:end]), "=".join(words[end:])
            name, other = parts if all(part in names for part in parts) else (name, other)
        found.setdefault(name, []).append(other)
    return found


def _console(*, err: bool = False) -> Console:
    from rich.console import Console

    terminal = sys.stdout is not None and sys.stdout.isatty()
    width = None if terminal or "COLUMNS" in os.environ else 160
    return Console(stderr=err, highlight=False, width=width)


@contextmanager
def _page(bundle: Path, *, port: int, no_open: bool = False, aside: bool = False) -> Iterator[Live]:
    """Serve a comparison from its first picture on, until interrupted."""
    from emblink.bundle import Bundle
    from emblink.live import Live
    from emblink.server import serve

    live = Live()
    server = serve(live, port=port)
    serving = threading.Thread(target=server.run, daemon=True)
    serving.start()
    _invite(server.url, no_open=no_open, aside=aside)
    try:
        yield live
        live.finish(Bundle(bundle))
        with suppress(KeyboardInterrupt):
            while serving.is_alive():  # in turns: Windows cannot interrupt one long wait
                serving.join(1)
    except (EmblinkError, OSError) as error:
        live.fail(str(error))
        live.wait_until_told(LAST_WORDS_S)
        raise
    except typer.Exit:
        live.fail(STOPPED)
        live.wait_until_told(LAST_WORDS_S)
        raise
    finally:
        server.stop()
        serving.join(LAST_WORDS_S)


@contextmanager
def _progress(live: Live | None = None) -> Iterator[StepProgress]:
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    from emblink.pipeline import quiet

    console = _console(err=True)
    told = live.progress if live else quiet
    columns = (TextColumn("{task.description}", markup=False), BarColumn(24), TimeElapsedColumn())
    try:
        if console.is_terminal:
            with Progress(*columns, console=console, transient=True) as bars:
                yield partial(_show, bars, {}, told)
        else:
            yield told
    except KeyboardInterrupt:
        typer.echo(STOPPED, err=True)
        raise typer.Exit(130) from None


def _show(
    bars: Progress, tasks: dict[str, TaskID], told: StepProgress, step: str, done: int, total: int
) -> None:
    told(step, done, total)
    if step not in tasks:
        tasks[step] = bars.add_task(step, total=total)
    bars.update(tasks[step], completed=done, total=total)


def _print_report(report: Report, *, as_json: bool) -> None:
    from emblink import report as words

    if as_json:
        typer.echo(words.as_json(report), nl=False)
    else:
        _console().print(words.as_terminal(report), crop=False)


def _serve(bundle: Path, *, port: int, no_open: bool) -> None:
    from emblink.server import serve

    server = serve(bundle, port=port)
    _invite(server.url, no_open=no_open)
    server.run()


def _invite(url: str, *, no_open: bool, aside: bool = False) -> None:
    typer.echo(f"Emblink is at {url}\nCtrl-C stops it.", err=aside)
    if not no_open:
        import webbrowser

        webbrowser.open(url)


def _cache() -> Path:
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    folder = Path(home) / "emblink"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
