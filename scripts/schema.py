"""Write the JSON Schema of the manifest and the report, the source of the page's types.

``python scripts/schema.py [PATH]``; without a path, where the page's types are made of it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import msgspec

from emblink.bundle import schema as bundle

TARGET = Path(__file__).parents[1] / "frontend" / "src" / "model" / "schema.json"


def schema() -> dict[str, Any]:
    """Return one JSON Schema document for the manifest, the report within."""
    (_,), definitions = msgspec.json.schema_components(
        [bundle.Manifest], ref_template="#/$defs/{name}"
    )
    for name, definition in definitions.items():
        if issubclass(getattr(bundle, name, dict), msgspec.Struct):
            definition["required"] = list(definition["properties"])
    root = definitions.pop("Manifest")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **root, "$defs": definitions}


if __name__ == "__main__":
    target = Path(sys.argv[1]) if sys.argv[1:] else TARGET
    target.write_text(json.dumps(schema(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
