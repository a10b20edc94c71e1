"""Stage the sources of the documentation site and build it: ``python scripts/build_site.py``.

The staged tree mirrors the checkout, so that the links of the documents hold in both. What is
known to the code is written from it: the commands, the table of measures, the public functions,
and the demo's page as one file. The contents are the sections of ``docs/index.md``.
"""

from __future__ import annotations

import importlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer.main

from emblink.cli import app
from emblink.demo import compare_emoji
from emblink.table import MEASURES, SEARCH_MEASURES, Measure

ROOT = Path(__file__).resolve().parents[1]
PAGES = ("README.md", "SECURITY.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE")
FOLDERS = ("docs", "examples")
ROOMS = (
    "emblink",
    "emblink.measures",
    "emblink.judge",
    "emblink.stats",
    "emblink.plot",
    "emblink.testing",
)
"""Whose public names have a page each: what users and authors of papers call."""
LIVE = """\
<iframe class="live" src="{src}" title="{title}" loading="lazy" sandbox="allow-scripts"></iframe>

<a href="{src}">The same by itself</a>
"""
STYLE = """\
iframe.live { width: 100%; height: 46rem; border: 1px solid var(--color-background-border); }
@media (min-width: 48em) { iframe.live { zoom: 0.8; height: 52rem; } }
.content th { text-align: left; }
.content math[display="block"] { margin: 0.75rem 0; }
.content td code { overflow-wrap: anywhere; }
.content td:first-child code { white-space: nowrap; }
.highlight-text pre, .highlight-none pre, .highlight-sh pre, .highlight-bash pre,
.cell_output pre { white-space: pre-wrap; }
"""


def _stage(folder: Path) -> None:
    """Write every source of the site into ``folder``."""
    for name in PAGES:
        shutil.copyfile(ROOT / name, folder / name)
    for name in FOLDERS:
        shutil.copytree(ROOT / name, folder / name)
    notice = Path("src/emblink/demo/NOTICE.md")
    (folder / notice).parent.mkdir(parents=True)
    shutil.copyfile(ROOT / notice, folder / notice)
    # Where the notebooks find it; tests are no pages.
    (folder / "tests").mkdir()
    (folder / "tests" / "data").symlink_to(ROOT / "tests" / "data")
    (folder / "_static").mkdir()
    (folder / "_static" / "site.css").write_text(STYLE, encoding="utf-8")
    _write_reference(folder / "reference")
    (folder / "index.md").write_text(_front(folder), encoding="utf-8")
    # The first page is both of them.
    (folder / "README.md").unlink()
    (folder / "docs/index.md").unlink()
    for page in folder.rglob("*.md"):
        text = page.read_text(encoding="utf-8")
        linked = re.sub(r"\]\((?:\.\./)*(?:README|(?:docs/)?index)\.md", "](/index.md", text)
        page.write_text(linked, encoding="utf-8")


def _front(folder: Path) -> str:
    """Return the first page: the README, the live page, and the contents of all that follows."""
    readme = (folder / "README.md").read_text(encoding="utf-8")
    head, mark, rest = readme.partition("\n## Try it")
    shown = LIVE.format(src="_static/demo.html", title="The demo, live")
    live = f"\n## The page\n\nThe demo as [one file](docs/sharing.md), whole and live:\n\n{shown}\n"
    return "".join([head, live, mark, rest, *map(_contents, _sections(folder / "docs/index.md"))])


def _show_live(notebook: Path, static: Path) -> None:
    """Put the page of the comparison, as one file, where a notebook shows it with a kernel."""
    told = json.loads(notebook.read_text(encoding="utf-8"))
    cells = []
    for cell in told["cells"]:
        cells.append(cell)
        if cell["cell_type"] == "code" and "".join(cell["source"]).endswith("\ncomparison"):
            cell["metadata"]["tags"] = ["remove-output"]
            page = static / f"{notebook.stem}.html"
            shown = LIVE.format(src=f"../_static/{page.name}", title="The comparison, live")
            source = (
                "from IPython.display import HTML\n"
                f"comparison.to_html({str(page)!r})\nHTML({shown!r})"
            )
            made = {"id": "live", "source": source, "metadata": {"tags": ["remove-input"]}}
            cells.append({**cell, **made})
    told["cells"] = cells
    notebook.write_text(json.dumps(told), encoding="utf-8")


def _sections(index: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield each heading of ``docs/index.md`` with the pages that are linked below it."""
    text = index.read_text(encoding="utf-8")
    for part in text.split("\n## ")[1:]:
        title, _, body = part.partition("\n")
        links = re.findall(r"\]\(([^)#\s]+\.(?:md|ipynb))(?:#[^)]*)?\)", body)
        pages = [(index.parent / link).resolve().relative_to(index.parents[1]) for link in links]
        yield title, list(dict.fromkeys(page.as_posix() for page in pages))
    made = sorted((index.parents[1] / "reference").glob("*.md"))
    yield "Reference, from the code", [f"reference/{page.name}" for page in made]


def _contents(section: tuple[str, list[str]]) -> str:
    title, pages = section
    lines = "\n".join(re.sub(r"\.(md|ipynb)$", "", page) for page in pages)
    return f"\n```{{toctree}}\n:hidden:\n:caption: {title}\n\n{lines}\n```\n"


def _write_reference(folder: Path) -> None:
    folder.mkdir()
    (folder / "commands.md").write_text(_commands(), encoding="utf-8")
    (folder / "measures.md").write_text(_measures(), encoding="utf-8")
    for name in ROOMS:
        (folder / f"{name}.md").write_text(_room(name), encoding="utf-8")


def _commands() -> str:
    """Return every command with its arguments and options, as ``--help`` has them."""
    group: Any = typer.main.get_command(app)
    parts = ["# Commands\n", *(_command(name, one) for name, one in group.commands.items())]
    return "\n".join(parts)


def _command(name: str, one: Any) -> str:
    rows = []
    for param in one.params:
        shown = ", ".join([*param.opts, *param.secondary_opts])
        if param.param_type_name == "argument":
            shown = param.name.upper()
        elif not param.is_flag:
            shown += " …"
        default = param.default
        given = "" if default in (None, False, (), []) or callable(default) else f"`{default}`"
        text = _cell(getattr(param, "help", "") or "")
        rows.append(f"| `{shown}` | {text}{f' Default: {given}.' if given else ''} |")
    table = ["| Option | What it does |", "|---|---|", *rows] if rows else []
    text = re.sub(r"[\b\f]", "", one.help or "").strip()
    return "\n".join([f"## emblink {name}\n", _plain(text), "", *table, ""])


def _measures() -> str:
    """Return the table of measures: definition, range, direction, chance and floor of each."""
    head = "# Measures\n\nFrom the table that report, answers and page read.\n\n"
    return head + "\n".join(map(_entry, (*MEASURES, *SEARCH_MEASURES)))


def _entry(one: Measure) -> str:
    facts = {
        "Key": f"`{one.name}`",
        "Range": f"{_bound(one.min)} to {_bound(one.max)}, {one.unit}",
        "Says": one.direction,
        "k": one.k,
        "Chance": one.chance,
        "Noise floor": one.floor,
    }
    rows = [f"- {name}: {_plain(str(fact))}" for name, fact in facts.items() if fact is not None]
    linked = f"[More](../docs/measures/{one.page}.md).\n"
    title = f"## {one.title[:1].upper()}{one.title[1:]}\n"
    return "\n".join([title, one.definition, "", *rows, "", linked])


def _bound(value: float | None) -> str:
    return "no bound" if value is None else f"{value:g}"


def _room(name: str) -> str:
    """Return the page of a module's public names, documented by their docstrings."""
    module = importlib.import_module(name)
    doc = (module.__doc__ or "").strip().partition("\n")[0]
    things = {one: getattr(module, one) for one in module.__all__ if not one.startswith("_")}
    parts = [f"# {name}\n", doc, ""]
    for title, kind, options in KINDS:
        of_kind = [one for one, thing in things.items() if _kind_of(thing) == title]
        parts += [f"## {title}\n"] if of_kind else []
        for one in of_kind:
            parts.append(f"```{{eval-rst}}\n.. {kind}:: {name}.{one}{options}\n```\n")
    return "\n".join(parts)


KINDS = (
    ("Functions", "autofunction", ""),
    ("Classes", "autoclass", "\n   :members:"),
    ("Errors", "autoexception", ""),
)


def _kind_of(thing: object) -> str:
    """Return the heading under which a public name stands; of a constant, none."""
    if isinstance(thing, type):
        return "Errors" if issubclass(thing, Exception) else "Classes"
    return "Functions" if callable(thing) else ""


def _cell(text: str) -> str:
    return _plain(" ".join(text.split())).replace("|", "\\|")


def _plain(text: str) -> str:
    """Escape what Markdown would take for a tag."""
    return text.replace("<", "&lt;")


NAMED = {
    '<p class="caption" role="heading">': '<p class="caption" role="heading" aria-level="2">',
    '<aside class="sidebar-drawer">': '<aside class="sidebar-drawer" aria-label="Contents">',
    '<div class="table-wrapper': '<div tabindex="0" class="table-wrapper',
    '<aside class="toc-drawer">': '<aside class="toc-drawer" aria-label="On this page">',
    '<div class="highlight"><pre>': '<div class="highlight"><pre tabindex="0">',
    '<div id="search-results">': '<h1>Search</h1>\n<div id="search-results">',
    # The corner of a frame of pandas.
    "<th></th>": "<td></td>",
}
"""What theme and libraries leave out for screen readers, by what they write."""


def _build(folder: Path, out: Path) -> int:
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html"]
    done = subprocess.run([*command, "-c", folder / "docs", folder, out], check=False)
    for page in out.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        for written, named in NAMED.items():
            text = text.replace(written, named)
        # From the source back to what its room documents, where the room's door has the name too.
        text = re.sub(r"(/(emblink\.\w+)\.html#)(?!\2\.)emblink\.", r"\1\2.", text)
        page.write_text(text, encoding="utf-8")
    return done.returncode


def main(out: Path = ROOT / "build" / "site") -> int:
    """Build the site into ``out``; return 0 when nothing was warned of."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "source"
        folder.mkdir()
        _stage(folder)
        compare_emoji(Path(name) / "demo.emblink").to_html(folder / "_static/demo.html")
        for notebook in (folder / "examples").glob("*.ipynb"):
            _show_live(notebook, folder / "_static")
        shutil.rmtree(out, ignore_errors=True)
        status = _build(folder, out)
    print(f"the site is in {out}" if not status else "the site was built with warnings: see above")
    return status


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:])))
