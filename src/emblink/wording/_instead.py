"""The other command for what was given, as it can be typed."""

from __future__ import annotations

import shlex
from collections.abc import Sequence


def instead(command: str, given: Sequence[tuple[str, str]]) -> str:
    """Write down another command over the same spaces.

    Parameters
    ----------
    command : str
        ``compare`` or ``populations``.
    given : sequence of (str, str)
        Name and source of each, as spaces say it: ``a.parquet, v`` is column ``v`` of a file.

    Returns
    -------
    str
        The command line; a call of Python where any is an array.
    """
    if any(source == "array" for _, source in given):
        names = ", ".join(f"{name!r}: …" for name, _ in given)
        return f"eb.{command}({{{names}}})"
    files = [shlex.quote(f"{name}={source.split(', ')[0]}") for name, source in given]
    return f"emblink {command} {' '.join(files)}"
