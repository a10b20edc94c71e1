"""What an agent may ask: each a thin call of what Python users have."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal

import msgspec
import numpy as np

from emblink import gate as gates
from emblink.comparison import Comparison, bundle_for, judge, prepared
from emblink.errors import InputError
from emblink.load import Source, inspect_file, load_spaces
from emblink.mcp._answers import (
    Answer,
    against,
    finding_of,
    item_of,
    lines,
    score_of,
    verdict_of,
)
from emblink.mcp._roots import Roots, named
from emblink.mcp._runs import Runs, pair_of

HEADLINE = "neighborhood_overlap"
MOST = 100
_COLUMNS = 60
Progress = Callable[[str, int, int], None]


class Desk:
    """Answers questions about files and comparisons below some folders.

    Parameters
    ----------
    folders : sequence of Path
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        self.roots = Roots(folders)
        self.runs = Runs(self.roots)

    def source(self, given: str, name: str | None = None) -> Source:
        """Return what ``PATH`` or ``PATH::KEY`` says, with a path that may be read."""
        path, mark, key = given.rpartition("::")
        if mark and not key:
            raise InputError(f"{named(given)} names no key after '::'; give PATH or PATH::KEY")
        return Source(self.roots.readable(path if mark else key), key if mark else None, name)

    def inspect(self, file: str) -> Answer:
        """Say what is inside a file."""
        source = self.source(file)
        facts = asdict(inspect_file(source.path, key=source.key))
        columns = facts["columns"]
        data = {
            **facts,
            "path": self.roots.shown(source.path),
            "columns": columns[:_COLUMNS],
            "n_columns": len(columns),
        }
        found = [
            f"{one['name']}: {one['n_rows']:,} × {one['n_dims']:,}, {one['dtype']}"
            + (f"; {one['problem']}" if one["problem"] else "")
            for one in facts["vectors"]
        ]
        said = lines(f"{data['path']} ({facts['format']})", [*found, *facts["plan"]], "no vectors")
        return Answer(said, data)

    def compare(
        self,
        spaces: Mapping[str, str],
        *,
        items: str | None,
        columns: Mapping[str, str | None],
        metric: Literal["cosine", "euclidean"],
        replicates: Mapping[str, str],
        drop_bad: bool,
        sample: int | None,
        seed: int,
        out: str | None,
        progress: Progress,
    ) -> tuple[str, Comparison]:
        """Compare spaces in files; return the id of the run, and the comparison."""
        if len(spaces) < 2:
            raise InputError(
                'give two spaces or more by name: {"old": "old.parquet", "new": "new.parquet"}'
            )
        space_set = load_spaces(
            [self.source(path, name) for name, path in spaces.items()],
            items=None if items is None else self.roots.readable(items),
            metric=metric,
            on_bad="drop" if drop_bad else "error",
            progress=lambda done, total: progress("reading files", done, total),
            **columns,  # type: ignore[arg-type]
        )
        space_set = prepared(
            space_set,
            sample=sample,
            replicates=replicates,
            seed=seed,
        )
        if out is None:
            free, _ = bundle_for(space_set)
            out = str(free)
        path = self.roots.writable(out)
        from emblink.pipeline import build

        build(
            space_set, out=path, seed=seed, title=path.stem, progress=progress,
            notice=lambda _: None,
        )  # fmt: skip
        return self.runs.get(self.runs.add(path))

    def compared(self, run: str, comparison: Comparison) -> Answer:
        """Say in short what a comparison found."""
        report = comparison.report()
        pairs = [verdict_of(one) for one in report["pairs"]]
        data = {
            "run": run,
            "bundle": self.roots.shown(comparison.path),
            "n_items": report["n_items"],
            "spaces": [one["name"] for one in report["spaces"]],
            "pairs": pairs[:MOST],
            "n_pairs": len(pairs),
            "notes": [*report["notes"]],
            "report": f"emblink://{run}/report.md",
            "page": f"ui://emblink/{run}.html",
        }
        said = [f"{one['a']} → {one['b']}: {one['answer']} {one['sentence']}" for one in pairs]
        return Answer(lines(f"run {run}, {report['n_items']:,} items", said, "no pairs"), data)

    def verdict(self, run: str, a: str | None, b: str | None) -> Answer:
        """Say how large a change is, and whether it is more than noise."""
        run, found = self.runs.get(run)
        pair = pair_of(found, a, b)
        data = {"run": run, **verdict_of(pair)}
        data["scores"] = {name: score_of(one) for name, one in pair["scores"].items()}
        kept = against(data["kept_neighbors"])
        said = f"{pair['a']} → {pair['b']}: {pair['answer']}\n{pair['sentence']}"
        return Answer(f"{said}\nneighbours kept: {kept}", data)

    def findings(self, run: str, a: str | None, b: str | None) -> Answer:
        """Say what stands out."""
        run, found = self.runs.get(run)
        told = [finding_of(one, found) for one in found.findings(a, b)]
        said = [f"{one['sentence']} {one['how_sure']}" for one in told]
        return Answer(
            lines("What stands out", said, "nothing stands out of noise"),
            {"run": run, "findings": told},
        )

    def most_changed(self, run: str, a: str | None, b: str | None, n: int) -> Answer:
        """Name the items that kept fewest of their neighbours."""
        run, found = self.runs.get(run)
        pair = pair_of(found, a, b)
        kept = found.pair(pair["a"], pair["b"]).items.get(HEADLINE)
        if kept is None:
            raise InputError(
                f"{pair['a']} and {pair['b']} share no items; ask for their verdict, which is "
                "of their labels"
            )
        rows = np.flatnonzero(~np.isnan(kept))
        rows = rows[np.argsort(kept[rows], kind="stable")][: _some(n)]
        told = [{**item_of(found, row), "kept": float(kept[row])} for row in rows.tolist()]
        mean = score_of(pair["scores"].get(HEADLINE))
        said = [f"{one['id']}: kept {one['kept']:.0%}" for one in told]
        text = lines(f"{pair['a']} → {pair['b']}; mean kept: {against(mean)}", said, "no items")
        data = {"run": run, "a": pair["a"], "b": pair["b"], "mean": mean, "items": told}
        return Answer(text, data)

    def neighbors(self, run: str, item: str, spaces: Sequence[str] | None, k: int) -> Answer:
        """List an item's nearest neighbours in each space, and how many stayed."""
        run, found = self.runs.get(run)
        row = _row_of(found, item)
        names = [*found.space_set.spaces] if not spaces else [*spaces]
        lists = {name: _near(found, name, row, _some(k)) for name in names}
        told = {
            name: None if near is None else [
                {**item_of(found, one), "distance": far} for one, far in near
            ]
            for name, near in lists.items()
        }  # fmt: skip
        kept = [_kept(found, a, b, lists) for a, b in found.pairs if a in lists and b in lists]
        said = [
            f"{name}: " + ("not in this space" if near is None else ", ".join(
                str(found.ids[one]) for one, _ in near
            ))
            for name, near in lists.items()
        ]  # fmt: skip
        data = {
            "run": run,
            "item": item_of(found, row),
            "neighbors": told,
            "kept": [one for one in kept if one is not None],
        }
        return Answer(lines(f"nearest neighbours of {item}", said, "no spaces"), data)

    def groups(self, run: str, a: str | None, b: str | None) -> Answer:
        """Say which items changed together."""
        run, found = self.runs.get(run)
        pair = pair_of(found, a, b)
        told = [
            {
                "title": one.report["title"],
                "sentence": one.reason,
                "n": len(one),
                "type": one.type,
                "p": one.p,
                "exploratory": one.exploratory,
                "evidence": {**one.report["evidence"]},
                "items": [item_of(found, row) for row in one.rows[:10].tolist()],
            }
            for one in found.groups(pair["a"], pair["b"])
        ]
        said = [f"{one['title']} ({one['n']:,} items, p = {one['p']:.3g})" for one in told]
        return Answer(
            lines(f"{pair['a']} → {pair['b']}", said, "no items changed together beyond noise"),
            {"run": run, "a": pair["a"], "b": pair["b"], "groups": told},
        )

    def ask(
        self,
        run: str,
        a: str,
        b: str,
        *,
        items: Sequence[str] | None,
        where: Mapping[str, Any] | None,
    ) -> Answer:
        """Compare two spaces at some of their items."""
        run, found = self.runs.get(run)
        chosen = None if items is None else [found.ids[_row_of(found, one)] for one in items]
        told = found.ask(a, b, items=chosen, where=where)
        scores = {name: score_of(one) for name, one in told["scores"].items()}
        data = {"run": run, "a": a, "b": b, **told, "scores": scores}
        said = [f"{name}: {against(one)}" for name, one in scores.items()]
        return Answer(lines(told["sentence"], said, "no scores"), data)

    def gate(
        self,
        run: str,
        *,
        old: str | None,
        new: str | None,
        policy: str | None,
        limits: Mapping[str, Any] | None,
        baseline: str | None,
    ) -> Answer:
        """Say whether a new space may take an old one's place."""
        run, found = self.runs.get(run)
        if policy is not None and limits is not None:
            raise InputError("give policy, a file of limits, or limits themselves, not both")
        held = self._policy(policy, limits or {})
        accepted = None if baseline is None else self.runs.get(baseline)[1]
        pair = pair_of(found, old, new)
        told = judge(found, held, old=pair["a"], new=pair["b"], accepted=accepted)
        kept = score_of(pair["scores"].get(HEADLINE))
        data = {"run": run, **gates.as_data(told), "kept_neighbors": kept}
        said = [f"{one.status}: {one.limit}: {one.sentence}" for one in told.checks]
        return Answer(lines(f"{told.verdict.upper()}. {told.why}", said, "no limit"), data)

    def _policy(self, path: str | None, limits: Mapping[str, Any]) -> gates.Policy:
        if path is not None:
            held = gates.read_policy(self.roots.readable(path))
        else:
            try:
                held = msgspec.convert(dict(limits), gates.Policy)
            except msgspec.ValidationError as error:
                known = ", ".join(gates.Policy.__struct_fields__)
                raise InputError(f"limits: {error}; limits are {known}") from error
        if held.must_keep is None:
            return held
        return msgspec.structs.replace(held, must_keep=str(self.roots.readable(held.must_keep)))


def _some(n: int) -> int:
    if not 1 <= n <= MOST:
        raise InputError(f"{n} is not a number of items to list; give 1 to {MOST}")
    return n


def _row_of(comparison: Comparison, item: str) -> int:
    ids = comparison.ids
    wanted = str(item)
    found = np.flatnonzero(ids.astype(str) == wanted)
    if len(found) == 0:
        first = ", ".join(str(one) for one in ids[:3])
        raise InputError(f"there is no item {wanted!r}; ids are such as {first}")
    return int(found[0])


def _near(comparison: Comparison, name: str, row: int, k: int) -> list[tuple[int, float]] | None:
    """Return the rows of the nearest neighbours and how far they are; None where it is not."""
    known = comparison.space_set.spaces
    if name not in known:
        raise InputError(f"there is no space {name!r}; spaces are {', '.join(known)}")
    rows = comparison.space_set.rows[name]
    at = np.flatnonzero(rows == row)
    if len(at) == 0:
        return None
    graph = comparison.graphs[name]
    near = graph.indices[at[0]][:k]
    far = graph.distances[at[0]][:k]
    return [*zip(rows[near].tolist(), far.tolist(), strict=True)]


def _kept(
    comparison: Comparison,
    a: str,
    b: str,
    lists: Mapping[str, list[tuple[int, float]] | None],
) -> dict[str, Any] | None:
    """Return how many neighbours an item kept, beside what is usual by chance and in the pair."""
    before, after = lists[a], lists[b]
    if not before or not after:
        return None
    k = min(len(before), len(after))
    stayed = {row for row, _ in before[:k]} & {row for row, _ in after[:k]}
    pair = next(one for one in comparison.report()["pairs"] if (one["a"], one["b"]) == (a, b))
    chance = k / max(1, pair["n_common"] - 1)
    return {
        "a": a, "b": b, "k": k, "value": len(stayed) / k, "chance": min(1.0, chance),
        "pair": score_of(pair["scores"].get(HEADLINE)),
    }  # fmt: skip
