"""News sources: adding one by its site's or feed's address, the list, how each is doing."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from telegram.constants import ChatAction
from telegram.error import TelegramError

from alerts.inert import clipped, inert
from bot.talk import guard, keyboards, questions, replies, undo
from bot.talk.status import is_failing
from bot.talk.turn import Turn
from model.errors import FetchError
from model.message import Button, Message, joined
from model.people import Role
from model.source import NewSource, Source, SourceHealth
from store import sources
from store.engine import Tx
from watchers.discover import Found, discover
from watchers.without_feed import without_feed

A_PAGE = 8
OFFERED = 8
"""Feeds of one site that are offered."""
NAME = 60


async def asked(turn: Turn) -> None:
    """Answer /feeds: how many, how they do; with an address, look for feeds there."""
    if turn.text:
        await _find_if_may(turn)
    else:
        message, rows = await _page(turn, 0, problems=False)
        await replies.show(turn, message, rows)


async def page(turn: Turn) -> None:
    """[Back], [More] and [Problems] under the list."""
    message, rows = await _page(
        turn, turn.pressed.get("at", 0), problems=turn.pressed.get("problems", False)
    )
    await replies.change(turn, message, rows)


async def ask(turn: Turn) -> None:
    """[＋ Add]: ask for an address."""
    await questions.ask(turn, "talk.feeds.which", "feed", {})


async def find(turn: Turn) -> None:
    """Say which feeds are at the address that was given, and offer to add them."""
    async with turn.parts.store.read() as tx:
        known = await sources.by_url(tx, turn.text)
    if known is not None and known.enabled:
        await replies.say(turn, "talk.feeds.already", name=_name(known))
        return
    with contextlib.suppress(TelegramError):
        await turn.bot.send_chat_action(turn.chat.id, ChatAction.TYPING)
    host = _host(turn.text)
    try:
        found = await discover(turn.parts.fetcher, turn.parts.sandbox, turn.text, turn.now)
    except FetchError as error:
        await replies.say(turn, "talk.feeds.unreachable", host=host, error=str(error))
        return
    if found:
        await _offer(turn, host, found[:OFFERED])
    else:
        await _offer_other(turn, host)


async def add(turn: Turn) -> None:
    """[Add]: read these from now on; [Undo] leaves what was read already."""
    known, added, key = [], [], None
    async with turn.parts.store.write() as tx:
        for one in map(_unpacked, turn.pressed["feeds"]):
            kept = await sources.by_url(tx, one.url)
            if kept is not None and kept.enabled:
                known.append(kept)
            else:
                added.append(await sources.add(tx, one, turn.now))
        if added:
            ids = [one.id for one in added]
            key = await undo.remember(tx, turn, "feeds_added", sources=ids)
    if key is None:
        names = turn.words.listed([_name(one) for one in known])
        await replies.change(turn, turn.words.write("talk.feeds.already", name=names))
        return
    names = turn.words.listed([_name(one) for one in added])
    if added[0].kind == "links":
        said = turn.words.write("talk.feeds.added-links", names=names)
    else:
        said = turn.words.write("talk.feeds.added", n=len(added), names=names)
    await replies.change(turn, said, [[key]])


async def show(turn: Turn) -> None:
    """Open a source of the list: how it is doing, and [Remove]."""
    async with turn.parts.store.write() as tx:
        every = {one.source.id: one for one in await sources.health(tx)}
        one = every.get(turn.pressed["source"])
        back = await keyboards.button(tx, turn, "talk.button.back", "feeds")
        keys = [back]
        if one is not None and not one.source.declared:
            args = {"source": one.source.id}
            keys.insert(
                0, await keyboards.button(tx, turn, "talk.feeds.button.drop", "drop_feed", **args)
            )
    if one is None:
        await replies.change(turn, turn.words.write("talk.feeds.gone"), [[back]])
    else:
        await replies.change(turn, _described(turn, one), [keys])


async def drop(turn: Turn) -> None:
    """[Remove]: at once, with [Undo]; what it gave stays."""
    async with turn.parts.store.write() as tx:
        source = await sources.get(tx, turn.pressed["source"])
        key = None
        if source is not None and await sources.remove(tx, source.id, turn.now):
            key = await undo.remember(tx, turn, "feed_removed", **_kept(source))
    if source is None or key is None:
        await replies.change(turn, turn.words.write("talk.feeds.gone"))
    else:
        await replies.change(
            turn, turn.words.write("talk.feeds.dropped", name=_name(source)), [[key]]
        )


async def _find_if_may(turn: Turn) -> None:
    if guard.may(turn.member, Role.ADMIN):
        await find(turn)
    else:
        await replies.say(turn, "talk.not-yours", role=turn.words.say("talk.role.admin"))


async def _offer(turn: Turn, host: str, found: Sequence[Found]) -> None:
    words = turn.words
    lines = [words.write("talk.feeds.found", n=len(found), host=host)]
    lines += [_found_line(turn, number, one) for number, one in enumerate(found, 1)]
    async with turn.parts.store.write() as tx:
        every = [_packed(one) for one in found]
        if len(found) == 1:
            keys = [
                await keyboards.button(tx, turn, "talk.feeds.button.add", "add_feeds", feeds=every)
            ]
        else:
            keys = [
                await keyboards.labelled(
                    tx,
                    turn,
                    words.say("talk.feeds.button.add-one", number=str(number)),
                    "add_feeds",
                    feeds=[one],
                )
                for number, one in enumerate(every, 1)
            ]
            keys.append(
                await keyboards.button(
                    tx, turn, "talk.feeds.button.add-all", "add_feeds", feeds=every
                )
            )
    await replies.show(turn, joined(lines, "\n"), keyboards.rows(keys))


async def _offer_other(turn: Turn, host: str) -> None:
    """Say that a site has no feed, and offer what else of it can be watched."""
    parts = turn.parts
    other = await without_feed(
        parts.fetcher, parts.sandbox, turn.text, turn.now, robots=parts.respect_robots
    )
    if other is None:
        await replies.say(turn, "talk.feeds.none", host=host)
        return
    if other.kind == "sitemap":
        message = turn.words.write("talk.feeds.sitemap", n=other.per_day, host=host)
    else:
        message = turn.words.write("talk.feeds.links", n=other.items, host=host)
    async with turn.parts.store.write() as tx:
        key = await keyboards.button(
            tx, turn, "talk.feeds.button.watch", "add_feeds", feeds=[_packed(other)]
        )
    await replies.show(turn, message, [[key]])


def _found_line(turn: Turn, number: int, one: Found) -> Message:
    words = turn.words
    about = [words.say("talk.feeds.items", n=one.items)]
    if one.newest is not None and one.newest <= turn.now:
        ago = words.length((turn.now - one.newest).total_seconds())
        about.append(words.say("talk.feeds.newest", ago=ago))
    title = clipped(inert(one.title or one.url), NAME)
    return words.write("talk.feeds.line", number=str(number), title=title, about=", ".join(about))


async def _page(turn: Turn, at: int, *, problems: bool) -> tuple[Message, list[list[Button]]]:
    words = turn.words
    async with turn.parts.store.write() as tx:
        every = [one for one in await sources.health(tx) if one.source.enabled]
        failing = [one for one in every if is_failing(one)]
        shown = failing if problems else every
        rows = await _rows(tx, turn, shown, at, problems=problems)
        keys = [
            await keyboards.button(tx, turn, "talk.feeds.button.new", "ask_feed"),
            await keyboards.button(tx, turn, "import.button", "import"),
        ]
        if failing and not problems:
            label = words.say("talk.feeds.button.problems", n=len(failing))
            keys.append(await keyboards.labelled(tx, turn, label, "feeds", problems=True))
        if problems:
            keys.append(await keyboards.button(tx, turn, "talk.button.back", "feeds"))
    if not every:
        return words.write("talk.feeds.empty"), [keys]
    fine = len(every) - len(failing)
    count = words.write("talk.feeds.count", n=len(every), fine=fine, failing=len(failing))
    return count, [*rows, keys]


async def _rows(
    tx: Tx, turn: Turn, shown: Sequence[SourceHealth], at: int, *, problems: bool
) -> list[list[Button]]:
    rows = []
    for one in shown[at : at + A_PAGE]:
        label = f"⚠ {_name(one.source)}" if is_failing(one) else _name(one.source)
        rows.append([await keyboards.labelled(tx, turn, label, "show_feed", source=one.source.id)])
    number = len(shown)
    return [
        *rows,
        *await keyboards.paging(tx, turn, "feeds", at, number, A_PAGE, problems=problems),
    ]


def _described(turn: Turn, one: SourceHealth) -> Message:
    words, pace = turn.words, one.pace
    address = inert(one.source.url)
    lines = [words.write("talk.feeds.title", name=_name(one.source), address=address)]
    if is_failing(one):
        lines.append(words.write("talk.feeds.failing", n=pace.fails, error=inert(pace.error)))
    lines.append(words.write("talk.feeds.given", n=one.items))
    lines += _dated(turn, "talk.feeds.last-new", pace.last_new)
    lines += _dated(turn, "talk.feeds.last-ok", pace.last_ok)
    if one.next_due is not None:
        wait = words.length(max(0.0, (one.next_due - turn.now).total_seconds()))
        lines.append(words.write("talk.feeds.next", wait=wait))
    if one.source.declared:
        lines.append(words.write("talk.feeds.declared"))
    return joined(lines, "\n")


def _dated(turn: Turn, code: str, at: datetime | None) -> list[Message]:
    if at is None:
        return []
    return [turn.words.write(code, ago=turn.words.length((turn.now - at).total_seconds()))]


def _name(source: Source) -> str:
    return clipped(inert(source.name or _host(source.url)), NAME)


def _host(address: str) -> str:
    return urlsplit(address if "://" in address else f"//{address}").hostname or address


def _kept(source: Source) -> dict[str, Any]:
    """Return what [Undo] adds a removed source with."""
    return {"url": source.url, "name": source.name, "kind": source.kind}


def _packed(one: Found) -> dict[str, Any]:
    new = one.as_source()
    return {"url": new.url, "name": new.name, "kind": new.kind, "lang": new.lang}


def _unpacked(kept: dict[str, Any]) -> NewSource:
    kind = kept.get("kind", "feed")  # buttons of an older version name none
    return NewSource(kept["url"], name=kept["name"], kind=kind, lang=kept["lang"])
