"""Every string that people bring, in every place where it is shown: none of them does anything."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from markdown_it import MarkdownIt
from rich.console import Console

import emblink as eb
from emblink import cli
from emblink import gate as gates
from emblink._terminal import Visible
from emblink.bundle import Bundle
from emblink.comparison import judge
from emblink.export import export
from emblink.report import as_html, as_json, as_markdown, as_terminal
from tests.battery.counted import counted
from tests.server_helpers import running

pytestmark = pytest.mark.slow

EXPORTED = Path(__file__).parents[1] / "browser" / "exported.mjs"
ACTING = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")
PAYLOADS = [
    "<script>document.title='pwned'</script>",
    "<img src=x onerror=document.title='pwned'>",
    '"><svg/onload=document.title="pwned">',
    "</script><script>document.title='pwned'</script>",
    "</style><style>body{display:none}</style>",
    "<!--", "-->", "]]>", "<![CDATA[x", "&lt;b&gt;&#x41;", "<iframe src=//evil.example>",
    "[a](javascript:alert(1))", "![a](https://evil.example/x.png)", "<https://evil.example>",
    "https://evil.example/x", "www.evil.example", "a@evil.example", "| a | b |", "# title",
    "```", "`code`", "**bold**", "~~gone~~", "1. one", "- one", "> said", "---", "&copy;",
    "\x1b[2J\x1b[31m", "\x1b]0;title\x07", "\x1b]8;;http://evil.example\x07x", "\r\n", "a\tb",
    "\x9b31m", "\u202eevil", "\u2066x\u2069", "\u2028", "\ufeff",
    "=1+1", "+1", "-1", "@SUM(A1)", "=HYPERLINK(\"http://evil.example\")", "\t=1", "＝1",
    "%s%n", "{0}", "${jndi:ldap://evil}", "{{7*7}}", "__proto__", "constructor", "toString",
    "../../etc/passwd", "C:\\x", "a,b;c\"d'e", "'; DROP TABLE x; --", "NaN", "null", "é" * 40,
]  # fmt: skip
N = 4 * len(PAYLOADS)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[eb.Comparison]:
    rng = np.random.default_rng(0)
    labels = np.arange(N) % 6
    old = rng.standard_normal((N, 8)) + 6 * np.eye(8)[labels]
    new = old.copy()
    new[labels == 0] = old[labels == 1] + rng.standard_normal((np.sum(labels == 0), 8))
    new[labels == 2] += rng.standard_normal((np.sum(labels == 2), 8)) * 3
    each = np.array([PAYLOADS[i % len(PAYLOADS)] for i in range(N)])
    kinds = np.array([PAYLOADS[one] for one in (0, 1, 11, 37, 28, 12)])[labels]
    out = tmp_path_factory.mktemp("hostile") / "<b>h</b>.emblink"
    compared = eb.compare(
        {"<script>a</script>": old, "[b](javascript:x)|=1": new},
        ids=np.array([f"{one}#{i}" for i, one in enumerate(each)]),
        items={
            "id": np.array([f"{one}#{i}" for i, one in enumerate(each)]),
            "<img src=x onerror=x>": kinds,
            "=text": np.array([f"{one} number {i}" for i, one in enumerate(each)]),
            "|col|`x`": each,
        },
        labels="<img src=x onerror=x>",
        text="=text",
        title="<script>document.title='pwned'</script>",
        out=out,
    )
    with counted("injection") as done:
        done["strings"] = len(PAYLOADS)
        done["items"] = N
        yield compared


@dataclass
class Seen(HTMLParser):
    """Elements and attributes of a document."""

    elements: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))


def of_html(text: str) -> Seen:
    seen = Seen()
    seen.feed(text)
    return seen


def test_the_terminal_obeys_none(hostile: eb.Comparison) -> None:
    out = io.StringIO()
    console = Console(file=out, width=200)
    for full in (False, True):
        console.print(Visible(as_terminal(hostile.report(), full=full)), crop=False)
    console.print(Visible(gates.as_terminal(judge(hostile))), crop=False)
    assert "pwned" in out.getvalue()
    assert not ACTING.search(out.getvalue())


@pytest.mark.parametrize("word", ["\u202e", "\x1b[2J", "\x9b31m", "a\x00b"])
@pytest.mark.parametrize(
    "line",
    [
        ("{}",),
        ("compare", "a.npy", "--nope{}"),
        ("compare", "a.npy", "--seed", "{}"),
        ("gate", "a.npy", "--k{}=1"),
        ("demo", "{}"),
        ("report", "{}.emblink"),
    ],
)
def test_a_command_line_that_cannot_be_read_is_said_and_not_obeyed(
    line: tuple[str, ...],
    word: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("sys.argv", ["emblink", *(one.format(word) for one in line)])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    said = capsys.readouterr()
    assert (ended.value.code, said.out) == (2, "")
    assert "rror: " in said.err
    assert not ACTING.search(said.err)


def test_markdown_renders_none_as_markup(hostile: eb.Comparison) -> None:
    gate = judge(hostile)
    assert "pwned" in as_markdown(hostile.report())
    for text in (as_markdown(hostile.report()), gates.as_markdown(gate)):
        assert not ACTING.search(text)
        rules = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
        tokens = rules.parse(text)
        inner = [one for token in tokens for one in (token.children or [])]
        kinds = {one.type for one in [*tokens, *inner]}
        assert kinds & {"html_block", "html_inline", "link_open", "image", "fence", "hr"} == set()
        assert kinds & {"blockquote_open", "s_open", "code_block"} == set()
        assert not re.search(r"(?<!\\)(://|www\.)", text)


def test_the_report_as_html_holds_no_element_of_theirs(hostile: eb.Comparison) -> None:
    text = as_html(hostile.report())
    assert not ACTING.search(text.replace("\t", ""))
    for tag, attributes in of_html(text).elements:
        assert tag not in ("script", "img", "iframe", "svg", "object", "embed", "link", "a")
        assert [name for name in attributes if name.startswith("on")] == []


def test_the_exported_file_holds_scripts_of_ours_alone(
    hostile: eb.Comparison, tmp_path: Path
) -> None:
    made = export(Bundle(hostile.path), tmp_path / "x.html")
    text = made.path.read_text(encoding="utf-8")
    elements = of_html(text).elements
    own = [one for tag, one in elements if tag == "script"]
    assert {one.get("type") for one in own} == {"text/plain", "text/html", "module"}
    assert sum(one.get("type") == "module" for one in own) == 1
    # The page's own markup, as the wheel has it.
    markup = (files("emblink") / "static" / "markup.html").read_text(encoding="utf-8")
    assert text.count('<script type="text/html"') == 1
    assert f'<script type="text/html" id="markup">{markup}</script>' in text
    assert {tag for tag, _ in elements} & {"img", "iframe", "object", "embed"} == set()
    assert all(not name.startswith("on") for _, one in elements for name in one)


def test_junit_is_xml_and_says_them_as_words(hostile: eb.Comparison) -> None:
    policy = gates.Policy(max_label_loss=0.01, protected_labels=(PAYLOADS[0], PAYLOADS[28]))
    gate = judge(hostile, policy)
    tree = ElementTree.fromstring(gates.as_junit(gate))
    assert int(tree.attrib["tests"]) == len(tree.findall("testcase")) > 0
    assert {one.tag for one in tree.iter()} <= {
        "testsuite", "testcase", "failure", "error", "system-out",
    }  # fmt: skip
    assert not ACTING.search("".join(tree.itertext()))
    assert json.loads(gates.as_json(gate))["verdict"] == gate.verdict
    for text in (gates.as_json(gate), as_json(hostile.report())):
        assert not ACTING.search(text)
    assert all(isinstance(one, int | float) for one in json.loads(gates.as_metrics(gate)).values())


@pytest.fixture(scope="module")
def page(hostile: eb.Comparison, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("page")
    with running(hostile.path) as server:
        ran = subprocess.run(
            ["node", str(EXPORTED), server.url, str(folder)],
            capture_output=True, text=True, timeout=240,
        )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


def test_the_page_runs_none(page: dict[str, Any]) -> None:
    assert page["complaints"] == []  # its policy would refuse, and say so


def test_the_picture_that_the_page_writes_is_drawn_of_shapes_and_words(
    page: dict[str, Any],
) -> None:
    tree = ElementTree.parse(page["files"]["view.svg"])
    kinds = {one.tag.rpartition("}")[2] for one in tree.iter()}
    assert kinds & {"script", "foreignObject", "iframe", "a", "animate", "set"} == set()
    for one in tree.iter():
        assert [name for name in one.attrib if name.startswith("on")] == []
        assert not one.attrib.get("href", "#").startswith(("http", "javascript"))


def test_no_cell_of_the_table_is_a_formula(page: dict[str, Any]) -> None:
    with Path(page["files"]["all.csv"]).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert len(rows) == N + 1
    assert {len(one) for one in rows} == {len(rows[0])}
    number = re.compile(r"-?\d+(\.\d+)?(e-?\d+)?")
    acting = [
        cell
        for row in rows
        for cell in row
        if re.match(r"\s*[=+\-@＝＋－＠]", cell) and not number.fullmatch(cell)
    ]
    assert acting == []
    assert {"'=1+1", "'@SUM(A1)"} <= {cell for row in rows for cell in row}
