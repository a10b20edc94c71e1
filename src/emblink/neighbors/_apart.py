"""Exact search on workers elsewhere: which rows look at which, and what comes back.

Rows are cut into groups, and each job looks at all pairs within a few of them: by a difference set
every two groups meet in exactly one job. So a product serves both sides, as it does here, and few
lists come back. A job begins with the thresholds that are known by then, and turns away what cannot
be among the best any more. Whatever workers return is certified and decided here: how the work was
cut, by whom it was done and when, leaves no trace in the result.
"""

from __future__ import annotations

import math
from collections.abc import Generator, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from emblink.compute import Progress, go_on
from emblink.executors import Elsewhere, Job, run_jobs
from emblink.kernels import PackedLists, TopLists, packed, top_lists, topk_merge
from emblink.neighbors._points import Points, spans
from emblink.neighbors._scan import Part, scan_pairs, scan_queries, within

DIFFERENCES = {
    7: (0, 1, 3),
    21: (0, 1, 4, 14, 16),
    57: (0, 1, 3, 13, 32, 36, 43, 52),
    91: (0, 1, 3, 9, 27, 49, 56, 61, 77, 81),
}
"""Perfect difference sets: each number but 0 is once the difference of two, modulo the key."""
_LEAST_ROWS = 256
_MOST_WORK = 6e12
"""Of one job: about a minute on one core."""
_CANDIDATES = 1_000_000
"""Rows that one job looks through at most, for some queries."""
_JOBS = 16
"""Of one search at least, so that no worker waits long for the others."""


def groups_of(n: int, n_dims: int) -> int:
    """Return into how many groups rows are cut, whoever does the work."""
    work = float(n) * n * (n_dims + 256) / 2
    enough = [count for count in DIFFERENCES if work / count <= _MOST_WORK]
    wanted = max(enough[0] if enough else 91, 21)
    return wanted if n >= wanted * _LEAST_ROWS else 7


def pairs_apart(others: Elsewhere, points: Points, lists: TopLists, progress: Progress) -> int:
    """Have all rows look at all others, on workers; return how many jobs that took."""
    n, n_dims = points.values.shape
    count = groups_of(n, n_dims)
    groups = spans(n, -(-n // count))
    members = [
        tuple(sorted({(job + one) % count for one in DIFFERENCES[count]} & {*range(len(groups))}))
        for job in range(count)
    ]
    with others.workplace() as folder:
        about = _write(points, folder)
        jobs = [
            Job(
                "emblink.neighbors._apart:found_in_pairs",
                str(folder),
                (*about, lists.keep, n, count, job, members[job]),
                f"neighbours among rows of part {job + 1} of {count}",
            )
            for job in range(count)
        ]
        _tell(lists, folder)
        with closing(_done(others, jobs, progress)) as results:
            for at, found in results:
                first = 0
                for member in members[at]:
                    rows = groups[member]
                    size = rows.stop - rows.start
                    topk_merge(lists, found[first : first + size], first_list=rows.start)
                    first += size
                _tell(lists, folder)
    return count


def found_in_pairs(
    folder: str,
    scale: float,
    centred: bool,
    keep: int,
    n: int,
    count: int,
    own: int,
    members: Sequence[int],
) -> PackedLists:
    """Return the best of the rows of some groups among each other."""
    points, groups = _read(folder, scale, centred), spans(n, -(-n // count))
    parts, first = [], 0
    for member in members:
        for rows in within(groups[member]):
            parts.append(Part(rows, first, member))
            first += rows.stop - rows.start
    lists = top_lists(first, keep=keep)
    known = _known(folder)
    for part in parts:
        size = part.rows.stop - part.rows.start
        lists.thresholds[part.first_list : part.first_list + size] = known[part.rows]
    without = frozenset(members) - {own}
    scan_pairs(points, parts, lists, without=without, tick=go_on)
    return packed(lists)


def queries_apart(
    others: Elsewhere,
    points: Points,
    queries: NDArray[np.int64],
    lists: TopLists,
    *,
    n_candidates: int,
    progress: Progress,
) -> int:
    """Have some rows look at the first ``n_candidates``, on workers; return how many jobs."""
    chunks = spans(n_candidates, _CANDIDATES)
    batches = spans(queries.size, max(1, math.ceil(queries.size * len(chunks) / _JOBS)))
    ranges = [(batch, chunk) for chunk in chunks for batch in batches]
    with others.workplace() as folder:
        about = _write(points, folder)
        np.save(folder / "queries.npy", queries)
        _tell(lists, folder)
        jobs = [
            Job(
                "emblink.neighbors._apart:found_for_queries",
                str(folder),
                (*about, lists.keep, batch.start, batch.stop, chunk.start, chunk.stop),
                f"neighbours of items {batch.start:,}–{batch.stop:,} of those asked among rows "
                f"{chunk.start:,}–{chunk.stop:,}",
            )
            for batch, chunk in ranges
        ]
        with closing(_done(others, jobs, progress)) as results:
            for at, found in results:
                topk_merge(lists, found, first_list=ranges[at][0].start)
                _tell(lists, folder)
    return len(jobs)


def found_for_queries(
    folder: str, scale: float, centred: bool, keep: int, begin: int, end: int, first: int, last: int
) -> PackedLists:
    """Return the best of a range of rows for some of those asked."""
    points = _read(folder, scale, centred)
    queries = np.ascontiguousarray(np.load(Path(folder) / "queries.npy", mmap_mode="r")[begin:end])
    lists = top_lists(end - begin, keep=keep)
    lists.thresholds[:] = _known(folder)[begin:end]
    scan_queries(points, queries, lists, candidates=slice(first, last), tick=go_on)
    return packed(lists)


def _done(
    others: Elsewhere, jobs: Sequence[Job], progress: Progress
) -> Generator[tuple[int, PackedLists]]:
    """Yield what workers found, telling how many jobs are done."""
    done, total = 0, len(jobs)
    progress(0, total)
    with closing(run_jobs(others.workers, jobs, look=lambda: progress(done, total))) as results:
        for result in results:
            yield result
            done += 1
            progress(done, total)


_THRESHOLDS, _THROUGH = "thresholds.npy", "thresholds.new.npy"
FILES = ("values.npy", "norms.npy", "bias.npy", "centre.npy", "queries.npy", _THRESHOLDS, _THROUGH)
"""What lies in the folder of a search."""


def _write(points: Points, folder: Path) -> tuple[float, bool]:
    for name in ("values", "norms", "bias"):
        np.save(folder / f"{name}.npy", getattr(points, name))
    if points.centre is not None:
        np.save(folder / "centre.npy", points.centre)
    return points.scale, points.centre is not None


def _read(folder: str, scale: float, centred: bool) -> Points:
    values, norms, bias = (
        np.asarray(np.load(Path(folder) / f"{name}.npy", mmap_mode="r"))
        for name in ("values", "norms", "bias")
    )
    centre = np.load(Path(folder) / "centre.npy") if centred else None
    return Points(values, centre, scale, norms, bias)


def _tell(lists: TopLists, folder: Path) -> None:
    """Let jobs that begin from now on know what is not worth returning."""
    np.save(folder / _THROUGH, lists.thresholds)
    (folder / _THROUGH).replace(folder / _THRESHOLDS)


def _known(folder: str) -> NDArray[np.float32]:
    known: NDArray[np.float32] = np.load(Path(folder) / _THRESHOLDS)
    return known
