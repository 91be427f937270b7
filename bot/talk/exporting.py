"""/export: what was told, the sources, a timeline, dates in court or a report, as files."""

from __future__ import annotations

import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.calendar import calendar
from bot.certificate import certificate
from bot.chronicle import happenings
from bot.feedlists import opml
from bot.files import Wanted, files
from bot.talk import handing, keyboards, replies, subject
from bot.talk.subject import Subject, unpacked
from bot.talk.turn import Turn
from bot.timelines import markdown
from bot.told import Period, look_back
from matching.text import fold
from model.message import Button, Message
from store import dockets, hearings, lookup, sources, watches
from store.engine import Tx

PERIODS = (7, 30, 90, 365)
USUAL = 30
FORMS = ("csv", "json", "report", "timeline", "hearings", "opml")
AHEAD = timedelta(days=3 * 365)
"""So far ahead dates in court are given."""
MANY = 30
"""Watches that are offered as buttons."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What of, and how far back."""

    about: Subject
    days: int

    def packed(self) -> dict[str, Any]:
        """Return it as a button keeps it."""
        return {**self.about.packed(), "days": self.days}

    def period(self, turn: Turn) -> Period:
        """Return the days up to now."""
        since = turn.now - timedelta(days=self.days)
        return Period(since, turn.now, self.about.watch, self.about.docket)


def _chosen(turn: Turn) -> Choice:
    days = turn.pressed.get("days", USUAL)
    return Choice(unpacked(turn.pressed), days if days in PERIODS else USUAL)


async def asked(turn: Turn) -> None:
    """/export, or /export NAME."""
    about = await subject.named(turn, turn.text) if turn.text else Subject()
    message, rows = await _screen(turn, Choice(about, USUAL))
    await replies.show(turn, message, rows)


async def chosen(turn: Turn) -> None:
    """Show the screen again: another period, another watch."""
    message, rows = await _screen(turn, _chosen(turn))
    await replies.change(turn, message, rows)


async def whose(turn: Turn) -> None:
    """Ask which watch the file is to be of."""
    days = _chosen(turn).days
    async with turn.parts.store.write() as tx:
        keys = [
            await keyboards.labelled(
                tx, turn, one.watch.name, "export", watch=one.watch.id, days=days
            )
            for one in (await watches.all_watches(tx))[:MANY]
        ]
        back = await keyboards.button(tx, turn, "talk.button.back", "export", days=days)
    rows = [*keyboards.rows(keys, 2), [back]]
    await replies.change(turn, turn.words.write("export.whose"), rows)


async def give(turn: Turn) -> None:
    """[CSV], [JSON] …: make the file and send it."""
    form, choice = turn.pressed.get("form", ""), _chosen(turn)
    if form in ("csv", "json"):
        await _told(turn, choice, form)
    elif form in _GIVERS:
        await _GIVERS[form](turn, choice)


async def sources_file(turn: Turn) -> None:
    """/opml: the sources as a list that any reader of feeds takes."""
    await _opml(turn, Choice(Subject(), USUAL))


async def _told(turn: Turn, choice: Choice, form: str) -> None:
    async with turn.parts.store.read() as tx:
        name = await subject.title(tx, turn, choice.about)
    wanted = Wanted(form, choice.period(turn), _file_name(turn, "alerts", choice, name))
    with tempfile.TemporaryDirectory() as folder:
        parts = await files(turn.parts.store, wanted, turn.words, Path(folder))
        for number, path in enumerate(parts, 1):
            part = turn.words.say("export.part", number=number, n=len(parts))
            about = f"{name} ({part})" if len(parts) > 1 else name
            caption = turn.words.write("export.told", name=about, days=str(choice.days))
            await handing.file(turn, path.name, path.read_bytes(), caption)


async def _report(turn: Turn, choice: Choice) -> None:
    period = replace(choice.period(turn), docket_id=0)  # it says what all watches were told
    found = await look_back(turn.parts.store, period, turn.words)
    text = "\n".join(certificate(found, turn.words)) + "\n"
    caption = turn.words.write("export.report", n=len(found.quiet), days=str(choice.days))
    await handing.file(turn, f"report-{turn.now:%Y-%m-%d}.txt", text.encode(), caption)


async def _timeline(turn: Turn, choice: Choice) -> None:
    since = turn.now - timedelta(days=choice.days)
    async with turn.parts.store.read() as tx:
        name = await subject.title(tx, turn, choice.about)
        every = happenings(await subject.moments(tx, choice.about, since))
        ids = [one.first.item_id for one in every]
        items = {one.id: one for one in await lookup.whole(tx, ids)}
    text = markdown(turn.words, name, every, items, turn.now)
    caption = turn.words.write("look.timeline.file", name=name, n=len(every))
    await handing.file(
        turn, f"{_file_name(turn, 'timeline', choice, name)}.md", text.encode(), caption
    )


async def _hearings(turn: Turn, choice: Choice) -> None:
    since = turn.now - timedelta(days=choice.days)
    async with turn.parts.store.read() as tx:
        dates = await hearings.between(tx, since, turn.now + AHEAD)
        if choice.about.docket:
            dates = [one for one in dates if one[0].id == choice.about.docket]
        elif choice.about.watch:
            ids = {docket.id for docket, _ in dates}
            named = await dockets.named_by_caption(tx, ids)
            theirs = {docket for docket, watch in named if watch == choice.about.watch}
            dates = [one for one in dates if one[0].id in theirs]
    if not dates:
        await replies.say(turn, "export.no-dates")
        return
    caption = turn.words.write("export.hearings", n=len(dates))
    text = calendar(dates, turn.now)
    await handing.file(turn, f"hearings-{turn.now:%Y-%m-%d}.ics", text.encode(), caption)


async def _opml(turn: Turn, choice: Choice) -> None:
    async with turn.parts.store.read() as tx:
        every = [one.source for one in await sources.health(tx) if one.source.enabled]
    feeds = [one for one in every if one.kind == "feed"]
    caption = turn.words.write("export.opml", n=len(feeds))
    name = f"feeds-{turn.now:%Y-%m-%d}.opml"
    await handing.file(turn, name, opml(feeds).encode(), caption)


_GIVERS: dict[str, Callable[[Turn, Choice], Awaitable[None]]] = {
    "report": _report,
    "timeline": _timeline,
    "hearings": _hearings,
    "opml": _opml,
}


def _file_name(turn: Turn, what: str, choice: Choice, name: str) -> str:
    """Return a name that every system takes: "alerts-salvador-cienfuegos-2020-11-18"."""
    plain = "-".join("".join(c if c.isalnum() else " " for c in fold(name)).split())[:40]
    about = f"-{plain}" if choice.about.watch and plain else ""
    return f"{what}{about}-{turn.now:%Y-%m-%d}"


async def _screen(turn: Turn, choice: Choice) -> tuple[Message, list[list[Button]]]:
    async with turn.parts.store.write() as tx:
        name = await subject.title(tx, turn, choice.about)
        rows = await _rows(tx, turn, choice)
    return turn.words.write("export.what", name=name, n=choice.days), rows


async def _rows(tx: Tx, turn: Turn, choice: Choice) -> list[list[Button]]:
    kept = choice.packed()
    forms = [
        await keyboards.button(tx, turn, f"export.button.{form}", "export_file", **kept, form=form)
        for form in FORMS
    ]
    periods = []
    for days in PERIODS:
        label = turn.words.say("look.stats.button.days", n=days)
        label = f"● {label}" if days == choice.days else label
        args = {**kept, "days": days}
        periods.append(await keyboards.labelled(tx, turn, label, "export", **args))
    if choice.about == Subject():
        other = await keyboards.button(
            tx, turn, "export.button.one", "export_whose", days=choice.days
        )
    else:
        other = await keyboards.button(
            tx, turn, "look.button.everything", "export", days=choice.days
        )
    return [*keyboards.rows(forms), *keyboards.rows(periods, 2), [other]]
