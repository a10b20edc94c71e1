"""Two or more populations in one space: what is new, gone, more or less, and whose partners meet."""

from emblink.population._compare import PERMUTATIONS, SCHEMA, as_json, compare_populations
from emblink.population._object import Populations
from emblink.population._populations import populations

__all__ = [
    "PERMUTATIONS",
    "SCHEMA",
    "Populations",
    "as_json",
    "compare_populations",
    "populations",
]
