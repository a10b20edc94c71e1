"""Where a comparison lies that nobody gave a place: never over one of other vectors."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from emblink import compare
from emblink.comparison import bundle_for
from emblink.load import from_arrays

N = 40


def vectors(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(N, 4)).astype("f4")


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    compare({"old": vectors(0), "new": vectors(1)}, out="old-vs-new.emblink")
    return tmp_path


@pytest.mark.slow
@pytest.mark.parametrize(
    ("old", "new", "name"),
    [
        (0, 1, "old-vs-new.emblink"),
        (0, 2, "old-vs-new.emblink"),
        (2, 1, "old-vs-new.emblink"),
        (2, 3, "old-vs-new-2.emblink"),
        (1, 0, "old-vs-new-2.emblink"),
    ],
)
def test_a_bundle_of_other_vectors_is_left_and_said(
    made: Path, old: int, new: int, name: str
) -> None:
    out, said = bundle_for(from_arrays({"old": vectors(old), "new": vectors(new)}))
    assert str(out) == name
    assert ("holds a comparison of other vectors" in said) == name.endswith("-2.emblink")
    assert "-o names another" in said


@pytest.mark.slow
def test_the_second_name_is_continued_and_the_third_is_free(made: Path) -> None:
    compare({"old": vectors(2), "new": vectors(3)}, out="old-vs-new-2.emblink")
    again, _ = bundle_for(from_arrays({"old": vectors(2), "new": vectors(3)}))
    other, _ = bundle_for(from_arrays({"old": vectors(4), "new": vectors(5)}))
    assert (str(again), str(other)) == ("old-vs-new-2.emblink", "old-vs-new-3.emblink")


@pytest.mark.parametrize("what", ["folder", "file", "nothing"])
def test_what_is_no_bundle_stays_for_the_comparison_to_refuse(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    monkeypatch.chdir(tmp_path)
    if what == "folder":
        Path("old-vs-new.emblink").mkdir()
    elif what == "file":
        Path("old-vs-new.emblink").write_text("mine")
    out, _ = bundle_for(from_arrays({"old": vectors(0), "new": vectors(1)}))
    assert str(out) == "old-vs-new.emblink"
