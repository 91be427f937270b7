"""Under an alert about a case, and in CourtListener's search: what leads to following it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date

import pytest

from bot.talk.parts import CourtDesk
from matching.match import Matcher
from model import Chat, Filing, Following, Item, Level, NewSource, NewSubscriber, Watch
from store import dockets, sources, subscribers, watches
from tests.bot.talk.stage import Stage, labels
from tests.courtlistener import TOKEN, CourtListener
from watchers.book import WatchBook
from watchers.courtlistener import CourtListener as Client
from watchers.kinds.courtlistener_rest import Account
from watchers.take_in import Given, TakeIn, TakeInRules

NUMBER = "1:19-cr-00366"
CASE = "United States v. Cienfuegos Zepeda"
COMPLAINT = Filing(
    court="nyed", number=NUMBER, case_id="437498", caption=CASE, entry="1", document="1",
    short="Complaint", filed=date(2019, 8, 14),
)  # fmt: skip


async def told(stage: Stage, *some: Filing) -> None:
    """Let a court's feed have these, and deliver what is told of it."""
    source = NewSource("https://court.example/rss", "E.D.N.Y. court feed", kind="pacer")
    async with stage.store.write() as tx:
        stored = await sources.add(tx, source, stage.clock.now)
        if await watches.by_name(tx, "Salvador Cienfuegos Zepeda") is None:
            chat = NewSubscriber("telegram", str(stage.ana.id), chat=Chat.PRIVATE)
            await subscribers.add(tx, chat, stage.clock.now)
            await watches.add(tx, Watch("Salvador Cienfuegos Zepeda"), stage.clock.now)
    book = WatchBook(Matcher())
    items = tuple(Item(f"k{f.entry}", title=f.caption, filing=f, lang="en") for f in some)

    async def settle(_tx: object) -> bool:
        return True

    take_in = TakeIn(stage.store, book, TakeInRules())
    await take_in.take_in_given(Given(stored, items, stage.clock.now), settle)
    book.close()
    await stage.deliver()


async def followed(stage: Stage) -> list[Following]:
    async with stage.store.read() as tx:
        return await dockets.followings(tx)


async def test_a_caption_s_alert_offers_to_follow_the_case(stage: Stage) -> None:
    await stage.ana.says("/start")
    await stage.handled()
    await told(stage, COMPLAINT)
    await stage.ana.hears(f"Case unsealed: {CASE}")
    assert "Follow this case" in labels(stage.ana)
    await stage.ana.presses("Follow this case")
    said = await stage.ana.hears(f"✅ Following {CASE}")
    assert "E.D.N.Y.’s own feed lists" in said["text"]
    await stage.handled()
    [one] = await followed(stage)
    assert (one.docket.number, one.level, len(one.to)) == (NUMBER, Level.IMPORTANT, 1)
    await told(stage, replace(COMPLAINT, entry="2", document="2", short="Order"))
    await stage.ana.hears("you follow this case")
    assert "Follow this case" not in labels(stage.ana)
    await stage.ana.presses("Not public yet")
    await stage.handled()


async def test_pressing_not_public_yet_says_what_becomes_of_the_document(stage: Stage) -> None:
    await stage.ana.says("/start")
    await stage.handled()
    await told(stage, COMPLAINT)
    await stage.ana.hears(f"Case unsealed: {CASE}")
    press = await stage.ana.presses("Not public yet")
    assert (await press.answer()).startswith("Nobody has put this document in RECAP yet")
    pdf = replace(COMPLAINT, pdf="https://storage.example/1.pdf")
    await told(stage, pdf)
    said = stage.ana.private.chat.messages.values()
    [message] = [one for one in said if CASE in one.get("text", "")]
    keys = [one for row in message["reply_markup"]["inline_keyboard"] for one in row]
    assert "Not public yet" not in [one["text"] for one in keys]
    assert [one["url"] for one in keys if one["text"] == "PDF"] == [pdf.pdf]


@asynccontextmanager
async def searching(stage: Stage) -> AsyncIterator[CourtListener]:
    """Let the conversation search a CourtListener of our own, with a token."""
    async with CourtListener(stage.clock) as there:
        client = Client(stage.store, stage.parts.fetcher, Account(there.base, TOKEN))
        desk = CourtDesk(search=client.search, has_token=True)
        stage.receiver._parts = replace(stage.receiver._parts, courts=desk)
        yield there


@pytest.mark.parametrize("typed", ["US v. Cienfuegos", "United States v. Cienfuegos Zepeda"])
async def test_names_of_a_caption_are_searched_for_at_courtlistener(
    stage: Stage, typed: str
) -> None:
    async with searching(stage) as there:
        there.case(18555801, number=NUMBER, caption=CASE)
        there.case(7, number="1:20-cr-00007", caption="USA v. Roe")
        await stage.ana.says(f"/docket {typed}")
        found = await stage.ana.hears("1 case fits")
        assert CASE in found["text"]
        assert NUMBER in found["text"]
        assert "free token" not in found["text"]
        [asked] = there.of("/api/rest/v4/search/")
        assert asked.query["type"] == "d"
        await stage.ana.presses("1")
        await stage.ana.hears("What shall I tell you at once?")
        await stage.ana.presses("✅ Follow")
        await stage.ana.hears("A CourtListener token is set")
        await stage.handled()
    [one] = await followed(stage)
    assert one.docket.docket_ids == ("18555801",)
    assert (one.docket.court, one.docket.number) == ("nyed", NUMBER)
    assert there.refused() == []


async def test_a_search_that_fails_says_why_and_offers_what_is_known_here(stage: Stage) -> None:
    await stage.ana.says("/start")
    await stage.handled()
    await told(stage, COMPLAINT)
    async with searching(stage) as there:
        there.token = "another"
        await stage.ana.says("/docket US v. Cienfuegos")
        found = await stage.ana.hears("1 case fits")
    assert "token" in found["text"]
