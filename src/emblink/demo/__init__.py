"""The comparison that ships: what seven spaces make of 1,870 emoji."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import numpy as np

from emblink.bundle import Notice
from emblink.comparison import Comparison, compare, log
from emblink.pipeline import Preview, StepProgress, quiet

SPACES = {
    "MiniLM names": "space__minilm_l6_name_en",
    "USE names": "space__use_name_en",
    "USE French names": "space__use_name_fr",
    "USE Japanese names": "space__use_name_ja",
    "letter trigrams": "space__chargram_svd128_en",
    "EfficientNet images": "space__efflite0_image_pca256",
    "pixels": "space__pixels_pca64",
}

OPENING = "#a=MiniLM+names&b=EfficientNet+images&first=1"
"""What the page shows first: the same emoji by what they are called and by how they look; what
stands out plays once."""


def compare_emoji(
    out: str | Path,
    *,
    progress: StepProgress = quiet,
    preview: Callable[[Preview], None] | None = None,
    notice: Notice = log,
) -> Comparison:
    """Compare the emoji spaces, and keep the bundle.

    Parameters
    ----------
    out : str or Path
        Directory of the bundle; continued when it exists.
    progress : callable
        Called with ``(step, done, total)``.
    preview : callable, optional
        Called with the pictures so far.
    notice : callable
        Called with what there is to know of the directory.

    Returns
    -------
    Comparison
    """
    data = np.load(Path(str(files("emblink.demo") / "emoji.npz")), allow_pickle=False)
    items = {
        "name": data["name_en"],
        "emoji": data["emoji"],
        "group": data["classes"][data["label"]],
        "subgroup": data["subgroup"],
        "nom français": data["name_fr"],
        "日本語名": data["name_ja"],
        "picture": data["thumbs"],
    }
    return compare(
        {name: data[key] for name, key in SPACES.items()},
        items=items,
        ids=data["ids"],
        text="name",
        labels="group",
        thumbnails="picture",
        out=out,
        title="emoji",
        on_bad="drop",  # three names have no letter trigram: axe, dvd, ZZZ
        progress=progress,
        preview=preview,
        notice=notice,
    )
