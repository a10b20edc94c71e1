"""Populations in one space: what is new, gone, more or less, and whose partners meet."""

from emblink.population._bundle import write_bundle
from emblink.population._compare import PERMUTATIONS, SCHEMA, as_json, compare_populations
from emblink.population._markdown import VERDICTS, as_markdown, signed
from emblink.population._object import Populations
from emblink.population._populations import populations

__all__ = [
    "PERMUTATIONS",
    "SCHEMA",
    "VERDICTS",
    "Populations",
    "as_json",
    "as_markdown",
    "compare_populations",
    "populations",
    "signed",
    "write_bundle",
]
