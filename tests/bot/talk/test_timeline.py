"""/timeline: news and filings of one person or case, in order."""

from __future__ import annotations

from datetime import UTC, date, datetime

from matching.happened import with_events
from matching.match import Matcher
from model import Filing, Item, NewSource, NewSubscriber, Watch
from model.docket import Route
from model.people import Chat
from store import chronicle, dockets, history, items, sources, subscribers, watches
from tests.bot.talk.stage import Stage, article, labels

NAME = "Salvador Cienfuegos Zepeda"


async def followed(stage: Stage, *texts: Item) -> int:
    """Let a watch be there, and its mentions in these articles be known; return its id."""
    async with stage.store.write() as tx:
        known = await watches.by_name(tx, NAME) or await watches.add(
            tx, Watch(NAME), stage.clock.now
        )
    await found(stage, *texts)
    return known.watch.id


async def found(stage: Stage, *texts: Item, source: str = "InSight Crime") -> list[Item]:
    read = await stage.read(*texts, source=source)
    matcher = Matcher()
    async with stage.store.write() as tx:
        for one in await watches.all_watches(tx):
            matcher.add(one.watch)
        mentions = [(item.id, one) for item in read for one in matcher.find_mentions(item)]
        await items.add_mentions(tx, mentions)
    return read


async def filed(stage: Stage, text: str, day: date, entry: str) -> int:
    """File something in the case, which is named after the watch; return the docket's id."""
    number = "1:19-cr-00366"
    filing = Filing(
        court="nyed", number=number, caption="United States v. Cienfuegos Zepeda", entry=entry,
        text=text, short=text[:40], filed=day, route=Route.API, pk=entry,
    )  # fmt: skip
    async with stage.store.write() as tx:
        source = await sources.add(tx, NewSource("https://court.example/rss"), stage.clock.now)
        item = Item(
            key=entry, title=filing.caption, source_id=source.id, filing=with_events(filing)
        )
        [one] = await dockets.record_filings(tx, [item], stage.clock.now)
        stored = await watches.by_name(tx, NAME)
        if stored is not None:
            await dockets.note_named(tx, [(one.docket.id, stored.watch.id)], stage.clock.now)
        return one.docket.id


async def test_news_and_filings_stand_in_order_with_milestones_first(stage: Stage) -> None:
    await followed(stage, article(f"{NAME} arrested in Los Angeles", url="https://a.example/1"))
    stage.clock.forward(days=3)
    await found(stage, article(f"Judge hears {NAME}", url="https://a.example/2"))
    await filed(
        stage, "ORDER dismissing case as to Salvador Cienfuegos Zepeda", date(2020, 11, 20), "58"
    )
    await stage.ana.says(f"/timeline {NAME.lower()}")
    said = (await stage.ana.hears("2 stories and 1 filing since 18 November 2020"))["text"]
    order = [
        said.index(one)
        for one in (
            "Milestones",
            "Arrest",
            "Newest first, 1–3 of 3",
            "Judge hears",
            "⚖️ 20 November 2020 · 58",
            "arrested in",
        )
    ]
    assert order == sorted(order)
    assert labels(stage.ana) == ["As a file", "Chart"]


async def test_a_story_of_several_outlets_is_one_line(stage: Stage) -> None:
    await followed(stage, article(f"{NAME} goes home", url="https://a.example/1"))
    await found(stage, article(f"{NAME} goes home", url="https://b.example/1"), source="Proceso")
    await stage.ana.says(f"/timeline {NAME}")
    said = await stage.ana.hears("1 story and 0 filings")
    assert "goes home — InSight Crime + 1 more" in said["text"]


async def test_what_is_not_them_is_left_out(stage: Stage) -> None:
    watch_id = await followed(stage)
    [one] = await found(stage, article(f"{NAME} wins the lottery"))
    async with stage.store.write() as tx:
        await watches.hide(tx, watch_id, one.id, stage.ana.id, stage.clock.now)
    await stage.ana.says(f"/timeline {NAME}")
    await stage.ana.hears(f"I have read nothing about {NAME} yet")


async def test_pages_turn_in_one_message_and_the_whole_comes_as_a_file(stage: Stage) -> None:
    many = (
        article(f"{NAME}, day {n} of the trial", url=f"https://a.example/{n}") for n in range(23)
    )
    await followed(stage, *many)
    await stage.ana.says("/timeline cienfuegos")
    await stage.ana.hears("1–10 of 23")
    await stage.ana.presses("Older ›")
    await stage.ana.hears("11–20 of 23")
    await stage.ana.presses("Older ›")
    await stage.ana.hears("21–23 of 23")
    assert len(stage.ana.private.texts) == 1
    await stage.ana.presses("As a file")
    sent = await stage.ana.hears(f"Timeline of {NAME}: 23 entries")
    assert sent["document"]["file_name"] == "timeline-2020-11-18.md"
    text = stage.server.world.files[sent["document"]["file_id"]][1].decode()
    assert text.startswith(f"# {NAME}\n")
    assert text.count("](https://a.example/") >= 23


async def test_a_case_has_a_timeline_by_its_number(stage: Stage) -> None:
    await filed(stage, "MOTION to dismiss", date(2020, 11, 17), "56")
    await stage.ana.says("/cronologia 19-cr-366")
    said = await stage.ana.hears("United States v. Cienfuegos Zepeda")
    assert "0 stories and 1 filing" in said["text"]
    await stage.ana.says("/timeline")
    await stage.ana.hears("You are not watching")


async def test_names_are_offered_and_a_slip_is_met(stage: Stage) -> None:
    await followed(stage, article(f"{NAME} goes home"))
    await stage.ana.says("/timeline")
    await stage.ana.hears("Whose timeline?")
    await stage.ana.presses(NAME)
    await stage.ana.hears("1 story and 0 filings")
    await stage.ana.says("/timeline Wolfgang Tiefenbacher")
    await stage.ana.hears("I follow nobody called “Wolfgang Tiefenbacher”")


async def told_in_channel(stage: Stage, *, username: str) -> str:
    """Let a channel be told of the person; return what its button's link carries."""
    watch_id = await followed(stage)
    channel = stage.server.channel("mxcourts", stage.ana, username=username)
    async with stage.store.write() as tx:
        new = NewSubscriber(
            "telegram", str(channel.id), title="mxcourts", chat=Chat.CHANNEL, public=bool(username)
        )
        place = await subscribers.add(tx, new, stage.clock.now)
        await watches.send_to(tx, watch_id, [place.id], stage.clock.now, by=stage.ana.id)
    [one] = await stage.read(article(f"{NAME} goes home", url="https://a.example/1"))
    await stage.alert(one)
    await channel.shows("goes home")
    async with stage.store.read() as tx:
        return f"t_{await outbox_alert(tx)}"


async def outbox_alert(tx) -> int:
    ids = await history.told_between(
        tx, datetime(2020, 1, 1, tzinfo=UTC), datetime(2021, 1, 1, tzinfo=UTC)
    )
    return ids[-1]


async def test_a_stranger_from_a_public_channel_sees_its_posts_and_nothing_else(
    stage: Stage,
) -> None:
    payload = await told_in_channel(stage, username="mxcourts")
    await found(
        stage, article(f"{NAME} in a paper the channel did not show", url="https://a.example/9")
    )
    eve = stage.server.person("Eve")
    await eve.says(f"/start {payload}")
    said = await eve.hears(f"{NAME} in mxcourts: 1 post")
    assert "goes home" in said["text"]
    assert "did not show" not in said["text"]
    assert labels(eve) == []


async def test_a_stranger_gets_nothing_out_of_a_private_channel_or_a_forged_link(
    stage: Stage,
) -> None:
    payload = await told_in_channel(stage, username="")
    eve, mallory = stage.server.person("Eve"), stage.server.person("Mallory")
    await eve.says(f"/start {payload}")
    await eve.hears("This is a private bot")
    await mallory.says("/start t_999999")
    await mallory.hears("This is a private bot")


async def test_the_button_under_a_public_post_leads_there_and_a_private_one_has_none(
    stage: Stage,
) -> None:
    await told_in_channel(stage, username="mxcourts")
    [public] = stage.server.rooms("mxcourts")
    assert public.buttons() == ["Open article", "Timeline"]
    eve = stage.server.person("Eve")
    await eve.presses("Timeline", public)
    await eve.hears(f"{NAME} in mxcourts: 1 post")


async def test_a_private_channel_has_no_such_button(stage: Stage) -> None:
    await told_in_channel(stage, username="")
    [private] = stage.server.rooms("mxcourts")
    assert private.buttons() == ["Open article"]


async def test_a_member_from_a_channel_sees_the_whole_timeline(stage: Stage) -> None:
    payload = await told_in_channel(stage, username="mxcourts")
    await stage.ana.says(f"/start {payload}")
    await stage.ana.hears("Newest first, 1–1 of 1")


async def test_a_case_that_only_a_visitor_was_told_of_is_in_no_ones_overview(stage: Stage) -> None:
    docket = await filed(stage, "ORDER dismissing case", date(2020, 11, 20), "58")
    now = stage.clock.now
    [item] = await stage.read(article(f"{NAME} at home", url="https://a.example/1"))
    async with stage.store.write() as tx:
        theirs = await watches.add(tx, Watch(NAME), now, by=77, visitor=77)
        await dockets.note_named(tx, [(docket, theirs.watch.id)], now)
        matcher = Matcher()
        matcher.add(theirs.watch)
        await items.add_mentions(tx, [(item.id, one) for one in matcher.find_mentions(item)])
        assert await chronicle.of_watch(tx, 0) == []
        assert len(await chronicle.of_docket(tx, docket)) == 1, "the filing, without the news"
