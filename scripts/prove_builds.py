"""Prove that the wheel builds on four kinds of machine, and that no wheel comes out half made.

With and without a C++ compiler, with and without Node: each wheel is built from a copy of this
checkout with the tools hidden from PATH, installed into a fresh virtual environment, and tried.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from _fresh import ROOT, copy_checkout, new_venv, pip

COMPILERS = ("c++", "g++", "gcc", "cc", "clang", "clang++", "zig")
NODES = ("node", "nodejs", "npm", "npx")
TRIAL = """
import numpy
from importlib.resources import files
from emblink import kernels
print(kernels.library()._name)
page = files("emblink") / "static"
assert (page / "index.html").is_file()
assert "export" in (page / "widget.js").read_text()
"""


def machine(scratch: Path, hidden: tuple[str, ...]) -> dict[str, str]:
    """Return an environment whose PATH has every program of this machine but the hidden ones."""
    shims = Path(tempfile.mkdtemp(dir=scratch))
    for folder in os.environ["PATH"].split(os.pathsep):
        for program in Path(folder).iterdir() if Path(folder).is_dir() else ():
            shim = shims / program.name
            tool = program.name.split("-")[-1] if "-linux-" in program.name else program.name
            if tool.rstrip("0123456789.-") not in hidden and not shim.is_symlink():
                shim.symlink_to(program)
    for name in hidden:
        if shutil.which(name, path=str(shims)):
            raise SystemExit(f"{name} could not be hidden; this proof would prove nothing")
    return {**os.environ, "PATH": str(shims)}


@contextmanager
def workplace() -> Iterator[tuple[Path, Path, Path]]:
    """Yield a scratch folder, a copy of the checkout in it, and an empty folder for wheels."""
    with tempfile.TemporaryDirectory(prefix="emblink-builds-") as name:
        scratch = Path(name)
        (scratch / "wheels").mkdir()
        yield scratch, copy_checkout(scratch / "source"), scratch / "wheels"


def prove(compiler: str, node: str) -> str:
    """Build, install and try one wheel; return a line of the table."""
    hidden = (*(COMPILERS if compiler == "zig" else ()), *(NODES if node == "wheel" else ()))
    with workplace() as (scratch, source, wheels):
        env = machine(scratch, hidden)
        env.pop("CXX", None)
        programs = new_venv(scratch)
        start = time.perf_counter()
        built = pip(programs, "wheel", "--no-deps", "-w", str(wheels), str(source), env=env)
        seconds = time.perf_counter() - start
        if built.returncode:
            raise SystemExit(f"{compiler} and {node}: no wheel\n{built.stdout}{built.stderr}")
        (wheel,) = wheels.glob("*.whl")
        installed = pip(programs, "install", str(wheel), env=env)
        if installed.returncode:
            raise SystemExit(f"{wheel.name} does not install\n{installed.stderr}")
        trial = [str(programs / "python"), "-c", TRIAL]
        subprocess.run(trial, env=env, cwd=scratch, check=True, stdout=subprocess.DEVNULL)
        size = wheel.stat().st_size / 1e6
        return f"{compiler:<9}{node:<8}{seconds:6.0f} s {size:6.1f} MB   {wheel.name}"


def refuse(what: str, spoil: Callable[[Path], None], expected: str, hidden: tuple[str, ...]) -> str:
    """Spoil a copy of the checkout and prove that no wheel comes out, and why is said."""
    with workplace() as (scratch, source, wheels):
        spoil(source)
        env = machine(scratch, hidden)
        env.pop("CXX", None)
        programs = new_venv(scratch)
        if pip(programs, "install", "hatchling", "editables", env=env).returncode:
            raise SystemExit("hatchling could not be installed")
        # Without isolation pip brings neither zig nor Node.
        built = pip(
            programs, "wheel", "--no-build-isolation", "--no-deps", "-w", str(wheels), str(source),
            env=env,
        )  # fmt: skip
        if built.returncode == 0 or list(wheels.iterdir()):
            raise SystemExit(f"{what}: a wheel came out")
        if expected not in built.stdout + built.stderr:
            raise SystemExit(f"{what}: {expected!r} is not in\n{built.stdout}{built.stderr}")
        return f"{what:<24}no wheel: “{expected} …”"


def append(name: str, text: str) -> Callable[[Path], None]:
    """Return a spoiler that adds text to a file."""

    def spoil(source: Path) -> None:
        with (source / name).open("a", encoding="utf-8") as file:
            file.write(text)

    return spoil


def main() -> None:
    """Print the table of wheels, then the refusals."""
    print("compiler node     build     wheel", flush=True)
    for compiler in ("system", "zig"):
        for node in ("system", "wheel"):
            print(prove(compiler, node), flush=True)
    kernel = next((ROOT / "src" / "kernels").glob("*.cpp")).relative_to(ROOT).as_posix()
    for case in (
        ("no compiler", lambda source: None, "no C++ compiler", COMPILERS),
        ("no Node", lambda source: None, "no Node", NODES),
        ("a kernel with an error", append(kernel, "\nnonsense\n"), "nonsense", ()),
        ("a page with an error", append("frontend/src/entry/app.ts", "\n}{"), "app.ts", ()),
    ):
        print(refuse(*case), flush=True)


if __name__ == "__main__":
    main()
