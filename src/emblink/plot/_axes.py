"""A sheet on axes of matplotlib: of their size, so that text has the size asked for."""

from __future__ import annotations

from typing import Any

import numpy as np

from emblink.errors import InputError
from emblink.plot._marks import MM_PER_POINT, Box, Dots, Lines, Mark, Path, Sheet, Words


def size_of(ax: Any) -> tuple[float, float]:
    """Return the width and height of axes in millimetres.

    Raises
    ------
    InputError
        It is something else, such as an array of axes.
    """
    if not hasattr(ax, "set_xlim"):
        raise InputError(
            f"ax is a {type(ax).__name__}; expected axes of matplotlib: one of figure.axes"
        )
    box = ax.get_window_extent()
    dpi = ax.figure.dpi
    return float(box.width / dpi * 25.4), float(box.height / dpi * 25.4)


def draw_on(sheet: Sheet, ax: Any) -> None:
    """Draw a sheet on axes, whose own ticks and frame go.

    Parameters
    ----------
    sheet : Sheet
        As large as the axes.
    ax : matplotlib.axes.Axes
    """
    ax.set_xlim(0, sheet.width)
    ax.set_ylim(sheet.height, 0)
    ax.set_axis_off()
    for above, mark in enumerate(sheet.marks):
        _draw(ax, mark, font=sheet.font, above=2 + above)


def _draw(ax: Any, mark: Mark, *, font: str, above: int) -> None:
    match mark:
        case Dots(xy, codes, colors, radius, opacity, ring):
            area = (2 * radius / MM_PER_POINT) ** 2
            edge = {"edgecolors": ring, "linewidths": 0.15 / MM_PER_POINT} if ring else {}
            faces = np.asarray([*colors])[codes]
            style = {"linewidths": 0, **edge, "alpha": opacity, "zorder": above}
            ax.scatter(xy[:, 0], xy[:, 1], s=area, c=faces, **style)
        case Lines(ends, color, width, opacity):
            from matplotlib.collections import LineCollection

            style = {"colors": color, "linewidths": width / MM_PER_POINT, "capstyle": "round"}
            both = ends.reshape(-1, 2, 2)
            ax.add_collection(LineCollection(both, **style, alpha=opacity, zorder=above))
        case Path(xy, color, width):
            ax.plot(xy[:, 0], xy[:, 1], color=color, lw=width / MM_PER_POINT, zorder=above)
        case Box(x, y, width, height, color, edge, opacity):
            from matplotlib.patches import Rectangle

            style = {"facecolor": color, "edgecolor": edge or "none", "linewidth": 0.6}
            box = Rectangle((x, y), width, height, **style, alpha=opacity, zorder=above)
            ax.add_patch(box)
        case Words(x, y, text, size, color, anchor, bold, upward):
            ax.text(
                x,
                y,
                text.replace("$", r"\$"),
                fontsize=size,
                color=color,
                family=font,
                ha={"start": "left", "middle": "center", "end": "right"}[anchor],
                va="baseline",
                weight="bold" if bold else "normal",
                rotation=90 if upward else 0,
                rotation_mode="anchor",
                zorder=above,
            )
