"""A server that runs while a test looks at it."""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from emblink.live import Live
from emblink.server import Server, serve


@contextmanager
def running(source: Path | Live) -> Iterator[Server]:
    """Serve in the background; at the end the server must have stopped."""
    server = serve(source)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield server
    finally:
        server.stop()
        thread.join(timeout=20)
    assert not thread.is_alive()


def origin_of(url: str) -> str:
    """Return the origin of a page."""
    where = urlsplit(url)
    return f"{where.scheme}://{where.netloc}"


def answered(browser: subprocess.Popen[str], act: str) -> Any:
    """Tell a browser's script what to do, nothing where it speaks first; return its answer."""
    assert browser.stdin is not None
    assert browser.stdout is not None
    if act:
        print(act, file=browser.stdin, flush=True)
    return json.loads(browser.stdout.readline())
