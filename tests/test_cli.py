"""The command line as its user types it."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import numpy as np
import pytest

from emblink.cli import main
from tests.conftest import clustered


def emblink(*words: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "emblink", *map(str, words)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=120)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Lay out what the issue's example uses: old.npy, new.parquet, items.csv."""
    x, labels = clustered(120)
    rng = np.random.default_rng(2)
    np.save(tmp_path / "old.npy", x.astype(np.float32))
    order = rng.permutation(120)[:110]
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.table(
        {"id": [f"w{i}" for i in order], "embedding": (x[order] + 0.3).astype(np.float32).tolist()}
    )
    pq.write_table(table, tmp_path / "new.parquet")
    rows = [f"w{i},thing {i},{'abcd'[labels[i]]}" for i in range(120)]
    (tmp_path / "items.csv").write_text("\n".join(["id,text,category", *rows]) + "\n")
    return tmp_path


EXAMPLE = (
    *("compare", "old.npy", "new.parquet", "--items", "items.csv", "--id", "id"),
    *("--label", "category", "-o", "run.emblink"),
)


@pytest.mark.slow
def test_the_example_of_the_readme_prints_a_verdict_and_what_matched(files: Path) -> None:
    run = emblink(*EXAMPLE, cwd=files)
    assert run.returncode == 0, run.stderr
    assert "old → new" in run.stdout
    assert "As if " in run.stdout
    assert "110" in run.stdout
    assert "old.npy has no ids" in run.stdout
    again = emblink("report", "run.emblink", cwd=files)
    assert "As if " in again.stdout
    markdown = emblink("report", "run.emblink", "--markdown", cwd=files)
    assert "## old → new" in markdown.stdout


@pytest.mark.slow
def test_one_screen_is_printed_and_all_tables_when_asked_for(files: Path) -> None:
    screen = emblink(*EXAMPLE, cwd=files).stdout
    assert "CKA" not in screen
    assert "--full" in screen
    for command in (("report", "run.emblink", "--full"), (*EXAMPLE, "--full")):
        full = emblink(*command, cwd=files).stdout
        assert "linear CKA" in full
        assert len(full.splitlines()) > len(screen.splitlines())


@pytest.mark.slow
def test_json_is_the_report_alone(files: Path) -> None:
    run = emblink(*EXAMPLE, "--json", cwd=files)
    report = json.loads(run.stdout)
    assert report["schema"] == "emblink.report/2"
    assert report["pairs"][0]["n_common"] == 110
    assert json.loads(emblink("report", "run.emblink", "--json", cwd=files).stdout) == report


@pytest.mark.slow
def test_variants_and_replicates_are_spaces_of_the_report(files: Path) -> None:
    words = ("compare", "old.npy", "seed=old.npy", "-o", "run.emblink", "--json")
    asked = ("--variant", "old|center|l2", "--variant", "old|int8", "--replicate", "old=seed")
    run = emblink(*words, *asked, cwd=files)
    assert run.returncode == 0, run.stderr
    names = [space["name"] for space in json.loads(run.stdout)["spaces"]]
    assert names == ["old", "old|center|l2", "old|int8", "seed"]


@pytest.mark.slow
def test_inspect_says_what_is_inside(files: Path) -> None:
    run = emblink("inspect", "new.parquet", cwd=files)
    assert run.returncode == 0, run.stderr
    for words in ("embedding", "110", "12", "id", "duplicates"):
        assert words in run.stdout


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("compare", "none.npy", "old.npy", "-o", "bad.emblink"), "none.npy"),
        (("compare", "nan.npy", "old.npy", "-o", "bad.emblink"), "NaN"),
        (("compare", "objects.npy", "old.npy", "-o", "bad.emblink"), "objects.npy"),
        (("compare", "old.npy", "new.parquet", "-o", "bad.emblink"), "old.npy"),
        (("compare", "old.npy", "old.npy", "-o", "bad.emblink"), "old"),
        (("compare", "old.npy", "x=old.npy", "-o", "/dev/null/bad.emblink"), "/dev/null/bad"),
        (("compare", "old.npy", "x=old.npy", "-o", "b", "--variant", "old|pka:3"), "pca:N"),
        (("compare", "old.npy", "x=old.npy", "-o", "b", "--replicate", "old"), "SPACE=OTHER"),
        (("compare", "old.npy", "x=old.npy", "-o", "b", "--replicate", "old=z"), "'z'"),
        (("open", "none.emblink", "--no-open"), "none.emblink"),
        (("report", "none.emblink"), "none.emblink"),
        (("inspect", "none.npy"), "none.npy"),
    ],
)
def test_bad_input_is_one_message_status_2_and_nothing_written(
    files: Path,
    words: tuple[str, ...],
    expected: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    x = np.ones((120, 3), dtype=np.float32)
    x[7, 1] = np.nan
    np.save(files / "nan.npy", x)
    np.save(files / "objects.npy", np.array([{}, {}], dtype=object), allow_pickle=True)
    before = sorted(files.rglob("*"))
    monkeypatch.chdir(files)
    monkeypatch.setattr(sys, "argv", ["emblink", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr()
    assert (ended.value.code, said.out) == (2, "")
    assert said.err.startswith("error: ")
    assert expected in said.err
    assert sorted(files.rglob("*")) == before


@pytest.mark.slow
def test_killed_at_random_moments_a_run_completes_with_the_same_report(files: Path) -> None:
    whole = json.loads(emblink(*EXAMPLE[:-1], "whole.emblink", "--json", cwd=files).stdout)
    command = [sys.executable, "-m", "emblink", *EXAMPLE]
    moments = random.Random(0)
    for _ in range(4):
        started = subprocess.Popen(
            command, cwd=files, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(moments.uniform(0.2, 1.5))
        started.kill()
        started.wait()
    last = emblink(*EXAMPLE, "--json", cwd=files)
    assert last.returncode == 0, last.stderr
    assert json.loads(last.stdout) == whole


@pytest.mark.slow
def test_open_serves_the_page_and_the_bundle_until_interrupted(small_bundle: Path) -> None:
    command = [sys.executable, "-m", "emblink", "open", str(small_bundle), "--no-open"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        address = re.search(r"http://127\.0\.0\.1:\d+/\S{32}/", server.stdout.readline())
        assert address is not None
        browser = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        assert b"<div id=" in browser.open(address.group()).read()
        manifest = json.load(browser.open(address.group() + "bundle/manifest.json"))
        assert manifest["title"] == "small"
    finally:
        server.send_signal(signal.SIGINT)
        assert server.wait(timeout=20) in (0, 130)
        if server.stdout is not None:
            server.stdout.close()


def test_version_and_help_need_no_heavy_import(tmp_path: Path) -> None:
    assert re.match(r"emblink \d+\.\d+", emblink("--version", cwd=tmp_path).stdout)
    shown = emblink("--help", cwd=tmp_path).stdout
    for command in ("demo", "compare", "open", "report", "inspect"):
        assert command in shown
    probe = (
        "import sys, emblink.cli; "
        "print([m for m in ('numpy', 'duckdb', 'starlette', 'uvicorn') if m in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-c", probe], capture_output=True, text=True, env=os.environ
    )
    assert run.stdout.strip() == "[]"


@pytest.mark.slow
def test_an_interrupted_comparison_says_how_to_go_on(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    for name in "ab":
        np.save(tmp_path / f"{name}.npy", rng.standard_normal((20_000, 128)).astype(np.float32))
    command = [sys.executable, "-m", "emblink", "compare", "a.npy", "b.npy", "-o", "run.emblink"]
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True) as run:
        while not [*tmp_path.glob("run.emblink/columns/vectors-*")]:
            time.sleep(0.01)
        run.send_signal(signal.SIGINT)
        _, said = run.communicate(timeout=60)
    assert run.returncode == 130
    assert said == "stopped; the same command goes on from here\n"


def test_a_port_that_does_not_exist_is_refused(small_bundle: Path) -> None:
    run = emblink("open", small_bundle, "--no-open", "--port", "70000", cwd=small_bundle)
    assert run.returncode == 2
    assert "65535" in run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.slow
def test_inspect_takes_paths_as_compare_does(tmp_path: Path) -> None:
    np.save(tmp_path / "x::y.npy", np.eye(4))
    run = emblink("inspect", "x::y.npy", cwd=tmp_path)
    assert run.returncode == 0
    assert "4 × 4" in run.stdout
