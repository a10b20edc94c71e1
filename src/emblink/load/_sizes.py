"""How large spaces are, by what files say of themselves: no vector is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from emblink.compute import silent
from emblink.load._assemble import check_names
from emblink.load._files import Files
from emblink.load._keys import shared_keys
from emblink.load._layout import Shape, layouts
from emblink.load._load import read_drafts
from emblink.load._many import arranged, called
from emblink.load._match import settle
from emblink.load._sources import Source, parse_source


def sizes(
    sources: Sequence[str | Source],
    *,
    items: str | Path | None = None,
    id: str | None = None,  # noqa: A002 (the name of the option)
    ids: Mapping[str, str] | None = None,
    vector: str | None = None,
    shape: Shape | Mapping[str, Shape] | None = None,
    dtype: str | Mapping[str, str] | None = None,
) -> dict[str, tuple[int, int]]:
    """Return how many items and dims the spaces in files have.

    Parameters
    ----------
    sources : sequence of str or Source
        As :func:`load_spaces` takes them.
    items, id, ids, vector, shape, dtype : optional
        As there.

    Returns
    -------
    dict of name to (int, int)

    Raises
    ------
    InputError
        A file cannot be read, or holds no vectors; two spaces have one name; or which item a row
        is cannot be told.
    """
    parsed, _ = arranged([parse_source(spec) for spec in sources])
    known = layouts({one.default_name: one.path for one in parsed}, shape, dtype)
    with Files(called=called(parsed), layouts=known) as files:
        drafts, described, table = read_drafts(
            parsed,
            files,
            items=items,
            wanted=id,
            vector=vector,
            others=frozenset(),
            ids=ids or {},
            progress=silent,
        )
        check_names(drafts)
        keyed = shared_keys(drafts, described, table)
        settle(keyed.drafts, keyed.table, [])
        return {one.name: (len(one.vectors), int(one.vectors.shape[1])) for one in drafts}
