"""A comparison as tables: of items, labels, pairs, groups and findings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from emblink.bundle import Bundle
from emblink.comparison._caller import CallersBundle
from emblink.comparison._given import restored
from emblink.comparison._table import Table, table_of
from emblink.errors import InputError
from emblink.types import MOVE_CLASSES, AnyArray, IntArray


class Tables:
    """What a comparison holds, as tables for a data frame library.

    Parameters
    ----------
    bundle : Bundle
    given : CallersBundle
        The same, as the caller knows it.
    kind : str, optional
        The library of the frames that came in.
    """

    def __init__(self, bundle: Bundle, given: CallersBundle, kind: str | None = None) -> None:
        self._bundle = bundle
        self._given = given
        self._kind = kind

    @property
    def items(self) -> Table:
        """One row for each item, in the order of ``comparison.ids``.

        Its id and its own columns; ``in SPACE``; ``SPACE x``, ``SPACE y`` and the measures of each
        space; ``A → B MEASURE`` and ``A → B move`` of each pair. Missing is NaN, or no word.
        """
        columns = self._own_columns()
        for name, values in [*self._of_spaces(), *self._of_pairs()]:
            columns[_free(name, columns)] = values
        return Table(columns, self._kind, given=self._bundle.manifest.given)

    def picture(self, space: str, *, k: int = 15, method: str | None = None) -> Table:
        """Return one picture as jupyter-scatter and Embedding Atlas take it.

        Parameters
        ----------
        space : str
        k : int
            Neighbours of each item, at most as many as are stored.
        method : str, optional
            Of the picture; default the aligned one.

        Returns
        -------
        Table
            One row for each item of the space, as it was given: the columns of the items,
            ``projection_x``, ``projection_y``, and ``neighbors``, a dictionary of ``ids``, nearest
            first, and ``distances``.

        Raises
        ------
        BundleError
            There is no such space or method.
        InputError
            ``k`` is less than 1.
        """
        if k < 1:
            raise InputError(f"k is {k}; expected 1 or more")
        coords = self._given.projection(space, method).coords
        held = self._given.space_set
        rows, graph = held.rows[space], self._given.graph(space)
        columns = self._own_columns(rows)
        near = np.empty(len(rows), dtype=object)
        ids = held.ids[rows][graph.indices[:, :k]]
        for at, (names, far) in enumerate(zip(ids, graph.distances[:, :k], strict=True)):
            near[at] = {"ids": names.tolist(), "distances": far.tolist()}
        for name, values in (
            ("projection_x", coords[:, 0].copy()),
            ("projection_y", coords[:, 1].copy()),
            ("neighbors", near),
        ):
            columns[_free(name, columns)] = values
        return Table(columns, self._kind, given=self._bundle.manifest.given)

    @property
    def labels(self) -> Table:
        """One row for each label of each pair."""
        return self._table(
            [
                {"a": pair["a"], "b": pair["b"], **_flat(dict(label))}
                for pair in self._bundle.manifest.report["pairs"]
                for label in pair["labels"]
            ],
            words=("a", "b", "label", "verdict"),
            numbers=("n", "purity_a", "purity_b", "delta", "chance", "low", "high", "p"),
        )

    @property
    def pairs(self) -> Table:
        """One row for each pair: its answer, size, noise and quality, and every score."""
        return self._table(
            [_pair_row(dict(pair)) for pair in self._bundle.manifest.report["pairs"]]
        )

    @property
    def groups(self) -> Table:
        """One row for each change group of each pair, heaviest first."""
        names = ("title", "type", "n", "mass", "p", "sentence")
        return self._table(
            [
                {"a": pair["a"], "b": pair["b"], "rank": rank, **_some(dict(group), names)}
                for pair in self._bundle.manifest.report["pairs"]
                for rank, group in enumerate(pair.get("groups", []), 1)
            ],
            words=("a", "b", "title", "type", "sentence"),
            numbers=("rank", "n", "mass", "p"),
        )

    @property
    def findings(self) -> Table:
        """One row for each finding of each pair, in the order of the report."""
        names = ("kind", "title", "sentence", "how_sure", "sure", "n", "share", "far", "score", "p")
        return self._table(
            [
                {"a": pair["a"], "b": pair["b"], **_some(dict(finding), names)}
                for pair in self._bundle.manifest.report["pairs"]
                for finding in pair.get("findings", [])
            ],
            words=("a", "b", "kind", "title", "sentence", "how_sure"),
            numbers=("sure", "n", "share", "far", "score", "p"),
        )

    def _table(
        self,
        rows: Sequence[Mapping[str, Any]],
        *,
        words: Sequence[str] = (),
        numbers: Sequence[str] = (),
    ) -> Table:
        return Table({**table_of(rows, words=words, numbers=numbers)}, self._kind)

    def _own_columns(self, rows: IntArray | slice = slice(None)) -> dict[str, AnyArray]:
        """Return the id and the items' own columns, as they were when they came in."""
        held, manifest = self._given.space_set, self._bundle.manifest
        columns: dict[str, AnyArray] = {manifest.roles.id: held.ids[rows]}
        return columns | {
            name: restored(values[rows], manifest.given.get(name))
            for name, values in held.items.items()
            if values.ndim == 1
        }

    def _of_spaces(self) -> Iterator[tuple[str, AnyArray]]:
        held = self._given.space_set
        n = len(held.ids)
        for info in self._bundle.manifest.spaces:
            rows = held.rows[info.name]
            present = np.zeros(n, dtype=bool)
            present[rows] = True
            yield f"in {info.name}", present
            if info.projections:
                coords = np.full((n, 2), np.nan, dtype=np.float32)
                coords[rows] = self._given.projection(info.name).coords
                yield f"{info.name} x", coords[:, 0].copy()
                yield f"{info.name} y", coords[:, 1].copy()
            for field in info.fields:
                yield f"{info.name} {field.name}", self._given.item_values(field)

    def _of_pairs(self) -> Iterator[tuple[str, AnyArray]]:
        n = len(self._given.space_set.ids)
        for info in self._bundle.manifest.pairs:
            name = f"{info.a} → {info.b}"
            for field in info.fields:
                yield f"{name} {field.name}", self._given.item_values(field)
            if info.moves:
                moves = self._given.moves(info.a, info.b, method=info.moves[0].method)
                words = np.full(n, "", dtype=np.dtypes.StringDType())
                words[moves.rows] = np.array([*MOVE_CLASSES])[moves.codes]
                yield f"{name} move", words


def _pair_row(pair: dict[str, Any]) -> dict[str, Any]:
    row = {name: pair[name] for name in ("a", "b", "answer", "n_common", "only_a", "only_b")}
    for question in ("size", "beyond_noise", "quality"):
        told = pair.get(question)
        if isinstance(told, Mapping):
            row |= {f"{question}_{key}": value for key, value in _flat(dict(told)).items()}
    for name, score in pair["scores"].items():
        for key, value in _flat(dict(score)).items():
            row[name if key == "value" else f"{name}_{key}"] = value
    return row


def _flat(told: dict[str, Any]) -> dict[str, Any]:
    """Return words and numbers as they are, an interval as its two ends, and nothing else."""
    flat: dict[str, Any] = {}
    for name, value in told.items():
        if isinstance(value, str | bool | int | float) or value is None:
            flat[name] = value
        elif name == "interval" and len(value) == 2:
            flat["low"], flat["high"] = value
    return flat


def _some(told: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: told.get(name) for name in names}


def _free(name: str, taken: Mapping[str, object]) -> str:
    """Return a name that no other column has, whatever spaces are called."""
    while name in taken:
        name = f"{name}'"
    return name
