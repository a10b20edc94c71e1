"""Who writes the bundle of a run: one step after the other, then all of it judged together."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import msgspec
import numpy as np

from emblink.bundle import (
    Bundle,
    Notice,
    Store,
    nobody,
    open_store,
)
from emblink.bundle.schema import Manifest, WatchInfo, WatchLeftOut, WatchStep
from emblink.comparison import CallersBundle
from emblink.errors import BundleError, EmblinkError, InputError
from emblink.pipeline import Appended, append, build
from emblink.types import AnyArray, PairReport, SpaceSet
from emblink.watch._alerts import alerts_of
from emblink.watch._learnt import learnt
from emblink.watch._probe import Probe

_MOST_LEFT_OUT = 500


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one step.

    Attributes
    ----------
    step : int
    why : str
        It was left out; empty where it was written.
    kept : float or None
        Share of their neighbours that items kept since the step before.
    size : float or None
        How large the change since the first step is: the noise-equivalent share.
    alerts : list of str
        What stood out, in words.
    """

    step: int
    why: str = ""
    kept: float | None = None
    size: float | None = None
    alerts: list[str] = []

    @property
    def scalars(self) -> dict[str, float]:
        """Numbers for other loggers, by name."""
        named = {"emblink/kept": self.kept, "emblink/size": self.size}
        return {name: value for name, value in named.items() if value is not None}


class Recorder:
    """Writes the steps of one run into one bundle, alone.

    Parameters
    ----------
    path : Path
    probe : Probe
    notice : callable
        Called with what the user should know.

    Raises
    ------
    BundleError
        The path is something else than a bundle, or somebody else is writing to it.
    InputError
        The bundle is of other items.
    """

    def __init__(self, path: Path, probe: Probe, *, notice: Notice = nobody) -> None:
        self._path, self._probe, self._notice = path, probe, notice
        self._held = ExitStack()
        self._store: Store = self._held.enter_context(open_store(path, notice=notice))
        try:
            self._older = bundle_at(path)
            self._there: SpaceSet | None = None
            self._info = WatchInfo(steps=[]) if self._older is None else self._resumed(self._older)
        except EmblinkError:
            self._held.close()
            raise

    def _resumed(self, older: Bundle) -> WatchInfo:
        info = run_of(older)
        there = as_given(older)
        check_items(older, self._probe.ids)
        self._there = there
        self._probe = replace(
            self._probe,
            items=dict(there.items),
            roles=dict(there.roles),
            seed=older.manifest.seed,
            title=older.manifest.title,
        )
        return info

    def take(
        self,
        step: int,
        vectors: AnyArray,
        *,
        loss: float | None = None,
        time: float | None = None,
    ) -> Written:
        """Write one step, compared with the step before and with the first.

        Parameters
        ----------
        step : int
        vectors : array of shape (n_items, n_dims)
        loss, time : float, optional

        Returns
        -------
        Written
            With ``why`` where it could not be: the bundle is then as it was.
        """
        last = self._info.steps[-1].step if self._info.steps else None
        if last is not None and step <= last:
            return self.leave_out(step, f"{self._path.name} has steps up to {last:,} already")
        try:
            return self._written(step, vectors, loss=loss, time=time)
        except InputError as error:  # the way out that it names is none for a loop
            return self.leave_out(step, str(error).split("; ")[0])

    def _written(
        self, step: int, vectors: AnyArray, *, loss: float | None, time: float | None
    ) -> Written:
        name = f"step {step}"
        before = self._info.steps
        beside = [*dict.fromkeys([one.name for one in (*before[:1], *before[-1:])])]
        pairs = [(one, name) for one in reversed(beside)]
        info = msgspec.structs.replace(
            self._info, steps=[*before, WatchStep(name=name, step=step, time=time, loss=loss)]
        )
        space_set = self._beside({name: vectors}, beside)
        manifest = append(
            self._store,
            space_set,
            pairs=pairs,
            older=self._older,
            about=Appended(self._probe.title, self._probe.seed),
            later=pairs[1:],
            watch=lambda made: told(msgspec.structs.replace(info, finished=False), made),
        )
        assert manifest.watch is not None
        self._info, self._there = manifest.watch, space_set
        self._older = Bundle(self._path, before=self._older, manifest=manifest)
        return Written(
            step=step,
            kept=_score(manifest, pairs[:1]),
            size=_size(manifest, pairs[-1:]),
            alerts=[one.sentence for one in self._info.alerts if one.step == step],
        )

    def _beside(self, vectors: dict[str, AnyArray], names: Sequence[str]) -> SpaceSet:
        """Return a step with those it is compared with, and the replicates of these."""
        new = self._probe.space_set(vectors)
        there = self._there
        if there is None:
            return new
        again = {name: there.replicates[name] for name in names if name in there.replicates}
        kept = [*names, *(one for others in again.values() for one in others)]
        return replace(
            new,
            spaces={name: there.spaces[name] for name in kept} | dict(new.spaces),
            rows={name: there.rows[name] for name in kept} | dict(new.rows),
            replicates=again,
        )

    def leave_out(self, step: int, why: str) -> Written:
        """Note that a step has no space; it is written with the next one that has.

        Parameters
        ----------
        step : int
        why : str

        Returns
        -------
        Written
        """
        one = WatchLeftOut(step=step, why=why)
        if one not in self._info.left_out:
            left = [*self._info.left_out, one][-_MOST_LEFT_OUT:]
            self._info = msgspec.structs.replace(self._info, left_out=left)
        return Written(step=step, why=why)

    def finish(self) -> None:
        """Judge all pairs together, and let the bundle go."""
        info = self._info
        self.close()
        if info.steps:
            finish(self._path, info=info, notice=self._notice)

    def close(self) -> None:
        """Let the bundle go as it is."""
        self._held.close()


def finish(path: Path, *, info: WatchInfo | None = None, notice: Notice = nobody) -> None:
    """Judge all pairs of a run together, as its ``close`` does.

    Parameters
    ----------
    path : Path
        Its bundle.
    info : WatchInfo, optional
        Other than the bundle's.
    notice : callable
        Called with what the user should know.

    Raises
    ------
    BundleError
        There is no such bundle, or somebody is writing to it.
    InputError
        It is of no run.
    """
    bundle = Bundle(path)
    info = info or run_of(bundle)
    judge(path, as_given(bundle), info=info, bundle=bundle, notice=notice)


def run_of(bundle: Bundle) -> WatchInfo:
    """Return what a bundle says of its run.

    Raises
    ------
    InputError
        It is of no run.
    """
    if bundle.manifest.watch is None:
        raise InputError(
            f"{bundle.path} holds a comparison that is no run of steps; give another path"
        )
    return bundle.manifest.watch


def check_items(bundle: Bundle, ids: AnyArray) -> None:
    """Refuse to go on with other items than those of a bundle.

    Raises
    ------
    InputError
    """
    there = as_given(bundle).ids.astype(str)
    if not np.array_equal(there, ids.astype(str)):
        raise InputError(
            f"{bundle.path} holds a run over {len(there):,} items that are not these {len(ids):,} "
            "in this order; give another path, or the same items"
        )


def judge(
    path: Path, space_set: SpaceSet, *, info: WatchInfo, bundle: Bundle, notice: Notice
) -> None:
    """Compare the steps of a run, and what joined it, all together.

    Parameters
    ----------
    path : Path
    space_set : SpaceSet
    info : WatchInfo
    bundle : Bundle
        As it is so far.
    notice : callable
    """
    info = told(msgspec.structs.replace(info, finished=True), bundle.manifest)
    build(
        space_set,
        out=path,
        pairs=planned(info, space_set),
        keep_layout=True,
        seed=bundle.manifest.seed,
        title=bundle.manifest.title,
        notice=notice,
        watch=info,
    )


def planned(info: WatchInfo, space_set: SpaceSet) -> list[tuple[str, str]]:
    """Return each step with the one before, then each with the first, then the replicates."""
    names = [one.name for one in info.steps]
    steps = [*pairwise(names)]
    again = [(name, one) for name, others in space_set.replicates.items() for one in others]
    return [*steps, *((names[0], name) for name in names[2:]), *again]


def told(info: WatchInfo, manifest: Manifest) -> WatchInfo:
    """Return what is said of a run, with what its last step adds."""
    names = [one.name for one in info.steps]
    alerts = info.alerts
    if len(names) > 1 and not any(one.step == info.steps[-1].step for one in alerts):
        report = _pair(manifest, (names[-2], names[-1]))
        if report is not None:
            alerts = [*alerts, *alerts_of(info.steps[-1].step, report)]
    return msgspec.structs.replace(info, alerts=alerts, learnt=learnt(info, manifest.report))


def as_given(bundle: Bundle) -> SpaceSet:
    """Return the spaces of a bundle with rows in the order in which they were given."""
    return CallersBundle(bundle).space_set


def bundle_at(path: Path) -> Bundle | None:
    """Return the bundle at a path, or None where there is none yet.

    Raises
    ------
    BundleError
        It cannot be read.
    """
    if not (path / "manifest.json").exists():
        return None
    try:
        return Bundle(path)
    except BundleError as error:
        raise BundleError(f"{error}; or give the run another path") from error


def _pair(manifest: Manifest, pair: tuple[str, str]) -> PairReport | None:
    found = (one for one in manifest.report["pairs"] if (one["a"], one["b"]) == pair)
    return next(found, None)


def _score(manifest: Manifest, pairs: Sequence[tuple[str, str]]) -> float | None:
    report = _pair(manifest, pairs[0]) if pairs else None
    score = report["scores"].get("neighborhood_overlap") if report else None
    return None if score is None else score["value"]


def _size(manifest: Manifest, pairs: Sequence[tuple[str, str]]) -> float | None:
    report = _pair(manifest, pairs[0]) if pairs else None
    return None if report is None else report["size"].get("w")
