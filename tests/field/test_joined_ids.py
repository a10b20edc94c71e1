"""Ids that are there but cannot be used as they are: told or refused, and never row order."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from emblink.errors import InputError
from emblink.load import from_arrays, load_spaces
from emblink.types import SpaceSet

N, D = 40, 4
A = np.random.default_rng(7).normal(size=(N, D)).astype("f4")
TURNED = np.random.default_rng(8).permutation(N)
DIMS = [f"d{i}" for i in range(D)]


def frame(rows: Any = None, **columns: Any) -> pd.DataFrame:
    made = pd.DataFrame(A, columns=DIMS).assign(**columns)
    return made if rows is None else made.iloc[rows]


def joined_as(found: SpaceSet, where: Any) -> bool:
    """Whether both spaces have the same vector for each item."""
    a, b = found.spaces.values()
    rows = {one: row for row, one in enumerate(a.ids.tolist())}
    at = [rows[one] for one in b.ids.tolist()]
    return bool(np.array_equal(np.asarray(a.vectors)[at], np.asarray(b.vectors))) and where


OBJECTS: dict[str, Callable[[int], Any]] = {
    "UUIDs": lambda i: uuid.UUID(int=i * 7919),
    "decimals": lambda i: Decimal(i),
    "dates": lambda i: date(2020, 1, 1) + timedelta(days=i),
    "paths": lambda i: Path(f"img/{i}.jpg"),
    "bytes": lambda i: f"it{i}".encode(),
}


@pytest.mark.parametrize("name", ["id", "item_id", "doc_id"])
@pytest.mark.parametrize("kind", OBJECTS)
def test_ids_that_are_objects_of_one_word_join_by_it(kind: str, name: str) -> None:
    one = frame(**{name: pd.Series([OBJECTS[kind](i) for i in range(N)], dtype=object)})
    assert joined_as(from_arrays({"a": one, "b": one.iloc[TURNED].reset_index(drop=True)}), True)


UNUSABLE: dict[str, Callable[[int], Any]] = {
    "lists": lambda i: [f"it{i}"],
    "tuples": lambda i: (i, "x"),
    "dicts": lambda i: {"n": i},
    "nameless objects": lambda i: object(),
    "broken bytes": lambda i: b"\xff" + bytes([i]),
    "words and lists": lambda i: [i] if i % 2 else str(i),
}


@pytest.mark.parametrize("kind", UNUSABLE)
@pytest.mark.parametrize("where", ["space", "items"])
def test_ids_that_are_other_objects_are_refused_by_name(kind: str, where: str) -> None:
    ids = pd.Series([UNUSABLE[kind](i) for i in range(N)], dtype=object)
    with pytest.raises(InputError, match="column 'id' of"):  # noqa: PT012
        if where == "space":
            from_arrays({"a": frame(id=ids), "b": frame(id=ids)})
        else:
            from_arrays({"a": A}, items=pd.DataFrame({"id": ids, "label": "x"}))


DOCS = [f"doc-{i}" for i in range(N)]
FAULTS: dict[str, tuple[str, list[Any], str]] = {
    "a word repeats": ("doc_id", [*DOCS[:2], "doc-1", *DOCS[3:]], "repeats 'doc-1' in row 2"),
    "a word is missing": ("doc_id", [*DOCS[:5], None, *DOCS[6:]], "is empty in row 5"),
    "several repeat": ("doc_id", [*DOCS[:30], *DOCS[:10]], "repeats 'doc-0' in row 30"),
    "under another name": ("thing", ["doc-9", *DOCS[1:]], "'thing'.* repeats 'doc-9' in row 9"),
    "a number is missing": ("doc_id", [*range(7), None, *range(8, N)], "is empty in row 7"),
    "a number repeats": ("doc_id", [*range(7), 6, *range(8, N)], "repeats '6' in row 7"),
}


@pytest.mark.slow
@pytest.mark.parametrize("form", ["frames", "files", "known"])
@pytest.mark.parametrize("kind", FAULTS)
def test_a_join_with_a_faulty_row_names_column_and_row(
    tmp_path: Path, kind: str, form: str
) -> None:
    name, values, what = FAULTS[kind]
    whole = list(range(N)) if "number" in kind else DOCS
    faulty = frame(**{name: values})
    other = frame(**{"id" if form == "known" else name: whole}).iloc[::-1].reset_index(drop=True)
    with pytest.raises(InputError, match=rf"column '{name}' of .*{what}|{what}"):  # noqa: PT012
        if form == "files":
            faulty.to_parquet(tmp_path / "a.parquet")
            other.to_parquet(tmp_path / "b.parquet")
            load_spaces([f"{tmp_path}/a.parquet", f"{tmp_path}/b.parquet"])
        else:
            from_arrays({"a": faulty, "b": other})


APART: dict[str, Callable[[int], str]] = {
    "capitals": lambda i: f"DOC-{i}",
    "padding": lambda i: f"doc-{i:04d}",
    "endings": lambda i: f"doc-{i}.txt",
    "braces": lambda i: f"{{doc-{i}}}",
    "other values": lambda i: f"item {i}x".replace(" ", ""),
    "a few shared": lambda i: f"doc-{i}" if i < 2 else f"q{i}",
}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["doc_id", "path", "thing"])
@pytest.mark.parametrize("kind", APART)
def test_columns_of_one_name_that_do_not_match_are_no_row_order(
    tmp_path: Path, kind: str, name: str
) -> None:
    other = [APART[kind](i) for i in TURNED]
    frame(**{name: DOCS}).to_csv(tmp_path / "a.csv", index=False)
    frame(**{name: other}).to_csv(tmp_path / "b.csv", index=False)
    with pytest.raises(InputError, match=f"column '{name}' of a.csv and of b.csv"):
        load_spaces([f"{tmp_path}/a.csv", f"{tmp_path}/b.csv"])


@pytest.mark.parametrize("kind", ["capitals", "padding", "endings", "braces"])
def test_columns_of_two_names_that_differ_in_writing_are_told(kind: str) -> None:
    other = [APART[kind](i) for i in TURNED]
    found = from_arrays({"a": frame(doc=DOCS), "b": frame(name=other)})
    assert any("would be the same but for" in note for note in found.notes)


def test_texts_of_one_name_are_matched_by_position() -> None:
    a, b = [f"the text {i}" for i in range(N)], [f"le texte {i}" for i in range(N)]
    found = from_arrays({"a": frame(text=a), "b": frame(text=b)})
    assert {space.matched_by for space in found.spaces.values()} == {"row"}


def test_counts_are_never_the_ids() -> None:
    counts = np.random.default_rng(3).permutation(N) + 10
    a, b = frame(n_chars=counts), frame(n_chars=counts[TURNED])
    found = from_arrays({"a": a, "b": b})
    assert {space.matched_by for space in found.spaces.values()} == {"row"}


INDICES: dict[str, tuple[Callable[[pd.DataFrame], pd.DataFrame], bool]] = {
    "permuted": (lambda one: one.iloc[TURNED], True),
    "reversed": (lambda one: one.iloc[::-1], True),
    "filtered": (lambda one: one[one.d0 > 0], True),
    "floats": (lambda one: one.iloc[TURNED].set_axis(TURNED.astype(float)), True),
    "a slice": (lambda one: one.iloc[10:30], False),
}


@pytest.mark.parametrize("kind", INDICES)
def test_an_index_that_names_rows_of_another_frame_joins(kind: str) -> None:
    turned, works = INDICES[kind]
    whole = frame()
    if works:
        assert joined_as(from_arrays({"a": whole, "b": turned(whole)}), True)
    else:
        with pytest.raises(InputError):
            from_arrays({"a": whole, "b": turned(whole)})


LEVELS = pd.MultiIndex.from_arrays([["train"] * 25 + ["test"] * 15, [*range(25), *range(15)]])


@pytest.mark.parametrize("other", ["levels", "words"])
def test_an_index_of_several_levels_joins(other: str) -> None:
    one = frame().set_axis(LEVELS)
    words = pd.Index([f"{part}/{number}" for part, number in LEVELS])
    two = one.set_axis(LEVELS if other == "levels" else words).iloc[TURNED]
    assert joined_as(from_arrays({"a": one, "b": two}), True)


def test_levels_are_told_by_their_names_in_any_order() -> None:
    one = frame().set_axis(LEVELS.set_names(["part", "number"]))
    two = one.swaplevel().iloc[TURNED]
    assert joined_as(from_arrays({"a": one, "b": two}), True)


def test_levels_that_hold_the_sign_between_them_stay_apart() -> None:
    levels = pd.MultiIndex.from_tuples(
        [("a/b", "c"), ("a", "b/c"), *((f"x{i}", "y") for i in range(38))]
    )
    one = frame().set_axis(levels)
    assert joined_as(from_arrays({"a": one, "b": one.iloc[TURNED]}), True)


@pytest.mark.parametrize("index", [[f"g{i}" for i in range(N)], range(100, 100 + N)])
def test_an_index_that_no_other_frame_shares_is_told(index: Any) -> None:
    found = from_arrays({"a": frame().set_axis(index), "b": frame()})
    assert any("that no other file shares: it was not used as ids" in note for note in found.notes)


@pytest.mark.parametrize("kind", ["words", "numbers"])
def test_labels_with_an_index_join_by_it(kind: str) -> None:
    index = [f"g{i}" for i in range(N)] if kind == "words" else range(500, 500 + N)
    one = frame().set_axis(index)
    labels = pd.Series([f"kind {i % 5}" for i in range(N)], index=index)
    found = from_arrays({"a": one, "b": one}, labels=labels.iloc[TURNED])
    told = dict(zip(map(str, found.ids), map(str, found.items["label"]), strict=True))
    assert told == {str(one): kind for one, kind in labels.items()}
    alone = from_arrays({"a": A, "b": A}, labels=labels.iloc[TURNED])
    assert [*map(str, alone.items["label"])] == labels.iloc[TURNED].tolist()
