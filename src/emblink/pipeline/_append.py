"""One more space into a bundle: only what is new is computed, all that was there stays."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

import msgspec

from emblink._version import VERSION
from emblink.bundle import Bundle, Store
from emblink.bundle.schema import SCHEMA, Manifest, SpaceInfo, WatchInfo
from emblink.compute import one_blas_thread
from emblink.pipeline._common import REPORT_SCHEMA, Labels, label_codes
from emblink.pipeline._given import coords_name
from emblink.pipeline._infos import space_infos
from emblink.pipeline._kept import AGAIN
from emblink.pipeline._pairs import compare_pairs
from emblink.pipeline._pictures import Drawn, draw
from emblink.pipeline._run import Run, method_of, quiet
from emblink.pipeline._sampling import Sampling
from emblink.pipeline._spaces import prepare_spaces
from emblink.pipeline._stored import stored
from emblink.pipeline._summary import space_reports
from emblink.table import MEASURES
from emblink.types import FindingReport, Report, SpaceSet

MOST_FINDINGS = 9


@dataclass(frozen=True)
class Appended:
    """What is written of a bundle besides its spaces.

    Attributes
    ----------
    title : str
    seed : int
    """

    title: str
    seed: int


@one_blas_thread()
def append(
    store: Store,
    space_set: SpaceSet,
    *,
    pairs: Sequence[tuple[str, str]],
    older: Bundle | None,
    about: Appended,
    later: Collection[tuple[str, str]] = (),
    watch: Callable[[Manifest], WatchInfo],
) -> Manifest:
    """Add spaces to a bundle, and publish it.

    Parameters
    ----------
    store : Store
        Open at the bundle.
    space_set : SpaceSet
        The new spaces, and those of the bundle that they are compared with, of all items.
    pairs : sequence of (str, str)
        Of these spaces; none of them in the bundle yet.
    older : Bundle or None
        The bundle so far, whose pictures stay as they are.
    about : Appended
    later : collection of (str, str)
        Pairs whose change groups are sought once all are judged together.
    watch : callable
        Given the manifest, returns what it says of the sequence.

    Returns
    -------
    Manifest
        As it was published. Verdicts allow for these pairs alone, and what rests on all pairs is as
        it was: ``build`` over all spaces brings it up to date.

    Raises
    ------
    InputError
        A space cannot be compared.
    """
    held = stored(space_set, {}, store=store, seed=about.seed)
    space_set, labels = held.space_set, label_codes(held.space_set)
    catalog = held.catalog(store)
    fields, roles = catalog.add_fields(space_set)
    run = Run(space_set, held.vectors, catalog, about.seed, quiet, None, older, Sampling.of(None))
    run = replace(run, spaces=prepare_spaces(run))
    drawn = draw(run, held.pictures, twice=bool(pairs))
    compared = compare_pairs(run, pairs, labels=labels, pictures=drawn, later=later)
    infos = _infos(run, labels, drawn, older)
    _keep_again(run, drawn)
    report = _report(run, labels, about=about)
    report["spaces"] = space_reports(run, labels, infos=infos)
    report["pairs"] = compared.reports
    report["findings"] = compared.findings
    made = Manifest(
        schema=SCHEMA,
        title=about.title,
        seed=about.seed,
        n_items=len(space_set.ids),
        domains=catalog.domains,
        columns=catalog.columns,
        fields=fields,
        given=dict(space_set.given),
        roles=roles,
        spaces=infos,
        pairs=compared.infos,
        report=report,
        measures=[*MEASURES],
    )
    if older is not None:
        made = _joined(older.manifest, made)
        store.carry(older.manifest.stages)
    made = msgspec.structs.replace(made, watch=watch(made))
    return store.finish(made)


def _infos(run: Run, labels: Labels | None, drawn: Drawn, older: Bundle | None) -> list[SpaceInfo]:
    """Describe the new spaces; of the others that was done."""
    there = {} if older is None else {info.name: info for info in older.manifest.spaces}
    new = {name: one for name, one in run.spaces.items() if name not in there}
    made = {one.name: one for one in space_infos(replace(run, spaces=new), labels, pictures=drawn)}
    return [there.get(name) or made[name] for name in run.spaces]


def _keep_again(run: Run, drawn: Drawn) -> None:
    """Keep what was drawn a second time, so that no later space has it drawn once more."""
    for name, stages in run.spaces.items():
        array = coords_name(run, name, again=True)
        if array in drawn["joint"].arrays:
            column = f"{stages.over}/{AGAIN}"
            run.catalog.add(column, drawn["joint"], array, kind="coords", over=stages.over)


def _report(run: Run, labels: Labels | None, *, about: Appended) -> Report:
    report = Report(
        schema=REPORT_SCHEMA,
        version=VERSION,
        seed=about.seed,
        n_items=len(run.space_set.ids),
        spaces=[],
        pairs=[],
        timelines=[],
        notes=[*run.space_set.notes],
    )
    method = method_of(run)
    if method is not None:
        report["method"] = method
    return report


def _joined(older: Manifest, new: Manifest) -> Manifest:
    """Put what is new behind what was there."""
    there = {info.name for info in older.spaces}
    compared = {(info.a, info.b) for info in older.pairs}
    pairs = [at for at, one in enumerate(new.pairs) if (one.a, one.b) not in compared]
    was, now = older.report, new.report
    report = Report(**{**was, "version": now["version"]})
    report["spaces"] = [*was["spaces"], *(one for one in now["spaces"] if one["name"] not in there)]
    report["pairs"] = [*was["pairs"], *(now["pairs"][at] for at in pairs)]
    report["findings"] = _foremost([*now.get("findings", []), *was.get("findings", [])])
    report["notes"] = [*dict.fromkeys([*was["notes"], *now["notes"]])]
    for stale in ("map", "unchanging"):
        report.pop(stale, None)  # type: ignore[misc]
    return msgspec.structs.replace(
        older,
        domains={**new.domains, **older.domains},
        columns={**new.columns, **older.columns},
        spaces=[*older.spaces, *(info for info in new.spaces if info.name not in there)],
        pairs=[*older.pairs, *(new.pairs[at] for at in pairs)],
        report=report,
    )


def _foremost(findings: Sequence[FindingReport]) -> list[FindingReport]:
    """Return the sure findings first, each thing told once."""
    once = {(one["sentence"]): one for one in reversed(findings)}
    ranked = sorted(once.values(), key=lambda one: (not one["sure"], -one["score"]))
    return ranked[:MOST_FINDINGS]
