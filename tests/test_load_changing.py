"""A file that changes while it is read is refused in words, whatever its format and the moment."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from emblink.errors import InputError, ReadError
from emblink.load import from_arrays, inspect_file, load_pictures, load_spaces
from emblink.load._formats import READERS, ending
from emblink.types import AnyArray
from tests.load_helpers import CHANGES, cut, rewrite
from tests.test_load_formats import WRITERS, Writer, ids_of, vectors_of

WORDS = (
    r"^{name} (changed|vanished) while it was read \(was [\d,]+ bytes at [\d:.]+, "
    r"now .*\); wait until it is written and compare again$"
)


def write_npy(folder: Path, vectors: AnyArray, ids: AnyArray) -> Path:
    np.save(folder / "f.npy", vectors)
    return folder / "f.npy"


FORMATS = {**WRITERS, "npy": write_npy}


MOMENTS = ("before it is opened", "opened", "columns read")


def meddle(
    monkeypatch: pytest.MonkeyPatch, path: Path, change: Callable[[Path], None], moment: str
) -> None:
    """Have a file change at a moment of its reading, once."""
    left = [change]

    def now() -> None:
        if left:
            left.pop()(path)

    reader = READERS[ending(path)]

    def read(opened: Path, words: frozenset[str]) -> Any:
        if opened != path:
            return reader(opened, words)
        if moment == "before it is opened":
            now()
        contents: Any = reader(opened, words)
        if moment == "opened":
            now()
        for name in ("vectors", "column"):
            if moment.startswith(name):
                inner = getattr(contents, name)

                def after(*given: Any, inner: Any = inner) -> Any:
                    found = inner(*given)
                    now()
                    return found

                setattr(contents, name, after)
        return contents

    monkeypatch.setitem(READERS, ending(path), read)


def refused(path: Path) -> Any:
    return pytest.raises(ReadError, match=WORDS.format(name=path.name.replace(".", r"\.")))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("writer", "change", "moment"),
    [
        pytest.param(writer, change, moment, id=f"{name}-{change.__name__}-{moment}")
        for name, writer in FORMATS.items()
        for change, moment in (
            *((change, "vectors read") for change in CHANGES),
            *((change, moment) for change in (cut, rewrite) for moment in MOMENTS),
        )
        if (name, moment) != ("npy", "columns read")  # it has no columns
    ],
)
def test_a_source_that_changes_is_refused(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    writer: Writer,
    change: Callable[[Path], None],
    moment: str,
) -> None:
    path = writer(tmp_path, vectors_of("f4"), ids_of("str"))
    meddle(monkeypatch, path, change, moment)
    with refused(path):
        load_spaces([str(path)])


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("dtype", ["f4", "f8"])
def test_an_array_that_changes_between_two_of_its_blocks_is_refused(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[Path], None],
    order: Any,
    dtype: str,
) -> None:
    from emblink.load import _npy

    path = tmp_path / "f.npy"
    np.save(path, np.asarray(vectors_of(dtype), order=order))
    monkeypatch.setattr(_npy, "BLOCK", 10)
    fill, blocks = _npy.fill, []

    def watched(*given: Any) -> None:
        blocks.append(1)
        if len(blocks) == 3:
            change(path)
        fill(*given)

    monkeypatch.setattr(_npy, "fill", watched)
    with refused(path):
        load_spaces([str(path)])
    assert len(blocks) >= 3


@pytest.mark.slow
@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
@pytest.mark.parametrize("where", ["items", "ids", "thumbnail", "picture", "inspect", "python"])
def test_every_other_file_that_changes_is_refused_as_well(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[Path], None],
    where: str,
) -> None:
    n = len(vectors_of("f4"))
    source = str(write_npy(tmp_path, vectors_of("f4"), ids_of("str")))
    path = tmp_path / {"items": "t.csv", "ids": "ids.txt"}.get(where, "m.npz")
    if path.suffix == ".npz":
        pixels = np.zeros((n, 2, 2, 3), np.uint8)
        np.savez(path, pixels=pixels, f=vectors_of("f4")[:, :2], ids=ids_of("int"))
    else:
        path.write_text("\n".join(["id", *map(str, range(n))][path.suffix == ".txt" :]) + "\n")
    read: dict[str, Callable[[], object]] = {
        "items": lambda: load_spaces([source], items=path),
        "ids": lambda: load_spaces([source], ids={"f": str(path)}),
        "thumbnail": lambda: load_spaces([source], thumbnail=f"{path}::pixels"),
        "picture": lambda: load_pictures(path),
        "inspect": lambda: inspect_file(path),
        "python": lambda: from_arrays({"f": f"{path}::f", "g": vectors_of("f4")}),
    }
    read[where]()
    meddle(monkeypatch, path, change, "opened")
    with refused(path):
        read[where]()


def test_a_link_that_is_turned_to_another_file_is_a_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("one", "two"):
        np.save(tmp_path / f"{name}.npy", vectors_of("f4"))
    link = tmp_path / "f.npy"
    link.symlink_to("one.npy")

    def turn(path: Path) -> None:
        path.unlink()
        path.symlink_to("two.npy")

    meddle(monkeypatch, link, turn, "opened")
    with refused(link):
        load_spaces([str(link)])


def test_what_is_wrong_with_a_file_that_stays_the_same_is_said_as_ever(tmp_path: Path) -> None:
    path = write_npy(tmp_path, vectors_of("f4"), ids_of("str"))
    cut(path)
    with pytest.raises(ReadError, match="is truncated: its header promises"):
        load_spaces([str(path)])


@pytest.mark.parametrize("error", [InputError, OSError, KeyError])
def test_errors_of_files_that_did_not_change_are_passed_on_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    path = write_npy(tmp_path, vectors_of("f4"), ids_of("str"))

    def fail(*_: object) -> None:
        raise error("as it was")

    monkeypatch.setattr("emblink.load._npy.fill", fail)
    expected = error if error is InputError else ReadError
    with pytest.raises(expected, match="as it was"):
        load_spaces([str(path)])
