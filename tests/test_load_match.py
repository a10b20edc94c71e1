"""Spaces are joined by id whatever the order, subset and type of their ids."""

import json
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emblink.errors import MatchError
from emblink.load import from_arrays, load_spaces
from emblink.load._match import find, union
from emblink.types import AnyArray, SpaceSet

DATA = Path(__file__).parent / "data"

numbers = st.integers(-(2**62), 2**62)
words = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1)


def lists(ids: st.SearchStrategy[object]) -> st.SearchStrategy[list[list[object]]]:
    """Draw a few subsets, each in its own order, of one small pool of ids."""
    pool = st.lists(ids, unique=True, min_size=2, max_size=12)
    return pool.flatmap(
        lambda all_ids: st.lists(
            st.permutations(all_ids).flatmap(
                lambda order: st.integers(2, len(order)).map(lambda n: list(order[:n]))
            ),
            min_size=1,
            max_size=4,
        )
    )


@pytest.mark.slow
@given(lists(numbers) | lists(words))
def test_union_rows_lead_back_to_the_ids_of_each_part(parts: list[list[object]]) -> None:
    arrays = [np.array(part) for part in parts]
    ids, rows = union(arrays)
    for part, at in zip(arrays, rows, strict=True):
        np.testing.assert_array_equal(ids[at], part)
    assert ids.tolist() == list(dict.fromkeys(one for part in parts for one in part))


@pytest.mark.slow
@given(lists(numbers) | lists(words))
def test_find_gives_the_row_or_minus_one(parts: list[list[object]]) -> None:
    ids, wanted = np.array(parts[0]), np.array(parts[-1])
    expected = [parts[0].index(one) if one in parts[0] else -1 for one in parts[-1]]
    assert find(ids, wanted).tolist() == expected
    assert find(ids[:0], wanted).tolist() == [-1] * len(wanted)


@settings(max_examples=30, deadline=None)
@given(lists(numbers) | lists(words), st.integers(0, 2**31))
def test_every_vector_keeps_its_id_and_every_item_its_properties(
    parts: list[list[object]], seed: int
) -> None:
    pool = list(dict.fromkeys(one for part in parts for one in part))
    parts = [*parts, pool]  # so that every space shares an item with another
    order = np.random.default_rng(seed).permutation(len(pool))
    table = {"id": [pool[i] for i in order], "size": order}
    arrays = {str(i): [[pool.index(one) + 1, 1.0] for one in part] for i, part in enumerate(parts)}
    found = from_arrays(arrays, items=table, ids={str(i): part for i, part in enumerate(parts)})
    for i, part in enumerate(parts):
        space = found.spaces[str(i)]
        assert space.ids.tolist() == part
        assert found.ids[found.rows[str(i)]].tolist() == part
        of_items = found.items["size"][found.rows[str(i)]]
        np.testing.assert_array_equal(space.vectors[:, 0] - 1, of_items)
    assert found.ids.tolist() == table["id"]
    assert not found.notes


def test_words_partial_shares_as_many_items_as_its_truth_says() -> None:
    data = np.load(DATA / "words_partial.npz")
    truth = json.loads((DATA / "words_partial.json").read_text())["pairs"]
    names = [name.removeprefix("space__") for name in data.files if name.startswith("space__")]
    found = from_arrays(
        {name: data[f"space__{name}"] for name in names},
        items={"id": data["items"], "lex": data["lex"]},
        ids={name: data["items"][data[f"rows__{name}"]] for name in names},
        labels="lex",
        on_bad="drop",
    )
    pairs = list(combinations(names, 2))
    assert len(pairs) == 10
    for a, b in pairs:
        shared = np.intersect1d(found.rows[a], found.rows[b])
        assert len(shared) == truth[f"{a}|{b}"]["n_shared"]
    np.testing.assert_array_equal(found.ids, data["items"])
    assert found.roles == {"label": "lex"}
    assert found.items["lex"].tolist() == data["lex"].tolist()


VECTORS = np.arange(1, 9, dtype=np.float32).reshape(4, 2)


def table(path: Path, ids: object, **columns: object) -> str:
    frame = pd.DataFrame({"id": ids, "v": VECTORS.tolist(), **columns})
    frame.to_parquet(path)
    return str(path)


def test_numbers_and_decimal_words_are_joined_as_words_and_said_so(tmp_path: Path) -> None:
    a = table(tmp_path / "a.parquet", [1, 2, 3, 40])
    b = table(tmp_path / "b.parquet", ["40", "3", "x", "007"])
    found = load_spaces([a, b])
    assert found.ids.tolist() == ["1", "2", "3", "40", "x", "007"]
    assert found.ids[found.rows["b"]].tolist() == ["40", "3", "x", "007"]
    assert found.spaces["a"].ids.dtype.kind == "U"
    assert found.notes == (
        "ids are words in b.parquet and numbers in a.parquet: they were joined as words",
    )


def test_whole_floats_are_integers(tmp_path: Path) -> None:
    found = load_spaces([table(tmp_path / "a.parquet", [4.0, 3.0, 2.0, 1.0])])
    assert found.ids.dtype == np.int64
    assert found.ids.tolist() == [4, 3, 2, 1]


def test_item_table_comes_first_and_what_no_space_has_is_left_out(tmp_path: Path) -> None:
    a = table(tmp_path / "a.parquet", list("dcba"))
    b = table(tmp_path / "b.parquet", list("cdxy"))
    text = "id,word,size,ok,day\nz,none,1,true,2024-01-05\nc,see,2,false,2024-01-06\na,ay,3,true,\n"
    (tmp_path / "items.csv").write_text(text)
    found = load_spaces([a, b], items=tmp_path / "items.csv")
    assert found.ids.tolist() == list("cadbxy")
    assert found.items["word"].tolist() == ["see", "ay", "", "", "", ""]
    np.testing.assert_array_equal(found.items["size"], [2, 3] + [np.nan] * 4)
    assert found.items["ok"].tolist() == ["false", "true", "", "", "", ""]
    assert found.items["day"].tolist() == ["2024-01-06", "", "", "", "", ""]
    assert found.roles == {"text": "word"}
    assert found.notes == (
        "1 item of items.csv is left out, in no space (ids 'z')",
        "4 items of the spaces are not in items.csv (ids 'd', 'b', 'x' …)",
    )


def test_columns_beside_vectors_describe_items_when_there_is_no_table(tmp_path: Path) -> None:
    a = table(tmp_path / "a.parquet", [1, 2, 3, 4], category=list("ppqq"), size=[1, 2, 3, 4])
    b = table(tmp_path / "b.parquet", [3, 4, 5, 6], category=list("zzrr"), size=[9, 9, 5, 6])
    found = load_spaces([a, b])
    assert found.items["category"].tolist() == list("ppqqrr")
    np.testing.assert_array_equal(found.items["size"], [1, 2, 3, 4, 5, 6])
    assert found.items["size"].dtype == np.int64
    assert found.roles == {"label": "category"}


def fallback(found: SpaceSet, name: str, ids: list[object]) -> None:
    assert found.spaces[name].matched_by == "row"
    assert found.spaces[name].ids.tolist() == ids


def test_arrays_without_ids_are_matched_by_row_and_said_so(tmp_path: Path) -> None:
    np.save(tmp_path / "old.npy", VECTORS)
    np.save(tmp_path / "new.npy", VECTORS)
    old, new = f"{tmp_path}/old.npy", f"{tmp_path}/new.npy"
    t = table(tmp_path / "t.parquet", list("dcba"))
    (tmp_path / "items.csv").write_text("id\nb\na\nc\nd\n")
    each_other = load_spaces([old, new])
    fallback(each_other, "old", [0, 1, 2, 3])
    assert each_other.notes == (
        "old.npy and new.npy have no ids: their 4 rows were matched to each other by position",
    )
    of_table = load_spaces([old, t], items=tmp_path / "items.csv")
    fallback(of_table, "old", list("bacd"))
    assert of_table.notes == (
        "old.npy has no ids: its 4 rows were matched to items.csv by position",
    )
    of_other = load_spaces([old, t])
    fallback(of_other, "old", list("dcba"))
    assert "matched to t.parquet by position" in of_other.notes[0]
    alone = load_spaces([old])
    assert alone.notes == ("old.npy has no ids: its 4 rows were numbered from 0",)


@pytest.mark.parametrize("file", ["ids.txt", "ids.npy", "ids.npz::codes", "ids.csv::code"])
def test_ids_may_come_from_another_file(tmp_path: Path, file: str) -> None:
    ids = np.array(["04", "03", "02", "01"])
    np.save(tmp_path / "a.npy", VECTORS)
    np.save(tmp_path / "ids.npy", ids)
    np.savez(tmp_path / "ids.npz", codes=ids, other=ids)
    (tmp_path / "ids.txt").write_text("\n".join(ids) + "\n")
    pd.DataFrame({"n": range(4), "code": ids}).to_csv(tmp_path / "ids.csv", index=False)
    found = load_spaces([f"{tmp_path}/a.npy"], ids={"a": f"{tmp_path}/{file}"})
    assert found.ids.tolist() == ids.tolist()
    assert found.spaces["a"].matched_by == "id"


def test_dropped_rows_lose_their_ids_too(tmp_path: Path) -> None:
    vectors = VECTORS.copy()
    vectors[1], vectors[2, 0] = 0, np.inf
    found = from_arrays({"a": vectors}, items={"id": list("wxyz"), "n": range(4)}, on_bad="drop")
    assert found.ids.tolist() == ["w", "z"]
    np.testing.assert_array_equal(found.spaces["a"].vectors, vectors[[0, 3]])
    np.testing.assert_array_equal(found.items["n"], [0, 3])
    assert any(
        "2 rows dropped, 1 with infinite values, 1 with zeros only (ids 'x', 'y')" in note
        for note in found.notes
    )


def test_the_id_column_is_the_text_when_asked_or_when_it_is_called_word(tmp_path: Path) -> None:
    (tmp_path / "items.csv").write_text("word,kind\nb,1\na,1\nc,2\nd,2\n")
    np.save(tmp_path / "a.npy", VECTORS)
    found = load_spaces([f"{tmp_path}/a.npy"], items=tmp_path / "items.csv", id="word")
    assert found.roles == {"text": "word"}
    assert found.items["word"].tolist() == list("bacd")


def test_pictures_are_matched_by_id_and_made_rgb(tmp_path: Path) -> None:
    grey = np.arange(4, dtype=np.uint8).reshape(4, 1, 1, 1) * np.ones((4, 2, 2, 1), np.uint8)
    np.savez(tmp_path / "p.npz", ids=np.array(list("dcba")), thumbs=grey)
    np.savez(tmp_path / "items.npz", ids=np.array(list("abcd")), size=np.arange(4), pics=grey)
    source = table(tmp_path / "t.parquet", list("abcd"))
    beside = load_spaces([source], thumbnail=f"{tmp_path}/p.npz::thumbs")
    assert beside.items["thumbs"].shape == (4, 2, 2, 3)
    assert beside.items["thumbs"][:, 0, 0, 0].tolist() == [3, 2, 1, 0]
    assert beside.roles == {"thumbnail": "thumbs"}
    inside = load_spaces([source], items=tmp_path / "items.npz")
    assert inside.items["pics"][:, 0, 0, 2].tolist() == [0, 1, 2, 3]
    assert inside.roles == {"thumbnail": "pics"}


def test_pictures_without_ids_need_as_many_rows_as_there_are_items(tmp_path: Path) -> None:
    pictures: AnyArray = np.zeros((3, 2, 2, 3), np.uint8)
    np.savez(tmp_path / "p.npz", thumbs=pictures)
    source = table(tmp_path / "t.parquet", list("abcd"))
    with pytest.raises(MatchError, match=r"p.npz::thumbs has 3 rows and no ids; .*t.parquet 4"):
        load_spaces([source], thumbnail=f"{tmp_path}/p.npz::thumbs")


def test_integers_beyond_int64_are_joined_as_words() -> None:
    ids = [2**70 + i for i in range(4)]
    found = from_arrays({"a": np.eye(4)}, ids=ids)
    assert found.ids.tolist() == [str(one) for one in ids]
