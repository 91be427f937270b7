"""Articles' own pages through the real program: told once, in trouble said once, changes told."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime
from pathlib import Path

from aiohttp import web as aioweb

from bot.demo.botapi.people import Someone
from bot.demo.telegram_server import TelegramServer
from tests.fakes import Web
from tests.walks.program import Program, furnish

NAME = "Salvador Cienfuegos Zepeda"
HTML = {"content_type": "text/html; charset=utf-8"}
LONG = "The prosecutors asked the court for time and the court gave it to them on Thursday. " * 8
READS = {"VIGIL_POLLING__FULL_TEXT": "when-truncated"}
OFTEN = {f"VIGIL_POLLING__INTERVAL{one}": "1s" for one in ("", "_MIN", "_MAX")}


def page(title: str, *paragraphs: str) -> str:
    body = "".join(f"<p>{one}</p>" for one in paragraphs)
    return f"<html><title>{title}</title><body><article><h1>{title}</h1>{body}</article></body>"


def feed(web: Web, *paths: str) -> bytes:
    told = "".join(
        f"<item><guid isPermaLink='false'>{one}</guid><title>The story called {one}</title>"
        f"<link>{web.url('/' + one)}</link><description>A deal was made.</description></item>"
        for one in paths
    )
    return f"<rss version='2.0'><channel><title>The Ledger</title>{told}</channel></rss>".encode()


async def huge(request: aioweb.Request) -> aioweb.StreamResponse:
    """Send a page of 50 MB, as long as somebody listens."""
    response = aioweb.StreamResponse(headers={"Content-Type": "text/html"})
    await response.prepare(request)
    for _ in range(50):
        with contextlib.suppress(ConnectionError):
            await response.write(b"<p>" + b"x" * 1_000_000)
    return response


async def test_an_outlet_that_names_nobody_in_its_feed_gives_one_alert_and_its_troubles_a_line(
    tmp_path: Path, database_url: str
) -> None:
    async with TelegramServer(limits=True) as telegram, Web() as web:
        address = web.page("/feed", feed(web, "old"))
        furnish(
            tmp_path,
            telegram=telegram.url,
            token=telegram.token,
            database=database_url,
            more=f'[[feeds]]\nurl = "{address}"\nname = "The Ledger"\ninterval = "1s"\n',
        )
        web.page("/robots.txt", "User-agent: *\nDisallow: /forbidden")
        web.page("/named", page("A deal", LONG, f"The order names {NAME}.", LONG), **HTML)
        web.program("/huge", huge)
        web.page("/wall", "<form><input type=password></form>", **HTML)
        web.page("/inside", status=302, location="http://10.0.0.1/admin")
        ana = telegram.person("Ana")
        async with Program(tmp_path, **READS) as vigil:
            claim = await vigil.says(r"start=(claim_\w+)")
            await ana.says(f"/start {claim[1]}")
            await ana.hears("You own this bot now")
            await ana.says(f"/watch {NAME}")
            await ana.presses_soon("Start watching")
            await ana.hears(f"✅ Watching {NAME}")
            troubled = ("huge", "wall", "inside", "forbidden")
            web.page("/feed", feed(web, "named", *troubled, "old"))
            alert = await ana.hears("The story called named")
            assert "in paragraph 2" in alert["text"]
            said = await _status(ana)
            host = f"127.0.0.1:{web.port}"
            for sentence in (
                f"⚠️ {host} asks in its robots.txt not to read this page.",
                f"⚠️ {host} shows a login instead of the article.",
                "10.0.0.1 is a private network and not a public address",
                "max_bytes",
            ):
                assert said.count(sentence) == 1, said
            assert "/forbidden" not in web.paths()
            assert sum("The story called" in text for text in ana.private.texts) == 1

            renamed = feed(web, "named", *troubled, "old").replace(b"called named", b"called off")
            web.page("/named", page("A deal", LONG, "The order names nobody.", LONG), **HTML)
            web.page("/feed", renamed)
            await ana.hears("was “The story called named”", times=2)
            edited, _ = [text for text in ana.private.texts if "Headline changed" in text]
            assert edited.startswith(NAME)
            answer = await ana.hears(f"The Ledger no longer names {NAME} in this article")
            assert answer["reply_to_message"]["message_id"] == alert["message_id"]
            assert await vigil.stops() == 0


async def _status(ana: Someone) -> str:
    """Ask /status until every page has been asked for, and return what it says."""
    while True:
        await ana.says("/status")
        text: str = (await ana.hears("Article pages today"))["text"]
        if ", 0 waiting" in text and "4 not readable" in text:
            return text


async def test_a_site_without_a_feed_is_watched_by_its_news_sitemap(
    tmp_path: Path, database_url: str
) -> None:
    async with TelegramServer(limits=True) as telegram, Web() as web:
        furnish(tmp_path, telegram=telegram.url, token=telegram.token, database=database_url)
        web.page("/", "<html><body>Welcome</body></html>", **HTML)
        web.page("/robots.txt", f"Sitemap: {web.url('/news.xml')}")
        web.page("/news.xml", sitemap(web, f"old of {NAME}"))
        web.page("/named", page("A deal", LONG, f"The order names {NAME}.", LONG), **HTML)
        ana = telegram.person("Ana")
        async with Program(tmp_path, **READS, **OFTEN) as vigil:
            claim = await vigil.says(r"start=(claim_\w+)")
            await ana.says(f"/start {claim[1]}")
            await ana.hears("You own this bot now")
            await ana.says(f"/watch {NAME}")
            await ana.presses_soon("Start watching")
            await ana.hears(f"✅ Watching {NAME}")
            await ana.says(f"/feeds {web.url('/')}")
            await ana.hears("I can watch its news sitemap")
            await ana.presses("Watch it")
            await ana.hears("Added:")
            await ana.hears("The story called old")
            web.page("/news.xml", sitemap(web, "named", f"old of {NAME}"))
            alert = await ana.hears("The story called named")
            assert "in paragraph 2" in alert["text"]
            assert await vigil.stops() == 0


def sitemap(web: Web, *paths: str) -> str:
    at = datetime.now(UTC).isoformat()
    rows = "".join(
        f"<url><loc>{web.url('/' + one.split()[0])}</loc><n:news><n:publication_date>{at}"
        f"</n:publication_date><n:title>The story called {one}</n:title></n:news></url>"
        for one in paths
    )
    return f"<urlset xmlns:n='news'>{rows}</urlset>"
