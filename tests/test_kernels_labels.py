"""The label kernel against numpy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emblink.errors import KernelError
from emblink.kernels import label_counts
from tests.measures_helpers import random_lists


@given(st.integers(0, 10**6), st.integers(4, 40), st.integers(1, 6))
def test_label_counts_equal_the_oracle(seed: int, n: int, n_labels: int) -> None:
    rng = np.random.default_rng(seed)
    held = int(rng.integers(1, n))
    wide = int(rng.integers(1, held + 1))
    near = int(rng.integers(1, wide + 1))
    lists = random_lists(n, held, seed=seed)
    codes = rng.integers(-1, n_labels, n).astype(np.int32)
    groups = rng.integers(-1, 3, n).astype(np.int32)
    found = label_counts(lists, codes, groups, n_labels=n_labels, n_groups=3, near=near, wide=wide)
    edges = np.zeros((3, n_labels), dtype=np.int64)
    for item in range(n):
        seen = [int(code) for code in codes[lists[item, :wide]]]
        first = [code for code in seen[:near] if code >= 0]
        assert found.labelled[item] == len(first)
        assert found.wide_labelled[item] == sum(code >= 0 for code in seen)
        own = int(codes[item])
        assert found.same[item] == (first.count(own) if own >= 0 else 0)
        assert found.wide_same[item] == (seen.count(own) if own >= 0 else 0)
        most = max((first.count(code) for code in first), default=0)
        expected = next((code for code in first if first.count(code) == most), -1)
        assert found.voted[item] == expected
        for code in seen:
            if code >= 0 and groups[item] >= 0:
                edges[groups[item], code] += 1
    np.testing.assert_array_equal(found.edges, edges)


def test_label_counts_are_the_same_for_any_number_of_threads(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lists = random_lists(500, 9, seed=1)
    codes = np.random.default_rng(2).integers(-1, 4, 500).astype(np.int32)
    results = []
    for threads in ("1", "2", "5"):
        monkeypatch.setenv("EMBLINK_THREADS", threads)
        found = label_counts(lists, codes, codes, n_labels=4, n_groups=4, near=5, wide=9)
        results.append(b"".join(array.tobytes() for array in found))
    assert len({*results}) == 1


def test_label_counts_refuses_codes_without_a_place() -> None:
    lists = random_lists(6, 3, seed=0)
    codes = np.full(6, 2, dtype=np.int32)
    with pytest.raises(KernelError):
        label_counts(lists, codes, n_labels=2, near=1, wide=1)
    with pytest.raises(KernelError):
        label_counts(lists, codes, n_labels=3, near=2, wide=4)
