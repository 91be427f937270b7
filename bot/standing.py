"""How everything stands, and the sentences that say it: for /status and for the status page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts.inert import inert
from bot.court_health import CourtHealth, court_health
from model.message import Message
from model.rhythm import Hold
from model.source import SourceHealth
from model.words import Words
from store import held, items, outbox, pages, sources, visiting, watches
from store.engine import Tx
from store.pages import PageHealth
from store.visiting import Visitors

LISTED = 5
"""Failing sources that are named; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What the database says about the work."""

    sources: tuple[SourceHealth, ...]
    """Those that are asked."""
    waiting: int
    oldest: datetime | None
    """Since when the oldest Delivery has been due."""
    kept_back: Mapping[Hold, int]
    articles: int
    reading: PageHealth
    courts: CourtHealth
    followed: int
    """Watches of the team."""
    visitors: Visitors

    @property
    def failing(self) -> list[SourceHealth]:
        """Return the Sources whose last poll failed."""
        return [one for one in self.sources if one.pace.fails > 0]


@dataclass(frozen=True, slots=True)
class Program:
    """What the program says of itself."""

    version: str
    started_at: datetime
    troubles: Sequence[str] = ()
    has_token: bool = False
    """Of CourtListener."""


async def standing(tx: Tx, now: datetime) -> Standing:
    """Return how things stand at `now`."""
    waiting, oldest = await outbox.depth(tx)
    return Standing(
        tuple(one for one in await sources.health(tx) if one.source.enabled),
        waiting,
        oldest,
        await held.count(tx),
        await items.count(tx),
        await pages.health(tx, now - timedelta(days=1), most=LISTED),
        await court_health(tx, now),
        len(await watches.all_watches(tx)),
        await visiting.count(tx),
    )


def said(words: Words, program: Program, found: Standing, now: datetime) -> list[Message]:
    """Return the sentences, the verdict first."""
    failing = found.failing
    head = "talk.status.trouble" if program.troubles or failing else "talk.status.fine"
    up = words.length((now - program.started_at).total_seconds())
    fine = len(found.sources) - len(failing)
    return [
        words.write(head, version=program.version, up=up),
        *(words.write("talk.status.line", sentence=one) for one in program.troubles),
        words.write("talk.status.sources", n=len(found.sources), fine=fine),
        *_failing(words, failing),
        words.write("talk.status.watches", n=found.followed, articles=found.articles),
        *_visitors(words, found.visitors),
        *_courts(words, found.courts, has_token=program.has_token),
        *_pages(words, found.reading),
        _waiting(words, found, now),
        *_kept_back(words, found.kept_back),
    ]


def _visitors(words: Words, some: Visitors) -> list[Message]:
    if not some.people:
        return []
    return [words.write("visitor.status", n=some.watches, people=some.people)]


def _waiting(words: Words, found: Standing, now: datetime) -> Message:
    if not found.waiting or found.oldest is None:
        return words.write("talk.status.none-waiting")
    age = words.length((now - found.oldest).total_seconds())
    return words.write("talk.status.waiting", n=found.waiting, age=age)


def _kept_back(words: Words, kept_back: Mapping[Hold, int]) -> list[Message]:
    """Return a line about what is held for later, and one about what waits for an editor."""
    for_editors = kept_back.get(Hold.REVIEW, 0)
    later = sum(kept_back.values()) - for_editors
    lines = [words.write("when.status.later", n=later)] if later else []
    return lines + ([words.write("when.status.review", n=for_editors)] if for_editors else [])


def _courts(words: Words, health: CourtHealth, *, has_token: bool) -> list[Message]:
    """Return how it goes with court cases; nothing where none of it is used."""
    if not (health.is_used or has_token):
        return []
    say = words.write
    fine = len(health.feeds) - len(health.failing)
    lines = [say("talk.status.courts", n=health.cases, feeds=len(health.feeds), fine=fine)]
    if health.dark:
        lines.append(say("talk.status.courts.dark", n=health.dark))
    if health.paused_until is not None:
        at = words.moment(health.paused_until)
        lines.append(say("talk.status.courtlistener.paused", at=at))
    elif has_token:
        lines.append(say("talk.status.courtlistener", left=health.left, most=health.most))
    elif health.cases:
        lines.append(say("talk.status.courtlistener.no-token"))
    if health.pushes:
        lines.append(say("talk.status.pushes", n=health.pushes))
    return lines


def _pages(words: Words, reading: PageHealth) -> list[Message]:
    """Return how the reading of articles' own pages goes; nothing where none is read."""
    if not (reading.read or reading.failed or reading.waiting):
        return []
    counts = {"failed": reading.failed, "waiting": reading.waiting}
    lines = [words.write("talk.status.pages", n=reading.read, **counts)]
    lines += [
        words.write("talk.status.page", n=count, sentence=inert(sentence))
        for sentence, count in reading.troubles
    ]
    return lines


def _failing(words: Words, failing: Sequence[SourceHealth]) -> list[Message]:
    lines = [
        words.write(
            "talk.status.failing",
            name=inert(one.source.name or one.source.url),
            error=one.pace.error,
        )
        for one in failing[:LISTED]
    ]
    if len(failing) > LISTED:
        lines.append(words.write("talk.status.more", n=len(failing) - LISTED))
    return lines
