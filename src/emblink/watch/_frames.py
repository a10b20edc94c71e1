"""What the loop's process and the writing process say to each other: a head and bytes."""

from __future__ import annotations

import struct
from typing import Any, BinaryIO

import msgspec

_HEAD = struct.Struct("<QQ")


def send(stream: BinaryIO, head: Any, data: bytes | memoryview = b"") -> None:
    """Send one message.

    Parameters
    ----------
    stream : binary file
    head : JSON-able value
    data : bytes
    """
    said = msgspec.json.encode(head)
    stream.write(_HEAD.pack(len(said), len(data)))
    stream.write(said)
    stream.write(data)
    stream.flush()


def receive(stream: BinaryIO) -> tuple[bytes, bytes] | None:
    """Wait for a message.

    Parameters
    ----------
    stream : binary file

    Returns
    -------
    (bytes, bytes) or None
        Head and data; None once the other side has ended.
    """
    lengths = _exactly(stream, _HEAD.size)
    if lengths is None:
        return None
    head, data = (_exactly(stream, n) for n in _HEAD.unpack(lengths))
    return None if head is None or data is None else (head, data)


def _exactly(stream: BinaryIO, n: int) -> bytes | None:
    held = stream.read(n)
    return held if len(held) == n else None
