"""Folders and files that hold vectors beside something else: AnnData, BEIR and MTEB."""

from __future__ import annotations

import builtins
import json
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from emblink.errors import InputError
from emblink.load import inspect_file, load_spaces

N, D = 40, 6
A = np.random.default_rng(7).normal(size=(N, D)).astype("f4")
B = np.random.default_rng(8).normal(size=(N, 2 * D)).astype("f4")
CELLS = [f"AAAC{i:03d}-1" for i in range(N)]


def cells() -> Any:
    import anndata

    obs = pd.DataFrame(
        {
            "cell_type": pd.Categorical(["B", "T", None, "NK"] * (N // 4)),
            "n_genes": np.arange(N),
            "batch": ["x", "y"] * (N // 2),
        },
        index=CELLS,
    )
    return anndata.AnnData(np.abs(A), obs=obs, obsm={"X_pca": A, "X_scVI": B})


@pytest.mark.anndata
@pytest.mark.parametrize("ending", [".h5ad", ".zarr"])
def test_anndata_in_a_file_gives_a_space_for_each_array_of_obsm(
    tmp_path: Path, ending: str
) -> None:
    path = tmp_path / f"run{ending}"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # anndata's, of the format that it will write one day
        getattr(cells(), {".h5ad": "write_h5ad", ".zarr": "write_zarr"}[ending])(path)
    found = load_spaces([str(path)], label="cell_type")
    assert [*found.spaces] == ["X_pca", "X_scVI"]
    np.testing.assert_array_equal(found.spaces["X_scVI"].vectors, B)
    assert found.ids.tolist() == CELLS
    assert found.items["cell_type"].tolist() == ["B", "T", "", "NK"] * (N // 4)
    assert any("euclidean" in note for note in found.notes)
    one = load_spaces([f"{path}::X_scVI"], metric="euclidean")
    assert [*one.spaces] == ["X_scVI"]
    assert not any("AnnData" in note for note in one.notes)
    facts = inspect_file(path)
    assert {(one.name, one.n_dims) for one in facts.vectors} == {("X_pca", D), ("X_scVI", 2 * D)}
    assert facts.n_bytes > A.nbytes


@pytest.mark.anndata
@pytest.mark.parametrize("what", ["array", "group", "table"])
def test_zarr_of_something_else_is_refused_with_a_line_that_works(
    tmp_path: Path, what: str
) -> None:
    import zarr

    path = tmp_path / "a.zarr"
    if what == "array":
        zarr.save_array(str(path), A)
    else:
        zarr.save_group(str(path), **({"emb": A} if what == "group" else {"obs": A}))
    with pytest.raises(InputError, match=r"zarr.open\(.*np.save|np.save.*zarr.open\("):
        load_spaces([str(path)])


@pytest.mark.parametrize("ending", [".h5ad", ".zarr"])
def test_without_anndata_two_lines_say_how(
    tmp_path: Path, ending: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def none(name: str, *args: Any, **options: Any) -> Any:
        if name.split(".")[0] in ("anndata", "zarr"):
            raise ImportError(name)
        return real(name, *args, **options)

    path = tmp_path / f"run{ending}"
    if ending == ".zarr":
        path.mkdir()
        (path / "zarr.json").write_text("{}")
    else:
        path.write_bytes(b"\x89HDF\r\n\x1a\n")
    monkeypatch.setattr(builtins, "__import__", none)
    way = rf"pip install 'emblink\[anndata\]'.*eb\.compare\(anndata\.read_{ending[1:]}\("
    with pytest.raises(InputError, match=way):
        load_spaces([str(path)])


IDS = [f"doc{i:03d}" for i in range(N)]


def lines(prefix: str = "doc", n: int = N) -> str:
    rows = [
        {"_id": f"{prefix}{i:03d}", "title": f"t{i}", "text": f"words of {i}", "metadata": {}}
        for i in range(n)
    ]
    return "".join(json.dumps(row) + "\n" for row in rows)


def beir(folder: Path, **files: Any) -> Path:
    folder.mkdir()
    (folder / "corpus.jsonl").write_text(lines())
    (folder / "queries.jsonl").write_text(lines("q", 5))
    (folder / "qrels").mkdir()
    (folder / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq000\tdoc001\t1\n")
    for name, values in files.items():
        place = folder / name.replace("__", "/")
        place.parent.mkdir(exist_ok=True)
        np.save(place.with_suffix(".npy"), values)
    return folder


LAYOUTS = {
    "one file": {"vectors": A},
    "named for the corpus": {"corpus_embeddings": A},
    "queries as well": {"corpus": A, "queries": A[:5]},
    "in a folder": {"model__docs": A, "model__query_vectors": A[:5]},
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", LAYOUTS)
def test_vectors_beside_a_corpus_take_its_ids_and_texts(tmp_path: Path, kind: str) -> None:
    found = load_spaces([str(beir(tmp_path / "scifact", **LAYOUTS[kind]))])
    space = found.spaces["scifact"]
    np.testing.assert_array_equal(space.vectors, A)
    assert found.ids.tolist() == IDS
    assert found.items[found.roles["text"]][3] == "words of 3"
    assert inspect_file(tmp_path / "scifact").vectors[0].n_dims == D


def test_two_models_of_a_corpus_join_by_its_ids(tmp_path: Path) -> None:
    beir(tmp_path / "old", vectors=A)
    beir(tmp_path / "new", vectors=A[::-1])
    rows = lines().splitlines()[::-1]
    (tmp_path / "new" / "corpus.jsonl").write_text("\n".join(rows) + "\n")
    found = load_spaces([f"{tmp_path}/old", f"{tmp_path}/new"])
    np.testing.assert_array_equal(found.rows["new"], np.arange(N)[::-1])


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, r"holds texts \(corpus.jsonl, queries.jsonl\) and no vectors; embed .*--items"),
        ({"a": A, "b": B}, r"several files of vectors \(a.npy, b.npy\); name one, .*--items"),
        ({"a": A[:-1]}, r"a.npy has shape \(39, 6\), but corpus.jsonl has 40 texts"),
        ({"a": A[0]}, r"a.npy has shape \(6,\)"),
    ],
)
def test_a_corpus_without_its_own_vectors_is_refused_with_what_to_do(
    tmp_path: Path, files: dict[str, Any], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        load_spaces([str(beir(tmp_path / "x", **files))])


@pytest.mark.parametrize("name", ["corpus.jsonl", "queries.jsonl", "texts.csv"])
def test_texts_alone_are_refused_with_what_to_do(tmp_path: Path, name: str) -> None:
    text = lines() if name.endswith("jsonl") else "_id,text\n" + "".join(f"{i},w\n" for i in IDS)
    (tmp_path / name).write_text(text)
    with pytest.raises(InputError, match=rf"no vectors.*embed its texts.*--items {name}"):
        load_spaces([f"{tmp_path}/{name}"])


def test_a_corpus_describes_items_by_its_ids(tmp_path: Path) -> None:
    np.savez(tmp_path / "new.npz", ids=IDS[::-1], vectors=A)
    (tmp_path / "corpus.jsonl").write_text(lines())
    found = load_spaces([f"{tmp_path}/new.npz"], items=f"{tmp_path}/corpus.jsonl")
    assert found.ids.tolist() == IDS
    assert found.items["text"][2] == "words of 2"
