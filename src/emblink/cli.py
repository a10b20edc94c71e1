"""The command line: parse, call, print."""

from __future__ import annotations

import os
import sys
import tempfile
from io import StringIO, TextIOWrapper
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from emblink import __version__
from emblink._adapter_command import adapter
from emblink._budget_command import budget
from emblink._compare_command import compare
from emblink._doctor_command import doctor
from emblink._gate_command import gate
from emblink._mcp_command import mcp
from emblink._options import Full, Json, Port
from emblink._plan_command import plan
from emblink._plot_command import html_report, plot
from emblink._populations_command import populations, print_populations
from emblink._query_options import WithQueries
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
from emblink.errors import EmblinkError
from emblink.troubles import NO_MEMORY, in_words

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Compare embedding spaces: what really moved, and what is noise or layout.",
)


REFUSED: Any = typer.BadParameter.__mro__[2]
"""What typer raises of a command line that it cannot read: click's, wherever it is kept."""

NoOpen = Annotated[bool, typer.Option("--no-open", help="Print the address, open no browser.")]
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


app.command(cls=WithQueries)(compare)


@app.command("open")
def open_(
    bundle: BundlePath,
    port: Port = 0,
    no_open: NoOpen = False,
    follow: Annotated[
        bool, typer.Option("--follow", help="Take in new steps of a run as they are written.")
    ] = False,
) -> None:
    """Serve the page of a bundle on this machine."""
    if follow:
        from emblink.watch import await_first

        await_first(bundle, say=say)
    serve_page(bundle, port=port, no_open=no_open, opening="#follow=1" if follow else "")


@app.command()
def export(
    bundle: BundlePath,
    out: Annotated[
        str, typer.Argument(help="A file that ends in .html, or a new folder for a web host.")
    ],
    max_mb: Annotated[
        float | None,
        typer.Option(help="Most megabytes of the file [25]; what does not fit is said."),
    ] = None,
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
    elif "populations" in found and not as_json:
        print_populations(found["populations"], markdown=markdown)
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
app.command(cls=WithQueries)(adapter)
app.command()(populations)
app.command()(plot)
app.command()(plan)
app.command()(mcp)
app.command()(doctor)


def main() -> None:
    """Run the command line; what the user gave wrong ends with one message and status 2."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a terminal may lack some signs of ours
            stream.reconfigure(errors="replace")
    with quiet_when_closed():
        try:
            sys.exit(app(standalone_mode=False))
        except BrokenPipeError:
            raise
        except REFUSED as error:  # said as typer says it, but for signs that a terminal obeys
            said = StringIO()
            error.show(said)
            say(said.getvalue().removesuffix("\n"), err=True)
            sys.exit(error.exit_code)
        except EmblinkError as error:
            _refuse(str(error))
        except OSError as error:  # a full disk, a folder not ours
            _refuse(in_words(error))
        except MemoryError:
            _refuse(NO_MEMORY)


def _refuse(words: str) -> NoReturn:
    say(f"error: {words}", err=True)
    sys.exit(2)


def _cache() -> Path:
    """Return a folder of the user's for the demo; a new one where no home can be written to."""
    try:
        home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
        folder = Path(home) / "emblink"
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except (OSError, RuntimeError) as error:  # RuntimeError: a user without a home
        why = error.strerror if isinstance(error, OSError) else str(error)
        folder = Path(tempfile.mkdtemp(prefix="emblink-"))
        note(f"the demo is kept in {folder} for now ({why}); XDG_CACHE_HOME names another place")
        return folder
