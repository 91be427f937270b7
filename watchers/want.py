"""Which Items' own pages are read, besides what their Source says of them (pure)."""

from __future__ import annotations

import re
from enum import StrEnum

from model import Item, News, Recorded

WHOLE = 1_500
"""Characters from which on a text that does not break off is taken for the whole article."""

_BREAKS_OFF = re.compile(
    r"(?:…|\.{3}|\[(?:…|\.{3}|&hellip;)\]|»|→|read more|continue reading|more details|"
    r"le[ea]r más|seguir leyendo|sigue leyendo|leia mais|lire la suite|weiterlesen|mehr lesen|"
    r"leggi tutto|читать далее|подробнее|اقرأ المزيد)[\s.\])»→]*$",
    re.I,
)


class FullText(StrEnum):
    """[polling] full_text: when an article's page is read."""

    NEVER = "never"
    WHEN_TRUNCATED = "when-truncated"
    ALWAYS = "always"


def wants_page(recorded: Recorded, how: FullText) -> bool:
    """Return whether the page of what was recorded should be read.

    Only of news, not of what a new Source already held, and never of a court's filing.
    "when-truncated": what the Source gave is not the whole article. Whether that names somebody
    decides nothing: the page may name somebody else.
    """
    item = recorded.item
    if how is FullText.NEVER or recorded.backlog or recorded.news is not News.NEW:
        return False
    if item.filing is not None or not item.url.startswith(("http://", "https://")):
        return False
    return how is FullText.ALWAYS or not is_whole(item)


def is_whole(item: Item) -> bool:
    """Return whether a Source gave the whole article: long, and not broken off at its end."""
    longest = max(item.text, item.summary, key=len)
    return len(longest) >= WHOLE and _BREAKS_OFF.search(longest[-60:]) is None
