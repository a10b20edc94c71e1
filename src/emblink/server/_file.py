"""Some bytes of a file, or words about why they cannot be had."""

from __future__ import annotations

import os
import re
import stat
from email.utils import formatdate
from pathlib import Path
from typing import BinaryIO

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

_CHUNK = 1 << 20


class FileAnswer(Response):
    """A file, or the range of it that was asked for.

    Who has it already is told so, with 304. It is opened, and its first bytes are read, before
    anything is promised; where the rest is cut short meanwhile the connection ends early, which
    the browser notices.

    Parameters
    ----------
    path : Path
    least : int
        Bytes that it has to have.
    request : Request

    Raises
    ------
    OSError
        It is missing, too short, or cannot be read.
    """

    media_type = "application/octet-stream"

    def __init__(self, path: Path, least: int, request: Request) -> None:
        self._file: BinaryIO = os.fdopen(_at_once(path), "rb", buffering=0)
        try:
            self._start(least, request)
        except BaseException:
            self._file.close()
            raise

    def _start(self, least: int, request: Request) -> None:
        found = os.fstat(self._file.fileno())
        if not stat.S_ISREG(found.st_mode):
            raise OSError("it is no file of its own")
        if found.st_size < least:
            raise EOFError(f"it has {found.st_size} bytes where {least} are expected")
        tag = f'"{found.st_mtime_ns:x}-{found.st_size:x}"'
        headers = {
            "accept-ranges": "bytes",
            "last-modified": formatdate(found.st_mtime, usegmt=True),
            "etag": tag,
        }
        if holds(request, tag):
            self._left, self._first = 0, b""
            super().__init__(None, 304, headers)
            return
        wanted = _range(request, found.st_size, {tag, headers["last-modified"]})
        status, (start, end) = (200, (0, found.st_size)) if wanted is None else (206, wanted)
        if start >= end and wanted is not None:
            status, start, end = 416, 0, 0
            headers["content-range"] = f"bytes */{found.st_size}"
        elif wanted is not None:
            headers["content-range"] = f"bytes {start}-{end - 1}/{found.st_size}"
        self._file.seek(start)
        self._left = 0 if request.method == "HEAD" else end - start
        self._first = self._take()
        super().__init__(None, status, {**headers, "content-length": str(end - start)})

    def _take(self) -> bytes:
        """Read what comes next; nothing where all was read.

        Raises
        ------
        EOFError
            The file ends too early.
        """
        taken = self._file.read(min(self._left, _CHUNK))
        if self._left and not taken:
            raise EOFError("it was cut short")
        self._left -= len(taken)
        return taken

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            start = {"status": self.status_code, "headers": self.raw_headers}
            await send({"type": "http.response.start", **start})
            chunk = self._first
            while self._left:
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
                chunk = await run_in_threadpool(self._take)
            await send({"type": "http.response.body", "body": chunk, "more_body": False})
        except (OSError, EOFError):
            return  # what was promised cannot be kept: the connection ends
        finally:
            self._file.close()


def holds(request: Request, tag: str) -> bool:
    """Say whether who asks has that edition already."""
    known = request.headers.get("if-none-match", "")
    return tag in (one.strip().removeprefix("W/") for one in known.split(","))


def _at_once(path: Path) -> int:
    """Open a file and never wait, as a pipe in its place would have all others do, too."""
    flags = (getattr(os, name, 0) for name in ("O_NONBLOCK", "O_NOFOLLOW", "O_BINARY"))
    return os.open(path, os.O_RDONLY | sum(flags))


def _range(request: Request, size: int, current: set[str]) -> tuple[int, int] | None:
    """Return the bytes asked for; None for all, as where the range is none that can be told."""
    asked = re.fullmatch(r"bytes=(\d{0,19})-(\d{0,19})", request.headers.get("range", "").strip())
    if asked is None or not any(asked.groups()):
        return None
    if request.headers.get("if-range", next(iter(current))) not in current:
        return None
    first, last = asked.groups()
    if not first:
        return max(0, size - int(last)), size
    return int(first), min(size, int(last) + 1) if last else size
