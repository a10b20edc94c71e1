"""Other runs of the same recipe, which say what noise alone would change."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from emblink.bundle import Bundle, Notice, nobody
from emblink.errors import InputError
from emblink.replicates import with_replicates
from emblink.watch._recorder import as_given, check_items, judge, run_of


def join(path: str | Path, *others: str | Path, notice: Notice = nobody) -> None:
    """Have other runs of the same recipe tell noise from change in a run that was watched.

    Parameters
    ----------
    path : str or Path
        The bundle of a run.
    *others : str or Path
        Bundles of the same recipe with other seeds, over the same items; they stay as they are.
        Their steps become replicates of the steps with the same number.
    notice : callable
        Called with what there is to know of the bundle.

    Raises
    ------
    BundleError
        There is no such bundle, or somebody is writing to it.
    InputError
        One is of no run, of other items, or has no step in common.

    Notes
    -----
    Misleads when a run differs by more than its seed (data, rate of learning): real change then
    counts as noise.
    """
    bundle = Bundle(Path(path))
    info, joined = run_of(bundle), as_given(bundle)
    spaces, rows = dict(joined.spaces), dict(joined.rows)
    replicates = {name: [*ones] for name, ones in joined.replicates.items()}
    own = {one.step: one.name for one in info.steps}
    for other in map(Path, others):
        run = Bundle(other)
        check_items(run, joined.ids)
        there = as_given(run)
        steps = [one for one in run_of(run).steps if one.step in own]
        if not steps:
            raise InputError(f"{other} has no step in common with {path}; log the same steps")
        for one in steps:
            name = f"{own[one.step]} of {other.stem}"
            spaces[name] = replace(there.spaces[one.name], name=name)
            rows[name] = there.rows[one.name]
            replicates.setdefault(own[one.step], []).append(name)
    space_set = replace(joined, spaces=spaces, rows=rows, replicates={})
    judge(
        Path(path),
        with_replicates(space_set, replicates),
        info=info,
        bundle=bundle,
        notice=notice,
    )
