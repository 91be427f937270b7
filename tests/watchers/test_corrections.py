"""Articles that change after they were told: on a loopback outlet, over both databases."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from hashlib import sha256

import pytest

from alerts.compose import compose
from bot.words import load
from model import (
    AlertView,
    Bond,
    Delivery,
    DeliveryKind,
    DeliveryState,
    NewSource,
    Outcome,
    Watch,
)
from model.version import Changed, Part, Version
from store import alerts, items, outbox, retention, second_looks, sources, versions, watches
from store.engine import Store
from tests.watchers.test_articles import HTML, LONG, NAME, Desk, breaking_off, desk_of, page
from tests.watchers.test_pacer import entry
from tests.watchers.test_pacer import feed as pacer
from watchers.want import FullText

BODY = f"The order names {NAME}, the former minister."
TITLE = "The minister goes home"
SEND = DeliveryKind.SEND


@pytest.fixture
async def desk(store: Store) -> AsyncIterator[Desk]:
    async with desk_of(store, corrections=True) as one:
        yield one


async def settled(desk: Desk) -> list[tuple[Delivery, AlertView]]:
    """Return what is due with its views, and let it count as sent."""
    due = await desk.due()
    async with desk.store.read() as tx:
        found = await alerts.views(tx, [one.alert_id for one in due])
    async with desk.store.write() as tx:
        done = [Outcome(one.id, DeliveryState.SENT, (one.id,)) for one in due]
        await outbox.settle(tx, done, desk.clock())
    return [(one, found[one.alert_id]) for one in due]


async def told(desk: Desk, path: str = "/a", title: str = TITLE) -> AlertView:
    """Have an article told that only its page names somebody in, and its message sent."""
    desk.web.page(path, page(LONG, BODY, LONG), **HTML)
    await desk.publish((path, title, "A deal was made."))
    assert (await desk.read()).alerts == 1
    ((_, view),) = await settled(desk)
    return view


async def kept(desk: Desk, item_id: int) -> list[Version]:
    async with desk.store.read() as tx:
        return await versions.of(tx, [item_id])


def said(view: AlertView, language: str = "en") -> str:
    return compose(view, load(language)).text


async def test_a_told_article_is_kept_with_what_proves_it(desk: Desk) -> None:
    view = await told(desk)
    feed, article = await kept(desk, view.items[0].id)
    assert (feed.part, article.part) == (Part.SOURCE, Part.PAGE)
    assert (feed.url, article.url) == (desk.web.url("/feed"), desk.web.url("/a"))
    assert article.sha256 == sha256(page(LONG, BODY, LONG).encode()).hexdigest()
    assert len(feed.sha256) == 64
    assert feed.seen_at == view.items[0].first_seen
    assert (feed.title, feed.summary, feed.text) == (TITLE, "A deal was made.", "")
    assert BODY in article.text


async def test_what_nobody_was_told_of_is_not_kept_again(desk: Desk) -> None:
    desk.web.page("/a", page(LONG), **HTML)
    await desk.publish(("/a", TITLE, "A deal was made."))
    await desk.read()
    async with desk.store.read() as tx:
        assert await versions.count(tx) == 0
        assert await second_looks.next_due(tx) is None


async def test_a_page_is_looked_at_again_after_an_hour_six_a_day_and_three(desk: Desk) -> None:
    await told(desk)
    asked = desk.web.paths().count("/a")
    looks = []
    for hour in range(1, 100):
        looks += [hour] if (await desk.read(hours=1)).looked else []
    assert looks == [1, 6, 24, 72]
    assert desk.web.paths().count("/a") == asked + 4
    assert await desk.due() == []


async def test_a_page_that_did_not_change_is_not_sent_again(desk: Desk) -> None:
    desk.web.page("/a", page(LONG, BODY, LONG), ETag='"1"', **HTML)
    await desk.publish(("/a", TITLE, "A deal was made."))
    await desk.read()
    await desk.read(hours=1)
    await desk.read(hours=5)
    headers = [one.headers.get("If-None-Match") for one in desk.web.asked if one.path == "/a"]
    assert headers == [None, None, '"1"']


async def test_a_page_that_breaks_off_before_the_name_took_no_name_out(desk: Desk) -> None:
    await told(desk)
    desk.web.program("/a", breaking_off(page(LONG, BODY, LONG), len(LONG) + 80))
    assert (await desk.read(hours=1)).looked == 1
    assert await desk.due() == []


async def test_a_changed_headline_edits_the_message_and_says_what_it_was(desk: Desk) -> None:
    view = await told(desk)
    await desk.publish(("/a", "The minister flies home", "A deal was made."))
    ((delivery, edited),) = await settled(desk)
    assert (delivery.kind, delivery.alert_id) == (DeliveryKind.EDIT, view.id)
    at = load("en").moment(desk.clock())
    assert f"Headline changed {at}: was “{TITLE}”" in said(edited)
    assert "The minister flies home" in said(edited)
    assert "Titular cambiado" in said(edited, "es")


async def test_a_changed_headline_leaves_what_the_page_said_with_the_item(desk: Desk) -> None:
    view = await told(desk)
    await desk.publish(("/a", "The minister flies home", "A deal was made."))
    async with desk.store.read() as tx:
        stored = await items.get(tx, view.items[0].id)
    assert stored is not None
    assert BODY in stored.text
    await settled(desk)
    report = await desk.read()
    assert (report.looked, report.alerts) == (1, 0)
    assert await desk.due() == []


async def test_a_changed_summary_edits_the_message(desk: Desk) -> None:
    await told(desk)
    await desk.publish(("/a", TITLE, "No deal was made."))
    ((delivery, edited),) = await settled(desk)
    assert delivery.kind is DeliveryKind.EDIT
    assert "was “A deal was made.”" in said(edited)


async def test_a_changed_text_edits_the_message_and_a_trifle_does_not(desk: Desk) -> None:
    await told(desk)
    desk.web.page("/a", page(LONG, BODY, LONG, "Updated five minutes ago."), **HTML)
    await desk.read(hours=1)
    assert await desk.due() == []
    more = "A lawyer of his said on Thursday that nobody had asked the court in Culiacán at all. "
    desk.web.page("/a", page(LONG, BODY, LONG, more * 2), **HTML)
    await desk.read(hours=5)
    ((delivery, edited),) = await settled(desk)
    assert delivery.kind is DeliveryKind.EDIT
    assert "Text changed" in said(edited)


async def test_a_name_that_goes_from_the_page_is_told_in_an_answer_once(desk: Desk) -> None:
    view = await told(desk)
    desk.web.page("/a", page(LONG, "The order names the former minister.", LONG), **HTML)
    assert (await desk.read(hours=1)).alerts == 1
    sent = {one.kind: view for one, view in await settled(desk)}
    answer, root = sent[DeliveryKind.SEND], sent[DeliveryKind.EDIT]
    assert root.id == view.id
    assert answer.thread.tie is not None
    assert (answer.thread.tie.alert_id, answer.thread.tie.bond) == (view.id, Bond.CORRECTION)
    assert said(answer).startswith(f"Ríodoce no longer names {NAME} in this article")
    assert f"No longer names {NAME} since" in said(root)
    assert BODY not in said(root)
    desk.web.page("/a", page(LONG, "The order names a former minister.", LONG), **HTML)
    assert (await desk.read(hours=5)).alerts == 0


async def test_a_name_that_goes_from_the_feed_alone_is_named_by_the_page_still(desk: Desk) -> None:
    desk.web.page("/a", page(LONG, BODY, LONG), **HTML)
    await desk.publish(("/a", f"{NAME} goes home", "A deal was made."))
    await desk.read()
    await settled(desk)
    await desk.publish(("/a", TITLE, "A deal was made."))
    await desk.read()
    ((delivery, edited),) = await settled(desk)
    assert delivery.kind is DeliveryKind.EDIT
    assert "No longer names" not in said(edited)


async def test_where_no_page_is_read_the_feed_decides_who_is_named(store: Store) -> None:
    async with desk_of(store, FullText.NEVER, corrections=True) as desk:
        await desk.publish(("/a", f"{NAME} goes home", "A deal was made."))
        await settled(desk)
        await desk.publish(("/a", TITLE, "A deal was made."))
        kinds = sorted(one.kind.value for one, _ in await settled(desk))
        assert kinds == ["edit", "send"]
        await desk.publish(("/a", f"{NAME} goes home", "A deal was made."))
        ((_, view),) = await settled(desk)
        assert "No longer names" not in said(view)
        assert "/a" not in desk.web.paths()


async def test_a_feed_that_flaps_between_two_headlines_is_answered_once_each_way(
    store: Store,
) -> None:
    async with desk_of(store, FullText.NEVER, corrections=True) as desk:
        one, other = f"{NAME} arrested in Los Angeles", f"{NAME} released in Los Angeles"
        await desk.publish(("/a", one, "A deal was made."))
        await settled(desk)
        sends = []
        for title in (other, one) * 4:
            await desk.publish(("/a", title, "A deal was made."))
            sends += [view for delivery, view in await settled(desk) if delivery.kind is SEND]
        assert [view.items[0].title for view in sends] == [other, one]


async def test_a_name_that_comes_and_goes_with_every_poll_is_answered_once(store: Store) -> None:
    async with desk_of(store, FullText.NEVER, corrections=True) as desk:
        named = f"{NAME} goes home"
        await desk.publish(("/a", named, "A deal was made."))
        await settled(desk)
        kinds = []
        for title in (TITLE, named) * 3:
            await desk.publish(("/a", title, "A deal was made."))
            kinds += [delivery.kind for delivery, _ in await settled(desk)]
        assert kinds.count(SEND) == 1


async def test_a_short_reading_of_a_page_takes_no_name_away(desk: Desk) -> None:
    await told(desk)
    desk.web.page("/a", page("Something went wrong, please reload."), **HTML)
    assert (await desk.read(hours=1)).looked == 1
    assert await desk.due() == []


async def test_a_wall_put_before_an_article_changes_nothing(desk: Desk) -> None:
    await told(desk)
    desk.web.page("/a", "<html><body><form><input type=password></form></body></html>", **HTML)
    report = await desk.read(hours=1)
    assert (report.looked, report.alerts) == (1, 0)
    assert await desk.due() == []


async def test_a_withdrawn_article_is_said_to_be_so_once_it_is_sure(desk: Desk) -> None:
    view = await told(desk)
    desk.web.page("/a", "Gone", status=404)
    await desk.read(hours=1)
    assert await desk.due() == []
    await desk.read(minutes=16)
    ((delivery, edited),) = await settled(desk)
    assert (delivery.kind, delivery.alert_id) == (DeliveryKind.EDIT, view.id)
    assert f"Withdrawn by the outlet {load('en').moment(desk.clock())}" in said(edited)
    assert BODY in said(edited)
    desk.web.page("/a", page(LONG, BODY, LONG), **HTML)
    await desk.read(hours=5)
    ((_, again),) = await settled(desk)
    assert "At the outlet again since" in said(again)
    assert "Withdrawn" not in said(again)


async def test_a_page_that_says_gone_is_believed_at_once(desk: Desk) -> None:
    await told(desk)
    desk.web.page("/a", "Gone", status=410)
    await desk.read(hours=1)
    ((_, edited),) = await settled(desk)
    assert "Withdrawn by the outlet" in said(edited)


async def test_a_server_that_errs_once_withdraws_nothing(desk: Desk) -> None:
    await told(desk)
    desk.web.page("/a", "Oops", status=404)
    await desk.read(hours=1)
    desk.web.page("/a", page(LONG, BODY, LONG), **HTML)
    await desk.read(hours=5)
    assert await desk.due() == []


async def test_an_article_withdrawn_after_its_message_is_frozen_is_told_in_an_answer(
    desk: Desk,
) -> None:
    view = await told(desk)
    await desk.read(hours=24)
    desk.web.page("/a", "Gone", status=410)
    assert (await desk.read(hours=49)).alerts == 1
    ((delivery, answer),) = await settled(desk)
    assert delivery.kind is DeliveryKind.SEND
    assert answer.thread.tie is not None
    assert answer.thread.tie.alert_id == view.id
    assert said(answer).startswith(f"{NAME}: Ríodoce withdrew this article")


async def test_a_page_that_leads_to_the_front_page_withdraws_nothing(desk: Desk) -> None:
    await told(desk)
    desk.web.page("/a", status=302, location="/")
    desk.web.page("/", page("Other news of the day.", LONG), **HTML)
    assert (await desk.read(hours=1)).alerts == 0
    assert await desk.due() == []


async def test_a_headline_of_another_event_is_told_in_an_answer(desk: Desk) -> None:
    desk.web.page("/a", page(LONG, BODY, LONG), **HTML)
    await desk.publish(("/a", f"{NAME} arrested in Los Angeles", "A deal was made."))
    await settled(desk)
    await desk.publish(("/a", f"{NAME} released in Los Angeles", "A deal was made."))
    sent = {one.kind: view for one, view in await settled(desk)}
    answer = sent[DeliveryKind.SEND]
    assert said(answer).startswith(f"{NAME}: Ríodoce changed what happened")
    assert "was “Salvador Cienfuegos Zepeda arrested in Los Angeles”" in said(answer)
    assert "Headline changed" in said(sent[DeliveryKind.EDIT])


async def test_a_name_added_to_a_told_article_is_an_alert_of_its_own(desk: Desk) -> None:
    async with desk.store.write() as tx:
        await watches.add(tx, Watch("Carol Bagley Amon"), desk.clock())
    await told(desk)
    desk.web.page("/a", page(LONG, BODY, "Judge Carol Bagley Amon agreed.", LONG), **HTML)
    assert (await desk.read(hours=1)).alerts == 1
    ((delivery, view),) = await settled(desk)
    assert delivery.kind is DeliveryKind.SEND
    assert "Carol Bagley Amon" in said(view).partition("\n")[0]


async def test_robots_that_forbid_later_are_heeded(desk: Desk) -> None:
    await told(desk)
    desk.web.page("/robots.txt", "User-agent: *\nDisallow: /a")
    asked = desk.web.paths().count("/a")
    assert (await desk.read(hours=25)).looked == 1
    assert desk.web.paths().count("/a") == asked


async def test_what_is_told_twice_is_looked_at_by_one_of_two_readers(desk: Desk) -> None:
    await told(desk)
    desk.clock.turn(hours=1)
    async with desk.store.write() as tx:
        first = await second_looks.claim(tx, desk.clock(), 8, per_hour=60)
        second = await second_looks.claim(tx, desk.clock(), 8, per_hour=60)
    assert (len(first), second) == (1, [])
    later = desk.clock() + second_looks.LEASE
    async with desk.store.write() as tx:
        assert len(await second_looks.claim(tx, later, 8, per_hour=60)) == 1


async def test_texts_go_with_keep_bodies_and_proofs_stay(desk: Desk) -> None:
    view = await told(desk)
    later = desk.clock.turn(days=91)
    await retention.prune(desk.store, later, keep_bodies=timedelta(days=90))
    feed, article = await kept(desk, view.items[0].id)
    assert (feed.text, article.text) == ("", "")
    assert article.title == TITLE
    assert len(article.sha256) == 64


async def test_versions_go_with_their_items(desk: Desk) -> None:
    view = await told(desk)
    later = desk.clock.turn(days=401)
    await retention.prune(desk.store, later, keep_articles=timedelta(days=400))
    assert await kept(desk, view.items[0].id) == []
    assert view.items[0].id


async def test_each_thing_that_changed_is_kept_as_a_version(desk: Desk) -> None:
    view = await told(desk)
    await desk.publish(("/a", "The minister flies home", "A deal was made."))
    desk.web.page("/a", "Gone", status=410)
    await desk.read()
    changed = [one.changed for one in await kept(desk, view.items[0].id)]
    assert changed == [(), (), (Changed.HEADLINE,), (Changed.WITHDRAWN,)]


async def test_a_told_filing_is_kept_with_the_courts_document(desk: Desk) -> None:
    async with desk.store.write() as tx:
        court = NewSource(desk.web.url("/rss_outside.pl"), "E.D.N.Y.", "pacer")
        await sources.add(tx, court, desk.clock())
    desk.web.page("/rss_outside.pl", pacer())
    await desk.publish(("/old", "An old story nobody needs", ""))
    body = pacer(entry("[Order] USA v. Cienfuegos Zepeda", title=f"1:19-cr-00366 USA v. {NAME}"))
    desk.web.page("/rss_outside.pl", body)
    await desk.publish(("/old", "An old story nobody needs", ""))
    ((_, view),) = await settled(desk)
    (said_then,) = await kept(desk, view.items[0].id)
    assert said_then.sha256 == sha256(body).hexdigest()
    assert said_then.url == desk.web.url("/rss_outside.pl")
    async with desk.store.read() as tx:
        assert await second_looks.next_due(tx) is None


async def test_a_feed_that_breaks_off_in_a_told_article_says_nothing_of_it(store: Store) -> None:
    async with desk_of(store, FullText.NEVER, corrections=True) as desk:
        await desk.publish(("/a", TITLE, BODY))
        assert len(await settled(desk)) == 1
        whole = f"<item><guid>/a</guid><title>{TITLE}</title><description>The order names "
        for length in range(len(whole) - 40, len(whole), 9):
            desk.web.page("/feed", f"<rss version='2.0'><channel>{whole[:length]}")
            desk.clock.turn(minutes=1)
            await desk.poller.poll_all(desk.clock())
        assert await desk.due() == []
        await desk.publish(("/a", TITLE, "The order names nobody."))
        assert {one.kind for one in await desk.due()} == {DeliveryKind.SEND, DeliveryKind.EDIT}
