"""All lines: the machine, what is installed, kernels, page, disk, and a file."""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from emblink.doctor._file import of_file
from emblink.doctor._line import Line
from emblink.doctor._machine import (
    of_blas,
    of_disk,
    of_kernels,
    of_libraries,
    of_machine,
    of_page,
    of_products,
    of_python,
    of_surroundings,
)

_ABSOLUTE = re.compile(r"""(?<![\w./\\~:-])(?:[A-Za-z]:[/\\]|\\\\|~?/)(?=[\w.])[^\s'"`,;()<>|]*""")
_HIDDEN = "…"


def checkup(file: Path | None = None, *, paths: bool = False) -> list[Line]:
    """Look at the machine, at what is installed, and at a file.

    Parameters
    ----------
    file : Path, optional
        Of vectors, or a bundle.
    paths : bool
        Whether paths of this machine are said.

    Returns
    -------
    list of Line
    """
    lines = [*_lines(file)]
    return lines if paths else [_without_paths(one, file) for one in lines]


def _lines(file: Path | None) -> Iterator[Line]:
    yield of_python()
    yield of_machine()
    yield from of_libraries()
    yield from of_blas()
    yield of_products()
    yield of_kernels()
    yield of_page()
    yield from of_disk()
    yield of_surroundings()
    if file is not None:
        yield from of_file(file)


def _without_paths(line: Line, file: Path | None) -> Line:
    return Line(line.name, _hidden(line.found, file), _hidden(line.way_out, file))


def _hidden(words: str, file: Path | None) -> str:
    if file is not None:
        for form in sorted({str(file), str(file.absolute()), str(file.resolve())}, key=len)[::-1]:
            words = words.replace(form, file.name or ".")
    for place in (Path.cwd(), Path(tempfile.gettempdir()), Path(sys.prefix), _home()):
        if place is not None and str(place) != place.anchor:
            words = words.replace(str(place), _HIDDEN)
    return _ABSOLUTE.sub(_HIDDEN, words)


def _home() -> Path | None:
    try:
        return Path.home()
    except RuntimeError:  # a user without a home
        return None
