"""What the packages of an environment weigh: ``python scripts/weight.py .venv/bin/python``.

MB are millions of bytes of the files that pip installed; pip and setuptools themselves do not
count. Fails past the bound, and where ``docs/install.md`` says other numbers.
"""

from __future__ import annotations

import json
import platform
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from _fresh import ROOT

BOUND_MB = 250
UNWANTED = {"scipy", "torch", "numba", "llvmlite", "jax", "tensorflow"}
UNCOUNTED = {"pip", "setuptools"}
OTHERS = "all others"
SIZES = """
import json, os
from importlib.metadata import distributions

def size(files):
    paths = {str(file.locate()) for file in files or ()}
    return sum(os.path.getsize(path) for path in paths if os.path.isfile(path))

print(json.dumps({d.metadata["Name"].lower(): size(d.files) / 1e6 for d in distributions()}))
"""


def weigh(python: Path) -> dict[str, float]:
    """Return the MB of each package that an environment holds, the heaviest first."""
    told = subprocess.run([str(python), "-c", SIZES], check=True, capture_output=True, text=True)
    sizes: dict[str, float] = json.loads(told.stdout)
    counted = (item for item in sizes.items() if item[0] not in UNCOUNTED)
    return dict(sorted(counted, key=lambda item: -item[1]))


def table(sizes: Mapping[str, float]) -> str:
    """Return a line for each package, and one for all beside the bound."""
    lines = [f"{name:<24}{mb:8.1f} MB" for name, mb in sizes.items()]
    return "\n".join([*lines, f"{'all':<24}{sum(sizes.values()):8.1f} MB   at most {BOUND_MB} MB"])


def faults(sizes: Mapping[str, float], documented: Mapping[str, float]) -> list[str]:
    """Return what is wrong with the sizes themselves, and with what is said of them."""
    found = []
    if unwanted := sorted(UNWANTED & sizes.keys()):
        found.append(f"a base install brings {', '.join(unwanted)}")
    if (total := sum(sizes.values())) > BOUND_MB:
        largest = ", ".join(f"{name} {mb:.0f}" for name, mb in list(sizes.items())[:5])
        found.append(
            f"a base install weighs {total:.0f} MB; at most {BOUND_MB} are allowed "
            f"(BOUND_MB in scripts/weight.py). The largest: {largest}"
        )
    rest = total - sum(sizes.get(name, 0.0) for name in documented)
    for name, said in documented.items():
        mb = rest if name == OTHERS else sizes.get(name, 0.0)
        if abs(mb - said) > max(1.0, 0.1 * mb):
            found.append(f"docs/install.md says {name} weighs {said:g} MB; it is {mb:.1f}")
    return found


def documented() -> dict[str, float]:
    """Return the MB that the table of ``docs/install.md`` gives for each package."""
    text = (ROOT / "docs" / "install.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([^,(|]+?)(?: ?[,(][^|]*)? \| (\d+) \|$", text, re.MULTILINE)
    return {name: float(mb) for name, mb in rows}


def check(python: Path) -> None:
    """Print what an environment weighs; exit with what is wrong."""
    sizes = weigh(python)
    print(table(sizes))
    measured = (sys.platform, platform.machine()) == ("linux", "x86_64")
    if found := faults(sizes, documented() if measured else {}):
        raise SystemExit("\n".join(found))


if __name__ == "__main__":
    check(Path(sys.argv[1]))
