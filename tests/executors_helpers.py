"""Jobs for workers of tests."""

from __future__ import annotations

import os
import time
from pathlib import Path


def pid(folder: str) -> int:
    """Return who works."""
    time.sleep(0.05)
    return os.getpid()


def twice(folder: str, number: int) -> int:
    """Do some work."""
    return 2 * number


def die(folder: str) -> None:
    """Be lost, some time after the worker was started: its keeper must know it by then."""
    time.sleep(2)
    os._exit(9)


def die_once(folder: str, number: int) -> int:
    """Be lost, but when asked again."""
    flag = Path(folder) / f"was-here-{number}"
    if not flag.exists():
        flag.touch()
        die(folder)
    return 2 * number


def fail(folder: str) -> None:
    """Do what cannot be done."""
    raise ValueError("seven is not a number of mine")


def read(folder: str) -> bytes:
    """Read what is not there."""
    return (Path(folder) / "values.npy").read_bytes()
