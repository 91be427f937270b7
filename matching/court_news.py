"""Whether news and a court's entry are of one case and tell the same of it (pure)."""

from __future__ import annotations

from collections.abc import Iterable

from matching.remembered import remembered
from matching.stages import stages_of
from model import Item
from model.docket import Severity

_LEAD = 300
"""Code points of an article's text in which it is looked for what happened."""


def agree(entry: Item, stories: Iterable[Item]) -> bool:
    """Return whether one of these articles, which name somebody whom the entry names too, is about
    it: it gives the docket's number, or tells of the same outcome.
    """
    if entry.filing is None:
        return False
    numbers = remembered(Item(title=entry.filing.number)).dockets
    happened = {one.kind for one in entry.filing.events if one.severity is Severity.LOUD}
    return any(remembered(one).dockets & numbers or happened & _told(one) for one in stories)


def _told(item: Item) -> set[str]:
    text = f"{item.title}\n{item.summary[:_LEAD]}"
    return {one.kind for one in stages_of(text, item.lang)}
