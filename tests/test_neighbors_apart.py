"""How exact search is cut into jobs: every two rows meet once, and few lists come back."""

from __future__ import annotations

from collections import Counter
from itertools import combinations, product

import numpy as np
import pytest

from emblink.executors import Job, working_on
from emblink.neighbors import nearest_neighbors
from emblink.neighbors._apart import DIFFERENCES, groups_of
from emblink.neighbors._points import spans
from tests.test_executors import Recorder, equal, vectors


@pytest.mark.parametrize("count", DIFFERENCES)
def test_every_two_groups_meet_in_exactly_one_job(count: int) -> None:
    jobs = [{(job + one) % count for one in DIFFERENCES[count]} for job in range(count)]
    met = Counter(pair for job in jobs for pair in combinations(sorted(job), 2))
    assert {*met} == {*combinations(range(count), 2)}
    assert {*met.values()} == {1}
    assert all(own in job for own, job in enumerate(jobs))


@pytest.mark.parametrize("n", [2, 5, 8, 13, 50, 200, 5_380])
def test_few_and_many_rows_find_the_same(n: int) -> None:
    x = vectors(n) if n > 40 else np.random.default_rng(n).standard_normal((n, 3), dtype="f4")
    with working_on(Recorder(), least=0):
        there = nearest_neighbors(x, k=min(4, n - 1))
    assert equal(there, nearest_neighbors(x, k=min(4, n - 1)))


def test_jobs_of_a_search_are_of_rows_alone_whoever_works() -> None:
    assert groups_of(100, 8) == 7
    assert groups_of(100_000, 64) == 21
    assert groups_of(1_000_000, 384) == 57
    assert groups_of(10_000_000, 384) == 91


def test_ranges_of_candidates_cover_all_for_every_query(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("emblink.neighbors._apart._CANDIDATES", 300)
    handed: list[Job] = []

    class Kept(Recorder):
        def submit(self, function, *arguments):  # type: ignore[no-untyped-def]
            handed.append(arguments[0])
            return super().submit(function, *arguments)

    x, asked = vectors(1_000), np.arange(0, 1_000, 9)
    with working_on(Kept(), least=0):
        there = nearest_neighbors(x, k=4, queries=asked)
    assert equal(there, nearest_neighbors(x, k=4, queries=asked))
    ranges = [one.parameters[-4:] for one in handed]
    cells = Counter(
        cell
        for begin, end, first, last in ranges
        for cell in product(range(begin, end), range(first, last))  # type: ignore[arg-type]
    )
    assert len(ranges) >= 16
    assert len(cells) == asked.size * len(x)
    assert {*cells.values()} == {1}
    assert {(first, last) for *_, first, last in ranges} == {
        (one.start, one.stop) for one in spans(len(x), 300)
    }
