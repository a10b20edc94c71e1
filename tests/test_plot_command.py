"""``emblink plot``, the figures of the HTML report, and the still in a notebook."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

import emblink as eb
from emblink.cli import app
from emblink.errors import BundleError, InputError
from tests.conftest import clustered

RUNNER = CliRunner()


def test_the_command_draws_what_python_draws(
    small: eb.Comparison, small_bundle: Path, tmp_path: Path
) -> None:
    out = tmp_path / "pair.svg"
    told = ["--a", "a", "--b", "noisy", "--color", "size", "--width", "80"]
    result = RUNNER.invoke(app, ["plot", str(small_bundle), "pair", str(out), *told])
    assert result.exit_code == 0, result.output
    figure = small.plot.pair("a", "noisy", color="size", width=80)
    assert out.read_text() == figure.svg
    assert "80 × " in result.output
    assert figure.caption[:40] in result.output


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["svg", "png"])
def test_a_figure_replaces_a_figure_and_nothing_else(
    small_bundle: Path, tmp_path: Path, ending: str
) -> None:
    out = tmp_path / f"map.{ending}"
    ask = ["plot", str(small_bundle), "map", str(out)]
    assert RUNNER.invoke(app, ask).exit_code == 0
    assert RUNNER.invoke(app, ask).exit_code == 0
    out.write_text("my own drawing")
    refused = RUNNER.invoke(app, ask)
    assert isinstance(refused.exception, BundleError)
    assert "not written by Emblink" in str(refused.exception)
    assert RUNNER.invoke(app, [*ask, "--force"]).exit_code == 0


def test_missing_folders_are_made_for_a_figure_and_for_nothing_that_is_refused(
    small_bundle: Path, tmp_path: Path
) -> None:
    out = tmp_path / "paper" / "figures" / "map.svg"
    told = RUNNER.invoke(app, ["plot", str(small_bundle), "map", str(out)])
    assert told.exit_code == 0
    assert out.is_file()
    assert str(out) in told.output
    assert RUNNER.invoke(
        app, ["plot", str(small_bundle), "map", str(tmp_path / "b" / "m.pdf")]
    ).exception
    assert not (tmp_path / "b").exists()


def test_an_option_that_says_nothing_of_a_figure_is_refused(
    small_bundle: Path, tmp_path: Path
) -> None:
    ask = ["plot", str(small_bundle), "map", str(tmp_path / "m.svg"), "--a", "noisy"]
    refused = RUNNER.invoke(app, ask)
    assert isinstance(refused.exception, InputError)
    assert "--a is of pair, trails, labels, not of map" in str(refused.exception)
    assert not [*tmp_path.iterdir()]


def test_the_html_report_has_figures_where_they_belong(small_bundle: Path, tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    assert RUNNER.invoke(app, ["report", str(small_bundle), "--html", str(out)]).exit_code == 0
    page = out.read_text()
    parts = dict(re.findall(r"<h2>([^<]+)</h2>(.*?)(?=<h2>|</body>)", page, re.DOTALL))
    titles = {
        name: re.findall(r"<svg.*?<title>([^<]+)</title>", at, re.S) for name, at in parts.items()
    }
    assert titles["The numbers"] == ["Map of spaces", "Pairs"]
    assert titles["a → noisy"] == ["a and noisy", "a → noisy", "Labels, a → noisy"]
    assert titles["What stands out"] == []
    assert page.count("<figcaption>") == page.count("<svg ")
    assert "<script" not in page


@pytest.mark.slow
def test_a_still_stands_beside_what_stands_out_and_is_small() -> None:
    x, labels = clustered(3000)
    y = x + np.random.default_rng(0).standard_normal(x.shape)
    comparison = eb.compare({"a": x, "b": y}, labels=labels.astype(str))
    html = comparison._repr_html_()
    assert html.count("<svg ") == 1
    assert "250 of 3,000 items, drawn at random" in html
    assert len(html.encode()) < 22_000


def test_one_space_alone_has_no_still_and_is_shown_nevertheless() -> None:
    html = eb.compare({"a": clustered(60)[0]})._repr_html_()
    assert "<svg" not in html
    assert "1 space" in html
