"""The machine and what is installed on it."""

from __future__ import annotations

import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import numpy as np
import threadpoolctl

from emblink._version import VERSION
from emblink.compute import check_products, memory_of_machine, threads
from emblink.doctor._line import Line
from emblink.errors import EmblinkError
from emblink.neighbors import nearest_neighbors
from emblink.page import page_folder

NEEDED = (
    *("numpy", "duckdb", "narwhals", "msgspec", "threadpoolctl"),
    *("starlette", "uvicorn", "h11", "typer", "rich"),
)
_OPTIONAL = (
    *("pyarrow", "pandas", "polars", "anndata", "zarr", "anywidget", "pillow", "matplotlib"),
    *("mcp", "dask", "ray", "torch"),
)
_SPOKEN = (
    *("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "PYTHONOPTIMIZE"),
    *("PYTHONUTF8", "PYTHONIOENCODING", "LANG", "LC_ALL"),
)
_LITTLE_DISK = 1e9
_N, _DIMS, _K = 64, 8, 5


def of_python() -> Line:
    """Say which Python runs which Emblink."""
    how = f"{platform.python_implementation()} {platform.python_version()}"
    optimized = ", -O" if sys.flags.optimize else ""
    return Line("emblink", f"{VERSION}, {how}{optimized}")


def of_machine() -> Line:
    """Say what the machine is."""
    memory = memory_of_machine()
    libc = " ".join(part for part in platform.libc_ver() if part)
    said = (
        f"{platform.system()} {platform.release()} {platform.machine()}",
        *([libc] if libc else []),
        f"{threads()} of {os.cpu_count() or 1} cores",
        f"{memory / 1e9:.1f} GB memory" if memory else "memory unknown",
    )
    return Line("machine", ", ".join(said))


def of_libraries() -> Iterator[Line]:
    """Say which versions are installed of what is needed, and of what is not."""
    needed = {name: _version(name) for name in NEEDED}
    gone = [name for name, version in needed.items() if version is None]
    way = "install Emblink again: pip install --force-reinstall emblink" if gone else ""
    yield Line("needs", _listed(needed), way)
    yield Line("has too", _listed({name: _version(name) for name in _OPTIONAL}, silent=True))


def of_blas() -> Iterator[Line]:
    """Say which libraries multiply matrices, on how many threads."""
    for one in threadpoolctl.threadpool_info():
        said = (one.get("internal_api"), one.get("version"), one.get("architecture"))
        words = " ".join(str(part) for part in said if part)
        yield Line("blas", f"{words}, {one.get('num_threads')} threads")


def of_products() -> Line:
    """Say whether numpy's library multiplies matrices aright."""
    try:
        check_products()
    except EmblinkError as error:
        found, _, way = str(error).partition("; ")
        return Line("products", found, way)
    return Line("products", "numpy multiplies matrices aright")


def of_kernels() -> Line:
    """Say whether the compiled kernels are there and find the neighbours that numpy finds."""
    x = np.random.default_rng(0).standard_normal((_N, _DIMS)).astype(np.float32)
    try:
        found = nearest_neighbors(x, k=_K).indices
    except EmblinkError as error:
        return Line("kernels", str(error), "reinstall Emblink for this machine")
    unit = x / np.linalg.norm(x, axis=1, keepdims=True)
    alike = unit @ unit.T
    np.fill_diagonal(alike, -2.0)
    same = np.array_equal(found, np.argsort(-alike, axis=1, kind="stable")[:, :_K])
    if same:
        return Line("kernels", "loaded, and agree with numpy")
    return Line("kernels", "do not agree with numpy", "reinstall Emblink for this machine, and say")


def of_page() -> Line:
    """Say whether the page was built."""
    try:
        folder = page_folder()
        size = sum(one.stat().st_size for one in folder.rglob("*") if one.is_file())
    except (EmblinkError, OSError) as error:
        return Line("page", str(error), "reinstall Emblink")
    return Line("page", f"built, {size / 1e3:,.0f} kB")


def of_disk() -> Iterator[Line]:
    """Say how much room there is where bundles, temporary files and the demo lie."""
    places = {"here": Path.cwd(), "for temporary files": Path(tempfile.gettempdir())}
    cache = os.environ.get("XDG_CACHE_HOME")
    try:
        places["for the demo"] = Path(cache) if cache else Path.home() / ".cache"
    except RuntimeError:
        yield Line("disk", "no home directory", "set XDG_CACHE_HOME to a folder of yours")
    for name, place in places.items():
        there = next((one for one in (place, *place.parents) if one.exists()), place)
        try:
            free = shutil.disk_usage(there).free
        except OSError as error:
            yield Line(f"disk {name}", str(error), "make the folder readable")
            continue
        ways = [] if os.access(there, os.W_OK) else ["choose a folder that you can write to"]
        ways += ["make room"] if free < _LITTLE_DISK else []
        can = "" if os.access(there, os.W_OK) else ", cannot be written to"
        yield Line(f"disk {name}", f"{free / 1e9:,.1f} GB free{can}", "; ".join(ways))


def of_surroundings() -> Line:
    """Say how words are written, and which settings change what is computed how fast."""
    out = sys.stdout
    encoding = getattr(out, "encoding", None) or "none"
    where = "a terminal" if out is not None and out.isatty() else "no terminal"
    told = [f"{name}={os.environ[name]}" for name in _SPOKEN if name in os.environ]
    return Line("output", ", ".join([f"{encoding}, {where}", *told]))


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _listed(found: dict[str, str | None], *, silent: bool = False) -> str:
    told = [
        f"{name} {version or 'missing'}"
        for name, version in found.items()
        if version is not None or not silent
    ]
    return ", ".join(told) or "nothing more"
