"""What is told of the moves of a pair hangs on what its replicates can say."""

from __future__ import annotations

import pytest

import emblink as eb
from emblink.report import as_markdown
from tests.conftest import clustered
from tests.test_pipeline_moves import jitter

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(("start", "judge"), [(0.05, "amount"), (0.4, "replicate")])
def test_runs_that_began_elsewhere_do_not_say_which_items_stood_still(
    start: float, judge: str
) -> None:
    """A stage of one training beside its next, and a replicate that is far from both or not."""
    x, _ = clustered()
    spaces = {"early": x, "late": jitter(x, start, seed=1), "again": jitter(x, 0.4, seed=2)}
    comparison = eb.compare(spaces, replicates={"early": ["again"]}, pairs=[("early", "late")])
    report = comparison.pair("early", "late").report
    assert report["beyond_noise"].get("closer", False) == (judge == "amount")
    assert report["moves"]["judged_by"] == judge
    assert ("expected" in report["moves"]) == (judge == "replicate")


def test_none_of_a_class_of_moves_is_no_line_where_there_is_but_the_amount() -> None:
    x, _ = clustered()
    comparison = eb.compare({"a": x, "b": jitter(x, 0.5, seed=1)})
    counts = comparison.pair("a", "b").report["moves"]["counts"]
    assert counts["moved_not_changed"] == 0
    assert "moved, not changed" not in as_markdown(comparison.report())
