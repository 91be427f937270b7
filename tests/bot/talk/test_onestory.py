"""A wrong merge is split with one button, a missed one is made with one, and both can be undone."""

from __future__ import annotations

from datetime import timedelta
from zlib import crc32

from matching.joining import decide
from matching.match import Matcher
from matching.raising import audiences, raise_alerts
from model import News, Recorded
from store import alerts, items, outbox, subscribers, watches
from tests.bot.talk.stage import Stage, article

NAME = "Salvador Cienfuegos Zepeda"
ARREST = "Former minister Salvador Cienfuegos arrested at Los Angeles airport"
REWRITE = "Salvador Cienfuegos, Mexico's ex-minister, detained at the airport of Los Angeles"
GARDEN = "The garden club of Tepic plants jacarandas"


async def come(stage: Stage, title: str, *, source: str = "InSight Crime") -> None:
    """Let an article come, decide what becomes of it as the poller does, and deliver that."""
    text = f"{NAME}: {title}."
    url = f"https://{source[:3].lower()}.example/{crc32(title.encode())}"
    (item,) = await stage.read(article(title, text, url), source=source)
    async with stage.store.write() as tx:
        every = await watches.all_watches(tx)
        heard = audiences(every, await subscribers.all_subscribers(tx))
        matcher = Matcher()
        for one in every:
            matcher.add(one.watch)
        found = matcher.find_mentions(item)
        drafts = raise_alerts(Recorded(item, News.NEW), found, heard)
        since = stage.clock.now - timedelta(hours=72)
        decisions = decide(drafts, await alerts.told(tx, drafts, since), now=stage.clock.now)
        await outbox.queue(tx, decisions, stage.clock.now)
        await items.add_mentions(tx, [(item.id, one) for one in found])
    await after_a_while(stage)


async def after_a_while(stage: Stage) -> None:
    """Send what is due, edits that had to wait a minute included."""
    await stage.deliver()
    stage.clock.forward(minutes=2)
    await stage.deliver()


async def begin(stage: Stage) -> None:
    await stage.ana.says(NAME)
    await stage.ana.presses_soon("Start watching")
    await stage.ana.hears("✅ Watching")


def of(stage: Stage, title: str) -> list[str]:
    """Return the texts of messages that say this headline as their own."""
    texts = stage.ana.private.texts
    return [one for one in texts if len(one.splitlines()) > 1 and one.splitlines()[1] == title]


async def test_a_wrong_merge_is_taken_out_with_one_button_and_put_back_with_another(
    stage: Stage,
) -> None:
    await begin(stage)
    await come(stage, ARREST)
    await come(stage, REWRITE, source="Ledger")
    (first,) = of(stage, ARREST)
    assert "Also in 1 outlet" in first
    await stage.ana.presses("Not the same")
    await stage.ana.hears("Taken out")
    await after_a_while(stage)
    (first,), (own,) = of(stage, ARREST), of(stage, REWRITE)
    assert "Also in" not in first
    assert "Ledger" in own
    await stage.ana.presses("Undo")
    await stage.ana.hears("Taken back")
    await after_a_while(stage)
    (first,) = of(stage, ARREST)
    assert "Also in 1 outlet" in first
    assert of(stage, REWRITE) == []


async def test_of_several_that_joined_one_is_chosen(stage: Stage) -> None:
    await begin(stage)
    await come(stage, ARREST)
    await come(stage, REWRITE, source="Ledger")
    await come(stage, ARREST, source="Wire")
    await stage.ana.presses("Not the same")
    await stage.ana.presses_soon("Wire: Former minister Salvador Cienfueg…")
    await stage.ana.hears("Taken out")
    await after_a_while(stage)
    assert len(of(stage, ARREST)) == 2
    assert of(stage, REWRITE) == []


async def test_what_was_taken_out_is_joined_by_what_tells_the_same(stage: Stage) -> None:
    await begin(stage)
    await come(stage, ARREST)
    await come(stage, REWRITE, source="Ledger")
    await stage.ana.presses("Not the same")
    await stage.ana.hears("Taken out")
    await after_a_while(stage)
    await come(stage, REWRITE, source="Wire")
    (own,) = of(stage, REWRITE)
    assert "Reprinted in 1 outlet" in own


async def test_a_missed_merge_is_made_with_one_button_and_undone_with_another(
    stage: Stage,
) -> None:
    await begin(stage)
    await come(stage, ARREST)
    await come(stage, GARDEN, source="Ledger")
    assert len(of(stage, GARDEN)) == 1
    await stage.ana.presses("Same story")
    await stage.handled()
    await after_a_while(stage)
    (first,) = of(stage, ARREST)
    assert "Also in 1 outlet" in first
    assert of(stage, GARDEN) == []
    assert any(ARREST in text and "Same story" in text for text in stage.ana.private.texts)
    await stage.ana.presses("Undo")
    await stage.handled()
    await after_a_while(stage)
    (first,) = of(stage, ARREST)
    assert "Also in" not in first
    assert len(of(stage, GARDEN)) == 1
