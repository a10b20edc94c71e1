"""The page's requests in a notebook as messages, and what of the page goes there."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import emblink as eb
from emblink.bundle import Bundle
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
