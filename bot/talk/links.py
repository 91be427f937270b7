"""What an address sent in private is: a list of feeds, or an article of a site that is read."""

from __future__ import annotations

from urllib.parse import urlsplit

from bot.talk import importing, replies
from bot.talk.turn import Turn
from model.errors import FetchError, ParseError
from store import sources
from watchers.answer import Request
from watchers.discover import read_feed


def is_opml(address: str) -> bool:
    """Whether an address names a list of feeds."""
    return urlsplit(address).path.lower().endswith(".opml")


async def list_of_feeds(turn: Turn) -> None:
    """Import the list at an address. FetchError says why it can't be had."""
    fetched = await turn.parts.fetcher.fetch(Request(turn.text), turn.now)
    try:
        feeds = await turn.parts.sandbox.opml(fetched.answer.body)
    except ParseError as error:
        await replies.say(turn, "import.not-opml", error=str(error))
        return
    await importing.run(turn, feeds, [])


async def is_article(turn: Turn) -> bool:
    """Whether it is a page, and no feed, of a site that is read."""
    address = urlsplit(turn.text)
    if address.path in ("", "/"):
        return False
    async with turn.parts.store.read() as tx:
        every = await sources.health(tx)
    hosts = {_host(one.source.url) for one in every if one.source.enabled}
    hosts |= {_host(one.source.base) for one in every if one.source.enabled}
    if _host(turn.text) not in hosts:
        return False
    try:
        return await read_feed(turn.parts.fetcher, turn.parts.sandbox, turn.text, turn.now) is None
    except FetchError:
        return False


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")
