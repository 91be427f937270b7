"""What was told, as rows: for `vigil export`, `vigil timeline` and `vigil stats`."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime

from bot import decisions
from matching.amendments import amendments
from model.alert import AlertView
from model.item import Item
from model.mention import Mention
from model.source import SourceHealth
from model.version import Amendment, Part, Version
from model.words import Words
from store import alerts, history, sources, versions, watches
from store.engine import Store

A_PAGE = 100
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take for the beginning of a formula."""
TOP = 5


@dataclass(frozen=True, slots=True)
class ToldRow:
    """One article of one alert: what was told to whom, why, and who decided otherwise."""

    alert: int
    told_at: datetime | None
    told_to: str
    watches: str
    first_seen: datetime | None
    published: str
    outlet: str
    headline: str
    url: str
    language: str
    found: str
    """The words that were found."""
    score: int
    reason: str
    kind: str
    first: bool
    """Whether it raised the alert; the others of the same alert joined it."""
    hidden_by: str
    """Who said that it is not them; empty: nobody."""
    item: int
    decision: str = "told"
    """ "told", or "not them"."""
    decided_by: str = ""
    """Who; "rule": the watch's rule alone."""
    decided_at: datetime | None = None
    rule: str = ""
    """Which version of the watch's rule told it: its number and that of its latest change."""
    rule_by: str = ""
    """Who made that change."""
    rule_at: datetime | None = None
    notes: str = ""
    """What people wrote in reply to it ("Ana, 2020-11-18 19:02: …")."""
    fetched_from: str = ""
    """The address its source was asked at when it was first seen."""
    sha256: str = ""
    """Of the bytes that came from there, in hex."""
    page: str = ""
    """The address its own page was read at; empty: it was not."""
    page_read_at: datetime | None = None
    page_sha256: str = ""
    changed: str = ""
    """What has become of it since, with when: "2020-11-19T10:02:00+00:00 headline: was …"."""
    text: str = ""
    """What was read of it when it was told, while [database] keep_bodies lasts."""


@dataclass(frozen=True, slots=True)
class Period:
    """What to tell of: from `since` to before `until`, of one Watch or docket, or (0) of all."""

    since: datetime
    until: datetime
    watch_id: int = 0
    docket_id: int = 0


async def told_rows(store: Store, period: Period, words: Words) -> AsyncIterator[ToldRow]:
    """Yield the rows of a period, the oldest alert first, a page of the database at a time."""
    after = 0
    while True:
        async with store.read() as tx:
            ids = await history.told_between(
                tx,
                period.since,
                period.until,
                watch_id=period.watch_id,
                docket_id=period.docket_id,
                after=after,
                limit=A_PAGE,
            )
            views = await alerts.views(tx, ids)
            shown = {one.id for view in views.values() for one in view.items}
            kept = await versions.of(tx, shown)
        if not ids:
            return
        known = await decisions.load(store, views)
        for alert_id in ids:
            for row in rows_of(views[alert_id], words, kept):
                yield known.marked(row)
        after = ids[-1]


def rows_of(view: AlertView, words: Words, kept: Sequence[Version] = ()) -> list[ToldRow]:
    """Return one row for each article of an alert, the one that raised it first. `kept`: what
    versions there are of them, and perhaps of others.
    """
    by_item = dict(view.item_mentions)
    rows = [
        _row(view, one, by_item.get(one.id, () if number else view.mentions), number == 0, words)
        for number, one in enumerate(view.items)
    ]
    return [_proved(row, [one for one in kept if one.item_id == row.item]) for row in rows]


def _proved(row: ToldRow, kept: Sequence[Version]) -> ToldRow:
    """Return a row with what proves it: the first version of each part."""
    if not kept:
        return row
    of: dict[Part, Version] = {}
    for one in kept:
        of.setdefault(one.part, one)
    source, page = of.get(Part.SOURCE), of.get(Part.PAGE)
    return replace(
        row,
        fetched_from=source.url if source else "",
        sha256=source.sha256 if source else "",
        page=page.url if page else "",
        page_read_at=page.seen_at if page else None,
        page_sha256=page.sha256 if page else "",
        changed="; ".join(_changed(one) for one in amendments(kept)),
        text=(page.text if page else "") or (source.text if source else ""),
    )


def _changed(one: Amendment) -> str:
    was = f": was {one.was}" if one.was else ""
    return f"{one.at.isoformat()} {one.what.value}{was}"


def _row(
    view: AlertView, one: Item, mentions: Sequence[Mention], first: bool, words: Words
) -> ToldRow:
    best = max(mentions, key=lambda mention: mention.score, default=None)
    reader = view.subscriber
    return ToldRow(
        alert=view.id,
        told_at=view.at,
        told_to=reader.title or reader.name or reader.address or reader.courier,
        watches="; ".join(watch.name for watch in view.watches),
        first_seen=one.first_seen,
        published=one.published_at.isoformat() if one.published_at else one.published,
        outlet=one.source,
        headline=one.title,
        url=one.url,
        language=one.lang,
        found=best.text if best else "",
        score=best.score if best else 0,
        reason=words.reason(best.reason) if best else "",
        kind=view.kind.value,
        first=first,
        hidden_by=view.hidden_by,
        item=one.id,
    )


COLUMNS = tuple(field.name for field in fields(ToldRow))


def csv_line(values: Iterable[object]) -> str:
    """Return one line of CSV; a text that a spreadsheet would run as a formula is made inert."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow([_cell(value) for value in values])
    return out.getvalue()


def csv_row(row: ToldRow) -> str:
    """Return a row as a line of CSV, in the order of `COLUMNS`."""
    return csv_line(getattr(row, name) for name in COLUMNS)


def _cell(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) and isinstance(value, str) else text


def timeline_line(row: ToldRow) -> str:
    """Return a row as one line of a timeline for a terminal."""
    struck = " (not them)" if row.hidden_by else ""
    return f"{_when(row)}  {row.outlet}: {row.headline or row.url}{struck}"


def markdown_line(row: ToldRow) -> str:
    """Return a row as one line of a Markdown list."""
    headline = "".join(f"\\{sign}" if sign in r"\`*_[]<>" else sign for sign in row.headline)
    link = f"[{headline or 'untitled'}]({row.url.replace(' ', '%20').replace(')', '%29')})"
    struck = f"~~{link}~~ (not them: {row.hidden_by})" if row.hidden_by else link
    return f"- **{_when(row)}** {row.outlet}: {struck}"


def _when(row: ToldRow) -> str:
    at = row.first_seen or row.told_at
    return f"{at:%Y-%m-%d %H:%M}" if at is not None else ""


@dataclass(frozen=True, slots=True)
class Silence:
    """A period looked back upon: what was read, for whom nothing was found, and what is missing."""

    since: datetime
    until: datetime
    sources: int
    items: int
    watches: int
    told: int
    quiet: tuple[str, ...]
    """Watches for which nothing was told."""
    silent: tuple[str, ...]
    """Sources that gave nothing new."""
    failing: tuple[str, ...]
    """Sources that do not answer now, with since when: what they published may be missing."""
    gaps: tuple[str, ...] = ()
    """Sources that published more between two polls than they showed: something may be missing."""


async def look_back(store: Store, period: Period, words: Words) -> Silence:
    """Return the report of a period that also says what was not found, and where it was looked."""
    named: Counter[str] = Counter()
    told: set[int] = set()
    async for row in told_rows(store, period, words):
        named.update(row.watches.split("; "))
        told.add(row.alert)
    async with store.read() as tx:
        read = await history.read_between(tx, period.since, period.until)
        every = [
            one.watch.name
            for one in await watches.all_watches(tx)
            if period.watch_id in (0, one.watch.id)
        ]
        health = await sources.health(tx)
    return Silence(
        since=period.since,
        until=period.until,
        sources=len(read),
        items=sum(one.items for one in read),
        watches=len(every),
        told=len(told),
        quiet=tuple(name for name in every if not named[name]),
        silent=tuple(one.name or one.url for one in read if not one.items),
        failing=tuple(_failing(one) for one in health if one.pace.failing_since is not None),
        gaps=tuple(one.source.name or one.source.url for one in health if one.told == "gap"),
    )


def _failing(one: SourceHealth) -> str:
    since = one.pace.failing_since
    return f"{one.source.name or one.source.url} since {since:%Y-%m-%d %H:%M}: {one.pace.error}"


@dataclass(slots=True)
class Stats:
    """Counts of a period, gathered row by row."""

    alerts: set[int]
    days: Counter[str]
    outlets: Counter[str]
    watches: Counter[str]

    @classmethod
    def empty(cls) -> Stats:
        """Return counts of nothing yet."""
        return cls(set(), Counter(), Counter(), Counter())

    def take(self, row: ToldRow) -> None:
        """Count one row; an article told in several chats counts in each alert of its own."""
        self.alerts.add(row.alert)
        self.days[_when(row)[:10]] += row.first
        self.outlets[row.outlet] += 1
        for name in row.watches.split("; "):
            self.watches[name] += row.first


async def counted(store: Store, period: Period, words: Words) -> Stats:
    """Return the counts of a period."""
    stats = Stats.empty()
    async for row in told_rows(store, period, words):
        stats.take(row)
    return stats


async def written(
    store: Store, period: Period, words: Words, line: Callable[[ToldRow], str]
) -> AsyncIterator[str]:
    """Yield each row of a period as `line` writes it."""
    async for row in told_rows(store, period, words):
        yield line(row)
