"""The page of a comparison within a conversation: MCP Apps (``io.modelcontextprotocol/ui``)."""

from __future__ import annotations

import base64
import hashlib
import tempfile
from html import escape
from importlib.resources import files
from pathlib import Path

from emblink._version import VERSION
from emblink.bundle import Bundle
from emblink.errors import BundleError
from emblink.export import export

SHELL = "ui://emblink/comparison.html"
"""What a host may read before there is a comparison: it asks for the page of the one made."""
MAX_MB = 8.0
_POLICY = "script-src '"


def shell() -> str:
    """Return the document that shows the comparison which a call of the tool made.

    Returns
    -------
    str
    """
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8" />'
        "<title>Emblink</title><style>html{color-scheme:light dark}"
        "body{font:14px system-ui,sans-serif;margin:2em}</style></head>\n"
        '<body><p id="emblink-shell" role="status">The page appears when the spaces are compared.'
        f"</p>\n<script>{_bridge()}</script></body></html>\n"
    )


def page_of(bundle: Path, name: str) -> str:
    """Return the page of a bundle as one document that fetches nothing and greets its host.

    Parameters
    ----------
    bundle : Path
    name : str
        What the bundle is called in an error.

    Returns
    -------
    str

    Raises
    ------
    BundleError
        The bundle cannot be read, or there is no room for the document.
    """
    try:
        with tempfile.TemporaryDirectory(prefix="emblink-mcp-") as folder:
            made = export(Bundle(bundle), Path(folder) / "page.html", max_mb=MAX_MB)
            text = made.path.read_text(encoding="utf-8")
    except OSError as error:
        raise BundleError(
            f"the page of {name} cannot be written ({error.strerror}); make room in the folder "
            "for temporary files"
        ) from error
    script = _bridge()
    if text.count(_POLICY) != 1 or "</head>" not in text:
        raise BundleError("the page was built by another version; reinstall Emblink")
    text = text.replace(_POLICY, f"script-src '{_digest(script)}' '", 1)
    return text.replace("</head>", f"<script>{script}</script></head>", 1)


def _bridge() -> str:
    script = (files("emblink") / "mcp" / "bridge.js").read_text(encoding="utf-8")
    return script.replace("VERSION", escape(VERSION))


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
