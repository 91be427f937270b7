"""Whatever people and sources write, every message and button stays within Telegram's limits: the
server of one's own is the judge, and every button that can be reached is pressed.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from matching.amend import Amendment, amended
from model import NewSubscriber, TermError, Watch
from model.people import Chat, Member, Role
from store import members, subscribers, watches
from store.engine import Store
from tests.bot.talk.crawl import Crawler, faults
from tests.bot.talk.stage import Stage, article, conversing, staged
from tests.bot.talk.test_timeline import filed

NAME = "Salvador Cienfuegos Zepeda"
NOW = datetime(2020, 11, 18, 15, 0, tzinfo=UTC)
BITS = (
    "<b>", "</b>", "<a href='x'>", "&", "&amp;", "&#0;", "{name}", "{", "}", "%s", "\\", "`",
    "*_[](", "\n", "\n\n", "\t", "\r", " ", "\u00a0", "\u2028", "😀", "👨\u200d👩\u200d👧", "🇲🇽",
    "e\u0301", "Z" + "\u0301" * 40,
    "\u200b", "\u200d", "\u202e", "\u2066", "\u2069", "\ufeff", "שלום", "مرحبا", "张伟", "한국",
    "@mxcourts", "#tag", "/watch", "https://a.example/x?y=1&z=2", "tg://user?id=1", "…", "“", "”",
    "a", "Ana", "Ñandú", "0", "|", "~", "-", "\"", "'", "AND", "(", ")", ":", ",", ";", "=",
)  # fmt: skip
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
MOST = 10_000
PATTERNS = st.tuples(
    st.one_of(
        st.lists(st.sampled_from(BITS), min_size=1, max_size=20).map("".join),
        st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=100),
    ),
    st.sampled_from((1, 1, 30, MOST)),
)
"""A piece of text, and how often it stands there: short where an example is shown."""


def whole(pattern: tuple[str, int]) -> str:
    """Return the text that a pattern stands for."""
    piece, times = pattern
    return (piece * times)[:MOST]


FEW = settings(
    max_examples=1,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
MANY = settings(FEW, max_examples=8)


def on(path: Path, play: Callable[[Stage], Coroutine[Any, Any, None]], language: str) -> None:
    """Hold one conversation on a new database, in this language."""

    async def held() -> None:
        store = await Store.open(f"sqlite+aiosqlite:///{path}")
        try:
            async with staged(store, NOW) as stage, conversing(stage.receiver):
                async with store.write() as tx:
                    ana = Member(stage.ana.id, "Ana", Role.OWNER, language, NOW)
                    await members.add(tx, ana)
                await play(stage)
        finally:
            await store.close()

    asyncio.run(held())


def database(template: Path, folder: Path) -> Path:
    """Return a new database; those of the examples before are gone."""
    path = folder / "hostile.db"
    for old in folder.glob("hostile.db*"):
        old.unlink()
    path.write_bytes(template.read_bytes())
    path.chmod(0o600)
    return path


async def fill(stage: Stage, text: str) -> None:
    """Let everything that others write be `text`: headlines, sources, chats, people, watches."""
    short = text[:300]
    async with stage.store.write() as tx:
        await subscribers.add(
            tx, NewSubscriber("telegram", str(stage.ana.id), title="Ana", chat=Chat.PRIVATE), NOW
        )
        channel = NewSubscriber("telegram", "-100200", title=short, chat=Chat.CHANNEL, public=True)
        await subscribers.add(tx, channel, NOW)
        await members.add(tx, Member(77, short, Role.VIEWER, since=NOW))
        stored = await watches.add(tx, Watch(NAME), NOW, by=stage.ana.id)
        for field in ("names", "nicknames", "context", "never", "sources"):
            try:
                word = f"{'-' if field == 'sources' else ''}{' '.join(short.split())} kept"
                wish = amended(stored.watch, Amendment(field, add=(word,)))
                stored = await watches.change(tx, wish, NOW)
            except TermError:
                continue
    await filed(stage, f"{text} {NAME}", date(2020, 11, 17), "22")
    for number in range(2):
        [item] = await stage.read(
            article(f"{text[:5000]} {number}", f"{NAME} {text}", f"https://a.example/{number}"),
            source=short.strip() or "x",
        )
        await stage.alert(replace(item, text=f"{text}\n{NAME}"))


def turned(stage: Stage) -> list[str]:
    """Return what was said with letters in it that turn the direction of what is read."""
    said = [call.asked for call in stage.server.log if "text" in call.asked]
    keys = [str(call.asked.get("reply_markup", "")) for call in stage.server.log]
    return [one[:300] for one in [*(one["text"] for one in said), *keys] if TURNING.search(one)]


@pytest.mark.parametrize("language", ["en", "es"])
@FEW
@given(pattern=PATTERNS)
@example(pattern=("Ñ", MOST))
@example(pattern=("\u202e<b>&😀\n", 1000))
def test_every_screen_of_whatever_others_write(
    sqlite_template: Path,
    tmp_path_factory: pytest.TempPathFactory,
    language: str,
    pattern: tuple[str, int],
) -> None:
    text = whole(pattern)

    async def play(stage: Stage) -> None:
        await fill(stage, text)
        crawler = Crawler(stage, stage.ana, each=1)
        await crawler.presses_all()
        await crawler.says(
            "/start", "/list", "/feeds", "/docket", "/team", "/status", "/channel", "/search a",
            "/why https://a.example/1", "/timeline", "/stats", "/export", "/digest", "/settings",
            "/mute", "/news", "/help", "/privacy", "/undo",
        )  # fmt: skip
        await stage.deliver()
        await crawler.presses_all()
        found = await faults(stage)
        assert not found, "\n".join(found)
        assert turned(stage) == []
        assert len(crawler.pressed) >= 45, sorted(crawler.pressed)

    folder = tmp_path_factory.mktemp("hostile", numbered=True)
    on(database(sqlite_template, folder), play, language)


@pytest.mark.parametrize("language", ["en", "es"])
@MANY
@given(pattern=PATTERNS, command=st.sampled_from(
    ("", "/watch", "/unwatch", "/why", "/search", "/timeline", "/stats", "/docket", "/feeds",
     "/mute", "/unmute", "/export", "/list", "/help", "/start", "/nonsense", "/digest"),
))  # fmt: skip
@example(pattern=("Ñ", MOST), command="/watch")
@example(pattern=("<b>&😀\u202e", 1), command="")
def test_whatever_is_typed_is_answered(
    sqlite_template: Path,
    tmp_path_factory: pytest.TempPathFactory,
    language: str,
    pattern: tuple[str, int],
    command: str,
) -> None:
    text = whole(pattern)

    async def play(stage: Stage) -> None:
        crawler = Crawler(stage, stage.ana, each=1)
        typed = f"{command} {text}".strip()[:4096]
        if typed:
            await crawler.says(typed, most=12)
        found = await faults(stage)
        assert not found, "\n".join(found)

    folder = tmp_path_factory.mktemp("hostile", numbered=True)
    on(database(sqlite_template, folder), play, language)


@pytest.mark.parametrize("language", ["en", "es"])
@MANY
@given(
    pattern=PATTERNS,
    place=st.sampled_from(("names", "nicknames", "context", "never", "lang", "sources")),
)
def test_whatever_is_typed_into_a_watch_is_answered(
    sqlite_template: Path,
    tmp_path_factory: pytest.TempPathFactory,
    language: str,
    pattern: tuple[str, int],
    place: str,
) -> None:
    text = whole(pattern)

    async def play(stage: Stage) -> None:
        async with stage.store.write() as tx:
            await watches.add(tx, Watch(NAME), NOW, by=stage.ana.id)
        await stage.ana.says("/list")
        await stage.ana.presses_soon(NAME)
        await stage.handled()
        await stage.ana.presses(stage.parts.words(language).say(f"tune.field.{place}"))
        await stage.handled()
        if text.strip():
            await stage.ana.says(text[:4096])
            await stage.handled()
        crawler = Crawler(stage, stage.ana, each=1)
        await crawler.presses_all(8)
        found = await faults(stage)
        assert not found, "\n".join(found)

    folder = tmp_path_factory.mktemp("hostile", numbered=True)
    on(database(sqlite_template, folder), play, language)
