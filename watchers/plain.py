"""HTML and half-escaped text to plain text that can be matched, stored and shown."""

from __future__ import annotations

import re
from html import unescape

_ELEMENTS = (
    "a abbr acronym address article aside audio b big blockquote body br button caption center "
    "cite code col dd del details dfn dir div dl dt em embed fieldset figcaption figure font "
    "footer form frame h1 h2 h3 h4 h5 h6 head header hr html i iframe img input ins kbd label "
    "legend li link main map mark menu meta nav noscript object ol option p param picture pre q s "
    "samp script section select small source span strike strong style sub summary sup svg table "
    "tbody td textarea tfoot th thead time title tr tt u ul var video wbr"
)
_MARKUP = re.compile(r"<[a-zA-Z/!?]")
_KNOWN_TAG = re.compile(rf"<(?:/?(?:{'|'.join(_ELEMENTS.split())})(?:\s[^<>]*|\s*/)?>|!--)", re.I)
_BREAKS = re.compile(
    r"<(?=/?(?:p|div|br|hr|li|ul|ol|dl|dt|dd|tr|table|h[1-6]|blockquote|pre|section|article|"
    r"header|footer|figure|figcaption|aside|option)[\s/>])",
    re.I,
)
_CELLS = re.compile(r"<(?=/?t[dh][\s/>])", re.I)
_SILENT = ["script", "style", "template", "noembed", "noframes"]
_SURROGATES = re.compile("[\ud800-\udfff]")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")
_IMPOSSIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
_SPACE = re.compile(r"[ \t\r\n\f]{2,}|[\t\r\n\f]")
"""What is not one space already: most of a text is."""


def plain_text(text: str, *, html: bool = True, limit: int = 200_000) -> str:
    """Return what a reader of `text` would see, in at most `limit` code points.

    Tags go, blocks become lines, entities are decoded at most twice: feeds escape once too often
    (`Garc&iacute;a` in CDATA, `&amp;iacute;`) but never three times. `html` False: a `<` counts as
    markup only where it opens a tag that HTML has, as in a title declared to be plain.
    """
    text = scrub(text)
    for markup in (_MARKUP if html else _KNOWN_TAG, _KNOWN_TAG):
        if "<" in text and markup.search(text):
            text = _without_tags(text)
        elif "&" in text:
            text = unescape(text)
        else:
            break
    return _tidy(scrub(text))[:limit].rstrip()


def plain_line(text: str, *, html: bool = True, limit: int = 1_000) -> str:
    """Return the same as one line: for titles, names and dates."""
    return " ".join(plain_text(text, html=html, limit=limit * 4).split())[:limit].rstrip()


def scrub(text: str) -> str:
    """Return `text` without what no database or message can hold: lone surrogates, NUL and the
    other control characters.
    """
    if _IMPOSSIBLE.search(text) is None:
        return text
    return _CONTROLS.sub("", _SURROGATES.sub("\ufffd", text))


def _without_tags(text: str) -> str:
    from selectolax.lexbor import LexborHTMLParser  # loaded only where there are tags to take out

    text = _without_open_comments(text)
    text = _CELLS.sub(" <", _BREAKS.sub("\n<", _SPACE.sub(" ", text)))
    tree = LexborHTMLParser(text)
    tree.strip_tags(_SILENT)
    root = tree.root
    return "" if root is None else root.text(deep=True, separator="")


def _without_open_comments(text: str) -> str:
    """Drop the start of a comment that is never closed: it would swallow the rest."""
    end = text.rfind("-->") + 1
    return text if text.find("<!--", end) < 0 else text[:end] + text[end:].replace("<!--", "")


def _tidy(text: str) -> str:
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(line for line in lines if line)
