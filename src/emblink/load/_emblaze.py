"""Comparisons that Emblaze saved: each of its embeddings is a space, most of them 2-D pictures."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any

import numpy as np

from emblink.errors import ReadError
from emblink.load._arrays import arrays
from emblink.load._columns import ID_WORDS, Contents, refuse_twins
from emblink.types import AnyArray
from emblink.words import WORDS

_KINDS = ("u1", "u2", "u4", "u8", "i1", "i2", "i4", "i8")
_OWN = ("label", "name", "description", "picture")
_MOST_LABELS = 100
_SIDE = 256
"""Pixels of the largest picture that is taken from a sheet of them."""

_BROKEN = (KeyError, TypeError, ValueError, ArithmeticError, AttributeError, IndexError)

Embedding = tuple[str, AnyArray, AnyArray, AnyArray | None]
"""Name, ids, positions and colours."""


def is_emblaze(held: object) -> bool:
    """Whether a JSON document is what Emblaze saves: a comparison, or a set of embeddings."""
    if not isinstance(held, Mapping):
        return False
    if str(held.get("_format", "")).startswith("emblaze"):
        return True
    data = held.get("data")
    return (
        isinstance(data, list)
        and bool(data)
        and isinstance(held.get("frameLabels"), list)
        and isinstance(data[0], Mapping)
        and ("points" in data[0] or "ids" in data[0])
    )


def emblaze(held: Mapping[str, Any], where: str) -> Contents:
    """Read what Emblaze saved.

    Raises
    ------
    ReadError
        It is not whole.
    """
    try:
        found = [*_embeddings(held)]
        if not found:
            raise ReadError(f"{where} holds no embeddings; save it again in Emblaze")
        return _contents(held, found, where)
    except ReadError:
        raise
    except _BROKEN as error:
        raise ReadError(
            f"{where} is not as Emblaze saves a comparison ({type(error).__name__}: {error}); save "
            "it again there"
        ) from error


def _contents(held: Mapping[str, Any], found: list[Embedding], where: str) -> Contents:
    names = [name for name, *_ in found]
    refuse_twins(where, names)
    if len({ids.dtype.kind for _, ids, *_ in found}) > 1:  # numbers in one, words in another
        found = [(name, ids.astype(np.str_), places, of) for name, ids, places, of in found]
    shared = found[0][1]
    for _, ids, *_ in found[1:]:
        shared = shared[np.isin(shared, ids)]
    n_all = len(np.unique(np.concatenate([ids for _, ids, *_ in found])))
    if not len(shared):
        raise ReadError(f"{where}: no item is in all of its embeddings ({', '.join(names)})")
    columns: dict[str, AnyArray] = {}
    for name, ids, positions, _ in found:
        order = np.argsort(ids, kind="stable")
        columns[name] = positions[order[np.searchsorted(ids, shared, sorter=order)]]
    own: dict[str, AnyArray] = {"id": shared}
    label = _labels(found, shared)
    if label is not None:
        own["label"] = label
    thumbnails = held.get("thumbnails")
    own |= _words(thumbnails, shared)
    pictures, note = _pictures(thumbnails, shared)
    own |= pictures
    contents = arrays(where, {**own, **columns})
    contents.notes = (*_notes(found, where, n_left=n_all - len(shared)), *note)
    return contents


def _embeddings(held: Mapping[str, Any]) -> Iterator[Embedding]:
    """Yield the vectors that were saved with a comparison, and then its frames."""
    whole = [one for one in held.get("ancestor_data", ()) if one is not None]
    for place, one in enumerate(whole, 1):
        if "position" in one or "x" in one or "points" in one:
            yield ("vectors" if len(whole) == 1 else f"vectors {place}", *_embedding(one))
    frames = held.get("embeddings", held)
    labels = frames.get("frameLabels", ())
    for place, one in enumerate(frames["data"]):
        name = str(labels[place]) if place < len(labels) else f"Frame {place}"
        taken = name.lower() in (*ID_WORDS, *_OWN)
        yield (f"frame {name}" if taken else name, *_embedding(one))


def _embedding(held: Mapping[str, Any]) -> tuple[AnyArray, AnyArray, AnyArray | None]:
    if held.get("_format", "expanded") != "compressed":
        points = held["points"]
        words = [*points]
        ids = _ids(words)
        listed = [
            one["position"] if "position" in one else (one["x"], one["y"])
            for one in points.values()
        ]
        colors = _plain([one.get("color") for one in points.values()])
        with np.errstate(over="ignore"):  # what is infinite is told with its row
            positions = np.array(listed, dtype=np.float32)
        return ids, positions.reshape(len(words), -1 if words else 2), colors
    kind = str(held["_idtype"])
    if kind not in _KINDS:
        raise ValueError(f"ids of type {kind!r}")
    ids = _numbers(held["ids"], f"<{kind}").astype(np.int64)
    if "position" in held:
        dims = int(held["position"].get("interval", 1))
        places: AnyArray = _numbers(held["position"], "<f4").reshape(-1, dims)
    else:
        places = np.stack([_numbers(held[axis], "<f4") for axis in "xy"], axis=1)
    if len(places) != len(ids) or len(np.unique(ids)) != len(ids):
        raise ValueError(f"{len(ids)} ids and {len(places)} positions")
    colors = _plain(json.loads(_bytes(held["color"]))) if "color" in held else None
    return ids, places, colors if colors is not None and len(colors) == len(ids) else None


def _bytes(held: Mapping[str, Any]) -> bytes:
    return base64.b64decode(str(held["values"]).encode("ascii"))


def _numbers(held: Mapping[str, Any], kind: str) -> AnyArray:
    return np.frombuffer(_bytes(held), dtype=kind)


def _ids(words: list[str]) -> AnyArray:
    try:
        return np.array([int(word) for word in words], dtype=np.int64)
    except (ValueError, OverflowError):
        return np.array(words, dtype=np.str_)


def _plain(values: Any) -> AnyArray | None:
    """Return colours as words or numbers; None where there are none, or they are anything else."""
    if not isinstance(values, list) or all(one is None for one in values):
        return None
    if all(isinstance(one, int | float) and not isinstance(one, bool) for one in values):
        return np.array(values)
    return np.array(["" if one is None else str(one) for one in values], dtype=WORDS)


def _labels(found: list[Embedding], shared: AnyArray) -> AnyArray | None:
    """Return the colours of the frames where they are a few kinds."""
    for _, ids, _, colors in reversed(found):
        if colors is not None and 1 < len(np.unique(colors)) <= _MOST_LABELS:
            order = np.argsort(ids, kind="stable")
            taken = colors[order[np.searchsorted(ids, shared, sorter=order)]]
            return np.array([str(one) for one in taken.tolist()], dtype=WORDS)
    return None


def _words(thumbnails: Any, shared: AnyArray) -> dict[str, AnyArray]:
    items = thumbnails.get("items") if isinstance(thumbnails, Mapping) else None
    if not isinstance(items, Mapping):
        return {}
    told = {}
    for key in ("name", "description"):
        texts = [str(items.get(str(one), {}).get(key) or "") for one in shared.tolist()]
        if any(texts):
            told[key] = np.array(texts, dtype=WORDS)
    return told


def _pictures(thumbnails: Any, shared: AnyArray) -> tuple[dict[str, AnyArray], list[str]]:
    """Cut the items' pictures out of their sheets, where Pillow is there to read them."""
    sheets = thumbnails.get("spritesheets") if isinstance(thumbnails, Mapping) else None
    if not isinstance(sheets, Mapping) or not sheets:
        return {}, []
    try:
        from PIL import Image
    except ImportError:
        return {}, ["the items' pictures are left out; they need `pip install 'emblink[images]'`"]
    place = {str(one): at for at, one in enumerate(shared.tolist())}
    sizes = [one["frame"] for sheet in sheets.values() for one in sheet["spec"]["frames"].values()]
    high, wide = (max(int(one[side]) for one in sizes) for side in "hw")
    if not 1 <= high <= _SIDE or not 1 <= wide <= _SIDE:
        raise ValueError(f"pictures of {wide} × {high} pixels")
    pixels = np.full((len(shared), high, wide, 3), 255, dtype=np.uint8)
    for name, sheet in sheets.items():
        packed = BytesIO(base64.b64decode(str(sheet["image"]).encode("ascii")))
        try:
            with Image.open(packed) as image:
                whole = np.asarray(image.convert("RGB"))
        except (OSError, Image.DecompressionBombError) as error:
            raise ValueError(f"sheet {name!r} of its thumbnails is no picture") from error
        for key, one in sheet["spec"]["frames"].items():
            x, y, w, h = (int(one["frame"][side]) for side in "xywh")
            part = whole[max(y, 0) : y + h, max(x, 0) : x + w]
            if key in place:
                pixels[place[key], : part.shape[0], : part.shape[1]] = part
    return {"picture": pixels}, []


def _notes(found: list[Embedding], where: str, *, n_left: int) -> Iterator[str]:
    flat = [name for name, _, positions, _ in found if positions.shape[1] == 2]
    if flat:
        which = "all spaces are" if len(flat) == len(found) else f"{', '.join(flat)} are"
        yield (
            f"{where}: {which} 2-D pictures that Emblaze saved, not the vectors they were drawn "
            "from; compare them with --metric euclidean, and the vectors where you have them"
        )
    yield (
        f"{where}: Emblaze's neighbours, alignment and selections are not read, for they are found "
        "anew; colours of a few kinds are read as the column label"
    )
    if n_left:
        yield f"{where}: {n_left:,} items that are not in all of its embeddings are left out"
