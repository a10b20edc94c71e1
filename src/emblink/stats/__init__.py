"""Intervals, multiplicity, permutations and evidence: they know no measure."""

from emblink.stats._evidence import (
    Error,
    Noise,
    error_of_mean,
    interval_reach,
    p_values,
    replicate_noise,
)
from emblink.stats._intervals import Z95, block_bootstrap, standard_error
from emblink.stats._mantel import permutation_null, sample_items
from emblink.stats._multiplicity import benjamini_hochberg, holm
from emblink.stats._permutation import Null, null_of, permutation_test
from emblink.stats._student import student_widening

__all__ = [
    "Z95",
    "Error",
    "Noise",
    "Null",
    "benjamini_hochberg",
    "block_bootstrap",
    "error_of_mean",
    "holm",
    "interval_reach",
    "null_of",
    "p_values",
    "permutation_null",
    "permutation_test",
    "replicate_noise",
    "sample_items",
    "standard_error",
    "student_widening",
]
