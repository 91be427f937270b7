"""Feeds: RSS, Atom, RDF, CDF and JSON Feed."""

from __future__ import annotations

from datetime import datetime, timedelta

from model import Item, Page, Source, SourceState
from watchers.answer import Answer, Request
from watchers.entry import Entry
from watchers.index import SLICE_ITEMS

VALIDATORS_LAST = timedelta(days=8)
"""Some servers answer 304 for ever: after this long the whole document is asked for again."""

ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml, "
    "application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.5"
)


class Feed:
    """A feed at one address. A kind of feed that knows more of its items says so in `dressed` and
    `joined`.
    """

    name = "feed"

    def dressed(self, entry: Entry, item: Item) -> Item:
        """Return what this kind makes of an item that was read and cleaned."""
        return item

    def joined(self, one: Item, other: Item) -> Item:
        """Return what two items of one document come to that are called alike."""
        return one

    def request(self, source: Source, state: SourceState, now: datetime) -> Request:
        """Ask for the feed, or for nothing if it is still what it was."""
        headers = {"Accept": ACCEPT}
        kept = state.validators
        age = None if kept.stored_at is None else now - kept.stored_at
        if age is not None and timedelta() <= age < VALIDATORS_LAST:  # a clock may be set back
            if kept.etag:
                headers["If-None-Match"] = kept.etag
            if kept.last_modified:
                headers["If-Modified-Since"] = kept.last_modified
        return Request(source.url, headers)

    def parse(
        self,
        source: Source,
        answer: Answer,
        known: bytes = b"",
        *,
        most: int = SLICE_ITEMS,
        aside: int = 0,
    ) -> Page:
        """Read a feed's bytes. Raises ParseError when they are not a feed."""
        from watchers.reading import read_feed  # the parsers are loaded in the sandbox's child

        return read_feed(
            source,
            answer,
            known,
            most=most,
            aside=aside,
            dress=self.dressed,
            join=self.joined,
        )
