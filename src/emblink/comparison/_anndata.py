"""A comparison written back into AnnData or MuData."""

from __future__ import annotations

import json
import warnings
from collections.abc import Container, Mapping, Sequence
from typing import Any

import numpy as np

from emblink._version import VERSION
from emblink.bundle import Bundle
from emblink.bundle.schema import PairInfo
from emblink.comparison._caller import CallersBundle
from emblink.comparison._cells import is_cells
from emblink.errors import InputError, MatchError
from emblink.types import MOVE_CLASSES, AnyArray, IntArray
from emblink.wording import group_column, move_column

SCHEMA = "emblink.anndata/1"
OURS = "emblink"


class CellsWriter:
    """Puts what a bundle holds of each item beside the cells.

    Parameters
    ----------
    bundle : Bundle
    given : CallersBundle
    """

    def __init__(self, bundle: Bundle, given: CallersBundle) -> None:
        self._bundle = bundle
        self._given = given
        names = [info.name for info in bundle.manifest.spaces]
        self._keys = dict(zip(names, _keys(names), strict=True))

    def write(self, cells: Any, pairs: Sequence[tuple[str, str]] | None) -> None:
        """Write into ``obs``, ``obsm`` and ``uns``; what an earlier comparison wrote goes."""
        if not is_cells(cells):
            raise InputError(
                f"to_anndata() takes AnnData or MuData; a {type(cells).__name__} is neither"
            )
        if getattr(cells, "is_view", False) and getattr(cells, "isbacked", False):
            raise InputError(
                "a view of a backed object cannot be written to; give a copy of it in memory: "
                "view.to_memory()"
            )
        if pairs is not None and any(isinstance(pair, str) or len(pair) != 2 for pair in pairs):
            raise InputError(f"pairs is {pairs!r}; expected two names for each: [(a, b), …]")
        infos = self._bundle.manifest.pairs
        chosen = infos if pairs is None else [self._bundle.pair(*pair) for pair in pairs]
        rows = self._rows(cells)
        columns = [one for pair in chosen for one in self._columns(pair, rows)]
        arrays = {
            f"X_{OURS}_{self._keys[info.name]}": self._coords(info.name, rows)
            for info in self._bundle.manifest.spaces
            if info.projections
        }
        _check_ours(cells, [name for name, _, _ in columns], [*arrays])
        with warnings.catch_warnings():  # a view becomes an object of its own, as is meant
            warnings.filterwarnings("ignore", message="Trying to modify attribute")
            _forget(cells)
            cells.obs = _beside(cells.obs, {name: values for name, values, _ in columns})
            for name, coords in arrays.items():
                cells.obsm[name] = coords
            told = {name: definition for name, _, definition in columns}
            names = np.array([*arrays], object)
            cells.uns[OURS] = {**self._about(), "columns": told, "obsm": names}

    def _rows(self, cells: Any) -> IntArray:
        """Return the item that each cell is, -1 where the comparison has none."""
        ids = [str(one) for one in self._given.space_set.ids.tolist()]
        place = {one: at for at, one in enumerate(ids)}
        names = [str(one) for one in cells.obs_names]
        if len({*names}) < len(names):
            raise MatchError("obs_names hold a name twice; adata.obs_names_make_unique()")
        rows = np.array([place.get(one, -1) for one in names], dtype=np.int64)
        if not (rows >= 0).any():
            raise MatchError(
                f"no cell of these is in the comparison: obs_names are such as {names[:1]}, ids "
                f"such as {ids[:1]}; compare with ids=adata.obs_names"
            )
        return rows

    def _columns(self, pair: PairInfo, rows: IntArray) -> list[tuple[str, Any, str]]:
        prefix = f"{OURS}_{self._keys[pair.a]}_{self._keys[pair.b]}"
        of = f"{pair.a} → {pair.b}"
        columns: list[tuple[str, Any, str]] = [
            (
                f"{prefix}_{_key(field.name)}",
                _taken(self._given.item_values(field).astype(np.float32), rows, np.nan),
                f"{field.title}, {of}. {field.definition}",
            )
            for field in pair.fields
        ]
        if pair.moves:
            moves = self._given.moves(pair.a, pair.b, method=pair.moves[0].method)
            codes = self._spread(moves.rows, moves.codes)
            values = _words(_taken(codes, rows, -1), [*MOVE_CLASSES])
            columns.append((f"{prefix}_move", values, move_column(of)))
        groups = self._bundle.manifest.report["pairs"]
        report = groups[self._bundle.manifest.pairs.index(pair)].get("groups", [])
        if pair.groups is not None and report:
            stored = self._bundle.array(pair.groups.members)
            items, members = self._given.over(pair.over, stored)
            members = self._spread(items, members)
            names = _apart([one["title"] for one in report])
            values = _words(_taken(members, rows, -1), names)
            columns.append((f"{prefix}_group", values, group_column(of)))
        return columns

    def _spread(self, items: IntArray, codes: AnyArray) -> IntArray:
        spread = np.full(len(self._given.space_set.ids), -1, dtype=np.int64)
        spread[items] = codes
        return spread

    def _coords(self, name: str, rows: IntArray) -> AnyArray:
        held = self._given.space_set
        coords = np.full((len(held.ids), 2), np.nan, dtype=np.float32)
        coords[held.rows[name]] = self._given.projection(name).coords
        return _taken(coords, rows, np.nan)

    def _about(self) -> dict[str, Any]:
        """Return what was compared and how, in types that ``.h5ad`` holds."""
        manifest = self._bundle.manifest
        pairs = manifest.report["pairs"]
        params = next((one.projections[0].params for one in manifest.spaces if one.projections), {})
        sums = {one.name: manifest.columns[one.vectors].crc32 or "" for one in manifest.spaces}
        return {
            "schema": SCHEMA,
            "version": VERSION,
            "title": manifest.title,
            "seed": manifest.seed,
            "n_items": manifest.n_items,
            "metric": manifest.spaces[0].metric,
            "layout": {_key(name): value for name, value in params.items()},
            "manifest_crc32": manifest.checksum,
            "spaces": {
                "name": np.array([*self._keys], object),
                "key": np.array([*self._keys.values()], object),
                "vectors_crc32": np.array([*sums.values()], object),
            },
            "pairs": {
                key: np.array([str(dict(pair)[key]) for pair in pairs], object)
                for key in ("a", "b", "answer", "sentence")
            },
            "report": json.dumps(manifest.report, ensure_ascii=False),
        }


def _earlier(cells: Any) -> Mapping[str, Any]:
    """Return what an earlier comparison wrote of itself; nothing where none did."""
    earlier = cells.uns.get(OURS)
    ours = isinstance(earlier, Mapping) and earlier.get("schema") == SCHEMA
    return earlier if ours else {}


def _check_ours(cells: Any, columns: Sequence[str], arrays: Sequence[str]) -> None:
    """Refuse to write over what no comparison wrote.

    Raises
    ------
    InputError
        Naming the first such, before anything is written.
    """
    earlier = _earlier(cells)
    written = {str(one) for one in earlier.get("obsm", ())}
    taken = [
        *([f"uns[{OURS!r}]"] if OURS in cells.uns and not earlier else []),
        *(f"obs[{one!r}]" for one in columns if _new(one, cells.obs, earlier.get("columns", ()))),
        *(f"obsm[{one!r}]" for one in arrays if _new(one, cells.obsm, written)),
    ]
    if taken:
        raise InputError(
            f"{taken[0]} is there and was not written by Emblink, which would replace it; rename "
            "it, or delete it"
        )


def _new(name: str, held: Any, ours: Container[str]) -> bool:
    return name in held and name not in ours


def _forget(cells: Any) -> None:
    """Take away what an earlier comparison wrote, and nothing else."""
    earlier = _earlier(cells)
    known = [name for name in earlier.get("columns", ()) if name in cells.obs]
    if known:
        cells.obs = cells.obs.drop(columns=known)
    for name in [str(one) for one in earlier.get("obsm", ())]:
        if name in cells.obsm:
            del cells.obsm[name]


def _beside(obs: Any, columns: Mapping[str, Any]) -> Any:
    """Return a frame with further columns, put there at once."""
    import pandas as pd

    return pd.concat([obs, pd.DataFrame(dict(columns), index=obs.index)], axis=1)


def _taken(values: AnyArray, rows: IntArray, missing: float) -> AnyArray:
    taken: AnyArray = values[rows]
    taken[rows < 0] = missing
    return taken


def _words(codes: AnyArray, names: list[str]) -> Any:
    import pandas as pd

    return pd.Categorical.from_codes(codes, names)


def _apart(names: Sequence[str]) -> list[str]:
    """Return names of which no two are one."""
    found: list[str] = []
    for name in names:
        n = 1
        while (told := name if n == 1 else f"{name} ({n})") in found:
            n += 1
        found.append(told)
    return found


def _keys(names: Sequence[str]) -> list[str]:
    """Return keys for spaces: without the ``X_`` of arrays, where that leaves them apart."""
    bare = [_key(name.removeprefix("X_") or name) for name in names]
    return bare if len({*bare}) == len(bare) else _apart([_key(name) for name in names])


def _key(name: str) -> str:
    """Return a name without the slash, which would be a folder within the file."""
    return name.replace("/", "-")
