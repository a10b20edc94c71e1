"""How large spaces are, by what files say of themselves: no vector is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from emblink.load._assemble import check_names
from emblink.load._files import Files
from emblink.load._layout import Shape, layouts
from emblink.load._many import arranged, called
from emblink.load._sources import parse_source
from emblink.load._spaces import read_spaces


def sizes(
    sources: Sequence[str],
    *,
    vector: str | None = None,
    shape: Shape | Mapping[str, Shape] | None = None,
    dtype: str | Mapping[str, str] | None = None,
) -> dict[str, tuple[int, int]]:
    """Return how many items and dims the spaces in files have.

    Parameters
    ----------
    sources : sequence of str
        As :func:`load_spaces` takes them.
    vector : str, optional
    shape, dtype : optional

    Returns
    -------
    dict of name to (int, int)

    Raises
    ------
    InputError
        A file cannot be read, or holds no vectors; or two spaces have one name.
    """
    parsed, _ = arranged([parse_source(spec) for spec in sources])
    known = layouts({one.default_name: one.path for one in parsed}, shape, dtype)
    with Files(called=called(parsed), layouts=known) as files:
        drafts = [draft for one in parsed for draft, _ in read_spaces(one, files, vector=vector)]
        check_names(drafts)
        return {one.name: (len(one.vectors), int(one.vectors.shape[1])) for one in drafts}
