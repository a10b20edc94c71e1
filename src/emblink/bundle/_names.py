"""Names given by the user, as parts of names of columns and domains."""

from __future__ import annotations


def part(name: str) -> str:
    """Return a name given by the user as one part of a column's or domain's name.

    Parameters
    ----------
    name : str

    Returns
    -------
    str
        Without the signs that stand between parts, and different for different names.
    """
    return name.replace("%", "%25").replace("/", "%2F").replace("|", "%7C")
