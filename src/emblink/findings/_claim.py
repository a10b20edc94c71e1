"""One thing that is claimed of some items, before claims of the same items are told as one."""

from __future__ import annotations

from dataclasses import dataclass, replace

from emblink.types import FindingKind, FindingPicture, IntArray


@dataclass(frozen=True, eq=False)
class Claim:
    """A claim.

    Attributes
    ----------
    kind : FindingKind
    title : str
    who : str
        The items, as the subject of a sentence.
    did : str
        What they did.
    facts : tuple of str
        How much, each a few words, the most telling first.
    rows : array of shape (n,)
        The items, ascending.
    far : float
        How far they changed beside the others, in [0, 1].
    p : float or None
        None where it is no claim that chance could make.
    subjects : frozenset of str
        Labels that most of the items carry.
    partners : frozenset of str
        Labels that they joined or left.
    mostly : str
        What most of the items are besides, which their label does not say.
    groups : tuple of int
    labels : tuple of str
        Labels whose claims it tells.
    picture : FindingPicture
    size : int
        Items, where their rows are not known.
    better : bool
        Of a label: whether it became clearer.
    closer : bool
        Of two labels: whether they came closer.
    parts : tuple of (int, float)
        How many items, and how far, of other claims that it tells as well.
    example : str
        One that is no item and its neighbours.
    """

    kind: FindingKind
    title: str
    who: str
    did: str
    facts: tuple[str, ...]
    rows: IntArray
    far: float
    p: float | None = None
    subjects: frozenset[str] = frozenset()
    partners: frozenset[str] = frozenset()
    mostly: str = ""
    groups: tuple[int, ...] = ()
    labels: tuple[str, ...] = ()
    picture: FindingPicture = "trails"
    size: int = 0
    better: bool = False
    closer: bool = False
    parts: tuple[tuple[int, float], ...] = ()
    example: str = ""

    @property
    def n(self) -> int:
        """How many items it is of."""
        return len(self.rows) or self.size

    def with_facts(self, other: Claim, *facts: str) -> Claim:
        """Tell another claim of the same items as well, by these facts.

        The surer ``p`` holds; what is counted and not tested is not made less sure.

        Parameters
        ----------
        other : Claim
        *facts : str

        Returns
        -------
        Claim
        """
        told = tuple(one for one in facts if one not in self.facts)
        known = [one for one in (self.p, other.p) if one is not None]
        return replace(
            self,
            facts=(*self.facts, *told),
            p=min(known) if self.p is not None else None,
            groups=(*self.groups, *(one for one in other.groups if one not in self.groups)),
            labels=(*self.labels, *(one for one in other.labels if one not in self.labels)),
            parts=(*self.parts, (other.n, other.far), *other.parts),
        )
