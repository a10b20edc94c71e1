"""Whether a new space may take an old one's place: limits, and a verdict that a job can act on."""

from emblink.gate._check import Check, Status
from emblink.gate._decide import EXITS, Gate, Verdict, decide, pair_to_judge
from emblink.gate._parity import gate_of_parity
from emblink.gate._policy import Policy, Undecided, read_ids, read_policy
from emblink.gate._populations import gate_of_populations
from emblink.gate._query_limits import QueryLimits
from emblink.gate._write import as_data, as_json, as_junit, as_markdown, as_metrics, as_terminal

__all__ = [
    "EXITS",
    "Check",
    "Gate",
    "Policy",
    "QueryLimits",
    "Status",
    "Undecided",
    "Verdict",
    "as_data",
    "as_json",
    "as_junit",
    "as_markdown",
    "as_metrics",
    "as_terminal",
    "decide",
    "gate_of_parity",
    "gate_of_populations",
    "pair_to_judge",
    "read_ids",
    "read_policy",
]
