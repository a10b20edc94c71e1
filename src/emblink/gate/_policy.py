"""What a new space may change: limits, read from a file of TOML."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Literal

import msgspec

from emblink.errors import InputError, ReadError, offered
from emblink.gate._query_limits import QueryLimits

Size = Literal[
    "identical", "same", "interchangeable", "like another run", "reworked", "another space"
]
SIZES: tuple[Size, ...] = (
    "identical",
    "same",
    "interchangeable",
    "like another run",
    "reworked",
    "another space",
)
"""From the smallest change to the largest."""
Undecided = Literal["undecided", "pass", "fail"]
POPULATION_LIMITS = ("max_drift", "max_new_share", "min_partner_recall")
"""Limits of populations, which a comparison of spaces has no figures for."""

_WORDS: dict[str, tuple[object, ...]] = {
    "max_size": (*SIZES, None),
    "labels": ("none worse", "any"),
    "undecided": ("undecided", "pass", "fail"),
}
_FLIPS = re.compile(r"(?P<base>replicate)?\s*(?P<plus>\+)?\s*(?P<share>\d*\.?\d+)?\s*(?P<sign>%)?")


class Policy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Limits of what may change; ``None`` sets none.

    Attributes
    ----------
    max_size : str
        The largest grade of change, from "identical" to "another space".
    noise : bool
        What changes no more than runs of one recipe do is no change; asks for a replicate.
    min_kept : float, optional
        Least mean share of the 10 nearest neighbours that stay, in [0, 1].
    min_index_kept : float, optional
        Least share of neighbours that the new vectors find in an index of the old.
    min_quality : "kept", float or None
        Least change of the labels' k-nearest-neighbour accuracy, such as -0.01; "kept": within the
        margin of equivalence of the report.
    labels : {"none worse", "any"}
        Whether a label may get worse beyond noise.
    max_label_loss : float, optional
        The most purity that a label may lose, in [0, 1].
    protected_labels : tuple of str
        Labels that may lose no purity beyond noise, whatever ``labels`` says.
    max_flips : float or str, optional
        The most items that turn from right to wrong, as a share; ``"replicate + 1%"``: so many more
        than between runs of one recipe.
    coverage : float, optional
        Least share of the old items that the new space has.
    must_keep : str, optional
        A file of ids, one a line, that must keep their neighbours.
    must_keep_share : float
        Least share of its 10 nearest neighbours that each of these keeps.
    data_health : bool
        No warning of a space or of the pair.
    max_drift : float, optional
        Of populations: how far apart they may be, from 0 to 1.
    max_new_share : float, optional
        Of populations: the most items of the second that may be in groups that are new.
    min_partner_recall : float, optional
        Of populations: the least share of partners that are nearest, both ways.
    queries : QueryLimits
        What searches may lose.
    undecided : {"undecided", "pass", "fail"}
        What a limit counts as that its interval leaves open.
    """

    max_size: Size | None = "interchangeable"
    noise: bool = True
    min_kept: float | None = None
    min_index_kept: float | None = None
    min_quality: Literal["kept"] | float | None = "kept"
    labels: Literal["none worse", "any"] = "none worse"
    max_label_loss: float | None = None
    protected_labels: tuple[str, ...] = ()
    max_flips: float | str | None = None
    coverage: float | None = 0.99
    must_keep: str | None = None
    must_keep_share: float = 0.5
    data_health: bool = False
    max_drift: float | None = None
    max_new_share: float | None = None
    min_partner_recall: float | None = None
    queries: QueryLimits = QueryLimits()
    undecided: Undecided = "undecided"

    def __post_init__(self) -> None:
        for name, may in _WORDS.items():
            if getattr(self, name) not in may:
                expected = ", ".join(str(one) for one in may)
                raise ValueError(f"{name} is {getattr(self, name)!r}; expected one of {expected}")
        for name in (
            "min_kept",
            "min_index_kept",
            "coverage",
            "must_keep_share",
            "max_label_loss",
            *POPULATION_LIMITS,
        ):
            value = getattr(self, name)
            if value is not None and not 0.0 <= value <= 1.0:
                raise ValueError(f"{name} is {value:g}; expected a share from 0 to 1")
        if isinstance(self.min_quality, float) and not -1.0 <= self.min_quality <= 1.0:
            raise ValueError(
                f"min_quality is {self.min_quality:g}; expected -1 to 1, such as -0.01"
            )
        self.flips()

    def refuse_populations(self) -> None:
        """Refuse limits that ask for populations."""
        for name in POPULATION_LIMITS:
            if getattr(self, name) is not None:
                raise InputError(
                    f"{name} is a limit of populations, and this is a comparison of spaces; give "
                    "--populations, or a bundle that `emblink populations` wrote"
                )

    def flips(self) -> tuple[bool, float] | None:
        """Return whether ``max_flips`` is beyond replicates, and the share; None without one."""
        given = self.max_flips
        if given is None:
            return None
        match = _FLIPS.fullmatch(given.strip()) if isinstance(given, str) else None
        if isinstance(given, str) and (
            match is None
            or not (match["base"] or match["share"])
            or bool(match["plus"]) != bool(match["base"] and match["share"])
        ):
            raise ValueError(
                f'max_flips is "{given}"; expected a share such as 0.02, "2%" or "replicate + 1%"'
            )
        if match is None:
            share, beyond = float(given), False
        else:
            share = float(match["share"] or 0.0) / (100.0 if match["sign"] else 1.0)
            beyond = match["base"] is not None
        if not 0.0 <= share <= 1.0:
            raise ValueError(f"max_flips is {given}; expected a share from 0 to 1")
        return beyond, share


def read_policy(path: Path) -> Policy:
    """Read limits from a file of TOML.

    Parameters
    ----------
    path : Path

    Returns
    -------
    Policy
        ``must_keep`` leads from where the file is.

    Raises
    ------
    ReadError
        There is no such file, it is no TOML, or a limit is unknown or has no such value.
    """
    try:
        given = tomllib.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise ReadError(f"{path} cannot be read: {error}; expected a file of limits") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ReadError(
            f'{path} is no TOML ({error}); expected lines such as max_size = "interchangeable"'
        ) from error
    known = Policy.__struct_fields__
    for name in given:
        if name not in known:
            raise ReadError(f"{path} has no limit {name!r} to set; {offered(name, known)}")
    _check_queries(given.get("queries"), path)
    if isinstance(given.get("must_keep"), str):
        given["must_keep"] = str(path.parent / given["must_keep"])
    try:
        return msgspec.convert(given, Policy)
    except msgspec.ValidationError as error:
        raise ReadError(f"{path}: {_plain(str(error), given)}") from error


def _check_queries(given: object, path: Path) -> None:
    known = QueryLimits.__struct_fields__
    if given is not None and not isinstance(given, dict):
        raise ReadError(
            f"{path}: queries is {given!r}; expected lines below [queries] such as min_recall = 0.9"
        )
    for name in given or ():
        if name not in known:
            raise ReadError(f"{path} has no limit 'queries.{name}' to set; {offered(name, known)}")


def read_ids(path: Path) -> list[str]:
    """Read ids, one a line; empty lines and comments, which begin with # and a blank, are none.

    Raises
    ------
    InputError
        There is no such file, or no id in it.
    """
    try:
        lines = path.read_text("utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise ReadError(f"{path} cannot be read: {error}; expected ids, one a line") from error
    ids = [line.strip() for line in lines if line.strip() and not line.startswith("# ")]
    if not ids:
        raise InputError(f"{path} holds no ids; expected the ids that must keep, one a line")
    return ids


def _plain(said: str, given: dict[str, object]) -> str:
    """Say what is wrong with a value, by the limit's name and what it may be."""
    match = re.search(r"`\$\.([\w.]+)`", said)
    if match is None:
        return said
    if said.startswith("queries."):
        return said.partition(" - at ")[0]
    name = match[1]
    if name.startswith("queries."):
        given = {name: given["queries"][name.removeprefix("queries.")]}  # type: ignore[index]
    may = [str(one) for one in _WORDS.get(name, ()) if one is not None]
    expected = f"expected one of {', '.join(may)}" if may else said.partition(" - ")[0].lower()
    return f"{name} is {given.get(name)!r}; {expected}"
