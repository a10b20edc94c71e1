"""Intervals, multiplicity, permutations and evidence: they know no measure."""

from emblink.stats._beta_binomial import at_most, scatter_of
from emblink.stats._counts import at_least_of, sign_test, subset_p
from emblink.stats._evidence import (
    Error,
    df_of_pulls,
    error_of_influence,
    error_of_mean,
    interval_reach,
)
from emblink.stats._intervals import Z95, block_bootstrap, standard_error
from emblink.stats._kept import kept_interval
from emblink.stats._mantel import permutation_null, sample_items
from emblink.stats._multiplicity import benjamini_hochberg, holm
from emblink.stats._paired import Paired, paired, paired_interval, share_interval
from emblink.stats._permutation import Null, null_of, permutation_test
from emblink.stats._runs import FEWEST_TO_CENTRE, OneMoreRun, one_more_run
from emblink.stats._student import student_p, student_quantile

__all__ = [
    "FEWEST_TO_CENTRE",
    "Z95",
    "Error",
    "Null",
    "OneMoreRun",
    "Paired",
    "at_least_of",
    "at_most",
    "benjamini_hochberg",
    "block_bootstrap",
    "df_of_pulls",
    "error_of_influence",
    "error_of_mean",
    "holm",
    "interval_reach",
    "kept_interval",
    "null_of",
    "one_more_run",
    "paired",
    "paired_interval",
    "permutation_null",
    "permutation_test",
    "sample_items",
    "scatter_of",
    "share_interval",
    "sign_test",
    "standard_error",
    "student_p",
    "student_quantile",
    "subset_p",
]
