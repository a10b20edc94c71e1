"""Damage done to files by a seed, and files that lie about what they hold."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tests.fuzz.files import PACKED, variants
from tests.fuzz.lies import LIES

Random = np.random.Generator

NASTY = (
    b"", b'"', b'""', b"'", b"NaN", b"nan", b"null", b"None", b"inf", b"-Infinity", b"1e999",
    b"1e39", b"-0", b"007", b"0x10", b"1_000", b"1,5", b"+1", b"1.", b".5", b"1e5", b"\0", b"\r",
    b"\n", b"\r\n", b"\n\n", b"\t", b" ", b"\xff", b"\xe9", b"\xc3\xa9", b"\xef\xbb\xbf",
    b"\xc2\x85",
    b"\xe2\x80\xa8", b"\xd9\xa1", b"true", b"=1+1", b"[", b"]", b"{}", b"[[]]", b'"\\ud800"',
    b"9" * 400, b"9223372036854775808", b"(1)", b"#", b"\\", b"a b", b"id", b"x" * 5000,
)  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """A damaged file, and the bytes of the original that it spared."""

    kind: str
    data: bytes
    original: bytes
    spared: tuple[int, int] = (0, 0)
    """How many bytes at the start and at the end are as they were; of files that lie, none."""


def mutant(name: str, seed: int) -> Mutant:
    """Return the file of this name and seed."""
    rng = np.random.default_rng([seed, len(name), *name.encode()])
    if rng.random() < 0.15:
        data = LIES[PACKED.get(name, name)](rng)
        if name in PACKED:
            data = _packed_lie(rng, data)
        return Mutant("lie", data, b"")
    makers = variants(name)
    data = makers[int(rng.integers(0, len(makers)))]()
    if name in PACKED and rng.random() < 0.5:  # damage within, packed soundly
        inner = _damaged(rng, gzip.decompress(data))
        return Mutant(f"packed {inner.kind}", gzip.compress(inner.data, mtime=0), data)
    return _damaged(rng, data)


def _damaged(rng: Random, data: bytes) -> Mutant:
    kind = list(DAMAGES)[int(rng.integers(0, len(DAMAGES)))]
    start, end, new = DAMAGES[kind](rng, data)
    return Mutant(kind, data[:start] + new + data[end:], data, (start, len(data) - end))


def _packed_lie(rng: Random, data: bytes) -> bytes:
    made = gzip.compress(data, mtime=0)
    return [
        lambda: made,
        lambda: made + gzip.compress(data, mtime=0),
        lambda: made + b"trailing",
        lambda: data,
        lambda: gzip.compress(made, mtime=0),
        lambda: gzip.compress(b"0," * int(rng.integers(1, 20_000_000)), 1, mtime=0),
        lambda: made + gzip.compress(b"0,0,0\n" * 9_999, mtime=0) * int(rng.choice([1, 1_300])),
    ][int(rng.integers(0, 7))]()


Splice = tuple[int, int, bytes]


def _place(rng: Random, data: bytes) -> int:
    """Choose where: anywhere, in the head, or in the end."""
    n, where = len(data), rng.random()
    if where < 0.25:
        return int(rng.integers(0, min(n, 256)))
    if where < 0.4:
        return n - 1 - int(rng.integers(0, min(n, 128)))
    return int(rng.integers(0, n))


def _cut(rng: Random, data: bytes) -> Splice:
    return _place(rng, data), len(data), b""


def _flip(rng: Random, data: bytes) -> Splice:
    at = _place(rng, data)
    return at, at + 1, bytes([data[at] ^ 1 << int(rng.integers(0, 8))])


def _byte(rng: Random, data: bytes) -> Splice:
    at = _place(rng, data)
    return (
        at,
        at + 1,
        bytes([int(rng.choice([0, 9, 10, 13, 34, 39, 44, 48, 57, 91, 93, 127, 255]))]),
    )


def _noise(rng: Random, data: bytes) -> Splice:
    at = _place(rng, data)
    size = int(rng.integers(1, 16))
    return at, min(len(data), at + size), rng.integers(0, 256, size, np.uint8).tobytes()


def _out(rng: Random, data: bytes) -> Splice:
    at = _place(rng, data)
    return at, min(len(data), at + int(rng.integers(1, 64))), b""


def _doubled(rng: Random, data: bytes) -> Splice:
    at = _place(rng, data)
    return at, at, data[max(0, at - int(rng.integers(1, 300))) : at]


def _nasty(rng: Random, data: bytes) -> Splice:
    at = _place(rng, data)
    return at, at, NASTY[int(rng.integers(0, len(NASTY)))]


def _token(rng: Random, data: bytes) -> Splice:
    found = [one.span() for one in re.finditer(rb"-?\d+\.?\d*(?:e-?\d+)?|[a-z]+\d*", data)]
    if not found:
        return _nasty(rng, data)
    start, end = found[int(rng.integers(0, len(found)))]
    return start, end, NASTY[int(rng.integers(0, len(NASTY)))]


def _line_ends(rng: Random, data: bytes) -> Splice:
    start, end = sorted(int(i) for i in rng.integers(0, len(data) + 1, 2))
    if rng.random() < 0.5:
        start, end = 0, len(data)
    old, new = [(b"\n", b"\r\n"), (b"\n", b"\r"), (b"\n", b"\n\n"), (b",", b";"), (b".", b",")][
        int(rng.integers(0, 5))
    ]
    return start, end, data[start:end].replace(old, new)


def _encoded(rng: Random, data: bytes) -> Splice:
    text = data.decode("latin-1")
    at = _place(rng, data)
    return [
        (0, len(data), text.encode("utf-16")),
        (0, len(data), text.encode("utf-16-be")),
        (0, 0, b"\xef\xbb\xbf"),
        (at, len(data), text[at:].encode("utf-16-le")),
        (at, len(data), text[at:].replace("e", "é").encode("latin-1")),
    ][int(rng.integers(0, 5))]


DAMAGES: dict[str, Callable[[Random, bytes], Splice]] = {
    "cut": _cut,
    "flip": _flip,
    "byte": _byte,
    "noise": _noise,
    "out": _out,
    "doubled": _doubled,
    "nasty": _nasty,
    "token": _token,
    "line ends": _line_ends,
    "encoded": _encoded,
}
