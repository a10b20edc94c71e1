"""How sure the change of each label of a pair is, kept as a step."""

from __future__ import annotations

import numpy as np

from emblink.matched import Common, ks_of
from emblink.measures import FEWEST_ITEMS, purity_errors
from emblink.pipeline._held import side_of
from emblink.pipeline._run import Run
from emblink.stats import Error
from emblink.table import PURITY_NEIGHBORS
from emblink.types import AnyArray, IntArray


def change_errors(
    run: Run, pair: tuple[str, str], common: Common, *, codes: IntArray, n_labels: int
) -> list[Error]:
    """Return the standard error of each label's change of purity.

    Parameters
    ----------
    run : Run
    pair : (str, str)
    common : Common
    codes : array of shape (n_common,)
    n_labels : int

    Returns
    -------
    list of Error
        Of each label.
    """

    def compute() -> tuple[dict[str, AnyArray], dict[str, object]]:
        graphs = [
            side_of(run, name, rows=rows).graph
            for name, rows in zip(pair, (common.rows_a, common.rows_b), strict=True)
        ]
        k = ks_of(graphs[0], upto=PURITY_NEIGHBORS)
        found = purity_errors(
            graphs[0],
            graphs[1],
            codes,
            k=k,
            groups=codes,
            n_groups=n_labels,
            fewest=FEWEST_ITEMS,
        )
        return {"errors": np.array(found).reshape(-1, 2)}, {}

    keys = [run.spaces[name].exact_key for name in pair]
    inputs = ("errors", keys, common.rows_a, common.rows_b, codes, n_labels, PURITY_NEIGHBORS)
    found = run.stage("labels", inputs, compute).arrays["errors"]
    return [Error(float(value), float(df)) for value, df in found]
