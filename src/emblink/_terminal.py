"""What the command line shows: the console, progress, reports, and the page of a comparison."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING

import typer

from emblink.errors import EmblinkError
from emblink.troubles import in_words

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderableType
    from rich.progress import Progress, TaskID
    from rich.segment import Segment

    from emblink.live import Live
    from emblink.pipeline import StepProgress
    from emblink.server import Server
    from emblink.types import Report

STOPPED = "stopped; the same command goes on from here"
CLOSED = 141
"""The exit status of a command whose output nobody reads, as shells know it: 128 and SIGPIPE."""
LAST_WORDS_S = 1.0
"""How long a page may take to hear that there will be no bundle; it asks thrice a second."""


@contextmanager
def quiet_when_closed() -> Iterator[None]:
    """End as other tools do, without a word, where nobody reads on (``| head``)."""
    try:
        try:
            yield
        except SystemExit as end:
            if isinstance(end.__context__, BrokenPipeError):  # click ends with 1 in its place
                raise end.__context__ from None
            _flush()
            raise
        _flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.exit(CLOSED)


def _flush() -> None:
    if sys.stdout is not None:
        sys.stdout.flush()


def console(*, err: bool = False) -> Console:
    from rich.console import Console as RichConsole

    class Console(RichConsole):
        def on_broken_pipe(self) -> None:
            raise BrokenPipeError

    terminal = sys.stdout is not None and sys.stdout.isatty()
    width = None if terminal or "COLUMNS" in os.environ else 160
    return Console(stderr=err, highlight=False, width=width)


class Visible:
    """What rich draws, but for signs in it that would do something to the terminal."""

    def __init__(self, drawn: RenderableType) -> None:
        self._drawn = drawn

    def __rich_console__(self, out: Console, options: ConsoleOptions) -> Iterator[Segment]:
        from rich.segment import Segment

        from emblink.wording import visible

        for text, style, control in out.render(self._drawn, options):
            yield Segment(text if control else visible(text, lines=True), style, control)


def see_it(path: Path | str) -> str:
    """Return how to open a bundle, as a shell takes it."""
    return f"\nSee it: emblink open {quote(str(path))}"


def say(words: str, *, err: bool = False) -> None:
    """Print a line, with whatever names are in it."""
    from emblink.wording import visible

    typer.echo(visible(words, lines=True), err=err)


@contextmanager
def served(
    bundle: Path, *, port: int, no_open: bool = False, aside: bool = False, opening: str = ""
) -> Iterator[Live]:
    """Serve a comparison from its first picture on; ``opening`` says what the page opens on."""
    from emblink.bundle import Bundle
    from emblink.live import Live
    from emblink.server import serve

    live = Live()
    server = serve(live, port=port, again=bundle)
    serving = threading.Thread(target=server.run, daemon=True)
    serving.start()
    invite(server, opening=opening, no_open=no_open, aside=aside)
    try:
        yield live
        live.finish(Bundle(bundle))
        with suppress(KeyboardInterrupt):
            while serving.is_alive():  # in turns: Windows cannot interrupt one long wait
                serving.join(1)
    except (EmblinkError, OSError) as error:
        live.fail(in_words(error) if isinstance(error, OSError) else str(error))
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
def shown_progress(live: Live | None = None) -> Iterator[StepProgress]:
    from rich.progress import (
        BarColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    from emblink.pipeline import quiet

    out = console(err=True)
    told = live.progress if live else quiet
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(24),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(compact=True),
    )
    try:
        if out.is_terminal:
            with Progress(*columns, console=out, transient=True) as bars:
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


def note(sentence: str) -> None:
    say(f"note: {sentence}", err=True)


def print_report(report: Report, *, as_json: bool, full: bool = False) -> None:
    from emblink import report as words

    if as_json:
        typer.echo(words.as_json(report), nl=False)
    else:
        console().print(Visible(words.as_terminal(report, full=full)), crop=False)


def serve_page(bundle: Path, *, port: int, no_open: bool, opening: str = "") -> None:
    from emblink.server import serve

    server = serve(bundle, port=port, again=bundle)
    invite(server, no_open=no_open, opening=opening)
    server.run()


def invite(
    server: Server, *, opening: str = "", no_open: bool = False, aside: bool = False
) -> None:
    url = server.url + opening
    said = f"\n{server.said}" if server.said else ""
    typer.echo(f"Emblink is at {url}{said}\nCtrl-C stops it.", err=aside)
    if not no_open:
        import webbrowser

        webbrowser.open(server.launch_url + opening)
