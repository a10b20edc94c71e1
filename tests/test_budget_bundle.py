"""A budget as a figure, as a bundle, in its report, and of real vectors."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from typer.testing import CliRunner

import emblink as eb
from emblink.budget import budget, in_bundle
from emblink.cli import app
from emblink.errors import BundleError, InputError
from emblink.load import load_spaces
from emblink.plot import Plots, budget_figure
from emblink.types import BudgetReport, BudgetSetting
from tests.budget_helpers import D, Shop, by_name, shop

pytestmark = pytest.mark.slow

RUNNER = CliRunner()
EMOJI = str(files("emblink.demo") / "emoji.npz")
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def world() -> Shop:
    return shop()


@pytest.fixture(scope="module")
def found(world: Shop) -> BudgetReport:
    return world.budget()


@pytest.fixture(scope="module")
def bundle(world: Shop, found: BudgetReport, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write by the command what Python makes of it."""
    folder = tmp_path_factory.mktemp("budget")
    held = "\n".join(f"d{at},is {one}" for at, one in enumerate(world.topics))
    (folder / "items.csv").write_text(f"id,kind\n{held}\n")
    np.savez(folder / "x.npz", vectors=world.vectors, ids=[f"d{at}" for at in range(640)])
    np.save(folder / "q.npy", world.asked)
    told = ["--items", str(folder / "items.csv"), "--id", "id", "--label", "kind"]
    asked = ["--queries", str(folder / "q.npy"), "-o", str(folder / "b.emblink")]
    drawn = ["--figure", str(folder / "b.svg")]
    done = RUNNER.invoke(app, ["budget", str(folder / "x.npz"), *told, *asked, *drawn])
    assert done.exit_code == 0, (done.output, done.exception)
    return folder / "b.emblink"


def words_of(svg: str) -> list[str]:
    return [one.text or "" for one in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def test_the_figure_marks_what_is_allowed_and_what_to_take(found: BudgetReport) -> None:
    figure = budget_figure(found, width=100)
    words = words_of(figure.svg)
    assert found["chosen"] is not None
    assert found["settings"][found["chosen"]]["name"] in words
    assert "share of results of queries kept" in words
    assert {f"{4 * D}", f"{D}", f"{D // 8}"} <= {*words}
    assert found["sentence"] in figure.caption
    assert "allowed (90 %)" in figure.caption
    none = budget_figure({**found, "chosen": None}, width=100)
    assert not {one["name"] for one in found["settings"]} & {*words_of(none.svg)}
    assert len(figure.sheet.marks) == len(none.sheet.marks) + 2


@pytest.mark.parametrize("size", [{"width": 60}, {"width": 300, "height": 60}, {"text": 12}])
def test_all_of_the_figure_lies_on_its_sheet(found: BudgetReport, size: dict[str, float]) -> None:
    figure = budget_figure(found, **size)  # type: ignore[arg-type]
    wide, tall = figure.size
    for one in ElementTree.fromstring(figure.svg).iter(f"{SVG}text"):
        assert 0 <= float(one.get("x", "nan")) <= wide
        assert 0 <= float(one.get("y", "nan")) <= tall
    with pytest.raises(InputError, match="no room"):
        budget_figure(found, width=25)


@pytest.mark.drawn
def test_the_figure_is_drawn_on_axes_of_its_size(found: BudgetReport) -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    around, axes = plt.subplots(1, 2, figsize=(10, 4))
    figure = budget_figure(found, ax=axes[1])
    box = axes[1].get_window_extent()
    assert figure.size[0] == pytest.approx(box.width / around.dpi * 25.4)
    around.canvas.draw()
    assert {one.get_text() for one in axes[1].texts} >= {*words_of(figure.svg)}
    assert not axes[0].texts
    small = plt.figure(figsize=(1.3, 1.3)).subplots()
    with pytest.raises(InputError, match="no room"):
        budget_figure(found, ax=small)
    assert not small.texts
    plt.close("all")


def test_the_bundle_has_the_settings_worth_a_look_beside_the_vectors(
    found: BudgetReport, bundle: Path
) -> None:
    comparison = eb.open(bundle)
    report = comparison.report()
    held = report["budget"]
    spaces = [one["name"] for one in report["spaces"]]
    assert [one["a"] for one in report["pairs"]] == ["x"] * (len(spaces) - 1)
    named = {one["space"]: one for one in held["settings"] if "space" in one}
    assert {*named} == {*spaces}
    assert 3 <= len(spaces) <= 9
    for one in named.values():
        smaller = [
            other
            for other in held["settings"]
            if other["steps"] and other["bytes_per_vector"] <= one["bytes_per_vector"]
        ]
        assert all(other["queries"]["kept"] <= one["queries"]["kept"] for other in smaller)
    assert [one["kept"] for one in held["settings"]] == [one["kept"] for one in found["settings"]]
    assert not any("searches" in one["queries"] for one in held["settings"])


def test_what_the_bundle_measures_of_its_spaces_is_what_the_budget_says(bundle: Path) -> None:
    report = eb.open(bundle).report()
    named = {one["space"]: one for one in report["budget"]["settings"] if "space" in one}
    for pair in report["pairs"]:
        overlap = pair["scores"]["neighborhood_overlap"]["value"]
        assert named[pair["b"]]["kept"] == pytest.approx(overlap, abs=0.002)
    for searched in report["searches"]["pairs"]:
        churn = searched["scores"]["search_churn"]["value"]
        assert named[searched["b"]]["queries"]["kept"] == pytest.approx(1 - churn, abs=0.002)


def test_the_chosen_setting_is_in_the_bundle_however_little_it_keeps(world: Shop) -> None:
    found = world.budget()
    cut = [one["name"] for one in found["settings"]].index("first 16 dims")
    spaces, _, told = in_bundle(world.spaces, {**found, "chosen": cut}, None)
    assert "x|truncate:16" in spaces.spaces
    assert told["settings"][cut]["space"] == "x|truncate:16"


def test_report_and_figure_of_the_bundle_say_the_budget_first(bundle: Path) -> None:
    comparison = eb.open(bundle)
    sentence = comparison.report()["budget"]["sentence"]
    shown = " ".join(RUNNER.invoke(app, ["report", str(bundle)]).stdout.split())
    assert sentence in shown
    written = RUNNER.invoke(app, ["report", str(bundle), "--markdown"]).stdout
    assert sentence in written
    assert "| binary, 4 × rescored | 8 |" in written.replace("→ ", "")
    assert sentence in comparison.plot.budget().caption
    assert (bundle.parent / "b.svg").read_text() == budget_figure(comparison.report()["budget"]).svg
    out = bundle.parent / "again.svg"
    assert RUNNER.invoke(app, ["plot", str(bundle), "budget", str(out)]).exit_code == 0


def test_what_is_no_budget_has_no_figure_of_one(small_bundle: Path) -> None:
    with pytest.raises(InputError, match="this is no budget"):
        Plots(eb.open(small_bundle)._bundle).budget()


def test_a_figure_replaces_nothing_that_is_not_ours(bundle: Path) -> None:
    mine = bundle.parent / "mine.svg"
    mine.write_text("my own drawing")
    ask = ["budget", str(bundle.parent / "x.npz"), "--figure", str(mine)]
    refused = RUNNER.invoke(app, ask)
    assert isinstance(refused.exception, BundleError)
    assert mine.read_text() == "my own drawing"
    assert isinstance(RUNNER.invoke(app, [*ask[:-1], "b.pdf"]).exception, InputError)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["minilm_l6_name_en", "use_name_en"])
def test_real_vectors_are_measured_as_they_must_be(name: str) -> None:
    spaces = load_spaces([f"{EMOJI}::space__{name}"], label="label")
    (space,) = spaces.spaces.values()
    n, d = space.vectors.shape
    found = budget(spaces)
    held = by_name(found)
    for setting in held.values():
        assert setting["bytes_per_vector"] == _bytes(setting, d)
        assert setting["index_bytes"] == n * setting["bytes_per_vector"]
    kept = {name: one["kept"] for name, one in held.items()}
    assert kept["as they are"] == 1.0
    assert kept["as they are"] >= kept["int8"] > kept["binary"]
    assert kept["binary, 4 × rescored"] > kept["binary"]
    for family in ("first {} dims", "{} principal dims", "{} principal dims, int8"):
        ladder = [kept[family.format(d // 2**at)] for at in range(1, 5)]
        assert ladder == sorted(ladder, reverse=True)
    assert any(note.startswith("not trained for truncation") for note in found["notes"])
    small = held[f"first {d // 16} dims"]["labels"]
    assert small[0]["pays"]
    assert small[0]["lost"] == max(one["lost"] for one in small)
    assert sum(one["n"] for one in small) == found["n_asked"] == 1870


def _bytes(setting: BudgetSetting, d: int) -> int:
    """Return what a vector of half precision takes, as its name says."""
    name = setting["name"]
    dims = int(m[0]) if (m := re.search(r"\d+(?= (principal )?dims)", name)) else d
    if name.startswith("binary"):
        return d // 8
    return dims if name.endswith("int8") else 2 * dims
