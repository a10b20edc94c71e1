"""A client that sends whatever bytes it likes, and a server to send them to."""

from __future__ import annotations

import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from emblink.server import Server


@dataclass(frozen=True)
class Heard:
    """What came back: status 0 where the connection was ended without an answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    raw: bytes


@dataclass(frozen=True)
class Raw:
    """Speaks to one server.

    Attributes
    ----------
    port : int
    token : str
    """

    port: int
    token: str

    @classmethod
    def of(cls, server: Server) -> Raw:
        where = urlsplit(server.url)
        assert where.port is not None
        return cls(where.port, where.path.strip("/"))

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def head(
        self,
        method: str = "GET",
        path: str = "/bundle/manifest.json",
        *,
        within: bool = True,
        **headers: str | None,
    ) -> bytes:
        """Return a request's head; a header of None is left out.

        The path is one of those that the token leads to, or as it is given.
        """
        path = f"/{self.token}{path}" if within else path
        own: dict[str, str | None] = {"host": self.host, "connection": "close"}
        own |= {name.replace("_", "-"): value for name, value in headers.items()}
        lines = [f"{method} {path} HTTP/1.1"]
        lines += [f"{name}: {value}" for name, value in own.items() if value is not None]
        return "\r\n".join([*lines, "", ""]).encode("latin-1")

    def send(self, data: bytes, *, ends: bool = False, timeout: float = 20) -> Heard:
        """Send bytes, perhaps say that no more come, and hear until the connection ends."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=timeout) as line:
            try:
                line.sendall(data)
                if ends:
                    line.shutdown(socket.SHUT_WR)
            except OSError:
                pass  # it was ended already
            return heard(line)

    def ask(
        self,
        method: str = "GET",
        path: str = "/",
        body: bytes = b"",
        *,
        within: bool = True,
        **h: str | None,
    ) -> Heard:
        if body or method in ("POST", "PUT"):
            h = {"content_length": str(len(body)), **h}
        return self.send(self.head(method, path, within=within, **h) + body)


def heard(line: socket.socket) -> Heard:
    """Hear what comes until the connection ends."""
    parts: list[bytes] = []
    try:
        while part := line.recv(1 << 16):
            parts.append(part)
    except (ConnectionError, TimeoutError) as error:
        if isinstance(error, TimeoutError):
            raise
    raw = b"".join(parts)
    head, _, body = raw.partition(b"\r\n\r\n")
    found = re.match(rb"HTTP/1\.1 (\d{3})", head)
    if found is None:
        return Heard(0, {}, b"", raw)
    named = dict(one.split(": ", 1) for one in head.decode("latin-1").split("\r\n")[1:])
    return Heard(int(found[1]), {key.lower(): one for key, one in named.items()}, body, raw)
