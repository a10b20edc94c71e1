"""A hash of the code that computes, so that what older code computed is not taken for its own."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from importlib.resources.abc import Traversable

SHOWN = {"ask", "cli", "comparison", "demo", "findings", "live", "report", "server", "static"}
"""What takes no part in any step: it reads, carries or shows."""


@cache
def code_digest() -> str:
    """Return a hash of all sources, and of the compiled kernels, that steps are computed by.

    One for all steps: which sources a step depends on would be a list to be forgotten.

    Returns
    -------
    str
    """
    state = blake2b(digest_size=16)
    for name, file in sorted(_sources(files("emblink"), ""), key=lambda one: one[0]):
        data = file.read_bytes()
        state.update(f"{name}\0{len(data)}\0".encode() + data)
    return state.hexdigest()


def _sources(folder: Traversable, inside: str) -> Iterator[tuple[str, Traversable]]:
    for one in folder.iterdir():
        if not inside and one.name.partition(".")[0] in SHOWN:
            continue
        name = f"{inside}{one.name}"
        if one.is_dir():
            yield from _sources(one, f"{name}/")
        elif name.endswith(".py") or name.startswith("_kernels."):
            yield name, one
