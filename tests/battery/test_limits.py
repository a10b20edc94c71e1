"""Small machines and odd surroundings: each command ends well, or says in a line what is wrong."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

import emblink as eb
from emblink import cli
from emblink.server import _address
from tests.battery.counted import counted

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
COMPARE = ["compare", "old.npy", "new.npy", "-o", "OUT"]


START = """
import os, resource, sys
def limited(which, most):
    resource.setrlimit(getattr(resource, f"RLIMIT_{which}"), (most, most))
def closed(*files):
    for one in files:
        os.close(one)
def alone():
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
BEFORE
os.execv(sys.executable, [sys.executable, *FLAGS, "-m", "emblink", *sys.argv[1:]])
"""
"""Puts a limit on itself, and becomes the command."""


@dataclass(frozen=True)
class Case:
    """A command in odd surroundings, and how it may end."""

    name: str
    words: list[str]
    env: dict[str, str | None] = field(default_factory=dict)
    before: str = ""
    flags: tuple[str, ...] = ()
    may: tuple[int, ...] = (0,)
    says: str = ""
    to: str | None = None


ENCODED = [
    Case(f"output in {code}", ["report", "b.emblink", "--full"], {"PYTHONIOENCODING": code})
    for code in ("ascii", "cp1252", "latin-1", "utf-16", "shift_jis")
]
CASES = [
    *ENCODED,
    Case("Markdown in ascii", ["report", "b.emblink", "--markdown"], {"PYTHONIOENCODING": "ascii"}),
    Case(
        "LANG=C", ["report", "b.emblink"],
        {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    ),
    Case("python -O", COMPARE, flags=("-O",)),
    Case("python -OO", ["report", "b.emblink"], flags=("-OO",)),
    Case("warnings are errors", ["report", "b.emblink"], flags=("-W", "error")),
    Case("isolated", ["--version"], flags=("-B",)),
    Case("no standard input", COMPARE, before="closed(0)"),
    Case("no standard output", ["report", "b.emblink"], before="closed(1)"),
    Case("no standard error", COMPARE, before="closed(2)"),
    Case("none of the three", COMPARE, before="closed(0, 1, 2)"),
    Case("a full output", ["report", "b.emblink"], may=(2,), says="no space left", to="/dev/full"),
    Case("a full output of JSON", ["report", "b.emblink", "--json"], may=(2,), to="/dev/full"),
    Case("64 descriptors", COMPARE, before="limited('NOFILE', 64)"),
    Case(
        "24 descriptors", COMPARE, before="limited('NOFILE', 24)",
        may=(0, 2), says="ulimit -n",
    ),
    Case(
        "files of 1 kB", COMPARE, before="limited('FSIZE', 1024)",
        may=(2,), says=".npy: file too large; ",
    ),
    Case(
        "files of 64 bytes", ["gate", "b.emblink", "--junit", "j.xml"],
        before="limited('FSIZE', 64)", may=(2,), says="j.xml: file too large",
    ),
    Case(
        "little memory", ["compare", "large.npy", "larger.npy", "-o", "OUT"],
        before="limited('AS', 440 << 20)",
        # BLAS ends the process itself, by a signal or not, where the last of it is its own.
        may=(1, 2, -6, -11), says="emory",
    ),
    Case("one core", COMPARE, before="alone()"),
    Case("one thread", COMPARE, {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}),
    Case("no temporary folder", ["report", "b.emblink"], {"TMPDIR": "/nonexistent"}),
    Case("HOME unset", ["report", "b.emblink"], {"HOME": None}),
    Case("HOME=/proc", ["doctor", "b.emblink"], {"HOME": "/proc"}, may=(0, 1)),
    Case("a column wide", ["report", "b.emblink"], {"COLUMNS": "1"}),
    Case("no width", ["report", "b.emblink"], {"COLUMNS": "many", "TERM": "dumb"}),
    Case("no folder for a summary", ["gate", "b.emblink"],
         {"GITHUB_STEP_SUMMARY": "/nonexistent/x"}, may=(2,), says="/nonexistent/x: no such file"),
]  # fmt: skip


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[int, str, str]]:
    folder = tmp_path_factory.mktemp("limits")
    rng = np.random.default_rng(0)
    x = rng.standard_normal((90, 6)).astype("f4")
    np.save(folder / "old.npy", x)
    np.save(folder / "new.npy", x + 0.1)
    large = rng.standard_normal((16_000, 256)).astype("f4")
    np.save(folder / "large.npy", large)
    np.save(folder / "larger.npy", large + 0.1)
    eb.compare(
        {"old": x, "new": x + rng.standard_normal(x.shape)}, out=folder / "b.emblink",
        labels=np.array(["→ ü", "日本"])[np.arange(90) % 2],
    )  # fmt: skip

    def one(numbered: tuple[int, Case]) -> tuple[str, tuple[int, str, str]]:
        at, case = numbered
        env = {**os.environ, "PYTHONPATH": str(ROOT / "src")} | {
            key: value for key, value in case.env.items() if value is not None
        }
        for key in (key for key, value in case.env.items() if value is None):
            env.pop(key, None)
        words = [f"{at}.emblink" if word == "OUT" else word for word in case.words]
        start = START.replace("BEFORE", case.before).replace("FLAGS", repr(case.flags))
        with Path(case.to or os.devnull).open("wb") as out:
            ran = subprocess.run(
                [sys.executable, "-c", start, *words], cwd=folder, env=env, timeout=240,
                stdout=out if case.to else subprocess.PIPE, stderr=subprocess.PIPE,
            )  # fmt: skip
        said = (ran.stdout or b"").decode("utf-8", "replace")
        return case.name, (ran.returncode, said, ran.stderr.decode("utf-8", "replace"))

    with counted("limits") as done, ThreadPoolExecutor(2) as pool:
        found = dict(pool.map(one, enumerate(CASES)))
        done["surroundings"] = len(found)
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_command_ends_well_or_in_words(
    case: Case, ended: dict[str, tuple[int, str, str]]
) -> None:
    status, said, err = ended[case.name]
    assert status in case.may, (status, err)
    assert "Traceback" not in said + err
    if status == 2:
        assert err.splitlines()[-1].startswith("error: ")
        assert case.says in err.lower()
    elif case.may == (0,) and case.words[0] == "report" and case.name != "no standard output":
        assert said


@pytest.fixture
def homeless(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Be a user whom the system does not know."""
    import pwd

    def unknown(_: int) -> None:
        raise KeyError("uid not found")

    for name in ("HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(pwd, "getpwuid", unknown)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(RuntimeError):
        Path.home()


@pytest.mark.usefixtures("homeless")
def test_who_has_no_home_can_run_the_demo_and_open_bundles(
    small_bundle: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = cli._cache()
    assert place.is_dir()
    assert "XDG_CACHE_HOME" in capsys.readouterr().err
    assert _address.last_address(small_bundle) is None
    _address.keep_address(small_bundle, _address.Address(1, "x" * 32))


@pytest.mark.parametrize("home", ["/proc", "/dev/null"])
def test_a_home_that_cannot_be_written_stops_no_demo(
    home: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", f"{home}/cache")
    place = cli._cache()
    (place / "tried").write_bytes(b"")
    assert home not in str(place)
    assert "is kept in" in capsys.readouterr().err


FORK = """
import os, sys
import numpy as np
import emblink as eb
x = np.random.default_rng(0).standard_normal((90, 6))
given = {"old": x, "new": x + np.random.default_rng(1).standard_normal(x.shape) / 9}
eb.compare(given, out="mine.emblink", title="t")
child = os.fork()
if child == 0:
    status = 1
    try:
        eb.compare(given, out="theirs.emblink", title="t")
        status = 0
    finally:
        os._exit(status)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


def test_a_forked_process_compares_as_its_parent_did(tmp_path: Path) -> None:
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    words = [sys.executable, "-W", "ignore", "-c", FORK]
    ran = subprocess.run(words, cwd=tmp_path, env=env, capture_output=True, timeout=240)
    assert ran.returncode == 0, ran.stderr
    mine, theirs = (eb.open(tmp_path / f"{one}.emblink").report() for one in ("mine", "theirs"))
    assert mine == theirs
