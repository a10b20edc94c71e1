"""A bundle that is served again within a day has the address that it had."""

from __future__ import annotations

import json
import stat
import sys
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

import emblink as eb
from emblink.server import serve
from emblink.server._address import KEPT_S, Address, keep_address, last_address

KNOWN = Address(4321, "t" * 32)


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "state"
    monkeypatch.setenv("XDG_STATE_HOME", str(home))
    return home


def kept_files(state: Path) -> list[Path]:
    return [one for one in state.rglob("*") if one.is_file()]


def test_a_bundle_keeps_its_port_and_token(small: eb.Comparison) -> None:
    first = serve(small.path, again=small.path)
    first.close()
    second = serve(small.path, again=small.path)
    second.close()
    assert second.url == first.url
    assert second.said == ""


def test_two_bundles_have_two_addresses(small: eb.Comparison, tmp_path: Path) -> None:
    keep_address(tmp_path / "one.emblink", KNOWN)
    assert last_address(tmp_path / "one.emblink") == KNOWN
    assert last_address(tmp_path / "other.emblink") is None
    assert last_address(tmp_path / "x" / ".." / "one.emblink") == KNOWN


def test_nobody_else_can_read_it_and_nothing_is_in_the_bundle(
    small: eb.Comparison, state: Path
) -> None:
    before = sorted(one.name for one in small.path.rglob("*"))
    serve(small.path, again=small.path).close()
    assert sorted(one.name for one in small.path.rglob("*")) == before
    (kept,) = kept_files(state)
    if sys.platform != "win32":
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
        assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700


def test_after_a_day_the_address_is_another(small: eb.Comparison, state: Path) -> None:
    keep_address(small.path, KNOWN)
    (kept,) = kept_files(state)
    told = json.loads(kept.read_text())
    kept.write_text(json.dumps({**told, "at": time.time() - KEPT_S - 1}))
    assert last_address(small.path) is None
    kept.write_text(json.dumps({**told, "at": time.time() + 60}))
    assert last_address(small.path) is None


@pytest.mark.skipif(sys.platform == "win32", reason="modes are those of POSIX")
def test_what_others_can_read_or_write_is_not_believed(small: eb.Comparison, state: Path) -> None:
    keep_address(small.path, KNOWN)
    (kept,) = kept_files(state)
    for mode in (0o640, 0o604, 0o620):
        kept.chmod(mode)
        assert last_address(small.path) is None
    kept.chmod(0o600)
    elsewhere = kept.with_suffix(".moved")
    kept.rename(elsewhere)
    kept.symlink_to(elsewhere)
    assert last_address(small.path) is None


@pytest.mark.parametrize(
    "told",
    [
        "",
        "[]",
        "null",
        '{"port": "x"}',
        {"token": ""},
        {"token": "short"},
        {"port": 0},
        {"port": 99999},
        {"bundle": "/elsewhere"},
    ],
)
def test_a_damaged_address_is_a_new_one(small: eb.Comparison, state: Path, told: Any) -> None:
    keep_address(small.path, KNOWN)
    (kept,) = kept_files(state)
    damaged = told if isinstance(told, str) else json.dumps(json.loads(kept.read_text()) | told)
    kept.write_text(damaged)
    assert last_address(small.path) is None
    serve(small.path, again=small.path).close()
    assert last_address(small.path) is not None


def test_where_the_port_is_in_use_the_token_is_new_and_that_is_said(small: eb.Comparison) -> None:
    first = serve(small.path, again=small.path)
    second = serve(small.path, again=small.path)
    first.close()
    second.close()
    assert second.url.split("/")[3] != first.url.split("/")[3]
    assert "in use" in second.said
    third = serve(small.path, again=small.path)
    third.close()
    assert third.url == first.url


def test_a_server_that_is_not_asked_to_keeps_nothing(small: eb.Comparison, state: Path) -> None:
    first, second = serve(small.path), serve(small.path)
    first.close()
    second.close()
    assert first.url.split("/")[3] != second.url.split("/")[3]
    assert kept_files(state) == []


def test_a_state_that_is_a_file_is_no_hindrance(small: eb.Comparison, state: Path) -> None:
    state.write_text("")
    serve(small.path, again=small.path).close()


def test_who_has_no_token_gets_a_page_with_the_way_in(small: eb.Comparison) -> None:
    from tests.server_helpers import origin_of, running

    with running(small.path) as server:
        base = origin_of(server.url)
        with httpx.Client(
            transport=httpx.HTTPTransport(retries=20), base_url=base, trust_env=False
        ) as client:
            page = client.get("/", headers={"accept": "text/html,*/*"})
            line = client.get("/bundle/manifest.json")
    assert page.status_code == line.status_code == 401
    assert page.headers["content-type"].startswith("text/html")
    assert "emblink open BUNDLE" in page.text
    assert str(small.path) not in page.text
    assert server.url.split("/")[3] not in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert line.headers["content-type"].startswith("text/plain")
