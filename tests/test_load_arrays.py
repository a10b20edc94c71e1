"""The Python door: anything array-like, any data frame."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from emblink.errors import InputError, MatchError
from emblink.load import from_arrays
from emblink.types import AnyArray

X = np.arange(1, 9, dtype=np.float32).reshape(4, 2)


class Tensor:
    """As much of a tensor as ``__array__``."""

    def __init__(self, values: AnyArray, problem: str = "") -> None:
        self.values = values
        self.problem = problem

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> AnyArray:
        if self.problem:
            raise RuntimeError(self.problem)
        return self.values


def test_arrays_of_equal_length_are_rows_of_the_same_items() -> None:
    found = from_arrays({"old": X, "new": Tensor(X), "list": X.tolist()})
    assert found.ids.tolist() == [0, 1, 2, 3]
    assert {space.matched_by for space in found.spaces.values()} == {"row"}
    assert "matched to each other by position" in found.notes[0]
    assert found.spaces["old"].vectors is X


def test_arrays_of_different_length_need_ids() -> None:
    with pytest.raises(MatchError, match=r"space 'b' has no ids and 3 rows, but space 'a' has 4"):
        from_arrays({"a": X, "b": X[:3]})
    found = from_arrays({"a": X, "b": X[:3]}, ids={"a": list("abcd"), "b": list("dab")})
    assert found.ids[found.rows["b"]].tolist() == list("dab")


def test_one_array_of_ids_is_that_of_every_space() -> None:
    found = from_arrays({"a": X, "b": X}, ids=[7, 8, 9, 10], labels=list("ppqq"), text=np.arange(4))
    assert found.ids.tolist() == [7, 8, 9, 10]
    assert found.spaces["b"].matched_by == "id"
    assert found.roles == {"text": "text", "label": "label"}
    assert found.items["label"].tolist() == list("ppqq")
    assert not found.notes
    with pytest.raises(MatchError, match=r"space 'a' has 4 rows, but there are 3 ids for it"):
        from_arrays({"a": X}, ids=[1, 2, 3])


FRAMES = {
    "pandas": pd.DataFrame,
    "polars": pl.DataFrame,
    "polars lazy": pl.LazyFrame,
    "pyarrow": pa.table,
    "mapping": dict,
}


@pytest.mark.parametrize("frame", FRAMES.values(), ids=FRAMES.keys())
def test_any_data_frame_can_describe_the_items(frame: Any) -> None:
    days = np.array(["2024-01-05", "2024-02-05", "NaT", "2024-03-05"], "M8[us]")
    columns = {
        "code": ["d", "c", "b", "a"],
        "category": ["p", None, "q", "q"],
        "size": [1, 2, 3, 4],
        "share": [0.5, 1.5, float("nan"), 2.5],
        "ok": [True, False, True, True],
        "day": days,
    }
    found = from_arrays({"x": X}, items=frame(columns), ids="code", labels="category")
    assert found.ids.tolist() == list("dcba")
    assert found.spaces["x"].matched_by == "id"
    assert found.items["category"].tolist() == ["p", "", "q", "q"]
    assert found.items["size"].tolist() == [1, 2, 3, 4]
    np.testing.assert_array_equal(found.items["share"], columns["share"])
    assert found.items["ok"].tolist() == ["true", "false", "true", "true"]
    assert found.items["day"].tolist() == ["2024-01-05", "2024-02-05", "", "2024-03-05"]
    assert found.roles == {"label": "category"}


def test_columns_of_lists_describe_nothing_and_missing_integers_are_nan() -> None:
    frame = pl.DataFrame({"id": [3, 4, 5, 6], "v": X.tolist(), "n": [1, None, 3, 4]})
    for items in (frame, frame.to_pandas()):
        found = from_arrays({"x": X}, items=items)
        assert list(found.items) == ["n"]
        np.testing.assert_array_equal(found.items["n"], [1, np.nan, 3, 4])
        assert found.ids.tolist() == [3, 4, 5, 6]
        assert found.notes == (
            "space 'x' has no ids: its 4 rows were matched to items by position",
        )


def test_a_frame_without_ids_has_the_rows_of_the_arrays() -> None:
    found = from_arrays({"x": X}, items=pd.DataFrame({"name": list("abcd")}), labels=[1, 1, 2, 2])
    assert found.ids.tolist() == [0, 1, 2, 3]
    assert found.roles == {"text": "name", "label": "label"}
    with pytest.raises(MatchError, match=r"space 'x' has no ids and 4 rows, but items has 3"):
        from_arrays({"x": X}, items={"name": list("abc")})


def test_categories_of_frames_are_words() -> None:
    category = pd.Categorical(["u", "v", "u", None])
    found = from_arrays({"x": X}, items=pd.DataFrame({"class": category}))
    assert found.items["class"].tolist() == ["u", "v", "u", ""]


def test_files_and_arrays_can_be_mixed(tmp_path: Path) -> None:
    np.savez(tmp_path / "m.npz", a=X, b=X[:, :1], ids=np.array(list("abcd")))
    found = from_arrays({"p": f"{tmp_path}/m.npz::b", "q": X}, ids=list("dcba"))
    assert found.ids[found.rows["p"]].tolist() == list("abcd")
    assert found.spaces["q"].ids.tolist() == list("dcba")
    assert found.spaces["p"].source == "m.npz::b"
    assert found.spaces["q"].source == "array"


def test_ids_given_for_a_file_replace_its_own(tmp_path: Path) -> None:
    np.savez(tmp_path / "m.npz", a=X, ids=np.arange(99))
    (tmp_path / "ids.txt").write_text("w\nx\ny\nz\n")
    with pytest.raises(MatchError, match=r"m.npz::a has 4 rows, but array 'ids' of m.npz has 99"):
        from_arrays({"p": tmp_path / "m.npz"})
    for ids in (list("wxyz"), tmp_path / "ids.txt"):
        found = from_arrays({"p": tmp_path / "m.npz"}, ids={"p": ids})
        assert found.ids.tolist() == list("wxyz")


@pytest.mark.parametrize(("channels", "expected"), [(1, 100), (3, 100), (4, 100)])
def test_thumbnails_become_rgb(channels: int, expected: int) -> None:
    pictures = np.full((4, 2, 2, channels), 100, np.uint8)
    pictures[..., 3:] = 255
    found = from_arrays({"x": X}, thumbnails=pictures)
    assert found.items["thumbnail"].shape == (4, 2, 2, 3)
    assert np.all(found.items["thumbnail"] == expected)
    assert found.roles == {"thumbnail": "thumbnail"}


def test_transparent_pictures_lie_over_white() -> None:
    found = from_arrays({"x": X}, thumbnails=np.zeros((4, 1, 1, 4), np.uint8))
    assert np.all(found.items["thumbnail"] == 255)


@pytest.mark.parametrize(
    ("options", "error", "match"),
    [
        ({"items": 3}, InputError, r"items is a int; expected a data frame, a mapping of columns"),
        ({"items": {}}, InputError, r"items has no columns"),
        ({"items": {"a": [1], "b": [1, 2]}}, InputError, r"differ in length \(a: 1, b: 2\)"),
        (
            {"items": {"a": [1] * 4}, "ids": "b"},
            InputError,
            r"items has no column 'b'; .*a \(int64",
        ),
        ({"ids": "b"}, InputError, r"ids names the column 'b', but there is no items"),
        ({"ids": {"y": [1]}}, InputError, r"ids are given for 'y', but the spaces are x"),
        ({"ids": [1, 1, 2, 3]}, MatchError, r"ids repeats 1 .*id 1 in rows 0 and 1"),
        ({"ids": ["a", None, "b", "c"]}, MatchError, r"ids has 1 row without an id .*row 1"),
        ({"ids": pd.array([1, None, 2, 3])}, MatchError, r"ids has 1 row without an id .*row 1"),
        ({"ids": ["a", 1.5, (), "c"]}, InputError, r"ids"),
        ({"ids": [True, False, True, True]}, MatchError, r"ids holds bool; expected ids"),
        ({"labels": "b"}, InputError, r"no item column 'b' for label \(columns: none\)"),
        ({"labels": [1, 2]}, MatchError, r"the array of labels has 2 rows and no ids"),
        (
            {"labels": [1, 2], "ids": [1, 2, 3, 4]},
            MatchError,
            r"there are 2 label values, but 4 items",
        ),
        ({"labels": [[1], [2], [3], [4]]}, InputError, r"label values cannot describe items"),
        ({"labels": [1, "a", [], 2]}, InputError, r"label values"),
        ({"thumbnails": X}, InputError, r"thumbnail values cannot describe items"),
        ({"thumbnails": [1, 2, 3, 4]}, InputError, r"thumbnail values have shape \(4,\)"),
        ({"on_bad": "keep"}, InputError, r"on_bad is 'keep'; expected one of error, drop"),
    ],
)
def test_wrong_arguments_are_named(options: Any, error: type[InputError], match: str) -> None:
    with pytest.raises(error, match=match):
        from_arrays({"x": X}, **options)


def test_masked_numbers_and_objects_are_numbers_or_refused() -> None:
    masked = np.ma.MaskedArray(X.astype(int), mask=X == 3)
    nullable = pd.DataFrame({"a": [1, 2, 3], "b": [1.5, None, 2.5]}, dtype="Float64")
    found = from_arrays({"a": masked}, on_bad="drop")
    assert found.ids.tolist() == [0, 2, 3]
    assert from_arrays({"a": nullable}, on_bad="drop").ids.tolist() == [0, 2]
    with pytest.raises(InputError, match=r"space 'a' holds .*expected numbers"):
        from_arrays({"a": np.array([[1, "x"], [2, None]], dtype=object)})


def test_labels_beside_ids_of_each_space_are_matched_by_row_and_said_so() -> None:
    ids = {"a": list("abcd"), "b": list("dab")}
    found = from_arrays({"a": X, "b": X[:3]}, ids=ids, labels=[1, 2, 3, 4])
    assert found.items["label"].tolist() == [1, 2, 3, 4]
    assert found.notes == (
        "the array of labels has no ids: its 4 rows were matched to space 'a' by position",
    )


def test_frames_of_times_durations_and_decimals_are_words_and_numbers() -> None:
    frame = pl.DataFrame({"n": ["1.50", "2.25", None, "0"], "s": [1, 2, 3, None]}).with_columns(
        pl.col("n").cast(pl.Decimal(10, 2)), pl.duration(seconds="s").alias("took")
    )
    found = from_arrays({"x": X}, items=frame)
    np.testing.assert_array_equal(found.items["n"], [1.5, 2.25, np.nan, 0])
    assert found.items["took"].tolist() == ["0:00:01", "0:00:02", "0:00:03", ""]


def test_what_is_no_array_is_named() -> None:
    grad = Tensor(X, "Can't call numpy() on Tensor that requires grad.")
    with pytest.raises(InputError, match=r"space 'x' cannot be read .*grad.*\.detach\(\)\.cpu\(\)"):
        from_arrays({"x": grad})
    with pytest.raises(InputError, match=r"space 'x' cannot be read as an array"):
        from_arrays({"x": [[1.0, 2.0], [1.0]]})
    with pytest.raises(InputError, match="nothing to compare"):
        from_arrays({})
