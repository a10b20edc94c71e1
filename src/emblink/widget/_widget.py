"""The page in a cell of a notebook."""

from __future__ import annotations

import math
import weakref
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import anywidget
import numpy as np
import traitlets

from emblink._version import VERSION
from emblink.ask import Chosen
from emblink.bundle import Bundle
from emblink.errors import InputError, offered
from emblink.page import document, page_folder
from emblink.server import unguarded
from emblink.types import AnyArray, Finding, IntArray
from emblink.widget._carrier import Carrier
from emblink.widget._colours import Colours

_HEIGHT = 640
_VIEWS = ("", "side", "morph", "trails", "density")
_THEMES = ("auto", "light", "dark")
STATE = ("a", "b", "pair", "t", "color_by", "view", "theme", "height", "selection")
"""What a widget can begin with."""


class ComparisonWidget(anywidget.AnyWidget):
    """The page of a comparison in a notebook; what is seen and selected can be read and set.

    Parameters
    ----------
    comparison : Comparison, or path of a bundle
    tables : Tables, optional
        Of the comparison; gives ``rows``.
    **state
        ``a``, ``b`` or ``pair``, ``t``, ``color_by``, ``view``, ``theme``, ``height`` and
        ``selection`` to begin with.

    Attributes
    ----------
    a, b : str
        Names of the two spaces on screen.
    t : float
        The moment between them, in [0, 1].
    color_by : str
        What the points are coloured by: the name or title of a column or of a measure of the pair,
        ``"move"``, ``"displacement"``, ``"group"``, or ``"a:…"`` and ``"b:…"`` of a measure of one
        space. Empty is the page's usual choice.
    view : {"", "side", "morph", "trails", "density"}
        Empty leaves it to the room there is.
    theme : {"auto", "light", "dark"}
    n_selected : int
        Told, not set.
    height : int
        Of the cell, in pixels.
    selection : array of ids
        The selected items, in the order of ``comparison.ids``. Can be set to ids, to a mask of
        all items, or to a ``Selection`` such as a finding or a group; can be observed.
    hovered : id or None
        The item under the pointer, once ``tell_hover`` was called; set, it is marked in the page.

    Notes
    -----
    State is small. Columns go from the kernel to the page when they are asked for, in pieces of at
    most 4 MB, and nothing of them is saved into the notebook.
    """

    _esm = (page_folder() / "widget.js").read_text(encoding="utf-8")

    a = traitlets.Unicode().tag(sync=True)
    b = traitlets.Unicode().tag(sync=True)
    t = traitlets.Float(0.0).tag(sync=True)
    colour = traitlets.Unicode().tag(sync=True)
    """The page's own key of ``color_by``."""
    color_by = traitlets.Unicode()
    view = traitlets.Enum(_VIEWS, default_value="").tag(sync=True)
    theme = traitlets.Enum(_THEMES, default_value="auto").tag(sync=True)
    n_selected = traitlets.Int(0).tag(sync=True)
    height = traitlets.Int(_HEIGHT, min=200).tag(sync=True)
    selection = traitlets.Any()
    hovered = traitlets.Any(None, allow_none=True)

    def __init__(self, comparison: Any, *, tables: Any = None, **state: Any) -> None:
        usable = {*STATE, *anywidget.AnyWidget.class_trait_names()}
        for one in state:
            if one not in usable:
                raise InputError(f"a widget has no {one!r} to begin with; {offered(one, STATE)}")
        self._of = comparison
        self._tables = tables
        bundle = Bundle(Path(getattr(comparison, "path", comparison)))
        self._names = [space.name for space in bundle.manifest.spaces]
        self._title = bundle.manifest.title
        self._rows = Chosen(bundle)
        self._colours = Colours(bundle.manifest)
        self._found = {
            (pair["a"], pair["b"]): [dict(one)["title"] for one in pair.get("findings", [])]
            for pair in bundle.manifest.report["pairs"]
        }
        self._chosen: IntArray = np.empty(0, dtype=np.int64)
        self._from_page = ""
        self._open = self._tells = self._hovering = False
        self._waiting: list[dict[str, Any]] = []
        first = bundle.manifest.pairs[0] if bundle.manifest.pairs else None
        usual = (first.a, first.b) if first else (self._names[0], self._names[-1])
        pair = _two(state.pop("pair", usual))
        super().__init__(**{"a": pair[0], "b": pair[1], "selection": [], **state})
        # Held weakly, so that a widget that nobody holds any more is let go.
        me = weakref.ref(self)

        def send(content: dict[str, Any], buffers: list[bytes]) -> None:
            widget = me()
            if widget is not None:
                widget.send(content, buffers)

        self._carrier = Carrier(unguarded(bundle.path), self._document, send)
        self.on_msg(ComparisonWidget._heard)

    @property
    def pair(self) -> tuple[str, str]:
        """The two spaces on screen; can be set."""
        return self.a, self.b

    @pair.setter
    def pair(self, pair: Sequence[str]) -> None:
        a, b = map(self._known_space, _two(pair))
        with self.hold_sync(), self.hold_trait_notifications():
            self.a, self.b = a, b

    @property
    def mask(self) -> AnyArray:
        """Which of ``comparison.ids`` are selected, as booleans."""
        return self._rows.mask(self._chosen)

    @property
    def rows(self) -> Any:
        """The selected items with all that is known of them, as the kind of frame that came in.

        Raises
        ------
        InputError
            The widget was made of a path: ``comparison.widget()`` has them.
        """
        if self._tables is None:
            raise InputError("rows are had of comparison.widget(); this widget was made of a path")
        return self._tables.items.rows(self.mask).native()

    @property
    def saved(self) -> dict[str, AnyArray]:
        """Ids of the selections that were saved on the page, by name: each can be selected.

        Raises
        ------
        InputError
            The widget was made of a path.
        """
        if self._tables is None:
            raise InputError("saved selections are had of comparison.widget(); this is of a path")
        saved: dict[str, AnyArray] = self._of.saved
        return saved

    def known(self, ids: AnyArray) -> AnyArray:
        """Return those of some ids that this comparison has.

        Parameters
        ----------
        ids : array of shape (n,)

        Returns
        -------
        array of shape (n_known,)
        """
        return self._rows.known(ids)

    def column(self, name: str) -> AnyArray:
        """Return a column of ``comparison.items``.

        Parameters
        ----------
        name : str

        Returns
        -------
        array of shape (n_items,)

        Raises
        ------
        InputError
            There is none of that name, or the widget was made of a path.
        """
        columns = {} if self._tables is None else self._tables.items
        if name not in columns:
            raise InputError(f"there is no column {name!r}; {offered(name, [*columns])}")
        values: AnyArray = columns[name]
        return values

    def play(self, finding: Finding) -> None:
        """Show how the items of a finding go from one space to the other, and select them.

        Parameters
        ----------
        finding : Finding
            One of ``comparison.findings()``.

        Raises
        ------
        InputError
            It is no finding, or one of another comparison.
        """
        if not all(hasattr(finding, name) for name in ("a", "b", "report")):
            raise InputError(
                f"play shows a finding, such as comparison.findings()[0]; a "
                f"{type(finding).__name__} is none"
            )
        title = finding.report["title"]
        if title not in self._found.get((finding.a, finding.b), ()):
            raise InputError(
                f"{title!r}, {finding.a} → {finding.b}, is no finding of this comparison; take one "
                "of its findings()"
            )
        content = {"do": "play", "a": finding.a, "b": finding.b, "title": title}
        if self._open:
            self.send(content)
        else:  # the page is not there yet
            self._waiting.append(content)

    def tell_hover(self) -> None:
        """Have the page tell which item the pointer is on: ``hovered`` can then be observed."""
        self._tells = True
        self.send({"do": "hovers"})

    @traitlets.observe("hovered")
    def _point(self, change: Any) -> None:
        if not self._hovering:
            self.send({"do": "point", "row": self._rows.row_of(change["new"])})

    @traitlets.validate("a", "b")
    def _a_space(self, proposal: Any) -> str:
        return self._known_space(proposal["value"])

    def _known_space(self, name: str) -> str:
        if name not in self._names:
            raise InputError(f"there is no space {name!r}; {offered(name, self._names)}")
        return name

    @traitlets.validate("color_by")
    def _a_colour(self, proposal: Any) -> str:
        wished: str = proposal["value"]
        if wished in ("", self.colour):
            return wished
        return self._colours.name(self._colours.key(wished, self.a, self.b), self.a, self.b)

    @traitlets.observe("color_by")
    def _show_colour(self, change: Any) -> None:
        wished = change["new"]
        if wished not in ("", self.colour):
            wished = self._colours.key(wished, self.a, self.b)
        self.colour = wished

    @traitlets.observe("colour")
    def _hear_colour(self, change: Any) -> None:
        self.color_by = self._colours.name(change["new"], self.a, self.b)

    @traitlets.validate("n_selected")
    def _a_count(self, proposal: Any) -> int:
        if proposal["value"] != len(self._chosen):
            raise InputError("n_selected is told by the page; set selection")
        return len(self._chosen)

    @traitlets.validate("hovered")
    def _an_item(self, proposal: Any) -> object:
        known = proposal["value"]
        if known is not None and self._rows.row_of(known) < 0:
            raise InputError(f"hovered is {known!r}, which is the id of no item of this comparison")
        return known

    @traitlets.validate("t")
    def _a_moment(self, proposal: Any) -> float:
        moment = float(proposal["value"])
        if math.isnan(moment):
            raise InputError("t is nan; expected a moment from 0 (a) to 1 (b)")
        return min(max(moment, 0.0), 1.0)

    @traitlets.validate("selection")
    def _a_selection(self, proposal: Any) -> AnyArray:
        self._chosen = self._rows.stored(proposal["value"])
        return self._rows.ids(self._chosen)

    @traitlets.observe("selection")
    def _show_selection(self, change: Any) -> None:
        if change["new"] is None:  # which traitlets lets by
            self.selection = []
            return
        self.n_selected = len(self._chosen)
        self._send_selection()

    def _send_selection(self) -> None:
        content = {"do": "select", "from": self._from_page}
        self.send(content, [self._chosen.astype("<i4").tobytes()])

    def _heard(self, content: dict[str, Any], buffers: Sequence[Any]) -> None:
        if content.get("do") == "selected" and buffers:
            self._from_page = str(content.get("from", ""))
            try:
                self.selection = self._rows.mask(self._rows.of_page(buffers[0]))
            finally:
                self._from_page = ""
        elif content.get("do") == "hovered":
            self._hovering = True
            try:
                self.hovered = self._rows.id_of(int(content.get("row", -1)))
            finally:
                self._hovering = False
        elif "hello" in content:
            self._open = True
            if self._tells:
                self.send({"do": "hovers"})
            if len(self._chosen):
                self._send_selection()
            for waiting in self._waiting:
                self.send(waiting)
            self._waiting.clear()
        elif "id" in content:
            self._carrier.answer(content, buffers)

    def _document(self) -> str:
        return document(title=f"{self._title} · Emblink", carrier="widget", version=VERSION)


def _two(pair: Any) -> tuple[str, str]:
    """Return the names of two spaces."""
    if isinstance(pair, str) or not isinstance(pair, Sequence) or len(pair) != 2:
        raise InputError(f"the pair is {pair!r}; expected the names of two spaces, (a, b)")
    return pair[0], pair[1]
