"""A fact sheet says what is inside a file."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from emblink.errors import ReadError
from emblink.load import inspect_file

UNIT = np.array([[3, 4], [4, 3], [3, 4], [-3, 4], [0, -5]], np.float32) / 5


def test_facts_of_an_array_count_what_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("emblink.load._npy.BLOCK", 4)  # two rows a block
    odd = np.array([[np.nan, 1], [np.inf, 1], [0, 0], [-0.0, 0], [0, 2]])
    vectors = np.concatenate([UNIT, odd])
    np.save(tmp_path / "a.npy", vectors.astype(np.float32))
    facts = inspect_file(tmp_path / "a.npy")
    assert (facts.format, facts.noun, facts.ids) == ("npy", "array", ())
    (found,) = facts.vectors
    assert (found.n_rows, found.n_dims, found.dtype) == (10, 2, "float32")
    assert (found.nan_rows, found.inf_rows, found.zero_rows) == (1, 1, 2)
    assert found.duplicate_rows == 2
    assert found.norms == pytest.approx((0, 0.75, 1, 1, 2))
    assert not found.unit_norm


def test_rows_of_unit_norm_are_recognised(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", UNIT.astype(np.float16))
    assert inspect_file(tmp_path / "a.npy").vectors[0].unit_norm


def test_facts_of_an_npz_list_every_array(tmp_path: Path) -> None:
    np.savez(tmp_path / "m.npz", x=UNIT, y=UNIT[:, :1], ids=np.array(list("abcde")), n=np.ones(5))
    facts = inspect_file(tmp_path / "m.npz")
    assert [(column.name, column.kind) for column in facts.columns] == [
        ("x", "vectors"),
        ("y", "vectors"),
        ("ids", "words"),
        ("n", "numbers"),
    ]
    assert [(found.name, found.n_dims) for found in facts.vectors] == [("x", 2), ("y", 1)]
    assert facts.ids[0].sample == "'a', 'b', 'c' …"
    assert [found.name for found in inspect_file(tmp_path / "m.npz", key="y").vectors] == ["y"]


def test_facts_of_tables_show_vectors_and_ids_with_their_problems(tmp_path: Path) -> None:
    frame = pd.DataFrame({"id": list("aabcd"), "v": [*UNIT.tolist()[:4], [1.0]]})
    frame.to_parquet(tmp_path / "t.parquet")
    facts = inspect_file(tmp_path / "t.parquet")
    assert "mixes vectors of different lengths" in (facts.vectors[0].problem or "")
    assert "repeats 1 of its ids" in (facts.ids[0].problem or "")
    pd.DataFrame({f"d{i}": UNIT[:, i] for i in range(2)}).to_csv(tmp_path / "w.csv", index=False)
    assert inspect_file(tmp_path / "w.csv").vectors[0].name == "d0 … d1"


def test_a_table_of_items_has_no_vectors_and_a_1d_array_says_why(tmp_path: Path) -> None:
    (tmp_path / "items.csv").write_text("id,word\n1,a\n2,b\n")
    facts = inspect_file(tmp_path / "items.csv")
    assert facts.vectors == ()
    assert [(found.name, found.n_rows) for found in facts.ids] == [("id", 2), ("word", 2)]
    np.save(tmp_path / "a.npy", UNIT[0])
    assert "shape (2,)" in (inspect_file(tmp_path / "a.npy").vectors[0].problem or "")


def test_what_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="there is no file"):
        inspect_file(tmp_path / "none.npy")
