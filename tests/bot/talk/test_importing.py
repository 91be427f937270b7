"""Lists dropped into the chat: sources, names; what comes of them, and taking it back."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest

import bot.talk.importing
from model import NewSource
from model.people import Role
from store import notes, sources
from tests.bot.talk.stage import Stage, labels
from tests.bot.talk.test_archive import joined
from tests.bot.talk.test_exporting import content, told
from tests.bot.talk.test_feeds import FEED, site, urls
from tests.bot.talk.test_timeline import NAME


def opml(*addresses: str) -> bytes:
    lines = [f'<outline type="rss" text="{n}" xmlUrl="{url}"/>' for n, url in enumerate(addresses)]
    return f'<opml version="2.0"><body>{"".join(lines)}</body></opml>'.encode()


async def test_an_opml_file_is_read_checked_and_imported_with_undo(stage: Stage) -> None:
    pages = {f"/{n}": FEED.format(title=f"Paper {n}") for n in range(3)}
    pages["/page"] = "<html><body>No feed</body></html>"
    async with site(pages) as address:
        await stage.ana.says(f"{address}/0")
        await stage.ana.presses_soon("Add")
        await stage.ana.hears("Added: Paper 0")
        listed = [f"{address}/{one}" for one in ("0", "1", "2", "gone", "page")]
        await stage.ana.sends_file("feeds.opml", opml(*listed))
        await stage.ana.hears("Imported 2. 1 was already here. 2 don’t answer (list attached).")
        assert sorted(await urls(stage)) == [f"{address}/{n}" for n in range(3)]
        sent = await stage.ana.hears("2 sources that were not added, and why.")
        failures = content(stage, sent).decode()
        assert f"{address}/gone: " in failures
        assert f"{address}/page: There is no feed at this address." in failures
        await stage.ana.presses("Undo")
        await stage.ana.hears("Taken back")
        assert await urls(stage) == [f"{address}/0"]


async def test_undo_of_a_list_keeps_what_somebody_else_added_meanwhile(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = bot.talk.importing.read_feed

    async def slowly(fetcher: Any, sandbox: Any, url: str, now: datetime) -> Any:
        found = await read(fetcher, sandbox, url, now)
        if url.endswith("/0"):
            async with stage.store.write() as tx:
                await sources.add(tx, NewSource(url), now)
        return found

    monkeypatch.setattr(bot.talk.importing, "read_feed", slowly)
    pages = {f"/{n}": FEED.format(title=f"Paper {n}") for n in range(2)}
    async with site(pages) as address:
        await stage.ana.sends_file("feeds.opml", opml(f"{address}/0", f"{address}/1"))
        await stage.ana.hears("Imported 1. 1 was already here.")
        await stage.ana.presses("Undo")
        await stage.ana.hears("Taken back")
        assert await urls(stage) == [f"{address}/0"]


async def test_a_list_that_was_taken_back_is_not_taken_back_again_by_its_button(
    stage: Stage,
) -> None:
    async with site({"/0": FEED.format(title="Paper")}) as address:
        await stage.ana.sends_file("feeds.opml", opml(f"{address}/0"))
        first = await stage.ana.hears("Imported 1.")
        await stage.ana.says("/undo")
        await stage.ana.hears("Taken back")
        await stage.ana.sends_file("feeds.opml", opml(f"{address}/0"))
        await stage.ana.private.shows("Imported 1.", times=2)
        await stage.ana.presses("Undo", message=first)
        await stage.handled()
        assert await urls(stage) == [f"{address}/0"]
        await stage.ana.says("/undo")
        await stage.ana.private.shows("Taken back", times=2)
        assert await urls(stage) == []


async def test_the_message_says_how_it_goes_and_is_changed_at_most_once_a_while(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert bot.talk.importing.EVERY == 5.0
    async with site({"/0": FEED.format(title="Paper")}) as address:
        await stage.ana.sends_file("feeds.txt", f"{address}/0\n# a remark\n".encode())
        await stage.ana.hears("Imported 1.")
    changes = stage.server.calls("editMessageText")
    assert len(changes) == 1, "all were read within five seconds"


async def test_damaged_opml_and_what_is_no_list_are_said_to_be_so(stage: Stage) -> None:
    await stage.ana.sends_file("feeds.opml", b"\x00\x01 nothing")
    await stage.ana.hears("I couldn’t read that as a list of sources")
    await stage.ana.sends_file("names.csv", b"name,threshold\nAna,high\n")
    await stage.ana.hears("could not be used (list attached)")


async def test_the_button_says_what_can_be_sent_and_a_viewer_may_not(stage: Stage) -> None:
    await stage.ana.says("/feeds")
    await stage.ana.presses_soon("Import")
    await stage.ana.hears("Send me a file: OPML")
    leo = await joined(stage, "Leo", Role.VIEWER)
    await leo.sends_file("feeds.opml", opml("https://a.example/feed"))
    await leo.hears("Only an administrator can do that")
    eve = stage.server.person("Eve")
    await eve.sends_file("feeds.opml", opml("https://a.example/feed"))
    await eve.hears("This is a private bot")


async def test_several_names_are_previewed_and_the_specific_ones_added_at_once(
    stage: Stage,
) -> None:
    await stage.ana.says(f"{NAME}\nGenaro García Luna\n\nJuan Pérez\nMaría García")
    await stage.ana.hears(
        "4 names. 2 look specific. 2 would find others too (Juan Pérez, María García)."
    )
    assert labels(stage.ana) == ["Add the 2", "Review one by one"]
    await stage.ana.presses("Add the 2")
    await stage.ana.hears("✅ Watching 2 more.")
    assert await stage.all_followed() == [NAME, "Genaro García Luna"]
    await stage.ana.presses("Review one by one")
    await stage.ana.hears("🔎 Juan Pérez")
    await stage.ana.presses("Skip")
    await stage.ana.hears("🔎 María García")
    await stage.ana.presses("Watch anyway")
    await stage.ana.hears("That was the last one.")
    assert await stage.all_followed() == [NAME, "Genaro García Luna", "María García"]


async def test_an_import_of_names_is_taken_back_as_one(stage: Stage) -> None:
    await stage.ana.sends_file(
        "names.csv",
        f"name,aliases\n{NAME},General Cienfuegos|Cienfuegos Zepeda\nIván Reyes Arzate,\n".encode(),
    )
    await stage.ana.hears("2 names. 2 look specific.")
    await stage.ana.presses("Add the 2")
    await stage.ana.hears("✅ Watching 2 more.")
    assert (await stage.followed(NAME)).watch.aliases == ("General Cienfuegos", "Cienfuegos Zepeda")
    await stage.ana.says("/undo")
    await stage.ana.hears("Taken back")
    assert await stage.all_followed() == []
    await stage.ana.sends_file("names.txt", f"{NAME}\n".encode())
    await stage.ana.hears("1 name. 1 looks specific.")


async def test_an_address_of_opml_is_imported(stage: Stage) -> None:
    async with site({"/0": FEED.format(title="Paper")}) as address:
        listed = opml(f"{address}/0").decode()
        async with site({"/all.opml": listed}) as other:
            await stage.ana.says(f"{other}/all.opml")
            await stage.ana.hears("Imported 1.")
            assert await urls(stage) == [f"{address}/0"]


async def test_a_page_of_a_site_that_is_read_is_explained(stage: Stage) -> None:
    page = f"<html><title>{NAME} goes home</title><body><p>{NAME} flew home.</p></body></html>"
    async with site({"/feed": FEED.format(title="Paper"), "/story": page}) as address:
        await stage.ana.says(f"{address}/feed")
        await stage.ana.presses_soon("Add")
        await stage.ana.hears("Added: Paper")
        await stage.ana.says(NAME)
        await stage.ana.presses_soon("Start watching")
        await stage.ana.hears("✅ Watching")
        await stage.ana.says(f"{address}/story")
        said = await stage.ana.hears("goes home")
        assert NAME in said["text"]


async def test_a_reply_to_an_alert_is_a_note_that_exports_show(stage: Stage) -> None:
    await told(stage)
    alert = await stage.ana.hears("day 1")
    await stage.ana.says("Call the lawyer before noon", reply_to=alert)
    await stage.ana.hears("Noted on this story.")
    await stage.ana.says(f"/export {NAME}")
    await stage.ana.presses_soon("JSON")
    sent = await stage.ana.hears("What was told of")
    first = json.loads(content(stage, sent).decode().splitlines()[0])
    assert first["notes"].endswith(": Call the lawyer before noon")
    await stage.ana.presses("Undo")
    await stage.ana.hears("Taken back")
    async with stage.store.read() as tx:
        assert await notes.of_person(tx, stage.ana.id) == 0


async def test_a_forwarded_post_is_explained(stage: Stage) -> None:
    await told(stage)
    channel = stage.server.channel("Other paper", stage.ana, username="otherpaper")
    text = f"{NAME} is back\nHe flew home on Wednesday."
    content_of = {"text": text, "forward_origin": {
        "type": "channel", "date": 1605700000, "chat": channel.chat.view(), "message_id": 5,
    }}  # fmt: skip
    stage.ana._post(None, content_of)
    said = await stage.ana.hears("is back", times=1)
    assert NAME in said["text"]
    honest = await stage.ana.hears("I can’t follow @otherpaper itself")
    assert "address of its website" in honest["text"]
    async with stage.store.write() as tx:
        new = NewSource("https://bridge.example/OtherPaper/feed", "Other paper")
        await sources.add(tx, new, stage.clock.now)
    before = len(stage.ana.private.texts)
    stage.ana._post(None, content_of)
    await stage.handled()
    assert len(stage.ana.private.texts) == before + 1, "only what its rules find"


async def test_a_line_that_names_a_channel_is_not_told_elsewhere_in_silence(
    stage: Stage,
) -> None:
    await stage.ana.says(f"{NAME} to @mxcourts\nGenaro García Luna")
    said = await stage.ana.hears("1 line could not be used (list attached)")
    assert "1 name" in said["text"]
    await stage.ana.hears("1 line that could not be used, and why.")
    sent = stage.ana.private.messages[-1]["document"]
    assert sent["file_name"].startswith("not-added-")
    await stage.ana.presses("Add")
    await stage.handled()
    assert await stage.all_followed() == ["Genaro García Luna"]
