"""Five people with what they have, from their first command to the page: none is stopped."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet as pq

import emblink as eb
from tests.conftest import clustered
from tests.test_cli import emblink

pytestmark = pytest.mark.slow
N = 240


def said(*words: str | Path, cwd: Path) -> str:
    """Run a command that must succeed, and return all that it printed, without line ends."""
    run = emblink(*words, cwd=cwd)
    assert run.returncode == 0, run.stdout + run.stderr
    return " ".join((run.stdout + run.stderr).replace("│", " ").split())


def manifest(bundle: Path) -> Any:
    """Return what the page reads first."""
    return json.loads((bundle / "manifest.json").read_text())


def space_names(bundle: Path) -> list[str]:
    return [space["name"] for space in manifest(bundle)["spaces"]]


def _export(path: Path, rows: np.ndarray[Any, Any], vectors: np.ndarray[Any, Any]) -> None:
    """Write what vector databases export: a record of metadata and a list of tags beside lists."""
    table = {
        "id": [f"chunk-{i}" for i in rows],
        "text": [f"Chunk {i} about topic {i % 4}: {'word ' * 200}" for i in rows],
        "embedding": vectors[rows].astype(np.float32).tolist(),
        "tags": [["news", f"t{i % 3}"] for i in rows],
        "n_tokens": [int(i) % 50 for i in rows],
        "metadata": [{"source": f"doc{i % 9}", "page": int(i)} for i in rows],
    }
    pq.write_table(pa.table(table), path)


def test_an_engineer_compares_two_exports_of_a_vector_database(tmp_path: Path) -> None:
    x, _ = clustered(N)
    rng = np.random.default_rng(1)
    turned = x @ rng.normal(size=(x.shape[1], 24))
    _export(tmp_path / "old.parquet", rng.permutation(N)[:220], x)
    _export(tmp_path / "new.parquet", rng.permutation(N)[:220], turned)

    sheet = emblink("inspect", "old.parquet", cwd=tmp_path)
    assert sheet.returncode == 0
    assert "embedding" in sheet.stdout
    assert max(map(len, sheet.stdout.splitlines())) < 200
    assert "metadata" in sheet.stdout

    out = said("compare", "old.parquet", "new.parquet", "-o", "run.emblink", cwd=tmp_path)
    assert "old.parquet, embedding" in out
    assert "metadata" in out
    assert "tags" in out

    spaces = manifest(tmp_path / "run.emblink")["spaces"]
    assert [space["name"] for space in spaces] == ["old", "new"]
    assert [space["n_dims"] for space in spaces] == [x.shape[1], 24]

    comparison = eb.open(tmp_path / "run.emblink")
    assert comparison.space_set.roles["text"] == "text"
    assert len(set(comparison.space_set.ids.tolist())) == len(comparison.space_set.ids)
    assert comparison.space_set.spaces["old"].matched_by == "id"


def test_a_researcher_compares_twelve_checkpoints_with_labels(tmp_path: Path) -> None:
    x, labels = clustered(N)
    rng = np.random.default_rng(2)
    steps = [0, *range(100, 1200, 100)]
    for step in steps:
        folder = tmp_path / f"ckpt_{step}"
        folder.mkdir()
        noise = rng.normal(size=x.shape) * (1 - step / 1100)
        np.save(folder / "embeddings.npy", (x * step / 1100 + noise).astype(np.float32))
    rows = [f"img{i}.png,{'abcd'[labels[i]]}" for i in range(N)]
    (tmp_path / "labels.csv").write_text("\n".join(["filename,label", *rows]) + "\n")

    sources = sorted(f"ckpt_{step}/embeddings.npy" for step in steps)  # as a shell gives them
    run = emblink(
        *("compare", *sources, "--items", "labels.csv", "--label", "label"),
        *("--pairs", "consecutive", "-o", "run.emblink"),
        cwd=tmp_path,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert space_names(tmp_path / "run.emblink") == [f"ckpt_{step}" for step in steps]

    out = " ".join((run.stdout + run.stderr).split())
    assert "ckpt_100/embeddings.npy" in out
    notes = eb.open(tmp_path / "run.emblink").report()["notes"]
    assert len(notes) == len(set(notes))
    assert sum("row" in note for note in notes) < 4
    pairs = eb.open(tmp_path / "run.emblink").report()["pairs"]
    assert [(pair["a"], pair["b"]) for pair in pairs] == [
        (f"ckpt_{a}", f"ckpt_{b}") for a, b in pairwise(steps)
    ]


@pytest.mark.anndata
def test_a_biologist_compares_the_maps_of_an_annotated_matrix(tmp_path: Path) -> None:
    import anndata
    import pandas

    x, labels = clustered(N)
    rng = np.random.default_rng(3)
    types = pandas.Categorical([None if i == 3 else f"type {'abcd'[labels[i]]}" for i in range(N)])
    cells = [f"cell-{i}" for i in range(N)]
    matrix = anndata.AnnData(
        X=rng.poisson(1, (N, 5)).astype(np.float32),
        obs=pandas.DataFrame({"cell_type": types}, index=cells),
        obsm={"X_pca": x, "X_scVI": x @ rng.normal(size=(x.shape[1], 8))},
    )
    matrix.write_h5ad(tmp_path / "run.h5ad")

    assert "X_scVI" in said("inspect", "run.h5ad", cwd=tmp_path)
    out = said(
        *("compare", "run.h5ad", "--metric", "euclidean", "--label", "cell_type"),
        *("-o", "run.emblink"),
        cwd=tmp_path,
    )
    assert "X_pca" in out
    comparison = eb.open(tmp_path / "run.emblink")
    assert space_names(tmp_path / "run.emblink") == ["X_pca", "X_scVI"]
    assert comparison.space_set.ids.tolist() == cells
    assert comparison.space_set.items["cell_type"].tolist()[3] == ""
    usual = said("compare", "run.h5ad", "-o", "other.emblink", cwd=tmp_path)
    assert "distances are Euclidean" in usual
    asked = said("compare", "run.h5ad", "--metric", "cosine", "-o", "third.emblink", cwd=tmp_path)
    assert "usually measured with" in asked


def test_a_linguist_compares_word_vectors_of_two_tools(tmp_path: Path) -> None:
    x, _ = clustered(N)
    words = [f"w{i}" for i in range(N)]
    words[2], words[20], words[30], words[40] = '"', '"hello', "new york", "#"
    lines = [w + " " + " ".join(f"{v:.6g}" for v in r) for w, r in zip(words, x, strict=True)]
    (tmp_path / "glove.txt").write_text("\n".join(lines) + "\n")
    other = [line for i, line in enumerate(lines) if i % 6][::-1]
    (tmp_path / "ft.vec").write_text(f"{len(other)} {x.shape[1]}\n" + "\n".join(other) + "\n")

    assert f"{N} × {x.shape[1]}" in said("inspect", "glove.txt", cwd=tmp_path)
    out = said("compare", "glove.txt", "ft.vec", "-o", "run.emblink", cwd=tmp_path)
    assert "glove.txt" in out
    comparison = eb.open(tmp_path / "run.emblink")
    assert space_names(tmp_path / "run.emblink") == ["glove", "ft"]
    assert comparison.space_set.ids.tolist() == words
    rows = comparison.space_set.rows["ft"]
    assert comparison.space_set.ids[rows].tolist() == [
        line.rsplit(None, x.shape[1])[0] for line in other
    ]
    assert comparison.report()["pairs"][0]["n_common"] == len(other)


@pytest.mark.parametrize("given", ["images", "thumbs.npy", "thumbs.npz", "paths"])
def test_a_vision_person_sees_pictures_however_they_are_kept(tmp_path: Path, given: str) -> None:
    from PIL import Image

    x, labels = clustered(60)
    rng = np.random.default_rng(4)
    colours = rng.integers(0, 255, (60, 1, 1, 3), dtype=np.uint8)
    pictures = np.repeat(np.repeat(colours, 40, axis=1), 30, axis=2)
    np.save(tmp_path / "old.npy", x.astype(np.float32))
    np.save(tmp_path / "new.npy", (x + rng.normal(size=x.shape) / 5).astype(np.float32))
    (tmp_path / "images").mkdir()
    for i, picture in enumerate(pictures):
        Image.fromarray(picture).save(tmp_path / "images" / f"img{i:03d}.png")
    np.save(tmp_path / "thumbs.npy", pictures)
    np.savez(tmp_path / "thumbs.npz", imgs=pictures)
    rows = [f"img{i:03d},{'abcd'[labels[i]]},images/img{i:03d}.png" for i in range(60)]
    (tmp_path / "items.csv").write_text("\n".join(["id,label,path", *rows]) + "\n")

    said(
        *("compare", "old.npy", "new.npy", "--items", "items.csv"),
        *("--thumbnail", "path" if given == "paths" else given, "-o", "run.emblink"),
        cwd=tmp_path,
    )
    comparison = eb.open(tmp_path / "run.emblink")
    held = comparison.space_set.items[comparison.space_set.roles["thumbnail"]]
    middle = held[:, held.shape[1] // 2, held.shape[2] // 2]
    np.testing.assert_array_equal(middle, colours[:, 0, 0])
    assert comparison.space_set.roles["label"] == "label"
