"""Figures: what is drawn is what is stored, and the file says so."""

from __future__ import annotations

import io
import json
import re
import sys
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

import emblink as eb
from emblink.errors import BundleError, InputError
from emblink.plot import KINDS, Figure
from emblink.plot._colours import MOVE_TITLES
from emblink.plot._palettes import MOVES, OKABE_ITO, SIGNED, TEN, ramp
from emblink.types import FloatArray
from tests.conftest import clustered

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
SVG = "{http://www.w3.org/2000/svg}"
ACCENT = "#7a3cf0"


@pytest.fixture(scope="module")
def steps(tmp_path_factory: pytest.TempPathFactory) -> eb.Comparison:
    """Three steps of a sequence, the second the larger."""
    x, labels = clustered(200)
    rng = np.random.default_rng(3)
    later = x + 0.1 * rng.standard_normal(x.shape)
    last = later + 1.5 * rng.standard_normal(x.shape)
    return eb.compare(
        {"epoch 1": x, "epoch 2": later, "epoch 3": last},
        labels=np.array(["one", "two", "three", "four"])[labels],
        pairs="consecutive",
    )


def drawn(comparison: eb.Comparison, kind: str, **told: object) -> Figure:
    figure = getattr(comparison.plot, kind)(**told)
    assert isinstance(figure, Figure)
    return figure


def root_of(figure: Figure) -> ElementTree.Element:
    return ElementTree.fromstring(figure.svg)


def words_of(figure: Figure) -> list[str]:
    return [one.text or "" for one in root_of(figure).iter(f"{SVG}text")]


def dots_of(figure: Figure, color: str | None = None) -> FloatArray:
    """Return where the round points of a colour are."""
    found = [
        [float(x), float(y)]
        for path in root_of(figure).iter(f"{SVG}path")
        if color in (None, path.get("stroke"))
        for x, y in re.findall(r"M([-.\d]+),([-.\d]+)h\.01", path.get("d", ""))
    ]
    return np.array(found).reshape(-1, 2)


ALL = [one for one in KINDS if one != "budget"]


@pytest.mark.parametrize("kind", ALL)
def test_a_figure_is_svg_of_the_size_asked_with_text_as_text(
    steps: eb.Comparison, small: eb.Comparison, kind: str
) -> None:
    comparison = small if kind == "map" else steps
    figure = drawn(comparison, kind, width=90, text=6, font="serif")
    root = root_of(figure)
    assert root.get("width") == "90mm"
    assert "serif" in (root.get("font-family") or "").split(", ")
    assert words_of(figure)
    for name in [info.name for info in comparison._bundle.manifest.spaces][:2]:
        assert name in " ".join(words_of(figure))
    assert {one.tag for one in root.iter()} & {f"{SVG}script", f"{SVG}image", f"{SVG}a"} == set()
    assert "href" not in figure.svg
    assert "url(" not in figure.svg


@pytest.mark.parametrize("kind", ALL)
def test_everything_lies_on_the_sheet(
    steps: eb.Comparison, small: eb.Comparison, kind: str
) -> None:
    figure = drawn(small if kind == "map" else steps, kind)
    wide, tall = figure.size
    dots = dots_of(figure)
    assert (dots >= 0).all()
    assert (dots <= (wide, tall)).all()
    for one in root_of(figure).iter(f"{SVG}text"):
        assert 0 <= float(one.get("x", "nan")) <= wide
        assert 0 <= float(one.get("y", "nan")) <= tall


@pytest.mark.parametrize("kind", ALL)
def test_a_figure_says_within_what_it_shows_and_what_made_it(
    steps: eb.Comparison, small: eb.Comparison, kind: str
) -> None:
    figure = drawn(small if kind == "map" else steps, kind)
    root = root_of(figure)
    assert root.findtext(f"{SVG}title") == figure.title
    assert root.findtext(f"{SVG}desc") == figure.caption
    dc = "{http://purl.org/dc/elements/1.1/}"
    assert root.find(f".//{dc}creator").text == f"Emblink {eb.__version__}"  # type: ignore[union-attr]
    told = json.loads(root.find(f".//{dc}source").text or "")  # type: ignore[union-attr]
    assert told == figure.about
    assert told["version"] == eb.__version__
    assert (told["width"], told["font"]) == (figure.size[0], "sans-serif")
    assert figure.caption.endswith(".")


def test_a_pair_draws_every_item_of_both_spaces_where_its_picture_has_it(
    small: eb.Comparison,
) -> None:
    figure = small.plot.pair("a", "noisy", highlight=small.ids)
    dots = dots_of(figure, ACCENT)[:-1]  # the last is the legend's
    assert len(dots) == 240 + 180
    left, right = dots[:240], dots[240:]
    for name, seen in (("a", left), ("noisy", right)):
        stored = small._bundle.projection(name).coords * (1, -1)
        close = np.corrcoef(stored[:, 0], seen[:, 0])[0, 1], np.corrcoef(stored[:, 1], seen[:, 1])
        assert close[0] > 0.99
        assert close[1][0, 1] > 0.99


def test_highlighted_items_are_those_that_were_meant_whatever_the_stored_order(
    small: eb.Comparison,
) -> None:
    meant = small.ids[[3, 50, 77]]
    figure = small.plot.pair("a", "turned", highlight=meant)
    dots = dots_of(figure, ACCENT)[:3]
    coords = small.projection("a").coords[[3, 50, 77]].astype(np.float64) * (1, -1)
    # Distances in the figure are those of the picture, times one factor.
    ours, theirs = (np.linalg.norm(one[:, None] - one[None], axis=2) for one in (dots, coords))
    ours, theirs = np.sort(ours[np.triu_indices(3, 1)]), np.sort(theirs[np.triu_indices(3, 1)])
    assert np.allclose(ours / ours.max(), theirs / theirs.max(), atol=0.02)
    mask = np.isin(small.ids, meant)
    assert small.plot.pair("a", "turned", highlight=mask).svg == figure.svg


def test_pictures_that_are_equal_are_drawn_equal(small: eb.Comparison) -> None:
    figure = small.plot.pair("a", "turned", color="size")
    dots = dots_of(figure)
    a, b = dots[:240], dots[240:480]
    shift = (b - a)[:, 0]
    assert np.ptp(shift) < 0.05
    assert np.abs((b - a)[:, 1]).max() < 0.05


def test_of_many_items_a_random_sample_is_drawn_and_the_caption_says_so(
    small: eb.Comparison,
) -> None:
    figure = small.plot.pair("a", "turned", most=100, color="size")
    assert len(dots_of(figure)) == 200
    assert "100 of 240 items, drawn at random" in figure.caption


def test_labels_colour_the_items_and_stand_in_the_legend(small: eb.Comparison) -> None:
    figure = small.plot.pair("a", "turned")
    assert {"red", "green", "blue", "grey"} <= {*words_of(figure)}
    for color in OKABE_ITO[:4]:
        assert len(dots_of(figure, color)) == 2 * 60 + 1
    assert "coloured by label" in figure.caption


@pytest.mark.slow
def test_many_labels_are_ten_colours_and_the_others_grey() -> None:
    x, _ = clustered(120)
    names = [f"label {i % 30:02d}" for i in range(120)]
    figure = eb.compare({"a": x, "b": x[:, ::-1]}, labels=names).plot.pair()
    assert "20 others" in words_of(figure)
    assert {color for color in TEN if len(dots_of(figure, color))} == {*TEN}


def test_what_cannot_be_coloured_by_names_what_can(small: eb.Comparison) -> None:
    with pytest.raises(InputError, match=r"'nonsense'; what there is: .*'size'.*'move'"):
        small.plot.pair(color="nonsense")
    with pytest.raises(BundleError, match="no space 'c'"):
        small.plot.pair("a", "c")
    with pytest.raises(BundleError, match="no picture 'umap'"):
        small.plot.pair("a", "turned", method="umap")


def test_trails_go_from_one_place_to_the_other(small: eb.Comparison) -> None:
    meant = small.ids[np.isin(small.ids, small.spaces["noisy"].ids)][:20]
    figure = small.plot.trails("a", "noisy", highlight=meant)
    ends = [
        [float(one) for one in found]
        for path in root_of(figure).iter(f"{SVG}path")
        if path.get("stroke") == ACCENT
        for found in re.findall(r"M([-.\d]+),([-.\d]+)L([-.\d]+),([-.\d]+)", path.get("d", ""))
    ]
    assert len(ends) == 40
    arrived = dots_of(figure, ACCENT)[:20]
    assert np.allclose(np.array(ends[20:])[:, 2:], arrived, atol=0.011)
    assert "all 20 items of selected" in figure.caption


def test_no_more_trails_than_asked_and_the_caption_says_of_how_many(small: eb.Comparison) -> None:
    figure = small.plot.trails("a", "noisy", highlight=small.ids, trails=7)
    assert "the longest 7 of 180" in figure.caption
    with pytest.raises(InputError, match="trails is 0"):
        small.plot.trails(trails=0)


def test_a_map_keeps_the_distances_of_the_report(small: eb.Comparison) -> None:
    figure = small.plot.map()
    found = small.report()["map"]["coords"]
    dots = dots_of(figure, ACCENT)
    told = np.array([*found.values()])
    ours, theirs = (np.linalg.norm(one[:, None] - one[None], axis=2) for one in (dots, told))
    scale = ours.max() / theirs.max()
    assert np.allclose(ours, theirs * scale, atol=0.05)
    assert {*found} <= {*words_of(figure)}


def test_a_matrix_writes_the_scores_of_the_report(small: eb.Comparison) -> None:
    words = words_of(small.plot.matrix("linear_cka"))
    for pair in small.report()["pairs"]:
        value = pair["scores"]["linear_cka"]["value"]
        written = f"{value:.2f}".replace("0.", ".", 1) if value < 0.995 else f"{value:.1f}"
        assert words.count(written) >= 2
    with pytest.raises(InputError, match="agreements are: neighborhood_overlap"):
        small.plot.matrix("negative_flip_rate")


def test_a_matrix_marks_runs_of_one_recipe(replicated: eb.Comparison) -> None:
    figure = replicated.plot.matrix()
    assert len(dots_of(figure)) == 4
    assert "differ by noise alone" in figure.caption


def test_purities_stand_where_the_axis_has_them(small: eb.Comparison) -> None:
    figure = small.plot.labels("a", "noisy")
    ticks = {
        one.text: float(one.get("x", "nan"))
        for one in root_of(figure).iter(f"{SVG}text")
        if one.text in ("0", "1") and one.get("text-anchor") == "middle"
    }
    report = small.pair("a", "noisy").labels
    b_dots = dots_of(figure, "#e07412")[1:]
    assert len(b_dots) == len(report)
    shares = (b_dots[:, 0] - ticks["0"]) / (ticks["1"] - ticks["0"])
    assert np.allclose(np.sort(shares), sorted(one["purity_b"] for one in report), atol=0.002)


def test_the_larger_step_has_the_taller_bar(steps: eb.Comparison) -> None:
    figure = steps.plot.steps()
    bars = [
        float(one.get("height", 0))
        for one in root_of(figure).iter(f"{SVG}rect")
        if one.get("fill") == ACCENT
    ]
    sizes = [pair["size"]["w"] for pair in steps.report()["pairs"]]
    assert len(bars) == 2
    assert bars[0] / bars[1] == pytest.approx(sizes[0] / sizes[1], abs=0.02)


@pytest.mark.slow
def test_names_that_are_markup_stay_names() -> None:
    x, labels = clustered(80)
    evil = '<script>alert(1)</script> & "x"'
    names = np.array([f"{evil}\x0b{i}" for i in range(4)])[labels]
    comparison = eb.compare({evil: x, "b]]>": x[:, ::-1], "c": -x}, labels=names)
    for kind in ("pair", "trails", "map", "matrix", "labels"):
        figure = drawn(comparison, kind)
        assert not [*root_of(figure).iter(f"{SVG}script")]
        assert "alert" in "".join(words_of(figure)) + figure.caption


def test_spaces_that_share_labels_alone_have_pictures_and_labels() -> None:
    x, labels = clustered(120)
    comparison = eb.compare(
        {"a": x[:70], "b": x[70:]},
        ids={"a": range(70), "b": range(100, 150)},
        labels={"a": labels[:70].astype(str), "b": labels[70:].astype(str)},
    )
    assert "70 items and 50 items" in comparison.plot.pair().caption
    assert comparison.plot.labels()
    with pytest.raises(InputError, match="no items in common"):
        comparison.plot.trails()


@pytest.mark.parametrize("kind", ["pair", "trails", "matrix", "labels"])
def test_a_png_is_as_large_as_asked_and_says_the_same(small: eb.Comparison, kind: str) -> None:
    from PIL import Image

    figure = drawn(small, kind, width=60)
    image = Image.open(io.BytesIO(figure.png(dpi=100)))
    assert image.size == tuple(round(one * 100 / 25.4) for one in figure.size)
    assert image.text["Description"] == figure.caption  # type: ignore[attr-defined]
    assert image.text["Software"] == f"Emblink {eb.__version__}"  # type: ignore[attr-defined]
    assert json.loads(image.text["Source"]) == figure.about  # type: ignore[attr-defined]
    assert len(np.unique(np.asarray(image).reshape(-1, 3), axis=0)) > 20


def test_a_png_shows_the_same_dots_as_the_svg(small: eb.Comparison) -> None:
    from PIL import Image

    figure = small.plot.pair("a", "turned", highlight=small.ids[:5])
    pixels = np.asarray(Image.open(io.BytesIO(figure.png(dpi=200)))).astype(int)
    for x, y in dots_of(figure, ACCENT):
        at = pixels[round(y * 200 / 25.4), round(x * 200 / 25.4)]
        assert np.abs(at - (0x7A, 0x3C, 0xF0)).max() < 70


def test_without_pillow_a_png_says_what_it_needs(
    small: eb.Comparison, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(InputError, match=r"emblink\[images\]"):
        small.plot.map().png()
    assert small.plot.map().svg


def test_a_png_of_too_many_pixels_is_refused(small: eb.Comparison) -> None:
    with pytest.raises(InputError, match="million pixels"):
        small.plot.map(width=1000).png(dpi=1200)
    with pytest.raises(InputError, match="expected 72 to 1200"):
        small.plot.map().png(dpi=5)


def test_saving_goes_by_the_ending(small: eb.Comparison, tmp_path: Path) -> None:
    figure = small.plot.map()
    saved = figure.save(tmp_path / "new" / "map.svg")
    assert saved.read_text() == figure.svg == figure._repr_svg_()
    assert figure.save(tmp_path / "map.PNG").read_bytes().startswith(b"\x89PNG")
    with pytest.raises(InputError, match=r"\.svg or \.png"):
        figure.save(tmp_path / "map.pdf")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["map.PNG", "new"]


def test_colours_are_those_of_the_page() -> None:
    page = (ROOT / "frontend/src/engine/palettes.ts").read_text()
    moves = (ROOT / "frontend/src/model/moves.ts").read_text()

    def shown(colors: tuple[str, ...]) -> str:
        return " ".join(one[1:] for one in colors)

    assert f'okabeIto: Uint8Array = bytes("{shown(OKABE_ITO)}")' in page
    assert f'"{shown(TEN[:9])} bab0ac"' in page
    assert "0x9a, 0xb8, 0x2f" in page
    assert f'moveColors: Uint8Array = bytes("{shown(MOVES)}")' in page
    signed = ", ".join(f'"{one[1:]}"' for one in SIGNED)
    assert f"signed: () => through({signed})" in page
    assert "stretch(232, 0)" in page
    titles = [one for one in re.findall(r' title: "([^"]+)"', moves) if one != "Class of move"]
    assert tuple(titles[: len(MOVE_TITLES)]) == MOVE_TITLES


def test_the_ramp_is_viridis_within_four_levels() -> None:
    # matplotlib's viridis at steps 0, 64, 128 and 192.
    known = {0: (68, 1, 84), 64: (59, 82, 139), 128: (33, 145, 140), 192: (94, 201, 98)}
    colors = ramp("amount").astype(int)
    for step, rgb in known.items():
        nearest = round((232 - step) / 232 * 255)
        assert np.abs(colors[nearest] - rgb).max() <= 5


@pytest.mark.drawn
def test_figures_are_drawn_on_axes_of_their_size(
    steps: eb.Comparison, small: eb.Comparison
) -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    for kind in ALL:
        around, ax = plt.subplots(figsize=(5, 4))
        figure = drawn(small if kind == "map" else steps, kind, ax=ax)
        box = ax.get_window_extent()
        assert figure.size[0] == pytest.approx(box.width / around.dpi * 25.4)
        assert figure.size[1] == pytest.approx(box.height / around.dpi * 25.4)
        around.canvas.draw()
        assert ax.texts
        assert {one.get_text() for one in ax.texts} >= {*words_of(figure)}
        plt.close(around)
