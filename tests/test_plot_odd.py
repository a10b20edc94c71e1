"""Figures of odd comparisons: whole, within their sheet, or refused in words."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

import emblink as eb
from emblink.errors import BundleError, EmblinkError, InputError
from emblink.plot import KINDS, report_figures
from emblink.plot._palettes import contrast
from emblink.types import AnyArray
from tests.conftest import clustered

X = np.random.default_rng(0).standard_normal((60, 5))
OTHER = np.random.default_rng(1).standard_normal((60, 9))
ODD: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "one space": ({"a": X}, {}),
    "equal spaces": ({"a": X, "b": X}, {"labels": ["q"] * 60}),
    "one label": ({"a": X, "b": 2 * X}, {"labels": [""] * 59 + ["z"]}),
    "copies of one item": ({"a": np.ones((60, 4)), "b": np.full((60, 4), 2.0)}, {}),
    "unrelated": (
        {"a": X, "b": OTHER, "c": OTHER[:, :3]},
        {"labels": [f"label {i % 25}" for i in range(60)]},
    ),
    "long names": (
        {"a" * 300: X, "日本語" * 80: X + 1, "🙂" * 40: 2 * X},
        {"labels": ["w" * 500, "é\n\tb"] * 30},
    ),
    "a hierarchy of labels": (
        {"a": X, "b": -X},
        {"labels": [f"kind {i % 4}/part {i}" for i in range(60)]},
    ),
    "many spaces": (
        {f"s{i:02d}": X + 0.1 * i * OTHER[:, :5] for i in range(14)},
        {"pairs": "consecutive", "labels": [f"label {i % 3}" for i in range(60)]},
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", [*ODD])
def test_a_figure_is_whole_or_refused_in_words(name: str) -> None:
    spaces, told = ODD[name]
    comparison = eb.compare(spaces, **told)
    refused = []
    for kind in KINDS:
        for style in ({}, {"width": 40, "text": 12}, {"width": 300, "height": 30}):
            try:
                figure = getattr(comparison.plot, kind)(**style)
            except EmblinkError as error:
                refused.append(str(error))
                continue
            marks = ElementTree.fromstring(figure.svg).iter()
            numbers = [
                float(one)
                for mark in marks
                for key in ("x", "y", "width", "height", "d", "points")
                for one in re.findall(r"-?[\d.]+|nan|inf", mark.get(key, ""))
            ]
            assert np.isfinite(numbers).all()
            assert figure.png(dpi=72).startswith(b"\x89PNG")
    assert all(len(words) > 20 for words in refused)
    assert comparison._repr_html_()
    assert report_figures(comparison._bundle)


def test_odd_numbers_colour_items_too() -> None:
    half = np.where(np.arange(60) < 30, np.nan, 1.5)
    items = {"one": np.full(60, 3.0), "half": half, "far": np.r_[np.zeros(59), 1e30]}
    comparison = eb.compare({"a": X, "b": -X}, items=items)
    for name in items:
        assert ElementTree.fromstring(comparison.plot.pair(color=name).svg) is not None


def legend_of(values: AnyArray, title: str = "one") -> list[str]:
    """Return what a legend says below its title."""
    figure = eb.compare({"a": X, "b": -X}, items={title: values}).plot.pair(color=title)
    texts = [
        one.text or ""
        for one in ElementTree.fromstring(figure.svg).iter("{http://www.w3.org/2000/svg}text")
    ]
    return texts[texts.index(title) + 1 :]


@pytest.mark.slow
def test_the_ends_of_a_ramp_are_told_apart_in_numbers_as_people_write_them() -> None:
    assert legend_of(np.linspace(1990, 2020, 60)) == ["1990", "2020"]
    assert legend_of(np.full(60, 3.0)) == ["3"]
    assert legend_of(np.where(np.arange(60) < 30, np.nan, np.arange(60))) == ["30", "59", "none"]
    large = legend_of(2**60 + np.arange(60) * 2**20)
    assert len({*large}) == 2
    assert legend_of(np.r_[np.full(30, -1.7e308), np.full(30, 1.7e308)]) == [
        *("-1.7e+308", "1.7e+308")
    ]
    assert legend_of(np.full(60, np.nan)) == ["none"]


def test_no_more_items_are_drawn_than_asked_however_many_stand_out(small: eb.Comparison) -> None:
    figure = small.plot.pair("a", "turned", highlight=small.ids, most=50)
    assert figure.svg.count("h.01") == 2 * 50 + 2  # and the legend's
    assert "50 of 240 items, drawn at random" in figure.caption
    none = small.plot.pair("a", "turned", highlight=[])
    assert "selected (0)" in none.svg


def test_what_is_not_there_to_be_drawn_is_said() -> None:
    x, _ = clustered(60)
    bare = eb.compare({"a": x, "b": x[:, ::-1]})
    with pytest.raises(InputError, match="have no labels"):
        bare.plot.labels()
    with pytest.raises(InputError, match="three spaces or more"):
        bare.plot.map()
    with pytest.raises(InputError, match="three spaces or more in a row"):
        bare.plot.steps()
    with pytest.raises(InputError, match="name both spaces"):
        bare.plot.pair("a")
    with pytest.raises(InputError, match="width is 3"):
        bare.plot.pair(width=3)
    with pytest.raises(InputError, match="font is 'Comic"):
        bare.plot.pair(font="Comic Sans")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="no room for what it shows"):
        bare.plot.pair(height=15, text=30)
    with pytest.raises(TypeError, match="figures take no colour"):
        bare.plot.map(colour="red")  # type: ignore[call-arg]


def test_signs_that_turn_words_round_are_seen_and_do_nothing() -> None:
    comparison = eb.compare({"old\u202eevil": X, "new": -X}, labels=["a\u200bb", "c"] * 30)
    for kind in ("pair", "labels"):
        figure = getattr(comparison.plot, kind)()
        marks = ElementTree.fromstring(figure.svg).iter("{http://www.w3.org/2000/svg}text")
        assert not [one for one in marks if re.search("[\u202e\u200b]", one.text or "")]


@pytest.mark.slow
def test_numbers_of_a_matrix_are_read_on_every_shade() -> None:
    far = {f"s{at}": X + at * OTHER[:, :5] for at in (0.0, 0.1, 0.3, 0.6, 1.0, 3.0)}
    root = ElementTree.fromstring(eb.compare(far).plot.matrix().svg)
    fills, seen = [], []
    for mark in root.iter():
        kind = mark.tag.rpartition("}")[2]
        if kind == "rect":
            fills.append(mark.get("fill", ""))
        elif kind == "text" and re.fullmatch(r"-?\.\d\d|1\.0", mark.text or ""):
            seen.append(contrast(mark.get("fill", "#1c1e22"), fills[-1]))
    assert len(seen) == 30
    assert min(seen) > 4


def test_where_nothing_moved_the_caption_says_so() -> None:
    caption = eb.compare({"a": X, "b": 2 * X}).plot.trails().caption
    assert "there are no items that moved" in caption
    assert "all 0" not in caption


@pytest.mark.parametrize("value", ["7", None, True, float("nan"), -1, 1e9])
def test_what_is_no_number_for_a_figure_is_refused_by_its_name(
    small: eb.Comparison, value: Any
) -> None:
    for name in ("width", "text", "height"):
        if (name, value) != ("height", None):
            with pytest.raises(InputError, match=f"{name} is .*; expected "):
                small.plot.map(**{name: value})
    with pytest.raises(InputError, match=r"dpi is .*; expected 72 to 1200"):
        small.plot.map().png(dpi=value)


@pytest.mark.parametrize("value", ["7", None, True, 2.5, -1, 2**70])
def test_what_is_no_count_for_a_figure_is_refused_by_its_name(
    small: eb.Comparison, value: Any
) -> None:
    for kind, name in (
        ("pair", "most"),
        ("labels", "most"),
        ("steps", "most"),
        ("trails", "trails"),
    ):
        with pytest.raises(InputError, match=f"{name} is .*; expected a whole number"):
            getattr(small.plot, kind)(**{name: value})


def test_counts_and_sizes_of_numpy_are_numbers(small: eb.Comparison) -> None:
    figure = small.plot.pair(most=np.int64(50), width=np.float32(120))  # type: ignore[arg-type]
    assert figure.svg == small.plot.pair(most=50, width=120).svg
    assert figure.png() == small.plot.pair(most=50, width=120).png()


@pytest.mark.parametrize("ax", [3, np.empty(2, object), "ax"])
def test_what_is_no_axes_is_refused(small: eb.Comparison, ax: object) -> None:
    with pytest.raises(InputError, match=r"ax is a .*; expected axes of matplotlib"):
        small.plot.map(ax=ax)


def test_a_figure_that_cannot_be_written_says_why_and_leaves_what_was_there(
    small: eb.Comparison, tmp_path: Path
) -> None:
    (tmp_path / "folder.svg").mkdir()
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    figure = small.plot.map()
    for name in ("folder.svg", "file/map.svg", "n" * 300 + ".svg"):
        with pytest.raises(BundleError, match=r"cannot be written \(.*\); (give|check) "):
            figure.save(tmp_path / name)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["file", "folder.svg"]
