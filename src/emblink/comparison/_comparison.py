"""The whole comparison, as a Python user holds it: a finished bundle, read back as nouns."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path

from emblink.ask import (
    DEFAULT,
    Asker,
    SelectionAnswer,
    SimilarGroup,
    findings_of,
    findings_of_all,
    groups_of,
)
from emblink.bundle import Bundle, ByName, strangers
from emblink.comparison._caller import CallersBundle
from emblink.comparison._carried import Carried
from emblink.comparison._projections import Projections
from emblink.comparison._saved import saved_ids
from emblink.errors import BundleError, InputError
from emblink.types import (
    AnyArray,
    ChangeGroup,
    Finding,
    Moves,
    NeighborGraph,
    PairComparison,
    Projection,
    Report,
    Space,
    SpaceSet,
)


class Comparison(Carried):
    """Several spaces, compared.

    Everything is in the caller's order: row ``i`` of ``graphs[name].indices``, of
    ``projections[name].coords`` and of ``spaces[name].vectors`` is the ``i``-th row given for that
    space; row ``i`` of a pair's ``items`` is item ``ids[i]``.

    Attributes
    ----------
    path : Path
        The bundle's directory.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._bundle = Bundle(path)
        self._given = CallersBundle(self._bundle)

    @property
    def space_set(self) -> SpaceSet:
        """The spaces over their union index of items, with the item table."""
        return self._given.space_set

    @property
    def ids(self) -> AnyArray:
        """The union of all spaces' item ids, shape (n_items,)."""
        return self.space_set.ids

    @property
    def spaces(self) -> Mapping[str, Space]:
        """The spaces by name, in order; large vectors are read by way of a temporary file."""
        return self.space_set.spaces

    @property
    def graphs(self) -> Mapping[str, NeighborGraph]:
        """Each space's exact nearest neighbours; equal distances in an order drawn by the ids."""
        return ByName(self._names, self._given.graph)

    @property
    def projections(self) -> Projections:
        """Each space's picture in the aligned layout; they can be realigned, and hold new items."""
        return Projections(self._bundle, self._given)

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The ordered pairs that were compared."""
        return [(pair.a, pair.b) for pair in self._bundle.manifest.pairs]

    def projection(self, name: str, *, method: str = "joint") -> Projection:
        """Return a picture of one space.

        Parameters
        ----------
        name : str
        method : {"joint", "pca"} or a name of ``pictures``

        Returns
        -------
        Projection

        Raises
        ------
        BundleError
            There is no such space or method.
        """
        return self._given.projection(name, method)

    def pair(self, a: str, b: str) -> PairComparison:
        """Return what changed from space ``a`` to space ``b``.

        Parameters
        ----------
        a, b : str

        Returns
        -------
        PairComparison

        Raises
        ------
        BundleError
            The pair was not compared.
        """
        info = self._bundle.pair(a, b)
        report = self._bundle.manifest.report["pairs"][self._bundle.manifest.pairs.index(info)]
        return PairComparison(
            a=a,
            b=b,
            scores=report["scores"],
            items={field.name: self._given.item_values(field) for field in info.fields},
            labels=report["labels"],
            report=report,
        )

    def moves(self, a: str, b: str, *, method: str = "joint") -> Moves:
        """Return how each item that ``a`` and ``b`` have in common moves, and whether it changed.

        Parameters
        ----------
        a, b : str
        method : {"joint", "pca"}

        Returns
        -------
        Moves
            Row ``i`` is item ``ids[rows[i]]``.

        Raises
        ------
        BundleError
            The pair was not compared, or not by items, or there is no such method.
        """
        return self._given.moves(a, b, method=method)

    def ask(
        self,
        a: str,
        b: str,
        *,
        items: object | None = None,
        rows: object | None = None,
        where: Mapping[str, object] | None = None,
        measures: Sequence[str] = DEFAULT,
        k: int = 10,
    ) -> SelectionAnswer:
        """Compare two spaces at some of their items.

        Exactly one of ``items``, ``rows`` and ``where`` says which.

        Parameters
        ----------
        a, b : str
            Any two spaces with items in common, compared before or not.
        items : sequence of ids, optional
        rows : sequence of int, or of bool for all items, optional
            Rows of ``ids``.
        where : mapping of column name to value or list of values, optional
            ``where={"label": "cat"}``: all items that have one of the values in every column.
        measures : sequence of str
            Names of the report's scores, and ``inner_overlap``: neighbours sought among the
            selected items alone. ``neighborhood_overlap``, ``inner_overlap``, ``linear_cka`` and
            ``procrustes_similarity`` by default.
        k : int
            Neighbours compared.

        Returns
        -------
        SelectionAnswer
            A dictionary of ``n``, ``n_outside``, ``scores``, ``purity``, ``sentence`` and
            ``warnings``; with fewer than 4 items in both spaces, no scores.

        Raises
        ------
        InputError
            A space, measure, item, column or value is unknown, or nothing is selected.

        Notes
        -----
        Misleads when items were selected because they changed: see ``emblink.ask``.
        """
        chosen = self._given.chosen(items=items, rows=rows, where=where)
        return self._asker.ask((a, b), chosen, measures=measures, k=k)

    def groups(self, a: str, b: str) -> list[ChangeGroup]:
        """Return the items that changed together from ``a`` to ``b``.

        Parameters
        ----------
        a, b : str

        Returns
        -------
        list of ChangeGroup
            Heaviest first; empty where nothing did beyond noise, or groups were not sought.

        Raises
        ------
        BundleError
            The pair was not compared.
        """
        return [self._given.group(one) for one in groups_of(self._bundle, a, b)]

    def findings(self, a: str | None = None, b: str | None = None) -> list[Finding]:
        """Return what stands out from ``a`` to ``b``, or of all pairs.

        Parameters
        ----------
        a, b : str, optional
            Both, or neither for the comparison as a whole.

        Returns
        -------
        list of Finding
            At most 9: those first that are sure, then by how many items and how far they went.
            Empty where nothing stands out, and in bundles of an older Emblink.

        Raises
        ------
        BundleError
            The pair was not compared.
        InputError
            One space is named, and not the other.
        """
        if (a is None) != (b is None):
            raise InputError("findings() takes both spaces of a pair, or none for all pairs")
        held = self._bundle
        found = findings_of_all(held) if a is None or b is None else findings_of(held, a, b)
        return [self._given.finding(one) for one in found]

    def suggest(
        self,
        a: str,
        b: str,
        *,
        items: object | None = None,
        rows: object | None = None,
        where: Mapping[str, object] | None = None,
    ) -> list[ChangeGroup]:
        """Find change groups among some items alone.

        Exactly one of ``items``, ``rows`` and ``where`` says which, as for :meth:`ask`.

        Parameters
        ----------
        a, b : str
            Any two spaces with items in common, compared before or not.
        items : sequence of ids, optional
        rows : sequence of int, or of bool for all items, optional
        where : mapping of column name to value or list of values, optional

        Returns
        -------
        list of ChangeGroup
            Heaviest first. Residuals are dealt among the selected items alone, so that ``p`` is not
            that of a group of the whole pair.

        Raises
        ------
        InputError
            A space, item, column or value is unknown, or too few items are left.
        """
        chosen = self._given.chosen(items=items, rows=rows, where=where)
        return [self._given.group(one) for one in self._asker.suggest((a, b), chosen).groups]

    def groups_like(
        self,
        *,
        items: object | None = None,
        rows: object | None = None,
        where: Mapping[str, object] | None = None,
    ) -> list[SimilarGroup]:
        """Rank the change groups of all pairs by how much of a selection they share.

        Exactly one of ``items``, ``rows`` and ``where`` says which, as for :meth:`ask`.

        Parameters
        ----------
        items : sequence of ids, optional
        rows : sequence of int, or of bool for all items, optional
        where : mapping of column name to value or list of values, optional

        Returns
        -------
        list of SimilarGroup
            Dictionaries of ``a``, ``b``, ``group`` (its place), ``title``, ``n``, ``n_shared``,
            ``jaccard``, ``expected`` and ``p``: those above chance, most alike first.

        Raises
        ------
        InputError
            An item, column or value is unknown, or nothing is selected.
        """
        chosen = self._given.chosen(items=items, rows=rows, where=where)
        return self._asker.similar(chosen)["groups"]

    @property
    def saved(self) -> dict[str, AnyArray]:
        """Ids of the selections that were saved on the page, by name: ``items=`` of :meth:`ask`."""
        return saved_ids(self.path, self.ids)

    def report(self) -> Report:
        """Return the report as plain data, the same as ``emblink report --json``.

        Returns
        -------
        Report
            ``emblink.report/2``.
        """
        return self._bundle.manifest.report

    def save(self, path: str | Path) -> Comparison:
        """Copy the bundle to a new directory.

        Parameters
        ----------
        path : str or Path
            Must not exist yet.

        Returns
        -------
        Comparison
            The copy.

        Raises
        ------
        BundleError
            The path exists.
        """
        target = Path(path)
        if target.exists():
            raise BundleError(f"{target} exists; give save() the name of a new directory")
        target.absolute().parent.mkdir(parents=True, exist_ok=True)
        unfinished = Path(tempfile.mkdtemp(prefix=".tmp-", dir=target.absolute().parent))
        try:
            shutil.copytree(
                self.path,
                unfinished,
                dirs_exist_ok=True,
                symlinks=True,
                ignore=strangers(self.path),
            )
            unfinished.replace(target)
        except BaseException:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise
        return Comparison(target)

    @cached_property
    def _asker(self) -> Asker:
        return Asker(self._bundle)

    @property
    def _names(self) -> list[str]:
        return [info.name for info in self._bundle.manifest.spaces]

    def __repr__(self) -> str:
        manifest = self._bundle.manifest
        sizes = f"{manifest.n_items:,} items", f"spaces: {', '.join(self._names)}"
        return f"Comparison({'; '.join(sizes)}; {len(manifest.pairs)} pairs; {self.path})"
