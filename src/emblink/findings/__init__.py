"""Findings: what stands out of a comparison, over groups, labels and items, each told once."""

from emblink.findings._claim import Claim
from emblink.findings._evidence import Evidence
from emblink.findings._find import Found, PairClaims, pair_claims, pair_findings
from emblink.findings._of_searches import search_claims
from emblink.findings._over_pairs import comparison_findings

__all__ = [
    "Claim",
    "Evidence",
    "Found",
    "PairClaims",
    "comparison_findings",
    "pair_claims",
    "pair_findings",
    "search_claims",
]
