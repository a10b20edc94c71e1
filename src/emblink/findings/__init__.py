"""Findings: what stands out of a comparison, over groups, labels and items, each told once."""

from emblink.findings._evidence import Evidence
from emblink.findings._find import Found, PairClaims, pair_claims, pair_findings
from emblink.findings._over_pairs import comparison_findings

__all__ = [
    "Evidence",
    "Found",
    "PairClaims",
    "comparison_findings",
    "pair_claims",
    "pair_findings",
]
