"""Makes what a stranger wrote harmless: no hidden direction, no invisible letters, no mention."""

from __future__ import annotations

import re

_HIDDEN = re.compile(
    "["
    "\u0000-\u0008\u000b-\u001f\u007f-\u009f"  # control characters, the tab and line feed apart
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e"  # soft hyphen, joiners, fillers
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0"  # zero-width and bidi controls
    "\ufff9-\ufffb"  # interlinear annotations
    "\U000e0000-\U000e007f"  # tags
    "]"
)
_LONE = re.compile("[\ud800-\udfff]")
_BREAK = re.compile("[\u2028\u2029\r]")
_SPACE = re.compile(r"\s+")
_AT = "@\N{WORD JOINER}"


def inert(text: str) -> str:
    """Return `text` on one line: runs of white space are one space, bidi controls and zero-width
    characters are gone, lone surrogates are U+FFFD, and U+2060 after every '@' keeps Telegram from
    making it a mention (measured: it links @names in text that has no entity at all).
    """
    seen = _HIDDEN.sub("", _BREAK.sub("\n", text))
    return _SPACE.sub(" ", _LONE.sub("\ufffd", seen)).replace("@", _AT)


def clipped(text: str, most: int) -> str:
    """Return `text`, or its beginning up to a word's end and "…", in at most `most` characters."""
    if len(text) <= most:
        return text
    cut = text[: max(0, most - 1)]
    word = cut.rfind(" ")
    return cut[: word if word > most // 2 else len(cut)].rstrip() + "…"
