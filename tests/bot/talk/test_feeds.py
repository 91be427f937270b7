"""Sources: found from a site's address, added, looked at, removed."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import timedelta

from aiohttp import web

from model import NewSource, Pace, PollNote
from store import sources
from tests.bot.talk.stage import Stage, article, labels

FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>{title}</title>
<link>http://127.0.0.1/</link><description>News</description>
<item><guid>1</guid><title>A hearing is set</title><link>http://127.0.0.1/1</link>
<pubDate>Wed, 18 Nov 2020 13:00:00 GMT</pubDate></item></channel></rss>"""
PAGE = """<html><head><title>Ríodoce</title>
<link rel="alternate" type="application/rss+xml" href="/news.xml" title="News">
<link rel="alternate" type="application/rss+xml" href="/comments.xml" title="Comments">
</head><body>Hello</body></html>"""


@contextlib.asynccontextmanager
async def site(pages: Mapping[str, str]) -> AsyncIterator[str]:
    """Serve these pages on loopback; any other is not found."""

    async def answer(request: web.Request) -> web.Response:
        text = pages.get(request.path)
        if text is None:
            raise web.HTTPNotFound
        kind = "application/rss+xml" if text.startswith("<?xml") else "text/html"
        return web.Response(text=text, content_type=kind)

    app = web.Application()
    app.router.add_get("/{path:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def urls(stage: Stage) -> list[str]:
    async with stage.store.read() as tx:
        return [one.source.url for one in await sources.health(tx) if one.source.enabled]


async def test_a_feed_address_sent_in_private_can_be_added(stage: Stage) -> None:
    async with site({"/feed": FEED.format(title="Ríodoce")}) as address:
        await stage.ana.says(f"{address}/feed")
        offer = await stage.ana.hears("Found 1 feed on 127.0.0.1")
        assert "1. Ríodoce, 1 item, newest 2 h ago" in offer["text"]
        assert await urls(stage) == []
        await stage.ana.presses("Add")
        await stage.ana.hears("Added: Ríodoce")
        assert await urls(stage) == [f"{address}/feed"]
        await stage.ana.presses("Undo")
        await stage.ana.hears("Taken back")
        assert await urls(stage) == []


async def test_a_site_with_two_feeds_offers_each_and_all(stage: Stage) -> None:
    pages = {
        "/": PAGE,
        "/news.xml": FEED.format(title="Noticias"),
        "/comments.xml": FEED.format(title="Comentarios"),
    }
    async with site(pages) as address:
        await stage.ana.says(f"/feeds {address}")
        offer = await stage.ana.hears("Found 2 feeds")
        assert "1. Noticias" in offer["text"]
        assert labels(stage.ana) == ["Add 1", "Add 2", "Add all"]
        await stage.ana.presses("Add 2")
        await stage.ana.hears("Added: Comentarios")
        assert await urls(stage) == [f"{address}/comments.xml"]


async def test_adding_all_adds_each(stage: Stage) -> None:
    pages = {
        "/": PAGE,
        "/news.xml": FEED.format(title="Noticias"),
        "/comments.xml": FEED.format(title="Comentarios"),
    }
    async with site(pages) as address:
        await stage.ana.says(address)
        await stage.ana.presses_soon("Add all")
        await stage.ana.hears("Added: Noticias and Comentarios")
        assert len(await urls(stage)) == 2


async def test_a_site_without_feeds_is_said_to_have_none(stage: Stage) -> None:
    async with site({"/": "<html><body>Nothing here</body></html>"}) as address:
        await stage.ana.says(address)
        await stage.ana.hears("I found no feed on 127.0.0.1")


async def test_an_unreachable_site_is_said_to_be_so(stage: Stage) -> None:
    async with site({}) as address:
        gone = address
    await stage.ana.says(gone)
    await stage.ana.hears("I couldn’t read 127.0.0.1.")


async def test_a_private_address_is_refused_unless_it_is_allowed(stage: Stage) -> None:
    await stage.ana.says("http://10.1.2.3/feed")
    said = await stage.ana.hears("I couldn’t read 10.1.2.3.")
    assert "allow_networks" in said["text"]


async def test_a_source_we_read_is_not_offered_again(stage: Stage) -> None:
    async with site({"/feed": FEED.format(title="Ríodoce")}) as address:
        await stage.ana.says(f"{address}/feed")
        await stage.ana.presses_soon("Add")
        await stage.ana.hears("Added: Ríodoce")
        await stage.ana.says(f"{address}/feed")
        await stage.ana.hears("I’m reading Ríodoce already")


async def test_the_button_asks_and_the_answer_is_an_address(stage: Stage) -> None:
    await stage.ana.says("/feeds")
    await stage.ana.hears("I’m not reading any sources yet")
    await stage.ana.presses("＋ Add")
    await stage.ana.hears("Which site?")
    async with site({"/feed": FEED.format(title="Ríodoce")}) as address:
        await stage.ana.says(f"{address}/feed")
        await stage.ana.hears("Found 1 feed")


async def test_the_list_shows_what_fails_and_why(stage: Stage) -> None:
    await stage.read(article("A headline"))
    async with stage.store.write() as tx:
        added = await sources.add(
            tx, NewSource("https://riodoce.example/feed", "Ríodoce"), stage.clock.now
        )
        claims = await sources.claim_all(tx, "test", stage.clock.now)
        [claim] = [one for one in claims if one.source.id == added.id]
        pace = replace(Pace(), fails=3, error="The server refuses our requests (403).")
        due = stage.clock.now + timedelta(hours=6)
        note = PollNote(added.id, "test", claim.epoch, due, pace)
        await sources.note_polls(tx, [note], stage.clock.now)
    await stage.ana.says("/feeds")
    await stage.ana.hears("2 sources: 1 fine, 1 failing.")
    await stage.ana.presses("Problems (1)")
    await stage.server.until(lambda: labels(stage.ana)[0] == "⚠ Ríodoce")
    await stage.ana.presses("⚠ Ríodoce")
    shown = await stage.ana.hears("Failing, 3 tries: The server refuses our requests (403).")
    assert "Next check in 6 h" in shown["text"]


async def test_a_source_is_removed_at_once_and_can_come_back(stage: Stage) -> None:
    await stage.read(article("A headline"))
    await stage.ana.says("/feeds")
    await stage.ana.presses_soon("InSight Crime")
    await stage.ana.hears("It has given 1 article.")
    await stage.ana.presses("Remove")
    await stage.ana.hears("I don’t read InSight Crime any more")
    assert await urls(stage) == []
    await stage.ana.presses("Undo")
    await stage.ana.hears("Taken back")
    assert await urls(stage) == ["https://insightcrime.example/feed"]


async def test_declared_sources_are_read_only_here(stage: Stage) -> None:
    async with stage.store.write() as tx:
        await sources.declare(
            tx, [NewSource("https://a.example/feed", "Declared News")], stage.clock.now
        )
    await stage.ana.says("/feeds")
    await stage.ana.presses_soon("Declared News")
    await stage.ana.hears("It stands in config.toml")
    assert labels(stage.ana) == ["Back"]


async def test_a_site_without_a_feed_offers_its_news_sitemap(stage: Stage) -> None:
    at = (stage.clock() - timedelta(hours=2)).isoformat()
    rows = "".join(
        f"<url><loc>https://example.org/{n}</loc><n:news><n:publication_date>{at}"
        f"</n:publication_date><n:title>Nota número {n}</n:title></n:news></url>"
        for n in range(68)
    )
    pages = {
        "/": "<html><body>Nothing here</body></html>",
        "/news-sitemap.xml": f"<urlset xmlns:n='news'>{rows}</urlset>",
    }
    async with site(pages) as address:
        await stage.ana.says(address)
        await stage.ana.hears("I can watch its news sitemap (34 new addresses a day)")
        await stage.ana.presses("Watch it")
        await stage.ana.hears("Added: 127.0.0.1")
        assert await kinds(stage) == [("sitemap", f"{address}/news-sitemap.xml")]


async def test_a_site_with_neither_feed_nor_sitemap_offers_its_links(stage: Stage) -> None:
    links = "".join(f"<a href='/nota/{n}'>La nota del día {n}</a>" for n in range(10_000, 10_003))
    async with site({"/": f"<html><title>Ríodoce</title><body>{links}</body></html>"}) as address:
        await stage.ana.says(f"{address}/")
        await stage.ana.hears("I can watch this page for new links (3 articles on it now)")
        await stage.ana.presses("Watch it")
        await stage.ana.hears("what stands there already is not told")
        assert await kinds(stage) == [("links", f"{address}/")]


async def kinds(stage: Stage) -> list[tuple[str, str]]:
    async with stage.store.read() as tx:
        found = [one.source for one in await sources.health(tx) if one.source.enabled]
    return [(one.kind, one.url) for one in found]


async def test_undo_leaves_the_feeds_of_a_site_that_were_read_before(stage: Stage) -> None:
    pages = {
        "/": PAGE,
        "/news.xml": FEED.format(title="Noticias"),
        "/comments.xml": FEED.format(title="Comentarios"),
    }
    async with site(pages) as address:
        async with stage.store.write() as tx:
            known = NewSource(f"{address}/news.xml", "Noticias")
            await sources.add(tx, known, stage.clock.now)
        await stage.ana.says(f"/feeds {address}")
        offer = await stage.ana.hears("Found 2 feeds")
        await stage.ana.says(f"/feeds {address}")
        await stage.ana.hears("Found 2 feeds", times=2)
        await stage.ana.presses("Add all")
        await stage.ana.hears("Added: Comentarios.")
        await stage.ana.presses("Undo")
        await stage.ana.hears("Taken back")
        assert await urls(stage) == [known.url]
        await stage.ana.presses("Add 1", message=offer)
        await stage.ana.hears("I’m reading Noticias already.")
