"""Damaged files of every format are refused in words, or read as they are written."""

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from emblink.load import load_spaces
from tests.fuzz.files import NAMES, A, variants
from tests.fuzz.pool import Worker

COUNT = int(os.environ.get("EMBLINK_FUZZ", "200"))
SEED = int(os.environ.get("EMBLINK_FUZZ_SEED", "0"))


KEPT = (
    ("a.jsonl", 660000158),  # a last comma, which is read, and which the reference refuses
    ("a.txt.gz", 13010000267),  # some lines end in CR alone: rows went into the words before them
    ("a.csv.gz", 13010000281),  # a row of 355,806 cells in 3 kB
    ("a.txt", 70000485),  # two rows on one line: the first went into the second's word
    ("a.jsonl", 80000503),  # a line of null among long ones went without a word
    ("a.arrow", 80001786),  # a column's name was read as far as its NUL
    ("a.tsv.gz", 80001913),  # 410,000 columns, over lines by a cell in quotes, took 192 MB
    ("a.npy", 70000626),  # a header of 2 ** 64 rows
    ("a.tsv.gz", 70000218),  # a sign changed makes a header of one name less: R writes such
    ("a.jsonl", 530000475),  # a first line of null before long ones
    ("a.json", 530000873),  # a vector in a list of one
    ("a.txt.gz", 530001416),  # looking at whether lines are counted held 200 of any length
    ("a.npz", 530002851),  # times, beside which the reference's were numbers
    ("a.tsv.gz", 530003163),  # a line of 14 MB
    ("a.csv.gz", 530003651),  # blanks behind a quote sign belong to no cell
    ("a.npz", 560000044),  # 119 MB of zeros in 118 kB, the only array that can be vectors
    ("a.npz", 660003479),  # 9,084,050 rows of zeros were told of in 325 MB
    ("a.csv", 520000120),  # a CR alone within the second line: a traceback
    ("a.tsv", 610000142),  # blanks between a quote sign and a tab, unknown to the reference
)
"""Inputs that were misread, or took too much memory, by the seed that makes them."""


@pytest.fixture(scope="module")
def worker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worker]:
    made = Worker(tmp_path_factory.mktemp("fuzz"))
    yield made
    made.close()


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_damage_is_refused_in_words_and_nothing_spared_is_misread(
    worker: Worker, name: str
) -> None:
    tally = worker.run(name, range(SEED, SEED + COUNT))
    assert not tally.faults, "\n".join(tally.faults[:20])
    assert sum(tally.counts.values()) == COUNT


@pytest.mark.parametrize("name", NAMES)
def test_what_is_not_damaged_is_read_exactly(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    for make in variants(name):
        path.write_bytes(make())
        vectors = next(iter(load_spaces([str(path)]).spaces.values())).vectors
        if "bvecs" not in name and "ivecs" not in name:
            np.testing.assert_array_equal(vectors, A)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "seed"), KEPT)
def test_what_went_wrong_once_goes_right(worker: Worker, name: str, seed: int) -> None:
    tally = worker.run(name, range(seed, seed + 1))
    assert not tally.faults, "\n".join(tally.faults)
