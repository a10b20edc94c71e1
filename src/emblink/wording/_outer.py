"""Words that others wrote, shown for what they are: no sign of theirs does anything."""

from __future__ import annotations

import re

_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
_MARKDOWN = re.compile(r"[\\`*\[\]<>|~#&]|(?<![^\W_])_|_(?![^\W_])")
_ADDRESS = re.compile(r"(?<=:)/(?=/)|(?<=\bwww)\.|(?<=\w)@(?=[\w-]+\.\w)", re.IGNORECASE)
_LIST = re.compile(r"^(\s*)([-+=](?=[-=\s]|$)|\d+(?=[.)](?:\s|$)))")


def visible(words: str, *, lines: bool = False) -> str:
    """Write signs that a terminal or a browser would obey as signs that can be seen.

    Parameters
    ----------
    words : str
    lines : bool
        Whether the ends of lines stay.

    Returns
    -------
    str
        Control signs as their pictures (``␛``), those of direction and of no width by number.
    """
    return _UNSEEN.sub(lambda one: one[0] if lines and one[0] == "\n" else _seen(one[0]), words)


def inert_json(text: str) -> str:
    """Write JSON so that a terminal obeys none of its words, and a program reads the same.

    Parameters
    ----------
    text : str
        JSON, whose own line ends stay.

    Returns
    -------
    str
        The same JSON, with the signs that `visible` shows as escapes.
    """
    return _UNSEEN.sub(lambda one: one[0] if one[0] == "\n" else f"\\u{ord(one[0]):04x}", text)


def markdown(words: str) -> str:
    """Write words so that Markdown shows them as they are: no markup, no links, one line."""
    plain = _MARKDOWN.sub(r"\\\g<0>", visible(words))
    return _LIST.sub(_unlisted, _ADDRESS.sub(r"\\\g<0>", plain))


def _unlisted(start: re.Match[str]) -> str:
    blanks, first = start.groups()
    return f"{blanks}{first}\\" if first.isdigit() else f"{blanks}\\{first}"


def _seen(sign: str) -> str:
    code = ord(sign)
    if code < 0x20:
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else f"\\u{code:04x}"
