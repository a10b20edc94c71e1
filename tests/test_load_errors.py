"""Bad input gives one clear error that names the culprit, the expectation and the way out."""

import re
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from emblink.errors import InputError, MatchError, ReadError, VectorError
from emblink.load import from_arrays, inspect_file, load_spaces
from emblink.types import AnyArray

GOOD = np.arange(1, 13, dtype=np.float32).reshape(4, 3)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    np.save(tmp_path / "good.npy", GOOD)
    return tmp_path


def refused(folder: Path, name: str, error: type[InputError], match: str) -> None:
    with pytest.raises(error, match=match):
        load_spaces([f"{folder}/{name}"])


def spoilt(value: float, dtype: str = "f4") -> AnyArray:
    vectors = GOOD.astype(dtype)
    vectors[[1, 3], 2] = value
    return vectors


@pytest.mark.parametrize(
    ("vectors", "match"),
    [
        (
            spoilt(np.nan),
            r"space 'a' \(a.npy\) has 2 rows with NaN .*first: id 1, row 1.*--drop-bad",
        ),
        (spoilt(np.inf), r"2 rows with infinite values \(first: id 1, row 1\)"),
        (spoilt(1e300, "f8"), r"2 rows with numbers beyond float32 \(first: id 1, row 1\).*scale"),
        (GOOD * [[1], [0], [1], [1]], r"1 row with zeros only .*id 1, row 1.*no direction.*euclid"),
        (GOOD[:1], r"a.npy has 1 row of 3 numbers; expected at least two items"),
        (GOOD[:0], r"a.npy has 0 rows"),
        (GOOD[:, :0], r"a.npy has 4 rows of 0 numbers"),
        (GOOD[0], r"a.npy is 1-D with shape \(3,\); expected vectors of shape \(n_items, n_dims\)"),
        (GOOD[None], r"a.npy is 3-D with shape \(1, 4, 3\).*only entry, X\[0\]"),
        (GOOD[:, None], r"a.npy is 3-D with shape \(4, 1, 3\).*flatten"),
        (GOOD.astype("c8"), r"a.npy holds complex64; expected real numbers"),
        (np.array([["a", "b"], ["c", "d"]]), r"a.npy holds <U1; expected real numbers"),
        (np.zeros(3, [("x", "f4"), ("y", "f4")]), r"structured array \(fields x, y\)"),
    ],
)
def test_unusable_vectors_name_the_first_row_and_the_way_out(
    tmp_path: Path, vectors: AnyArray, match: str
) -> None:
    np.save(tmp_path / "a.npy", vectors)
    refused(tmp_path, "a.npy", VectorError, match)


def test_zero_rows_have_a_place_in_euclidean_space(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.eye(3)[[0, 1, 2]] * [[0], [1], [1]])
    assert len(load_spaces([f"{tmp_path}/a.npy"], metric="euclidean").ids) == 3


def test_pickles_are_never_loaded(tmp_path: Path) -> None:
    objects = np.array([{"a": 1}, None], dtype=object)
    np.save(tmp_path / "a.npy", objects, allow_pickle=True)
    np.savez(tmp_path / "b.npz", x=objects, y=GOOD)
    np.savez(tmp_path / "c.npz", ids=np.array(["a", "b", "c", "d"], object), y=GOOD)
    refused(tmp_path, "a.npy", ReadError, r"a.npy is an object array \(pickle\), which .* never")
    refused(tmp_path, "b.npz::x", ReadError, r"array 'x' of b.npz is an object array")
    refused(tmp_path, "c.npz", ReadError, r"array 'ids' of c.npz is an object array")


def test_unreadable_files_say_what_is_wrong(folder: Path) -> None:
    whole = (folder / "good.npy").read_bytes()
    (folder / "cut.npy").write_bytes(whole[:-5])
    (folder / "head.npy").write_bytes(whole[:20])
    (folder / "junk.npy").write_bytes(b"not numpy at all")
    (folder / "empty.npy").touch()
    (folder / "junk.npz").write_bytes(b"not a zip at all")
    (folder / "junk.parquet").write_bytes(b"PAR1 is not enough for a Parquet file")
    (folder / "junk.arrow").write_bytes(b"not arrow at all either")
    (folder / "junk.csv.gz").write_bytes(b"not gzip at all")
    (folder / "latin.csv").write_bytes("id,é\n".encode("latin-1"))
    (folder / "ragged.csv").write_text("id,d0,d1\n1,2,3\n2,3\n3,4,5,6\n")
    (folder / "broken.jsonl").write_text('{"id": 1, "v": [1, 2]}\n{"id": 2, "v": [1,\n')
    (folder / "what.xyz").write_text("?")
    refused(folder, "cut.npy", ReadError, r"cut.npy is truncated: .*4×3 float32.* has 171")
    refused(folder, "head.npy", ReadError, r"head.npy cannot be read as .npy")
    refused(folder, "junk.npy", ReadError, r"junk.npy cannot be read as .npy \(the magic string")
    refused(folder, "empty.npy", ReadError, r"empty.npy is empty")
    refused(folder, "junk.npz", ReadError, r"junk.npz cannot be read as .npz .*not a zip")
    refused(folder, "junk.parquet", ReadError, r"junk.parquet cannot be read \(")
    refused(folder, "junk.arrow", ReadError, r"junk.arrow cannot be read as Arrow IPC")
    refused(folder, "junk.csv.gz", ReadError, r"junk.csv.gz cannot be read: Not a gzipped file")
    refused(folder, "latin.csv", ReadError, r"latin.csv is not UTF-8")
    refused(folder, "ragged.csv", ReadError, r"line 3 of ragged.csv cannot be read: it has 2 cells")
    refused(folder, "broken.jsonl", ReadError, r"broken.jsonl cannot be read \(")
    refused(folder, "what.xyz", ReadError, r"no format that Emblink reads; expected .npy, .*.csv")
    refused(folder, "none.npy", ReadError, r"there is no file .*none.npy; check the path")
    with pytest.raises(
        ReadError, match=r"holds files that are not parts of one table \(junk\.arrow"
    ):
        load_spaces([str(folder)])


def test_arrow_without_pyarrow_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.feather").write_bytes(b"ARROW1")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    refused(tmp_path, "a.feather", ReadError, r"a.feather needs pyarrow: `pip install pyarrow`")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "match"),
    [
        (
            "id,d0,d1\n1,2,3\n2,3,x\n3,oops,1\n4,1,1\n",
            r"column 'd0' of t.csv has 1 row with words \(first: row 2, 'oops'\)",
        ),
        ('id,v\n1,"[1, 2]"\n2,"[1, two]"\n', r"column 'v' of t.csv has 1 row with words .*row 1"),
        (
            'id,v\n1,"[1, 2]"\n2,"[1]"\n',
            r"column 'v' of t.csv mixes vectors of different lengths: the first has 2 .*row 1",
        ),
        (
            "id,x,y\n1,2,3\n2,3,NA\n3,4,1\n",
            r"t.csv, x and y.* has 1 row with NaN or missing values \(first: id 2, row 1\)",
        ),
        ("id,word\n1,a\n2,b\n", r"t.csv has no vectors; .*its columns: id \(BIGINT\), word"),
        ("id,d0,d1\n", r"t.csv has no rows"),
        (
            "id,a1,a2,b1,b2\n1,2,3,4,5\n2,2,3,4,5\n",
            r"several columns of vectors: a1 and a2, b1 and b2; name one.*--vector",
        ),
        (
            "id,d0,d1\n1,1e300,2\n2,3,4\n",
            r"column 'd0' of t.csv has 1 row with numbers beyond float32 \(first: row 0\)",
        ),
    ],
)
def test_tables_without_usable_vectors_name_column_and_row(
    tmp_path: Path, text: str, match: str
) -> None:
    (tmp_path / "t.csv").write_text(text)
    refused(tmp_path, "t.csv", InputError, match)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("lines", "match"),
    [
        (
            '{"v": [1, 2]}\n{"v": [1, 2, 3]}\n',
            r"column 'v' of t.jsonl mixes .*has 2 numbers, 1 row",
        ),
        ('{"v": [1, 2]}\n{"v": []}\n', r"1 row with NaN or missing values .*row 1.*--drop-bad"),
        ('{"v": [1, 2]}\n{"v": [1, "x"]}\n', r"has 1 row with words .*row 1"),
        (
            '{"v": [1, 2]}\n{"v": null}\n',
            r"1 row with NaN or missing values \(first: id 1, row 1\)",
        ),
        ('{"v": [1, 2]}\n{"v": [3, null]}\n', r"1 row with NaN or missing values"),
        (
            '{"v": [1, 2]}\n{"v": [3, 1e200]}\n',
            r"1 row with numbers beyond float32 \(first: row 1\)",
        ),
        (
            '{"u": [1], "v": [1, 2]}\n{"u": [1], "v": [1, 2]}\n',
            r"several columns of vectors: u, v.*t.jsonl::u",
        ),
    ],
)
def test_columns_of_lists_name_column_and_row(tmp_path: Path, lines: str, match: str) -> None:
    (tmp_path / "t.jsonl").write_text(lines)
    refused(tmp_path, "t.jsonl", InputError, match)


@pytest.mark.slow
def test_wrong_names_list_the_names_there_are(folder: Path) -> None:
    np.savez(folder / "m.npz", x=GOOD, y=GOOD)
    (folder / "t.csv").write_text("id,d0,d1\na,1,2\nb,3,4\n")
    (folder / "items.csv").write_text("word,size\n" + "".join(f"w{i},{i}\n" for i in range(4)))
    refused(
        folder, "m.npz::z", InputError, r"m.npz has no array 'z'; its arrays: x \(4×3 float32\)"
    )
    refused(folder, "t.csv::z", InputError, r"t.csv has no column 'z'; its columns: id \(VARCHAR\)")
    refused(folder, "t.csv::", InputError, r"names no key after '::'")
    with pytest.raises(InputError, match=r"'=t.csv' has an empty part; expected \[name=\]path"):
        load_spaces(["=t.csv"])
    good, items = f"{folder}/good.npy", f"{folder}/items.csv"
    with pytest.raises(InputError, match=r"items.csv has no column 'nope'; its columns: word"):
        load_spaces([good], items=items, id="nope")
    with pytest.raises(InputError, match=r"no file has a column 'nope' of ids; .*t.csv: id"):
        load_spaces([f"{folder}/t.csv"], id="nope")
    with pytest.raises(InputError, match=r"no item column 'nope' for label \(columns: word, size"):
        load_spaces([good], items=items, label="nope")
    with pytest.raises(InputError, match=r"item column 'size' cannot be the thumbnail; .*pictures"):
        load_spaces([good], items=items, thumbnail="size")
    with pytest.raises(InputError, match=r"m.npz has no array 'z'"):
        load_spaces([good], items=items, thumbnail=f"{folder}/m.npz::z")
    with pytest.raises(InputError, match=r"t.csv has no column 'emb_\*'"):
        load_spaces([f"{folder}/t.csv"], vector="emb_*")
    with pytest.raises(InputError, match=r"several arrays of vectors: x, y; name one: m.npz::x"):
        load_spaces([f"a={folder}/m.npz"])
    with pytest.raises(InputError, match=r"ids are given for 'b', but the spaces are good"):
        load_spaces([good], ids={"b": items})
    with pytest.raises(
        InputError, match=r"m.npz has no array 'id or ids or item_id or _id' of ids"
    ):
        load_spaces([good], ids={"good": f"{folder}/m.npz"})
    with pytest.raises(InputError, match=r"two spaces would be named 'good'.*name=path"):
        load_spaces([good, good])
    with pytest.raises(InputError, match="metric is 'dot'; expected one of cosine, euclidean"):
        load_spaces([good], metric="dot")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="nothing to load"):
        load_spaces([])


@pytest.mark.parametrize(
    ("column", "match"),
    [
        (
            ["a", "b", "a", "b"],
            r"column 'id' of t.parquet repeats 2 of its ids \(first: id 'a' in rows 0 and 2\)",
        ),
        (
            ["a", None, "", "b"],
            r"column 'id' of t.parquet has 2 rows without an id \(first: row 1\)",
        ),
        ([1, None, 2, 3], r"has 1 row without an id \(first: row 1\)"),
        ([1.0, 2.5, 3.0, 4.0], r"has 1 ids that are no integers \(first: row 1, 2.5\)"),
    ],
)
def test_ids_must_be_there_once(tmp_path: Path, column: list[object], match: str) -> None:
    pd.DataFrame({"id": column, "v": GOOD.tolist()}).to_parquet(tmp_path / "t.parquet")
    refused(tmp_path, "t.parquet", MatchError, match)


def test_ids_with_nothing_in_common_show_ids_of_both(tmp_path: Path) -> None:
    for name, ids in (("a", list("abcd")), ("b", list("efgh"))):
        pd.DataFrame({"id": ids, "v": GOOD.tolist()}).to_parquet(tmp_path / f"{name}.parquet")
    pd.DataFrame({"id": ["x", "y"], "size": [1, 2]}).to_csv(tmp_path / "items.csv", index=False)
    both = [f"{tmp_path}/a.parquet", f"{tmp_path}/b.parquet"]
    with pytest.raises(
        MatchError,
        match=r"no item of a.parquet is in b.parquet: ids like 'a', 'b', 'c' … and like 'e'",
    ):
        load_spaces(both)
    with pytest.raises(MatchError, match=r"no item of a.parquet is in items.csv"):
        load_spaces(both[:1], items=tmp_path / "items.csv")


def test_rows_stand_for_items_only_when_counts_are_equal(folder: Path) -> None:
    np.save(folder / "short.npy", GOOD[:3])
    (folder / "items.csv").write_text("id\n1\n2\n3\n")
    (folder / "noid.csv").write_text("size\n1\n2\n3\n4\n")
    pd.DataFrame({"id": [5, 6, 7, 8], "v": GOOD.tolist()}).to_parquet(folder / "t.parquet")
    pd.DataFrame({"id": [8, 7, 6, 5], "v": GOOD.tolist()}).to_parquet(folder / "u.parquet")
    good, short, t, u = (
        f"{folder}/{n}" for n in ("good.npy", "short.npy", "t.parquet", "u.parquet")
    )
    way = re.escape("give its ids: ids={'good': 'ids.txt'} (--ids good=ids.txt)")
    with pytest.raises(
        MatchError, match=f"good.npy has no ids and 4 rows, but items.csv has 3.*{way}"
    ):
        load_spaces([good], items=folder / "items.csv")
    with pytest.raises(MatchError, match=r"short.npy has no ids and 3 rows, but good.npy has 4"):
        load_spaces([good, short])
    with pytest.raises(MatchError, match=r"short.npy has no ids and 3 rows, but t.parquet has 4"):
        load_spaces([short, t])
    with pytest.raises(
        MatchError, match=r"could be those of t.parquet or of u.parquet, which differ"
    ):
        load_spaces([good, t, u])
    with pytest.raises(MatchError, match=r"t.parquet has ids, but noid.csv has no column id, ids"):
        load_spaces([t], items=folder / "noid.csv")
    with pytest.raises(
        MatchError, match=r"good.npy has 4 rows, but column 'id' of items.csv has 3 ids"
    ):
        load_spaces([good], ids={"good": f"{folder}/items.csv"})


def test_dropping_must_leave_two_items() -> None:
    with pytest.raises(VectorError, match=r"space 'a' has 1 row left after dropping 2 rows"):
        from_arrays({"a": [[1.0, 2.0], [0.0, 0.0], [np.nan, 1.0]]}, on_bad="drop")


def test_columns_of_the_same_name_are_refused() -> None:
    items = pd.DataFrame([[1, 2]] * 4, columns=["x", "x"])
    with pytest.raises(InputError, match=r"items has several columns of the same name; rename"):
        from_arrays({"a": GOOD}, items=items)


def test_a_table_in_another_encoding_is_told_to_become_utf_8(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,d0,d1\nü,1,2\nö,3,4\n", encoding="latin-1")
    refused(tmp_path, "a.csv", ReadError, r"a.csv is not UTF-8 text; save it as UTF-8")


BROKEN = [*"abc", "d\ud800"]


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"ids": BROKEN}, r"ids has 1 row with half of a surrogate .*first: row 3, 'd\\ud800'"),
        ({"labels": np.array(BROKEN)}, r"label values has 1 row with half of a surrogate pair"),
        ({"text": np.array(BROKEN, object)}, r"text values has 1 row with half of a surrogate"),
        ({"items": {"d\ud800": range(4)}}, r"item column 'd\\ud800' is not Unicode text.*rename"),
        ({"labels": np.array([b"\xff"] * 4)}, r"label values holds bytes that are not UTF-8 text"),
    ],
)
def test_words_that_are_no_unicode_are_refused(options: dict[str, Any], match: str) -> None:
    with pytest.raises(InputError, match=match):
        from_arrays({"a": GOOD}, **options)


def test_names_that_are_no_unicode_are_refused(folder: Path) -> None:
    with pytest.raises(InputError, match=r"the space 'd\\ud800' is not Unicode text.*rename it"):
        from_arrays({BROKEN[3]: GOOD})
    with pytest.raises(InputError, match=r"the file 'd\\udcff.npy' is not Unicode text"):
        load_spaces([f"{folder}/d\udcff.npy"])


def test_words_of_an_npz_that_are_no_unicode_are_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", ids=np.array(BROKEN), v=GOOD)
    refused(tmp_path, "a.npz", ReadError, r"array 'ids' of a.npz has 1 row with half of a surr")
    assert "surrogate" in (inspect_file(tmp_path / "a.npz").ids[0].problem or "")
