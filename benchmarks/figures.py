"""The figures of the measures' pages that stand in no other benchmark: ``scripts/bench figures``.

Each part prints what one page of ``docs/measures/`` says was measured: ``--only`` chooses.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable

from _figures import alignment, digits, health, independence, influence, permutation
from _tables import Report, Section, say

PARTS: dict[str, Callable[[], Section]] = {
    "permutation": permutation.section,
    "independence": independence.section,
    "influence": influence.section,
    "health": health.section,
    "alignment": alignment.section,
    "digits": digits.section,
}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", choices=PARTS, nargs="+", default=list(PARTS))
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--markdown", action="store_true")
    how.add_argument("--json", action="store_true")
    options = parser.parse_args()
    report = Report("json" if options.json else "markdown" if options.markdown else "text")
    for part in options.only:
        say(part)
        report.add(PARTS[part]())
    report.finish()


if __name__ == "__main__":
    main()
