"""Looks again at the pages of told articles, and tells what has become of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta

from matching.amendments import GONE
from model import FetchError, Item, ParseError, Source, Validators, VigilError
from store import pages, second_looks, sources, versions
from store.engine import Store, Tx
from store.second_looks import Look
from watchers.answer import Article
from watchers.corrections import PageSaid, gone_version, page_version
from watchers.dates import believable
from watchers.fetch import RefusedError
from watchers.kinds.links import NAME as LINKS
from watchers.kinds.sitemap import NAME as SITEMAP
from watchers.page_ask import PageAnswer, PageAsk, PageError, host_of
from watchers.sitemap import instant, slug_words
from watchers.take_in import TakeIn
from watchers.turns import HostParkedError

SURE_AFTER = timedelta(minutes=15)
"""A page that answers 404 is asked for once more after this long before it counts as withdrawn:
servers err."""
_ENOUGH = 600
"""Characters of a text that show whom an article names, or half of what it had before."""


class LookAgain:
    """Looks at one page after another, as its schedule says (store.second_looks)."""

    def __init__(
        self,
        store: Store,
        ask: PageAsk,
        take_in: TakeIn,
        failed: Callable[[VigilError, str, datetime], None],
    ) -> None:
        """Ask by `ask`, tell by `take_in`. `failed` hears of each page that could not be read."""
        self._store = store
        self._ask = ask
        self._take_in = take_in
        self._failed = failed

    async def look(self, look: Look, now: datetime) -> int:
        """Look again at a page, tell what has changed, and return how many Alerts came of it.

        HostParkedError while its host wants to be left alone.
        """
        try:
            since = Validators(look.etag, look.last_modified)
            answer = await self._ask.ask(look.url, now, since)
        except HostParkedError:
            raise
        except RefusedError as error:
            if error.status in GONE:
                return await self._gone(look, error.status, now)
            await self._looked(look, now, error)
        except (FetchError, ParseError, PageError) as error:
            await self._looked(look, now, error)
        else:
            if answer is not None and not answer.article.wall and not answer.cut:
                return await self._compare(look, answer, now)
            await self._looked(look, now)
        return 0

    async def _looked(self, look: Look, now: datetime, error: VigilError | None = None) -> None:
        """Note a look that showed nothing."""
        if error is not None:
            self._failed(error, look.url, now)
        async with self._store.write() as tx:
            await second_looks.looked(
                tx,
                look.item.id,
                now,
                etag=look.etag,
                last_modified=look.last_modified,
                error=with_host(str(error), look.url) if error else "",
            )

    async def _gone(self, look: Look, status: int, now: datetime) -> int:
        """Tell that a page is no more, once that is sure."""
        item_id, gone = look.item.id, look.gone + 1
        if status != 410 and gone == 1:
            async with self._store.write() as tx:
                await second_looks.put_off(tx, item_id, now + SURE_AFTER, gone=gone)
            return 0

        async def settle(tx: Tx) -> None:
            await second_looks.looked(tx, item_id, now, gone=gone)

        said = gone_version(look.item, look.url, status, now)
        page = PageSaid(look.item, look.item, said, readable=False)
        return await self._take_in_page(page, now, settle)

    async def _compare(self, look: Look, answer: PageAnswer, now: datetime) -> int:
        """Tell what the page of a told Item says otherwise now."""
        article, sent = answer.article, answer.validators
        async with self._store.read() as tx:
            known = (await versions.page_texts(tx, [look.item.id])).get(look.item.id, "")
            source = await sources.get(tx, look.item.source_id)
        before = look.item
        if not _is_whole(article, known):
            await self._looked(look, now)
            return 0
        if before.text and before.text == known:
            before = replace(before, text="")  # the page's own, which it may take back
        item = with_page(before, article, source, now)

        async def settle(tx: Tx) -> None:
            await second_looks.looked(
                tx, item.id, now, etag=sent.etag, last_modified=sent.last_modified
            )
            await pages.keep_words(tx, item, look.item)

        said = page_version(item, article.title, article.text, answer.capture, now)
        page = PageSaid(item, look.item, said)
        return await self._take_in_page(page, now, settle, source)

    async def _take_in_page(
        self,
        page: PageSaid,
        now: datetime,
        settle: Callable[[Tx], Awaitable[None]],
        source: Source | None = None,
    ) -> int:
        if source is None:
            async with self._store.read() as tx:
                source = await sources.get(tx, page.item.source_id)
        if source is None:
            async with self._store.write() as tx:
                await settle(tx)
            return 0
        return await self._take_in.take_in_page(page, source, now, settle)


def _is_whole(article: Article, known: str) -> bool:
    """Return whether what was read is long enough to show whom the article names: else it is more
    likely that reading failed than that the outlet took half of it away.
    """
    return len(article.text) >= (min(_ENOUGH, len(known) / 2) if known else _ENOUGH)


def with_page(item: Item, article: Article, source: Source | None, now: datetime) -> Item:
    """Return an Item with what its own page says: its text where that says more. Of a page that
    was found by a link or a sitemap the headline and the date too.
    """
    if len(article.text) > len(item.text):
        item = replace(item, text=article.text, lang=item.lang or article.lang)
    if source is None or source.kind not in (LINKS, SITEMAP):
        return item
    if article.title and (source.kind == LINKS or item.title == slug_words(item.key)):
        item = replace(item, title=article.title)
    at = instant(article.published)
    if at is None or not believable(at, now):
        return item
    return replace(item, published=article.published, published_at=at)


def with_host(sentence: str, url: str) -> str:
    """Return the sentence with the site it is about, where it doesn't say so itself."""
    host = host_of(url)
    return sentence if host in sentence else f"{host}: {sentence}"
