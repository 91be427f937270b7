"""Following court cases in a chat: found, chosen, told about, let go."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from bot.words import load
from matching.happened import with_events
from model import Filing, Following, Item, NewSource
from model.docket import Level
from model.people import Chat, NewSubscriber
from store import dockets, sources, subscribers
from tests.bot.talk.stage import Stage, labels

NUMBER = "1:19-cr-00366"
CASE = "United States v. Cienfuegos Zepeda"
LETTER = Filing(
    court="nyed", number=NUMBER, case_id="437498", caption=CASE, entry="6", document="6",
    short="Letter", text="DETENTION LETTER as to Salvador Cienfuegos Zepeda",
    filed=date(2020, 10, 16), judge="Carol Bagley Amon",
)  # fmt: skip


async def filed(stage: Stage, *some: Filing) -> None:
    """Let these have been read."""
    async with stage.store.write() as tx:
        source = await sources.add(tx, NewSource("https://court.example/rss"), stage.clock.now)
        whole = [
            Item(key=f"{at}", title=one.caption, summary=one.text, source_id=source.id, filing=one)
            for at, one in enumerate(map(with_events, some))
        ]
        await dockets.record_filings(tx, whole, stage.clock.now)


async def followed(stage: Stage) -> list[Following]:
    async with stage.store.read() as tx:
        return await dockets.followings(tx)


async def test_a_number_with_its_court_is_shown_then_followed_with_what_will_be_heard(
    stage: Stage,
) -> None:
    await filed(stage, LETTER)
    await stage.ana.says(f"{NUMBER} EDNY")
    card = await stage.ana.hears("What shall I tell you at once?")
    assert CASE in card["text"]
    assert f"E.D.N.Y. · {NUMBER} · Judge Carol Bagley Amon" in card["text"]
    assert "6 " in card["text"]
    assert await followed(stage) == []
    await stage.ana.presses("Orders & outcomes")
    await stage.handled()
    assert "● Orders & outcomes" in labels(stage.ana)
    await stage.ana.presses("✅ Follow")
    said = await stage.ana.hears("✅ Following United States v. Cienfuegos Zepeda")
    assert "E.D.N.Y.’s own feed lists" in said["text"]
    assert "No CourtListener token is set" in said["text"]
    [one] = await followed(stage)
    assert (one.docket.court, one.level, len(one.to)) == ("nyed", Level.ORDERS, 1)
    await stage.ana.presses("Undo")
    await stage.handled()
    assert await followed(stage) == []


async def test_a_case_of_which_nothing_is_public_is_kept_and_said_so(stage: Stage) -> None:
    await stage.ana.says(f"/docket {NUMBER} E.D.N.Y.")
    await stage.ana.hears("I have read nothing of this case yet")
    await stage.ana.presses("✅ Follow")
    await stage.ana.hears("I’ll keep checking every 6 h and tell you if it is unsealed")
    [one] = await followed(stage)
    assert one.docket.number == NUMBER


async def test_a_number_alone_is_asked_for_its_court(stage: Stage) -> None:
    await stage.ana.says(NUMBER)
    await stage.ana.hears("Which court is 1:19-cr-00366 in?")
    await stage.handled()
    await stage.ana.says("Brooklyn")
    await stage.ana.hears("I don’t know a federal court called Brooklyn")
    await stage.ana.says(NUMBER)
    await stage.ana.hears("Which court is 1:19-cr-00366 in?", times=2)
    await stage.handled()
    await stage.ana.says("EDNY")
    await stage.ana.hears("What shall I tell you at once?")


async def test_a_number_known_in_two_courts_is_a_choice(stage: Stage) -> None:
    await filed(stage, LETTER, replace(LETTER, court="cand", case_id="9", caption="USA v. Roe"))
    await stage.ana.says(f"/docket {NUMBER}")
    await stage.ana.hears("exists in 2 courts")
    assert set(labels(stage.ana)) == {"E.D.N.Y.", "N.D. Cal.", "Another court"}
    await stage.ana.presses("N.D. Cal.")
    await stage.ana.hears("USA v. Roe")


async def test_a_link_of_courtlistener_is_a_case(stage: Stage) -> None:
    await stage.ana.says(
        "https://www.courtlistener.com/docket/18555801/united-states-v-cienfuegos/"
    )
    await stage.ana.hears("What shall I tell you at once?")
    await stage.ana.presses("✅ Follow")
    await stage.handled()
    [one] = await followed(stage)
    assert one.docket.docket_ids == ("18555801",)


async def test_names_of_a_caption_are_looked_for_and_what_is_missing_is_said(
    stage: Stage,
) -> None:
    await filed(stage, LETTER)
    await stage.ana.says("/docket US v. Cienfuegos")
    found = await stage.ana.hears("1 case fits")
    assert "Searching all of CourtListener needs a free token" in found["text"]
    await stage.ana.presses("1")
    await stage.ana.hears("What shall I tell you at once?")


async def test_a_followed_case_is_opened_changed_read_and_let_go(stage: Stage) -> None:
    await filed(stage, LETTER)
    await stage.ana.says(f"/docket {NUMBER} EDNY")
    await stage.ana.hears("What shall I tell you")
    await stage.ana.presses("✅ Follow")
    await stage.handled()
    async with stage.store.write() as tx:
        [one] = await dockets.followings(tx)
        await dockets.count_hidden(tx, {one.docket.id: 10}, stage.clock.now)
        await dockets.count_hidden(tx, {one.docket.id: 2}, stage.clock.now + timedelta(days=9))
    await stage.ana.says("/docket")
    listed = await stage.ana.hears("You follow 1 case")
    assert f"+ 12 entries not told since {load('en').day(stage.clock.now)}" in listed["text"]
    await stage.ana.presses(CASE)
    await stage.handled()
    await stage.ana.presses("Everything")
    await stage.ana.hears("Told at once: Everything")
    await stage.ana.presses("Show entries")
    await stage.ana.hears("DETENTION LETTER as to Salvador")
    await stage.handled()
    [one] = await followed(stage)
    assert (one.level, one.hidden) == (Level.ALL, 0)
    await stage.ana.says("/docket")
    await stage.ana.hears("You follow 1 case:")
    await stage.handled()
    await stage.ana.presses(CASE)
    await stage.handled()
    await stage.ana.presses("Stop following")
    await stage.ana.hears("is followed no more")
    assert await followed(stage) == []
    await stage.ana.presses("Undo")
    await stage.handled()
    [one] = await followed(stage)
    assert one.level is Level.ALL


async def test_the_people_of_a_case_can_be_watched_from_its_card(stage: Stage) -> None:
    await filed(stage, replace(LETTER, parties=("Salvador Cienfuegos Zepeda",)))
    await stage.ana.says(f"/docket {NUMBER} EDNY")
    await stage.ana.hears("What shall I tell you at once?")
    await stage.ana.presses("Watch its people")
    await stage.ana.hears(f"Whom of {CASE} shall I watch")
    assert labels(stage.ana) == ["Salvador Cienfuegos Zepeda"]
    await stage.ana.presses("Salvador Cienfuegos Zepeda")
    await stage.ana.hears("🔎 Salvador Cienfuegos Zepeda")


async def test_a_name_that_is_no_docket_is_still_watched(stage: Stage) -> None:
    await stage.ana.says("Salvador Cienfuegos Zepeda")
    await stage.ana.hears("🔎 Salvador Cienfuegos Zepeda")


async def carded(stage: Stage) -> None:
    """Let the card of a case that nobody follows be on the screen."""
    await filed(stage, LETTER)
    await stage.ana.says(f"/docket {NUMBER} EDNY")
    await stage.ana.hears("What shall I tell you")


async def test_taking_back_a_follow_leaves_those_who_followed_before(stage: Stage) -> None:
    await carded(stage)
    async with stage.store.write() as tx:
        desk = NewSubscriber("telegram", "-10077", title="Desk", chat=Chat.GROUP)
        other = await subscribers.add(tx, desk, stage.clock.now)
        now = stage.clock.now
        await dockets.follow(tx, "nyed", NUMBER, level=Level.ALL, to=[other.id], now=now)
    await stage.ana.presses("✅ Follow")
    await stage.ana.hears("✅ Following")
    [one] = await followed(stage)
    assert len(one.to) == 2
    await stage.ana.presses("Undo")
    await stage.handled()
    [one] = await followed(stage)
    assert (one.to, one.level, one.added) == ((other.id,), Level.ALL, True)


async def test_a_case_that_tells_every_chat_goes_on_doing_so(stage: Stage) -> None:
    await carded(stage)
    async with stage.store.write() as tx:
        await dockets.follow(tx, "nyed", NUMBER, now=stage.clock.now, declared=True)
    await stage.ana.presses("✅ Follow")
    await stage.ana.hears("✅ Following")
    [one] = await followed(stage)
    assert one.to == ()
    await stage.ana.presses("Undo")
    await stage.handled()
    [one] = await followed(stage)
    assert (one.to, one.declared, one.added) == ((), True, False)
