"""A page that is watched for new links to articles, for sites with neither feed nor sitemap."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from model import Page, Source, SourceState
from watchers.answer import Answer, Request
from watchers.index import SLICE_ITEMS, Known
from watchers.kinds.feed import Feed

NAME = "links"
KNOWN_MOST = 6_000
"""Links that are remembered: one that left the page and comes back, or is called otherwise there,
is no news."""


class PageLinks(Feed):
    """The links of one page."""

    name = NAME

    def request(self, source: Source, state: SourceState, now: datetime) -> Request:
        """Ask for the page, or for nothing if it is still what it was."""
        asked = super().request(source, state, now)
        headers = {**asked.headers, "Accept": "text/html,application/xhtml+xml;q=0.9"}
        return replace(asked, headers=headers)

    def parse(
        self,
        source: Source,
        answer: Answer,
        known: bytes = b"",
        *,
        most: int = SLICE_ITEMS,
        aside: int = 0,
    ) -> Page:
        """Read a page's links. Raises ParseError when none leads to an article."""
        from watchers.front import FrontPage  # parsers are loaded in the sandbox's child
        from watchers.reading import read_document

        document = FrontPage(answer.body, answer.url, answer.charset, torn=answer.cut)
        page = read_document(source, answer, document, known, most=most, aside=aside)
        whole = Known.unpack(known).joined(Known.unpack(page.known), KNOWN_MOST)
        return replace(page, known=whole.pack())
