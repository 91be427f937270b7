"""Is everything working: /status."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from alerts.inert import inert
from bot.court_health import CourtHealth, court_health
from bot.talk import keyboards, replies
from bot.talk.turn import Turn
from model.message import Button, Message, joined
from model.rhythm import Hold
from model.source import SourceHealth
from store import held, items, outbox, pages, sources, visiting, watches
from store.pages import PageHealth

LISTED = 5
"""Failing sources that are named; the rest is counted."""


async def asked(turn: Turn) -> None:
    """/status."""
    message, rows = await _page(turn)
    await replies.show(turn, message, rows)


async def refresh(turn: Turn) -> None:
    """[Refresh]."""
    message, rows = await _page(turn)
    await replies.change(turn, message, rows)


def _kept_back(turn: Turn, kept_back: dict[Hold, int]) -> list[Message]:
    """Return a line about what is held for later, and one about what waits for an editor."""
    for_editors = kept_back.get(Hold.REVIEW, 0)
    later = sum(kept_back.values()) - for_editors
    lines = [turn.words.write("when.status.later", n=later)] if later else []
    return lines + ([turn.words.write("when.status.review", n=for_editors)] if for_editors else [])


async def _page(turn: Turn) -> tuple[Message, list[list[Button]]]:
    words, now = turn.words, turn.now
    async with turn.parts.store.write() as tx:
        every = [one for one in await sources.health(tx) if one.source.enabled]
        waiting, oldest = await outbox.depth(tx)
        kept_back = await held.count(tx)
        articles = await items.count(tx)
        reading = await pages.health(tx, now - timedelta(days=1), most=LISTED)
        courts = await court_health(tx, now)
        followed = len(await watches.all_watches(tx))
        visitors = await visiting.count(tx)
        keys = [await keyboards.button(tx, turn, "talk.status.button.sources", "feeds")]
        keys.append(await keyboards.button(tx, turn, "talk.button.refresh", "status"))
    failing = [one for one in every if is_failing(one)]
    troubles = turn.parts.troubles()
    head = "talk.status.trouble" if troubles or failing else "talk.status.fine"
    up = words.length((now - turn.parts.started_at).total_seconds())
    lines = [words.write(head, version=turn.parts.version, up=up)]
    lines += [words.write("talk.status.line", sentence=one) for one in troubles]
    lines.append(words.write("talk.status.sources", n=len(every), fine=len(every) - len(failing)))
    lines += _failing(turn, failing)
    lines.append(words.write("talk.status.watches", n=followed, articles=articles))
    if visitors.people:
        people = visitors.people
        lines.append(words.write("visitor.status", n=visitors.watches, people=people))
    lines += _courts(turn, courts)
    lines += _pages(turn, reading)
    if waiting and oldest is not None:
        age = words.length((now - oldest).total_seconds())
        lines.append(words.write("talk.status.waiting", n=waiting, age=age))
    else:
        lines.append(words.write("talk.status.none-waiting"))
    lines += _kept_back(turn, kept_back)
    return joined(lines, "\n"), [keys]


def _courts(turn: Turn, health: CourtHealth) -> list[Message]:
    """Return how it goes with court cases; nothing where none of it is used."""
    has_token = turn.parts.courts.has_token
    if not (health.is_used or has_token):
        return []
    say = turn.words.write
    fine = len(health.feeds) - len(health.failing)
    lines = [say("talk.status.courts", n=health.cases, feeds=len(health.feeds), fine=fine)]
    if health.dark:
        lines.append(say("talk.status.courts.dark", n=health.dark))
    if health.paused_until is not None:
        at = turn.words.moment(health.paused_until)
        lines.append(say("talk.status.courtlistener.paused", at=at))
    elif has_token:
        lines.append(say("talk.status.courtlistener", left=health.left, most=health.most))
    elif health.cases:
        lines.append(say("talk.status.courtlistener.no-token"))
    if health.pushes:
        lines.append(say("talk.status.pushes", n=health.pushes))
    return lines


def _pages(turn: Turn, reading: PageHealth) -> list[Message]:
    """Return how the reading of articles' own pages goes; nothing where none is read."""
    if not (reading.read or reading.failed or reading.waiting):
        return []
    say = turn.words.write
    counts = {"failed": reading.failed, "waiting": reading.waiting}
    lines = [say("talk.status.pages", n=reading.read, **counts)]
    lines += [
        say("talk.status.page", n=count, sentence=inert(sentence))
        for sentence, count in reading.troubles
    ]
    return lines


def is_failing(one: SourceHealth) -> bool:
    """Return whether a Source's last poll failed."""
    return one.pace.fails > 0


def _failing(turn: Turn, failing: Sequence[SourceHealth]) -> list[Message]:
    lines = [
        turn.words.write(
            "talk.status.failing",
            name=inert(one.source.name or one.source.url),
            error=one.pace.error,
        )
        for one in failing[:LISTED]
    ]
    if len(failing) > LISTED:
        lines.append(turn.words.write("talk.status.more", n=len(failing) - LISTED))
    return lines
