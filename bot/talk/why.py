"""Why did this alert come, and would that article alert: every rule's verdict in words."""

from __future__ import annotations

from collections.abc import Sequence

from telegram import MessageOriginChannel

from alerts.inert import inert
from bot.talk import guard, replies
from bot.talk.places import COURIER
from bot.talk.turn import Turn
from bot.talk.versions import listed
from bot.why import item_from_answer, source_refused
from matching.match import Matcher
from model.item import Item
from model.mention import Verdict
from model.message import Message, joined
from model.people import Role
from model.source import Source
from model.watch import StoredWatch
from store import alerts, items, sources, versions, watches
from watchers.answer import Request

LISTED = 10
"""Watches that are explained for one article."""


async def asked(turn: Turn) -> None:
    """/why as the reply to an alert, or /why LINK."""
    replied = turn.message.reply_to_message if turn.message is not None else None
    if turn.text:
        await _link(turn)
    elif replied is not None:
        async with turn.parts.store.read() as tx:
            alert_id = await alerts.by_message(tx, COURIER, str(turn.chat.id), replied.message_id)
        await _alert(turn, alert_id or 0)
    else:
        await replies.say(turn, "talk.why.how")


async def told(turn: Turn) -> None:
    """Say of a forwarded post whether it would have alerted; and where it comes from a public
    channel that no source of ours is, that the channel itself can't be followed.
    """
    first, _, rest = turn.text.partition("\n")
    await explain(turn, Item(title=first.strip(), text=rest.strip()))
    origin = turn.message.forward_origin if turn.message is not None else None
    if isinstance(origin, MessageOriginChannel) and origin.chat.username:
        await _cannot_follow(turn, origin.chat.username)


async def _cannot_follow(turn: Turn, channel: str) -> None:
    """Say what can be done instead, to those who may add sources."""
    if not guard.may(turn.member, Role.ADMIN):
        return
    async with turn.parts.store.read() as tx:
        every = await sources.health(tx)
    if not any(channel.casefold() in one.source.url.casefold() for one in every):
        await replies.say(turn, "forwarded.channel", channel=channel)


async def pressed(turn: Turn) -> None:
    """[Why] under an alert."""
    await _alert(turn, turn.pressed["alert"])


async def explain(turn: Turn, item: Item, only: Sequence[int] = ()) -> None:
    """Say of each Watch (or of `only` these) what its rules find in the Item."""
    async with turn.parts.store.read() as tx:
        every = await watches.all_watches(tx)
        kept = await versions.of(tx, [item.id] if item.id else [])
        source = await sources.get(tx, item.source_id) if item.source_id else None
    asked_of = [one for one in every if not only or one.watch.id in only]
    told = [_verdicts(turn, one, item, source) for one in asked_of]
    lines = [line for line, is_near in told if is_near or only][:LISTED]
    if not lines:
        lines = [turn.words.write("talk.why.nobody", n=len(every))]
    title = turn.words.write("talk.why.title", headline=inert(item.title or item.url))
    await replies.show(turn, joined([title, *lines, *listed(turn, kept)], "\n\n"))


def _verdicts(
    turn: Turn, stored: StoredWatch, item: Item, source: Source | None
) -> tuple[Message, bool]:
    """Return what is said of one Watch, and whether anything of it is in the Item at all."""
    matcher = Matcher(threshold=turn.parts.threshold, context_distance=turn.parts.context_distance)
    matcher.add(stored.watch)
    is_mentioned = bool(matcher.find_mentions(item))
    is_near = is_mentioned or bool(matcher.find_mentions(item, possible=True))
    refused = source_refused(stored.watch, item, source)
    code = "talk.why.yes" if is_mentioned and not refused else "talk.why.no"
    lines = [turn.words.write(code, name=stored.watch.name)]
    verdicts = matcher.explain(stored.watch, item)
    lines += [_verdict(turn, item, one) for one in ([refused] if refused else []) + verdicts]
    return joined(lines, "\n"), is_near


def _verdict(turn: Turn, item: Item, verdict: Verdict) -> Message:
    code = "talk.why.passed" if verdict.passed else "talk.why.failed"
    said = turn.words.reason(verdict.reason)
    text = getattr(item, verdict.field)[verdict.start : verdict.end] if verdict.field else ""
    if text:
        said = turn.words.say("talk.why.spotted", reason=said, text=inert(text))
    return turn.words.write(code, reason=said)


async def _alert(turn: Turn, alert_id: int) -> None:
    async with turn.parts.store.read() as tx:
        view = (await alerts.views(tx, [alert_id])).get(alert_id)
    if view is None or not view.items:
        await replies.say(turn, "talk.why.not-an-alert")
        return
    await explain(turn, view.items[0], [one.id for one in view.watches])


async def _link(turn: Turn) -> None:
    async with turn.parts.store.read() as tx:
        item = await items.by_url(tx, turn.text)
    await explain(turn, item or await _read(turn))


async def _read(turn: Turn) -> Item:
    """Return the article at an address no source of ours gave; FetchError says why not."""
    fetched = await turn.parts.fetcher.fetch(Request(turn.text), turn.now)
    return await item_from_answer(turn.parts.sandbox, fetched.answer)
