"""Draw docs/images/layout.svg: trails of the demo's emoji, drawn each space alone and together."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import emblink
from emblink.comparison import Comparison
from emblink.demo import SPACES
from emblink.projection import joint_layout, pca_projections
from emblink.types import NeighborGraph, Space

TARGET = Path(__file__).parents[1] / "docs" / "images" / "layout.svg"
A, B = "USE names", "EfficientNet images"
METHODS = {
    "alone": "Each space drawn alone, then turned onto the other",
    "joint": "Both drawn together",
}
COLOURS = {"middle": "#c3c7cd", "changed": "#e0772e", "kept": "#1d5fbf"}
"""In the order of drawing: what should lie still is on top."""
WIDTH, HEIGHT, TOP = 600, 600, 84
MARGIN = 16


def alone(space: Space, graph: NeighborGraph) -> NDArray[np.float32]:
    """Draw one space by the same optimiser, knowing nothing of the other."""
    rows = np.arange(len(space.vectors))
    start = pca_projections([space.vectors], [rows], metrics=[space.metric])
    return joint_layout([graph], [rows], len(rows), start=start).pictures[0]


def tenths(kept: NDArray[np.float64]) -> dict[str, NDArray[np.intp]]:
    """Split items into the tenth that kept most of its neighbours, least of them, and the rest."""
    order = np.random.default_rng(0).permutation(len(kept))
    order = order[np.argsort(kept[order], kind="stable")]
    tenth = len(kept) // 10
    return {"middle": order[tenth:-tenth], "changed": order[:tenth], "kept": order[-tenth:]}


def panel(comparison: Comparison, method: str, groups: dict[str, NDArray[np.intp]]) -> str:
    """Return one picture of the moves, by one method, as SVG."""
    a, b = (comparison.projection(name, method=method).coords for name in (A, B))
    moved = comparison.moves(A, B, method=method).displacement
    both = np.concatenate([a, b])
    least, most = both.min(axis=0), both.max(axis=0)
    room = np.array([WIDTH - 2 * MARGIN, HEIGHT - TOP - MARGIN])
    scale = float((room / (most - least)).min()) * np.array([1, -1])
    here, there = ((xy - (least + most) / 2) * scale for xy in (a, b))
    marks = []
    for group, rows in groups.items():
        ways = "".join(
            f"M{x:.1f} {y:.1f}l{dx:.1f} {dy:.1f}"
            for (x, y), (dx, dy) in zip(here[rows], (there - here)[rows], strict=True)
        )
        ends = "".join(f"M{x:.1f} {y:.1f}h0" for x, y in there[rows])
        fine = group == "middle"
        marks += [
            f'<path d="{ways}" stroke="{COLOURS[group]}" stroke-width="{0.5 if fine else 0.8}" '
            f'stroke-opacity="{0.4 if fine else 0.5}"/>',
            f'<path d="{ends}" stroke="{COLOURS[group]}" stroke-width="{2.4 if fine else 4}"/>',
        ]
    calm, wild = (float(np.median(moved[groups[one]])) for one in ("kept", "changed"))
    left = WIDTH * list(METHODS).index(method)
    return (
        f'<g transform="translate({left + WIDTH / 2} {(HEIGHT + TOP - MARGIN) / 2})" fill="none" '
        f'stroke-linecap="round">{"".join(marks)}</g>'
        f'<text x="{left + 24}" y="34" font-size="19" font-weight="600">{METHODS[method]}</text>'
        f'<text x="{left + 24}" y="60" font-size="15">median move, tenth that kept '
        f'<tspan fill="{COLOURS["kept"]}" font-weight="600">most neighbours: {calm:.3f}</tspan>, '
        f'<tspan fill="{COLOURS["changed"]}" font-weight="600">fewest: {wild:.3f}</tspan></text>'
    )


def figure(comparison: Comparison) -> str:
    """Return both pictures side by side as SVG."""
    groups = tenths(comparison.pair(A, B).items["neighborhood_overlap"].astype(np.float64))
    width = WIDTH * len(METHODS)
    panels = "".join(panel(comparison, method, groups) for method in METHODS)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {HEIGHT}" '
        f'width="{width}" height="{HEIGHT}" font-family="Helvetica, Arial, sans-serif" '
        f'fill="#1c1e22"><rect width="100%" height="100%" fill="#fff"/>{panels}'
        f'<path d="M{WIDTH} 20V{HEIGHT - 20}" stroke="#dfe2e6"/></svg>\n'
    )


def main() -> None:
    """Compare the two spaces and write the figure."""
    data = np.load(Path(str(files("emblink.demo") / "emoji.npz")), allow_pickle=False)
    comparison = emblink.compare(
        {name: data[SPACES[name]] for name in (A, B)}, ids=data["ids"], pictures={"alone": alone}
    )
    TARGET.write_text(figure(comparison), encoding="utf-8")
    floor = comparison.pair(A, B).report["moves"]["movement_floor"]
    print(f"95 % of the items lie within {floor:.2f} radii of their place in a second drawing")


if __name__ == "__main__":
    main()
