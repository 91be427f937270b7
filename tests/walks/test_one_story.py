"""One arrest in forty articles, a release, a correction and a withdrawal, in one channel."""

from __future__ import annotations

import asyncio
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from pathlib import Path
from typing import Any

from sqlalchemy import Select, func, select
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.amber import AmberSnapshotExtension
from syrupy.location import PyTestLocation
from syrupy.types import SnapshotIndex

from bot.demo.botapi.people import Room, said
from bot.demo.telegram_server import TelegramServer
from store.engine import Store
from store.tables import alert_item, item_version
from tests.fakes import Web
from tests.walks.passing import time_passes
from tests.walks.program import Program, furnish

NAME = "Salvador Cienfuegos Zepeda"
NIGHT = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=30)
"""No outlet is believed that dates its articles years back; what is compared counts from here."""
NEXT_DAY = NIGHT + timedelta(hours=22)


@dataclass(frozen=True)
class Article:
    """What an outlet publishes."""

    outlet: str
    lang: str
    title: str
    text: str
    at: datetime = NIGHT


def arrests() -> list[Article]:
    """What thirteen outlets wrote of the arrest themselves."""
    told = tomllib.loads(Path(__file__).with_name("one_arrest.toml").read_text("utf-8"))
    return [
        Article(**row, at=NIGHT + timedelta(minutes=7 * number))
        for number, row in enumerate(told["arrest"])
    ]


LEAD, *REWRITES = arrests()
DRESSES = (
    "{title}",
    "UPDATE 2-{title}",
    "{title} - {outlet}",
    "Cienfuegos, ex-defense minister, arrested on arrival",
)
"""How a reprint's headline may look; the last one has nothing but the text in common."""


def reprints() -> Iterator[Article]:
    """What town papers made of the lead's text."""
    for number in range(27):
        outlet = f"Town Paper {number + 1}"
        title = DRESSES[number % len(DRESSES)].format(title=LEAD.title, outlet=outlet)
        yield replace(LEAD, outlet=outlet, title=title, at=NIGHT + timedelta(minutes=90 + number))


REPRINTS = list(reprints())
RELEASE = Article(
    LEAD.outlet,
    "en",
    "Salvador Cienfuegos released from custody in Brooklyn and flown home to Mexico",
    f"{NAME} left the court in Brooklyn a free man and was flown to Toluca.",
    NEXT_DAY,
)
LIBERAN = Article(
    "Crónica del Norte",
    "es",
    "Liberan a Salvador Cienfuegos en Brooklyn y lo llevan de vuelta a México",
    f"El general {NAME} quedó libre en Brooklyn y voló a Toluca.",
    NEXT_DAY + timedelta(minutes=9),
)
CORRECTED = replace(
    RELEASE, title="Salvador Cienfuegos released from custody in Brooklyn and flown to Toluca"
)


PUBLISHED = {
    int((one.at - NIGHT).total_seconds()) for one in (LEAD, *REWRITES, *REPRINTS, RELEASE, LIBERAN)
}


class OnBoth(AmberSnapshotExtension):
    """One snapshot for both databases."""

    @classmethod
    def get_snapshot_name(cls, *, test_location: PyTestLocation, index: SnapshotIndex = 0) -> str:
        name = super().get_snapshot_name(test_location=test_location, index=index)
        return re.sub(r"\[(sqlite|postgresql)\]", "", name)


class Press:
    """The outlets on one web server, each with a feed and the pages of its articles."""

    def __init__(self, web: Web) -> None:
        self.web = web
        self.outlets = list(dict.fromkeys(one.outlet for one in (LEAD, *REWRITES, *REPRINTS)))
        self._said: dict[str, dict[str, Article]] = {one: {} for one in self.outlets}
        for outlet in self.outlets:
            self._put(outlet)

    def feeds(self) -> str:
        """Return the outlets as config.toml names them."""
        return "".join(
            f'[[feeds]]\nurl = "{self.web.url(_path(outlet))}"\nname = "{outlet}"\n'
            f'interval = "2s"\n'
            for outlet in self.outlets
        )

    def publish(self, *articles: Article, key: str) -> None:
        """Let outlets say these, or say them otherwise: `key` names the piece."""
        for one in articles:
            self._said[one.outlet][key] = one
            page = f"<html><body><article><h1>{escape(one.title)}</h1><p>{escape(one.text)}</p>"
            self.web.page(_page(one.outlet, key), page, content_type="text/html; charset=utf-8")
            self._put(one.outlet)

    def withdraw(self, outlet: str, key: str) -> None:
        """Let the page of an article be gone for good."""
        self.web.page(_page(outlet, key), status=410)

    def _put(self, outlet: str) -> None:
        told = "".join(
            f"<item><title>{escape(one.title)}</title><guid isPermaLink='false'>{key}</guid>"
            f"<link>{self.web.url(_page(outlet, key))}</link>"
            f"<pubDate>{format_datetime(one.at)}</pubDate>"
            f"<language>{one.lang}</language><description>{escape(one.text)}</description></item>"
            for key, one in reversed(self._said[outlet].items())
        )
        lang = next((one.lang for one in (*REWRITES, LEAD) if one.outlet == outlet), "en")
        self.web.page(
            _path(outlet),
            '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>'
            f"<title>{outlet}</title><language>{lang}</language>{told}"
            "<item><title>A second crane for the port</title><guid>old</guid></item>"
            "</channel></rss>",
            content_type="application/rss+xml; charset=utf-8",
        )


def _path(outlet: str) -> str:
    return "/" + re.sub(r"\W+", "-", outlet.lower())


def _page(outlet: str, key: str) -> str:
    return f"{_path(outlet)}/{key}"


async def polled(web: Web, press: Press) -> None:
    """Wait until every outlet has been asked."""
    async with asyncio.timeout(60):
        while not {_path(one) for one in press.outlets} <= set(web.paths()):
            await web.is_asked(times=len(web.paths()) + 1, patience=60.0)


async def stored(vigil: Program, url: str, count: Select[tuple[int]], wanted: int) -> None:
    """Wait until the database at `url` counts so many, looking whenever `vigil` says something:
    it says when it has polled.
    """
    store = await Store.open(url)
    try:
        async with asyncio.timeout(60):
            while True:
                heard = len(vigil.said)
                async with store.read() as tx:
                    if await tx.value(count) >= wanted:
                        return
                await vigil.says_more_than(heard)
    finally:
        await store.close()


TOLD = select(func.count()).select_from(alert_item)
WITHDRAWN = select(func.count()).select_from(item_version).where(item_version.c.status == 410)


def shown(room: Room, web: Web) -> str:
    """Return the channel as its readers see it, without what depends on when the walk is taken."""
    places = {one["message_id"]: number for number, one in enumerate(room.messages, 1)}
    parts = []
    for number, message in enumerate(room.messages, 1):
        answered = message.get("reply_to_message", {}).get("message_id")
        head = f"[{number}]" + (f" in reply to [{places.get(answered)}]" if answered else "")
        entities = message.get("entities", ())
        parts.append("\n".join([head, _timeless(said(message), entities), *_links(entities)]))
    return "\n\n".join(parts).replace(web.url("/"), "https://press.example/")


def _timeless(text: str, entities: Sequence[dict[str, Any]]) -> str:
    """Return a text with its moments as how long after that night they were; those in which
    something was noticed are left open.
    """
    units = text.encode("utf-16-le")
    for one in sorted(entities, key=lambda one: -one["offset"]):
        if one["type"] == "date_time":
            after = one["unix_time"] - int(NIGHT.timestamp())
            moment = f"<night + {timedelta(seconds=after)}>" if after in PUBLISHED else "<then>"
            start, end = 2 * one["offset"], 2 * (one["offset"] + one["length"])
            units = units[:start] + moment.encode("utf-16-le") + units[end:]
    return units.decode("utf-16-le")


def _links(entities: Sequence[dict[str, Any]]) -> list[str]:
    return [f"-> {one['url']}" for one in entities if one["type"] == "text_link"]


async def test_forty_articles_of_one_arrest_and_what_became_of_it_are_two_threads_of_messages(
    tmp_path: Path, database_url: str, snapshot: SnapshotAssertion
) -> None:
    channel = snapshot.use_extension(OnBoth)
    async with TelegramServer(limits=True) as telegram, Web() as web:
        press = Press(web)
        ana = telegram.person("Ana")
        news = telegram.channel("Court news", ana)
        furnish(
            tmp_path,
            telegram=telegram.url,
            token=telegram.token,
            database=database_url,
            more=f'[[channels]]\nid = "desk"\nchat = {news.id}\n'
            f'[[watches]]\nname = "{NAME}"\nto = ["desk"]\n{press.feeds()}',
        )
        async with Program(tmp_path) as vigil:
            await polled(web, press)
            press.publish(LEAD, key="arrest")
            await news.shows(LEAD.title)
            press.publish(*REWRITES, key="arrest")
            await stored(vigil, database_url, TOLD, 1 + len(REWRITES))
            press.publish(*REPRINTS, key="arrest")
            await stored(vigil, database_url, TOLD, 1 + len(REWRITES) + len(REPRINTS))
        # The program was killed, and an edit with all of it was waiting for its minute to be over.
        async with Program(tmp_path) as vigil:
            await news.shows("27 reprints", patience=90.0)
            assert await vigil.stops() == 0
        assert shown(news, web) == channel(name="the night of the arrest")

        await time_passes(database_url, hours=22)
        reads_pages = {"VIGIL_POLLING__FULL_TEXT": "when-truncated"}
        async with Program(tmp_path, **reads_pages) as vigil:
            press.publish(RELEASE, key="release")
            await news.shows(RELEASE.title)
            press.publish(LIBERAN, key="release")
            await news.shows(LIBERAN.title)
            assert await vigil.stops() == 0
        assert shown(news, web) == channel(name="the release")

        await time_passes(database_url, minutes=10)
        async with Program(tmp_path, **reads_pages) as vigil:
            press.publish(CORRECTED, key="release")
            await news.shows(CORRECTED.title)
            assert await vigil.stops() == 0
        assert shown(news, web) == channel(name="the corrected headline")

        press.withdraw(LIBERAN.outlet, "release")
        await time_passes(database_url, hours=2)
        async with Program(tmp_path, **reads_pages) as vigil:
            await stored(vigil, database_url, WITHDRAWN, 1)
            assert await vigil.stops() == 0
        async with Program(tmp_path, **reads_pages):
            await news.shows("Withdrawn", patience=90.0)
        assert shown(news, web) == channel(name="the withdrawn article")
