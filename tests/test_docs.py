"""The documents say what the code does: names, commands and constants that stand in both."""

from __future__ import annotations

import re
import shlex
from contextlib import suppress
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import typer.main

from emblink.cli import app
from emblink.comparison import Comparison

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
DOCUMENTS = [*(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")), *PAGES]
READ = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)


def text_of(document: Path) -> str:
    return document.read_text(encoding="utf-8")


def code_in(document: Path) -> list[str]:
    """Return each line of code of a document: of its blocks, and its spans."""
    text = text_of(document)
    blocks = re.findall(r"^```\w*\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    spans = re.findall(
        r"(?<!`)`([^`]+)`(?!`)", re.sub(r"^```.*?^```$", "", text, flags=re.S | re.M)
    )
    return [*(line for block in blocks for line in block.splitlines()), *spans]


def options() -> dict[str, set[str]]:
    """Return the options that each command of ``emblink`` takes."""
    group: Any = typer.main.get_command(app)
    return {
        name: {"--help", *(option for one in command.params for option in one.opts)}
        for name, command in group.commands.items()
    }


ENDINGS = ("npz", "npy", "json", "journal")


@READ
def test_files_named_in_a_document_exist(document: Path) -> None:
    folders = r"scripts|\.ci|benchmarks|tests|src|frontend|docs"
    named = set(re.findall(rf"(?<![\w/.-])((?:{folders})/[\w./-]*\w)", text_of(document)))
    missing = [name for name in sorted(named) if not (ROOT / name).exists()]
    assert [name for name in missing if f"{name}<name>" not in text_of(document)] == []


@pytest.mark.slow
@READ
def test_commands_of_emblink_in_a_document_take_the_options_shown(document: Path) -> None:
    taken = options()
    for line in code_in(document):
        for found in re.finditer(r"(?:^|/|&& )emblink ([a-z]+)\b([^&#]*)", line):
            command, rest = found[1], found[2]
            assert command in taken, line
            words = shlex.split(rest.replace("…", " "))
            shown = {word for word in words if re.match(r"--?[a-z]", word)}
            assert shown - taken[command] == set(), line


@pytest.mark.slow
@READ
def test_options_named_in_a_document_are_taken_by_some_command(document: Path) -> None:
    taken = set().union(*options().values())
    programs = [*(ROOT / "benchmarks").glob("*.py"), *(ROOT / "scripts").iterdir()]
    taken |= {
        option
        for program in programs
        if program.is_file()
        for option in re.findall(r"(?<![\w-])--[a-z][a-z-]*", text_of(program))
    }
    shown = {
        one
        for line in code_in(document)
        if not line.startswith("dask ")  # another's command
        for one in re.findall(r"(?<![\w-])--[a-z][a-z-]*", line)
    }
    assert shown - taken - {"--version"} == set()


@READ
def test_benchmarks_that_a_document_runs_exist(document: Path) -> None:
    named = re.findall(r"scripts/bench ([a-z_]+)", text_of(document))
    assert [name for name in named if not (ROOT / "benchmarks" / f"{name}.py").is_file()] == []


def test_the_benchmark_of_each_line_of_the_table_exists() -> None:
    table = text_of(DOCS / "benchmarks.md").partition("\n\n##")[0]
    named = re.findall(r"^\|.* `(\w+)(?: --[\w-]+)?` \|$", table, re.MULTILINE)
    assert len(named) == sum(line.startswith("| ") for line in table.splitlines()) - 1
    assert [name for name in named if not (ROOT / "benchmarks" / f"{name}.py").is_file()] == []


@READ
def test_python_names_in_a_document_exist(document: Path) -> None:
    for name in re.findall(r"\b(?:emblink|eb)((?:\.[a-z]\w*)+)", "\n".join(code_in(document))):
        if name.startswith((".report", ".bundle/", ".egg")) or name[1:] in (
            "npz",
            "npy",
            "json",
            "journal",
        ):
            continue
        thing: object = import_module("emblink")
        for part in name[1:].split("."):
            if not hasattr(thing, part):
                module = f"{getattr(thing, '__name__', '')}.{part}"
                # A module that is there may be for a library that is not.
                assert find_spec(module) is not None, name
                with suppress(ModuleNotFoundError):
                    thing = import_module(module)
            else:
                thing = getattr(thing, part)


@READ
def test_methods_of_a_comparison_in_a_document_exist(document: Path) -> None:
    named = set(re.findall(r"\bcomparison\.([a-z_]+)", "\n".join(code_in(document))))
    fields = {*dir(Comparison)} | {*Comparison.__annotations__}
    assert named - fields == set()


@READ
def test_links_lead_to_headings_that_exist(document: Path) -> None:
    for page, anchor in re.findall(r"\]\(([^):]*?)#([^)]+)\)", text_of(document)):
        target = document if not page else document.parent / page
        headings = re.findall(r"^#+ (.+)$", text_of(target), re.MULTILINE)
        anchors = {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in headings}
        assert anchor in anchors, f"{target.name} has no heading #{anchor}"


@READ
def test_every_column_of_a_table_has_a_word_at_its_head(document: Path) -> None:
    for head in re.findall(r"^(\|.*)\n\|[-:| ]+$", text_of(document), re.MULTILINE):
        assert all(cell.strip() for cell in head.strip("|").split("|")), head


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_a_page_that_tells_of_a_measurement_names_what_measures_it(page: Path) -> None:
    text = text_of(page)
    if re.search(r"\*\*Measured\.?\*\*|[Ss]imulat(?!ed annealing)|\bin \d+ pairs\b", text):
        assert re.search(r"benchmarks/\w|scripts/bench|tests/\w|benchmarks\.md", text)


def test_both_tables_of_real_pairs_say_the_same() -> None:
    def rows(page: str) -> dict[str, list[str]]:
        lines = [line for line in text_of(DOCS / page).splitlines() if line.startswith("| ")]
        cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
        found = [row for row in cells if len(row) > 3 and re.fullmatch(r"\.\d{3}", row[1])]
        return {f"{place} {row[0]}": row[1:] for place, row in enumerate(found)}

    whole = rows("benchmarks.md")
    short = rows("how-emblink-draws.md")
    assert len(short) == 13
    assert short.keys() == whole.keys()
    for pair, (overlap, theirs, ours) in short.items():
        assert [overlap, ours] == whole[pair][:2]
        rho, moved, kept = whole[pair][2].split(" / ")
        assert theirs == f"{rho} / {moved.partition('–')[0]} / {kept}"


CONSTANTS = {
    "benchmarks.md": {
        r"0\.(\d\d) radii": "projection._moves: VISIBLE * 100",
    },
    "how-emblink-draws.md": {
        r"joined to its (\d+) nearest": "pipeline._joint: LAYOUT_NEIGHBORS",
        r"\+ +(\d+) · mean": "projection._settle: _REPULSION",
        r"taken over (\d+) items": "projection._settle: _SAMPLES",
        r"rate begins at (\d+)": "projection._settle: _RATE",
        r"are (\d+) epochs": "projection._settle: default_epochs(2500)",
        r"epochs, fewer.*?\n.*?on, (\d+) from": "projection._settle: default_epochs(39_000)",
        r"tie    = (\d+) ·": "projection._ties: STRONGEST",
        r"\(([\d.]+) / kappa": "projection._ties: _STEEPNESS",
        r"kappa\^([\d.]+)": "projection._ties: _ADAPTATION",
        r"more than ([\d,]+) items a random": "pipeline._joint: MOST_LAID_OUT",
        r"items, (\d+) neighbours are searched": "pipeline._joint: REACH",
    },
    "how-it-works.md": {
        r"from at most ([\d,]+) rows": "projection._pca: _FIT_ROWS",
        r"follows every (\d+) epochs": "projection._settle: _WATCHED_EVERY",
    },
    "pictures.md": {
        r"at `k` = (\d+) neighbours": "pipeline._trust: TRUST_NEIGHBORS",
        r"up to ([\d,]+) items": "pipeline._trust: FULLY_TRUSTED",
    },
    "variants.md": {
        r"less than (1e-\d+) of": "variants._transforms: SMALLEST_VARIANCE",
        r"to (\d+) levels": "measures._quantize: 2 * _STEPS + 1",
    },
    "measures/change_groups.md": {
        r"`k = (\d+)` neighbours": "groups._find: NEIGHBORS",
        r"at most (\d+) dims": "groups._points: MOST_DIMS",
        r"first (\d+) components": "groups._points: MOST_DIMS",
        r"‖ / ([\d.]+) med": "groups._map: _TOLERATED",
        r"than ([\d.]+) times what": "groups._strays: _ALLOWED",
        r"tenth above ([\d.]+),": "groups._strays: _NO_NOISE",
        r"evidence above (\d) take": "groups._communities: JOINS",
        r"resolution ([\d.]+),": "groups._communities: RESOLUTION",
        r"`cos ≥ ([\d.]+)`": "groups._ways: _SAME_WAY",
        r"`m = (\d+)` times": "groups._find: PERMUTATIONS",
        r"groups of (\d+) members": "groups._communities: SMALLEST",
        r"evidence of at least ([\d.]+)": "groups._tested: CLEAR",
        r"to the (\d+) nearest items": "groups._density: _NEIGHBORS",
        r"and (\d+) % of what lies": "groups._kinds: 100 * _HARDLY",
        r"index ≥ ([\d.]+)": "groups._timelines: LEAST_JACCARD",
    },
    "measures/intervals.md": {
        r"`([\d.]+) · sd / √n`": "stats._intervals: DEPENDENCE",
    },
    "measures/knn_label_purity.md": {
        r"`k = (\d+)`\.": "table: PURITY_NEIGHBORS",
    },
    "measures/label_changes.md": {
        r"at least (\d+) items": "judge._label_changes: FEWEST_ITEMS",
    },
    "measures/label_mixing.md": {
        r"over (\d+) folds": "measures._label_parts: N_FOLDS",
    },
    "measures/label_pair_changes.md": {
        r"the (\d+) most frequent": "measures._label_parts: MOST_LABELS",
        r"the (\d+) pairs": "judge._label_pairs: MOST_REPORTED",
    },
    "measures/label_separation.md": {
        r"to −(\d+) …": "measures._separation: _FARTHEST",
    },
    "measures/log_density_change.md": {
        r"`k = (\d+)` nearest": "table: DENSITY_NEIGHBORS",
    },
    "measures/moves.md": {
        r"([\d.]+) radii, about": "projection._moves: VISIBLE",
        r"the (\d+)th percentile of the displacements": "projection._moves: _MOST_NOISE",
        r"false discovery rate of (\d+) %": "matched._kept: 100 * CHANGED",
        r"exceed (\d+) %": "pipeline._moves: 100 * MOST_MISLEADING",
    },
    "measures/numerical_floor.md": {
        r"reach / (\d+)`": "measures._quantize: _STEPS",
    },
    "measures/permutation_test.md": {
        r"more than ([\d,]+) items each": "measures._overlap_null: _MOST_QUERIES",
    },
    "measures/row_alignment.md": {
        r"is at least ([\d.]+),": "measures._alignment: _EVIDENCE",
        r"with at least ([\d.]+) of": "measures._alignment: _LEAST_MATCHED",
        r"up to (\d+) rounds": "measures._rematch: _ROUNDS",
    },
    "measures/space_health.md": {
        r"said when it\ndiffers by more than ([\d.]+)": "wording._health_warnings: _CKA_JUMP",
        r"above ([\d.]+), for cosine": "wording._health_warnings: _ANISOTROPIC",
    },
    "measures/within_label_overlap.md": {
        r"labels above ([\d,]+) items": "neighbors._within: LARGE",
        r"items ([\d,]+) are asked": "neighbors._within: QUERIES",
    },
}
"""By page: words that hold a number, and where in the code the number is."""


@pytest.mark.parametrize("page", CONSTANTS)
def test_numbers_of_a_page_are_those_in_the_code(page: str) -> None:
    text = text_of(DOCS / page)
    for words, where in CONSTANTS[page].items():
        module, _, value = where.partition(": ")
        expected = eval(value, vars(import_module(f"emblink.{module}")))
        found = re.findall(words, text)
        assert found, f"{page} no longer says {words!r}"
        said = [float(one.replace(",", "")) for one in found]
        assert said == [pytest.approx(expected, rel=1e-9)] * len(said), words
