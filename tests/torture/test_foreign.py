"""A bundle that somebody else made: nothing outside of it is read, served or deleted."""

from __future__ import annotations

import json
import shutil
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import emblink as eb
from emblink.bundle import Bundle, open_store, read_manifest, verify
from emblink.bundle._journal import JOURNAL
from emblink.errors import BundleError
from tests.torture.made import Made, contents, emblink, inputs, run, tree
from tests.torture.steps import run_steps

pytestmark = pytest.mark.slow

SECRET = b"of nobody's business"


def resealed(path: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Change a file of JSON, and give it the checksum that goes with it, as its maker can."""
    held = json.loads(path.read_bytes())
    change(held)
    first = "schema" if "schema" in held else "checksum"
    held = {first: held[first], "checksum": "0" * 8, **held} | {"checksum": "0" * 8}
    data = json.dumps(held).encode()
    at = data.index(b'"00000000"') + 1
    path.write_bytes(data[:at] + f"{zlib.crc32(data):08x}".encode() + data[at + 8 :])


def line(*words: object) -> bytes:
    """Return a line of a journal with the checksum that goes with it."""
    text = json.dumps(words).encode()
    return f"{zlib.crc32(text):08x} ".encode() + text + b"\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return run(tmp_path_factory.mktemp("foreign") / "made.emblink")


@pytest.fixture
def theirs(made: Made, tmp_path: Path) -> Path:
    (tmp_path / "secret.npy").write_bytes(SECRET)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "x.npy").write_bytes(SECRET)
    return Path(shutil.copytree(made.path, tmp_path / "theirs.emblink"))


def check_refused(path: Path, *, match: str = "compare again") -> None:
    """Look whether everything that reads a bundle says in words that it will not."""
    around = {name: one for name, one in tree(path.parent).items() if "theirs" not in name}
    with pytest.raises(BundleError, match=match):
        Bundle(path)
    for words in (("verify", path), ("open", path, "--no-open")):
        ended = emblink(*words)
        assert ended.status in (1, 2), ended.out
        assert ended.in_words(), ended.err
        assert SECRET.decode() not in ended.out + ended.err
    assert {name: one for name, one in tree(path.parent).items() if "theirs" not in name} == around


@pytest.mark.parametrize(
    "path",
    [
        *("/etc/hostname", "../secret.npy", "columns/../../secret.npy", "secret.npy", ""),
        *("columns/vectors-0123456789abcdef0123456789abcdef/../../../secret.npy", "manifest.json"),
        *("columns//etc/hostname", "columns/x/secret.npy", "C:\\secret.npy", "columns\\a\\b", "."),
        f"columns/vectors-{'0' * 32}/..",
        f"columns/vectors-{'0' * 32}/.\n",
        f"columns/vectors-{'0' * 32}/a\0b",
        f"columns/vectors-{'0' * 32}\n/x.npy",
    ],
)
def test_a_column_elsewhere_is_refused(path: str, theirs: Path) -> None:
    def lead_out(manifest: dict[str, Any]) -> None:
        manifest["columns"]["space/old/vectors"]["path"] = path

    resealed(theirs / "manifest.json", lead_out)
    check_refused(theirs, match="could lead out of the bundle")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        *(("shape", [2**62, 2**62]), ("shape", [-1, 3]), ("shape", [66] * 80), ("shape", [66, 0])),
        *(("shape", [0, 10**18]), ("shape", [10**18, 0]), ("shape", [])),
        *(
            ("dtype", "object"),
            ("dtype", "|O"),
            ("dtype", "<U9"),
            ("dtype", "f4,f4"),
            ("dtype", ""),
        ),
        *(
            ("dtype", "float128"),
            ("dtype", "no such"),
            ("dtype", "datetime64[ns]"),
            ("dtype", "f3"),
        ),
        *(("offset", -1), ("offset", 2**62), ("bytes", -1), ("bytes", 2**62), ("over", "nobody")),
        *(("kind", "secrets"), ("crc32", None), ("path", None), ("offset", 1e300)),
    ],
)
def test_an_impossible_array_is_refused(key: str, value: object, theirs: Path) -> None:
    def alter(manifest: dict[str, Any]) -> None:
        manifest["columns"]["space/old/vectors"][key] = value

    resealed(theirs / "manifest.json", alter)
    if key == "crc32":
        contents(theirs)
        assert emblink("verify", theirs).in_words()
    else:
        check_refused(theirs)


@pytest.mark.parametrize(
    ("where", "value"),
    [
        *((("spaces", 0, "vectors"), "none"), (("spaces", 0, "over"), "none")),
        *((("spaces", 0, "projections", 0, "coords"), "none"), (("roles", "id"), "none")),
        *((("pairs", 0, "over"), "none"), (("pairs", 0, "a"), "none"), (("n_items",), 10**12)),
        *((("pairs", 0, "moves", 0, "codes"), "none"), (("domains", "items", "n"), 10**12)),
        *((("domains", "items", "position"), "none"), (("fields", 0, "words", "utf8"), "none")),
        *((("domains",), {}), (("columns",), {}), (("report", "pairs"), []), (("pairs",), [])),
        *((("stages",), ["../../elsewhere"]), (("stages",), [""]), (("schema",), "x")),
    ],
)
def test_a_name_of_nothing_is_refused(where: tuple[Any, ...], value: object, theirs: Path) -> None:
    def alter(manifest: dict[str, Any]) -> None:
        at: Any = manifest
        for step in where[:-1]:
            at = at[step]
        at[where[-1]] = value

    resealed(theirs / "manifest.json", alter)
    check_refused(theirs)


@pytest.mark.parametrize("what", ["columns", "step", "file", "manifest.json", "the record"])
def test_links_are_not_followed(what: str, theirs: Path) -> None:
    file = theirs / read_manifest(theirs).columns["space/old/vectors"].path
    place = {"columns": theirs / "columns", "step": file.parent, "file": file}
    place |= {"manifest.json": theirs / "manifest.json", "the record": file.parent / "stage.json"}
    path = place[what]
    moved = theirs.parent / "elsewhere" / path.name
    shutil.move(path, moved)
    path.symlink_to(moved)
    kept = tree(theirs.parent / "elsewhere")
    if what == "the record":
        assert emblink("verify", theirs).status == 1
    else:
        check_refused(theirs)
    try:
        run(theirs)
    except BundleError as error:
        assert "give -o" in str(error)  # noqa: PT017
        assert what == "columns"
    else:
        assert verify(theirs).faults == []
    assert tree(theirs.parent / "elsewhere") == kept


@pytest.mark.parametrize(
    "name", ["../../secret", "/etc/hostname", "..", "", "a/../../../secret", "a\0", "\n"]
)
def test_a_record_that_names_files_elsewhere_gives_no_leave(name: str, theirs: Path) -> None:
    record = next(theirs.glob("columns/vectors-*/stage.json"))

    def lead_out(held: dict[str, Any]) -> None:
        held["arrays"][name] = held["arrays"]["vectors"]

    resealed(record, lead_out)
    ended = emblink("verify", theirs)
    assert ended.status == 1
    assert "could lead out" in ended.out
    run(theirs)
    run(theirs, inputs(rich=False))
    run(theirs, inputs(rich=False))
    assert (theirs.parent / "secret.npy").read_bytes() == SECRET
    assert verify(theirs).faults == []


@pytest.mark.parametrize(
    "said",
    [
        line("../..", ["secret.npy"]),
        line("../../elsewhere", ["x.npy"]),
        line("/tmp", ["x"]),
        line(f"vectors-{'0' * 32}", ["../../../secret.npy"]),
        line(f"vectors-{'0' * 32}", ["/etc/hostname"]),
        line(f"link-{'0' * 32}", ["x.npy"]),
        *(line(5), line(5, 6), line("a"), line([], {}), line(None, [None]), line("a", "b", "c")),
        *(b"\0" * 200, b"\xff\xfe", b"00000000 ", f"{zlib.crc32(b'{'):08x} {{\n".encode()),
        f"{zlib.crc32(b'[' * 9999):08x} ".encode() + b"[" * 9999 + b"\n",
        f"{zlib.crc32(bytes([34, 255, 34])):08x} ".encode() + b'"\xff"\n',
    ],
)
def test_a_journal_gives_no_leave_elsewhere(said: bytes, tmp_path: Path) -> None:
    root = tmp_path / "theirs"
    run_steps(root, 1)
    (tmp_path / "secret.npy").write_bytes(SECRET)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "x.npy").write_bytes(SECRET)
    (root / "columns" / f"link-{'0' * 32}").symlink_to(tmp_path / "elsewhere")
    with (root / JOURNAL).open("ab") as file:
        file.write(said)
    around = tree(tmp_path / "elsewhere")
    for generation in (2, 3, 4):
        run_steps(root, generation)
    assert (tmp_path / "secret.npy").read_bytes() == SECRET
    assert tree(tmp_path / "elsewhere") == around
    assert verify(root).faults == []


@pytest.mark.parametrize(
    "marker",
    [
        *(b"{}", b"null", b"[]", b"\0" * 70, b"[" * 99_999, b'{"schema": "emblink.bundle/2"}'),
        *(b'{"checksum": "00000000", "schema": "emblink.bundle/2", "id": "../../x"}', b"\xff"),
    ],
)
def test_a_marker_that_is_none_opens_no_door(marker: bytes, tmp_path: Path) -> None:
    root = tmp_path / "theirs"
    (root / "columns" / f"vectors-{'0' * 32}").mkdir(parents=True)
    (root / "emblink.json").write_bytes(marker)
    laid = tree(tmp_path)
    with pytest.raises(BundleError, match="not an Emblink bundle"), open_store(root):
        pass
    assert tree(tmp_path) == laid


def test_an_id_that_is_a_path_is_no_id(tmp_path: Path) -> None:
    root = tmp_path / "theirs"
    run_steps(root, 1)
    resealed(root / "emblink.json", lambda held: held.update(id="../../secret"))
    (tmp_path / "secret").write_bytes(SECRET)
    said: list[str] = []
    run_steps(root, 2, notice=said.append)
    assert "emblink.json is not as Emblink wrote it" in said[0]
    assert (tmp_path / "secret").read_bytes() == SECRET
    assert verify(root).faults == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("items/position", -1), ("items/position", 10**6), ("space/new/rows", 10**6)),
        *(("space/old/neighbors", 10**6), ("space/old/neighbors", -9), ("items/label/codes", 99)),
        ("items/note/utf8", 255),
    ],
)
def test_rows_that_lead_astray_are_refused(name: str, value: int, theirs: Path) -> None:
    column = read_manifest(theirs).columns[name]
    array = np.load(theirs / column.path)
    array.reshape(-1)[1] = value
    np.save(theirs / column.path, array)
    crc = f"{zlib.crc32((theirs / column.path).read_bytes()):08x}"
    resealed(theirs / "manifest.json", lambda held: held["columns"][name].update(crc32=crc))
    comparison = eb.open(theirs)
    with pytest.raises(BundleError, match="compare again"):
        ([*comparison.space_set.rows.values()], comparison.graphs["old"])
    assert emblink("verify", theirs).status == 1


def no_fields(manifest: dict[str, Any]) -> None:
    manifest["fields"] = []


def no_text(manifest: dict[str, Any]) -> None:
    manifest["roles"]["text"] = "nothing of that name"


def neighbors_for_positions(manifest: dict[str, Any]) -> None:
    columns = manifest["columns"]
    columns["items/position"] = columns["space/new/neighbors"]


def distances_for_neighbors(manifest: dict[str, Any]) -> None:
    columns = manifest["columns"]
    columns["space/new/neighbors"] = columns["space/new/distances"]


def flat_neighbors(manifest: dict[str, Any]) -> None:
    column = manifest["columns"]["space/new/neighbors"]
    column["shape"] = column["shape"][:1]


@pytest.mark.parametrize(
    "change", [no_fields, no_text, neighbors_for_positions, distances_for_neighbors, flat_neighbors]
)
def test_a_column_taken_for_what_it_is_not_is_refused(
    change: Callable[[dict[str, Any]], None], theirs: Path
) -> None:
    resealed(theirs / "manifest.json", change)
    check_refused(theirs)
