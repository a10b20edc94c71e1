"""A finished bundle, read back as nouns: rows in stored order, however they were given."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np

from emblink.bundle._arrays import check_sum, map_array
from emblink.bundle._by_name import ByName
from emblink.bundle._files import DamageError, check_length, column_file
from emblink.bundle._manifest import read_manifest, stored_array
from emblink.bundle._store import unreadable
from emblink.bundle.schema import (
    CategoryField,
    Domain,
    Field,
    Manifest,
    NumberField,
    PairInfo,
    SpaceInfo,
    StoredArray,
    TextField,
    Words,
)
from emblink.errors import BundleError
from emblink.types import (
    MOVE_CLASSES,
    AnyArray,
    IntArray,
    MoveCounts,
    Moves,
    NeighborGraph,
    Projection,
    Role,
    Space,
    SpaceSet,
)
from emblink.words import WORDS, unpack

TRUST = "trustworthiness", "continuity", "false_neighbors", "missing_neighbors"


class Bundle:
    """Columns of a finished bundle.

    Parameters
    ----------
    path : Path
    before : Bundle, optional
        The same one as it was: files that it has looked at are not looked at again.
    manifest : Manifest, optional
        What has just been published there; read without.

    Raises
    ------
    BundleError
        There is no finished bundle at ``path``, it is newer than this Emblink, or a file of it is
        missing or of another length.
    """

    def __init__(
        self, path: Path, *, before: Bundle | None = None, manifest: Manifest | None = None
    ) -> None:
        self.path = path
        self.manifest = read_manifest(path) if manifest is None else manifest
        self._stored: dict[str, StoredArray] = {}
        self._vectors: dict[str, AnyArray] = {}
        try:
            for name, column in self.manifest.columns.items():
                if before is not None and before.manifest.columns.get(name) == column:
                    self._stored[name] = before._stored[name]
                else:
                    self._stored[name] = stored_array(column)
                    check_length(column_file(path, column.path), self._stored[name].bytes)
        except DamageError as damage:
            raise unreadable(damage) from damage

    @property
    def lengths(self) -> dict[str, int]:
        """Bytes of each column's file, by its path."""
        held = self.manifest.columns
        return {held[name].path: stored.bytes for name, stored in self._stored.items()}

    def array(self, name: str) -> AnyArray:
        """Return a column as it is stored, as a memory map.

        Parameters
        ----------
        name : str

        Returns
        -------
        array
        """
        if name not in self._stored:
            raise BundleError(f"{self.path} has no column {name!r}; compare again")
        try:
            file = column_file(self.path, self.manifest.columns[name].path)
            return map_array(file, self._stored[name])
        except DamageError as damage:
            raise unreadable(damage) from damage

    def check(self, name: str) -> None:
        """Read a whole column, and look whether it is what was written.

        Parameters
        ----------
        name : str

        Raises
        ------
        BundleError
            It is not; a column from before checksums is not known.
        """
        stored = self._stored[name]
        if stored.crc32:
            try:
                check_sum(column_file(self.path, self.manifest.columns[name].path), stored)
            except DamageError as damage:
                raise unreadable(damage) from damage

    def vectors(self, name: str) -> AnyArray:
        """Return the vectors of a space.

        Parameters
        ----------
        name : str

        Returns
        -------
        array of shape (n_space_items, n_dims)
            A memory map, or a small array.
        """
        if name not in self._vectors:
            self._vectors[name] = self.array(self._info(name).vectors)
        return self._vectors[name]

    def order(self, over: str) -> IntArray:
        """Return the caller's row of each row of a domain.

        Parameters
        ----------
        over : str

        Returns
        -------
        array of shape (n,), int64
        """
        domain = self._domain(over)
        order = self._rows(domain.position, domain.n).astype(np.int64)
        met = np.zeros(domain.n, bool)
        met[order] = True
        if not met.all():
            raise self._damaged(domain.position, "names a row twice")
        return order

    def item_rows(self, over: str) -> IntArray:
        """Return the item that each row of a domain is.

        Parameters
        ----------
        over : str

        Returns
        -------
        array of shape (n,), int64
            Ascending.
        """
        domain = self._domain(over)
        if domain.rows is None:
            return np.arange(domain.n)
        return self._rows(domain.rows, self.manifest.n_items).astype(np.int64)

    def space_set(self) -> SpaceSet:
        """Return the spaces over their union index.

        Returns
        -------
        SpaceSet
            Each space is read when asked for.
        """
        manifest = self.manifest
        over = {info.name: info.over for info in manifest.spaces}
        columns = {field.name: self._field(field) for field in manifest.fields}
        ids = columns.pop(manifest.roles.id)
        if ids.dtype.kind not in "iu":
            ids = np.array(ids.tolist(), dtype=np.str_)
        named: dict[Role, str | None] = {
            "text": manifest.roles.text,
            "label": manifest.roles.label,
            "thumbnail": manifest.roles.thumbnail,
        }
        rows = ByName([*over], cache(lambda name: self.item_rows(over[name])))
        return SpaceSet(
            spaces=ByName([*rows], cache(lambda name: self._space(name, ids[rows[name]]))),
            ids=ids,
            rows=rows,
            items=columns,
            roles={role: name for role, name in named.items() if name is not None},
            notes=tuple(manifest.report["notes"]),
            replicates=self.replicates(),
        )

    def graph(self, name: str) -> NeighborGraph:
        """Return the neighbours of a space.

        Parameters
        ----------
        name : str

        Returns
        -------
        NeighborGraph
        """
        info = self._info(name)
        return NeighborGraph(
            indices=self._rows(info.neighbors, info.n_items),
            distances=self.array(info.distances),
            metric=info.metric,
            recall=info.recall,
        )

    def is_approximate(self, name: str) -> bool:
        """Whether the neighbours of a space are nearly all, and not all.

        Parameters
        ----------
        name : str

        Returns
        -------
        bool
        """
        method = self.manifest.report.get("method")
        return method is not None and name in method["graphs"]

    def projection(self, name: str, method: str | None = None) -> Projection:
        """Return a 2-D picture of a space.

        Parameters
        ----------
        name : str
        method : str, optional
            Default: the first one stored.

        Returns
        -------
        Projection
        """
        info = self._info(name)
        methods = {one.method: one for one in info.projections}
        if method is not None and method not in methods:
            raise BundleError(f"space {name!r} has no projection {method!r}; it has {[*methods]}")
        one = methods[method] if method else info.projections[0]
        measures = {field.name: field.values for field in info.fields}
        trust = {what: self.array(measures[f"{what}_{one.method}"]) for what in TRUST}
        return Projection(
            coords=self.array(one.coords),
            method=one.method,
            seed=self.manifest.seed,
            params=one.params,
            **trust,
        )

    def pair(self, a: str, b: str) -> PairInfo:
        """Return what is stored of a pair.

        Parameters
        ----------
        a, b : str

        Returns
        -------
        PairInfo

        Raises
        ------
        BundleError
            The pair was not compared.
        """
        for pair in self.manifest.pairs:
            if (pair.a, pair.b) == (a, b):
                return pair
        known = ", ".join(f"{pair.a} → {pair.b}" for pair in self.manifest.pairs)
        raise BundleError(f"the pair {a} → {b} was not compared; compared pairs: {known}")

    def moves(self, a: str, b: str, *, method: str) -> Moves:
        """Return the moves of a pair's common items.

        Parameters
        ----------
        a, b : str
        method : str
            Of the pictures.

        Returns
        -------
        Moves

        Raises
        ------
        BundleError
            The pair was not compared, or not drawn by that method.
        """
        pair = self.pair(a, b)
        known = {one.method: one for one in pair.moves}
        if method not in known:
            if known:
                why = f"it has moves by {[*known]}"
            elif len(self.item_rows(pair.over)):
                why = "an older Emblink made this bundle: compare again"
            else:
                why = "its spaces have no items in common"
            raise BundleError(f"the pair {a} → {b} has no moves by {method!r}; {why}")
        one = known[method]
        codes = self.array(one.codes)
        return Moves(
            method=method,
            rows=self.item_rows(pair.over),
            displacement=self.array(one.displacement),
            codes=codes,
            floor=one.floor,
            floor_kind=one.floor_kind,
            counts=_counted(codes),
            k=one.k or 0,
            kept=None if one.kept is None else self.array(one.kept).astype(np.int32),
            expected=None if one.expected is None else self.array(one.expected),
        )

    def _domain(self, over: str) -> Domain:
        if over not in self.manifest.domains:
            raise BundleError(f"{self.path} has no domain {over!r}; compare again")
        return self.manifest.domains[over]

    def replicates(self) -> dict[str, tuple[str, ...]]:
        """Return the replicates of each space that has some.

        Returns
        -------
        dict of space name to tuple of space names
        """
        found: dict[str, tuple[str, ...]] = {}
        for space in self.manifest.report["spaces"]:
            if "replicate_of" in space:
                name = space["replicate_of"]
                found[name] = (*found.get(name, ()), space["name"])
        return found

    def _info(self, name: str) -> SpaceInfo:
        for info in self.manifest.spaces:
            if info.name == name:
                return info
        known = ", ".join(info.name for info in self.manifest.spaces)
        raise BundleError(f"there is no space {name!r}; the spaces are: {known}")

    def _space(self, name: str, ids: AnyArray) -> Space:
        info = self._info(name)
        return Space(
            name=name,
            vectors=self.vectors(name),
            ids=ids,
            metric=info.metric,
            source=info.source,
            matched_by=info.matched_by,
        )

    def _field(self, field: Field) -> AnyArray:
        if isinstance(field, TextField):
            return self._words(field.words)
        if isinstance(field, CategoryField):
            names = np.append(self._words(field.words), np.array([""], dtype=WORDS))
            return names[self._rows(field.codes, len(names) - 1, least=-1)]
        return self.array(field.values if isinstance(field, NumberField) else field.pixels)

    def _words(self, words: Words) -> AnyArray:
        try:
            return unpack(self.array(words.offsets), self.array(words.utf8))
        except ValueError:
            raise self._damaged(words.utf8, "holds no words") from None

    def _rows(self, name: str, n: int, *, least: int = 0) -> AnyArray:
        """Return a column of whole numbers under ``n``: anything else would lead astray."""
        rows = self.array(name)
        if rows.dtype.kind != "i" or (rows.size and (rows.min() < least or rows.max() >= n)):
            raise self._damaged(name, f"names rows beyond {n:,}")
        return rows

    def _damaged(self, name: str, what: str) -> BundleError:
        return unreadable(DamageError(self.path / self.manifest.columns[name].path, what))


def _counted(codes: IntArray) -> MoveCounts:
    """Count the items of each class of moves, which older bundles call otherwise."""
    counts = np.bincount(codes, minlength=len(MOVE_CLASSES)).tolist()
    return MoveCounts(**dict(zip(MOVE_CLASSES, counts, strict=True)))  # type: ignore[typeddict-item]
