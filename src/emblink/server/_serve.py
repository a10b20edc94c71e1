"""The server that runs the application on this machine."""

from __future__ import annotations

import logging
import secrets
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import uvicorn
from starlette.types import ASGIApp

from emblink.errors import BundleError
from emblink.live import Live
from emblink.server._address import Address, keep_address, last_address
from emblink.server._app import unguarded
from emblink.server._connection import Connection
from emblink.server._guard import HOST, Guard


def application(
    source: Path | Live,
    *,
    token: str,
    port: int,
    launch: str = "",
    ending: threading.Event | None = None,
) -> ASGIApp:
    """Return the ASGI application that serves one bundle.

    Parameters
    ----------
    source : Path or Live
        A finished bundle, or a comparison under way.
    token : str
        Asked of every request, as the first part of its path.
    port : int
        The port it is served at; requests for any other host or from any other origin are refused.
    launch : str
        In the token's place it leads to the token, once.
    ending : Event, optional
        Set once the server is to end.

    Returns
    -------
    ASGIApp

    Raises
    ------
    BundleError
        The bundle is unfinished or newer than this Emblink, or the page was not built.
    """
    return Guard(unguarded(source, ending=ending), token=token, port=port, launch=launch)


class _Uvicorn(uvicorn.Server):
    """One that says when it is to end."""

    def __init__(self, config: uvicorn.Config, ending: threading.Event) -> None:
        super().__init__(config)
        self._ending = ending

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._ending.set()
        super().handle_exit(sig, frame)

    def end(self) -> None:
        self._ending.set()
        self.should_exit = True


@dataclass(frozen=True)
class Server:
    """A server about to run, with its address already taken.

    Attributes
    ----------
    url : str
        The whole address, with the token.
    launch_url : str
        Another that leads there, once, for what others can read.
    said : str
        What there is to know of the address; empty where nothing is.
    """

    url: str
    launch_url: str
    _server: _Uvicorn
    _socket: socket.socket
    said: str = ""
    _kept: tuple[Path, Address] | None = None

    def run(self) -> None:
        """Serve until interrupted."""
        try:
            with _said_once():
                self._server.run(sockets=[self._socket])
        finally:  # one that is stopped before it has begun leaves it open
            self._socket.close()
            if self._kept:  # a day from now on
                keep_address(*self._kept)

    def stop(self) -> None:
        """Ask a running server to end; safe from another thread."""
        self._server.end()

    def close(self) -> None:
        """Give up the address without serving."""
        self._socket.close()


def serve(source: Path | Live, *, port: int = 0, again: Path | None = None) -> Server:
    """Take an address on this machine for a bundle.

    Parameters
    ----------
    source : Path or Live
        A finished bundle, or a comparison under way.
    port : int
        0 takes any free port.
    again : Path, optional
        The bundle whose address of the last day is taken again, where it is free, and kept.

    Returns
    -------
    Server
        Call ``run()`` to serve.

    Raises
    ------
    BundleError
        The bundle cannot be served, or the port is taken.
    """
    last = last_address(again) if again else None
    token = last.token if last else secrets.token_urlsafe(24)
    said = ""
    try:
        listening = _listening(port or (last.port if last else 0))
    except BundleError:
        if port or last is None:
            raise
        # Whoever is there now may not be ours: what let us in there lets nobody in here.
        listening, token = _listening(0), secrets.token_urlsafe(24)
        said = f"Port {last.port}, where it was before, is in use: links of before do not work."
        again = None
    port = listening.getsockname()[1]
    try:
        launch, ending = secrets.token_urlsafe(24), threading.Event()
        app = application(source, token=token, port=port, launch=launch, ending=ending)
    except BundleError:
        listening.close()
        raise
    kept = (again, Address(port, token)) if again else None
    if kept:
        keep_address(*kept)
    config = uvicorn.Config(
        app,
        http=Connection,
        backlog=16,  # so few are let in at once before it is looked who gives way
        ws="none",
        log_level="warning",
        lifespan="off",
        timeout_graceful_shutdown=1,
    )
    url, launch_url = (f"http://{HOST}:{port}/{one}/" for one in (token, launch))
    return Server(url, launch_url, _Uvicorn(config, ending), listening, said, kept)


def _listening(port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if sys.platform != "win32":  # where it would let two servers have one port
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
        listening.listen()
    except (OSError, OverflowError) as error:  # OverflowError: beyond 65535
        listening.close()
        raise BundleError(f"port {port} is taken ({error}); choose another with --port") from error
    return listening


class _Once(logging.Filter):
    """Lets each record pass once: what can be sent a thousand times a second fills a disk."""

    def __init__(self) -> None:
        super().__init__()
        self._said: set[tuple[str, str]] = set()

    def filter(self, record: logging.LogRecord) -> bool:
        cause = record.exc_info[1] if record.exc_info else None
        key = record.getMessage()[:_COMPARED], repr(cause)[:_COMPARED]
        if key in self._said or len(self._said) >= _MOST_SAID:
            return False
        self._said.add(key)
        return True


_COMPARED = 60
_MOST_SAID = 100


@contextmanager
def _said_once() -> Iterator[None]:
    once = _Once()
    loggers = [logging.getLogger(name) for name in ("uvicorn.error", "asyncio")]
    for one in loggers:
        one.addFilter(once)
    try:
        yield
    finally:
        for one in loggers:
            one.removeFilter(once)
