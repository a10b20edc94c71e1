"""Comparisons that an agent made or found, by short ids."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from emblink.comparison import Comparison, open_bundle
from emblink.errors import InputError
from emblink.mcp._roots import Roots
from emblink.types import PairReport

_ID = re.compile(r"run-[0-9a-f]{10}")


class Runs:
    """The comparisons of one session.

    Parameters
    ----------
    roots : Roots
    """

    def __init__(self, roots: Roots) -> None:
        self._roots = roots
        self._paths: dict[str, Path] = {}
        self._open: dict[str, tuple[int, Comparison]] = {}

    def add(self, path: Path) -> str:
        """Return the id of a bundle."""
        run = f"run-{hashlib.sha256(str(path).encode()).hexdigest()[:10]}"
        self._paths[run] = path
        return run

    def get(self, run: str) -> tuple[str, Comparison]:
        """Return the id and the comparison that an id, or the path of a bundle, stands for.

        Parameters
        ----------
        run : str

        Returns
        -------
        str
        Comparison

        Raises
        ------
        InputError
            There is none.
        BundleError
            It cannot be opened.
        """
        if _ID.fullmatch(run):
            if run not in self._paths:
                known = ", ".join(self._paths) or "none yet"
                raise InputError(
                    f"there is no run {run} in this session (there are: {known}); give the path of "
                    "its bundle, or compare again: what was computed is kept"
                )
            path = self._roots.readable(str(self._paths[run]))
        else:
            path = self._roots.readable(run)
            run = self.add(path)
        written = _written(path)
        if self._open.get(run, (-1, None))[0] != written:
            self._open[run] = (written, open_bundle(path))
        return run, self._open[run][1]


def _written(path: Path) -> int:
    try:
        return (path / "manifest.json").stat().st_mtime_ns
    except OSError:
        return 0  # opening says what is wrong


def pair_of(comparison: Comparison, a: str | None, b: str | None) -> PairReport:
    """Return the pair that is meant; the only one, where none is named.

    Parameters
    ----------
    comparison : Comparison
    a, b : str, optional

    Returns
    -------
    PairReport

    Raises
    ------
    InputError
        There is no such pair, or there are several.
    """
    report = comparison.report()
    again = {one["name"] for one in report["spaces"] if one.get("replicate_of") is not None}
    found = [
        pair
        for pair in report["pairs"]
        if (pair["a"] == a or (a is None and pair["a"] not in again))
        and (pair["b"] == b or (b is None and pair["b"] not in again))
    ]
    if len(found) == 1:
        return found[0]
    there = ", ".join(f"{pair['a']} → {pair['b']}" for pair in report["pairs"]) or "none"
    what = "several pairs could be meant" if found else "there is no such pair"
    raise InputError(f"{what}; name its spaces with a and b. Pairs: {there}")
