"""The order of steps: from a set of spaces to a finished bundle.

Each step is kept by a hash of its inputs, so that a killed run continues where it stopped and a
run with one more space computes only what is new.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from types import MappingProxyType

from emblink._version import VERSION
from emblink.bundle import Notice, RunRecord, nobody, open_store, workplace
from emblink.bundle.schema import SCHEMA, Manifest, WatchInfo
from emblink.compute import check_products, one_blas_thread, peak_memory, threads, within_memory
from emblink.errors import as_whole
from emblink.executors import working_on
from emblink.neighbors import WORKPLACE_FILES, check_affordable
from emblink.pipeline._append import Appended, append
from emblink.pipeline._beside import ITEM_BYTES, bytes_of_job, jobs_at_once
from emblink.pipeline._checked import Pictures, checked_pictures
from emblink.pipeline._common import REPORT_SCHEMA, compared_by, label_codes
from emblink.pipeline._infos import space_infos
from emblink.pipeline._kept import finished_layout
from emblink.pipeline._layout import lay_out
from emblink.pipeline._pairs import AllPairs, compare_pairs
from emblink.pipeline._pictures import draw
from emblink.pipeline._plan import Pairs, plan_pairs
from emblink.pipeline._preview import Preview, first_pictures
from emblink.pipeline._queries import queries_info
from emblink.pipeline._run import Run, StepProgress, method_of, quiet
from emblink.pipeline._sampling import Sampling
from emblink.pipeline._searches import Searched, search_pairs
from emblink.pipeline._spaces import NEAR_NEIGHBORS, STORED_NEIGHBORS, prepare_spaces
from emblink.pipeline._stored import stored
from emblink.pipeline._summary import space_reports, spaces_map
from emblink.table import MEASURES, SEARCH_MEASURES
from emblink.types import BudgetReport, PopulationsReport, QuerySet, Report, SpaceSet

__all__ = [
    "ITEM_BYTES",
    "NEAR_NEIGHBORS",
    "STORED_NEIGHBORS",
    "Appended",
    "Pairs",
    "Pictures",
    "Preview",
    "Sampling",
    "StepProgress",
    "append",
    "build",
    "bytes_of_job",
    "jobs_at_once",
    "lay_out",
    "plan_pairs",
    "quiet",
]


def build(
    space_set: SpaceSet,
    *,
    out: Path,
    pairs: Pairs = "all",
    reference: str | None = None,
    pictures: Pictures = MappingProxyType({}),
    keep_layout: bool = False,
    seed: int = 0,
    queries_sampled: int | None = None,
    memory: float | None = None,
    executor: object = None,
    title: str = "comparison",
    progress: StepProgress = quiet,
    preview: Callable[[Preview], None] | None = None,
    notice: Notice = nobody,
    queries: QuerySet | None = None,
    populations: PopulationsReport | None = None,
    budget: BudgetReport | None = None,
    watch: WatchInfo | None = None,
) -> Report:
    """Compare spaces and write the bundle.

    Parameters
    ----------
    space_set : SpaceSet
    out : Path
        Directory of the bundle; an unfinished or finished one is continued.
    pairs : {"all", "reference", "consecutive"} or sequence of (str, str)
    reference : str, optional
    pictures : mapping of name to mapping of space name to array (n_space_items, 2), or callable
        Drawn elsewhere, shown beside the aligned layout; a callable draws each space, given the
        ``Space`` and its ``NeighborGraph``.
    keep_layout : bool
        Leave the pictures of the spaces that ``out`` already has, and draw the others among them.
    seed : int
        Of every random choice, from 0.
    queries_sampled : int, optional
        Items asked for their exact neighbours in spaces of more items; default 20,000 in spaces of
        more than 50,000.
    memory : float, optional
        Bytes that may be used; half of the machine's by default. Larger arrays lie in files.
    executor : object, optional
        Whoever finds exact neighbours of many items, as :func:`emblink.executors.opened` takes it.
    title : str
        Of the comparison, for people.
    progress : callable
        Called with ``(step, done, total)``; raise from it to cancel.
    preview : callable, optional
        Called with the first pictures before anything else is computed, and again and again while
        the layout settles.
    notice : callable
        Called with what the user should know of the bundle: damage that was mended, files in its
        directory that are left alone.
    queries : QuerySet, optional
        What is searched for.
    populations : PopulationsReport, optional
        What is told of the populations whose union is the one space.
    budget : BudgetReport, optional
        What is known of the spaces as settings of one; kept in the report.
    watch : WatchInfo, optional
        What is said of the spaces as steps of one run.

    Returns
    -------
    Report

    Raises
    ------
    InputError
        A pair names an unknown space or has too few common items, a space is too large, a picture
        does not fit its space, there is no layout to keep, the vectors change while they are read,
        or the seed is no integer from 0 to 2**63 - 1.
    BundleError
        ``out`` is something else than a bundle, or in use.
    WorkerError
        Workers of the executor cannot do a job, or were lost again and again.
    EmblinkError
        numpy multiplies matrices wrongly on this machine.
    """
    begin = perf_counter()
    check_products()
    sampling = Sampling.of(queries_sampled)
    seed = as_whole(seed, "seed", least=0)
    given = checked_pictures(space_set, pictures)
    planned = plan_pairs([*space_set.spaces], pairs, reference, replicates=space_set.replicates)
    labels = label_codes(space_set)
    for space in space_set.spaces.values():
        n_queries = sampling.first(len(space.ids))
        check_affordable(space.vectors.shape, n_queries=n_queries, alone=executor is None)
    for pair in planned:
        compared_by(space_set, pair, labels)
    older = finished_layout(out) if keep_layout else None
    with (
        open_store(out, notice=notice) as store,
        one_blas_thread(),
        within_memory(memory, folder=out),
        working_on(executor, workplace=workplace(store, WORKPLACE_FILES)),
    ):
        sketch = None
        if preview is not None:
            progress("first pictures", 0, 1)
        held = stored(space_set, given, store=store, seed=seed)
        space_set, labels = held.space_set, label_codes(held.space_set)
        if preview is not None:
            sketch = first_pictures(held, seed=seed, title=title, show=preview)
        catalog = held.catalog(store)
        fields, roles = catalog.add_fields(space_set)
        run = Run(space_set, held.vectors, catalog, seed, progress, sketch, older, sampling)
        run = replace(run, spaces=prepare_spaces(run))
        projected = draw(run, held.pictures, twice=bool(planned))
        by_items = [one for one in planned if compared_by(space_set, one, labels) == "items"]
        searched = search_pairs(run, queries, by_items)
        compared = compare_pairs(run, planned, labels=labels, pictures=projected, searched=searched)
        infos = space_infos(run, labels, pictures=projected)
        report = Report(
            schema=REPORT_SCHEMA,
            version=VERSION,
            seed=seed,
            n_items=len(space_set.ids),
            spaces=space_reports(run, labels, infos=infos),
            pairs=compared.reports,
            timelines=compared.timelines,
            notes=[*space_set.notes, *(queries.notes if queries else ())],
        )
        _add_known(
            report,
            run,
            compared=compared,
            searched=searched,
            budget=budget,
            populations=populations,
        )
        if len(compared.reports) > 1:
            report["findings"] = compared.findings
        drawn = spaces_map(space_set, compared.reports)
        if drawn is not None:
            report["map"] = drawn
        store.finish(
            Manifest(
                schema=SCHEMA,
                title=title,
                seed=seed,
                n_items=len(space_set.ids),
                domains=catalog.domains,
                columns=catalog.columns,
                fields=fields,
                given=dict(space_set.given),
                roles=roles,
                spaces=infos,
                pairs=compared.infos,
                report=report,
                measures=[*MEASURES, *(SEARCH_MEASURES if searched else ())],
                queries=queries_info(run, searched),
                watch=watch,
            ),
            ran=RunRecord(
                schema="emblink.run/1",
                seconds=perf_counter() - begin,
                peak_memory=peak_memory(),
                threads=threads(),
                steps=run.times,
            ),
        )
    return report


def _add_known(
    report: Report,
    run: Run,
    *,
    compared: AllPairs,
    searched: Searched | None,
    budget: BudgetReport | None,
    populations: PopulationsReport | None,
) -> None:
    if populations is not None:
        report["populations"] = populations
    if budget is not None:
        report["budget"] = budget
    if searched is not None:
        report["searches"] = searched.report
    method = method_of(run)
    if method is not None:
        report["method"] = method
    if compared.unchanging is not None:
        report["unchanging"] = compared.unchanging
