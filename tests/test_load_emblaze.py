"""Comparisons that Emblaze saved, in both of its formats."""

from __future__ import annotations

import base64
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from emblink.errors import ReadError
from emblink.load import inspect_file, load_spaces
from emblink.types import AnyArray

N = 40
RNG = np.random.default_rng(0)
FLAT = [RNG.standard_normal((N, 2)).astype("f4") for _ in range(2)]
WIDE = RNG.standard_normal((N, 7)).astype("f4")
COLORS = [["verb", "noun"][i % 2] for i in range(N)]


def packed(values: AnyArray, kind: str, interval: int | None = None) -> dict[str, Any]:
    told = {"values": base64.b64encode(values.astype(kind).tobytes()).decode()}
    return told if interval is None else {**told, "interval": interval}


def frame(ids: AnyArray, xy: AnyArray) -> dict[str, Any]:
    colors = base64.b64encode(json.dumps([COLORS[i] for i in ids]).encode()).decode()
    held = {"_format": "compressed", "_idtype": "u2", "_length": len(ids), "metric": "euclidean"}
    held |= {"ids": packed(ids, "<u2"), "color": {"values": colors}, "n_neighbors": 10}
    if xy.shape[1] == 2:
        return {**held, "x": packed(xy[:, 0], "<f4"), "y": packed(xy[:, 1], "<f4")}
    return {**held, "position": packed(xy, "<f4", xy.shape[1])}


def saved(**more: Any) -> dict[str, Any]:
    ids = np.arange(N)
    frames = [frame(ids, FLAT[0]), frame(ids[::-1], FLAT[1][::-1])]
    names = {str(i): {"id": i, "name": f"word {i}"} for i in range(N + 5)}
    return {
        "_format": "emblaze.Viewer.SaveData",
        "embeddings": {"data": frames, "frameLabels": ["first", "second"]},
        "thumbnails": {"format": "text_descriptions", "items": names},
        **more,
    }


def written(folder: Path, held: object) -> str:
    path = folder / "saved.json"
    path.write_text(json.dumps(held))
    return str(path)


def test_each_embedding_is_a_space_and_its_items_are_joined_by_id(tmp_path: Path) -> None:
    found = load_spaces([written(tmp_path, saved())], metric="euclidean")
    assert [*found.spaces] == ["first", "second"]
    assert found.ids.tolist() == [*range(N)]
    for name, flat in zip(found.spaces, FLAT, strict=True):
        space = found.spaces[name]
        np.testing.assert_array_equal(space.vectors[np.argsort(space.ids)], flat)
    assert found.items["label"].tolist() == COLORS
    assert found.items["name"].tolist() == [f"word {i}" for i in range(N)]
    assert found.roles["text"] == "name"
    assert any("all spaces are 2-D pictures that Emblaze saved" in one for one in found.notes)
    assert any("alignment and selections are not read" in one for one in found.notes)


def test_vectors_that_were_saved_with_it_are_a_space_of_their_own(tmp_path: Path) -> None:
    held = saved(ancestor_data=[frame(np.arange(N), WIDE)])
    found = load_spaces([written(tmp_path, held)])
    assert [*found.spaces] == ["vectors", "first", "second"]
    np.testing.assert_array_equal(found.spaces["vectors"].vectors, WIDE)
    assert any("first, second are 2-D pictures" in one for one in found.notes)
    assert inspect_file(written(tmp_path, held)).vectors[0].n_dims == 7


def test_what_was_saved_readably_reads_the_same(tmp_path: Path) -> None:
    frames = [
        {
            "points": {
                str(i): {"x": float(xy[i, 0]), "y": float(xy[i, 1]), "color": COLORS[i]}
                for i in range(N)
            }
        }
        for xy in FLAT
    ]
    held = {"data": frames, "frameLabels": ["first", "second"]}
    found = load_spaces([written(tmp_path, held)], metric="euclidean")
    assert found.ids.tolist() == [*range(N)]
    np.testing.assert_allclose(found.spaces["second"].vectors, FLAT[1])
    assert found.items["label"].tolist() == COLORS


def test_items_that_are_not_in_all_embeddings_are_left_out_and_counted(tmp_path: Path) -> None:
    held = saved()
    held["embeddings"]["data"][1] = frame(np.arange(10, N), FLAT[1][10:])
    found = load_spaces([written(tmp_path, held)], metric="euclidean")
    assert found.ids.tolist() == [*range(10, N)]
    np.testing.assert_array_equal(found.spaces["first"].vectors, FLAT[0][10:])
    assert any("10 items that are not in all" in one for one in found.notes)


def test_pictures_are_cut_out_of_their_sheets(tmp_path: Path) -> None:
    from PIL import Image

    sheet = np.zeros((8, 4 * N, 3), np.uint8)
    sheet[:, :, 0] = np.repeat(np.arange(N) * 5, 4)
    file = io.BytesIO()
    Image.fromarray(sheet).save(file, format="PNG")
    frames = {str(i): {"frame": {"x": 4 * i, "y": 2, "w": 4, "h": 6}} for i in range(N)}
    one = {"spec": {"frames": frames}, "image": base64.b64encode(file.getvalue()).decode()}
    thumbnails = {"format": "spritesheet", "spritesheets": {"img_0.json": one}}
    found = load_spaces([written(tmp_path, saved(thumbnails=thumbnails))], metric="euclidean")
    pictures = found.items[found.roles["thumbnail"]]
    assert pictures.shape == (N, 6, 4, 3)
    assert pictures[:, 0, 0, 0].tolist() == [5 * i for i in range(N)]


def test_names_of_spaces_never_hide_a_column(tmp_path: Path) -> None:
    held = saved()
    held["embeddings"]["frameLabels"] = ["id", "Label"]
    found = load_spaces([written(tmp_path, held)], metric="euclidean")
    assert [*found.spaces] == ["frame id", "frame Label"]
    assert found.items["label"].tolist() == COLORS


@pytest.mark.parametrize(
    "damage",
    [
        {"_idtype": "O"},
        {"ids": {"values": "!!"}},
        {"ids": {}},
        {"x": {"values": base64.b64encode(b"1234").decode()}},
        {"_format": "expanded"},
        {"position": {"values": "AAAA", "interval": 0}},
    ],
)
def test_a_damaged_one_is_refused_by_name(tmp_path: Path, damage: dict[str, Any]) -> None:
    held = saved()
    held["embeddings"]["data"][0] |= damage
    with pytest.raises(ReadError, match=r"saved\.json is not as Emblaze saves"):
        load_spaces([written(tmp_path, held)])


def test_what_is_wrong_within_is_said_once_and_in_words(tmp_path: Path) -> None:
    held = saved()
    held["embeddings"]["frameLabels"] = ["first", "first"]
    with pytest.raises(ReadError, match=r"^saved\.json has two columns named 'first'"):
        load_spaces([written(tmp_path, held)])
    pytest.importorskip("PIL")
    frames = {str(i): {"frame": {"x": 0, "y": 0, "w": 4, "h": 6}} for i in range(N)}
    sheet = {"spec": {"frames": frames}, "image": base64.b64encode(b"no picture").decode()}
    torn = saved(thumbnails={"format": "spritesheet", "spritesheets": {"img_0.json": sheet}})
    with pytest.raises(ReadError, match=r"sheet 'img_0\.json' of its thumbnails is no picture"):
        load_spaces([written(tmp_path, torn)])


def test_ids_of_any_length_are_read(tmp_path: Path) -> None:
    points = {str(10**30 + i): {"x": float(i), "y": float(i % 3), "color": 0} for i in range(N)}
    held = {"data": [{"points": points}] * 2, "frameLabels": ["first", "second"]}
    found = load_spaces([written(tmp_path, held)], metric="euclidean")
    assert found.ids.tolist()[1] == str(10**30 + 1)
    points = {str(i): {"x": float(i), "y": float(i % 3), "color": 0} for i in range(N)}
    more = {"points": {**points, "word": points["1"]}}
    held = {"data": [{"points": points}, more], "frameLabels": ["first", "second"]}
    assert len(load_spaces([written(tmp_path, held)], metric="euclidean").ids) == N


def test_one_without_an_item_that_all_have_is_refused(tmp_path: Path) -> None:
    held = saved()
    held["embeddings"]["data"] = [
        frame(np.arange(10), FLAT[0][:10]),
        frame(np.arange(10, 20), FLAT[1][10:20]),
    ]
    with pytest.raises(ReadError, match="no item is in all of its embeddings"):
        load_spaces([written(tmp_path, held)])
