"""The page in a notebook: what passes between it and the kernel."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import emblink as eb
from emblink import widget
from emblink.bundle import Bundle
from emblink.errors import InputError
from emblink.page import document
from emblink.server import unguarded
from emblink.widget import Carrier
from emblink.widget._carrier import PART

ROOT = Path(__file__).parents[1]
Answer = tuple[dict[str, Any], bytes]


@pytest.fixture
def asked(small_bundle: Path) -> Callable[..., list[Answer]]:
    """Return what a carrier of ``small`` answers, part by part."""

    def ask(path: str, *, body: bytes = b"", **more: object) -> list[Answer]:
        told: list[Answer] = []
        app = unguarded(small_bundle)
        carrier = Carrier(app, lambda: "é" * 3_000_000, lambda c, b: told.append((c, b"".join(b))))
        carrier.answer({"id": "v-1", "path": path, **more}, [memoryview(body)] if body else [])
        return told

    return ask


def test_a_column_is_answered_with_its_bytes(
    asked: Callable[..., list[Answer]], small_bundle: Path
) -> None:
    column = next(iter(Bundle(small_bundle).manifest.columns.values()))
    stored = (small_bundle / column.path).read_bytes()
    ((content, body),) = asked(f"/bundle/{column.path}")
    assert (content["id"], content["status"], content["at"], content["of"]) == ("v-1", 200, 0, 1)
    assert body == stored
    ((content, body),) = asked(f"/bundle/{column.path}", headers={"Range": "bytes=10-19"})
    assert (content["status"], body) == (206, stored[10:20])


def test_a_question_is_answered_as_the_server_does(
    asked: Callable[..., list[Answer]], small: eb.Comparison
) -> None:
    rows = np.arange(40, dtype="<i4")
    ((content, body),) = asked(
        "/ask?kind=selection&a=a&b=turned", method="POST", body=rows.tobytes()
    )
    assert content["status"] == 200
    order = small._bundle.order("items")[rows]
    assert json.loads(body)["sentence"] == small.ask("a", "turned", rows=order)["sentence"]
    ((content, body),) = asked("/ask?kind=selection&a=a&b=nowhere", method="POST", body=b"\1\0\0\0")
    assert content["status"] == 400
    assert b"nowhere" in body


def test_what_is_larger_than_a_message_comes_in_parts(asked: Callable[..., list[Answer]]) -> None:
    parts = asked("/page")
    assert [content["at"] for content, _ in parts] == [0, 1]
    assert {content["of"] for content, _ in parts} == {2}
    assert max(len(body) for _, body in parts) == PART
    assert b"".join(body for _, body in parts).decode() == "é" * 3_000_000


@pytest.mark.parametrize(
    "path",
    [
        "/bundle/../../../etc/passwd",
        "/bundle/%2e%2e/%2e%2e/etc/passwd",
        "//etc/passwd",
        "etc/passwd",
    ],
)
def test_nothing_outside_the_bundle_is_answered(
    asked: Callable[..., list[Answer]], path: str
) -> None:
    ((content, body),) = asked(path)
    assert content["status"] in (307, 404, 405)
    assert b"root:" not in body


def test_a_failure_is_answered_too() -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError("no such luck")

    told: list[Answer] = []
    Carrier(broken, str, lambda c, b: told.append((c, b[0]))).answer({"id": "x", "path": "/"}, [])
    assert told[0][0]["status"] == 500
    assert told[0][1] == b"RuntimeError: no such luck"


def test_the_wheel_s_page_has_the_widget_s_half_and_both_are_small() -> None:
    static = ROOT / "src" / "emblink" / "static"
    script = (static / "widget.js").read_text(encoding="utf-8")
    assert "export" in script
    assert "import" not in script
    assert (static / "whole.js").stat().st_size + len(script) < 400_000
    # The components' markup stands beside the script: it is markup in the document too.
    assert (static / "markup.html").stat().st_size < 36_000


def test_a_server_s_page_draws_its_first_points_with_less_and_reads_the_panels_after_them() -> None:
    static = ROOT / "src" / "emblink" / "static"
    named = re.findall(r'src="\./([^"]+)"', (static / "index.html").read_text(encoding="utf-8"))
    first = [static / name for name in named]
    (later,) = set((static / "assets").glob("*.js")) - set(first)
    assert [path.name.partition("-")[0] for path in first] == ["early.js", "index"]
    assert sum(path.stat().st_size for path in first) < 300_000
    assert later.name in first[1].read_text(encoding="utf-8")
    panel = "The table comes when the comparison is done."
    assert panel in later.read_text(encoding="utf-8")
    assert all(panel not in path.read_text(encoding="utf-8") for path in first)


def test_a_document_has_all_within_it_and_asks_for_nothing() -> None:
    text = document(title="t", carrier="inline", version="0")
    assert "preload" not in text.partition("<body>")[0]
    assert not re.findall(r"<(?:link|script)[^>]* (?:src|href)=.\./", text)
    assert not re.search(r'import\("\./|from"\./', text)


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
    assert made.selection.tolist() == ["item-001"]
    assert made.mask.sum() == 1


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
    with pytest.raises(InputError, match=r"no space 'c'; the spaces are: 'a', 'turned', 'noisy'"):
        made.a = "c"
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
    with pytest.raises(InputError, match=r"no 'color' to begin with; it has: 'a', 'b', 'pair'"):
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
    with pytest.raises(InputError, match="no column 'name'; there are: id, "):
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
    made.hovered = "nobody"
    assert sent[-1][0] == {"do": "point", "row": -1}
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
