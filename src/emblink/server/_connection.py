"""A connection that does not wait for ever, and gives way to others."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_S = 10.0
"""How long the head of a request may take to come."""

MOST = 64
"""Connections at once, far below the descriptors a process may hold (256 on macOS)."""


class Connection(H11Protocol):
    """HTTP/1.1 for one client.

    It is closed where the head of a request does not come in time, and where more than
    ``MOST`` are open and it never brought a request, or none for longest.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._late: asyncio.TimerHandle | None = None
        self._since = time.monotonic()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._await_head()
        if len(self.connections) > MOST:
            waiting = [one for one in self.connections if isinstance(one, Connection) and one.idle]
            min(waiting, key=lambda one: one._rank, default=self)._drop()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if not self.idle:
            self._stop_waiting()
        elif self.conn.trailing_data[0] and self._late is None:
            self._await_head()

    @property
    def idle(self) -> bool:
        """Whether no request is under way."""
        return bool(self.conn.their_state is h11.IDLE)

    @property
    def _rank(self) -> tuple[bool, float]:
        """Who never asked for anything goes first, then who waited longest."""
        return self.cycle is not None, self._since

    def _await_head(self) -> None:
        self._since = time.monotonic()
        self._late = self.loop.call_later(HEAD_S, self._drop)

    def _stop_waiting(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _drop(self) -> None:
        if self.idle and not self.transport.is_closing():
            self.transport.abort()
