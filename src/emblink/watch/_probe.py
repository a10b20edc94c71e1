"""The items that are embedded at every step, as they go to the process that writes."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace

import msgspec
import numpy as np

from emblink.load import from_arrays
from emblink.types import AnyArray, Metric, Role, SpaceSet
from emblink.words import as_words


@dataclass(frozen=True, eq=False)
class Probe:
    """What is known of the items of a run, in the order in which they were given.

    Attributes
    ----------
    ids : array of shape (n_items,)
    items : dict of column name to array
    roles : dict of role to column name
    notes : list of str
    metric : {"cosine", "euclidean"}
    title : str
    seed : int
    """

    ids: AnyArray
    items: dict[str, AnyArray]
    roles: dict[Role, str]
    notes: list[str]
    metric: Metric
    title: str
    seed: int

    def space_set(self, vectors: dict[str, AnyArray]) -> SpaceSet:
        """Return spaces of these items.

        Parameters
        ----------
        vectors : dict of space name to array of shape (n_items, n_dims)

        Returns
        -------
        SpaceSet

        Raises
        ------
        InputError
            A row holds NaN, infinities, or only zeros under cosine.
        """
        read = from_arrays(vectors, ids=self.ids, metric=self.metric)
        return replace(read, items=self.items, roles=self.roles, notes=tuple(self.notes))

    def packed(self) -> tuple[bytes, bytes]:
        """Return it as a head of JSON and the bytes of its arrays."""
        columns, data = [], []
        for name, values in (("", self.ids), *self.items.items()):
            kind, held = _packed(values)
            columns.append([name, kind, len(held)])
            data.append(held)
        head = {
            "columns": columns,
            "roles": self.roles,
            "notes": self.notes,
            "metric": self.metric,
            "title": self.title,
            "seed": self.seed,
        }
        return msgspec.json.encode(head), b"".join(data)

    @classmethod
    def unpacked(cls, head: bytes, data: bytes) -> Probe:
        """Return what :meth:`packed` gave.

        Parameters
        ----------
        head, data : bytes

        Returns
        -------
        Probe
        """
        said = msgspec.json.decode(head)
        arrays, at = {}, 0
        for name, kind, n_bytes in said.pop("columns"):
            arrays[name] = _unpacked(kind, data[at : at + n_bytes])
            at += n_bytes
        return cls(ids=arrays.pop(""), items=arrays, **said)


def _packed(values: AnyArray) -> tuple[str, bytes]:
    if values.dtype.kind in "biuf":
        held = io.BytesIO()
        np.save(held, values, allow_pickle=False)
        return "numbers", held.getvalue()
    return "words", msgspec.json.encode(as_words(values).tolist())


def _unpacked(kind: str, data: bytes) -> AnyArray:
    if kind == "numbers":
        read: AnyArray = np.load(io.BytesIO(data), allow_pickle=False)
        return read
    words: list[str] = msgspec.json.decode(data)
    return np.array(words, dtype=np.str_)
