"""Labels of each space, and spaces that have labels in common but no items."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from emblink.errors import InputError, MatchError
from emblink.load import from_arrays, load_spaces
from emblink.types import SpaceSet

X = np.arange(1, 9, dtype=np.float32).reshape(4, 2)
APART = {"a": list("wxyz"), "b": list("klmn")}
ALONE = "have no items in common; they are compared by their labels alone"


def note(a: str, b: str) -> str:
    given = f"eb.populations({{{a!r}: …, {b!r}: …}})"
    ours = f"two sets of items in the space of one model are populations: {given}"
    return f"{a!r} and {b!r} {ALONE}; {ours}"


def note_of_files(a: str, b: str) -> str:
    return note("a", "b").replace(
        "eb.populations({'a': …, 'b': …})", f"emblink populations {a} {b}"
    )


NOTE = note("a", "b")


def labels_of(found: SpaceSet, name: str) -> list[Any]:
    values: list[Any] = found.items[found.roles["label"]][found.rows[name]].tolist()
    return values


def test_spaces_without_common_items_are_joined_by_the_labels_of_each() -> None:
    found = from_arrays(
        {"a": X, "b": -X}, ids=APART, labels={"a": list("ppqq"), "b": np.array(["q", "", "p", "r"])}
    )
    assert found.ids.tolist() == list("wxyzklmn")
    assert labels_of(found, "a") == list("ppqq")
    assert labels_of(found, "b") == ["q", "", "p", "r"]
    assert found.notes == (NOTE,)


@pytest.mark.parametrize("kind", ["parquet", "csv", "npz"])
def test_labels_beside_the_vectors_of_several_files_are_one_column(
    tmp_path: Path, kind: str
) -> None:
    given = [("a", "wxyz", [1, 1, 2, 2]), ("b", "klmn", [2, 2, 3, 3])]
    for name, ids, label in given:
        frame = pd.DataFrame({"id": [*ids], "label": label, "d0": X[:, 0], "d1": X[:, 1]})
        path = tmp_path / f"{name}.{kind}"
        if kind == "npz":
            np.savez(path, ids=np.array([*ids]), label=np.array(label), vectors=X)
        elif kind == "csv":
            frame.to_csv(path, index=False)
        else:
            frame.to_parquet(path)
    found = load_spaces([f"a={tmp_path}/a.{kind}", f"b={tmp_path}/b.{kind}"])
    assert found.roles == {"label": "label"}
    expected = ["2", "2", "3", "3"] if kind == "csv" else [2, 2, 3, 3]
    assert labels_of(found, "b") == expected
    key = "::vectors" if kind == "npz" else ""
    assert found.notes == (note_of_files(f"a=a.{kind}{key}", f"b=b.{kind}{key}"),)


def test_labels_that_are_words_here_and_numbers_there_are_words(tmp_path: Path) -> None:
    for name, label in (("a", ["1", "1", "2", "2"]), ("b", [2, 2, 3, 3])):
        pd.DataFrame({"id": APART[name], "kind": label, "v": X.tolist()}).to_parquet(
            tmp_path / f"{name}.parquet"
        )
    found = load_spaces([f"{tmp_path}/a.parquet", f"{tmp_path}/b.parquet"], label="kind")
    assert labels_of(found, "b") == ["2", "2", "3", "3"]
    assert found.notes == (note_of_files("a=a.parquet", "b=b.parquet"),)


def test_one_table_may_label_the_items_of_both() -> None:
    items = {"id": list("wxyzklmn"), "label": list("ppqqqrrr")}
    found = from_arrays({"a": X, "b": X}, ids=APART, items=items)
    assert labels_of(found, "b") == list("qrrr")
    assert found.notes == (NOTE,)


@pytest.mark.parametrize(
    ("labels", "match"),
    [
        (None, r"no item of space 'a' is in space 'b'.*give both labels.*labels={'b': …, 'a': …}"),
        ({"a": list("ppqq")}, r"give both labels to compare them by: .*--label COLUMN"),
        ({"a": list("ppqq"), "b": list("rrss")}, r"none of their labels is the same, either"),
        ({"a": list("ppqq"), "b": [""] * 4}, r"give both labels"),
    ],
)
def test_spaces_with_neither_items_nor_labels_in_common_are_refused(
    labels: Any, match: str
) -> None:
    with pytest.raises(MatchError, match=match):
        from_arrays({"a": X, "b": X}, ids=APART, labels=labels)


def test_a_space_apart_is_noted_beside_each_other_or_counted_when_there_are_many() -> None:
    ids = {"a": list("wxyz"), "b": list("klmn"), "c": list("zyxw"), "d": list("lmop")}
    labels = {"a": list("ppqq"), "b": list("ppqq"), "d": ["", "", "q", "p"]}
    three = from_arrays(
        dict.fromkeys("abc", X),
        ids={name: ids[name] for name in "abc"},
        labels={name: labels[name] for name in "ab"},
    )
    assert three.notes == (NOTE, note("b", "c"))
    four = from_arrays(dict.fromkeys("abcd", X), ids=ids, labels=labels)
    assert labels_of(four, "d") == ["p", "q", "q", "p"]
    assert four.notes == (
        NOTE.replace("'a' and 'b'", "4 pairs of spaces, 'a' and 'b' the first of them,"),
    )


def test_labels_of_spaces_follow_their_items_and_fill_what_others_leave_open() -> None:
    found = from_arrays(
        {"a": X, "b": X},
        ids={"a": list("wxyz"), "b": list("zyxk")},
        labels={"a": [1, 2, np.nan, np.nan], "b": np.array([7, 8, 2, 9])},
    )
    assert labels_of(found, "a") == ["1", "2", "8", "7"]
    assert labels_of(found, "b") == ["7", "8", "2", "9"]


def test_labels_of_spaces_are_matched_by_row_where_the_spaces_are() -> None:
    found = from_arrays({"a": X, "b": X}, labels={"b": list("ppqq")})
    assert labels_of(found, "a") == list("ppqq")


def test_labels_of_dropped_rows_go_with_them() -> None:
    vectors = X.copy()
    vectors[1] = 0
    given = {"a": list("ppqq"), "b": list("qqpp")}
    found = from_arrays({"a": vectors, "b": X}, ids=APART, labels=given, on_bad="drop")
    assert labels_of(found, "a") == list("pqq")


@pytest.mark.parametrize(
    ("labels", "match"),
    [
        ({"z": list("ppqq")}, r"labels are given for 'z', but the spaces are a, b"),
        ({"a": list("ppq")}, r"space 'a' has 4 rows, but there are 3 labels for it"),
        (
            {"a": np.zeros((4, 2, 2, 3), np.uint8)},
            r"labels of space 'a' are pictures; expected one",
        ),
        ({"a": X}, r"labels of space 'a' cannot describe items"),
        (
            {"a": list("ppqq"), "b": list("ppqr")},
            r"labels of space 'b' .* differ for 1 of their items \(first: id 3, 'q' and 'r'\)",
        ),
    ],
)
def test_labels_of_spaces_that_cannot_be_used_name_the_space(labels: Any, match: str) -> None:
    with pytest.raises(InputError, match=match):
        from_arrays({"a": X, "b": X}, labels=labels)
