"""Write the JSON Schema of what the page is told, the source of its types.

``python scripts/schema.py [PATH]``; without a path, where the page's types are made of it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, is_typeddict

import msgspec

from emblink.ask import SelectionAnswer, SimilarGroups, SuggestedGroups
from emblink.bundle import Notes, SavedSelection
from emblink.bundle import schema as bundle
from emblink.live import Progress

TOLD = {
    "manifest": bundle.Manifest,
    "selection": SelectionAnswer,
    "suggest": SuggestedGroups,
    "like": SimilarGroups,
    "notes": Notes,
    "progress": Progress,
}
WRITTEN_WHOLE = {Notes.__name__, SavedSelection.__name__, Progress.__name__, *dir(bundle)}
"""Where a default of ours is no sign that the page may miss it."""
TARGET = Path(__file__).parents[1] / "frontend" / "src" / "model" / "schema.json"


def schema() -> dict[str, Any]:
    """Return one JSON Schema document for the manifest and for what else the page is told."""
    told, definitions = msgspec.json.schema_components(
        list(TOLD.values()), ref_template="#/$defs/{name}"
    )
    for name, definition in definitions.items():
        if name in WRITTEN_WHOLE and not is_typeddict(getattr(bundle, name, None)):
            definition["required"] = list(definition["properties"])
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Told",
        "description": "All that the page is told, by its kind.",
        "type": "object",
        "properties": dict(zip(TOLD, told, strict=True)),
        "required": list(TOLD),
        "$defs": definitions,
    }


if __name__ == "__main__":
    target = Path(sys.argv[1]) if sys.argv[1:] else TARGET
    target.write_text(json.dumps(schema(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
