"""Whether two spaces hold the same vectors, and what was done to them, in words."""

from __future__ import annotations

from typing import Literal

from emblink.wording._words import clip, counted, percent, quoted

SAME_NUMBERS = "The same numbers"
NEARLY_SAME = "Nearly the same numbers, as another library or machine computes them"
TO_FLOAT16 = "Rounded to float16"
TO_BFLOAT16 = "Rounded to bfloat16"
TO_8_BITS = "Rounded to 8 bits"
SEE_COMPARISON = "To see what it changes: emblink compare."
NO_DISTANCE = "vectors of other dims have no distance."
AT_LENGTH_1 = (
    "All vectors are brought to length 1, their directions stay: the same under cosine, "
    "not under Euclidean distance or dot product."
)
SHIFTED = "All vectors are shifted by the same amount, as by another mean that is taken off."
ROTATED = (
    "All vectors are turned alike (a rotation): neighbours stay, but old and new vectors must "
    "not stand in one index."
)
MAPPED = (
    "One linear map brings all old vectors to the new ones, and it is no rotation: neighbours "
    "may change."
)


def all_one_words(cosine: bool) -> str:
    """Say that all new vectors are one."""
    way = "point in one direction" if cosine else "are one and the same"
    return f"All new vectors {way}: nothing tells the items apart any more."


def other_rows(offset: int) -> str:
    """Say that vectors stand in other rows; most of them further by an offset, unless it is 0."""
    if not offset:
        return "The same vectors stand in rows of another order: match by id, or mend the order."
    way = "down" if offset > 0 else "up"
    return (
        f"The same vectors stand in other rows, most of them {abs(offset):,} further {way}: "
        "match by id, or mend the order."
    )


def rounded_words(rounding: str, n: int) -> str:
    """Say that rounding changes vectors by more than is allowed."""
    return f"{rounding}, which changes {counted(n, 'vector')} by more than is allowed."


def some_changed(n: int, n_all: int) -> str:
    """Say that some items changed where the others did not."""
    return f"{counted(n, 'item')} of {n_all:,} changed, the others did not."


def beside_that(n: int, n_all: int) -> str:
    """Say that items changed beside what was done to all."""
    return f"Beside that, {counted(n, 'item')} of {n_all:,} changed."


def times_as_long(factor: float) -> str:
    """Say how much longer vectors are."""
    return f"They are {factor:.4g} times as long."


def other_vectors(d_old: int, d_new: int, sought: str) -> str:
    """Say that these are other vectors, and what was sought in vain."""
    had = "" if d_old == d_new else f" ({d_old:,} dims, now {d_new:,})"
    return f"These are other vectors{had}: {sought} {SEE_COMPARISON}"


def lengths_words(way: Literal["factor", "unit", "spread"], low: float, high: float) -> str:
    """Say how lengths differ, which cosine does not see; for a factor, `low` is it."""
    long = f"differ in length ({low:.3g} to {high:.3g} times as long)"
    if way == "factor":
        long = f"are {low:.3g} times as long"
    elif way == "unit":
        long = "are brought to length 1"
    return f"They {long}: cosine does not see that, a dot product and Euclidean distance do."


def first_dims(d_new: int, d_old: int, *, unit: bool) -> str:
    """Say that dims were cut off."""
    more = ", at length 1" if unit else ""
    return f"The new vectors are the first {counted(d_new, 'dim')} of the old {d_old:,}{more}."


def padded_dims(d_old: int, d_new: int) -> str:
    """Say that dims of zeros were added."""
    return f"The first {d_old:,} of the {d_new:,} new dims are the old vectors; the others are 0."


def scaled_words(scale: float) -> str:
    """Say that all vectors were multiplied."""
    return (
        f"All vectors are {scale:.4g} times as long as before: neighbours stay, but old and new "
        "vectors must not stand in one index."
    )


def dims_words(moved: bool, n_turned: int) -> str:
    """Say that dims stand in another order, or have the other sign."""
    how = f"have the other sign in {counted(n_turned, 'place')}"
    if moved:
        how = f"stand in another order{', some with the other sign' if n_turned else ''}"
    return f"The dims {how}: neighbours stay, but old and new vectors must not stand in one index."


def too_few_to_see(n: int, fewest: int) -> str:
    """Say that so few items do not show what was done."""
    return f"what was done to them is not to be seen in {counted(n, 'item')}, only in {fewest}."


def no_cut_or_map(map_asked: bool) -> str:
    """Say that vectors of other dims are no copy of the old."""
    cut = "they are no cut or padded copy of the old"
    if map_asked:
        return f"{cut}, and no linear map brings these to them."
    return (
        f"{cut}. Whether a linear map brings these to them was not asked: that takes more "
        "items than dims."
    )


def no_way(turn_asked: bool, map_asked: bool) -> str:
    """Say which ways were sought in vain, and which were not asked."""
    asked = (("rotation", turn_asked), ("linear map", map_asked))
    ways = ["scale", "shift", *(name for name, was in asked if was)]
    none = f"no order of rows or dims, no {', '.join(ways[:-1])} or {ways[-1]}"
    left = " or ".join(f"a {name}" for name, was in asked if not was)
    more = f" Whether {left} does was not asked: that takes more items than dims." if left else ""
    return f"{none} brings the old to the new.{more}"


def stand_together(first: str, last: str) -> str:
    """Say that changed items stand in one run of rows."""
    return f"They stand together, from {first} to {last}: was a batch computed otherwise?"


def by_text_length(*, longer: bool, inside: int, outside: int) -> str:
    """Say that changed items have the longer or shorter texts."""
    way, why = "shorter", "is text padded, or given a prefix?"
    if longer:
        way, why = "longer", "is text cut elsewhere, or no more?"
    return f"They have the {way} texts ({inside:,} signs in the middle, others {outside:,}): {why}"


def by_label_share(label: str, share: float, *, n: int, base: float) -> str:
    """Say which label most changed items carry."""
    return (
        f"{percent(share)} of them are {quoted(label)} "
        f"({counted(n, 'item')} of all, {percent(base)})."
    )


def parity_verdict(
    same: bool, *, missing: bool, n_changed: int, n_common: int, counted_ones: bool
) -> str:
    """Say whether parity holds."""
    if same:
        return "Fail: items are missing." if missing else "Pass: the vectors are the same."
    if not counted_ones:
        return "Fail: the vectors are not the same."
    return f"Fail: {counted(n_changed, 'vector')} of {n_common:,} changed."


def amounts_changed(
    *, n_changed: int, n_common: int, tolerance: float, median: float, largest: float
) -> str:
    """Say how many vectors changed by how much; none changed where `n_changed` is 0."""
    within = percent(tolerance)
    said = f"all {counted(n_common, 'vector')} changed by at most {within} of their length"
    if n_changed:
        said = (
            f"{n_changed:,} of {counted(n_common, 'vector')} changed by more than "
            f"{within} of their length"
        )
    return f"{said} (half by {percent(median)} or less, the most by {percent(largest)})."


def changed_item(name: str, text: str, by: float) -> str:
    """Name an item and how far its vector changed."""
    told = f"{name} “{clip(text)}”" if text and text != name else name
    return f"{told} by {percent(by)}"
