"""One figure: seen in a notebook, saved as SVG or PNG, or drawn on axes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from emblink.errors import InputError
from emblink.places import put
from emblink.plot._marks import Sheet
from emblink.plot._png import as_png
from emblink.plot._svg import as_svg

DPI = 300.0


class Figure:
    """A drawing of known size, with what it shows in words.

    Parameters
    ----------
    sheet : Sheet
    title, caption : str
    about : mapping
        The version of Emblink, and what the figure was asked for.

    Attributes
    ----------
    title : str
    caption : str
        What is seen, to stand below it; also within the file.
    about : mapping
    """

    def __init__(
        self, sheet: Sheet, *, title: str, caption: str, about: Mapping[str, object]
    ) -> None:
        self._sheet = sheet
        self.title = title
        self.caption = caption
        self.about = dict(about)

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in millimetres."""
        return self._sheet.width, self._sheet.height

    @property
    def sheet(self) -> Sheet:
        """The marks that it is made of."""
        return self._sheet

    @cached_property
    def svg(self) -> str:
        """The figure as an SVG document."""
        told = {"title": self.title, "caption": self.caption}
        return as_svg(self._sheet, about=self.about, **told)

    def png(self, *, dpi: float = DPI) -> bytes:
        """Return the figure as the bytes of a PNG file.

        Parameters
        ----------
        dpi : float

        Returns
        -------
        bytes

        Raises
        ------
        InputError
            Pillow is not installed.
        """
        told = {"title": self.title, "caption": self.caption}
        return as_png(self._sheet, about=self.about, dpi=dpi, **told)

    def data(self, name: str | Path, *, dpi: float = DPI) -> bytes:
        """Return the bytes of a file of that name.

        Parameters
        ----------
        name : str or Path
            Ending in ``.svg`` or ``.png``.
        dpi : float
            Of a PNG.

        Returns
        -------
        bytes

        Raises
        ------
        InputError
            It has another ending, or Pillow is missing.
        """
        ending = Path(name).suffix.lower()
        if ending == ".svg":
            return self.svg.encode()
        if ending == ".png":
            return self.png(dpi=dpi)
        raise InputError(f"{name}: figures are written as .svg or .png; give such a name")

    def save(self, path: str | Path, *, dpi: float = DPI) -> Path:
        """Write the figure to a file, over one of that name.

        Parameters
        ----------
        path : str or Path
            Ending in ``.svg`` or ``.png``.
        dpi : float
            Of a PNG.

        Returns
        -------
        Path

        Raises
        ------
        InputError
            It has another ending, or Pillow is missing.
        BundleError
            The place cannot be written to.
        """
        place = Path(path)
        put(place, self.data(place, dpi=dpi))
        return place

    def _repr_svg_(self) -> str:
        return self.svg

    def __repr__(self) -> str:
        return f"Figure({self.title!r}, {self.size[0]:g} × {self.size[1]:g} mm)"
