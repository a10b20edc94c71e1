"""JSON and bytes with something wrong in them, by seed."""

from __future__ import annotations

import copy
import random
from typing import Any

ODD: list[Any] = [
    *(None, True, False, 0, -1, 1, 2**31, 2**63, 2**64, -(2**63), 10**30, 0.5, 1e308, -0.0),
    *("", "x", "../../etc/passwd", "/etc/passwd", "a\0b", "\ud800", "\u202e", "<b>", "é" * 300),
    *([], {}, [[]], [None], {"": None}, ["x"] * 1000, {"a": {"b": {"c": []}}}),
]  # fmt: skip


def places(held: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the way to every value within JSON."""
    found = [at] if at else []
    if isinstance(held, dict):
        for key, value in held.items():
            found += places(value, (*at, key))
    elif isinstance(held, list):
        for place, value in enumerate(held[:40]):
            found += places(value, (*at, place))
    return found


def changed(held: Any, rng: random.Random) -> Any:
    """Return JSON of which some values are gone, twice there, or others."""
    held = copy.deepcopy(held)
    for _ in range(rng.choice([1, 1, 1, 2, 4])):
        ways = places(held)
        if not ways:
            break
        *way, last = rng.choice(ways)
        within = held
        for step in way:
            within = within[step]
        kind = rng.random()
        if kind < 0.2:
            del within[last]
        elif kind < 0.3 and isinstance(within, dict):
            within[rng.choice(["x", "", "\0", "path", "kind"])] = within.pop(last)
        elif kind < 0.4:
            within[last] = [within[last]]
        elif kind < 0.55 and isinstance(within[last], int | float):
            within[last] = within[last] * rng.choice([-1, 2, 1.5, 10**6]) + rng.choice([0, 1, -1])
        elif kind < 0.65 and isinstance(within[last], str):
            text = within[last]
            cut = rng.randrange(len(text) + 1)
            within[last] = (
                text[:cut] + rng.choice(["", "\0", "/", "..", "\n", "é"]) + text[cut + 1 :]
            )
        else:
            within[last] = copy.deepcopy(rng.choice(ODD))
    return held


def broken(data: bytes, rng: random.Random) -> bytes:
    """Return bytes of which some are gone, others, or more."""
    found = bytearray(data)
    for _ in range(rng.choice([1, 1, 2, 8])):
        at = rng.randrange(len(found) + 1)
        kind = rng.randrange(5)
        if kind == 0:
            del found[at:]
        elif kind == 1:
            found[at : at + rng.randrange(9)] = b""
        elif kind == 2:
            found[at:at] = rng.randbytes(rng.randrange(1, 9))
        elif kind == 3 and at < len(found):
            found[at] ^= 1 << rng.randrange(8)
        else:
            found[at:at] = rng.choice([b"[" * 5000, b'"', b"\xff\xfe", b"{}", b"1e999", b"null"])
    return bytes(found)
