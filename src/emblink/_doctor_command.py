"""``emblink doctor``: what this machine is, and what is wrong with it or with a file."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from emblink._terminal import say

if TYPE_CHECKING:
    from emblink.doctor import Line


def doctor(
    file: Annotated[
        Path | None, typer.Argument(help="A file of vectors, or a bundle, to look at too.")
    ] = None,
    browser: Annotated[
        bool, typer.Option("--browser", help="Open a page of this machine that tests the browser.")
    ] = False,
    no_open: Annotated[
        bool, typer.Option("--no-open", help="Print the page's address, open no browser.")
    ] = False,
    wait: Annotated[float, typer.Option(help="Seconds to wait for the browser.", min=1)] = 60.0,
    paths: Annotated[
        bool, typer.Option("--paths", help="Say paths of this machine, which may name people.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON to standard output.")] = False,
) -> None:
    """Say what this machine is and has, and what is wrong, to be pasted into an issue.

    Sends nothing anywhere. Exits with 1 where something is wrong.
    """
    from emblink.doctor import checkup

    lines = checkup(file, paths=paths)
    if browser:
        lines += _of_browser(wait, no_open=no_open)
    _print(lines, as_json=as_json)
    if any(one.way_out for one in lines):
        raise typer.Exit(1)


def _of_browser(wait: float, *, no_open: bool) -> list[Line]:
    from emblink.doctor import browser_test

    with browser_test() as page:
        say(f"The page that tests itself is at {page.url}", err=True)
        if not no_open:
            import webbrowser

            webbrowser.open(page.url)
        return page.lines(wait)


def _print(lines: list[Line], *, as_json: bool) -> None:
    if as_json:
        import msgspec

        from emblink.wording import inert_json

        found = [asdict(one) for one in lines]
        typer.echo(inert_json(msgspec.json.format(msgspec.json.encode(found)).decode()))
        return
    width = max(len(one.name) for one in lines)
    for one in lines:
        say(f"{one.name:<{width}}  {one.found}".rstrip())
        if one.way_out:
            say(f"{'':<{width}}  → {one.way_out}")
