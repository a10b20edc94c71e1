"""The same pairs given to emblaze 0.11.0."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from _tables import Check, Section, Value, say

from _planted.emblaze_peer import MEMORY, SHOWN, Suggested, environment, suggest
from _planted.generate import FIVE, Planted, Recipe, generate
from _planted.ours import Pair, Sought, neighbors, seek
from _planted.score import known_means, score
from _planted.workers import workers
from emblink.types import IntArray

SIZES = (1_000, 2_000, 5_000)
SEEDS = range(3)
LARGE = 20_000
LIMIT_S = 300.0
ITEMS_A_CHANGE = 500
FASTER = 1 / 20
OURS, RELEASED, MENDED = "emblink", "emblaze", "emblaze, mended"
COLUMNS = (
    "items",
    "engine",
    "recall",
    f"first {SHOWN}",
    "precision",
    "reported",
    "seconds",
    "ratio",
)
EXPLAINED = (
    "One ordered pair without a replicate, noise .25, a change for every 500 items; emblaze is "
    "given Euclidean neighbours, 100 of each item as by its own default, emblink 50. Seconds are "
    "without neighbours, and without emblaze's start and compiling. recall: of the first K "
    f"reported; first {SHOWN}, precision: share of the first {SHOWN}, which its viewer lists, and "
    "of all reported that match a planted group. mended: scores that are NaN or infinite are the "
    "numbers they stand for. ratio: emblink's seconds to these."
)
TWICE = (
    "processor: seconds of the processor, both on one thread, which other work beside hardly "
    "changes; the ratio is of these. emblink's: the more of a run before emblaze's and one after."
)
ENDED = "It was ended at its limit of {:.0f} s or {:.0f} GiB, so the ratio is an upper bound."


class Answer(NamedTuple):
    """What one engine reports of one pair; ``first`` is the precision of the first 25."""

    recall: float
    first: float
    precision: float
    reported: int
    seconds: float


def judge() -> Iterator[Section]:
    """Compare what is found and how fast; name what could not be measured."""
    try:
        environment()
    except (subprocess.CalledProcessError, SystemExit) as why:
        note = f"emblaze 0.11.0 could not be installed, so nothing is compared with it: {why}"
        yield Section("emblaze", (), [], [Check(_claim(LARGE), None, FASTER, strict=True)], [note])
        return
    yield _found()
    yield _nothing()
    yield _large()


def _claim(n: int) -> str:
    return f"processor's seconds / emblaze's, {n:,} items"


def _found() -> Section:
    rows: list[list[Value]] = []
    for n in SIZES:
        answers: dict[str, list[Answer]] = {OURS: [], RELEASED: [], MENDED: []}
        for seed in SEEDS:
            say(f"emblaze: {n:,} items, seed {seed}")
            made = generate(_recipe(n), seed=seed)
            ours = _ours(made)
            answers[OURS].append(_answer(ours.groups, made, ours.seconds))
            for name in (RELEASED, MENDED):
                theirs = _theirs(made, mended=name == MENDED)
                answers[name].append(_answer(theirs.groups, made, theirs.seconds))
        means = {name: known_means(found) for name, found in answers.items()}
        rows += [[n, name, *found, means[OURS][-1] / found[-1]] for name, found in means.items()]
    title = f"emblaze, {len(SEEDS)} planted pairs of each size"
    return Section(title, COLUMNS, rows, [], [EXPLAINED])


def _nothing() -> Section:
    """Count what is reported where nothing changed."""
    rows: list[list[Value]] = []
    for n in SIZES:
        say(f"emblaze: {n:,} items, nothing planted")
        made = generate(_recipe(n).nothing(), seed=0)
        counts = [len(_ours(made).groups)]
        counts += [len(_theirs(made, mended=mended).groups) for mended in (False, True)]
        rows.append([n, *counts])
    title = "emblaze, nothing planted: groups reported"
    return Section(title, ("items", OURS, RELEASED, MENDED), rows)


def _large() -> Section:
    say(f"emblaze: {LARGE:,} items, for at most {LIMIT_S:.0f} s")
    made = generate(_recipe(LARGE), seed=0)
    before = _on_one_thread(made)
    theirs = _theirs(made, mended=False)
    after = _on_one_thread(made)
    seconds = max(before.seconds, after.seconds)
    processor = max(before.processor, after.processor)
    stopped = theirs.ended or theirs.out_of_memory
    ratio = processor / theirs.processor if theirs.processor else None
    scores: list[Value] = [None] * 4
    if not stopped:
        scores = [*_answer(theirs.groups, made, theirs.seconds)[:-1]]
    rows: list[list[Value]] = [
        [LARGE, OURS, *_answer(after.groups, made, seconds), processor, 1.0],
        [LARGE, RELEASED, *scores, theirs.seconds, theirs.processor, ratio],
    ]
    check = Check(_claim(LARGE), ratio, FASTER, strict=True, upper_bound=stopped)
    notes = [TWICE, *([ENDED.format(LIMIT_S, MEMORY / 2**30)] if stopped else [])]
    columns = (*COLUMNS[:-1], "processor", COLUMNS[-1])
    return Section(f"emblaze, {LARGE:,} items once", columns, rows, [check], notes)


def _recipe(n: int) -> Recipe:
    wanted = n // ITEMS_A_CHANGE
    return Recipe(n=n, changes=(FIVE * -(-wanted // len(FIVE)))[:wanted])


def _ours(made: Planted) -> Sought:
    pair = Pair.of(made)
    graphs = [neighbors(one, pair.metric) for one in (made.a, made.b)]
    return seek(pair, graphs, other_runs=([], []))


def _on_one_thread(made: Planted) -> Sought:
    """Seek as emblaze does, on one thread: more of them wait for each other where others work."""
    with workers() as pool:
        return pool.submit(_ours, made).result()


def _theirs(made: Planted, *, mended: bool) -> Suggested:
    return suggest(made.a, made.b, limit_s=LIMIT_S, metric="euclidean", mended=mended)


def _answer(groups: Sequence[IntArray], made: Planted, seconds: float) -> Answer:
    every, first = (
        score(some, made.groups, None, n=len(made.a)) for some in (groups, groups[:SHOWN])
    )
    return Answer(every.recall, first.precision, every.precision, len(groups), seconds)
