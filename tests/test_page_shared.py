"""The one HTML file without a network, and a cell of a notebook, beside the page that is served."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import emblink as eb
from tests.server_helpers import running

pytestmark = pytest.mark.slow

SCRIPT = Path(__file__).parent / "browser" / "shared.mjs"


@pytest.fixture(scope="module")
def seen(small: eb.Comparison, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    made = small.to_html(tmp_path_factory.mktemp("shared") / "share.html")
    with running(small.path) as server:
        run = subprocess.run(
            ["node", str(SCRIPT), server.url, str(made.path), sys.executable, small.path],
            capture_output=True,
            text=True,
            timeout=400,
        )
    assert run.returncode == 0, run.stderr
    found: dict[str, Any] = json.loads(run.stdout)
    return found


@pytest.mark.parametrize("carrier", ["opened", "framed"])
def test_the_file_works_without_a_network_and_without_complaint(
    seen: dict[str, Any], carrier: str
) -> None:
    assert seen[carrier]["complaints"] == []
    assert seen[carrier]["asked"] == []


@pytest.mark.parametrize("carrier", ["opened", "framed", "cell"])
def test_one_gesture_selects_the_same_as_in_the_served_page(
    seen: dict[str, Any], carrier: str
) -> None:
    assert seen["served"]["lassoed"] == seen[carrier]["lassoed"] != "Nothing selected"
    assert seen["served"]["title"] == seen[carrier]["title"]


MOMENTS = ("side", "lassoed", "played")


@pytest.mark.parametrize("moment", MOMENTS)
def test_one_gesture_draws_the_very_same_pixels_in_a_cell(
    seen: dict[str, Any], moment: str
) -> None:
    apart = seen["cell"]["apart"][moment]
    assert apart["drawn"] > 1000
    assert apart["differ"] == 0


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("carrier", ["opened", "framed"])
def test_one_gesture_draws_the_same_pixels_in_the_file_but_for_its_rounding(
    seen: dict[str, Any], carrier: str, moment: str
) -> None:
    apart = seen[carrier]["apart"][moment]
    assert apart["much"] == 0
    assert apart["differ"] < 0.2 * apart["drawn"]


def test_what_needs_the_server_is_in_the_served_page_alone(seen: dict[str, Any]) -> None:
    asks = {carrier: seen[carrier]["asks"] for carrier in ("served", "opened", "framed")}
    assert asks == {"served": True, "opened": False, "framed": False}


def test_what_lies_near_by_true_distance_is_measured_in_the_served_page_alone(
    seen: dict[str, Any], small: eb.Comparison
) -> None:
    near = {carrier: seen[carrier]["near"] for carrier in ("served", "opened", "framed")}
    assert near == {"served": True, "opened": False, "framed": False}
    assert seen["served"]["all"].startswith(str(len(small.ids)))


def test_a_page_without_an_address_offers_no_link(seen: dict[str, Any]) -> None:
    linkable = {carrier: seen[carrier]["linkable"] for carrier in ("served", "opened", "framed")}
    assert linkable == {"served": True, "opened": True, "framed": False}


def test_the_page_says_what_the_copy_leaves_out(seen: dict[str, Any]) -> None:
    assert not seen["served"]["copy"]
    for carrier in ("opened", "framed"):
        said = " ".join(seen[carrier]["notes"].split())
        assert "Positions and distances are rounded" in said
        assert "only with emblink open" in said


def test_a_link_into_the_file_opens_what_it_names(seen: dict[str, Any]) -> None:
    assert seen["linked"]["title"].startswith("turned → noisy")
    assert seen["linked"]["theme"] == "dark"
