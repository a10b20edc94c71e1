"""The address that a bundle had last: served again within a day, it is found where it was.

It is kept in the user's own directory of states, never in the bundle, in a file that nobody else
can read.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

KEPT_S = 24 * 3600
"""How long after it last ran."""

_LEAST_TOKEN = 24
_ENDING = ".json"


@dataclass(frozen=True)
class Address:
    """A port of this machine, and what must be known to be let in."""

    port: int
    token: str


def last_address(bundle: Path) -> Address | None:
    """Return the address a bundle had within the last day, or None."""
    file = _file(bundle)
    try:
        with open(file, "rb", opener=_unfollowed) as opened:
            if not _is_private(os.fstat(opened.fileno())):
                return None
            kept = json.loads(opened.read(10_000))
        port, token, at = int(kept["port"]), str(kept["token"]), float(kept["at"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    known = kept["bundle"] == str(bundle.resolve()) and len(token) >= _LEAST_TOKEN
    fresh = 0 <= time.time() - at <= KEPT_S
    return Address(port, token) if known and fresh and 0 < port <= 65535 else None


def keep_address(bundle: Path, address: Address) -> None:
    """Keep an address for a day; where nothing can be kept, nothing is."""
    file = _file(bundle)
    kept = {"bundle": str(bundle.resolve()), "port": address.port, "token": address.token}
    temporary = file.with_name(f"{uuid4().hex}.part")
    with suppress(OSError):
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _forget_old(file.parent)
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
            json.dump({**kept, "at": time.time()}, opened)
        temporary.replace(file)


def _file(bundle: Path) -> Path:
    name = hashlib.sha256(str(bundle.resolve()).encode("utf-8", "surrogateescape")).hexdigest()
    return _folder() / f"{name[:32]}{_ENDING}"


def _folder() -> Path:
    home = os.environ.get("XDG_STATE_HOME", "")
    if not Path(home).is_absolute():  # as its specification has it
        windows = os.environ.get("LOCALAPPDATA") if sys.platform == "win32" else None
        home = windows or str(_home() / ".local" / "state")
    return Path(home) / "emblink" / "addresses"


def _home() -> Path:
    try:
        return Path.home()
    except RuntimeError:  # a user without one, who can keep nothing
        return Path(os.devnull)


def _unfollowed(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0))


def _is_private(found: os.stat_result) -> bool:
    """Say whether a file is the user's own, and nobody else's to read or write."""
    if sys.platform == "win32":  # a profile is its user's alone
        return True
    ours = stat.S_ISREG(found.st_mode) and found.st_uid == os.getuid()
    return ours and not found.st_mode & 0o077


def _forget_old(folder: Path) -> None:
    for file in folder.iterdir():
        if file.suffix in (_ENDING, ".part") and time.time() - file.stat().st_mtime > KEPT_S:
            file.unlink(missing_ok=True)
