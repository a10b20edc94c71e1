"""Lists of numbers in brackets that stand in lines of text without quotes around them."""

from __future__ import annotations

from collections.abc import Sequence

from emblink.errors import ReadError
from emblink.load._preamble import split_line
from emblink.load._sqlwords import LISTS
from emblink.load._streams import are_wide

_OPEN = ("[", "(", "{")
_CLOSED = ("]", ")", "}")


def are_lists(lines: Sequence[str]) -> bool:
    """Whether tabs part the cells, if any, and one of them is a list in brackets.

    So PostgreSQL writes vectors (``COPY``). The first line may be names.
    """
    if are_wide(lines, "\t"):
        return False
    rows = [line.split("\t") for line in lines if line.strip()]
    below = rows[1:]
    if not below or len({*map(len, rows)}) > 1:
        return False
    return any(all(_is_list(row[at]) for row in below) for at in range(len(rows[0])))


def refuse_open_lists(where: str, lines: Sequence[str], delimiter: str) -> None:
    """Refuse lists whose numbers are parted by what parts the cells.

    Raises
    ------
    ReadError
        With the way out.
    """
    for line in [line for line in lines if line.strip()][1:2]:
        cells = [cell.strip() for cell in split_line(line, delimiter)]
        opened = next((i for i, cell in enumerate(cells) if _begins(cell)), len(cells))
        if any(map(_ends, cells[opened + 1 :])):
            raise ReadError(
                f"{where} has lists in brackets without quotes around them, and what parts their "
                f"numbers parts the cells too ({delimiter!r}): put each list in quotes, or part "
                "the cells by tabs and name it .tsv"
            )


def _begins(cell: str) -> bool:
    return cell.startswith(_OPEN) and not cell.endswith(_CLOSED)


def _ends(cell: str) -> bool:
    return cell.endswith(_CLOSED) and not cell.startswith(_OPEN)


def _is_list(cell: str) -> bool:
    bare = cell.strip()
    return bare.startswith(_OPEN) and bare.endswith(_CLOSED) and LISTS.fullmatch(bare) is not None
