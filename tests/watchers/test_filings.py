"""Courts' feeds through the real inbound loop: what is filed, and who hears of it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from model import (
    AlertKind,
    AlertView,
    Bond,
    Chat,
    DeliveryKind,
    Docket,
    Filing,
    Item,
    Level,
    Route,
    Source,
    StoreError,
)
from store import alerts, dockets, hearings, possible, sources
from store.engine import Store
from store.retention import prune
from store.tables import delivery, item, source_pace
from tests.watchers.test_pacer import parse
from tests.watchers.test_poll import House, house_of
from watchers.push import source_of
from watchers.take_in import Given, TakeIn, TakeInRules

NUMBER = "1:19-cr-00366"
CAPTION = "USA v. Cienfuegos Zepeda"
ROUTINE = "Notice of Appearance"
LOUD = "Order on Motion to Dismiss"


def court_entry(
    short: str,
    *,
    entry: int = 0,
    number: str = NUMBER,
    caption: str = CAPTION,
    case: int = 437498,
    at: str = "20:00:00",
) -> str:
    where = "https://ecf.nyed.uscourts.gov"
    paper = (
        f' (<a href="{where}/doc1/123?caseid={case}&amp;de_seq_num={entry * 3}">{entry}</a>)'
        if entry
        else ""
    )
    return (
        f"<item><title><![CDATA[{number}-CBA {caption}]]></title>"
        f"<pubDate>Tue, 17 Nov 2020 {at} GMT</pubDate>"
        f'<guid isPermaLink="true">{where}/cgi-bin/DktRpt.pl?{case}</guid>'
        f"<description><![CDATA[[{short}]{paper}]]></description>"
        f"<link>{where}/cgi-bin/DktRpt.pl?{case}</link></item>"
    )


OTHER = court_entry("Order", number="1:17-cv-00001", caption="Roe v. Poe", case=1, at="10:00:00")


def court_feed(*entries: str) -> str:
    return (
        "<?xml version='1.0' encoding='ISO-8859-1'?><rss version='2.0'><channel>"
        f"<title>Eastern District of New York</title>{''.join(entries)}</channel></rss>"
    )


@dataclass
class Court(House):
    """A house with one court's feed, already polled once, and one reader."""

    heard: set[int] = field(default_factory=set)

    async def news(self) -> list[AlertView]:
        """Return what was told since this was last asked, edits left out."""
        due = [one for one in await self.deliveries() if one.id not in self.heard]
        self.heard |= {one.id for one in due}
        sends = [one.alert_id for one in due if one.kind is DeliveryKind.SEND]
        async with self.store.read() as tx:
            views = await alerts.views(tx, sends)
        return [views[one] for one in sends]

    async def shows(self, *entries: str, **later: float) -> list[AlertView]:
        """Poll the feed with these entries before what it had; return what is told of it."""
        self.web.page("/rss", court_feed(*entries, OTHER))
        await self.poll(**(later or {"minutes": 20}))
        return await self.news()

    async def follow(self, level: Level = Level.IMPORTANT, **how: Any) -> Docket:
        async with self.store.write() as tx:
            one = await dockets.follow(tx, "nyed", NUMBER, level=level, now=self.clock(), **how)
        return one.docket


async def opened(house: House) -> Court:
    court = Court(house.store, house.web, house.poller, house.clock)
    await court.source("/rss", kind="pacer", name="EDNY")
    await court.reader("1", chat=Chat.PRIVATE)
    court.web.page("/rss", court_feed(OTHER))
    await court.poll()
    return court


@pytest.fixture
async def court(store: Store) -> AsyncIterator[Court]:
    async with house_of(store) as house:
        yield await opened(house)


@pytest.fixture
async def lite(sqlite_store: Store) -> AsyncIterator[Court]:
    async with house_of(sqlite_store) as house:
        yield await opened(house)


def shorts(view: AlertView) -> list[str]:
    return [one.filing.short for one in view.items if one.filing]


async def test_a_new_case_that_names_a_watched_person_is_news(court: Court) -> None:
    await court.watch()
    (view,) = await court.shows(court_entry("Complaint", entry=1))
    assert view.kind is AlertKind.FILING
    assert not view.followed
    assert not view.possible
    assert [one.text for one in view.mentions] == ["Cienfuegos Zepeda"]
    assert view.docket is not None
    assert (view.docket.court, view.docket.number) == ("nyed", NUMBER)
    assert await court.shows(court_entry("Complaint", entry=1)) == []


async def test_a_caption_is_told_once_and_then_only_what_is_loud(court: Court) -> None:
    await court.watch()
    first = court_entry("Complaint", entry=1)
    assert len(await court.shows(first)) == 1
    second = court_entry(ROUTINE, entry=2)
    assert await court.shows(second, first) == []
    (view,) = await court.shows(court_entry(LOUD, entry=3), second, first)
    assert shorts(view) == [LOUD]


async def test_a_followed_case_is_told_by_its_level_and_the_rest_is_counted(court: Court) -> None:
    docket = await court.follow(Level.ORDERS)
    some = [court_entry(ROUTINE, entry=n) for n in (3, 2)]
    assert [v for v in await court.shows(*some) if not v.changes] == []
    (view,) = await court.shows(court_entry(LOUD, entry=4), *some)
    assert view.followed
    assert shorts(view) == [LOUD]
    async with court.store.read() as tx:
        (one,) = await dockets.followings(tx)
    assert one.docket.id == docket.id
    assert one.hidden == 2 - 1  # the first was told with the news that the case was found


async def test_everything_is_told_of_a_case_followed_at_the_level_all(lite: Court) -> None:
    await lite.shows(court_entry("Complaint", entry=1))
    await lite.follow(Level.ALL)
    (view,) = await lite.shows(*(court_entry(ROUTINE, entry=n) for n in (3, 2, 1)))
    assert len(view.items) == 2


async def test_several_entries_of_one_case_are_one_message_the_weightiest_first(
    court: Court,
) -> None:
    await court.shows(court_entry("Complaint", entry=1))
    await court.follow(Level.ALL)
    (view,) = await court.shows(
        court_entry(ROUTINE, entry=4), court_entry(LOUD, entry=3), court_entry(ROUTINE, entry=2)
    )
    assert shorts(view)[0] == LOUD
    assert len(view.items) == 3


async def test_a_watch_and_a_followed_case_are_one_message_with_both_reasons(lite: Court) -> None:
    await lite.shows(court_entry("Complaint", entry=1))
    await lite.follow(Level.IMPORTANT)
    await lite.watch()
    (view,) = await lite.shows(court_entry(LOUD, entry=3), court_entry("Complaint", entry=1))
    assert view.followed
    assert [one.name for one in view.watches] == ["Salvador Cienfuegos Zepeda"]


async def test_a_muted_case_still_says_what_is_loud(lite: Court) -> None:
    await lite.shows(court_entry("Complaint", entry=1))
    docket = await lite.follow(Level.ALL)
    async with lite.store.write() as tx:
        await dockets.mute(tx, docket.id, lite.clock.turn(days=0).replace(year=2030))
    assert await lite.shows(court_entry(ROUTINE, entry=2)) == []
    assert len(await lite.shows(court_entry(LOUD, entry=3))) == 1


async def test_a_single_surname_in_a_new_criminal_case_is_possible(court: Court) -> None:
    watch = await court.watch("Tatiana Shargorodskaya")
    public = await court.reader("@world", chat=Chat.CHANNEL, public=True)
    entry = court_entry("Complaint", entry=1, caption="USA v. Shargorodskaya")
    (view,) = await court.shows(entry)
    assert view.possible
    assert view.subscriber.id != public
    assert [one.score for one in view.mentions] == [55]
    later = court_entry(ROUTINE, entry=2, caption="USA v. Shargorodskaya")
    assert await court.shows(later, entry) == []
    async with court.store.read() as tx:
        kept = await possible.of_watch(tx, watch, since=court.clock().replace(year=2000))
    assert len(kept) == 2


async def test_what_was_only_possible_is_told_again_once_it_is_sure(court: Court) -> None:
    await court.watch("Tatiana Shargorodskaya")
    (view,) = await court.shows(court_entry("Complaint", entry=1, caption="USA v. Shargorodskaya"))
    assert view.possible
    text = "COMPLAINT as to Tatiana Shargorodskaya"
    sure = at_courtlistener(
        Route.API, court="nyed", number=NUMBER, caption=view.items[0].title, entry="1", text=text
    )
    (told,) = await given(court, sure)
    assert not told.possible
    assert [one.text for one in told.mentions] == ["Tatiana Shargorodskaya"]
    assert await given(court, sure) == []


async def test_a_single_surname_in_a_civil_case_is_only_kept(lite: Court) -> None:
    watch = await lite.watch("Tatiana Shargorodskaya")
    entry = court_entry(
        "Complaint", entry=1, number="1:20-cv-00009", caption="Roe v. Shargorodskaya"
    )
    assert await lite.shows(entry) == []
    async with lite.store.read() as tx:
        kept = await possible.of_watch(tx, watch, since=lite.clock().replace(year=2000))
    assert len(kept) <= 1


async def test_a_case_that_is_unsealed_is_one_loud_event(court: Court) -> None:
    hidden = [court_entry("Order", entry=n, caption="USA v. Sealed") for n in range(1, 31)]
    await court.shows(*hidden)
    await court.follow(Level.ORDERS)
    await court.watch()
    open_now = [court_entry("Order", entry=n) for n in range(1, 31)]
    (view,) = await court.shows(*open_now)
    assert view.changes == ("sign:named", "unsealed")
    assert view.followed
    assert len(view.watches) == 1
    assert view.docket is not None
    assert view.docket.caption == "United States v. Cienfuegos Zepeda"


async def test_a_case_nothing_was_known_of_is_told_when_it_appears(lite: Court) -> None:
    await lite.follow(Level.ORDERS)
    (view,) = await lite.shows(court_entry(ROUTINE, entry=1))
    assert "found" in view.changes


async def test_what_became_of_cases_is_told_though_none_of_their_entries_is_kept(
    court: Court,
) -> None:
    other = {"number": "1:19-cr-00400", "case": 437777}
    sealed = [court_entry("Order", entry=n, caption="USA v. Sealed") for n in (1, 2)]
    await court.shows(*sealed, court_entry("Order", entry=1, caption="USA v. Sealed", **other))
    await court.follow(Level.ORDERS)
    perez = await court.watch("Juan Pérez Soto")
    court.clock.turn(days=500)
    await prune(court.store, court.clock(), keep_articles=timedelta(days=400))
    public = [court_entry("Order", entry=n) for n in (1, 2)]
    named = court_entry("Order", entry=1, caption="USA v. Perez Soto", **other)
    told = await court.shows(*public, named)
    one, two = sorted(told, key=lambda view: view.followed)
    assert one.docket is not None
    assert one.docket.number == "1:19-cr-00400"
    assert [watch.id for watch in one.watches] == [perez]
    assert two.docket is not None
    assert two.docket.number == NUMBER
    assert two.watches == ()
    assert two.changes == ("sign:named", "unsealed")
    assert await court.shows(*public, named) == []


async def test_what_a_court_already_lists_at_the_first_poll_is_one_message(
    sqlite_store: Store,
) -> None:
    async with house_of(sqlite_store) as house:
        court = Court(house.store, house.web, house.poller, house.clock)
        await court.source("/rss", kind="pacer", name="EDNY")
        await court.reader("1", chat=Chat.PRIVATE)
        await court.watch()
        await court.follow(Level.ALL, caption="United States v. Cienfuegos Zepeda")
        (view,) = await court.shows(*(court_entry(ROUTINE, entry=n) for n in range(1, 9)))
        assert view.kind is AlertKind.BACKLOG
        assert len(view.items) == 1
        assert await court.shows(*(court_entry(ROUTINE, entry=n) for n in range(1, 9))) == []


# -- By every way ----------------------------------------------------------------------------


def at_courtlistener(route: Route, **facts: Any) -> Item:
    filing = replace(
        Filing(
            docket_id="18555801",
            entry="22",
            pk="900",
            text="MOTION to Dismiss by USA as to Salvador Cienfuegos Zepeda.",
            route=route,
        ),
        **facts,
    )
    return Item(
        key=f"entry {route}", title=filing.caption, summary=filing.text, lang="en", filing=filing
    )


async def given(court: Court, *some: Item) -> list[AlertView]:
    take_in = TakeIn(court.store, court.poller._take_in._book, TakeInRules())

    async def settle(_tx: object) -> bool:
        return True

    async with court.store.write() as tx:
        source: Source = await sources.never_asked(
            tx, source_of("https://cl.example"), court.clock()
        )
    await take_in.take_in_given(Given(source, some, court.clock()), settle)
    return await court.news()


async def learned(court: Court, docket: Docket) -> list[AlertView]:
    take_in = TakeIn(court.store, court.poller._take_in._book, TakeInRules())
    await take_in.learn(docket, court.clock())
    return await court.news()


KNOWN = Docket(
    court="nyed", number=NUMBER, caption="United States v. Cienfuegos Zepeda",
    docket_ids=("18555801",), case_ids=("437498",),
)  # fmt: skip


async def test_the_same_entry_by_four_ways_is_one_alert(court: Court) -> None:
    await court.watch()
    (pushed,) = await given(court, at_courtlistener(Route.PUSH))
    assert pushed.items[0].filing is not None
    assert await learned(court, KNOWN) == []
    for route in (Route.DOCKET_FEED, Route.API, Route.SEARCH_FEED):
        assert await given(court, at_courtlistener(route, caption=KNOWN.caption)) == []
    told = await court.shows(court_entry("Motion to Dismiss", entry=22))
    assert told == []
    async with court.store.read() as tx:
        (docket,) = await dockets.find(tx, "nyed", NUMBER)
        assert len(await dockets.entries(tx, docket.id)) == 1


async def test_a_caption_that_is_learned_later_tells_whom_it_names(court: Court) -> None:
    await court.watch()
    assert await given(court, at_courtlistener(Route.PUSH, text="Letter")) == []
    (view,) = await learned(court, KNOWN)
    assert [one.text for one in view.mentions] == ["Cienfuegos Zepeda"]
    assert await learned(court, KNOWN) == []


async def test_text_that_comes_later_is_an_edit_of_what_was_told(court: Court) -> None:
    await court.shows(court_entry("Complaint", entry=1))
    await court.follow(Level.ALL)
    await learned(court, KNOWN)
    (view,) = await court.shows(court_entry("Letter", entry=22), court_entry("Complaint", entry=1))
    await given(court, at_courtlistener(Route.API, text="LETTER by USA", pdf="https://x.example/1"))
    async with court.store.read() as tx:
        rows = await tx.rows(select(delivery.c.kind, delivery.c.alert_id).order_by(delivery.c.id))
    assert [(row.kind, row.alert_id) for row in rows][-1] == ("edit", view.id)


async def test_text_that_says_something_new_happened_is_a_message_of_its_own(lite: Court) -> None:
    await lite.shows(court_entry("Complaint", entry=1))
    await lite.follow(Level.ORDERS)
    await learned(lite, KNOWN)
    assert await lite.shows(court_entry("Minute Entry", entry=22)) == []
    (view,) = await given(
        lite,
        at_courtlistener(Route.API, text="ORDER: the motion to dismiss the indictment is GRANTED."),
    )
    assert view.followed
    assert "event" in view.changes


STUB = court_entry("Order on Motion to Dismiss", entry=22)
GRANTED = "ORDER granting 22 Motion to Dismiss as to Salvador Cienfuegos Zepeda (1)."


async def edits(court: Court) -> list[int]:
    """Return the Alerts whose messages were to be edited, in order."""
    async with court.store.read() as tx:
        rows = await tx.rows(select(delivery.c.kind, delivery.c.alert_id).order_by(delivery.c.id))
    return [row.alert_id for row in rows if row.kind == "edit"]


async def test_an_order_told_by_its_short_description_is_edited_when_its_text_arrives(
    court: Court,
) -> None:
    await court.watch()
    await court.follow(Level.ALL, caption=KNOWN.caption)
    await learned(court, KNOWN)
    (view,) = await court.shows(STUB)
    text = "ORDER denying 22 Motion to Dismiss as to Salvador Cienfuegos Zepeda (1)."
    assert await given(court, at_courtlistener(Route.API, text=text)) == []
    assert await edits(court) == [view.id]
    async with court.store.read() as tx:
        told = (await alerts.views(tx, [view.id]))[view.id]
    assert told.items[0].filing is not None
    assert told.items[0].filing.text == text


async def test_a_text_that_says_worse_than_its_stub_is_one_more_message_and_never_two(
    court: Court,
) -> None:
    await court.watch()
    await court.follow(Level.ALL, caption=KNOWN.caption)
    await learned(court, KNOWN)
    (stub,) = await court.shows(STUB)
    (view,) = await given(court, at_courtlistener(Route.API, text=GRANTED))
    assert view.id != stub.id
    assert view.thread.tie is not None
    assert (view.thread.tie.alert_id, view.thread.tie.bond) == (stub.id, Bond.STAGE)
    assert view.items[0].filing is not None
    assert view.items[0].filing.events[0].kind == "dismissal"
    longer = f"{GRANTED} The indictment is dismissed without prejudice. Case closed."
    assert await given(court, at_courtlistener(Route.PUSH, text=longer)) == []
    assert await given(court, at_courtlistener(Route.DOCKET_FEED, text=GRANTED)) == []
    assert (await edits(court))[-1] == view.id


async def test_text_that_says_the_caption_s_name_again_edits_what_was_told(court: Court) -> None:
    await court.watch()
    await court.shows(court_entry("Complaint", entry=1), OTHER)
    await learned(court, KNOWN)
    (view,) = await court.shows(court_entry("Order to Unseal Indictment", entry=6), OTHER)
    text = "ORDER to Unseal Indictment as to Salvador Cienfuegos Zepeda"
    assert await given(court, at_courtlistener(Route.API, text=text, entry="6")) == []
    async with court.store.read() as tx:
        rows = await tx.rows(select(delivery.c.kind, delivery.c.alert_id).order_by(delivery.c.id))
    assert [(row.kind, row.alert_id) for row in rows][-1] == ("edit", view.id)


async def test_a_name_in_an_entry_always_tells_though_the_caption_was_told(lite: Court) -> None:
    await lite.watch()
    await lite.watch("Genaro García Luna")
    await lite.shows(court_entry("Complaint", entry=1))
    await learned(lite, KNOWN)
    (view,) = await given(
        lite, at_courtlistener(Route.PUSH, text="LETTER about Genaro García Luna", entry="23")
    )
    assert [one.name for one in view.watches] == ["Genaro García Luna"]


# -- A real feed -----------------------------------------------------------------------------


def _items(document: str) -> list[str]:
    return re.findall(r"<item>.*?</item>", document, re.S)


async def recorded(court: Court) -> set[str]:
    """Return what everything that was recorded is called by its feed."""
    async with court.store.read() as tx:
        return {row.guid for row in await tx.rows(select(item.c.guid))}


async def test_the_feed_of_a_real_court_twice_brings_nothing_new(
    court: Court, shared: Path
) -> None:
    raw = (shared / "data/courts/pacer_rss/nyed_1.xml").read_bytes()
    document = raw.decode("iso-8859-1")
    some = _items(document)
    held = document.replace("".join(some[:30]), "")
    for entry in some[:30]:
        held = held.replace(entry, "")
    court.web.page("/rss", held.encode("iso-8859-1"))
    assert (await court.poll(minutes=20)).polls[0].new > 300
    before = await recorded(court)
    court.web.page("/rss", raw)
    after = (await court.poll(minutes=20)).polls[0]
    later = {one.key for one in parse(raw).items} - {
        one.key for one in parse(held.encode("iso-8859-1")).items
    }
    assert await recorded(court) - before == later
    assert after.new == len(later) > 10
    again = raw.replace(b"22:15:02", b"22:35:02")
    court.web.page("/rss", again)
    assert (await court.poll(minutes=20)).polls[0].new == 0


async def test_what_a_text_sets_for_when_is_kept(lite: Court) -> None:
    text = "SCHEDULING ORDER: Status Conference set for 12/1/2020 at 02:00 PM in Courtroom 10D."
    await given(lite, at_courtlistener(Route.API, court="nyed", number=NUMBER, text=text))
    async with lite.store.read() as tx:
        day = lite.clock().replace(month=12, day=1, hour=0)
        ((docket, hearing),) = await hearings.between(tx, day, day + timedelta(days=1))
    assert docket.number == NUMBER
    assert hearing.at.isoformat() == "2020-12-01T19:00:00+00:00"
    assert hearing.has_time


async def test_what_dies_half_way_is_told_once_when_it_is_polled_again(
    court: Court, monkeypatch: pytest.MonkeyPatch
) -> None:
    await court.watch()
    await court.follow(Level.ALL, caption="United States v. Cienfuegos Zepeda")
    court.web.page("/rss", court_feed(court_entry("Complaint", entry=1), OTHER))

    async def dies(*_args: object, **_how: object) -> set[int]:
        raise StoreError("The database went away.")

    with monkeypatch.context() as patch:
        patch.setattr(sources, "note_polls", dies)
        with pytest.raises(StoreError):
            await court.poll(minutes=20)
    assert await court.news() == []
    async with court.store.write() as tx:  # the dead process's lease ends
        await tx.run(update(source_pace).values(lease_until=0.0))
    await court.poll(minutes=20)
    (view,) = await court.news()
    assert view.followed
    await court.poll(minutes=20)
    assert await court.news() == []
