"""What was told lately, as far as deciding about something new reads it; stories put right."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from matching.joining import decide
from model import (
    AlertDraft,
    Bond,
    Chat,
    DeliveryState,
    Item,
    NewSubscriber,
    Sameness,
    Step,
    Tie,
    Watch,
)
from store import alerts, history, items, outbox, parting, rhythms, subscribers, ties, watches
from store import told as reading
from store.engine import Store
from store.tables import delivery

NOW = datetime(2020, 11, 18, 19, 0, tzinfo=UTC)
ARREST = "Former minister Salvador Cienfuegos arrested at Los Angeles airport"
REWRITE = "Salvador Cienfuegos, Mexico's ex-minister, detained at the airport of Los Angeles"
AGAIN = "Mexico's former minister Salvador Cienfuegos detained at Los Angeles airport by the DEA"
RELEASE = "Former minister Salvador Cienfuegos released in Los Angeles"
GARDEN = "The garden club of Tepic plants jacarandas"


@dataclass
class Reader:
    """Somebody with one watch, and what comes for them."""

    store: Store
    id: int
    watch_id: int
    number: int = 0
    besides: tuple[int, ...] = ()
    """Other Watches that what comes mentions too."""

    async def comes(self, *titles: str, at: datetime = NOW) -> list[tuple[Step, int]]:
        """Record articles, decide about them as the poller does, and queue that."""
        self.number += 1
        new = [
            Item(f"{self.number}-{n}", f"https://a.example/{self.number}/{n}", title, source_id=1)
            for n, title in enumerate(titles)
        ]
        async with self.store.write() as tx:
            recorded = await items.record(tx, new, at)
            named = (self.watch_id, *self.besides)
            drafts = [AlertDraft(self.id, one.item, named, ()) for one in recorded]
            known = await alerts.told(tx, drafts, at - timedelta(hours=72))
            decisions = decide(drafts, known, now=at)
            await outbox.queue(tx, decisions, at)
        return [(one.step, one.alert_id) for one in decisions]

    async def view(self, alert_id: int) -> alerts.AlertView:
        async with self.store.read() as tx:
            return (await alerts.views(tx, [alert_id]))[alert_id]

    async def titles(self, alert_id: int) -> list[str]:
        return [one.title for one in (await self.view(alert_id)).items]


@pytest.fixture
async def ana(store: Store) -> Reader:
    async with store.write() as tx:
        new = NewSubscriber("telegram", "7", chat=Chat.PRIVATE)
        watch = (await watches.add(tx, Watch("Salvador Cienfuegos"), NOW)).watch
        return Reader(store, (await subscribers.add(tx, new, NOW)).id, watch.id)


async def test_a_story_is_known_to_any_process_from_what_is_stored(ana: Reader) -> None:
    assert await ana.comes(ARREST) == [(Step.TELL, 0)]
    assert await ana.comes(REWRITE) == [(Step.JOIN, 1)]
    assert await ana.comes(RELEASE) == [(Step.TELL, 0)]
    view = await ana.view(2)
    assert view.thread.tie is not None
    assert (view.thread.tie.alert_id, view.thread.tie.bond) == (1, Bond.STAGE)
    assert view.thread.other is not None
    assert view.thread.other.title == ARREST
    assert dict((await ana.view(1)).thread.joins) == {2: Sameness.SAME}


async def test_a_story_taken_in_from_two_sources_at_once_is_told_once(postgres_url: str) -> None:
    here, there = await Store.open(postgres_url), await Store.open(postgres_url)
    async with here.write() as tx:
        watch = (await watches.add(tx, Watch("Salvador Cienfuegos"), NOW)).watch
        reader = await subscribers.add(tx, NewSubscriber("telegram", "7"), NOW)
    async with here.write() as tx:
        first = Item("a", "https://a.example/1", ARREST, source_id=1)
        (recorded,) = await items.record(tx, [first], NOW)
        drafts = [AlertDraft(reader.id, recorded.item, (watch.id,), ())]
        known = await alerts.told(tx, drafts, NOW - timedelta(hours=72))
        other = asyncio.create_task(Reader(there, reader.id, watch.id, 5).comes(REWRITE))
        await asyncio.wait([other], timeout=0.3)
        await outbox.queue(tx, decide(drafts, known, now=NOW), NOW)
    assert await other == [(Step.JOIN, 1)]
    await here.close()
    await there.close()


async def test_an_old_story_and_another_readers_are_not_looked_at(ana: Reader) -> None:
    await ana.comes(ARREST)
    assert await ana.comes(REWRITE, at=NOW + timedelta(hours=80)) == [(Step.TELL, 0)]
    other = Reader(ana.store, ana.id + 1, ana.watch_id, ana.number + 10)
    async with ana.store.write() as tx:
        await subscribers.add(tx, NewSubscriber("telegram", "8"), NOW)
    assert await other.comes(REWRITE, at=NOW + timedelta(hours=81)) == [(Step.TELL, 0)]


async def test_a_clock_that_was_set_back_hides_nothing_that_was_told(ana: Reader) -> None:
    await ana.comes(ARREST)
    await ana.comes(GARDEN, at=NOW - timedelta(hours=2))
    assert await ana.comes(REWRITE, at=NOW - timedelta(hours=1)) == [(Step.JOIN, 1)]


async def test_what_tells_the_same_as_a_message_that_was_refused_is_told(ana: Reader) -> None:
    await ana.comes(ARREST)
    async with ana.store.write() as tx:
        await tx.run(delivery.update().values(state=DeliveryState.REFUSED.value))
    assert await ana.comes(REWRITE) == [(Step.TELL, 0)]


async def test_what_a_chat_never_got_before_it_was_taken_out_is_told_when_it_is_back(
    ana: Reader,
) -> None:
    await ana.comes(ARREST)
    async with ana.store.write() as tx:
        await subscribers.remove(tx, ana.id, NOW)
        await subscribers.add(tx, NewSubscriber("telegram", "7", chat=Chat.PRIVATE), NOW)
    assert await ana.comes(REWRITE) == [(Step.TELL, 0)]


async def test_reading_is_bounded_however_much_was_told(
    ana: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "STORIES_MOST", 2)
    for title in (ARREST, GARDEN, "Rain in Colima", "A bridge in Durango"):
        await ana.comes(title)
    async with ana.store.read() as tx:
        draft = AlertDraft(ana.id, Item("x", title="Another", id=99), (ana.watch_id,), ())
        known = await alerts.told(tx, [draft], NOW - timedelta(hours=72))
    assert [one.items[0].title for one in known] == ["Rain in Colima", "A bridge in Durango"]


async def test_what_joins_the_follow_up_of_a_story_is_there_for_all_its_watches(
    ana: Reader,
) -> None:
    async with ana.store.write() as tx:
        other = (await watches.add(tx, Watch("DEA"), NOW)).watch.id
    both = Reader(ana.store, ana.id, ana.watch_id, 10, (other,))
    assert await both.comes(ARREST) == [(Step.TELL, 0)]
    later = NOW + timedelta(hours=30)
    assert await ana.comes(REWRITE, at=later) == [(Step.TELL, 0)]
    assert (await ana.view(2)).thread.tie == Tie(1, Bond.EARLIER, "same")
    assert await both.comes(AGAIN, at=later) == [(Step.JOIN, 2)]
    assert [one.id for one in (await ana.view(2)).watches] == [ana.watch_id, other]


async def test_an_item_is_taken_out_and_put_back(ana: Reader) -> None:
    await ana.comes(ARREST)
    await ana.comes(REWRITE)
    async with ana.store.write() as tx:
        assert await parting.take_out(tx, await ana.view(1), 2, NOW) == 2
    assert await ana.titles(1) == [ARREST]
    assert await ana.titles(2) == [REWRITE]
    assert await ana.comes(REWRITE) == [(Step.JOIN, 2)]
    async with ana.store.write() as tx:
        assert await parting.put_back(tx, 2, NOW)
        assert not await parting.put_back(tx, 2, NOW)
    assert REWRITE in await ana.titles(1)


async def test_what_two_take_out_at_once_is_told_once(ana: Reader) -> None:
    await ana.comes(ARREST)
    await ana.comes(REWRITE)
    seen = await ana.view(1)
    async with ana.store.write() as tx:
        assert await parting.take_out(tx, seen, 2, NOW) == 2
        assert await parting.take_out(tx, seen, 2, NOW) is None
        assert await alerts.views(tx, [3]) == {}


async def test_what_is_taken_out_is_told_where_such_news_is_taken_no_more(ana: Reader) -> None:
    await ana.comes(ARREST)
    await ana.comes(REWRITE)
    async with ana.store.write() as tx:
        await rhythms.change(tx, ana.id, what="dockets")
        assert await parting.take_out(tx, await ana.view(1), 2, NOW) == 2
    assert await ana.titles(2) == [REWRITE]
    assert await ana.comes(GARDEN) == [(Step.TELL, 0)]
    async with ana.store.read() as tx:
        assert await alerts.views(tx, [3]) == {}


async def test_what_joined_meanwhile_is_put_back_too(ana: Reader) -> None:
    await ana.comes(ARREST)
    await ana.comes(REWRITE)
    async with ana.store.write() as tx:
        assert await parting.take_out(tx, await ana.view(1), 2, NOW) == 2
    reprint = f"{REWRITE} "
    assert await ana.comes(reprint) == [(Step.JOIN, 2)]
    async with ana.store.write() as tx:
        assert await parting.put_back(tx, 2, NOW)
        assert (await ties.joins(tx, [1]))[1].keys() == {2, 3}
    assert len(await ana.titles(1)) == 3


async def test_what_is_put_back_shows_where_its_story_is_told_now(ana: Reader) -> None:
    await ana.comes(GARDEN)
    await ana.comes(ARREST)
    await ana.comes(REWRITE)
    async with ana.store.write() as tx:
        assert await parting.take_out(tx, await ana.view(2), 3, NOW) == 3
        assert await parting.merge(tx, 2, 1, NOW)
        assert await parting.put_back(tx, 3, NOW)
    assert await ana.titles(1) == [GARDEN, ARREST, REWRITE]
    async with ana.store.write() as tx:
        assert await parting.unmerge(tx, 2, NOW)
    assert await ana.titles(1) == [GARDEN]
    assert await ana.titles(2) == [ARREST, REWRITE]


async def test_two_stories_are_merged_and_parted(ana: Reader) -> None:
    await ana.comes(ARREST)
    await ana.comes(GARDEN)
    async with ana.store.write() as tx:
        (before,) = await parting.earlier(tx, await ana.view(2), timedelta(hours=72))
        assert before.alert_id == 1
        assert await parting.merge(tx, 2, 1, NOW)
        assert not await parting.merge(tx, 2, 1, NOW)
        assert await history.told_between(tx, NOW, NOW + timedelta(hours=1)) == [1]
    assert await ana.titles(1) == [ARREST, GARDEN]
    async with ana.store.write() as tx:
        assert await parting.unmerge(tx, 2, NOW)
        assert not await parting.unmerge(tx, 2, NOW)
        assert await ties.of(tx, [2]) == {}
    assert await ana.titles(1) == [ARREST]
    assert await ana.titles(2) == [GARDEN]


async def test_a_story_merged_into_one_that_was_merged_itself_leaves_nothing(ana: Reader) -> None:
    for title in (ARREST, RELEASE, GARDEN):
        await ana.comes(title)
    async with ana.store.write() as tx:
        assert await parting.merge(tx, 3, 2, NOW)
        assert await parting.merge(tx, 2, 1, NOW)
    assert await ana.titles(1) == [ARREST, RELEASE, GARDEN]
    async with ana.store.write() as tx:
        assert await parting.unmerge(tx, 3, NOW)
    assert await ana.titles(3) == [GARDEN]
    assert await ana.titles(2) == [RELEASE]
    assert await ana.titles(1) == [ARREST, RELEASE]
    async with ana.store.write() as tx:
        assert await parting.unmerge(tx, 2, NOW)
    assert await ana.titles(1) == [ARREST]


async def test_what_they_had_to_do_with_each_other_before_is_so_again(ana: Reader) -> None:
    await ana.comes(ARREST)
    await ana.comes(RELEASE)
    async with ana.store.write() as tx:
        before = (await ties.of(tx, [2]))[2]
        assert await parting.merge(tx, 2, 1, NOW)
        assert await parting.unmerge(tx, 2, NOW)
        assert (await ties.of(tx, [2]))[2] == before


async def test_messages_of_two_readers_are_never_merged(ana: Reader) -> None:
    async with ana.store.write() as tx:
        bo = await subscribers.add(tx, NewSubscriber("telegram", "8"), NOW)
    await ana.comes(ARREST)
    await Reader(ana.store, bo.id, ana.watch_id, 20).comes(GARDEN)
    async with ana.store.write() as tx:
        assert not await parting.merge(tx, 2, 1, NOW)
