"""What people leave in a bundle stays, is theirs, and is never half of anything."""

from __future__ import annotations

import json
import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

import emblink as eb
from emblink.bundle import open_store, read_notes, strangers, write_notes
from emblink.errors import BundleError, InputError
from tests.server_helpers import origin_of, running

EDITION = "emblink-notes"


def notes(*names: str, items: tuple[str, ...] = ("i1", "i2")) -> bytes:
    sets = [{"id": f"s-{name}", "name": name, "note": "", "items": [*items]} for name in names]
    return json.dumps({"schema": "emblink.notes/1", "selections": sets}).encode()


def names(root: Path) -> list[str]:
    return [one.name for one in read_notes(root)[0].selections]


def test_a_bundle_without_notes_has_none(tmp_path: Path) -> None:
    found, version = read_notes(tmp_path)
    assert (found.selections, version) == ([], "none")
    assert not [*tmp_path.iterdir()]


def test_notes_are_read_as_they_were_written(tmp_path: Path) -> None:
    version = write_notes(tmp_path, notes("flags", "🦆"), version="none")
    found, again = read_notes(tmp_path)
    assert [one.name for one in found.selections] == ["flags", "🦆"]
    assert found.selections[0].items == ["i1", "i2"]
    assert again == version
    assert [one.name for one in tmp_path.iterdir()] == ["notes.json"]


def test_notes_of_an_older_version_do_not_replace_newer_ones(tmp_path: Path) -> None:
    first = write_notes(tmp_path, notes("one"), version="none")
    assert first is not None
    assert write_notes(tmp_path, notes("mine"), version="none") is None
    assert write_notes(tmp_path, notes("one", "two"), version=first) is not None
    assert write_notes(tmp_path, notes("mine"), version=first) is None
    assert names(tmp_path) == ["one", "two"]


def test_of_many_writers_at_once_each_knows_what_it_replaced(tmp_path: Path) -> None:
    def add(turn: int) -> None:
        while True:
            found, version = read_notes(tmp_path)
            own = [one.name for one in found.selections]
            if write_notes(tmp_path, notes(*own, str(turn)), version=version) is not None:
                return

    writers = [threading.Thread(target=add, args=(turn,)) for turn in range(8)]
    for one in writers:
        one.start()
    for one in writers:
        one.join()
    assert sorted(names(tmp_path)) == [str(turn) for turn in range(8)]


@pytest.mark.parametrize(
    "there",
    [b"", b"not json", b"{}x", b'{"schema": "emblink.notes/2"}', b'{"mine": 1}', notes("") + b" "],
)
def test_what_is_no_note_of_ours_is_left_alone(tmp_path: Path, there: bytes) -> None:
    (tmp_path / "notes.json").write_bytes(there)
    with pytest.raises(BundleError, match="left alone"):
        read_notes(tmp_path)
    with pytest.raises(BundleError, match="left alone"):
        write_notes(tmp_path, notes("one"), version="none")
    assert (tmp_path / "notes.json").read_bytes() == there


def test_notes_are_not_read_or_written_through_a_link(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(notes("theirs"))
    root = tmp_path / "bundle"
    root.mkdir()
    (root / "notes.json").symlink_to(secret)
    with pytest.raises(BundleError, match="no file of its own"):
        write_notes(root, notes("mine"), version="none")
    assert secret.read_bytes() == notes("theirs")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (b"", "no notes"),
        (b"[" * 100_000, "no notes"),
        (b'{"schema": "emblink.notes/1", "selections": [{}]}', "missing required field"),
        (notes(""), "name"),
        (notes("x").replace(b'"name": "x"', b'"name": "' + b"x" * 201 + b'"'), "name"),
        (notes("one", "one"), "the same id"),
        (notes("one").replace(b'"note"', b'"mark": 1, "note"'), "mark"),
        (notes("one").replace(b'"i1"', b"1"), "items"),
    ],
)
def test_what_is_not_notes_is_not_written(tmp_path: Path, wrong: bytes, words: str) -> None:
    with pytest.raises(InputError, match=words):
        write_notes(tmp_path, wrong, version="none")
    assert not [*tmp_path.iterdir()]


def test_a_write_that_fails_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = write_notes(tmp_path, notes("one"), version="none")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(BundleError, match="No space left"):
        write_notes(tmp_path, notes("two"), version=version or "")
    assert names(tmp_path) == ["one"]
    assert [one.name for one in tmp_path.iterdir()] == ["notes.json"]


@pytest.fixture
def bundle(small_bundle: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(small_bundle, tmp_path / "copy.emblink"))


def test_another_run_into_the_bundle_leaves_notes_and_names_them_no_stranger(bundle: Path) -> None:
    write_notes(bundle, notes("one"), version="none")
    said: list[str] = []
    with open_store(bundle, notice=said.append):
        pass
    assert names(bundle) == ["one"]
    assert not [one for one in said if "notes" in one]
    assert strangers(bundle)(str(bundle), ["notes.json", "mine.txt"]) == ["mine.txt"]


def test_python_reads_saved_selections_by_name_as_ids_that_ask_takes(bundle: Path) -> None:
    comparison = eb.Comparison(bundle)
    assert comparison.saved == {}
    own = comparison.ids[:6]
    items = (*map(str, own), "gone")
    write_notes(bundle, notes("one", items=items).replace(b'"s-one"', b'"a"'), version="none")
    found = comparison.saved
    assert [*found] == ["one"]
    assert found["one"].tolist() == own.tolist()
    a, b = comparison.pairs[0]
    assert comparison.ask(a, b, items=found["one"])["n"] == 6


def test_python_tells_selections_of_one_name_apart(bundle: Path) -> None:
    data = json.loads(notes("one", "two"))
    data["selections"][1]["name"] = "one"
    write_notes(bundle, json.dumps(data).encode(), version="none")
    assert [*eb.Comparison(bundle).saved] == ["one", "one (2)"]


def test_a_copy_of_the_comparison_has_its_notes(bundle: Path, tmp_path: Path) -> None:
    write_notes(bundle, notes("one"), version="none")
    assert names(eb.Comparison(bundle).save(tmp_path / "saved.emblink").path) == ["one"]


@pytest.fixture
def client(bundle: Path) -> Iterator[httpx.Client]:
    with running(bundle) as server:
        headers = {"origin": origin_of(server.url)}
        with httpx.Client(base_url=server.url, headers=headers, trust_env=False) as client:
            yield client


def test_the_server_hands_out_notes_and_takes_newer_ones(
    client: httpx.Client, bundle: Path
) -> None:
    found = client.get("/notes")
    assert found.json() == {"schema": "emblink.notes/1", "selections": []}
    version = found.headers[EDITION]
    put = client.put("/notes", content=notes("one"), headers={EDITION: version})
    assert put.status_code == 204
    assert client.get("/notes").headers[EDITION] == put.headers[EDITION] != version
    assert names(bundle) == ["one"]
    stale = client.put("/notes", content=notes("two"), headers={EDITION: version})
    assert stale.status_code == 412
    assert client.put("/notes", content=notes("two")).status_code == 412
    assert names(bundle) == ["one"]


def test_the_server_says_why_notes_are_refused(client: httpx.Client, bundle: Path) -> None:
    wrong = client.put("/notes", content=b"{", headers={EDITION: "none"})
    assert (wrong.status_code, "no notes" in wrong.text) == (400, True)
    (bundle / "notes.json").write_text("mine")
    for answer in (
        client.get("/notes"),
        client.put("/notes", content=notes("one"), headers={EDITION: "none"}),
    ):
        assert (answer.status_code, "left alone" in answer.text) == (409, True)
    assert (bundle / "notes.json").read_text() == "mine"


def test_notes_take_the_token_the_page_and_no_other_method(client: httpx.Client) -> None:
    for method in ("POST", "DELETE", "PATCH"):
        assert client.request(method, "/notes").status_code == 405
    origin = client.headers.pop("origin")
    assert client.put("/notes", content=notes("one")).status_code == 403
    client.headers["origin"] = "http://evil.example"
    assert client.put("/notes", content=notes("one")).status_code == 403
    client.headers["origin"] = origin
    client.base_url = origin
    assert client.get("/notes").status_code == 401
    assert client.put("/notes", content=notes("one")).status_code == 401


def test_notes_outlive_the_server(bundle: Path) -> None:
    for turn in range(2):
        with (
            running(bundle) as server,
            httpx.Client(base_url=server.url, trust_env=False) as client,
        ):
            found = client.get("/notes")
            if turn == 0:
                headers = {"origin": origin_of(server.url), EDITION: found.headers[EDITION]}
                client.put("/notes", content=notes("one"), headers=headers)
            else:
                assert [one["name"] for one in found.json()["selections"]] == ["one"]
