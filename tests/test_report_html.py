"""The report as an HTML document, beside the Markdown one."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

import emblink as eb
from emblink.cli import app
from emblink.report import as_html, as_markdown


class Words(HTMLParser):
    """The words that a reader sees, a line for each element."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[str] = []
        self._skip = False
        self.feed(text.partition("<body>")[2])
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.lines.append(data.strip())


def plain(markdown: str) -> str:
    """Return the letters and digits of a Markdown document, without its marks."""
    text = re.sub(r"^\|[-:|]+\|$", "", markdown, flags=re.MULTILINE)
    return "".join(re.findall(r"\w+", re.sub(r"^(#+ |\d+\. |- |   )", "", text, flags=re.M)))


@pytest.mark.parametrize("name", ["small", "replicated"])
def test_it_says_what_the_markdown_says_in_the_same_order(
    name: str, request: pytest.FixtureRequest
) -> None:
    report = request.getfixturevalue(name).report()
    seen = Words(as_html(report))
    assert "".join(re.findall(r"\w+", " ".join(seen.lines))) == plain(as_markdown(report))


def test_it_is_one_light_document_that_fetches_and_runs_nothing(small: eb.Comparison) -> None:
    text = as_html(small.report(), title="a <b> & c", version="1.2")
    assert text.startswith("<!doctype html>")
    assert "<title>a &lt;b&gt; &amp; c · Emblink report</title>" in text
    seen = Words(text)
    assert {"h1", "h2", "table", "ul"} <= set(seen.tags)
    assert not {"script", "img", "link", "iframe"} & set(seen.tags)
    assert not {"src", "href", "style", "onclick"} & set(seen.attributes)
    assert "color-scheme: light" in text
    assert "@media print" in text


@pytest.mark.slow
def test_names_and_labels_that_look_like_html_are_words(tmp_path: Path) -> None:
    x = np.random.default_rng(0).standard_normal((60, 5))
    hostile = "<img src=x onerror=alert(1)>"
    spaces = {f"a{hostile}": x, "b</table>": x + 0.4 * np.random.default_rng(1).random(x.shape)}
    labels = np.array([hostile, "</td><script>"] * 30)
    report = eb.compare(spaces, labels=labels, out=tmp_path / "x.emblink").report()
    seen = Words(as_html(report))
    assert not {"img", "script"} & set(seen.tags)
    assert hostile in " ".join(seen.lines)


def test_the_command_writes_it_and_leaves_what_is_not_ours(
    small_bundle: Path, tmp_path: Path
) -> None:
    out = tmp_path / "report.html"
    done = CliRunner().invoke(app, ["report", str(small_bundle), "--html", str(out)])
    assert done.exit_code == 0, done.output
    assert re.fullmatch(rf"{re.escape(str(out))}: \d+ kB\.\n", done.output)
    again = CliRunner().invoke(app, ["report", str(small_bundle), "--html", str(out)])
    assert again.exit_code == 0
    out.write_text("mine", encoding="utf-8")
    refused = CliRunner().invoke(app, ["report", str(small_bundle), "--html", str(out)])
    assert refused.exit_code != 0
    assert "was not written by Emblink" in str(refused.exception)
    assert out.read_text(encoding="utf-8") == "mine"
    forced = ["report", str(small_bundle), "--html", str(out), "--force"]
    assert CliRunner().invoke(app, forced).exit_code == 0
    assert out.read_text(encoding="utf-8").startswith("<!doctype html>")
