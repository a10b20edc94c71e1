"""What is wrong with replicates, and with the floor that rounding gives, in words."""

from __future__ import annotations

from emblink.wording._words import percent


def replicate_too_small(other: str) -> str:
    """Say that a replicate lacks nearly all items."""
    return f"Replicate {other} has too few of these items and is not counted in the floor."


def at_chance_words(name: str, other: str) -> str:
    """Say that a replicate shares no more neighbours with a space than chance."""
    return (
        f"Replicate {other} shares no more neighbours with {name} than chance, so it is "
        "not counted in the floor: check that its rows are the same items."
    )


def copy_words(name: str, other: str) -> str:
    """Say that a replicate is as a copy of a space."""
    return (
        f"Replicate {other} has the very neighbours of {name}, as a copy would: it shows "
        "no noise and is not counted."
    )


def lacks_most(other: str, missing: float) -> str:
    """Say that a replicate lacks too many items to be counted."""
    return (
        f"Replicate {other} lacks {percent(missing)} of these items and is not counted: of "
        "fewer items more neighbours stay."
    )


def lacks_some(other: str, missing: float) -> str:
    """Say that a replicate lacks some items, and what that does."""
    return (
        f"Replicate {other} lacks {percent(missing)} of these items; of fewer items more "
        "neighbours stay, so the floor is a little too high."
    )


def odd_run_words(name: str, of: str, *, kept: float) -> str:
    """Say that a replicate is unlike the other runs of its recipe."""
    return (
        f"Replicate {name} shares {percent(kept)} of its "
        f"neighbours with the other runs of {of}, far fewer than they do: it is not "
        "counted."
    )


def scrambled_words(name: str, kept: float) -> str:
    """Say that rounding scrambles a space, so that there is no floor of rounding."""
    return (
        f"Rounding to 8 bits alone keeps only {percent(kept)} of the neighbours in {name}: its "
        "numbers span too far for a noise floor of rounding, and none is told."
    )


def noise_floor_words(name: str, other: str, *, kept: float, k: int, chance: float, n: int) -> str:
    """Say of two runs of one recipe that they are what others are judged by."""
    return (
        f"Noise floor: {other} is another run of the recipe of {name}; "
        f"{percent(kept)} of each item's {k} nearest "
        f"neighbours stay (chance {percent(chance)}), over "
        f"{n:,} common items."
    )


ANOTHER_RUN = "Another run of the same recipe: what others are judged by."
