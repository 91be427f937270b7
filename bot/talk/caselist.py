"""Court cases in words: what one is called, its facts, its latest entries, the list of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time

from alerts.byline import link
from alerts.filings import happened
from alerts.inert import clipped, inert
from bot.talk import keyboards
from bot.talk.turn import Turn
from matching.filings import filed_on
from matching.parties import people_of
from model.courts import COURTS
from model.docket import Docket, Filing, Following
from model.item import Item
from model.message import Button, Message, Style, joined, marked
from store.engine import Tx

A_PAGE = 10
NAME = 80
SAID = 160
"""Characters of an entry's text."""


def called(turn: Turn, docket: Docket) -> str:
    """Return a case's caption, or its number and court while that is all there is."""
    if docket.caption:
        return clipped(inert(docket.caption), NAME)
    court = COURTS.get(docket.court)
    number = docket.number or turn.words.say(
        "talk.docket.at-courtlistener", number=next(iter(docket.docket_ids), "")
    )
    return f"{number} {court.short}" if court else number


def case_lines(turn: Turn, docket: Docket) -> Message:
    """Return a case's caption, and below it court, number, judge and date, as far as known."""
    words, court = turn.words, COURTS.get(docket.court)
    title = words.write("talk.docket.title", case=called(turn, docket))
    about: list[str | Message] = [
        court.short if court else docket.court,
        marked(docket.number, Style.CODE),
    ]
    if docket.judge:
        about.append(words.say("filing.judge", name=clipped(inert(docket.judge), 60)))
    if docket.filed:
        day = words.day(datetime.combine(docket.filed, time(12), UTC))
        about.append(words.say("talk.docket.filed", day=day))
    return joined(
        [title, joined([one for one in about if one and one != Message("")], " · ")], "\n"
    )


def entry_lines(turn: Turn, entries: Sequence[Item], *, whole: bool = False) -> list[Message]:
    """Return one line an entry, the latest first; `whole`: with the court's own words."""
    if not entries:
        return [turn.words.write("talk.docket.no-entry")] if whole else []
    return [_entry(turn, one, whole) for one in entries]


def _entry(turn: Turn, item: Item, whole: bool) -> Message:
    filing = item.filing or Filing()
    what = happened(filing, turn.words)
    address = link(filing.pdf or filing.url)
    title = marked(what, Style.LINK, address) if address else Message(what)
    day = filed_on(filing)
    when = turn.words.day(datetime.fromisoformat(day).replace(tzinfo=UTC)) if day else ""
    said = clipped(inert(filing.text or filing.short), SAID) if whole else ""
    text = f": {said}" if said and said != what else ""
    entry = f"{filing.entry} " if filing.entry else ""
    return turn.words.write("talk.docket.entry", entry=entry, what=title, when=when, text=text)


def page_lines(turn: Turn, every: Sequence[Following], at: int) -> Message:
    """Return the list of followed cases, each with how it is told and what was only counted."""
    words = turn.words
    lines = [words.write("talk.docket.list", n=len(every))]
    for one in every[at : at + A_PAGE]:
        level = words.say(f"talk.docket.level.{one.level.value}")
        line = words.write("talk.docket.line", case=called(turn, one.docket), level=level)
        lines.append(joined([line, hidden_line(turn, one)], ". ") if one.hidden else line)
    return joined(lines, "\n")


def hidden_line(turn: Turn, one: Following) -> Message:
    """Return how many entries were only counted, and since when."""
    if one.hidden_since is None:
        return turn.words.write("talk.docket.hidden", n=one.hidden)
    day = turn.words.day(one.hidden_since)
    return turn.words.write("talk.docket.hidden.since", n=one.hidden, day=day)


async def of_case(tx: Tx, turn: Turn, docket: Docket) -> list[Button]:
    """Return what can be asked about a case of which something is known."""
    if not docket.id:
        return []
    keys = [("talk.docket.button.entries", "docket_entries")]
    if people_of(docket.caption, docket.parties):
        keys.append(("talk.docket.button.people", "docket_people"))
    return [await keyboards.button(tx, turn, code, to, docket=docket.id) for code, to in keys]
