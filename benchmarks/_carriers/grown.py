"""A small bundle grown to any number of items, with random content: no file compresses worse.

What is measured of it (bytes, memory) depends on how many rows of which kind there are, not on what
they mean; neighbours and numbers of a real bundle hold more order, and take less when deflated.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np

import emblink as eb
from emblink.bundle import Bundle
from emblink.bundle.schema import TextField
from emblink.types import AnyArray
from emblink.words import pack

N_SEED, N_DIMS = 300, 16


def grown(folder: Path, n_items: int, *, n_spaces: int, k: int = 100, seed: int = 0) -> Path:
    """Write a bundle of so many items and spaces.

    Parameters
    ----------
    folder : Path
        A new directory.
    n_items, n_spaces : int
    k : int
        Neighbours stored of each item.
    seed : int

    Returns
    -------
    Path
        The bundle.
    """
    source = _source(folder / "seed.emblink", n_spaces)
    target = folder / f"{n_items}.emblink"
    shutil.copytree(source, target)
    bundle, rng = Bundle(source), np.random.default_rng(seed)
    held = json.loads((source / "manifest.json").read_text(encoding="utf-8"))
    texts = {
        name: field.name
        for field in bundle.manifest.fields
        if isinstance(field, TextField)
        for name in (field.words.offsets, field.words.utf8)
    }
    words = {name: _words(name, n_items, rng) for name in dict.fromkeys(texts.values())}
    for name, column in held["columns"].items():
        values = bundle.array(name)
        if name in texts:
            made = words[texts[name]][column["kind"] == "utf8"]
        elif column["kind"] in ("offsets", "utf8"):
            continue
        else:
            made = _rows(column["kind"], np.asarray(values), n_items, k=k, rng=rng)
        _save(target / column["path"], made, column)
    _say(held, n_items, k)
    (target / "manifest.json").write_text(json.dumps(held), encoding="utf-8")
    Bundle(target)
    return target


def _source(path: Path, n_spaces: int) -> Path:
    rng = np.random.default_rng(1)
    labels = np.arange(N_SEED) % 12
    x = 2 * rng.standard_normal((12, N_DIMS))[labels] + rng.standard_normal((N_SEED, N_DIMS))
    spaces = {f"space {at}": x + 0.4 * at * rng.standard_normal(x.shape) for at in range(n_spaces)}
    ids = [f"item-{i:07d}" for i in range(N_SEED)]
    items = {
        "id": ids,
        "label": [f"label {one}" for one in labels],
        "text": [f"a text of item {i}" for i in range(N_SEED)],
    }
    eb.compare(spaces, items=items, ids=np.array(ids), labels="label", text="text", out=path)
    return path


def _words(name: str, n: int, rng: np.random.Generator) -> tuple[AnyArray, AnyArray]:
    if name == "id":
        return pack(np.array([f"item-{i:07d}" for i in range(n)]))
    lexicon = np.array([f"{one:05x}" for one in rng.integers(0, 1 << 20, 4096)])
    picked = lexicon[rng.integers(0, len(lexicon), (n, 6))]
    return pack(np.array([" ".join(row) for row in picked.tolist()]))


def _rows(kind: str, values: AnyArray, n: int, *, k: int, rng: np.random.Generator) -> AnyArray:
    if kind == "position":
        return rng.permutation(n).astype(values.dtype)
    if kind == "rows":
        return np.arange(n, dtype=values.dtype)
    if kind == "neighbors":
        return rng.integers(0, n, (n, k), dtype=values.dtype)
    if kind == "distances":
        return np.sort(rng.random((n, k), dtype=np.float32), axis=1)
    made: AnyArray = values[rng.integers(0, len(values), n)]
    if made.dtype.kind == "f":
        made = made + (0.01 * rng.standard_normal(made.shape)).astype(made.dtype)
    return made


def _save(path: Path, values: AnyArray, column: dict[str, Any]) -> None:
    np.save(path, np.ascontiguousarray(values))
    column["shape"] = [*values.shape]
    column["dtype"] = values.dtype.name
    column["bytes"] = path.stat().st_size
    column["offset"] = path.stat().st_size - values.nbytes
    column["crc32"] = None


def _say(held: dict[str, Any], n: int, k: int) -> None:
    held["checksum"], held["stages"] = "", []  # as of a bundle from before checksums
    held["n_items"] = held["report"]["n_items"] = n
    held["title"] = f"{n:,} items"
    for domain in held["domains"].values():
        domain["n"] = n
    for space in (*held["spaces"], *held["report"]["spaces"]):
        space["n_items"] = n
    for space in held["spaces"]:
        space["k"] = k
    for pair in held["report"]["pairs"]:
        pair["n_common"] = n
