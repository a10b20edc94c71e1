"""What stands out of a compared pair, or of all, as selections of items."""

from __future__ import annotations

import numpy as np

from emblink.bundle import Bundle
from emblink.types import Finding, FindingReport, IntArray


def findings_of(bundle: Bundle, a: str, b: str) -> list[Finding]:
    """Return the findings of a compared pair.

    Parameters
    ----------
    bundle : Bundle
    a, b : str

    Returns
    -------
    list of Finding
        The sure ones first; none where nothing stands out, and in older bundles.

    Raises
    ------
    BundleError
        The pair was not compared.
    """
    info = bundle.pair(a, b)
    report = bundle.manifest.report["pairs"][bundle.manifest.pairs.index(info)]
    found = report.get("findings", [])
    nobody: IntArray = np.zeros(0, np.int64)
    if info.findings is None:
        return [_finding(one, nobody, nobody) for one in found]
    bits, rows = bundle.array(info.findings.members), bundle.item_rows(info.over)
    return [
        _finding(one, rows[(bits >> at) & 1 > 0], np.array(named.exemplars, np.int64))
        for at, (one, named) in enumerate(zip(found, info.findings.rows, strict=True))
    ]


def findings_of_all(bundle: Bundle) -> list[Finding]:
    """Return the findings of a whole comparison; of its pair, where there is one alone.

    Parameters
    ----------
    bundle : Bundle

    Returns
    -------
    list of Finding
    """
    pairs = bundle.manifest.pairs
    if len(pairs) == 1:
        return findings_of(bundle, pairs[0].a, pairs[0].b)
    told = []
    for report in bundle.manifest.report.get("findings", []):
        of_pair = findings_of(bundle, report["a"], report["b"])
        own = next((one for one in of_pair if one.sentence == report["sentence"]), None)
        nobody: IntArray = np.zeros(0, np.int64)
        rows, exemplars = (nobody, nobody) if own is None else (own.rows, own.exemplars)
        told.append(_finding(report, rows, exemplars))
    return told


def _finding(report: FindingReport, rows: IntArray, exemplars: IntArray) -> Finding:
    return Finding(
        rows=rows,
        name=report["title"],
        origin="finding",
        a=report["a"],
        b=report["b"],
        sentence=report["sentence"],
        how_sure=report["how_sure"],
        sure=report["sure"],
        exemplars=exemplars,
        report=report,
    )
