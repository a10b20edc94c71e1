"""The page as it was built, and as one HTML document that needs nothing beside it."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from html import escape
from importlib.resources import files
from pathlib import Path

from emblink.errors import BundleError

GENERATOR = '<meta name="generator" content="Emblink'
"""What every document of ours has near its start."""

_SCRIPT = re.compile(r'<script type="module"[^>]*src="\./([^"]+)"[^>]*></script>')
_STYLE = re.compile(r'<link rel="stylesheet"[^>]*href="\./([^"]+)"[^>]*>')
_PRELOAD = re.compile(r'\s*<link rel="preload"[^>]*>')
_TITLE = re.compile(r"<title>[^<]*</title>")


def page_folder() -> Path:
    """Return the folder of the built page.

    Returns
    -------
    Path

    Raises
    ------
    BundleError
        It was not built.
    """
    page = Path(str(files("emblink") / "static"))
    if not (page / "index.html").is_file():
        raise BundleError(
            "the page was not built; reinstall Emblink, "
            "or run `python hatch_build.py` in a checkout"
        )
    return page


def document(*, title: str, carrier: str, version: str, blocks: Iterable[str] = ()) -> str:
    """Return the page as one document: its script and its styles within, and nothing fetched.

    Parameters
    ----------
    title : str
        Of the document.
    carrier : str
        What brings the data: ``"inline"`` or ``"widget"``.
    version : str
        Of Emblink.
    blocks : iterable of str
        HTML that stands after the page's own element.

    Returns
    -------
    str
    """
    folder = page_folder()
    text = (folder / "index.html").read_text(encoding="utf-8")
    script = (folder / "whole.js").read_text(encoding="utf-8")
    script = script.replace("</script", "<\\/script").replace("<!--", "<\\!--")
    style = _of(folder, _STYLE, text)
    policy = (
        f"default-src 'none'; script-src '{_digest(script)}'; style-src '{_digest(style)}'; "
        "img-src data: blob:; base-uri 'none'; form-action 'none'"
    )
    head = (
        f'<meta http-equiv="Content-Security-Policy" content="{policy}" />\n'
        f'    {GENERATOR} {escape(version)}" />\n'
        f'    <meta name="emblink-carrier" content="{escape(carrier)}" />\n'
        f"    <title>{escape(title)}</title>"
    )
    text = _SCRIPT.sub("", text)
    text = _PRELOAD.sub("", text)
    text = _STYLE.sub(lambda _: f"<style>{style}</style>", text, count=1)
    text = _TITLE.sub("", text, count=1)
    # First of all, so that nothing is read before the policy holds.
    text = text.replace('<meta charset="utf-8" />', f'<meta charset="utf-8" />\n    {head}', 1)
    # Inert: the page takes its pieces from there.
    markup = (folder / "markup.html").read_text(encoding="utf-8")
    blocks = [*blocks, f'<script type="text/html" id="markup">{markup}</script>']
    last = "".join([*blocks, f'<script type="module">{script}</script>\n  </body>'])
    start, _, end = text.rpartition("</body>")
    return start + last + end


def _of(folder: Path, tag: re.Pattern[str], text: str) -> str:
    """Return the text of the one file that a tag of the page names."""
    found: list[str] = tag.findall(text)
    if len(found) != 1:
        raise BundleError(
            f"the page has {len(found)} files of one kind, 1 expected; build it again"
        )
    return (folder / found[0]).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
