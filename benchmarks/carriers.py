"""What a comparison takes where it is carried: one HTML file, and widgets in a notebook.

Files: the demo, and 100,000 items in three spaces, of random content, which no file compresses
worse than. Widgets, where JupyterLab is installed and there is a Chromium: four of the demo in one
notebook, and one of a million items: bytes sent, memory of kernel and browser, and what the
notebook grew by when it was saved. Limits are those that the documents promise.
"""

from __future__ import annotations

import argparse
import tempfile
from importlib.util import find_spec
from pathlib import Path

from _carriers.grown import grown
from _carriers.notebook import taken

import emblink as eb
from emblink.demo import compare_emoji

DEMO_MB, SHARE_MB, SAVED_MB = 12.0, 25.0, 0.1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the items")
    parser.add_argument("--demo", type=Path, help="the demo's bundle, where it is made already")
    parser.add_argument("--no-notebook", action="store_true", help="files alone")
    options = parser.parse_args()
    of = 10 if options.quick else 1
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        demo = options.demo or compare_emoji(folder / "demo.emblink").path
        print("| File | MB | Items | At most, MB |\n|---|--:|--:|--:|")
        share("the demo", demo, folder / "demo.html", most=DEMO_MB)
        (folder / "wide").mkdir()
        large = grown(folder / "wide", 100_000 // of, n_spaces=3)
        notes = share(f"{100_000 // of:,} × 3", large, folder / "large.html", most=SHARE_MB)
        print("\nIts notice:", *notes, sep="\n- ")
        if options.no_notebook or find_spec("jupyterlab") is None:
            print("\nNo widgets: JupyterLab is not installed, or was not asked for.")
            return
        print("\n| Widgets | sent, MB | kernel, MB | browser, MB | saved, MB | at most, MB |")
        print("|---|--:|--:|--:|--:|--:|")
        widgets("four of the demo", demo, 4, folder)
        (folder / "long").mkdir()
        million = grown(folder / "long", 1_000_000 // of, n_spaces=2, k=30)
        widgets(f"one of {1_000_000 // of:,} items", million, 1, folder)


def share(name: str, bundle: Path, out: Path, *, most: float) -> list[str]:
    """Write one file, print its row, and return what it says of itself."""
    made = eb.open(bundle).to_html(out)
    assert made.n_bytes < most * 1e6, f"{name}: {made.n_bytes / 1e6:.1f} MB"
    print(f"| {name} | {made.n_bytes / 1e6:.1f} | {made.n_items:,} | {most:g} |")
    return [*made.notes]


def widgets(name: str, bundle: Path, n: int, folder: Path) -> None:
    """Show widgets in one notebook, and print their row."""
    with tempfile.TemporaryDirectory(dir=folder) as place:
        found = taken(bundle, n, Path(place))
    assert found.saved < SAVED_MB, f"{name}: the notebook grew by {found.saved:.3f} MB"
    numbers = f"{found.sent:.1f} | {found.kernel:.0f} | {found.browser:.0f} | {found.saved:.3f}"
    print(f"| {name} | {numbers} | {SAVED_MB:g} |")


if __name__ == "__main__":
    main()
