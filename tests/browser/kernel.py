"""A notebook's kernel behind lines of JSON: what a widget asks, answered from the bundle named."""

from __future__ import annotations

import base64
import json
import sys
from pathlib import Path
from typing import Any

from emblink._version import VERSION
from emblink.page import document
from emblink.server import unguarded
from emblink.widget import Carrier


def page() -> str:
    return document(title="a widget", carrier="widget", version=VERSION)


def send(content: dict[str, Any], buffers: list[bytes]) -> None:
    coded = [base64.b64encode(one).decode() for one in buffers]
    print(json.dumps({"content": content, "buffers": coded}), flush=True)


document_ = page()
carrier = Carrier(unguarded(Path(sys.argv[1])), lambda: document_, send)
print(flush=True)
for line in sys.stdin:
    asked = json.loads(line)
    if "id" in asked["content"]:
        carrier.answer(asked["content"], [base64.b64decode(one) for one in asked["buffers"]])
