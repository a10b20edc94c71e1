"""Every kind of damage to every kind of file: it is found, said in words, and mended by a rerun."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from emblink.errors import EmblinkError
from tests.torture.damage import DAMAGES, kinds
from tests.torture.made import KINDS, Made, contents, emblink, run, tree

pytestmark = pytest.mark.slow

FILES = [
    *("emblink.json", "emblink.journal", "manifest.json"),
    *(f"{kind}, {what}" for kind in sorted(KINDS) for what in ("array", "record")),
]
for facts_only in ("health", "index"):
    FILES.remove(f"{facts_only}, array")
EVERY = 1 if os.environ.get("EMBLINK_TORTURE") else 4
"""Of the cases, one in so many is mended too; all of them under ``scripts/torture``."""
done: Counter[str] = Counter()


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    made = run(tmp_path_factory.mktemp("tamper") / "whole.emblink")
    yield made
    print("\ntamper:", ", ".join(f"{n:,} {what}" for what, n in done.items()))


@pytest.fixture(scope="module")
def expected(whole: Made) -> dict[str, object]:
    return contents(whole.path)


@pytest.fixture
def copy(whole: Made, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole.path, tmp_path / "run.emblink"))


def test_every_kind_of_file_is_there(whole: Made) -> None:
    assert {*kinds(whole.path)} == {*FILES}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("file", FILES)
def test_damage_is_found_and_mended(
    file: str, damage: str, whole: Made, copy: Path, expected: dict[str, object]
) -> None:
    damaged = copy / kinds(whole.path)[file].relative_to(whole.path)
    DAMAGES[damage](damaged)
    verified = emblink("verify", copy)
    assert verified.in_words(), verified.err
    assert verified.status != 0, f"{damaged.name} was damaged, and verify says {verified.out}"
    named = verified.out + verified.err
    assert damaged.name in named or "unfinished bundle" in named
    assert emblink("report", copy).in_words()
    done["found"] += 1
    if file != "manifest.json":
        try:
            contents(copy)
        except EmblinkError as error:
            assert "compare again" in str(error)  # noqa: PT017
    if (FILES.index(file) + [*DAMAGES].index(damage)) % EVERY:
        return
    mended = run(copy)
    again = emblink("verify", copy)
    assert again.status == 0, again.out + again.err
    assert contents(copy) == expected
    done["mended"] += 1
    assert file.startswith("emblink.") or any(damaged.name in one for one in mended.said)
    assert {*tree(whole.path)} <= {*tree(copy)}
