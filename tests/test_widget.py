"""The page in a notebook: what passes between it and the kernel."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import emblink as eb
from emblink import widget
from emblink.errors import InputError
from emblink.widget._colours import DATED

ROOT = Path(__file__).parents[1]
Answer = tuple[dict[str, Any], bytes]


def test_without_anywidget_a_cell_shows_what_stands_out(
    small: eb.Comparison, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(widget, "there", lambda: False)
    shown = small._repr_mimebundle_()
    assert isinstance(shown, dict)
    assert set(shown) == {"text/plain", "text/html"}
    assert "What stands out" in shown["text/html"]
    assert "<script" not in shown["text/html"]
    with pytest.raises(InputError, match=r"pip install 'emblink\[notebook\]'"):
        small.widget()


def test_what_is_said_in_a_cell_is_escaped(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    x = rng.standard_normal((40, 5))
    spaces = {"<script>a": x, "b & <b>": x + 0.1}
    shown = eb.compare(spaces, out=tmp_path / "<img src=x>.emblink")._repr_html_()
    assert "<script>" not in shown
    assert "<img" not in shown
    assert "<b>" not in shown


@pytest.fixture
def held(small: eb.Comparison) -> tuple[Any, list[tuple[dict[str, Any], list[bytes]]]]:
    """A widget, and what it sends."""
    made: Any = small.widget()
    sent: list[tuple[dict[str, Any], list[bytes]]] = []
    made.send = lambda content, buffers=None: sent.append((content, buffers or []))
    return made, sent


@pytest.mark.notebook
def test_a_cell_shows_the_page(small: eb.Comparison) -> None:
    shown = small._repr_mimebundle_()
    assert isinstance(shown, tuple)
    kinds = {"text/plain", "text/html", "application/vnd.jupyter.widget-view+json"}
    assert set(shown[0]) == kinds
    again = small._repr_mimebundle_()
    assert again == shown


@pytest.mark.notebook
def test_a_selection_in_the_page_is_read_by_its_ids_in_the_callers_order(
    small: eb.Comparison, held: Any
) -> None:
    made, sent = held
    heard: list[list[str]] = []
    made.observe(lambda change: heard.append(change["new"].tolist()), names="selection")
    rows = np.array([5, 0, 17], dtype="<i4")
    made._heard({"do": "selected", "from": "view"}, [memoryview(rows.tobytes())])
    expected = small.ids[np.sort(small._bundle.order("items")[rows])].tolist()
    assert made.selection.tolist() == expected
    assert heard == [expected]
    assert small.ids[made.mask].tolist() == expected
    assert made.n_selected == 3
    assert sent == [({"do": "select", "from": "view"}, [np.sort(rows).tobytes()])]


@pytest.mark.notebook
def test_ids_masks_and_findings_can_be_selected(small: eb.Comparison, held: Any) -> None:
    made, sent = held
    made.selection = ["item-007", "item-003"]
    assert made.selection.tolist() == ["item-003", "item-007"]
    stored = np.frombuffer(sent[-1][1][0], "<i4")
    assert set(small._bundle.order("items")[stored].tolist()) == {3, 7}
    made.selection = small.ids == "item-010"
    assert made.selection.tolist() == ["item-010"]
    finding = eb.Selection(rows=np.array([1, 2]), name="two", origin="test")
    made.selection = finding
    assert made.selection.tolist() == ["item-001", "item-002"]
    made.selection = []
    assert len(made.selection) == made.n_selected == 0
    assert not made.mask.any()


@pytest.mark.notebook
def test_the_selected_rows_are_a_frame_as_it_went_in(small: eb.Comparison) -> None:
    import polars as pl

    frame = pl.DataFrame({"id": small.ids.tolist(), "size": np.arange(240)})
    vectors = {"a": np.asarray(small.spaces["a"].vectors)}
    made = eb.compare(vectors, items=frame).widget()
    made.selection = small.ids[[9, 4]]
    assert isinstance(made.rows, pl.DataFrame)
    assert made.rows["size"].to_list() == [4, 9]
    assert {"id", "in a", "a x", "a y"} <= {*made.rows.columns}
    bare = type(made)(small.path)
    with pytest.raises(InputError, match=r"comparison\.widget\(\)"):
        _ = bare.rows


@pytest.mark.notebook
def test_what_is_no_item_is_refused_and_the_selection_stays(held: Any) -> None:
    made, _ = held
    made.selection = ["item-001"]
    with pytest.raises(InputError, match="ids are of no item"):
        made.selection = ["nobody"]
    with pytest.raises(InputError, match=r"the mask has 3 values, the comparison 240 items"):
        made.selection = np.array([True, False, True])
    for rows in ([3, 240], [-1]):
        with pytest.raises(InputError, match="'far' is of another comparison"):
            made.selection = eb.Selection(rows=np.array(rows), name="far", origin="test")
    with pytest.raises(InputError, match="n_selected is told"):
        made.n_selected = 3
    assert made.selection.tolist() == ["item-001"]
    assert made.n_selected == made.mask.sum() == 1


@pytest.mark.notebook
def test_people_colour_by_names_and_the_page_by_its_keys(small: eb.Comparison, held: Any) -> None:
    made, _ = held
    label = small.space_set.roles["label"]
    measure = "neighborhood_overlap"
    heard: list[str] = []
    made.observe(lambda change: heard.append(change["new"]), names="color_by")
    title = next(one.title for one in small._bundle.manifest.pairs[0].fields if one.name == measure)
    for wished, name, key in (
        (label, label, f"item:{label}"),
        (title, measure, f"pair:{measure}"),
        ("pair:move", "move", "pair:move"),
        ("", "", ""),
    ):
        made.color_by = wished
        assert (made.color_by, made.colour) == (name, key)
    for wrong, said in (("labl", f"did you mean '{label}'"), ("no such column", "'move'")):
        with pytest.raises(InputError, match=f"a → turned by is called '{wrong}'.*{said}"):
            made.color_by = wrong
    assert made.color_by == ""
    heard.clear()
    made.set_state({"colour": "pair:move"})
    assert heard == ["move"]
    made.set_state({"colour": "pair:unheard of"})  # a newer page's
    assert made.color_by == "pair:unheard of"
    with pytest.raises(InputError, match="'nowhere'"):
        small.widget(color_by="nowhere")
    assert small.widget(pair=("noisy", "a"), color_by="b:trustworthiness_pca").colour[:2] == "b:"


@pytest.mark.notebook
def test_what_is_coloured_by_is_known_as_the_page_knows_it(small: eb.Comparison) -> None:
    page = (ROOT / "frontend" / "src" / "model" / "colour.ts").read_text(encoding="utf-8")
    assert f"/{DATED.pattern}/i" in page


@pytest.mark.notebook
def test_rows_that_no_item_has_are_not_taken_from_a_page(held: Any) -> None:
    made, _ = held
    rows = np.array([-1, 3, 3, 240, 2**31 - 1], dtype="<i4")
    made._heard({"do": "selected", "from": "view"}, [rows.tobytes()])
    assert made.n_selected == 1


@pytest.mark.notebook
def test_a_page_that_comes_later_hears_of_the_selection_and_of_what_to_play(held: Any) -> None:
    made, sent = held
    made.selection = ["item-001"]
    made._found["a", "turned"] = ["all of it"]
    made.play(SimpleNamespace(a="a", b="turned", report={"title": "all of it"}))
    before = len(sent)
    made._heard({"hello": "view"}, [])
    told = [content["do"] for content, _ in sent[before:]]
    assert told == ["select", "play"]
    assert sent[-1][0] == {"do": "play", "a": "a", "b": "turned", "title": "all of it"}
    made._heard({"hello": "other"}, [])
    assert [content["do"] for content, _ in sent[before + 2 :]] == ["select"]


@pytest.mark.notebook
def test_pair_moment_view_and_theme_are_checked(held: Any) -> None:
    made, _ = held
    assert made.pair == ("a", "turned")
    made.pair = ("noisy", "a")
    assert (made.a, made.b) == ("noisy", "a")
    with pytest.raises(InputError, match=r"no space 'c'; there are: 'a', 'turned', 'noisy'"):
        made.a = "c"
    with pytest.raises(InputError, match="no space 'turn'; did you mean 'turned'"):
        made.pair = ("turned", "turn")
    assert made.pair == ("noisy", "a")
    made.t = 3
    assert made.t == 1
    with pytest.raises(Exception, match="theme"):
        made.theme = "pink"
    for wrong in ("ab", ("a",), None):
        with pytest.raises(InputError, match="expected the names of two spaces"):
            made.pair = wrong
    with pytest.raises(InputError, match="t is nan"):
        made.t = float("nan")
    assert made.t == 1


@pytest.mark.notebook
def test_a_widget_begins_with_what_it_has_and_refuses_what_it_has_not(small: eb.Comparison) -> None:
    made: Any = small.widget(pair=("noisy", "a"), selection=["item-002"], t=0.5)
    assert (made.a, made.b, made.t, made.n_selected) == ("noisy", "a", 0.5, 1)
    with pytest.raises(InputError, match=r"no 'color' to begin with; did you mean 'color_by'"):
        small.widget(color="label")
    made.selection = None
    assert (made.n_selected, made.mask.any()) == (0, False)
    assert made.saved == small.saved == {}


@pytest.mark.notebook
def test_what_cannot_be_played_or_linked_is_said(held: Any) -> None:
    made, _ = held
    for wrong in (None, 0, ["item-001"]):
        with pytest.raises(InputError, match="play shows a finding"):
            made.play(wrong)
    other = SimpleNamespace(a="a", b="turned", report={"title": "all of it"})
    with pytest.raises(InputError, match="'all of it', a → turned, is no finding of this"):
        made.play(other)
    for few in (made, [], [made], [made, 5]):
        with pytest.raises(InputError, match="link takes two widgets or more"):
            eb.link(few)


@pytest.mark.notebook
def test_linked_widgets_select_the_same_items_by_id(small: eb.Comparison, tmp_path: Path) -> None:
    x = np.random.default_rng(0).standard_normal((6, 4))
    ids = np.array(["item-003", "item-900", "item-001", "x", "y", "z"])
    other = eb.compare({"a": x, "b": x + 0.1}, ids={"a": ids, "b": ids}, out=tmp_path / "o.emblink")
    one, two = small.widget(), other.widget()
    unlink = eb.link([one, two])
    one.selection = ["item-001", "item-002", "item-003"]
    assert two.selection.tolist() == ["item-003", "item-001"]
    assert one.selection.tolist() == ["item-001", "item-002", "item-003"]
    two.selection = ["item-900"]
    assert one.selection.tolist() == []
    unlink()
    unlink()
    two.selection = ["item-001"]
    assert one.selection.tolist() == []


@pytest.mark.notebook
def test_linked_widgets_select_what_has_one_value_of_a_column(tmp_path: Path) -> None:
    x = np.random.default_rng(0).standard_normal((6, 4))
    few, many = (
        eb.compare(
            {"a": x[:n], "b": x[:n] + 0.1}, out=tmp_path / f"{n}.emblink",
            ids=[f"{n}-{at}" for at in range(n)], items={"word": np.array(list("cabbag"))[:n]},
        ).widget()
        for n in (4, 6)
    )  # fmt: skip
    eb.link([few, many], match_by="word", hover=True)
    many.selection = ["6-1", "6-5"]
    assert few.selection.tolist() == ["4-1"]
    few.selection = ["4-2"]
    assert many.selection.tolist() == ["6-2", "6-3"]
    many.hovered = "6-4"
    assert few.hovered == "4-1"
    many.hovered = "6-5"
    assert few.hovered is None
    with pytest.raises(InputError, match=r"no column 'name'; .*'id', "):
        eb.link([few, many], match_by="name")


@pytest.mark.notebook
def test_the_item_under_the_pointer_is_marked_in_linked_widgets_by_id(
    small: eb.Comparison, held: Any
) -> None:
    made, sent = held
    other: Any = small.widget()
    unlink = eb.link([made, other], selection=False, hover=True)
    assert sent[-1][0] == {"do": "hovers"}
    row = 5
    other._heard({"do": "hovered", "row": row}, [])
    known = small.ids[small._bundle.order("items")[row]]
    assert other.hovered == made.hovered == known
    assert sent[-1][0] == {"do": "point", "row": row}
    other._heard({"do": "hovered", "row": -1}, [])
    assert made.hovered is None
    assert sent[-1][0] == {"do": "point", "row": -1}
    other._heard({"do": "hovered", "row": 10**6}, [])
    assert made.hovered is None
    for wrong in ("nobody", 7):
        with pytest.raises(InputError, match="the id of no item"):
            made.hovered = wrong
    before = len(sent)
    made._heard({"do": "hovered", "row": 3}, [])  # its own page knows it already
    assert len(sent) == before
    other.selection = ["item-001"]
    assert made.n_selected == 0
    unlink()
    other._heard({"do": "hovered", "row": 9}, [])
    assert len(sent) == before
    made._heard({"hello": "again"}, [])
    assert ({"do": "hovers"}, []) in sent[before:]


@pytest.mark.notebook
def test_no_byte_of_the_data_is_in_the_state_that_a_notebook_keeps(held: Any) -> None:
    made, _ = held
    made.selection = [f"item-{i:03d}" for i in range(200)]
    assert len(json.dumps(made.get_state(), default=str)) < 6_000


@pytest.mark.notebook
def test_show_compares_and_shows() -> None:
    x = np.random.default_rng(0).standard_normal((30, 4))
    made = eb.show({"old": x, "new": x + 0.1}, labels=np.arange(30) % 2, state={"t": 0.5})
    assert type(made).__name__ == "ComparisonWidget"
    assert (made.pair, made.t) == (("old", "new"), 0.5)


def test_importing_emblink_or_a_comparison_imports_no_widget_library() -> None:
    libraries = ("anywidget", "ipywidgets", "IPython", "traitlets")
    code = f"import emblink.comparison, sys; print([m for m in {libraries} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
