"""The status page, over real HTTP."""

from __future__ import annotations

import asyncio
import re
from datetime import datetime, timedelta

import aiohttp
from sqlalchemy import text

from bot import web
from bot.page import StatusPage
from bot.standing import Program
from bot.words import load
from model import Member, NewSource, Role, Watch
from model.words import Words
from store import members, sources, watches
from store.engine import Store
from store.tables import source_pace

EVIL = "<script>alert(1)</script>\u202e & Sons"
NAME = "Salvador Cienfuegos Zepeda"


async def fine() -> list[str]:
    return []


async def shown(
    store: Store, now: datetime, *troubles: str, words: Words | None = None, times: int = 1
) -> tuple[int, str, dict[str, str]]:
    async def program() -> Program:
        return Program("1.2.3", now - timedelta(days=2), troubles, has_token=True)

    page = StatusPage(store, words or load("en"), program)
    runner = await web.start("127.0.0.1:0", web.Checks(fine, fine, lambda: b"", page=page.answer))
    try:
        async with aiohttp.ClientSession() as session:
            for _ in range(times):
                async with session.get(f"http://{web.bound(runner)}/") as answer:
                    found = answer.status, await answer.text(), dict(answer.headers)
            async with session.post(f"http://{web.bound(runner)}/") as answer:
                assert answer.status == 405
            return found
    finally:
        await runner.cleanup()


async def furnished(store: Store, now: datetime) -> None:
    async with store.write() as tx:
        good = await sources.add(tx, NewSource("https://a.example/feed", "The Border Ledger"), now)
        bad = await sources.add(tx, NewSource("https://b.example/feed", EVIL), now)
        pace = source_pace.update()
        of = source_pace.c.source_id
        await tx.run(pace.where(of == good.id).values(last_ok=now))
        await tx.run(
            pace.where(of == bad.id).values(fails=3, error="It answered <b>403</b>.", last_ok=None)
        )
        await watches.add(tx, Watch(name=NAME), now)
        await members.add(tx, Member(1, "Ana", Role.OWNER, since=now))


async def test_the_page_says_what_status_says_and_how_each_source_does(
    sqlite_store: Store, now: datetime
) -> None:
    await furnished(sqlite_store, now)
    status, page, _ = await shown(sqlite_store, now, "Telegram can't be reached.")
    assert status == 200
    for said in (
        "<h1>🟠 Working, with trouble · v1.2.3, up ",
        "Telegram can&#39;t be reached.",
        "Sources: 1 of 2 fine",
        "1 watch, 0 articles kept",
        "No message is waiting.",
        "The Border Ledger",
        "It answered &lt;b&gt;403&lt;/b&gt;.",
    ):
        assert said in page, said
    assert page.index("It answered") < page.index("The Border Ledger")


async def test_the_page_names_nobody_runs_nothing_and_loads_nothing(
    sqlite_store: Store, now: datetime
) -> None:
    await furnished(sqlite_store, now)
    _, page, headers = await shown(sqlite_store, now)
    assert NAME not in page
    assert "Ana" not in page
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; Sons" in page
    assert not re.search(r"\b(src|href|action|onload)=", page)
    assert headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'sha256-")
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"


async def test_a_source_that_is_a_search_does_not_name_whom_it_looks_for(
    sqlite_store: Store, now: datetime
) -> None:
    q = "?q=Salvador+Cienfuegos"
    async with sqlite_store.write() as tx:
        court = NewSource(
            f"https://court.example/feed/search/{q}",
            f"CourtListener: {NAME}",
            kind="courtlistener_search",
        )
        news = NewSource(f"https://news.example/rss/search{q}")
        made = [await sources.add(tx, one, now) for one in (court, news)]
        ids = [one.id for one in made]
        fails = source_pace.update().where(source_pace.c.source_id.in_(ids))
        await tx.run(fails.values(fails=3, error="It answered 403."))
    _, page, _ = await shown(sqlite_store, now)
    assert page.count("It answered 403.") == 4
    assert "Cienfuegos" not in page
    assert "https://news.example/rss/search" in page


async def test_many_readers_at_once_cost_one_look(sqlite_store: Store, now: datetime) -> None:
    looks = 0

    async def program() -> Program:
        nonlocal looks
        looks += 1
        return Program("1.2.3", now)

    page = StatusPage(sqlite_store, load("en"), program)
    runner = await web.start("127.0.0.1:0", web.Checks(fine, fine, lambda: b"", page=page.answer))
    try:
        async with aiohttp.ClientSession() as session:
            url = f"http://{web.bound(runner)}/"
            answers = await asyncio.gather(*(session.get(url) for _ in range(20)))
            assert {one.status for one in answers} == {200}
            assert looks == 1
    finally:
        await runner.cleanup()


async def test_the_page_speaks_the_bots_language(sqlite_store: Store, now: datetime) -> None:
    await furnished(sqlite_store, now)
    _, page, _ = await shown(sqlite_store, now, words=load("es"))
    assert '<html lang="es">' in page
    assert "Última respuesta buena" in page


async def test_many_readers_cost_one_look(sqlite_store: Store, now: datetime) -> None:
    looks = 0
    read = sqlite_store.read

    def counted():  # type: ignore[no-untyped-def]
        nonlocal looks
        looks += 1
        return read()

    sqlite_store.read = counted  # type: ignore[method-assign]
    try:
        await shown(sqlite_store, now, times=5)
    finally:
        sqlite_store.read = read  # type: ignore[method-assign]
    assert looks == 1


async def test_a_database_that_cannot_be_read_is_said_with_503(
    sqlite_store: Store, now: datetime
) -> None:
    async with sqlite_store.write() as tx:
        await tx.run(text("ALTER TABLE source RENAME TO elsewhere"))
    status, page, _ = await shown(sqlite_store, now)
    assert status == 503
    assert page.count("\n") == 1
