"""The files that the pages on use cases name, made of the real data of this repository."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from importlib.resources import files
from pathlib import Path

import numpy as np

from emblink.types import AnyArray

DATA = Path(__file__).parent / "data"
MOST = 900


def write_all(folder: Path) -> None:
    """Write them all."""
    _emoji(folder)
    _digits(folder)
    _words(folder)


def _emoji(folder: Path) -> None:
    """Names of emoji by three models, and French names as queries for them."""
    data = np.load(str(files("emblink.demo") / "emoji.npz"), allow_pickle=False)
    rng = np.random.default_rng(0)
    rows = np.sort(rng.permutation(len(data["ids"]))[:MOST])
    ids, kinds = data["ids"][rows], data["classes"][data["label"][rows]]
    held = {
        "letters": data["space__chargram_svd128_en"],
        "minilm": data["space__minilm_l6_name_en"],
        "use": data["space__use_name_en"],
    }
    for name, vectors in held.items():
        _npz(folder, name, vectors[rows], ids)
    names = data["name_en"][rows]
    _csv(folder / "items.csv", ("id", "name", "kind"), zip(ids, names, kinds, strict=True))
    minilm = data["space__minilm_l6_name_en"][rows].astype(np.float32)
    unit = minilm / np.linalg.norm(minilm, axis=1, keepdims=True)
    _npz(folder, "server", np.rint(unit * 127 / np.abs(unit).max()) / 127, ids)
    cut = unit.copy()
    long = np.char.str_len(names.astype(str)) > 24
    cut[long] = minilm[np.roll(np.arange(len(minilm)), 1)][long]
    _npz(folder, "upgraded", cut, ids)
    _french(folder, data, rows)


def _french(folder: Path, data: np.lib.npyio.NpzFile, rows: AnyArray) -> None:
    asked = np.sort(np.random.default_rng(1).permutation(len(rows))[:300])
    names = [f"q{at}" for at in asked]
    _npz(folder, "french", data["space__use_name_fr"][rows][asked], names)
    kinds = data["classes"][data["label"][rows][asked]]
    words = zip(names, data["name_fr"][rows][asked], kinds, strict=True)
    _csv(folder / "queries.csv", ("id", "text", "topic"), words)
    judged = zip(names, data["ids"][rows][asked], strict=True)
    lines = (f"{query} 0 {item} 1" for query, item in judged)
    (folder / "qrels.txt").write_text("\n".join(lines) + "\n", "utf-8")


def _digits(folder: Path) -> None:
    """Checkpoints of a network that learns handwritten digits, and another run of it."""
    data = np.load(DATA / "mnist_cnn.npz", allow_pickle=False)
    ids, (folder_runs) = data["ids"][:MOST], folder / "checkpoints"
    folder_runs.mkdir()
    for epoch in ("00", "01", "02", "05", "10"):
        _npz(folder_runs, f"epoch{epoch}", data[f"space__fc_seed0_epoch{epoch}"][:MOST], ids)
    _npz(folder, "again", data["space__fc_seed1_epoch10"][:MOST], ids)
    digits = data["classes"][data["label"][:MOST]]
    _csv(folder / "digits.csv", ("id", "digit"), zip(ids, digits, strict=True))


def _words(folder: Path) -> None:
    """Word vectors of models that do not hold the same words."""
    data = np.load(DATA / "words_partial.npz", allow_pickle=False)
    held = {"spacy": "spacy_md300", "glosses": "w2v_glosses_seed0", "rerun": "w2v_glosses_seed1"}
    for name, key in held.items():
        _npz(folder, f"{name}-words", data[f"space__{key}"], data["items"][data[f"rows__{key}"]])


def _npz(folder: Path, name: str, vectors: AnyArray, ids: Sequence[str] | AnyArray) -> None:
    np.savez(folder / f"{name}.npz", vectors=vectors, ids=ids)


def _csv(path: Path, head: Sequence[str], rows: Iterable[Iterable[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([head, *rows])


def write_cells(folder: Path) -> None:
    """Write scanpy's blood cells with a second PCA; needs AnnData."""
    import scanpy as sc

    adata = sc.datasets.pbmc68k_reduced()
    genes = np.asarray(adata.raw.X.todense() if hasattr(adata.raw.X, "todense") else adata.raw.X)
    u, s, _ = np.linalg.svd(genes - genes.mean(axis=0), full_matrices=False)
    adata.obsm["X_pca_unscaled"] = (u * s)[:, :50].astype(np.float32)
    adata.write_h5ad(folder / "cells.h5ad")
