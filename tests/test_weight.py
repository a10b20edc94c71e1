"""The weight of a base install is bound, and what the documents say of it is checked."""

from __future__ import annotations

import re
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def weight() -> Any:
    sys.path.insert(0, str(ROOT / "scripts"))
    try:
        return import_module("weight")
    finally:
        sys.path.remove(str(ROOT / "scripts"))


def test_an_install_within_its_bound_and_as_documented_has_no_fault(weight: Any) -> None:
    assert weight.faults({"numpy": 71.4, "rich": 2.7, "idna": 0.4}, {"numpy": 71, "rich": 3}) == []


def test_an_install_past_the_bound_fails_with_its_largest_packages(weight: Any) -> None:
    sizes = {"duckdb": 300.0, "numpy": 71.0, "a": 4.0, "b": 3.0, "c": 2.0, "d": 1.0}
    (fault,) = weight.faults(sizes, {})
    assert f"381 MB; at most {weight.BOUND_MB}" in fault
    assert fault.endswith("The largest: duckdb 300, numpy 71, a 4, b 3, c 2")


def test_what_must_not_come_along_is_named(weight: Any) -> None:
    assert weight.faults({"torch": 1.0, "scipy": 1.0}, {}) == ["a base install brings scipy, torch"]


def test_numbers_of_the_documents_that_are_off_are_named(weight: Any) -> None:
    said = {"numpy": 71.0, "gone": 9.0, "all others": 8.0}
    assert weight.faults({"numpy": 85.0, "new": 20.0}, said) == [
        "docs/install.md says numpy weighs 71 MB; it is 85.0",
        "docs/install.md says gone weighs 9 MB; it is 0.0",
        "docs/install.md says all others weighs 8 MB; it is 20.0",
    ]


def test_the_table_of_the_documents_adds_up_and_states_the_bound(weight: Any) -> None:
    rows = weight.documented()
    page = (ROOT / "docs" / "install.md").read_text(encoding="utf-8")
    text = page.partition("## What it weighs")[2].partition("\n## ")[0]
    assert len(rows) == text.count("\n|") - 2
    assert weight.OTHERS in rows
    said = [int(mb) for mb in re.findall(r"(\d+) MB", text)]
    assert said == [pytest.approx(sum(rows.values()), abs=2), weight.BOUND_MB]
    assert said[0] <= 220 < weight.BOUND_MB == 250


def test_an_environment_is_weighed_by_the_files_of_its_packages(weight: Any) -> None:
    sizes = weight.weigh(Path(sys.executable))
    assert sizes["numpy"] > 10
    assert list(sizes.values()) == sorted(sizes.values(), reverse=True)
    assert not {"pip", "setuptools"} & sizes.keys()


def test_ci_weighs_the_install_that_it_makes_anyway() -> None:
    assert "scripts/smoke.py" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    smoke = (ROOT / "scripts" / "smoke.py").read_text(encoding="utf-8")
    assert 'check(source / ".venv"' in smoke
