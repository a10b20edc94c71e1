"""Say whether the wheels of a folder hold what their tags promise.

The kernels must be of the tag's system and processor, a Linux one must need no C library newer than
the tag's, and the page must be there whole.
"""

from __future__ import annotations

import re
import struct
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

PAGE = ("index.html", "widget.js", "whole.js")
MACHINES = {"x86_64": 62, "aarch64": 183}
"""Of ELF, by the end of a Linux tag."""
MACH = {"x86_64": 0x01000007, "arm64": 0x0100000C}
ID_DYLIB, SIGNATURE = 0x0D, 0x1D
LOADS = (0x0C, 0x80000018, 0x8000001F)
"""Load commands of a Mach-O: its own name, its signature, libraries that it needs."""
PE = 0x8664


def _kernels(wheel: zipfile.ZipFile) -> tuple[str, bytes]:
    found = [name for name in wheel.namelist() if re.match(r"emblink/_kernels\.", name)]
    if len(found) != 1:
        raise ValueError(f"kernels: {found or 'none'}; expected one library")
    return found[0], wheel.read(found[0])


def faults(path: Path) -> Iterator[str]:
    """Yield what a wheel lacks, or has that does not fit its name."""
    tag = path.stem.rsplit("-", 1)[-1]
    with zipfile.ZipFile(path) as wheel:
        missing = {f"emblink/static/{name}" for name in PAGE} - set(wheel.namelist())
        if missing:
            yield f"lacks {', '.join(sorted(missing))}"
        name, library = _kernels(wheel)
    checks = {"manylinux": _elf, "macosx": _mach, "win": _pe}
    yield from next(check for system, check in checks.items() if tag.startswith(system))(
        library, tag
    )
    if b"emblink_" not in library:
        yield f"{name} exports nothing of Emblink"


def _elf(library: bytes, tag: str) -> Iterator[str]:
    machine = struct.unpack_from("<H", library, 18)[0]
    expected = next(code for end, code in MACHINES.items() if tag.endswith(end))
    if library[:4] != b"\x7fELF" or machine != expected:
        yield f"kernels are no ELF of machine {expected}: {library[:4]!r}, {machine}"
    promised = tuple(map(int, re.findall(r"\d+", tag)[:2]))
    needed = {tuple(map(int, one.split(b"."))) for one in re.findall(rb"GLIBC_([\d.]+)", library)}
    for version in sorted(one for one in needed if one > promised):
        yield f"needs glibc {'.'.join(map(str, version))}; the tag promises {promised}"
    if b"libstdc++.so" in library or b"libc++.so" in library:
        yield "needs a C++ library of the machine it runs on"


def _mach(library: bytes, tag: str) -> Iterator[str]:
    magic, cpu = struct.unpack_from("<II", library)
    expected = next(code for end, code in MACH.items() if tag.endswith(end))
    if (magic, cpu) != (0xFEEDFACF, expected):
        yield f"kernels are no Mach-O of {expected:#x}: {magic:#x}, {cpu:#x}"
        return
    commands = [*_load_commands(library)]
    for command, name in commands:
        if command == ID_DYLIB and name.startswith("/"):
            yield f"names the folder it was built in: {name}"
        if command in LOADS and name != "/usr/lib/libSystem.B.dylib":
            yield f"needs {name}, which not every Mac has"
    if tag.endswith("arm64") and SIGNATURE not in {command for command, _ in commands}:
        yield "is not signed, and no Mac with Apple's processor loads it"


def _load_commands(library: bytes) -> Iterator[tuple[int, str]]:
    """Yield the load commands of a Mach-O, with the name that those of libraries hold."""
    at = 32
    for _ in range(struct.unpack_from("<I", library, 16)[0]):
        command, size = struct.unpack_from("<II", library, at)
        name = ""
        if command in (ID_DYLIB, *LOADS):
            start = at + struct.unpack_from("<I", library, at + 8)[0]
            name = library[start : at + size].rstrip(b"\0").decode()
        yield command, name
        at += size


def _pe(library: bytes, tag: str) -> Iterator[str]:
    at = struct.unpack_from("<I", library, 60)[0]
    signature, machine = library[at : at + 4], struct.unpack_from("<H", library, at + 4)[0]
    if (library[:2], signature, machine) != (b"MZ", b"PE\0\0", PE):
        yield f"kernels are no DLL of {PE:#x}: {machine:#x}"
    named = {one.decode().lower() for one in re.findall(rb"[\w.+-]+\.dll", library)}
    for one in sorted(named - {"_kernels.dll"}):
        if not one.startswith(("kernel32", "ucrtbase", "api-ms-win-")):
            yield f"needs {one}, which not every Windows has"


def main(folder: str) -> int:
    """Print what is wrong with each wheel, or what each weighs; return 1 where something is."""
    wheels = sorted(Path(folder).glob("emblink-*.whl"))
    found = [f"{path.name}: {fault}" for path in wheels for fault in faults(path)]
    lines = found or [f"{path.name}  {path.stat().st_size / 1e6:.1f} MB" for path in wheels]
    print(*lines, sep="\n")
    return 1 if found or not wheels else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
