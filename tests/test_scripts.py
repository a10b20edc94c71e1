"""The scripts run on a Mac's bash, and say what to do where nothing is set up."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SHELL = [
    path
    for path in sorted([*(ROOT / "scripts").iterdir(), *(ROOT / ".ci").iterdir()])
    if path.name == "_env"
    or (path.is_file() and path.read_bytes().startswith(b"#!/usr/bin/env bash"))
]
NEWER_THAN_BASH_3_2 = {
    "mapfile": r"\b(mapfile|readarray|coproc)\b",
    "declare -A": r"\b(declare|local|typeset) -\w*[Agn]",
    "${x,,}": r"\$\{!?\w+(\[[^]]*\])?(\^|,|@[A-Za-z]\})",
    "${x[-1]}": r"\$\{\w+\[-\d",
    "[[ -v": r"\[\[ -v ",
    "&>>": r"&>>|\|&",
    ";;&": r";;?&",
    "wait -n": r"\bwait -n\b",
    "globstar": r"\bshopt -s (globstar|lastpipe|inherit_errexit)",
    "$EPOCHSECONDS": r"\$\{?(EPOCHSECONDS|EPOCHREALTIME|SRANDOM|BASHPID)\b",
}
NOT_ON_A_MAC = {
    "a program": r"(?<![\w./-])(nproc|tac|timeout|sha256sum|md5sum|setsid|numfmt|realpath)\b",
    "an option": r"\b(sed -i |grep -\w*P|readlink -f|stat -c|xargs -r|date -d|ls --\w|sort -V)",
}


def code(path: Path) -> str:
    """Return a script without its comments, and without what it hands to Python."""
    text = re.sub(r"<<'PYTHON'.*?^PYTHON$", "", path.read_text(), flags=re.DOTALL | re.MULTILINE)
    return re.sub(r"(^|\s)#.*", "", text)


def empty_arrays(text: str) -> list[str]:
    """Return arrays that are expanded whole and may be empty: set -u of bash 3.2 ends there."""
    filled = set(re.findall(r"(\w+)=\([^)\s]", text)) - set(re.findall(r"(\w+)=\(\s*\)", text))
    return [name for name in re.findall(r"\$\{(\w+)\[[@*]\]", text) if name not in filled]


@pytest.mark.parametrize("script", SHELL, ids=lambda path: path.name)
def test_a_script_uses_nothing_that_a_mac_lacks(script: Path) -> None:
    text = code(script)
    habits = {**NEWER_THAN_BASH_3_2, **NOT_ON_A_MAC}
    assert {name for name, habit in habits.items() if re.search(habit, text)} == set()
    assert empty_arrays(text) == []


@pytest.mark.parametrize(
    "line",
    [
        "mapfile -t lines < file",
        "declare -A seen",
        'echo "${name,,}"',
        'echo "${name^}" "${name@Q}"',
        'echo "${all[-1]}"',
        "run &>> log",
        "run |& tee log",
        "wait -n",
        "cores=$(nproc)",
        "sed -i s/a/b/ file",
    ],
)
def test_what_a_mac_lacks_is_seen(line: str) -> None:
    habits = {**NEWER_THAN_BASH_3_2, **NOT_ON_A_MAC}
    assert [name for name, habit in habits.items() if re.search(habit, line)]


def test_an_array_that_may_be_empty_is_seen() -> None:
    assert empty_arrays('all=()\nrun "${all[@]}"') == ["all"]
    assert empty_arrays('run ${all[@]:+"${all[@]}"}') == ["all", "all"]
    assert empty_arrays('all=(one)\nrun "${all[@]}"') == []


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Copy what the scripts need to say what is missing."""
    shutil.copytree(ROOT / "scripts", tmp_path / "scripts")
    for name in ("pyproject.toml", "hatch_build.py"):
        shutil.copyfile(ROOT / name, tmp_path / name)
    (tmp_path / "frontend").mkdir()
    shutil.copyfile(
        ROOT / "frontend" / "package-lock.json", tmp_path / "frontend" / "package-lock.json"
    )
    return tmp_path


def installed(checkout: Path) -> None:
    """Leave what scripts/setup leaves, with the Python of these tests."""
    programs = checkout / ".venv-dev" / "bin"
    programs.mkdir(parents=True, exist_ok=True)
    (programs / "python").unlink(missing_ok=True)
    (programs / "python").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    (programs / "python").chmod(0o755)
    (checkout / ".venv-dev" / ".setup").write_text(stamp(checkout))


def stamp(checkout: Path, *words: str) -> str:
    command = [sys.executable, "-m", "scripts._stamp", *words]
    return subprocess.run(command, cwd=checkout, capture_output=True, text=True).stdout


def edit(checkout: Path, old: str, new: str, name: str = "pyproject.toml") -> None:
    text = (checkout / name).read_text()
    assert old in text
    (checkout / name).write_text(text.replace(old, new, 1))


def check(checkout: Path) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(
        [checkout / "scripts" / "check"], env=env, capture_output=True, text=True, timeout=60
    )


def test_the_check_of_a_fresh_clone_says_what_to_do_and_does_nothing(checkout: Path) -> None:
    before = sorted(checkout.rglob("*"))
    done = check(checkout)
    assert done.returncode == 1
    assert re.search(r"there is no \.venv-dev; run scripts/setup first$", done.stderr.strip())
    assert sorted(checkout.rglob("*")) == before


def test_the_check_tells_an_environment_or_page_packages_that_are_out_of_date(
    checkout: Path,
) -> None:
    installed(checkout)
    done = check(checkout)
    assert done.returncode == 1
    assert (
        "frontend/node_modules are not those of package-lock.json; run scripts/setup" in done.stderr
    )
    edit(checkout, '"numpy>=', '"numpy>9')
    done = check(checkout)
    assert done.returncode == 1
    assert ".venv-dev was not installed from what is here now; run scripts/setup" in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("pyproject.toml", 'select = ["E", ', "select = ["),
        ("pyproject.toml", "strict = true", "strict = false"),
        ("pyproject.toml", "xfail_strict", "xfail_lax"),
        ("pyproject.toml", 'keywords = ["', 'keywords = ["more", "'),
        ("hatch_build.py", '"-O3"', '"-O2"'),
        ("scripts/check", "mypy", "mypy src"),
    ],
)
def test_nothing_is_installed_again_for_a_change_that_no_install_depends_on(
    checkout: Path, name: str, old: str, new: str
) -> None:
    before = stamp(checkout)
    edit(checkout, old, new, name)
    assert stamp(checkout) == before != ""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("pyproject.toml", '"duckdb>=', '"duckdb==9'),
        ("pyproject.toml", '"pytest>=', '"pytest==9'),
        ("pyproject.toml", '"hatchling>=', '"hatchling==9'),
        ("pyproject.toml", 'emblink = "emblink.__main__:main"', 'blink = "emblink.cli:main"'),
        ("pyproject.toml", 'path = "hatch_build.py"', 'path = "build.py"'),
        ("pyproject.toml", 'requires-python = ">=3', 'requires-python = ">3'),
        ("hatch_build.py", "ziglang>=", "ziglang==9"),
        ("scripts/setup", "venv --clear", "venv --upgrade"),
    ],
)
def test_all_is_installed_again_for_a_change_that_an_install_depends_on(
    checkout: Path, name: str, old: str, new: str
) -> None:
    before = stamp(checkout)
    edit(checkout, old, new, name)
    assert stamp(checkout) not in ("", before)


def test_setup_refuses_words_it_does_not_know(checkout: Path) -> None:
    done = subprocess.run([checkout / "scripts" / "setup", "--all"], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert "usage: scripts/setup [--browser]" in done.stderr
    assert not (checkout / ".venv-dev").exists()


def test_a_worker_of_xdist_keeps_its_blas_to_one_thread() -> None:
    probe = (
        "import tests, numpy, json; from threadpoolctl import threadpool_info; "
        "print(json.dumps([one['num_threads'] for one in threadpool_info()]))"
    )
    env = {name: value for name, value in os.environ.items() if not name.endswith("_THREADS")}
    run = subprocess.run(
        [sys.executable, "-c", probe],
        cwd=ROOT,
        env=env | {"PYTEST_XDIST_WORKER": "gw0"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert set(json.loads(run.stdout)) <= {1}


def test_every_marker_is_explained() -> None:
    options = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["pytest"]["ini_options"]
    assert "--strict-markers" in options["addopts"]
    assert any(one.startswith("slow:") for one in options["markers"])
