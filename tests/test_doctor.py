"""``emblink doctor``: what is said, what is found wrong, and what is never said."""

from __future__ import annotations

import http.client
import json
import shutil
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pytest
from typer.testing import CliRunner

from emblink import compare
from emblink.cli import app
from emblink.doctor import browser_test, checkup
from emblink.doctor._browser import told
from emblink.doctor._machine import of_products
from emblink.errors import EmblinkError
from emblink.kernels import _library

OPENED = Path(__file__).parent / "browser" / "opened.mjs"


def test_it_says_what_is_installed_and_that_kernels_agree_with_numpy() -> None:
    lines = {one.name: one for one in checkup()}
    assert f"numpy {np.__version__}" in lines["needs"].found
    assert lines["kernels"].found == "loaded, and agree with numpy"
    assert "cores" in lines["machine"].found
    assert lines["page"].found.startswith("built")


def test_a_library_that_multiplies_wrongly_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def added(a: np.ndarray, b: np.ndarray, out: np.ndarray) -> np.ndarray:
        out += a @ b
        return out

    assert of_products().way_out == ""
    monkeypatch.setattr(np, "matmul", added)
    line = of_products()
    assert "wrongly" in line.found
    assert "OPENBLAS_CORETYPE" in line.way_out
    x = np.arange(60.0).reshape(20, 3)
    with pytest.raises(EmblinkError, match="no number can be trusted; set OPENBLAS_CORETYPE"):
        compare({"a": x, "b": x})


def test_kernels_that_are_missing_are_said_with_the_way_out(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(_library, "LIBRARY", tmp_path / "_kernels.so")
    _library.library.cache_clear()
    try:
        line = next(one for one in checkup() if one.name == "kernels")
    finally:
        _library.library.cache_clear()
    assert "cannot be loaded" in line.found
    assert "reinstall" in line.way_out
    assert str(tmp_path) not in line.found


def test_no_path_of_this_machine_is_said_unless_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "jane doe"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.chdir(home)
    (home / "bad.npy").write_bytes(b"no array")
    for file in (home / "bad.npy", home / "gone.npy", home / "gone.emblink", Path("bad.npy")):
        ran = CliRunner().invoke(app, ["doctor", str(file)])
        assert ran.exit_code == 1
        assert file.name in ran.output
        assert "jane" not in ran.output
        assert str(tmp_path) not in ran.output
    shown = CliRunner().invoke(app, ["doctor", str(home / "gone.npy"), "--paths"])
    assert str(home) in shown.output


def test_faults_of_a_file_are_counted(tmp_path: Path) -> None:
    x = np.random.default_rng(0).standard_normal((30, 4)).astype(np.float32)
    x[3, 1], x[5, 2], x[6], x[8] = np.nan, np.inf, 0, x[9]
    np.save(tmp_path / "x.npy", x)
    line = next(one for one in checkup(tmp_path / "x.npy") if one.name == "  vectors")
    for words in ("30 × 4", "1 rows with NaN", "1 rows with infinities", "1 rows of zeros"):
        assert words in line.found
    assert "1 rows repeated" in line.found
    assert "--drop-bad" in line.way_out


def test_a_bundle_is_read_whole_and_its_damage_named(small_bundle: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.emblink"
    shutil.copytree(small_bundle, copy)
    whole = CliRunner().invoke(app, ["doctor", str(copy)])
    assert whole.exit_code == 0
    assert "all as written" in whole.output
    file = next(copy.glob("columns/vectors-*/*.npy"))
    data = bytearray(file.read_bytes())
    data[-3] ^= 1
    file.write_bytes(data)
    hurt = CliRunner().invoke(app, ["doctor", str(copy)])
    assert hurt.exit_code == 1
    assert "1 not as written" in hurt.output
    assert file.name in hurt.output
    assert str(tmp_path) not in hurt.output


def test_json_has_the_same_lines() -> None:
    ran = CliRunner().invoke(app, ["doctor", "--json"])
    assert [one["name"] for one in json.loads(ran.output)] == [one.name for one in checkup()]


@pytest.mark.slow
def test_the_page_tests_the_browser_it_is_opened_in() -> None:
    with browser_test() as page:
        ran = subprocess.run(
            ["node", str(OPENED), page.url], capture_output=True, text=True, timeout=120
        )
        assert ran.returncode == 0, ran.stderr
        lines = {one.name: one for one in page.lines(1)}
    assert "Chrome" in lines["browser"].found
    assert "a point was drawn and read" in lines["webgl2"].found
    assert [one.way_out for one in lines.values() if one.way_out] == []


def test_without_a_browser_it_says_so() -> None:
    with browser_test() as page:
        (line,) = page.lines(0.05)
    assert "none came" in line.found
    assert "--wait" in line.way_out


@pytest.mark.parametrize(
    ("found", "words", "way"),
    [
        ({}, "none", "WebGL2"),
        ({"webgl2": False, "error": "Error: no"}, "Error: no", "WebGL2"),
        ({"webgl2": True, "drawn": False, "unpacks": True}, "drew nothing", "driver"),
        ({"webgl2": True, "drawn": True}, "cannot unpack", "update the browser"),
        ({"webgl2": "yes", "agent": "x" * 10_000}, "none", "WebGL2"),
    ],
)
def test_what_a_browser_lacks_is_said(found: dict[str, object], words: str, way: str) -> None:
    lines = told(found)
    assert any(words in one.found and way in one.way_out for one in lines)
    assert max(len(one.found) for one in lines) < 1000


def test_the_page_takes_one_answer_of_its_own_and_nothing_else() -> None:
    with browser_test() as page:
        where = urlsplit(page.url)
        host = where.netloc

        def status(method: str, path: str, body: bytes = b"", **headers: str) -> int:
            asked = http.client.HTTPConnection(host, timeout=10)
            asked.request(method, path, body, {"host": host, **headers})
            found = asked.getresponse().status
            asked.close()
            return found

        assert status("GET", where.path) == 200
        assert status("GET", "/") == 404
        assert status("POST", "/", b"{}") == 404
        assert status("GET", where.path, host="evil.example") == 404
        assert status("POST", where.path, b"{}", origin="http://evil.example") == 404
        assert status("POST", where.path, b"{" * 200) == 400
        assert status("POST", where.path, b"[" * 16_000) == 400
        assert status("POST", where.path, b"x" * 20_000) == 413
        assert status("POST", where.path, b"[1]") == 400
        assert status("PUT", where.path, b"{}") == 501
        assert status("POST", where.path, b'{"webgl2": false}') == 200
        assert status("POST", where.path, b'{"webgl2": true, "drawn": true}') == 400
        assert any("WebGL2" in one.way_out for one in page.lines(1))
