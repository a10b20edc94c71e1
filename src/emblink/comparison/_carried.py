"""What a comparison becomes elsewhere: a page, served or in a cell, one HTML file, tables."""

from __future__ import annotations

import threading
import webbrowser
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from emblink.bundle import Bundle
from emblink.comparison._anndata import CellsWriter
from emblink.comparison._caller import CallersBundle
from emblink.comparison._queries import query_table
from emblink.comparison._table import Table
from emblink.comparison._tables import Tables
from emblink.export import Choice, Exported, export
from emblink.plot import Plots, still
from emblink.report import findings_as_html
from emblink.server import Server, serve
from emblink.types import SearchesReport

if TYPE_CHECKING:
    from emblink.widget import ComparisonWidget


class Carried:
    """A finished bundle that can be carried elsewhere."""

    path: Path
    _bundle: Bundle
    _given: CallersBundle
    _frames: str | None = None
    """The library of the data frames that were compared."""

    def serve(self, *, port: int = 0, open_browser: bool = True) -> Server:
        """Serve the page on this machine, in the background.

        Parameters
        ----------
        port : int
            0 takes any free port.
        open_browser : bool

        Returns
        -------
        Server
            With its ``url``; ``stop()`` ends it. It ends with the Python process.
        """
        server = serve(self.path, port=port)
        threading.Thread(target=server.run, daemon=True).start()
        if open_browser:
            webbrowser.open(server.launch_url)
        return server

    @property
    def tables(self) -> Tables:
        """Items, labels, pairs, groups and findings as tables for pandas, polars or Arrow."""
        return Tables(self._bundle, self._given, self._frames)

    @cached_property
    def plot(self) -> Plots:
        """Figures: ``pair``, ``trails``, ``map``, ``matrix``, ``labels`` and ``steps``."""
        return Plots(self._bundle)

    @property
    def searches(self) -> SearchesReport | None:
        """What became of searches, of all pairs: ``report()["searches"]``; None without queries."""
        return self._bundle.manifest.report.get("searches")

    def queries(self, a: str, b: str) -> Table:
        """Return a table of the queries of a pair: one row each, in the order given.

        Parameters
        ----------
        a, b : str

        Returns
        -------
        Table
            ``id``, ``text`` and the columns of ``query_items``; ``churn``, ``first_changed`` and
            ``rank_biased_overlap``; with relevance ``ndcg_a``, ``ndcg_b``, the same of ``recall``
            and ``mrr``, ``rank_a`` and ``rank_b`` of the first relevant result, ``lost`` and
            ``gained``; ``results_a`` and ``results_b``, the ids of the items found, by rank, with
            commas between.

        Raises
        ------
        BundleError
            The pair was not compared, or not searched.
        """
        return query_table(self._bundle, a, b)

    @property
    def items(self) -> Table:
        """One row for each item with all that is known of it: ``tables.items``."""
        return self.tables.items

    def to_anndata(self, cells: Any, *, pairs: Sequence[tuple[str, str]] | None = None) -> Any:
        """Write what was found of each cell into AnnData or MuData, in place.

        Parameters
        ----------
        cells : AnnData or MuData
            ``obs_names`` are the ids; cells that were not compared have NaN.
        pairs : sequence of (str, str), optional
            Whose measures go into ``obs``; default all.

        Returns
        -------
        AnnData or MuData
            The same: ``obs["emblink_A_B_MEASURE"]``, and so the class of move and the group;
            ``obsm["X_emblink_SPACE"]``, the aligned pictures; ``uns["emblink"]``, versions,
            parameters, checksums and the report. What an earlier comparison wrote is replaced.

        Raises
        ------
        InputError
            No cell is in the comparison, or something else is given.
        BundleError
            A pair was not compared.
        """
        CellsWriter(self._bundle, self._given).write(cells, pairs)
        return cells

    def to_html(
        self,
        path: str | Path,
        *,
        max_mb: float | None = None,
        text: bool = True,
        images: bool = True,
        columns: Sequence[str] | None = None,
        force: bool = False,
    ) -> Exported:
        """Write the page and its data to one HTML file, which needs no server and no network.

        Where the file would be larger than ``max_mb``, measures are rounded, fewer neighbours are
        stored, pictures are made smaller, and last a random sample of the items is taken, in this
        order; the page says which. Vectors are never in it.

        Parameters
        ----------
        path : str or Path
            Ending in ``.html``; any other name is of a new folder, for a host of files.
        max_mb : float, optional
            Most megabytes of the file, default 25; a folder holds everything.
        text : bool
            Whether free words of the items are in it.
        images : bool
            Whether pictures of the items are in it.
        columns : sequence of str, optional
            The only columns of the items, beside the ids, that are in it.
        force : bool
            Replace a file that Emblink did not write.

        Returns
        -------
        Exported
            With ``path``, ``n_bytes``, ``n_items`` and ``notes``: what it leaves out or rounds.

        Raises
        ------
        InputError
            A column is unknown, or nothing fits into so few bytes.
        BundleError
            There is something else at ``path``.
        """
        choice = Choice(text=text, images=images, columns=columns)
        return export(self._bundle, Path(path), choice=choice, max_mb=max_mb, force=force)

    def widget(self, **state: Any) -> ComparisonWidget:
        """Return the page for a notebook, where what is selected can be read and set.

        Parameters
        ----------
        **state
            What is on screen first: ``a``, ``b`` or ``pair``, ``t``, ``color_by``, ``view``,
            ``theme``, ``height`` and ``selection``.

        Returns
        -------
        ComparisonWidget

        Raises
        ------
        InputError
            anywidget is not installed, or there is no such space or state.
        """
        from emblink import widget

        return widget.ComparisonWidget(self, tables=self.tables, **state)

    def _repr_html_(self) -> str:
        manifest, drawn = self._bundle.manifest, still(self._bundle)
        picture = drawn.svg if drawn is not None else ""
        return findings_as_html(manifest.report, title=manifest.title, still=picture)

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> dict[str, Any] | tuple[dict[str, Any], dict[str, Any]]:
        """Be the page in a notebook; where it cannot run, what stands out, and a picture."""
        from emblink import widget

        plain = {"text/plain": repr(self), "text/html": self._repr_html_()}
        if not widget.there():
            return plain
        shown, about = self._shown._repr_mimebundle_()
        return {**shown, **plain}, about

    @cached_property
    def _shown(self) -> ComparisonWidget:
        return self.widget()
