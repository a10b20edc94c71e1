"""Whatever else lies in or beside a bundle survives every command, byte for byte."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import emblink as eb
from emblink.bundle._journal import JOURNAL, Journal
from emblink.errors import EmblinkError
from tests.torture.made import emblink, inputs, run, tree
from tests.torture.steps import run_steps

pytestmark = pytest.mark.slow

KEY = "0123456789abcdef" * 2
NAMES = st.sampled_from(
    [
        *("thesis.txt", ".tmp-notes", "precious", "columns", "manifest.json", "stage.json"),
        *("emblink.json", "emblink.journal", f".new-{KEY}", f"vectors-{KEY}", "vectors.npy", "x"),
        *(".lock", "manifest.json.aside-0", "a b", "ü", "STEP"),
    ]
)
PATHS = st.lists(NAMES, min_size=1, max_size=3)
THINGS = st.one_of(
    st.binary(max_size=40),
    st.just(b'{"schema": "emblink.bundle/2"}'),
    st.sampled_from(["folder", "link to a file", "link to a folder", "link to nothing"]),
)
TREES = st.lists(st.tuples(PATHS, THINGS), min_size=1, max_size=6)


def put(root: Path, parts: list[str], thing: bytes | str, *, outside: Path) -> None:
    """Lay something out, unless there is something already, or a file where a folder must be."""
    steps = sorted(one.name for one in root.glob("columns/*-*"))
    named = [steps[0] if one == "STEP" and steps else one for one in parts]
    path = root.joinpath(*named)
    if any(one.is_symlink() or one.is_file() for one in path.parents) or os.path.lexists(path):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(thing, bytes):
        path.write_bytes(thing)
    elif thing == "folder":
        path.mkdir()
    else:
        path.symlink_to(outside / thing.removeprefix("link to a "))


def check_kept(root: Path, before: dict[str, object], names: set[str]) -> None:
    """Look whether everything is there still, but for what the journal names.

    What was where Emblink needs the name may have another one beside it.
    """
    after = tree(root)
    for name, thing in before.items():
        if name in names or after.get(name) == thing:
            continue
        aside = [one for at, one in after.items() if at.startswith(f"{name}.aside-")]
        moved = [at for at in after if f"{Path(name).parts[0]}" in at and ".aside-" in at]
        assert thing in aside or any(after[at] == thing for at in moved), f"{name} is lost"


def ours(root: Path) -> set[str]:
    """Return what the journal names, and the five names of a bundle where they are ours."""
    journal = Journal(root / JOURNAL).folders
    named = {f"columns/{step}/{file}" for step, files in journal.items() for file in files}
    named |= {f"columns/{step}" for step in journal}
    five = ("emblink.json", JOURNAL, "manifest.json", "run.json")
    return named | {name for name in five if (root / name).is_file()}


def nothing(root: Path) -> None:
    """Leave the directory empty."""
    root.mkdir()


def two_runs(root: Path) -> None:
    run_steps(root, 1)
    run_steps(root, 2)


def killed(root: Path) -> None:
    run_steps(root, 1)
    (root / "manifest.json").unlink()


@pytest.mark.parametrize("before", [nothing, two_runs, killed])
@settings(deadline=None, suppress_health_check=[*HealthCheck])
@given(strangers=TREES, generation=st.integers(1, 3))
def test_what_strangers_put_into_a_bundle_survives_runs(
    before: Callable[[Path], None],
    strangers: list[tuple[list[str], bytes | str]],
    generation: int,
) -> None:
    with TemporaryDirectory() as folder:
        root, outside = Path(folder, "in", "run"), Path(folder, "outside")
        (outside / "folder").mkdir(parents=True)
        (outside / "file").write_bytes(b"theirs")
        (outside / "folder" / "vectors.npy").write_bytes(b"theirs")
        root.parent.mkdir()
        before(root)
        mine = ours(root) if before is not nothing else set()
        for parts, thing in strangers:
            put(root, parts, thing, outside=outside)
            put(root.parent, parts, thing, outside=outside)
        empty_marker = (root / "emblink.json").is_file() and not (
            root / "emblink.json"
        ).stat().st_size
        laid, around, theirs = tree(root), tree(root.parent), tree(outside)
        for one in (generation, generation + 1, generation):
            try:
                run_steps(root, one)
            except EmblinkError as error:
                assert "give -o" in str(error)  # noqa: PT017
                assert tree(root) == laid
        check_kept(root, laid, mine | ({"emblink.json"} if empty_marker else set()))
        assert tree(outside) == theirs
        beside = {name: one for name, one in around.items() if Path(name).parts[0] != "run"}
        assert beside.items() <= tree(root.parent).items()


def test_a_folder_with_folders_of_ones_own_is_refused(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    (mine / "columns" / "precious").mkdir(parents=True)
    (mine / ".tmp-notes").mkdir()
    (mine / "columns" / "precious" / "thesis.txt").write_text("x")
    np.save(tmp_path / "a.npy", inputs()["spaces"]["old"])
    laid = tree(mine)
    for more in ((), ("--keep-layout",)):
        ended = emblink("compare", tmp_path / "a.npy", tmp_path / "a.npy", "-o", mine, *more)
        assert ended.status == 2
        assert ended.err.startswith("error: ")
        assert tree(mine) == laid


def test_strangers_survive_comparisons_and_are_named(tmp_path: Path) -> None:
    root = tmp_path / "run.emblink"
    given = inputs(rich=False)
    run(root, given)
    step = next(root.glob("columns/vectors-*"))
    for path in (root / "notes.txt", root / ".tmp-x", step / "mine.npy", step / "a" / "b"):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"mine")
    (root / "columns" / "precious").mkdir()
    laid = {name: one for name, one in tree(root).items() if name not in ours(root)}
    other = inputs(rich=False, seed=1)
    for options in ({}, {"keep_layout": True}, {"seed": 2}):
        said = run(root, given, **options).said
        assert any("holds 5 things" in one and "left alone" in one for one in said)
    for _ in range(3):
        run(root, other)
    assert laid.items() <= tree(root).items()
    copy = eb.open(root).save(tmp_path / "copy.emblink").path
    assert laid.items() <= tree(root).items()
    assert not {"notes.txt", ".tmp-x", "columns/precious"} & {*tree(copy)}
    assert emblink("verify", copy).status == 0


def test_inputs_that_are_refused_leave_no_directory_and_take_no_file(tmp_path: Path) -> None:
    given = inputs(rich=False)
    root = tmp_path / "run.emblink"

    def spoil(space: eb.Space, graph: object) -> np.ndarray:
        if (root / "columns").is_dir() and spoiled:
            (root / "columns" / "thesis.txt").write_text("mine")
        return np.zeros((1, 1))

    spoiled = False
    with pytest.raises(eb.InputError):
        run(root, given, pictures={"bad": spoil})
    assert not root.exists()
    spoiled = True
    with pytest.raises(eb.InputError):
        run(root, given, pictures={"bad": spoil})
    assert tree(root)["columns/thesis.txt"] == b"mine"
    run(root, given)
    assert tree(root)["columns/thesis.txt"] == b"mine"


def test_a_bundle_named_columns_can_be_saved(tmp_path: Path) -> None:
    made = run(tmp_path / "columns", inputs(rich=False))
    copy = eb.open(made.path).save(tmp_path / f"vectors-{KEY}")
    assert copy.report() == eb.open(made.path).report()
    copy.save(tmp_path / "third")
