"""Who is a party to a case, as CourtListener lists them: each name by itself, for two names that
stand below one another are not one.
"""

from __future__ import annotations

from dataclasses import replace

from matching.match import Matcher
from model import Item, Mention


def party_mentions(matcher: Matcher, item: Item, *, possible: bool = False) -> list[Mention]:
    """Return the Mentions in the names of a court Item's parties, as if its caption said them."""
    parties = item.filing.parties if item.filing else ()
    some = [Item(title=name, lang=item.lang) for name in parties]
    found = matcher.find_all(some, possible=possible) if some else []
    return [replace(one, field="title", start=0, end=0) for each in found for one in each]
