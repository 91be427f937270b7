"""Many Alerts, one Message: digests, and what was held back and is told together (pure).

What is too long for one Message is split between the people it is about (CONVERSATION §5.4).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from alerts.byline import foreign, headline, link, outlet
from alerts.filings import happened
from alerts.inert import clipped, inert
from alerts.split import units
from model.alert import AlertKind, AlertView, Notice
from model.message import Button, Message, Style, joined, marked
from model.people import Chat
from model.watch import Priority
from model.words import Words

UNITS = 3900
MARKS = 95
"""Of one part, so that it stays below what Telegram takes whatever is edited meanwhile."""
BODY = 3000
"""UTF-16 units of a part's lines where there are several parts."""
PARTS = 6
"""Parts at most; what does not fit in them is counted in the last, and stands in the file."""
HEADLINE = 110
NAMES = 12
"""Names in the line of those without news."""
DIGEST = "group.digest"
MUTE = "group.mute"
LISTED = 4
"""Filings of one case that are named in its line."""


@dataclass(frozen=True, slots=True)
class _Section:
    """What is told of one person or case."""

    name: str
    high: bool
    members: tuple[AlertView, ...]


def parts(members: Sequence[AlertView], notice: Notice, words: Words) -> list[list[int]]:
    """Return the ids of these Alerts as the Messages that tell them, in the order they tell."""
    sections = _sections(members)
    inorder = [one.id for section in sections for one in section.members]
    whole = _body(sections, 1, words)
    head = joined([*_head(notice, words), *_foot(notice, words)], "\n")
    marks = len(head.marks) + len(whole.marks)
    if units(head.text) + units(whole.text) + 4 <= UNITS and marks <= MARKS:
        return [inorder]
    cut: list[list[int]] = [[]]
    room, left = BODY, MARKS - 15
    for section in sections:
        sizes = [_size(line(one, 1000, words)) for one in section.members]
        title, most = units(section.name) + 60, (sum(one for one, _ in sizes))
        fits = most + title <= room and sum(some for _, some in sizes) + 1 <= left
        if not fits and cut[-1] and (most + title <= BODY or room < BODY // 2):
            cut.append([])
            room, left = BODY, MARKS - 15
        room, left = room - title, left - 1
        for one, (size, some) in zip(section.members, sizes, strict=True):
            if cut[-1] and (size > room or some > left):
                cut.append([])
                room, left = BODY - title, MARKS - 16
            cut[-1].append(one.id)
            room, left = room - size, left - some
    return [*cut[: PARTS - 1], [one for some in cut[PARTS - 1 :] for one in some]][:PARTS]


def _size(line: Message) -> tuple[int, int]:
    return units(line.text) + 1, len(line.marks)


def told_in(notice: Notice, cut: Sequence[Sequence[int]]) -> list[Notice]:
    """Return the Notice of each part: which it is, and from which number it counts."""
    found, first = [], 1
    for number, ids in enumerate(cut, 1):
        args = (("part", str(number)), ("parts", str(len(cut))), ("first", str(first)))
        found.append(replace(notice, args=(*notice.args, *args)))
        first += len(ids)
    return found


def group(view: AlertView, words: Words) -> Message:
    """Return one Message for the Alerts of a group."""
    notice = view.notice or Notice("group.later")
    args = dict(notice.args)
    members = [one for one in view.members if not one.hidden_by]
    head = joined(_head(notice, words), "\n")
    if notice.code == MUTE and view.subscriber.chat in (Chat.PRIVATE, Chat.GROUP):
        return replace(head, buttons=_buttons(view, words))
    last = args.get("part", "1") == args.get("parts", "1")
    foot = joined(_foot(notice, words), "\n") if last else Message("")
    body = _fitting(members, int(args.get("first", "1")), head, foot, words)
    text = joined([one for one in (head, body, foot) if one.text], "\n\n")
    return replace(text, buttons=_buttons(view, words) if last else ())


def numbered(view: AlertView) -> dict[int, AlertView]:
    """Return the Alerts of a group by the number at which they stand in its Message."""
    first = int(dict(view.notice.args).get("first", "1")) if view.notice else 1
    shown = [one for one in view.members if not one.hidden_by]
    ordered = [one for section in _sections(shown) for one in section.members]
    return dict(enumerate(ordered, first))


def listing(members: Sequence[AlertView], words: Words) -> Message:
    """Return the lines for these Alerts alone, for whoever asked what they were."""
    return _body(_sections(members), 1, words)


def _fitting(
    members: Sequence[AlertView], first: int, head: Message, foot: Message, words: Words
) -> Message:
    """Return the lines that fit beside head and foot; the rest is counted."""
    shown = list(members)
    room = 4040 - units(head.text) - units(foot.text)
    marks = 99 - len(head.marks) - len(foot.marks)
    while True:
        body = _body(_sections(shown), first, words)
        rest = len(members) - len(shown)
        if rest:
            body = joined([body, words.say("alert.more", n=rest)], "\n")
        if not shown or (units(body.text) <= room and len(body.marks) <= marks):
            return body
        over = max(1, len(shown) // 10)
        ordered = [one for section in _sections(shown) for one in section.members]
        shown = ordered[:-over]


def _sections(members: Iterable[AlertView]) -> list[_Section]:
    """Return the Alerts by the person or case they are about: what is of priority first, then
    whoever has most.
    """
    found: dict[tuple[str, int], list[AlertView]] = {}
    names: dict[tuple[str, int], tuple[str, bool]] = {}
    for one in members:
        key, name, high = _about(one)
        found.setdefault(key, []).append(one)
        names[key] = (name, high)
    sections = [_Section(*names[key], tuple(some)) for key, some in found.items()]
    return sorted(sections, key=lambda one: (not one.high, -len(one.members), one.name))


def _about(view: AlertView) -> tuple[tuple[str, int], str, bool]:
    if view.watches:
        high = [one for one in view.watches if one.priority is Priority.HIGH]
        watch = min(high or view.watches, key=lambda one: one.id)
        return ("watch", watch.id), clipped(inert(watch.name), 60), bool(high)
    if view.docket is not None:
        return ("docket", view.docket.id), clipped(inert(view.docket.caption), 60), False
    return ("", 0), "", False


def _body(sections: Sequence[_Section], first: int, words: Words) -> Message:
    number, blocks = first, []
    for section in sections:
        lines = [_title(section, words)] if section.name else []
        for one in section.members:
            lines.append(line(one, number, words))
            number += 1
        blocks.append(joined(lines, "\n"))
    return joined(blocks, "\n\n")


def _title(section: _Section, words: Words) -> Message:
    filings = sum(one.kind is AlertKind.FILING for one in section.members)
    stories = len(section.members) - filings
    counts = [words.say("group.stories", n=stories)] if stories else []
    counts += [words.say("group.filings", n=filings)] if filings else []
    mark = "🔴 " if section.high else ""
    name = joined([mark, marked(section.name, Style.BOLD)])
    return words.write("group.section", name=name, counts=", ".join(counts))


def line(view: AlertView, number: int, words: Words) -> Message:
    """Return "3. headline — outlet + 2 more (es)", or a case with what was filed."""
    item = view.items[0] if view.items else None
    if item is None:
        what = clipped(inert(view.docket.caption), HEADLINE) if view.docket else "…"
        return joined([f"{number}. ", what])
    if view.kind is AlertKind.FILING:
        return joined([f"{number}. ⚖️ ", _filed(view, words)])
    others = len({outlet(one) for one in view.items} - {outlet(item)})
    about = outlet(item)
    more = words.say("group.others", n=others) if others else ""
    theirs = foreign(item, view.subscriber.language)
    tail = " ".join(part for part in (about, more, f"({theirs})" if theirs else "") if part)
    told = joined([f"{number}. ", headline(item, words, HEADLINE)])
    return joined([told, tail], " — ") if tail else told


def _filed(view: AlertView, words: Words) -> Message:
    filings = [one.filing for one in view.items if one.filing is not None]
    docket = filings[0].number if filings else view.items[0].title
    address = link(view.docket.url if view.docket else view.items[0].url)
    name = clipped(inert(docket), 60)
    case = marked(name, Style.LINK, address) if address else Message(name)
    said = [
        clipped(f"{one.entry} {happened(one, words)}" if one.entry else happened(one, words), 80)
        for one in filings[:LISTED]
    ]
    rest = len(filings) - LISTED
    said += [words.say("alert.more", n=rest)] if rest > 0 else []
    return joined([case, ": ", " · ".join(said)])


def _head(notice: Notice, words: Words) -> list[Message]:
    """Return the lines above: what this is, when, and how much of it."""
    args = dict(notice.args)
    n = int(args.get("n", "0"))
    part, parts = args.get("part", "1"), args.get("parts", "1")
    of = f" ({part}/{parts})" if parts != "1" else ""
    if notice.code != DIGEST:
        return [joined([words.write(notice.code, n=n, name=_named(args)), of])]
    at = datetime.fromisoformat(args["at"]).astimezone(ZoneInfo(args["zone"]))
    name = words.say(f"group.digest.{args['name']}")
    title = words.write("group.digest", name=name, day=words.day(at))
    if part != "1":
        return [joined([title, of])]
    counts = words.say(
        "group.digest.counts",
        time=f"{at:%H:%M}",
        zone=args["zone"].replace("_", " "),
        named=args["named"],
        watches=args["watches"],
    )
    told = [words.say("group.stories", n=int(args["stories"]))]
    told += [words.say("group.filings", n=int(args["filings"]))] if args["filings"] != "0" else []
    articles = words.say("group.articles", n=int(args["articles"]))
    amount = words.say("group.digest.from", told=", ".join(told), articles=articles)
    return [joined([title, of]), Message(f"{counts} · {amount}" if n else counts)]


def _named(args: Mapping[str, str]) -> str:
    return clipped(inert(args.get("name", "")), 60)


def _foot(notice: Notice, words: Words) -> list[Message]:
    """Return the lines below: whom nothing was found of, and which sources are silent."""
    args = dict(notice.args)
    lines = [_counted(one, words) for one in args.get("counted", "").split("\n") if one]
    quiet = [clipped(inert(one), 40) for one in args.get("quiet", "").split("\n") if one]
    if quiet:
        rest = len(quiet) - NAMES
        shown = ", ".join(quiet[:NAMES])
        shown += f" {words.say('alert.more', n=rest)}" if rest > 0 else ""
        lines.append(words.write("group.no-news", names=shown))
    silent = [one for one in args.get("silent", "").split("\n") if one]
    if silent:
        lines.append(words.write("group.silent", n=len(silent), names=_sources(silent, words)))
    return lines


def _counted(one: str, words: Words) -> Message:
    """Return how many entries of a case were not told, written as "number|since|case"."""
    number, _, rest = one.partition("|")
    since, _, case = rest.partition("|")
    n = int(number) if number.isdecimal() and number.isascii() else 0
    name = marked(clipped(inert(case), 80), Style.ITALIC)
    if not since:
        return words.write("group.counted", n=n, case=name)
    day = words.day(datetime.fromisoformat(since))
    return words.write("group.counted.since", n=n, case=name, day=day)


def _sources(silent: Sequence[str], words: Words) -> Message:
    """Return up to three silent sources, each written as "seconds since it was well|name"."""
    shown = []
    for one in silent[:3]:
        seconds, bar, name = one.partition("|")
        source = marked(clipped(inert(name if bar else one), 40), Style.ITALIC)
        if bar and seconds.isdecimal() and seconds.isascii():
            length = words.length(float(seconds))
            source = words.write("group.silent.since", name=source, length=length)
        shown.append(source)
    return joined(shown, ", ")


_LABELS = {
    "show_held": "group.button.show",
    "digest_file": "group.button.file",
    "digest_new": "group.button.new",
    "digest_change": "group.button.change",
}


def _buttons(view: AlertView, words: Words) -> tuple[tuple[Button, ...], ...]:
    """Return the buttons that were made with it, in their order."""
    ids = dict(view.buttons)
    row = [
        Button(words.say(code), press=ids[name]) for name, code in _LABELS.items() if name in ids
    ]
    return (tuple(row),) if row else ()
