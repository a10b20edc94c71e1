"""Ctrl-C ends a command within moments, whatever it computes.

Python hears of a signal between two of its own steps, and waits for its threads at its end: what a
kernel or a thread computes for nobody could keep a terminal for a minute. All that is written is
whole at any moment, so that a process may end at any.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from contextlib import suppress

PATIENCE_S = 1.0
"""How long after an interrupt a command may take to end by itself; another one ends it at once."""

INTERRUPTED = 130
"""The exit status, as shells know it: 128 and SIGINT."""


def soon_ended() -> None:
    """Have an interrupt end this process soon, from now until its threads have ended."""
    ours, theirs = socket.socketpair()
    theirs.setblocking(False)
    signal.set_wakeup_fd(theirs.fileno(), warn_on_full_buffer=False)
    threading.Thread(target=_end, args=(ours, theirs), daemon=True).start()


def _end(ours: socket.socket, theirs: socket.socket) -> None:
    """Wait for an interrupt, then for the end; ``theirs`` lives as long as this thread."""
    while ours.recv(1)[0] != signal.SIGINT:
        pass
    ours.settimeout(PATIENCE_S)
    with suppress(TimeoutError):
        while ours.recv(1)[0] != signal.SIGINT:
            pass
    if (processes := sys.modules.get("multiprocessing")) is not None:
        for one in processes.active_children():
            one.terminate()
    os._exit(INTERRUPTED)
