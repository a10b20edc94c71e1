"""Columns that are held in memory only: what can be shown before anything is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

import numpy as np

from emblink.bundle._arrays import digest
from emblink.bundle._order import Gathered
from emblink.bundle._record import Stage
from emblink.bundle._store import Output
from emblink.bundle.schema import Column, ColumnKind
from emblink.types import AnyArray


class Keeper(Protocol):
    """What keeps the output of steps: the files of a bundle, or memory."""

    def stage(self, name: str, key: str, compute: Callable[[], Output]) -> Stage:
        """Return the output of a step."""

    def keep(self, name: str, arrays: Mapping[str, AnyArray | Gathered], *, what: str) -> Stage:
        """Keep arrays under a hash of themselves."""

    def column(self, stage: Stage, array: str, *, kind: ColumnKind, over: str) -> Column:
        """Describe one array of a stage for the manifest."""


class Memory:
    """Named columns in memory, of the shape of a bundle's files but without their headers.

    Attributes
    ----------
    files : dict of path to array
        Each column's values, by the path that the manifest has for it.
    """

    def __init__(self, files: Mapping[str, AnyArray] | None = None) -> None:
        self.files = {} if files is None else {**files}

    def stage(self, name: str, key: str, compute: Callable[[], Output]) -> Stage:
        """Compute the output of a step.

        Parameters
        ----------
        name, key : str
        compute : callable
            Returns ``(arrays by name, facts)``.

        Returns
        -------
        Stage
        """
        arrays, facts = compute()
        return Stage(folder=Path("preview") / f"{name}-{key}", key=key, arrays=arrays, facts=facts)

    def keep(self, name: str, arrays: Mapping[str, AnyArray | Gathered], *, what: str) -> Stage:
        """Hold arrays under a hash of themselves.

        Parameters
        ----------
        name : str
        arrays : mapping of name to array or Gathered
        what : str
            They are, for people.

        Returns
        -------
        Stage
        """
        held = {of: one[:] if isinstance(one, Gathered) else one for of, one in arrays.items()}
        return self.stage(name, digest([*held], *held.values()), lambda: (held, {}))

    def column(self, stage: Stage, array: str, *, kind: ColumnKind, over: str) -> Column:
        """Hold one array of a stage, and describe it for the manifest.

        Parameters
        ----------
        stage : Stage
        array : str
        kind : ColumnKind
        over : str

        Returns
        -------
        Column
        """
        path = (stage.folder / f"{array}.npy").as_posix()
        values = np.ascontiguousarray(stage.arrays[array])
        self.files[path] = values
        return Column(
            path=path,
            kind=kind,
            over=over,
            dtype=values.dtype.name,
            shape=[*values.shape],
            offset=0,
        )
