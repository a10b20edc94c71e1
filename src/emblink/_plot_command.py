"""``emblink plot``: one figure of a bundle as SVG or PNG; and the report with its figures."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from emblink._terminal import say
from emblink._version import VERSION
from emblink.errors import InputError

if TYPE_CHECKING:
    from emblink.plot import Figure


class Kind(StrEnum):
    """What is drawn."""

    pair = "pair"
    trails = "trails"
    map = "map"
    matrix = "matrix"
    labels = "labels"
    steps = "steps"
    budget = "budget"


class FontName(StrEnum):
    """Which kind of letters."""

    sans = "sans-serif"
    serif = "serif"
    mono = "monospace"


_OF_PAIRS = (Kind.pair, Kind.trails, Kind.labels)


def plot(
    bundle: Annotated[Path, typer.Argument(help="A bundle that `emblink compare` wrote.")],
    kind: Annotated[Kind, typer.Argument(help="What is drawn.")],
    out: Annotated[Path, typer.Argument(help="A file that ends in .svg or .png.")],
    a: Annotated[str | None, typer.Option(help="The space on the left [first pair].")] = None,
    b: Annotated[str | None, typer.Option(help="The space on the right.")] = None,
    color: Annotated[
        str | None, typer.Option(help="Of a pair: a column or measure, or 'move' [the label].")
    ] = None,
    measure: Annotated[
        str | None, typer.Option(help="Of a matrix: a score [kappa of the overlap].")
    ] = None,
    width: Annotated[float | None, typer.Option(help="In millimetres.")] = None,
    height: Annotated[float | None, typer.Option(help="In millimetres.")] = None,
    text: Annotated[float, typer.Option(help="Size of the letters, in points.")] = 7.0,
    font: Annotated[FontName, typer.Option(help="Kind of letters.")] = FontName.sans,
    dpi: Annotated[float, typer.Option(help="Of a PNG.")] = 300.0,
    force: Annotated[
        bool, typer.Option("--force", help="Replace a file that Emblink did not write.")
    ] = False,
) -> None:
    """Draw a figure of a bundle to an SVG or PNG file."""
    from emblink.bundle import Bundle
    from emblink.export import write_file
    from emblink.plot import Plots

    told: dict[str, Any] = {"text": text, "font": font.value, "height": height}
    told |= {} if width is None else {"width": width}
    for name, value, kinds in (
        ("color", color, (Kind.pair,)),
        ("measure", measure, (Kind.matrix,)),
        ("a", a, _OF_PAIRS),
        ("b", b, _OF_PAIRS),
    ):
        if value is None:
            continue
        if kind not in kinds:
            raise InputError(f"--{name} is of {', '.join(kinds)}, not of {kind}; leave it out")
        told[name] = value
    figure: Figure = getattr(Plots(Bundle(bundle)), kind.value)(**told)
    data = figure.data(out, dpi=dpi)
    write_file(out, data, force=force)
    wide, tall = figure.size
    say(f"{out}: {wide:.0f} × {tall:.0f} mm, {len(data) / 1e3:,.0f} kB.")
    say(figure.caption)


def html_report(path: Path) -> str:
    """Return the report of a bundle as an HTML document, with what can be drawn of it.

    Parameters
    ----------
    path : Path

    Returns
    -------
    str
    """
    from emblink.bundle import Bundle
    from emblink.plot import report_figures
    from emblink.report import NUMBERS, as_html

    bundle = Bundle(path)
    figures = {
        heading or NUMBERS: [(one.svg, one.caption) for one in drawn]
        for heading, drawn in report_figures(bundle).items()
    }
    manifest = bundle.manifest
    return as_html(manifest.report, title=manifest.title, version=VERSION, figures=figures)
