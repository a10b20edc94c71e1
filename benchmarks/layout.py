"""The aligned layout against umap-learn and AlignedUMAP: every acceptance line in one run.

    python benchmarks/layout.py [--quick] [--only movers] [--markdown | --json]

All engines are given the same neighbours (AlignedUMAP searches its own). umap-learn draws each
space alone, or starts it from the picture before; its pictures, and those of Emblink without its
joint step, are then turned, shifted and scaled onto each other for each pair. Emblink's joint
pictures are taken as they are. Seeds 0 to 5 and 100 to 105 of the synthetic movers are for tuning,
those from 110 on for judging.
"""

from __future__ import annotations

import argparse
import platform
from importlib.metadata import version
from pathlib import Path

from _layout import data, engines, movers, pairs, promises
from _tables import Report, Section, say

import emblink
from emblink.compute import threads

TESTS = Path(__file__).resolve().parents[1] / "tests" / "data"
PARTS = ("movers", "one", "real", "promises")


def main() -> None:
    options = _options()
    report = Report("json" if options.json else "markdown" if options.markdown else "text")
    peers = not options.alone and engines.have_umap()
    if peers:
        say("umap-learn compiles")
        engines.warm_up()
    elif not options.alone:
        say("umap-learn is not installed: nothing to compare with; scripts/bench installs it")
    report.add(_versions(peers=peers))
    if "movers" in options.only:
        judge_movers(options, report, peers=peers)
    if "one" in options.only:
        report.add(movers.judge_one(options.large, seed=options.seed[0], peers=peers))
    if "real" in options.only:
        judge_real(options, report, peers=peers)
    if "promises" in options.only:
        report.add(promises.judge_copies(peers=peers))
        report.add(promises.judge_exactness(n=min(2000, options.n)))
        report.add(promises.judge_first_picture(options.large))
    report.finish()


def judge_movers(options: argparse.Namespace, report: Report, *, peers: bool) -> None:
    """Judge the movers; AlignedUMAP joins for three spaces: more would take it too long."""
    wanted = [
        (options.n, count, seed, count == 3 and seed == options.seed[0])
        for seed in options.seed
        for count in options.spaces
    ]
    if options.n > 5000 and 3 in options.spaces and not options.quick:
        wanted.append((5000, 3, options.seed[0], True))
    for n, count, seed, aligned in wanted:
        case = data.movers(n, count, seed=seed)
        aligned = aligned and not options.quick
        report.add(movers.judge(case, peers=peers, aligned=aligned, queries=options.queries))


def judge_real(options: argparse.Namespace, report: Report, *, peers: bool) -> None:
    """Judge the real pairs that are here; name the others."""
    cases, absent = data.real(options.data)
    for case in cases:
        if not (options.quick and "alone" in case.name):
            for section in pairs.judge(case, peers=peers, floors=not options.quick):
                report.add(section)
    if absent:
        report.add(Section("not drawn", (), [], [], absent))


def _versions(*, peers: bool) -> Section:
    names = ["emblink", "numpy", *(["umap-learn", "numba"] if peers else [])]
    found = {name: emblink.__version__ if name == "emblink" else version(name) for name in names}
    machine = f"{threads()} threads, {platform.machine()}, Python {platform.python_version()}"
    return Section("run", ("what", "version"), [*found.items()], [], [machine])


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--n", type=int, help="items of the movers (20,000)")
    parser.add_argument("--spaces", type=int, nargs="+", help="spaces of the movers (3 8)")
    parser.add_argument("--seed", type=int, nargs="+", default=[110], help="of the movers (110)")
    parser.add_argument("--large", type=int, help="items of the single space and of PCA (100,000)")
    parser.add_argument("--queries", type=int, default=20_000, help="items whose trust is measured")
    parser.add_argument("--data", type=Path, default=TESTS, help="folder of the real spaces")
    parser.add_argument("--only", choices=PARTS, nargs="+", default=list(PARTS))
    parser.add_argument(
        "--quick", action="store_true", help="5,000 x 3 and 20,000 x 1 movers, no AlignedUMAP"
    )
    parser.add_argument("--alone", action="store_true", help="Emblink without its peers")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--markdown", action="store_true")
    how.add_argument("--json", action="store_true")
    options = parser.parse_args()
    options.n = options.n or (5_000 if options.quick else 20_000)
    options.spaces = options.spaces or ([3] if options.quick else [3, 8])
    options.large = options.large or (20_000 if options.quick else 100_000)
    return options


if __name__ == "__main__":
    main()
