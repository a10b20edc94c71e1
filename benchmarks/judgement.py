"""Is the word right? Runs of one recipe, real changes, and the size of changes.

    scripts/bench judgement
    python benchmarks/judgement.py --seeds 100 101 102 --draws 20 --only runs

Prior and thresholds were read from worlds 0 to 5; judged here are others. Exit status 1 when a line
is missed.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable

from _judgement import examples, flips, quality, runs, sizes
from _tables import Report, Section, say

PARTS = ("runs", "items", "start", "quality", "flips", "sizes", "grades", "time", "examples")
HELD_OUT = range(100, 112)


def main() -> None:
    options = _options()
    report = Report("json" if options.json else "markdown" if options.markdown else "text")
    for part in options.only:
        say(part)
        for section in _judged(part, options):
            report.add(section)
    report.finish()
    outcomes = [check.outcome for one in report.sections for check in one.checks]
    sys.exit(int(any(outcome != "ok" for outcome in outcomes)))


def _judged(part: str, options: argparse.Namespace) -> Iterable[Section]:
    if part == "runs":
        return runs.judge(options.seeds, options.draws)
    if part == "items":
        return [runs.by_size(options.seeds, options.draws)]
    if part == "start":
        return [sizes.shared_start()]
    if part == "quality":
        return [quality.section(options.seeds)]
    if part == "flips":
        return [flips.section(options.seeds, options.draws)]
    if part == "sizes":
        return sizes.judge()
    if part == "grades":
        return [sizes.grades()]
    return [sizes.timed() if part == "time" else examples.section()]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, nargs="+", help="worlds of each family (100 to 111)")
    parser.add_argument("--draws", type=int, default=40, help="draws of runs from a world (40)")
    parser.add_argument("--only", choices=PARTS, nargs="+", default=PARTS, help="parts to run")
    parser.add_argument("--quick", action="store_true", help="three worlds, 20 draws")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--markdown", action="store_true")
    how.add_argument("--json", action="store_true")
    options = parser.parse_args()
    options.seeds = options.seeds or [*HELD_OUT][: 3 if options.quick else None]
    options.draws = min(options.draws, 20) if options.quick else options.draws
    return options


if __name__ == "__main__":
    main()
