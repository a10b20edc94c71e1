"""What was read as something else without a word: dims that went, rows in other orders."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from emblink.errors import InputError
from emblink.load import load_spaces

N, D = 60, 4
A = np.random.default_rng(0).normal(size=(N, D)).round(4)
NAMES = [f"d{i}" for i in range(D)]
FRAME = pd.DataFrame(A, columns=NAMES)


@pytest.mark.slow
@pytest.mark.parametrize("at", [0, 2, D - 1])
@pytest.mark.parametrize(
    "written",
    ["{:,.2f} ", "−{:.3f}", "1/{:.0f}", "0x{:.0f}p3", "{:.0f}d-3", "{:.1f}%", "{:.1f} m"],
)
def test_a_dim_whose_numbers_cannot_be_read_is_named_and_not_left_out(
    tmp_path: Path, written: str, at: int
) -> None:
    path = tmp_path / "a.csv"
    words = [written.format(1000 * (1 + abs(x))) for x in A[:, at]]
    FRAME.assign(**{f"d{at}": words}).to_csv(path, index=False)
    with pytest.raises(InputError, match=f"d{at}.* (holds words|has .* with words)"):
        load_spaces([str(path)])


@pytest.mark.parametrize("ending", [".parquet", ".jsonl"])
@pytest.mark.parametrize("at", [0, D - 1])
def test_numbers_of_a_family_that_are_typed_as_words_are_named(
    tmp_path: Path, ending: str, at: int
) -> None:
    path = tmp_path / f"a{ending}"
    frame = FRAME.assign(**{f"d{at}": FRAME[f"d{at}"].astype(str)})
    if ending == ".parquet":
        frame.to_parquet(path)
    else:
        frame.to_json(path, orient="records", lines=True)
    with pytest.raises(InputError, match=f"column d{at} .*holds words"):
        load_spaces([str(path)])


def test_an_empty_column_at_the_end_of_a_family_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    FRAME.assign(**{f"d{D}": None}).to_csv(path, index=False)
    with pytest.raises(InputError, match=f"column d{D} .*is empty"):
        load_spaces([str(path)])


def test_a_label_that_is_numbered_as_the_dims_are_stays_a_label(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    FRAME.assign(**{f"d{D}": ["setosa", "versicolor"] * (N // 2)}).to_csv(path, index=False)
    found = load_spaces([str(path)])
    assert found.spaces["a"].vectors.shape == (N, D)
    assert f"d{D}" in found.items


@pytest.mark.parametrize("sign", [",", ";", "|", ":"])
def test_a_first_number_that_another_sign_parts_from_the_word_is_refused(
    tmp_path: Path, sign: str
) -> None:
    path = tmp_path / "a.txt"
    rows = (" ".join(map(str, row)) for row in A)
    path.write_text("".join(f"w{i}{sign}{row}\n" for i, row in enumerate(rows)))
    with pytest.raises(InputError, match="another sign than a blank"):
        load_spaces([str(path)])


def test_sparse_vectors_are_not_taken_for_the_few_numbers_that_they_hold(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    rows = [
        {"id": i, "emb": {"indices": [1, 7], "values": [0.5, x]}} for i, x in enumerate(A[:, 0])
    ]
    path.write_text("\n".join(map(json.dumps, rows)) + "\n")
    with pytest.raises(InputError, match="sparse") as refused:
        load_spaces([str(path)])
    assert "emb.values" not in str(refused.value)


def test_rows_that_a_shared_column_shows_in_another_order_are_told(tmp_path: Path) -> None:
    frame = FRAME.assign(user=np.arange(N) // 10, seq=np.arange(N) % 10)
    frame.to_parquet(tmp_path / "a.parquet")
    turned = frame.iloc[np.random.default_rng(1).permutation(N)].reset_index(drop=True)
    turned.to_parquet(tmp_path / "b.parquet")
    paths = [str(tmp_path / f"{name}.parquet") for name in "ab"]
    notes = " ".join(load_spaces(paths).notes)
    assert "'user' and 'seq' hold the same values in both, but in another order" in notes
    frame.to_parquet(tmp_path / "b.parquet")
    assert "another order" not in " ".join(load_spaces(paths).notes)


def test_fractions_are_not_offered_as_labels(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    FRAME.assign(y=np.random.default_rng(2).random(N)).to_csv(path, index=False)
    assert "looks like labels" not in " ".join(load_spaces([str(path)]).notes)
