"""A comparison as tables: in numpy, pandas, polars and Arrow."""

from __future__ import annotations

import datetime
import sys
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import pytest

import emblink as eb
from emblink.comparison._given import restored
from emblink.comparison._table import Table, table_of
from emblink.errors import InputError
from emblink.types import Given

NAMES = ["items", "labels", "pairs", "groups", "findings"]


def test_items_are_in_the_callers_order_with_their_own_columns(small: eb.Comparison) -> None:
    table = small.items
    assert table.n_rows == 240
    np.testing.assert_array_equal(table["id"], small.ids)
    np.testing.assert_allclose(table["size"], np.linspace(0, 1, 240))
    assert table["words"][7] == "thing number 7"


def test_items_hold_each_pairs_measures_and_each_spaces_place(small: eb.Comparison) -> None:
    table = small.items
    for a, b in small.pairs:
        for name, values in small.pair(a, b).items.items():
            np.testing.assert_array_equal(table[f"{a} → {b} {name}"], values)
    rows = small.space_set.rows["noisy"]
    np.testing.assert_array_equal(np.flatnonzero(table["in noisy"]), np.sort(rows))
    coords = small.projections["noisy"].coords
    np.testing.assert_array_equal(table["noisy x"][rows], coords[:, 0])
    assert np.isnan(table["noisy y"][~table["in noisy"]]).all()
    moves = small.moves("a", "noisy")
    assert {*table["a → noisy move"][moves.rows].tolist()} <= {*moves.counts}
    assert (table["a → noisy move"][~table["in noisy"]] == "").all()


def test_pairs_and_labels_are_those_of_the_report(small: eb.Comparison) -> None:
    report = small.report()
    pairs, labels = small.tables.pairs, small.tables.labels
    assert pairs["answer"].tolist() == [pair["answer"] for pair in report["pairs"]]
    overlap = [pair["scores"]["neighborhood_overlap"] for pair in report["pairs"]]
    np.testing.assert_array_equal(pairs["neighborhood_overlap"], [one["value"] for one in overlap])
    np.testing.assert_array_equal(
        pairs["neighborhood_overlap_low"], [one["interval"][0] for one in overlap]
    )
    told = [label for pair in report["pairs"] for label in pair["labels"]]
    assert labels["label"].tolist() == [label["label"] for label in told]
    np.testing.assert_array_equal(labels["delta"], [label["delta"] for label in told])


@pytest.mark.parametrize("name", NAMES)
def test_every_table_is_the_same_in_every_library(small: eb.Comparison, name: str) -> None:
    table: Table = getattr(small.tables, name)
    pandas, polars = table.to_pandas(), table.to_polars()
    assert [*pandas.columns] == polars.columns == [*table]
    assert len(pandas) == len(polars) == table.n_rows
    if not table.n_rows:
        return
    arrow = pa.table(table)
    assert arrow.column_names == [*table]
    assert pl.DataFrame(table).shape == polars.shape
    for column, values in table.items():
        expected = nulled(values.tolist())
        assert nulled(pandas[column].tolist()) == nulled(polars[column].to_list()) == expected
        assert arrow[column].to_pylist() == expected


def nulled(values: list[object]) -> list[object]:
    """Return values with None for NaN."""
    return [None if value != value else value for value in values]


def test_names_that_sql_could_take_amiss_stay_what_they_are() -> None:
    table = Table({'a"; --': np.arange(2), "A": np.array([True, False]), "a": np.array([0.5, 1])})
    assert pa.table(table).to_pydict() == {'a"; --': [0, 1], "A": [True, False], "a": [0.5, 1.0]}


def test_spaces_called_like_columns_hide_no_column(tmp_path: Path) -> None:
    x = np.random.default_rng(0).standard_normal((30, 4))
    items = {"in a": np.arange(30), "a x": np.arange(30) * 2}
    table = eb.compare({"a": x, "b": x + 0.1}, items=items, out=tmp_path / "x.emblink").items
    assert table["in a"].tolist() == list(range(30))
    assert table["in a'"].all()
    np.testing.assert_array_equal(table["a x"], np.arange(30) * 2)


def test_what_a_row_lacks_is_missing_in_the_way_of_its_column() -> None:
    table = table_of([{"n": 1, "x": 0.5, "w": "a"}, {"n": 2}])
    assert table["n"].tolist() == [1, 2]
    assert table["n"].dtype.kind == "i"
    assert np.isnan(table["x"][1])
    assert table["w"].tolist() == ["a", ""]
    assert table_of([]).n_rows == 0


def test_an_unknown_column_is_named_beside_the_known(small: eb.Comparison) -> None:
    with pytest.raises(KeyError, match=r"no column 'colour'; the columns are: a, b, label"):
        small.tables.labels["colour"]


def test_a_library_that_is_not_there_is_named(
    small: eb.Comparison, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "polars", None)
    with pytest.raises(InputError, match="polars is not installed; `pip install polars`"):
        small.tables.pairs.to_polars()


def test_tables_without_a_row_have_their_columns_everywhere(tmp_path: Path) -> None:
    x = np.random.default_rng(0).standard_normal((40, 6))
    tables = eb.compare({"a": x, "b": x.copy()}, out=tmp_path / "same.emblink").tables
    for table in (tables.labels, tables.groups, tables.findings):
        assert table.n_rows == 0
        names = [*table]
        assert {"a", "b"} < {*names}
        assert pa.table(table).column_names == names
        assert table.to_pandas().columns.tolist() == table.to_polars().columns == names
        assert table.to_polars().schema["a"] == pl.String
        assert pa.table(table).schema.field("a").type == pa.string()


def test_missing_numbers_are_null_where_a_frame_knows_null() -> None:
    table = Table({"x": np.array([1.0, np.nan, 3.0]), "w": np.array(["a", "", "b"])})
    assert table.to_polars().to_dict(as_series=False) == pa.table(table).to_pydict()
    assert table.to_polars()["x"].mean() == 2


def test_a_picture_has_the_columns_that_other_tools_take(small: eb.Comparison) -> None:
    table = small.tables.picture("noisy", k=5)
    frame = table.to_pandas()
    space, graph = small.spaces["noisy"], small.graphs["noisy"]
    assert frame["id"].tolist() == space.ids.tolist()
    coords = small.projection("noisy").coords
    np.testing.assert_array_equal(frame[["projection_x", "projection_y"]].to_numpy(), coords)
    for row in (0, 17, 179):
        near = frame["neighbors"][row]
        assert near["ids"] == space.ids[graph.indices[row, :5]].tolist()
        np.testing.assert_allclose(near["distances"], graph.distances[row, :5])
    label = dict(zip(small.ids.tolist(), small.space_set.items["label"].tolist(), strict=True))
    assert frame["label"].tolist() == [label[one] for one in space.ids.tolist()]


def test_neighbours_stay_structures_in_arrow_and_polars(small: eb.Comparison) -> None:
    import pyarrow as pa

    table = small.tables.picture("a", k=3)
    kept = table["neighbors"][7]
    arrow = pa.table(table)
    assert arrow["neighbors"][7].as_py()["ids"] == kept["ids"]
    assert table.to_polars()["neighbors"][7] == kept


@pytest.mark.slow
@pytest.mark.parametrize("library", ["pandas", "polars", "pyarrow"])
def test_tables_come_back_as_the_kind_of_frame_that_went_in(library: str) -> None:
    import pandas as pd

    x = np.random.default_rng(0).standard_normal((30, 4))
    told = {"id": [f"w{i}" for i in range(30)], "label": [["a", "b"][i % 2] for i in range(30)]}
    made = {"pandas": pd.DataFrame, "polars": pl.DataFrame, "pyarrow": pa.table}
    found = eb.compare({"old": x, "new": x + 0.1}, items=made[library](told))
    for table in (
        found.items,
        found.tables.pairs,
        found.tables.labels,
        found.tables.picture("old"),
    ):
        assert isinstance(table.native(), type(made[library](told)))
    assert len(found.items.rows(np.arange(30) < 7).native()) == 7


def test_without_a_frame_that_went_in_tables_are_of_what_is_there(
    small: eb.Comparison, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pandas as pd

    assert isinstance(small.items.native(), pd.DataFrame)
    there: set[str] = {"polars"}
    monkeypatch.setattr("emblink.comparison._table.find_spec", lambda name: name in there or None)
    assert isinstance(small.items.native(), pl.DataFrame)
    there.clear()
    assert isinstance(small.items.native(), Table)


def _odd(library: str) -> Any:
    days = [datetime.date(2026, 1, 1 + at) for at in range(12)]
    times = [
        datetime.datetime(2026, 3, 28, 7) + datetime.timedelta(hours=9 * at) for at in range(12)
    ]
    if library == "polars":
        levels = pl.Series(
            "grade", ["low", "high", None] * 4, dtype=pl.Enum(["low", "mid", "high"])
        )
        kinds = {
            "flag": [True, None, False] * 4,
            "sure": [True, False] * 6,
            "whole": [1, None, 3] * 4,
        }
        frame = pl.DataFrame({**kinds, "day": [None, *days[1:]], "time": times})
        zoned = pl.col("time").dt.replace_time_zone("Europe/Berlin").alias("zoned")
        return frame.with_columns(
            levels, zoned, cat=pl.Series(list("abc") * 4, dtype=pl.Categorical)
        )
    import pandas as pd

    grades = pd.Categorical(["low", "high", None] * 4, ["low", "mid", "high"], ordered=True)
    return pd.DataFrame(
        {
            "flag": pd.array([True, None, False] * 4, dtype="boolean"),
            "sure": [True, False] * 6,
            "whole": pd.array([1, None, 3] * 4, dtype="Int64"),
            "time": pd.Series([pd.NaT, *times[1:]]).astype("M8[us]"),
            "zoned": pd.Series(times).astype("M8[us]").dt.tz_localize("Europe/Berlin"),
            "grade": grades,
            "cat": pd.Categorical(list("abc") * 4),
            "size": np.arange(12) / 7,
        }
    )


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_columns_come_back_as_what_they_were(library: str, tmp_path: Path) -> None:
    x = np.random.default_rng(0).standard_normal((12, 4))
    frame = _odd(library)
    made = eb.compare({"a": x, "b": x + 0.1}, items=frame, out=tmp_path / "o.emblink")
    for comparison in (made, eb.open(made.path)):
        table = comparison.items
        back = table.to_pandas() if library == "pandas" else table.to_polars()
        for name in frame.columns:
            assert back[name].dtype == frame[name].dtype, name
            assert str(back[name].to_list()) == str(frame[name].to_list()), name
    some = made.items.rows(np.arange(12) < 3)
    assert pa.table(some)["flag"].to_pylist() == [True, None, False]
    assert pa.table(some)["whole"].to_pylist() == [1, None, 3]
    assert some["sure"].tolist() == [True, False, True]
    assert made.tables.picture("a")["sure"].dtype == bool
    assert made.space_set.items["sure"][0] == "true"


def test_what_is_no_more_what_it_was_comes_back_as_it_is_kept() -> None:
    words = np.array(["true", "perhaps", ""], dtype=np.dtypes.StringDType())
    for kind in ("flag", "day", "time", "whole"):
        assert restored(words, Given(kind)) is words
    table = Table({"x": words}, given={"x": Given("day"), "gone": Given("flag")})
    assert pa.table(table)["x"].to_pylist() == ["true", "perhaps", ""]


def test_a_copy_tells_nothing_of_the_columns_that_it_leaves_out(tmp_path: Path) -> None:
    x = np.random.default_rng(0).standard_normal((12, 4))
    made = eb.compare({"a": x, "b": x + 0.1}, items=_odd("polars"), out=tmp_path / "o.emblink")
    made.to_html(tmp_path / "s", columns=["sure"])
    text = next((tmp_path / "s").rglob("manifest.json")).read_text(encoding="utf-8")
    assert '"given":{"sure"' in text
    assert '"mid"' not in text
