"""One HTML file: the page, and a copy of a bundle small enough to be sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from html import escape

import msgspec
import numpy as np

from emblink._version import VERSION
from emblink.bundle.schema import NumberField
from emblink.errors import InputError
from emblink.export._block import Block, block_of, text_of
from emblink.export._columns import Columns
from emblink.export._copy import Copy, copy_of
from emblink.export._cut import Cut, ladder
from emblink.page import document
from emblink.types import AnyArray

_SAMPLE = 4096
"""Rows of a column that its size is judged by."""
_LEAST = 50
"""Items that a copy has at least."""
_ROOM = 0.98
_FEW = 256
_AROUND = len('<script type="text/plain" id="emblink-0000"></script>\n') + 80
"""Bytes around a column's text, and of its line in the index."""


@dataclass(frozen=True)
class Html:
    """The file, and what it leaves out.

    Attributes
    ----------
    text : str
    n_items : int
        Items that it holds.
    notes : list of str
    """

    text: str
    n_items: int
    notes: list[str]


def as_html(columns: Columns, budget: int) -> Html:
    """Return a bundle as one HTML file.

    Parameters
    ----------
    columns : Columns
    budget : int
        Most bytes of the file.

    Returns
    -------
    Html

    Raises
    ------
    InputError
        Not even a few items fit.
    """
    last = None
    for cut in _cuts(columns, budget):
        blocks = {name: _block(columns, name, cut) for name in columns.names}
        made = _written(columns, cut, blocks)
        size = len(made.text.encode())
        if size <= budget:
            return made
        last = size
    raise InputError(
        f"the page and {_LEAST} items take {(last or 0) / 1e6:.1f} MB, more than "
        f"{budget / 1e6:g} MB; give a larger --max-mb, or leave out --columns, texts or images"
    )


def _cuts(columns: Columns, budget: int) -> Iterator[Cut]:
    """Yield those cuts that should fit, the fullest first."""
    manifest = columns.bundle.manifest
    k = max((space.k for space in manifest.spaces), default=0)
    pictured = any(columns.bundle.manifest.columns[one].kind == "pixels" for one in columns.names)
    cut = Cut(manifest.n_items, k)
    fixed = len(_written(columns, replace(cut, n=0), {}).text)
    for cut in ladder(manifest.n_items, k, pictures=pictured):
        if fixed + _expected(columns, cut) <= budget:
            yield cut
    while cut.n > _LEAST:
        share = _ROOM * (budget - fixed) / max(_expected(columns, cut), 1)
        cut = replace(cut, n=max(_LEAST, int(cut.n * min(share, _ROOM))))
        if fixed + _expected(columns, cut) <= budget or cut.n == _LEAST:
            yield cut


def _expected(columns: Columns, cut: Cut) -> int:
    """Return about how many bytes the columns of a copy take."""
    return sum(_AROUND + _size(columns, name, cut) for name in columns.names)


def _size(columns: Columns, name: str, cut: Cut) -> int:
    column = columns.bundle.manifest.columns[name]
    n = columns.n_of(column.over, cut.n)
    text = _block(columns, name, cut, most=_SAMPLE).text
    return int(len(text) * max(1.0, n / _SAMPLE))


def _block(columns: Columns, name: str, cut: Cut, *, most: int | None = None) -> Block:
    column = columns.bundle.manifest.columns[name]
    array = columns.read(name, cut, most=most)
    rounded = _is_rounded(columns, name, cut, array)
    return block_of(array, rounded=rounded, by_place=column.kind == "coords")


def _is_rounded(columns: Columns, name: str, cut: Cut, array: AnyArray) -> bool:
    manifest = columns.bundle.manifest
    column = manifest.columns[name]
    if column.kind in ("coords", "distances"):
        return True
    if not cut.rounded or column.kind != "values" or column.dtype != "float32":
        return False
    # Columns that the user gave are left as they are, and so are shares of a few neighbours.
    of_user = {one.values for one in manifest.fields if isinstance(one, NumberField)}
    return name not in of_user and len(np.unique(array[:_SAMPLE])) > _FEW


def _written(columns: Columns, cut: Cut, blocks: Mapping[str, Block]) -> Html:
    copy = copy_of(columns, cut, rounded=True)
    manifest = copy.manifest
    index = {
        "manifest": manifest,
        "columns": {name: one.described(place) for place, (name, one) in enumerate(blocks.items())},
    }
    told = np.frombuffer(msgspec.json.encode(index), dtype=np.uint8)
    texts = {"index": text_of(told)} | {
        str(place): one.text for place, one in enumerate(blocks.values())
    }
    pieces = (
        f'<script type="text/plain" id="emblink-{key}">{text}</script>\n'
        for key, text in texts.items()
    )
    text = document(
        title=f"{manifest.title} · Emblink", carrier="inline", version=VERSION,
        blocks=[_noscript(copy), *pieces],
    )  # fmt: skip
    return Html(text, manifest.n_items, copy.notes)


def _noscript(copy: Copy) -> str:
    """Say what stands out where no script runs."""
    found = copy.manifest.report.get("findings", [])
    said = "".join(f"<li>{escape(one['sentence'])}</li>" for one in found)
    return f"<noscript><h1>{escape(copy.manifest.title)}</h1><ol>{said}</ol></noscript>\n"
