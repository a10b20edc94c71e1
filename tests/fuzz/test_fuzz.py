"""Damaged files of every format are refused in words, or read as far as they were spared."""

import itertools
import os
import zlib
from pathlib import Path

import numpy as np
import pytest

from tests.fuzz.mutate import EXACT, IDS, NAMES, A, D, mutants, original, read

COUNT = int(os.environ.get("EMBLINK_FUZZ", "60"))
SEED = int(os.environ.get("EMBLINK_FUZZ_SEED", "0"))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", NAMES)
def test_damage_is_refused_in_words_and_nothing_spared_is_misread(
    tmp_path: Path, name: str
) -> None:
    data = original(name)
    path = tmp_path / name
    seed = SEED + zlib.crc32(name.encode())
    for at, (kind, damaged) in enumerate(itertools.islice(mutants(data, seed), COUNT)):
        path.write_bytes(damaged)
        os.utime(path, (1, 1 + at))
        found = read(path)
        if found is None or kind != "cut" or name not in EXACT:
            continue
        ids, vectors = found
        assert vectors.shape[1] == D
        rows = [IDS.index(one) if str(one) in IDS else int(one) for one in ids.tolist()]
        whole = len(rows) - 1 if name in ("a.csv", "a.txt") else len(rows)
        np.testing.assert_array_equal(vectors[:whole], A[rows[:whole]])


@pytest.mark.parametrize("name", NAMES)
def test_what_is_not_damaged_is_read_exactly(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(original(name))
    found = read(path)
    assert found is not None
    np.testing.assert_array_equal(found[1], A)
