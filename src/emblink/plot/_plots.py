"""The figures of a comparison, one method each."""

from __future__ import annotations

from typing import Unpack

from emblink.ask import Chosen
from emblink.bundle import Bundle
from emblink.errors import InputError, as_whole
from emblink.plot._budget import budget_of
from emblink.plot._figure import Figure
from emblink.plot._labels import LABELS, labels_figure
from emblink.plot._map import map_figure
from emblink.plot._matrix import matrix_figure
from emblink.plot._pair import MOST, pair_figure
from emblink.plot._steps import LABELS as STEP_LABELS
from emblink.plot._steps import steps_figure
from emblink.plot._style import StyleOptions, style_of
from emblink.plot._trails import TRAILS, trails_figure
from emblink.types import BudgetReport, IntArray, Selection

KINDS = ("pair", "trails", "map", "matrix", "labels", "steps", "budget")
"""The figures there are."""


def budget_figure(found: BudgetReport, **style: Unpack[StyleOptions]) -> Figure:
    """Draw what each setting of a budget keeps, by its size.

    Parameters
    ----------
    found : BudgetReport
    **style
        As of all figures.

    Returns
    -------
    Figure
    """
    return budget_of(found, style_of(style, width=120))


class Plots:
    """Figures for papers and slides, of what is stored: nothing is computed.

    Every figure takes ``width``, ``height`` (mm), ``text`` (points), ``font`` (``"sans-serif"``,
    ``"serif"``, ``"monospace"``), and ``ax``: axes of matplotlib to be drawn on.

    Parameters
    ----------
    bundle : Bundle
    """

    def __init__(self, bundle: Bundle) -> None:
        self._bundle = bundle
        self._chosen = Chosen(bundle)

    def pair(
        self,
        a: str | None = None,
        b: str | None = None,
        *,
        color: str | None = None,
        highlight: object | None = None,
        method: str | None = None,
        most: int = MOST,
        **style: Unpack[StyleOptions],
    ) -> Figure:
        """Draw the pictures of two spaces side by side, in one frame.

        Parameters
        ----------
        a, b : str, optional
            Default: the first pair compared.
        color : str, optional
            A column of the items, a measure of the pair, or ``"move"``; default the label.
        highlight : Selection, ids, or mask, optional
            Items that stand out of the others: a finding, a group, ``widget.selection``.
        method : str, optional
            Of the pictures: ``"joint"``, ``"pca"``, or a name of ``pictures``.
        most : int
            Items drawn: of more a random sample, which the caption says.
        **style
            As of all figures.

        Returns
        -------
        Figure

        Raises
        ------
        InputError
            There is nothing to colour by of that name, or no such item.
        BundleError
            There is no such space or method.
        """
        told = style_of(style, width=150)
        most = as_whole(most, "most", least=1)
        return pair_figure(
            self._bundle,
            self._pair(a, b),
            told,
            color=color,
            highlight=self._meant(highlight),
            method=method,
            most=most,
        )

    def trails(
        self,
        a: str | None = None,
        b: str | None = None,
        *,
        highlight: object | None = None,
        method: str | None = None,
        trails: int = TRAILS,
        **style: Unpack[StyleOptions],
    ) -> Figure:
        """Draw the ways of items from the picture of one space to that of the other.

        Parameters
        ----------
        a, b : str, optional
            A compared pair; default the first.
        highlight : Selection, ids, or mask, optional
            Whose ways are drawn; default those that changed and moved.
        method : str, optional
        trails : int
            Most ways; the longest of more.
        **style
            As of all figures.

        Returns
        -------
        Figure

        Raises
        ------
        InputError
            The spaces have no items in common.
        BundleError
            The pair was not compared.
        """
        told = style_of(style, width=110)
        pair, meant = self._pair(a, b), self._meant(highlight)
        return trails_figure(
            self._bundle, pair, told, highlight=meant, method=method, trails=trails
        )

    def map(self, **style: Unpack[StyleOptions]) -> Figure:
        """Draw the map of spaces.

        Parameters
        ----------
        **style
            As of all figures.

        Returns
        -------
        Figure

        Raises
        ------
        InputError
            There are fewer than three spaces, or not every two were compared.
        """
        return map_figure(self._bundle, style_of(style, width=100))

    def matrix(self, measure: str | None = None, **style: Unpack[StyleOptions]) -> Figure:
        """Draw a score of every pair.

        Parameters
        ----------
        measure : str, optional
            A score of the report that is an agreement; default the overlap above chance (kappa).
        **style
            As of all figures.

        Returns
        -------
        Figure

        Raises
        ------
        InputError
            There is no such score.
        """
        return matrix_figure(self._bundle, style_of(style, width=100), measure=measure)

    def labels(
        self,
        a: str | None = None,
        b: str | None = None,
        *,
        most: int = LABELS,
        **style: Unpack[StyleOptions],
    ) -> Figure:
        """Draw how pure each label is in both spaces of a pair.

        Parameters
        ----------
        a, b : str, optional
            A compared pair; default the first.
        most : int
            Labels drawn; of more those that changed most.
        **style
            As of all figures.

        Returns
        -------
        Figure

        Raises
        ------
        InputError
            Items have no labels.
        BundleError
            The pair was not compared.
        """
        told = style_of(style, width=120)
        most = as_whole(most, "most", least=1)
        return labels_figure(self._bundle, self._pair(a, b), told, most=most)

    def steps(self, *, most: int = STEP_LABELS, **style: Unpack[StyleOptions]) -> Figure:
        """Draw how much each step of a sequence of spaces changed.

        Parameters
        ----------
        most : int
            Labels drawn beside, at most 8; those that changed most.
        **style
            As of all figures.

        Returns
        -------
        Figure

        Raises
        ------
        InputError
            The spaces are no sequence: not each was compared with the next.
        """
        told = style_of(style, width=120)
        most = as_whole(most, "most", least=0)
        return steps_figure(self._bundle, told, most=most)

    def budget(self, **style: Unpack[StyleOptions]) -> Figure:
        """Draw what each setting of a budget keeps, by its size.

        Parameters
        ----------
        **style
            As of all figures.

        Returns
        -------
        Figure

        Raises
        ------
        InputError
            The comparison is of no budget.
        """
        report = self._bundle.manifest.report
        if "budget" not in report:
            raise InputError("this is no budget; `emblink budget FILE -o OUT` makes one")
        return budget_figure(report["budget"], **style)

    def _pair(self, a: str | None, b: str | None) -> tuple[str, str]:
        if (a is None) != (b is None):
            raise InputError("name both spaces of a pair, or none for the first pair")
        if a is not None and b is not None:
            return a, b
        manifest = self._bundle.manifest
        if manifest.pairs:
            return manifest.pairs[0].a, manifest.pairs[0].b
        raise InputError("no pair was compared; give two spaces or more")

    def _meant(self, highlight: object | None) -> tuple[IntArray, str] | None:
        if highlight is None:
            return None
        name = highlight.name if isinstance(highlight, Selection) else "selected"
        return self._chosen.stored(highlight), name
