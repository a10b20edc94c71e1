"""Words that others wrote do nothing: not to a terminal, not in Markdown, not in HTML."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.console import Console

import emblink as eb
from emblink._terminal import Visible
from emblink.bundle import read_manifest
from emblink.report import as_html, as_markdown, as_terminal
from emblink.wording import inert_json, markdown, visible

ACTING = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
NAMES = [
    "<script>alert(1)</script>",
    "[l](javascript:alert(1))",
    "\x1b[31mred\x1b[0m \u202egnp.exe",
    "see https://example.org and www.example.org or a@example.org",
    "a\nb|c `x` *y* _z_",
    "x\x9b31m\u2028y",
]


@given(st.text())
@example("\x1b]0;title\x07")
@example("\u202eabc")
def test_nothing_that_acts_is_left_and_all_else_is(words: str) -> None:
    shown = visible(words)
    assert not ACTING.search(shown)
    assert "\n" not in shown
    assert shown == "".join(map(visible, words))
    assert [one for one in words if one.isprintable() and one not in shown] == []


@given(st.dictionaries(st.text(), st.text()))
@example({"\x9b31m": "\u202e\x7f"})
def test_json_acts_on_no_terminal_and_says_the_same(words: dict[str, str]) -> None:
    text = inert_json(json.dumps(words, indent=2, ensure_ascii=False))
    assert not ACTING.search(text)
    assert json.loads(text) == words


def test_every_command_writes_json_that_acts_on_no_terminal() -> None:
    for file in (Path(eb.__file__).parent).rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        for written in re.finditer(r".*(msgspec\.json\.format\(.*decode|ensure_ascii=False)", text):
            following = text[written.start() :][:200]
            assert "inert_json" in following or "plain(" in text or "AnnData" in text, file


@pytest.mark.parametrize("words", ["👩‍🚀", "naïve 日本語", "עברית", "p < 0.001 & 5 → 6"])
def test_what_does_nothing_stays(words: str) -> None:
    assert visible(words) == words


@given(st.text(alphabet="ab 1_*`[]<>|~#&\\-+=.)(:/@w\n", max_size=30))
@example("http://x")
@example("1. a")
@example("- a")
@example("---")
@example("===")
def test_markdown_says_the_same_and_marks_nothing_up(words: str) -> None:
    written = markdown(words)
    assert re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", written) == visible(words)
    bare = re.sub(r"\\[!-/:-@\[-`{-~]", " ", written)
    assert not re.search(r"[*`\[\]<>|~#&]|://|\bwww\.|\w@[\w-]+\.\w", bare)
    assert not re.match(r"\s*([-+=](\s|$)|[-=]{2}|\d+[.)](\s|$))", written)


@pytest.mark.parametrize("words", ["fc64_e1_s0", "-0.689", "0.801", "0.747 … 0.855"])
def test_markdown_leaves_names_and_numbers_alone(words: str) -> None:
    assert markdown(words) == words


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rng = np.random.default_rng(0)
    centers = np.eye(8)[:6] * 6
    old = rng.normal(size=(240, 8)) + np.repeat(centers, 40, axis=0)
    new = old.copy()
    new[:40] = old[40:80] + rng.normal(size=(40, 8))
    out = tmp_path_factory.mktemp("hostile") / "run.emblink"
    eb.compare(
        {"<b>old</b>": old, "[new](x)\x1b[2J": new},
        ids=[f"{NAMES[i % 6]} {i}" for i in range(240)],
        labels=np.repeat(NAMES, 40),
        out=out,
        metric="euclidean",
    )
    return out


@pytest.mark.parametrize("full", [False, True])
def test_no_name_reaches_the_terminal_as_it_is(hostile: Path, full: bool) -> None:
    out = io.StringIO()
    report = read_manifest(hostile).report
    Console(file=out, width=200).print(Visible(as_terminal(report, full=full)), crop=False)
    assert "alert(1)" in out.getvalue()
    assert not ACTING.search(out.getvalue())


def test_no_name_is_markup_in_a_document(hostile: Path) -> None:
    report = read_manifest(hostile).report
    written = as_markdown(report)
    assert "alert(1)" in written
    assert not ACTING.search(written)
    assert not re.search(r"(?<!\\)<|(?<!\\)\]\(|(?<!\\)`|://|www\.", written)
    page = as_html(report)
    assert "<script" not in page
    assert "<b>" not in page
    assert not ACTING.search(page)
