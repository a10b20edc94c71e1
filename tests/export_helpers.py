"""What an exported file holds, read as the page reads it."""

from __future__ import annotations

import base64
import json
import re
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from emblink.types import AnyArray

_BLOCK = re.compile(r'<script type="text/plain" id="emblink-(\w+)">([^<]*)</script>')


class Shared:
    """An exported HTML file."""

    def __init__(self, path: Path) -> None:
        self.text = path.read_text(encoding="utf-8")
        self.blocks = {
            name: zlib.decompress(base64.b64decode(text))
            for name, text in _BLOCK.findall(self.text)
        }
        index = json.loads(self.blocks["index"])
        self.manifest: dict[str, Any] = index["manifest"]
        self.columns: dict[str, Any] = index["columns"]

    def array(self, name: str) -> AnyArray:
        about, column = self.columns[name], self.manifest["columns"][name]
        shape = column["shape"]
        size = int(np.prod(shape))
        data = np.frombuffer(self.blocks[str(about["block"])], np.uint8)
        if not size:
            return np.empty(shape, column["dtype"])
        plain = np.ascontiguousarray(data.reshape(-1, size).T)
        if "low" not in about:
            whole: AnyArray = plain.reshape(-1).view(column["dtype"]).reshape(shape)
            return whole
        codes = plain.reshape(-1).view("<u2").reshape(-1, len(about["low"]))
        values = codes * np.array(about["step"]) + np.array(about["low"])
        found: AnyArray = np.where(codes == 65_535, np.nan, values).reshape(shape)
        return found
