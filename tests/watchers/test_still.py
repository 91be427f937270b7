"""A Watch that comes while a batch is between matching and writing misses nothing of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

from matching.filing_alerts import Seen
from matching.match import Matcher
from model import Filing, Item, Mention, Source, Watch
from store import alerts, items, pages, sources, watches
from store.engine import Store, Tx
from tests.watchers.test_poll import NAME, House, entry, feed, house_of
from watchers.book import WatchBook
from watchers.corrections import PageSaid
from watchers.push import source_of
from watchers.take_in import Given, TakeIn, TakeInRules

NEWS = Item("1", "https://a.example/1", f"{NAME} may go", lang="en")
FILED = Filing(court="nyed", number="1:19-cr-00366", entry="3", text=f"LETTER by {NAME}")


class Late(WatchBook):
    """A book during whose matching somebody adds a Watch, once."""

    def __init__(self, house: House) -> None:
        super().__init__(Matcher())
        self.house = house
        self.added = 0

    async def find_mentions(self, some: Sequence[Item]) -> list[list[Mention]]:
        found = await super().find_mentions(some)
        await self._comes()
        return found

    async def find_in_filings(self, some: Sequence[Item]) -> list[Seen]:
        found = await super().find_in_filings(some)
        await self._comes()
        return found

    async def _comes(self) -> None:
        if not self.added:
            self.added = await self.house.watch()


@asynccontextmanager
async def late(store: Store) -> AsyncIterator[tuple[House, TakeIn]]:
    async with house_of(store) as house:
        await house.reader()
        book = Late(house)
        yield house, TakeIn(store, book, TakeInRules())
        book.close()


async def never_asked(house: House) -> Source:
    async with house.store.write() as tx:
        return await sources.never_asked(tx, source_of("https://a.example"), house.clock())


async def settle(_tx: Tx) -> bool:
    return True


async def test_a_watch_that_comes_while_a_poll_is_matched_hears_of_it(store: Store) -> None:
    async with late(store) as (house, take_in):
        house.web.page("/feed", feed(entry(1)))
        await house.source("/feed")
        await house.poll()
        house.poller._take_in = take_in
        house.web.page("/feed", feed(entry(2, text=NAME), entry(1)))
        report = await house.poll(minutes=5)
        (one,) = report.polls
        assert (one.new, one.mentions, one.alerts, report.alerts) == (1, 1, 1, 1)
        assert len(await house.views()) == 1


async def test_a_watch_that_comes_while_filings_are_matched_hears_of_them(store: Store) -> None:
    async with late(store) as (house, take_in):
        filed = Item("f", title="USA v. Poe", summary=FILED.text, lang="en", filing=FILED)
        given = Given(await never_asked(house), (filed,), house.clock())
        assert (await take_in.take_in_given(given, settle)).alerts == 1


async def test_a_watch_that_comes_while_a_page_is_matched_hears_of_it(store: Store) -> None:
    async with late(store) as (house, take_in):
        source = await never_asked(house)
        bare = replace(NEWS, title="May go", source_id=source.id)
        async with store.write() as tx:
            (stored,) = await items.record(tx, [bare], house.clock())
        page = PageSaid(replace(stored.item, text=NEWS.title), stored.item)

        async def nothing(_tx: Tx) -> None:
            pass

        assert await take_in.take_in_page(page, source, house.clock(), nothing) == 1


async def test_a_watch_that_is_just_being_added_is_waited_for(postgres_url: str) -> None:
    here, there = await Store.open(postgres_url), await Store.open(postgres_url)
    async with house_of(here) as house:
        await house.reader()
        book = WatchBook(Matcher())
        take_in = TakeIn(here, book, TakeInRules())
        given = Given(await never_asked(house), (NEWS,), house.clock())
        async with there.write() as tx:
            await watches.add(tx, Watch(NAME), house.clock())
            taken = asyncio.create_task(take_in.take_in_given(given, settle))
            await asyncio.wait([taken], timeout=0.3)
            assert not taken.done()
        report = await taken
        assert (report.alerts, report.polls[0].new) == (1, 1)
        book.close()
    await here.close()
    await there.close()


async def test_a_page_that_is_read_while_its_article_is_polled_waits_for_nobody_who_waits(
    postgres_url: str,
) -> None:
    here, there = await Store.open(postgres_url), await Store.open(postgres_url)
    async with house_of(there) as house:
        source = await never_asked(house)
        async with here.write() as tx:
            (stored,) = await items.record(tx, [replace(NEWS, source_id=source.id)], house.clock())
        book = WatchBook(Matcher())
        take_in = TakeIn(there, book, TakeInRules())
        page = PageSaid(replace(stored.item, text="The whole text"), stored.item)

        async def keeps(tx: Tx) -> None:
            await pages.keep_words(tx, page.item, page.before)

        async with here.write() as tx:
            newer = replace(NEWS, title=f"{NAME} is free", source_id=source.id)
            await items.record(tx, [newer], house.clock())
            read = asyncio.create_task(take_in.take_in_page(page, source, house.clock(), keeps))
            await asyncio.wait([read], timeout=0.3)
            await alerts.one_decides(tx)
        await read
        book.close()
    await here.close()
    await there.close()
