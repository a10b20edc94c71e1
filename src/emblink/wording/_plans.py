"""How long a comparison takes, and how much memory and disk, in words."""

from __future__ import annotations

from collections.abc import Mapping

from emblink.wording._words import counted


def plan_lines(
    spaces: Mapping[str, tuple[int, int]],
    steps: Mapping[str, float],
    *,
    n_pairs: int,
    n_cores: int,
    busy: float | None,
    memory: float,
    machine: float | None,
    disk: float,
    n_asked: int | None,
) -> list[str]:
    """Say what a comparison takes, a sentence each.

    Parameters
    ----------
    spaces : mapping of str to (int, int)
        Items and dims of each.
    steps : mapping of str to float
        Seconds of each.
    n_pairs, n_cores : int
    busy : float or None
        How many times as long everything takes beside what runs now, where that is much.
    memory, disk : float
        Bytes.
    machine : float or None
        The memory it has.
    n_asked : int or None
        Items drawn at random, where not all are asked.

    Returns
    -------
    list of str
    """
    held = ", ".join(f"{name} {n:,} × {d:,}" for name, (n, d) in spaces.items())
    slow = sorted(steps.items(), key=lambda one: -one[1])[:3]
    told = [one for one in slow if one[1] >= 0.5] or slow[:1]
    longest = ", ".join(f"{name} {_time(seconds)}" for name, seconds in told)
    seconds = sum(steps.values())
    beside = f" where nothing else runs, {_time(busy * seconds)} as busy as now" if busy else ""
    there = "" if machine is None else f" of {_size(machine)}"
    found = [
        f"{counted(len(spaces), 'space')} ({held}), {counted(n_pairs, 'pair')}.",
        f"About {_time(seconds)} on {counted(n_cores, 'core')}{beside}: {longest}.",
        f"Memory up to {_size(memory)}{there}; bundle about {_size(disk)}.",
    ]
    if n_asked is None:
        return [*found, "Everything is exact, over all items."]
    return [
        *found,
        f"Exact, of {n_asked:,} items drawn at random among all: scores, labels, floors, "
        "intervals, single items that are named.",
        "Approximate, with its recall told: the graph for pictures, groups, clicks and the "
        "numbers of all other single items.",
    ]


def took_words(seconds: float, peak_memory: float | None) -> str:
    """Say how long a run took, and how much memory it held at most.

    Parameters
    ----------
    seconds : float
    peak_memory : float or None
        Bytes.

    Returns
    -------
    str
    """
    held = "" if peak_memory is None else f", and {_size(peak_memory)} of memory at most"
    return f"It took {_time(seconds)}{held}."


def untrained_words(n_dims: int, *, axes: float, first: float) -> str:
    """Say that principal axes keep more than the first dims do.

    Parameters
    ----------
    n_dims : int
    axes, first : float
        Shares of the neighbours.

    Returns
    -------
    str
    """
    return (
        f"not trained for truncation: at {n_dims} dims, principal axes keep "
        f"{axes:.2f} of the neighbours, the first dims {first:.2f}"
    )


def _time(seconds: float) -> str:
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    minutes = seconds / 60
    return f"{round(minutes)} min" if minutes < 90 else f"{minutes / 60:.1f} h"


def _size(n_bytes: float) -> str:
    return f"{n_bytes / 1e9:.1f} GB" if n_bytes >= 1e9 else f"{max(1, round(n_bytes / 1e6))} MB"
