"""``emblink gate`` of populations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from emblink._terminal import note, see_it, shown_progress

if TYPE_CHECKING:
    from emblink.gate import Gate, Policy
    from emblink.types import PopulationsReport


def is_of_populations(sources: Sequence[str]) -> bool:
    """Say whether what was given is a bundle of populations."""
    return len(sources) == 1 and _told(sources[0]) is not None


def refuse_for_populations(given: Mapping[str, object | None]) -> None:
    """Refuse options that would be left aside."""
    from emblink.errors import InputError

    for name, value in given.items():
        if value:
            raise InputError(f"--{name} is not for populations")


def gate_populations(
    sources: Sequence[str],
    limits: Policy,
    *,
    old: str | None,
    new: str | None,
    out: Path | None,
    seed: int,
    reading: dict[str, object],
) -> tuple[Gate, str]:
    """Hold populations against limits; return the gate, and how to see them."""
    from emblink import population as rooms
    from emblink.errors import InputError
    from emblink.gate import gate_of_populations
    from emblink.load import load_spaces

    if len(sources) == 1:
        told = _told(sources[0])
        if told is None:
            raise InputError(
                f"{sources[0]} is no bundle of populations; give OLD and NEW, or a bundle that "
                "`emblink populations --out` wrote"
            )
        found = gate_of_populations(told, limits, old=old, new=new)
        return found, see_it(sources[0])
    with shown_progress() as progress:
        sets = [load_spaces([one], **reading) for one in sources]  # type: ignore[arg-type]
        made = rooms.compare_populations(sets, seed=seed, progress=progress)
        if out is not None:
            rooms.write_bundle(made, out, title=out.stem, progress=progress, notice=note)
    found = gate_of_populations(made.report(), limits, old=old, new=new)
    return found, "" if out is None else see_it(out)


def _told(source: str) -> PopulationsReport | None:
    from emblink.bundle import read_manifest

    if not (Path(source) / "manifest.json").is_file():
        return None
    return read_manifest(Path(source)).report.get("populations")
