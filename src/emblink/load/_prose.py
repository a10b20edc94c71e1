"""What a file of text is that holds no vectors: the sentence of its error."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from emblink.errors import ReadError
from emblink.load._written import is_number

_LOOKED_AT = 20
_FEWEST, _MOST = 2, 1000
"""Signs on a line that part cells: one may stand within a word or a number."""
_WITH_COMMA = re.compile(r"[-+]?\d+,\d+(?:[eE][-+]?\d+)?")
_EXPECTED = "expected a word and its numbers on each line"


def refuse_cells(where: str, lines: Sequence[str]) -> None:
    """Refuse lines of cells, most of them numbers, which are no ids.

    Raises
    ------
    ReadError
        Saying what parts the cells.
    """
    some = [line for line in lines[:_LOOKED_AT] if line.strip()]
    for sign in ";\t|,":
        counts = {line.count(sign) for line in some}
        cells = [cell for line in some[-1:] for cell in line.split(sign, _MOST)[:_MOST]]
        numbers = sum(map(_is_cell, cells))
        if len(counts) == 1 and min(counts) >= _FEWEST and numbers * 2 > len(cells):
            if any(one in some[0] for one in "[{("):
                raise ReadError(f"{where} holds no vectors: {told(where, some)}")
            raise ReadError(
                f"{where} is a table whose cells are parted by {sign!r}: name it "
                f"{where.removesuffix('.gz').rpartition('.')[0]}.csv"
            )


def _is_cell(cell: str) -> bool:
    bare = cell.strip(' [](){}"')
    return is_number(bare) or _WITH_COMMA.fullmatch(bare) is not None


def told(where: str, lines: Sequence[str]) -> str:
    """Say what text is that holds no words with numbers, and what to do.

    Parameters
    ----------
    where : str
        Name of the file.
    lines : sequence of str

    Returns
    -------
    str
    """
    filled = [line for line in lines if line.strip()]
    if not filled:
        return f"its lines are blank; {_EXPECTED}: write it again"
    stem = where.removesuffix(".gz").rpartition(".")[0]
    for is_so, words in _KINDS:
        if is_so(filled[:_LOOKED_AT]):
            return words.format(stem=stem, where=where)
    return f"it is text ({_short(filled[0])} is its first line); {_EXPECTED}{_ragged(filled)}"


def _begins(*characters: str) -> Callable[[Sequence[str]], bool]:
    return lambda lines: lines[0].lstrip().lower().startswith(characters)


def _all(pattern: str) -> Callable[[Sequence[str]], bool]:
    whole = re.compile(pattern)
    return lambda lines: all(whole.fullmatch(line.strip()) for line in lines)


def _are_single(lines: Sequence[str]) -> bool:
    return all(len(line.split()) == 1 for line in lines)


_POINTER = "it is a pointer of Git LFS in place of the file; fetch the file: git lfs pull"
_PAGE = "it is a page (HTML or XML), as servers send in place of a file; download it again"
_IN_PLACE = {
    "version https://git-lfs": _POINTER,
    "<!doctype": _PAGE,
    "<html": _PAGE,
    "<?xml": _PAGE,
}
"""What stands in place of a file of any format, by how it begins."""


def refuse_placeholder(where: str, start: bytes) -> None:
    """Refuse what servers and Git leave in place of a file.

    Raises
    ------
    ReadError
        With what brings the file.
    """
    text = start[:64].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    for sign, words in _IN_PLACE.items():
        if text.startswith(sign.encode()):
            raise ReadError(f"{where} is not what its name says: {words}")


_KINDS: tuple[tuple[Callable[[Sequence[str]], bool], str], ...] = (
    (_begins("<"), _PAGE),
    (_begins("%!ps", "%pdf"), "it is a document (PDF or PostScript)"),
    (_begins("{"), "it is JSON; name it {stem}.jsonl (an object on each line) or {stem}.json"),
    (
        _begins("array(", "tensor("),
        "it is an array as Python prints it, most often with rows left out; save it: "
        "np.save('vectors.npy', X)",
    ),
    (_begins("[{"), "it is JSON; name it {stem}.json"),
    (_begins("["), "it is a list written out; name it {stem}.json if it is JSON"),
    (
        _all(r"\S+(?: \d+:[-+.\deEnaif]+)+"),
        "it is sparse (libsvm, svmlight); in Python "
        'X, y = sklearn.datasets.load_svmlight_file("{where}"); eb.compare({{"old": X, …}})',
    ),
    (
        lambda lines: all(is_number(line) for line in lines),
        "it holds one number on each line; vectors have several. Ids are given with "
        "--ids NAME={where}",
    ),
    (
        _are_single,
        "it holds one word on each line. Ids are given with --ids NAME={where}, "
        "words of items with --items {where}",
    ),
)
"""What text may be, and the words for it."""


def _ragged(lines: Sequence[str]) -> str:
    """Say where the cells of a table that blanks part are not as many as those above."""
    rows = [line.split() for line in lines]
    numbers = [sum(map(is_number, row)) for row in rows]
    if 2 * sum(2 * count > len(row) for count, row in zip(numbers, rows, strict=True)) < len(rows):
        return ""
    at = next((i for i in range(2, len(rows)) if len(rows[i]) != len(rows[1])), None)
    if at is None:
        return ""
    return (
        f"; its lines are parted by blanks, but line {at + 1} has {len(rows[at])} cells where "
        f"line 2 has {len(rows[1])}: write it with commas or tabs"
    )


def _short(line: str) -> str:
    return repr(line if len(line) < 50 else line[:48] + "…")
