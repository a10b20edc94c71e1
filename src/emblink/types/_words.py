"""Names for arrays, and the words that a field may hold."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

FloatArray: TypeAlias = NDArray[np.floating[Any]]
IntArray: TypeAlias = NDArray[np.integer[Any]]
AnyArray: TypeAlias = NDArray[Any]

Metric = Literal["cosine", "euclidean"]
Role = Literal["text", "label", "thumbnail"]
MatchedBy = Literal["id", "row"]
ComparedBy = Literal["items", "labels"]
FloorKind = Literal["numerical", "replicate"]
MoveFloorKind = Literal["replicate", "layout", "none"]
Grade = Literal[
    "identical",
    "same",
    "interchangeable",
    "like_another_run",
    "reworked",
    "another_space",
    "unrelated",
    "misaligned",
    "too_few",
    "labels_only",
]
"""How large the change of a pair is; the last four say why there is no size."""
BeyondNoise = Literal["yes", "no", "unknown"]
QualityVerdict = Literal["kept", "lost", "better", "undecided"]
LabelVerdict = Literal["better", "worse", "same", "too_few"]
SegmentVerdict = Literal["better", "worse", "churned", "steady", "same", "too_few"]
"""Of queries; where nothing is known of their answers, whether more of their results are replaced
than of those of others, or fewer."""
LabelPairVerdict = Literal["drawn_together", "pushed_apart", "same"]
MoveJudge = Literal["replicate", "amount", "copy", "nothing"]
"""What says which items changed: runs of one recipe; nothing, so that there is an amount alone; one
space is a copy of the other, so that none did; or the spaces are unrelated, and no item is told."""
MoveClass = Literal[
    "still",
    "changed_and_moved",
    "moved_not_changed",
    "changed_not_shown",
    "amount_only",
    "lost_and_still",
]
MOVE_CLASSES: tuple[MoveClass, ...] = (
    "still",
    "changed_and_moved",
    "moved_not_changed",
    "changed_not_shown",
    "amount_only",
    "lost_and_still",
)
"""The class of each code of a move. Of ``amount_only`` nothing is known but how many neighbours the
item kept; one that is ``lost_and_still`` kept none, and looks still."""

GroupType = Literal[
    "moved", "carried", "merged", "split", "gathered", "scattered", "contracted", "expanded"
]
GroupFloor = Literal["replicate", "neighbors"]
ExemplarRole = Literal["medoid", "mover", "boundary"]
FindingKind = Literal[
    "group", "order", "label", "label_pair", "all_labels", "items", "step", "searches"
]
FindingPicture = Literal["trails", "side_by_side"]
"""How to show a finding: the way of its items from one picture to the other, or both pictures side
by side where the items look still."""
