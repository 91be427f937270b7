"""What an Alert about a court case says: one Filing or several of one case (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time

from alerts.byline import hashtag, instant, link
from alerts.inert import clipped, inert
from alerts.split import trimmed
from matching.filings import filed_on, severity_of
from matching.unsealing import SIGN
from model.alert import AlertView
from model.courts import COURTS
from model.docket import Docket, Filing, Severity
from model.item import Item
from model.message import Button, Message, Style, joined, marked
from model.people import Chat
from model.words import Words

CAPTION = 150
TEXT = 900
"""Code points of an entry's text that are shown."""
CHAIN = 3
"""Earlier entries of the case that are named."""
LISTED = 8
"""Filings of one Alert that are shown one by one; the rest is counted."""
LATE_DAYS = 3
"""A Filing seen so many days after it was filed is said to be back-dated."""


def filings(view: AlertView, why: Message, words: Words) -> Message:
    """Return an Alert about Filings of one case (CONVERSATION §5.3); `why`: the reasons, or
    nothing.
    """
    first, *others = view.items or (_of_docket(view),)
    filing = first.filing or Filing()
    top = [_title(view, first, filing, words), *_hidden(view, words)]
    if not others:
        top += [
            _event(filing, words) if view.items else Message(""),
            _place(filing, words),
            _dates(first, filing, words),
        ]
        parts = [_lines(top), _text(first, filing, words), _chain(view, filing, words)]
    else:
        parts = [_lines([*top, _place(filing, words)]), _listed([first, *others], words)]
    tail = Message(_tags(view, filing))
    whole = joined([one for one in (*parts, why, tail) if one.text], "\n\n")
    return replace(trimmed(whole), preview="", silent=view.possible)


def _of_docket(view: AlertView) -> Item:
    """Return an Item for an Alert about the docket itself: no entry of it is known yet."""
    docket = view.docket or Docket()
    filing = Filing(
        court=docket.court,
        number=docket.number,
        caption=docket.caption,
        judge=docket.judge,
        filed=docket.filed,
        url=docket.url,
    )
    return Item(title=docket.caption, url=docket.url, filing=filing)


def _title(view: AlertView, item: Item, filing: Filing, words: Words) -> Message:
    """Return the first lines: the case, whether it was unsealed, whether it is surely the one."""
    caption = clipped(inert(filing.caption or item.title), CAPTION) or filing.number
    caption = caption or words.say("talk.docket.at-courtlistener", number=filing.docket_id)
    unsealed = "unsealed" in view.changes or _is(filing, "unsealed")
    lines = [words.write("filing.unsealed" if unsealed else "filing.caption", caption=caption)]
    since = view.docket.filed if view.docket else None
    if unsealed and since is not None:
        lines.append(_sealed_for(since, (view.at or item.first_seen or _EPOCH).date(), words))
    signs = [one for one in view.changes if one.startswith(SIGN)]
    if signs:
        why = "; ".join(words.say(f"filing.sign.{one.removeprefix(SIGN)}") for one in signs)
        lines.append(words.write("filing.signs", why=why))
    lines += _missing(view.changes, words)
    if view.possible:
        lines.append(words.write("filing.possible"))
    return _lines(lines)


_GAPS = {"gap": "", "unlisted": ".unlisted", "missed": ".missed"}


def _missing(changes: Iterable[str], words: Words) -> Iterator[Message]:
    """Return what is said of entries that nobody can see, or of one that was so until now."""
    for one in changes:
        kind, _, about = one.partition(":")
        if kind in _GAPS:
            first, _, last = about.partition("-")
            code = "filing.gap" if first == last else "filing.gaps"
            yield words.write(f"{code}{_GAPS[kind]}", first=first, last=last)
        elif kind == "public":
            yield words.write("filing.public-now", entry=about)


_EPOCH = datetime.fromtimestamp(0, UTC)
_MONTHS_MOST = 36
"""A longer time is said in years."""


def _sealed_for(since: date, until: date, words: Words) -> Message:
    """Return for how long a case was sealed: "Sealed for 14 months, since 14 August 2019"."""
    months = (until.year - since.year) * 12 + until.month - since.month
    months -= until.day < since.day
    day = _day(since, words)
    if months >= _MONTHS_MOST:
        return words.write("filing.sealed-years", n=months // 12, day=day)
    if months > 0:
        return words.write("filing.sealed-months", n=months, day=day)
    if until > since:
        return words.write("filing.sealed-days", n=(until - since).days, day=day)
    return words.write("filing.sealed-since", day=day)


def _is(filing: Filing, kind: str) -> bool:
    return any(event.kind == kind for event in filing.events)


def _day(day: date, words: Words) -> Message:
    """Return a day that each reader sees in their own form, whatever their zone."""
    noon = datetime.combine(day, time(12), UTC)
    return marked(words.day(noon), Style.TIME, str(int(noon.timestamp())), "D")


def _hidden(view: AlertView, words: Words) -> list[Message]:
    if not view.hidden_by:
        return []
    return [Message(words.say("alert.hidden", who=clipped(inert(view.hidden_by), 60)))]


def _event(filing: Filing, words: Words) -> Message:
    """Return what happened, in the table's words, or else in the court's."""
    what = happened(filing, words)
    entry = f"{filing.entry} " if filing.entry else ""
    return marked(f"{entry}{what}", Style.BOLD)


def happened(filing: Filing, words: Words) -> str:
    """Return the most severe thing that happened in words; the short description without one."""
    if filing.events:
        return words.say(f"event.{filing.events[0].kind}")
    return clipped(inert(filing.short or filing.text), 60) or words.say("filing.entry")


def _place(filing: Filing, words: Words) -> Message:
    """Return "E.D.N.Y. · 1:19-cr-00366 · Judge Amon"; what is not known is left out."""
    court = COURTS.get(filing.court)
    judge = clipped(inert(filing.judge), 60)
    parts: list[str | Message] = [
        court.short if court else filing.court,
        marked(inert(filing.number), Style.CODE),
        words.say("filing.judge", name=judge) if judge else "",
    ]
    return joined([part for part in parts if part and part != Message("")], " · ")


def _dates(item: Item, filing: Filing, words: Words) -> Message:
    day = filed_on(filing)
    parts = []
    if day:
        filed = date.fromisoformat(day)
        parts.append(words.write("filing.filed", day=_day(filed, words)))
        if item.first_seen and (item.first_seen.date() - filed).days >= LATE_DAYS:
            parts.append(Message(words.say("filing.late")))
    if item.first_seen:
        parts.append(words.write("filing.seen", at=instant(item.first_seen, words)))
    if filing.sealed:
        parts.append(Message(words.say("filing.under-seal")))
    return joined(parts, " · ")


def _text(item: Item, filing: Filing, words: Words) -> Message:
    text = clipped(inert(filing.text or item.summary or filing.short), TEXT)
    return marked(text, Style.FOLDED) if text and text != happened(filing, words) else Message("")


def _chain(view: AlertView, filing: Filing, words: Words) -> Message:
    """Return what came before it in the case, so that a reader knows where it stands."""
    earlier = [one.filing for one in view.earlier if one.filing is not None][-CHAIN:]
    if not earlier:
        return Message("")
    steps = [_step(one, words) for one in earlier]
    steps.append(marked(happened(filing, words), Style.BOLD))
    return words.write("filing.before", chain=joined(steps, " → "))


def _step(filing: Filing, words: Words) -> Message:
    day = filed_on(filing)
    when = words.day(datetime.fromisoformat(day).replace(tzinfo=UTC)) if day else ""
    what = marked(happened(filing, words), Style.ITALIC)
    number = f"{filing.entry} " if filing.entry else ""
    return joined([number, what, f" ({when})" if when else ""])


def _listed(items: Sequence[Item], words: Words) -> Message:
    """Return the Filings of one case: what matters line by line, the routine ones counted."""
    told = [one for one in items if one.filing and not _is_routine(one.filing)]
    routine = [one for one in items if one.filing and _is_routine(one.filing)]
    lines = [_line(one, words) for one in told[:LISTED]]
    if len(told) > LISTED:
        lines.append(Message(words.say("alert.more", n=len(told) - LISTED)))
    if not routine:
        return _lines(lines)
    counted = words.write("filing.routine", n=len(routine))
    folded = marked(_lines([_line(one, words) for one in routine[:LISTED]]), Style.FOLDED)
    return _lines([*lines, counted, folded])


def _is_routine(filing: Filing) -> bool:
    return severity_of(filing) is Severity.ROUTINE


def _line(item: Item, words: Words) -> Message:
    filing = item.filing or Filing()
    said = clipped(inert(filing.text or item.summary or filing.short), 200)
    address = link(filing.pdf or filing.url or item.url)
    what = happened(filing, words)
    title = marked(what, Style.LINK, address) if address else Message(what)
    entry = f"{filing.entry} " if filing.entry else ""
    text = f": {said}" if said and said != what else ""
    return words.write("filing.line", entry=entry, title=title, text=text)


def first_page(view: AlertView, pages: int, words: Words) -> Message:
    """Return what stands below the first page of a document of so many pages."""
    filing = (view.items or (_of_docket(view),))[0].filing or Filing()
    return words.write("filing.first-page", what=_event(filing, words), n=pages)


_PRESSED = (Chat.PRIVATE, Chat.GROUP)


def buttons(view: AlertView, words: Words) -> list[Button]:
    """Return what opens the docket and the document, and copies the case's number."""
    filing = (view.items or (_of_docket(view),))[0].filing or Filing()
    row, ids = [], dict(view.buttons)
    if link(filing.url):
        row.append(Button(words.say("filing.button.docket"), url=link(filing.url)))
    if link(filing.pdf):
        row.append(Button(words.say("filing.button.pdf"), url=link(filing.pdf)))
    elif view.subscriber.chat in _PRESSED and "not_public" in ids:
        row.append(Button(words.say("filing.button.not-public"), press=ids["not_public"]))
    if filing.number:
        row.append(Button(words.say("filing.button.copy"), copy=filing.number[:256]))
    return row


def _tags(view: AlertView, filing: Filing) -> str:
    """Return up to three hashtags: the person, the case, what happened."""
    people = [watch.name for watch in view.watches[:1]]
    kinds = [event.kind for event in filing.events[:1]]
    tags = (hashtag(name) for name in (*people, filing.number, *kinds))
    return " ".join(dict.fromkeys(filter(None, tags)))


def _lines(lines: Iterable[Message]) -> Message:
    return joined([line for line in lines if line.text], "\n")
