"""The options of queries, as several commands take them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from emblink.errors import InputError

OPTION = "--queries"

Queries = Annotated[
    list[str] | None,
    typer.Option(
        OPTION,
        help="Vectors of queries: NAME=PATH or NAME=PATH::KEY for each space; or 'items', a number "
        "of items, or a share of them. Repeatable.",
        metavar="NAME=PATH…",
    ),
]
QueryItems = Annotated[
    Path | None, typer.Option("--query-items", help="Table of the queries: ids, text, segments …")
]
Qrels = Annotated[
    Path | None,
    typer.Option("--qrels", help="Which items answer which query: TREC or BEIR (.tsv)."),
]


def given_queries(specs: Sequence[str] | None) -> dict[str, str] | str | None:
    """Read what the command line says of queries.

    Parameters
    ----------
    specs : sequence of str, or None

    Returns
    -------
    dict of space name to source, str, or None

    Raises
    ------
    InputError
        One is not so written, or a space has two.
    """
    if not specs:
        return None
    if len(specs) == 1 and "=" not in specs[0]:
        return specs[0]
    found: dict[str, str] = {}
    for spec in specs:
        name, equals, path = spec.partition("=")
        if not (name and equals and path):
            raise InputError(f"{OPTION} {spec}: expected NAME=PATH or NAME=PATH::KEY")
        if name in found:
            raise InputError(f"{OPTION} is given twice for {name!r}; give one file for each space")
        found[name] = path
    return found


class WithQueries(TyperCommand):
    """A command whose ``--queries`` takes several values, where these are no spaces."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse, after each further value has its own ``--queries``."""
        return super().parse_args(ctx, each_its_own(args))


def each_its_own(args: Sequence[str]) -> list[str]:
    """Put ``--queries`` before each further value of it: ``--queries old=q.npy new=r.npy``.

    A word that follows a value is one more where it has a name that has no queries yet and that
    some other word has too, which is then the space.

    Parameters
    ----------
    args : sequence of str

    Returns
    -------
    list of str
    """
    plain = [word for word in args if not word.startswith("-")]
    named = [word.partition("=")[0] if "=" in word else Path(word).stem for word in plain]
    out: list[str] = []
    seen: set[str] = set()
    value_next = running = False
    for word in args:
        name = word.partition("=")[0]
        if value_next:
            seen.add(name)
            value_next, running = False, True
        elif word == OPTION:
            value_next = True
        elif running and "=" in word and not word.startswith("-") and name not in seen:
            if named.count(name) > 1:
                seen.add(name)
                out.append(OPTION)
            else:
                running = False
        else:
            running = False
        out.append(word)
    return out
