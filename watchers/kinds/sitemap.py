"""A site's news sitemap, for outlets without a feed: the addresses it lists."""

from __future__ import annotations

from dataclasses import replace

from model import Page, Source
from watchers.answer import Answer
from watchers.index import SLICE_ITEMS, Known
from watchers.kinds.feed import Feed

NAME = "sitemap"
KNOWN_MOST = 6_000
"""Addresses that are remembered: those of several sitemaps, also of such as were not read now."""


class NewsSitemap(Feed):
    """A sitemap, or an index of sitemaps, at one address."""

    name = NAME

    def parse(
        self,
        source: Source,
        answer: Answer,
        known: bytes = b"",
        *,
        most: int = SLICE_ITEMS,
        aside: int = 0,
    ) -> Page:
        """Read a sitemap's bytes; of an index say which sitemaps are to be read (Page.parts).
        Raises ParseError when they are none.
        """
        from watchers.reading import read_document  # parsers are loaded in the sandbox's child
        from watchers.sitemap import Sitemap

        document = Sitemap(answer.body, answer.at)
        before = Known.unpack(known)
        if document.is_index:
            return Page(
                known=known,
                partial=answer.cut or document.cut,
                parts=document.wanted(before),
                again=not document.says_when,
            )
        page = read_document(source, answer, document, known, most=most, aside=aside)
        whole = before.joined(Known.unpack(page.known), KNOWN_MOST)
        return replace(page, known=whole.pack())
