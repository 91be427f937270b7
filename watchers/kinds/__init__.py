"""The kinds of Source: how each sort of place is asked and read. One file a kind."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from model import Page, Source, SourceState
from watchers.answer import Answer, Request
from watchers.index import SLICE_ITEMS
from watchers.kinds.courtlistener import DocketFeed, SearchFeed
from watchers.kinds.feed import Feed
from watchers.kinds.links import PageLinks
from watchers.kinds.pacer import Pacer
from watchers.kinds.sitemap import NewsSitemap


class Kind(Protocol):
    """How one sort of Source is asked and read. Both halves are pure; neither does I/O."""

    name: str
    """What Source.kind says."""

    def request(self, source: Source, state: SourceState, now: datetime) -> Request:
        """Say what to ask `source`, given what its last good poll left behind."""
        ...

    def parse(
        self,
        source: Source,
        answer: Answer,
        known: bytes = b"",
        *,
        most: int = SLICE_ITEMS,
        aside: int = 0,
    ) -> Page:
        """Read an answer with a body. `known` is SourceState.known: what it lists is left out.

        Runs in the sandbox only (it is handed what strangers sent), which takes care of the rest:
        a long document comes in slices of at most `most` items, read again with Page.known while
        Page.unread > 0; `aside` of the next items are given up. Raises ParseError.
        """
        ...


KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (Feed(), NewsSitemap(), PageLinks(), Pacer(), DocketFeed(), SearchFeed())
}
"""Every kind by its name: a new kind is one file here and one entry in this table."""
