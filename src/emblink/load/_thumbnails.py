"""Pictures of items, from arrays of any usual layout, a folder of images, or a column of paths."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from emblink.errors import InputError, ReadError
from emblink.load._blocks import held
from emblink.load._choose import id_column
from emblink.load._columns import Contents, listed
from emblink.load._files import Files
from emblink.load._formats import READERS, ending
from emblink.load._guard import FAULTS
from emblink.load._ids import shown, tidy_ids
from emblink.load._match import ItemTable
from emblink.load._parts import natural
from emblink.load._sources import parse_source
from emblink.load._values import rgb
from emblink.types import AnyArray

LONGEST_SIDE = 96
"""Pixels of a picture that is kept."""
NAME = "thumbnail"
_IMAGES = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".ppm", ".pgm")
_BLOCK = 256


def as_pictures(values: AnyArray, what: str) -> AnyArray:
    """Return pictures as small RGB of type uint8, shape (n_items, height, width, 3).

    Parameters
    ----------
    values : array
        Grey ``(n, h, w)``, channels last or first; whole numbers 0 … 255, floats 0 … 1 or
        0 … 255, truth values, or 16 bits.
    what : str
        Its name for people.

    Raises
    ------
    InputError
        They are no pictures.
    """
    shaped = _channels_last(values, what)
    scale = _scale(values, what)
    out: list[AnyArray] = []
    for start in range(0, len(shaped), _BLOCK):
        block = shaped[start : start + _BLOCK]
        if values.dtype != np.uint8:
            exact = np.clip(np.rint(block.astype(np.float64) * scale), 0, 255)
            block = exact.astype(np.uint8)
        out.append(_small(rgb(np.ascontiguousarray(block))))
    return np.concatenate(out)


def _channels_last(values: AnyArray, what: str) -> AnyArray:
    if values.ndim == 3 and len(values):
        return values[..., None]
    if values.ndim == 4 and len(values) and min(values.shape) > 0:
        if values.shape[3] in (1, 3, 4):
            return values
        if values.shape[1] in (1, 3, 4):
            return values.transpose(0, 2, 3, 1)
    raise InputError(
        f"{what} cannot be pictures: it is {values.dtype} of shape {values.shape}; expected "
        "(n_items, height, width), (n_items, height, width, 3) or (n_items, 3, height, width)"
    )


def _scale(values: AnyArray, what: str) -> float:
    kind = values.dtype.kind
    if kind == "b":
        return 255.0
    if kind not in "uif":
        raise InputError(f"{what} holds {values.dtype}; expected pictures of numbers")
    least, most = float(values.min()), float(values.max())
    if not (least >= 0 and most < 65536):
        raise InputError(
            f"{what} holds numbers from {least:.3g} to {most:.3g}; expected pictures of 0 … 1 or "
            "0 … 255: scale them, (x - x.min()) / (x.max() - x.min())"
        )
    if kind == "f" and most <= 1:
        return 255.0
    return 1.0 if most <= 255 else 255.0 / 65535.0


def _small(pictures: AnyArray) -> AnyArray:
    """Average pixels until no side is longer than ``LONGEST_SIDE``."""
    height, width = pictures.shape[1:3]
    longest = max(height, width)
    if longest <= LONGEST_SIDE:
        return pictures
    out: AnyArray = pictures.astype(np.float32)
    for axis, size in ((1, height), (2, width)):
        wanted = max(1, round(size * LONGEST_SIDE / longest))
        edges = np.arange(wanted) * size // wanted
        counts = np.diff([*edges, size])
        shape = [1, 1, 1, 1]
        shape[axis] = wanted
        out = np.add.reduceat(out, edges, axis=axis) / counts.reshape(shape)
    return np.rint(out).astype(np.uint8)


def read_pictures(
    thumbnail: str | None, tables: Sequence[ItemTable], files: Files, wanted: str | None
) -> list[ItemTable]:
    """Read pictures that are no column of a table yet."""
    if thumbnail is None:
        return []
    held_by = [table.columns[thumbnail] for table in tables if thumbnail in table.columns]
    if any(column.ndim == 4 for column in held_by):
        return []
    if held_by:
        folders = {one.where: path.parent for path, one in files.opened.items()}
        found = _from_paths(thumbnail, tables, folders)
        return [found] if found else []
    path = parse_source(thumbnail).path
    if "::" not in thumbnail and not path.exists() and ending(path) not in READERS:
        return []
    known = [table.ids for table in tables if table.ids is not None]
    return [_of_file_or_folder(thumbnail, files, wanted, known)]


def _of_file_or_folder(
    spec: str, files: Files, wanted: str | None, known: Sequence[AnyArray]
) -> ItemTable:
    """Read pictures from ``file[::array]``, or from a folder of images.

    Parameters
    ----------
    spec : str
    files : Files
    wanted : str or None
        The column of ids.
    known : sequence of array
        The ids of the items, by which images are found.
    """
    source = parse_source(spec)
    if source.path.is_dir():
        return _of_folder(source.path, known)
    contents = files(source.path)
    key = source.key or _only_pictures(contents)
    if key not in contents.columns:
        raise InputError(
            f"{contents.where} has no {contents.noun} {key!r}; "
            f"its {contents.noun}s: {listed(contents)}"
        )
    where = f"{contents.where}::{key}" if source.key else contents.where
    pictures = as_pictures(held(contents.vectors((key,))), where)
    id_name = id_column(contents, wanted)
    ids = None
    if id_name is not None:
        ids = tidy_ids(contents.column(id_name), f"{id_name!r} of {where}", typed=contents.typed)
        if len(ids) != len(pictures):
            raise InputError(
                f"{where} has {len(pictures):,} pictures and {len(ids):,} ids; expected one id each"
            )
    name = NAME if key == "vectors" else key
    return ItemTable(where, len(pictures), ids, {name: pictures})


def _only_pictures(contents: Contents) -> str:
    found = [c.name for c in contents.columns.values() if len(c.shape) in (3, 4)]
    if len(found) != 1:
        raise InputError(
            f"{contents.where} has {len(found)} arrays of pictures; its {contents.noun}s: "
            f"{listed(contents)}; name one: --thumbnail {contents.where}::ARRAY"
        )
    return found[0]


def _of_folder(folder: Path, known: Sequence[AnyArray]) -> ItemTable:
    """Match images to items by path, file name or its stem, whichever finds most; else by order."""
    found = sorted(
        (one for one in folder.rglob("*") if one.suffix.lower() in _IMAGES and one.is_file()),
        key=lambda one: natural(str(one)),
    )
    if not found:
        raise ReadError(f"{folder} holds no images ({', '.join(_IMAGES)}); check the path")
    if not known:
        return ItemTable(folder.name, len(found), None, {NAME: _images(found)})
    ids = {str(one) for group in known for one in group.tolist()}
    ways = [
        {str(one.relative_to(folder)): one for one in found},
        {one.name: one for one in found},
        {one.stem: one for one in found},
    ]
    best = max(ways, key=lambda way: len(ids & {*way}))
    matched = [name for name in best if name in ids]
    if not matched:
        raise InputError(
            f"no image of {folder} is named like an item: images like {found[0].name!r}, ids like "
            f"{shown(known[0])}; name them ID{found[0].suffix}, or give a column of paths"
        )
    pictures = _images([best[name] for name in matched])
    numbers = all(group.dtype.kind in "iu" for group in known)
    of = np.array([int(name) for name in matched]) if numbers else np.array(matched, np.str_)
    return ItemTable(folder.name, len(of), of, {NAME: pictures})


def _from_paths(
    name: str, tables: Sequence[ItemTable], folders: Mapping[str, Path]
) -> ItemTable | None:
    """Read the images whose paths a column holds; None where no table has such a column.

    Parameters
    ----------
    name : str
        The column.
    tables : sequence of ItemTable
    folders : mapping of a table's name to Path
        Where paths that do not begin at the root may begin.
    """
    for table in tables:
        column = table.columns.get(name)
        if column is None or column.ndim != 1 or column.dtype.kind not in "TU":
            continue
        starts = [folders.get(table.where, Path()), Path()]
        paths = [_there(word, starts) for word in column.tolist()]
        rows = np.array([i for i, path in enumerate(paths) if path is not None], np.int64)
        if not len(rows):
            raise InputError(
                f"column {name!r} of {table.where} names no image that is there (first: "
                f"{column.tolist()[0]!r}, looked for in {starts[0].absolute()}); check the paths"
            )
        pictures = _images([path for path in paths if path is not None])
        full = np.zeros((table.n_rows, *pictures.shape[1:]), np.uint8)
        full[rows] = pictures
        return ItemTable(table.where, table.n_rows, table.ids, {NAME: full}, declared=True)
    return None


def _there(word: str, starts: Sequence[Path]) -> Path | None:
    for start in starts:
        if word and (start / word).is_file():
            return start / word
    return None


def _images(paths: Sequence[Path]) -> AnyArray:
    """Read images, each fitted into one size with white around it."""
    try:
        from PIL import Image
    except ImportError as error:
        raise ReadError(
            f"reading images such as {paths[0].name} needs Pillow: `pip install pillow`, or give "
            "an array: --thumbnail thumbs.npy of shape (n_items, height, width, 3)"
        ) from error
    side = LONGEST_SIDE
    out = np.full((len(paths), side, side, 3), 255, np.uint8)
    for row, path in enumerate(paths):
        try:
            with Image.open(path) as image:
                pixels = _pixels(image, side)
        except (*FAULTS, OSError, Image.DecompressionBombError) as error:
            raise ReadError(f"{path} cannot be read as an image ({error})") from error
        top, left = (side - pixels.shape[0]) // 2, (side - pixels.shape[1]) // 2
        out[row, top : top + pixels.shape[0], left : left + pixels.shape[1]] = pixels
    return out


def _pixels(image: Any, side: int) -> AnyArray:
    image.draft("RGB", (side, side))
    small = image.convert("RGBA")
    small.thumbnail((side, side))
    pixels: AnyArray = rgb(np.asarray(small)[None])[0]
    return pixels
