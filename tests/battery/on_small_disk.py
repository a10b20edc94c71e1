"""Commands on a disk of few bytes, in a mount of one's own; prints what happened as JSON.

Run by ``unshare --map-root-user --mount``, in a process of its own, so that nobody else sees it.
"""

from __future__ import annotations

import contextlib
import json
import random
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from emblink.compute import room, within_memory
from tests.torture.made import emblink


class Disk:
    """A file system in memory, whose size can be changed."""

    def __init__(self, place: Path) -> None:
        self.place = place
        place.mkdir(exist_ok=True)
        self._mount("size=64m")

    def _mount(self, options: str) -> None:
        words = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(self.place)]
        subprocess.run(words, check=True)

    def remount(self, options: str) -> None:
        subprocess.run(["mount", "-o", f"remount,{options}", str(self.place)], check=True)

    def renew(self, n_kb: int) -> None:
        subprocess.run(["umount", "--lazy", str(self.place)], check=True)
        self._mount(f"size={n_kb}k")


def full(disk: Disk, inputs: Path, sizes: list[int]) -> list[dict[str, Any]]:
    """Compare onto a disk that is too small, make room, and do the same again."""
    found = []
    for n_kb in sizes:
        disk.renew(n_kb)
        out = disk.place / "b.emblink"
        words = ("compare", inputs / "old.npy", inputs / "new.npy", "-o", out)
        first = emblink(*words)
        disk.remount("size=64m")
        again = emblink(*words)
        same, whole = emblink("report", out, "--json").out, emblink("verify", out).status
        told = {"kb": n_kb, "status": first.status, "err": first.err, "again": again.status}
        found.append({**told, "same": same, "whole": whole})
    return found


def written_beside(disk: Disk, bundle: Path) -> list[dict[str, Any]]:
    """Write every other kind of file onto a disk that is full."""
    found = []
    for words in (
        ("export", bundle, disk.place / "page.html"),
        ("export", bundle, disk.place / "site"),
        ("report", bundle, "--html", disk.place / "r.html"),
        ("gate", bundle, "--junit", disk.place / "j.xml", "--markdown", disk.place / "m.md"),
        ("plot", bundle, "pair", disk.place / "p.svg"),
    ):
        disk.renew(64)
        with (disk.place / "filler").open("wb", buffering=0) as file, contextlib.suppress(OSError):
            while True:
                file.write(bytes(4096))
        ended = emblink(*words)
        left = sorted(one.name for one in disk.place.rglob("*") if one.name != "filler")
        found.append(
            {"words": list(map(str, words)), "status": ended.status, "err": ended.err, "left": left}
        )
    return found


def mapped(disk: Disk) -> str:
    """Ask for an array in a file on a disk that has no room for it."""
    disk.renew(256)
    try:
        with within_memory(8e4, folder=disk.place):
            array = room((200_000,), np.float64)
            array[:] = 1  # without room this ends the process
    except OSError as error:
        return " ".join([str(error), *error.__notes__])
    return "filled"


def read_only(disk: Disk, bundle: Path, inputs: Path) -> list[dict[str, Any]]:
    """Read and write where nothing can be written."""
    disk.renew(65_536)
    held = disk.place / "b.emblink"
    subprocess.run(["cp", "-r", str(bundle), str(held)], check=True)
    disk.remount("ro")
    found = []
    for words in (
        ("report", held),
        ("verify", held),
        ("gate", held),
        ("doctor", held),
        ("compare", inputs / "old.npy", inputs / "new.npy", "-o", held),
        ("compare", inputs / "old.npy", inputs / "new.npy", "-o", disk.place / "c.emblink"),
        ("export", held, disk.place / "x.html"),
        ("report", held, "--html", disk.place / "x.html"),
        ("gate", held, "--junit", disk.place / "j.xml"),
        ("plot", held, "pair", disk.place / "p.svg"),
    ):
        ended = emblink(*words)
        found.append({"words": list(map(str, words)), "status": ended.status, "err": ended.err})
    disk.remount("rw")
    return found


def main() -> None:
    """Do all, and print it."""
    times = int(sys.argv[1])
    rng = np.random.default_rng(0)
    with tempfile.TemporaryDirectory() as held:
        folder = Path(held)
        x = rng.standard_normal((90, 6)).astype("f4")
        np.save(folder / "old.npy", x)
        np.save(folder / "new.npy", x + rng.standard_normal(x.shape).astype("f4") / 9)
        bundle = folder / "b.emblink"
        emblink("compare", folder / "old.npy", folder / "new.npy", "-o", bundle)
        disk = Disk(folder / "disk")
        dice = random.Random(0)
        sizes = [4, 16, 64, *(dice.randrange(8, 700, 4) for _ in range(7 * times))]
        try:
            told = {
                "full": full(disk, folder, sizes),
                "report": emblink("report", bundle, "--json").out,
                "beside": written_beside(disk, bundle),
                "mapped": mapped(disk),
                "read_only": read_only(disk, bundle, folder),
            }
        finally:
            subprocess.run(["umount", "--lazy", str(disk.place)], check=True)
        print(json.dumps(told))


if __name__ == "__main__":
    main()
