"""The whole comparison, as a Python user makes it, opens it and holds it."""

from emblink.comparison._caller import CallersBundle
from emblink.comparison._cells import usual_metric
from emblink.comparison._compare import compare, log, open_bundle
from emblink.comparison._comparison import Comparison
from emblink.comparison._default import bundle_for
from emblink.comparison._judge import judge
from emblink.comparison._prepare import prepared, prepared_queries
from emblink.comparison._show import show

__all__ = [
    "CallersBundle",
    "Comparison",
    "bundle_for",
    "compare",
    "judge",
    "log",
    "open_bundle",
    "prepared",
    "prepared_queries",
    "show",
    "usual_metric",
]
