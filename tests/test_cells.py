"""Cells: AnnData and MuData compared, and what was found written back beside each cell."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

import emblink as eb
from emblink.cli import app
from emblink.errors import InputError, MatchError
from emblink.types import MOVE_CLASSES
from tests.conftest import clustered

pytestmark = pytest.mark.slow

N = 160
X, KINDS = clustered(N, seed=4)
Y = X + np.random.default_rng(5).standard_normal(X.shape)
CELLS = [f"cell-{i:03d}" for i in range(N)]


def made() -> Any:
    """Return what AnnData is to Emblink, of plain parts."""
    obs = pd.DataFrame({"cell_type": np.array(["B", "T", "NK", "DC"])[KINDS]}, index=CELLS)
    arrays = {"X_pca": X.copy(), "X_scVI": Y.copy(), "X_umap": X[:, :2].copy()}
    return SimpleNamespace(obsm=arrays, obs=obs, obs_names=obs.index, uns={})


def anndata() -> Any:
    import anndata

    parts = made()
    obsm = {**parts.obsm}
    return anndata.AnnData(np.abs(X).astype("f4"), obs=parts.obs, obsm=obsm)


@pytest.fixture(scope="module")
def compared() -> eb.Comparison:
    return eb.compare(made(), ["X_pca", "X_scVI"], labels="cell_type")


def test_the_arrays_that_are_named_are_the_spaces_by_euclidean_distance(
    compared: eb.Comparison,
) -> None:
    assert [*compared.spaces] == ["X_pca", "X_scVI"]
    assert {space.metric for space in compared.spaces.values()} == {"euclidean"}
    assert any("Euclidean, as is usual for cells" in one for one in compared.report()["notes"])
    assert {one["label"] for one in compared.pair("X_pca", "X_scVI").labels} == {
        *("B", "T", "NK", "DC")
    }


@pytest.mark.slow
def test_another_distance_is_taken_as_it_is_asked_for() -> None:
    found = eb.compare(made(), ["X_pca"], metric="cosine")
    assert found.spaces["X_pca"].metric == "cosine"
    assert not any("Euclidean" in one for one in found.report()["notes"])
    assert eb.compare({"a": X[:50]}).spaces["a"].metric == "cosine"
    assert eb.compare({"a": X, "b": made()}).spaces["a"].metric == "cosine"


def test_an_array_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(InputError, match="no array 'X_scvi' in obsm; there are: 'X_pca'"):
        eb.compare(made(), ["X_scvi"])
    with pytest.raises(InputError, match=r"give a list: \['X_pca', …\]"):
        eb.compare(made(), "X_pca")
    with pytest.raises(InputError, match="go with AnnData or MuData"):
        eb.compare({"a": X}, ["a"])
    with pytest.raises(InputError, match="'X_pca' is named twice"):
        eb.compare(made(), ["X_pca", "X_scVI", "X_pca"])


def test_what_is_missing_of_a_cell_is_missing_whatever_type_its_column_has() -> None:
    cells = made()
    gap = np.arange(N) % 5 == 0
    cells.obs["flag"] = pd.array([None if one else True for one in gap], "boolean")
    cells.obs["word"] = pd.array([None if one else "w" for one in gap], "string")
    cells.obs["whole"] = pd.array([None if one else 7 for one in gap], "Int64")
    cells.obs["mixed"] = [None if one else (1, "a") for one in gap]
    items = eb.compare(cells, ["X_pca", "X_scVI"]).items.native()
    assert items["flag"].dtype == "boolean"
    assert items["whole"].dtype == "Int64"
    for name in ("flag", "whole"):
        np.testing.assert_array_equal(items[name].isna(), gap)
        assert set(items[name].dropna()) == {cells.obs[name].iloc[1]}
    for name in ("word", "mixed"):
        np.testing.assert_array_equal(items[name] == "", gap)


@pytest.mark.slow
def test_arrays_of_every_modality_are_named_by_it() -> None:
    whole, rna, prot = made(), made(), made()
    rna.obsm = {"X_pca": X}
    prot.obsm = {"X_pca": Y}
    whole.obsm = {"X_mofa": X[:, ::-1], "rna": np.ones(N, bool), "prot": np.ones(N, bool)}
    whole.mod = {"rna": rna, "prot": prot}
    found = eb.compare(whole, labels="cell_type")
    assert [*found.spaces] == ["X_mofa", "rna/X_pca", "prot/X_pca"]
    assert found.spaces["prot/X_pca"].metric == "euclidean"
    some = eb.compare(whole, ["prot/X_pca", "rna/X_pca"])
    assert some.pairs == [("prot/X_pca", "rna/X_pca")]
    cells = some.to_anndata(whole)
    assert "emblink_prot-X_pca_rna-X_pca_neighborhood_overlap" in cells.obs


@pytest.mark.slow
def test_what_is_known_of_all_cells_describes_those_of_a_modality_too() -> None:
    whole, rna, prot = made(), made(), made()
    rna.obs, prot.obs = rna.obs[[]], prot.obs[[]].iloc[::-1]
    prot.obs_names = prot.obs.index
    rna.obsm, prot.obsm = {"X_pca": X}, {"X_pca": X[::-1]}
    whole.mod = {"rna": rna, "prot": prot}
    found = eb.compare(whole, ["rna/X_pca", "prot/X_pca"], labels="cell_type")
    kinds = dict(zip(found.ids.tolist(), found.items["cell_type"].tolist(), strict=True))
    assert kinds == whole.obs["cell_type"].to_dict()


@pytest.mark.slow
@pytest.mark.parametrize("mudata", [False, True])
def test_pictures_that_were_written_back_are_no_spaces_unless_they_are_named(
    compared: eb.Comparison, mudata: bool
) -> None:
    cells = compared.to_anndata(made())
    if mudata:
        cells.mod = {}
    again = eb.compare(cells)
    assert [*again.spaces] == ["X_pca", "X_scVI", "X_umap"]
    said = "left out: X_emblink_pca, X_emblink_scVI, which an earlier comparison"
    assert sum(one.startswith(said) for one in again.report()["notes"]) == 1
    named = eb.compare(cells, ["X_emblink_pca", "X_pca"])
    assert [*named.spaces] == ["X_emblink_pca", "X_pca"]
    assert not any(one.startswith("left out") for one in named.report()["notes"])


def test_what_was_found_of_each_cell_stands_in_its_row(compared: eb.Comparison) -> None:
    cells = made()
    shuffled = np.random.default_rng(1).permutation(N)
    cells.obs = cells.obs.iloc[shuffled]
    cells.obs_names = cells.obs.index
    assert compared.to_anndata(cells) is cells
    items = compared.items.to_pandas().set_index("id").loc[cells.obs_names]
    for measure in ("neighborhood_overlap", "rank_displacement", "purity_change"):
        written = cells.obs[f"emblink_pca_scVI_{measure}"]
        assert written.dtype == np.float32
        np.testing.assert_array_equal(written, items[f"X_pca → X_scVI {measure}"])
    moves = cells.obs["emblink_pca_scVI_move"]
    assert moves.astype(str).tolist() == items["X_pca → X_scVI move"].tolist()
    assert moves.cat.categories.tolist() == [*MOVE_CLASSES]
    written = cells.obsm["X_emblink_scVI"]
    np.testing.assert_array_equal(written[:, 0], items["X_scVI x"])
    np.testing.assert_array_equal(written[:, 1], items["X_scVI y"])


@pytest.mark.slow
def test_groups_are_written_as_the_names_of_their_members() -> None:
    x, _ = clustered(600, seed=2)
    y = x.copy()
    y[:60] += 12 * np.random.default_rng(0).standard_normal(x.shape[1])
    cells: Any = SimpleNamespace(
        obsm={"a": x, "b": y},
        obs=pd.DataFrame(index=[f"c{i}" for i in range(600)]),
        obs_names=[f"c{i}" for i in range(600)],
        uns={},
    )
    found = eb.compare(cells)
    groups = found.groups("a", "b")
    assert groups
    found.to_anndata(cells)
    written = cells.obs["emblink_a_b_group"]
    for group, name in zip(groups, written.cat.categories, strict=True):
        assert np.flatnonzero(written == name).tolist() == group.rows.tolist()


def test_cells_that_were_not_compared_have_nothing_and_strangers_are_refused(
    compared: eb.Comparison,
) -> None:
    cells = made()
    names = [*CELLS[:10], "another"]
    cells.obs, cells.obs_names = pd.DataFrame(index=names), names
    compared.to_anndata(cells)
    overlap = cells.obs["emblink_pca_scVI_neighborhood_overlap"]
    assert overlap.isna().tolist() == [False] * 10 + [True]
    assert np.isnan(cells.obsm["X_emblink_pca"][-1]).all()
    assert cells.obs["emblink_pca_scVI_move"].isna().tolist() == [False] * 10 + [True]
    cells.obs_names = ["x", "y"]
    with pytest.raises(MatchError, match=r"no cell of these .* such as \['x'\]"):
        compared.to_anndata(cells)
    cells.obs_names = [CELLS[0], CELLS[0]]
    with pytest.raises(MatchError, match="obs_names_make_unique"):
        compared.to_anndata(cells)
    with pytest.raises(InputError, match="a dict is neither"):
        compared.to_anndata({})
    for pairs in (("X_pca", "X_scVI"), [("X_pca", "X_scVI", "X_umap")]):
        with pytest.raises(InputError, match="expected two names for each"):
            compared.to_anndata(made(), pairs=pairs)  # type: ignore[arg-type]


@pytest.mark.slow
def test_a_later_comparison_replaces_what_was_written_and_nothing_else(
    compared: eb.Comparison,
) -> None:
    cells = made()
    cells.obs["emblink_mine"] = 1.0
    compared.to_anndata(cells)
    eb.compare(made(), ["X_pca", "X_umap"]).to_anndata(cells)
    ours = [name for name in cells.obs if str(name).startswith("emblink_")]
    assert {name.split("_")[2] for name in ours if name != "emblink_mine"} == {"umap"}
    assert "emblink_mine" in ours
    assert sorted(cells.obsm) == [
        *("X_emblink_pca", "X_emblink_umap", "X_pca", "X_scVI", "X_umap"),
    ]


@pytest.mark.slow
def test_only_the_pairs_asked_for_are_written() -> None:
    cells = made()
    found = eb.compare(cells)
    found.to_anndata(cells, pairs=[("X_pca", "X_umap")])
    ours = [name for name in cells.obs if str(name).startswith("emblink_")]
    assert ours
    assert all(name.startswith("emblink_pca_umap_") for name in ours)


@pytest.mark.anndata
@pytest.mark.parametrize("ending", ["h5ad", "zarr"])
def test_what_was_written_outlives_the_file(tmp_path: Path, ending: str) -> None:
    import anndata as ad

    cells = anndata()
    found = eb.compare(cells, ["X_pca", "X_scVI"], labels="cell_type")
    found.to_anndata(cells)
    path = tmp_path / f"cells.{ending}"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # anndata's, of the format that it will write one day
        getattr(cells, f"write_{ending}")(path)
    back = getattr(ad, f"read_{ending}")(path)
    pd.testing.assert_frame_equal(
        back.obs.filter(like="emblink_"), cells.obs.filter(like="emblink_"), check_categorical=False
    )
    np.testing.assert_array_equal(back.obsm["X_emblink_pca"], cells.obsm["X_emblink_pca"])
    about = back.uns["emblink"]
    assert about["version"] == eb.__version__
    assert about["metric"] == "euclidean"
    assert about["layout"]["n_neighbors"] == 15
    assert about["pairs"]["answer"].tolist() == [found.report()["pairs"][0]["answer"]]
    assert all(len(one) == 8 for one in about["spaces"]["vectors_crc32"])
    assert json.loads(about["report"])["pairs"][0]["a"] == "X_pca"
    assert {*about["columns"]} == {*back.obs.filter(like="emblink_")}
    found.to_anndata(back)  # what was read again is replaced
    assert len(back.obs.columns) == len(cells.obs.columns)


@pytest.mark.anndata
def test_mudata_is_compared_and_written_likewise(tmp_path: Path) -> None:
    import anndata as ad
    import mudata

    one, other = anndata(), anndata()
    del one.obsm["X_scVI"], one.obsm["X_umap"], other.obsm["X_pca"], other.obsm["X_umap"]
    other = other[40:].copy()
    other.var_names = [f"p{i}" for i in range(other.n_vars)]
    one.obs["flag"] = other.obs["flag"] = True
    mudata.set_options(pull_on_update=False)
    cells = mudata.MuData({"rna": one, "prot": other})
    found = eb.compare(cells, ["rna/X_pca", "prot/X_scVI"])
    assert found.report()["pairs"][0]["n_common"] == N - 40
    cells.pull_obs()
    assert cells.obs["prot:flag"].isna().sum() == 40
    eb.compare(cells, ["rna/X_pca", "prot/X_scVI"])
    found.to_anndata(cells)
    cells.write(tmp_path / "cells.h5mu")
    back = mudata.read(tmp_path / "cells.h5mu")
    overlap = back.obs["emblink_rna-X_pca_prot-X_scVI_neighborhood_overlap"]
    assert int(overlap.isna().sum()) == 40
    assert back.uns["emblink"]["version"] == eb.__version__
    assert isinstance(back.mod["rna"], ad.AnnData)


@pytest.mark.anndata
def test_the_command_measures_cells_by_euclidean_distance_and_says_so(tmp_path: Path) -> None:
    cells = anndata()
    del cells.obsm["X_umap"]
    cells.write_h5ad(tmp_path / "run.h5ad")
    out = tmp_path / "run.emblink"
    ask = ["compare", str(tmp_path / "run.h5ad"), "-o", str(out), "--label", "cell_type"]
    result = CliRunner().invoke(app, ask)
    assert result.exit_code == 0, result.output
    report = eb.open(out).report()
    assert {space["metric"] for space in report["spaces"]} == {"euclidean"}
    assert any("--metric cosine" in one for one in report["notes"])


@pytest.mark.parametrize(
    ("where", "name"),
    [("obs", "emblink_pca_scVI_move"), ("obsm", "X_emblink_pca"), ("uns", "emblink")],
)
def test_nothing_of_ones_own_is_written_over(
    compared: eb.Comparison, where: str, name: str
) -> None:
    cells = made()
    mine: Any = {"obs": ["mine"] * N, "obsm": np.ones((N, 2)), "uns": {"my": "notes"}}[where]
    getattr(cells, where)[name] = mine
    before = sorted(cells.obs), sorted(cells.obsm), sorted(cells.uns)
    with pytest.raises(InputError, match=rf"{where}\['{name}'\] is there and was not written by"):
        compared.to_anndata(cells)
    assert (sorted(cells.obs), sorted(cells.obsm), sorted(cells.uns)) == before
    del getattr(cells, where)[name]
    compared.to_anndata(cells)
    compared.to_anndata(cells)
    assert name in getattr(cells, where)


def test_many_pairs_are_written_at_once() -> None:
    """pandas warns of a frame to which columns are added one by one, and warnings are errors."""
    cells = made()
    rng = np.random.default_rng(9)
    cells.obsm = {f"X_{at}": X + rng.standard_normal(X.shape) for at in range(7)}
    compared = eb.compare(cells)
    compared.to_anndata(cells)
    assert len(cells.obs.columns) > 100
    written = [*cells.obs.columns]
    compared.to_anndata(cells)
    assert [*cells.obs.columns] == written


@pytest.mark.anndata
def test_a_view_becomes_an_object_of_its_own_and_the_other_is_left_alone(
    compared: eb.Comparison,
) -> None:
    cells = anndata()
    view = cells[10:60]
    compared.to_anndata(view)
    assert not view.is_view
    assert view.n_obs == 50
    assert "emblink_pca_scVI_move" in view.obs
    assert [*cells.obs.columns] == ["cell_type"]


@pytest.mark.anndata
def test_a_backed_object_is_written_to_in_memory(compared: eb.Comparison, tmp_path: Path) -> None:
    import anndata as library

    anndata().write_h5ad(tmp_path / "cells.h5ad")
    backed = library.read_h5ad(tmp_path / "cells.h5ad", backed="r")
    compared.to_anndata(backed)
    assert backed.isbacked
    assert "X_emblink_pca" in backed.obsm
    with pytest.raises(InputError, match=r"view of a backed object .* view\.to_memory\(\)"):
        compared.to_anndata(backed[:20])
    backed.file.close()
    assert "X_emblink_pca" not in library.read_h5ad(tmp_path / "cells.h5ad").obsm
