"""Fine-tuning where there is something to choose from: languages, sources, chats, priority."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.talk import keyboards, places, proposal, replies, undo, wishes
from bot.talk.preview import measure
from bot.talk.turn import Turn
from matching import amend
from matching.amend import Amendment
from model.message import Button, Message, joined
from model.people import Chat, Subscriber
from model.watch import Priority, StoredWatch
from store import sources, subscribers, watches
from store.engine import Tx

Part = tuple[list[Message], list[list[Button]]]
A_PAGE = 8
LANGUAGES = ("en", "es", "pt", "fr")
"""Offered besides those the sources speak and those chosen already."""


async def languages(tx: Tx, turn: Turn, stored: StoredWatch) -> Part:
    """Return the languages to tick; none ticked: all."""
    spoken = {one.source.lang[:2] for one in await sources.health(tx) if one.source.lang}
    every = dict.fromkeys((*stored.watch.lang, *sorted(spoken), *LANGUAGES))
    return await _ticks(tx, turn, stored, "lang", list(every))


async def outlets(tx: Tx, turn: Turn, stored: StoredWatch) -> Part:
    """Return the sources to tick; none ticked: all."""
    known = [one.source.name for one in await sources.health(tx) if one.source.enabled]
    every = dict.fromkeys((*stored.watch.sources, *sorted(known, key=str.casefold)))
    return await _ticks(tx, turn, stored, "sources", list(every))


async def urgency(tx: Tx, turn: Turn, stored: StoredWatch) -> Part:
    """Return the priorities and whether a name in passing counts, as it is and as it could be."""
    watch = stored.watch
    keys = []
    for one in Priority:
        label = _ticked(turn.words.say(f"tune.priority.{one}"), is_on=watch.priority is one)
        wanted = Amendment("priority", value=one.value)
        keys.append(await _key(tx, turn, stored, label, wanted))
    label = _ticked(turn.words.say("tune.button.leading"), is_on=watch.leading)
    wanted = Amendment("leading", value="" if watch.leading else "yes")
    leading = await _key(tx, turn, stored, label, wanted)
    return [turn.words.write("tune.about.priority")], [keys, [leading]]


async def chats(tx: Tx, turn: Turn, stored: StoredWatch) -> Part:
    """Return the chats to tick, among them no other person's private one."""
    known = [one for one in await subscribers.all_subscribers(tx) if _is_shown(turn, one)]
    told = set(stored.to)
    at = min(turn.pressed.get("at", 0), max(0, len(known) - 1))
    keys = [
        await keyboards.labelled(
            tx,
            turn,
            _ticked(places.called(turn, one), is_on=one.id in told),
            "tune_where",
            watch=stored.watch.id,
            subscriber=one.id,
            on=one.id not in told,
        )
        for one in known[at : at + A_PAGE]
    ]
    args = {"watch": stored.watch.id, "field": "where"}
    paging = await keyboards.paging(tx, turn, "tune", at, len(known), A_PAGE, **args)
    lines = [turn.words.write("tune.about.where" if told else "tune.about.where-all")]
    return lines, [*keyboards.rows(keys, 2), *paging]


SCREENS: dict[str, Callable[[Tx, Turn, StoredWatch], Awaitable[Part]]] = {
    "lang": languages,
    "sources": outlets,
    "priority": urgency,
    "leading": urgency,
    "where": chats,
}
"""The parts of a Watch that are chosen, by the name of the part."""


async def where(turn: Turn) -> None:
    """[Chat]: say what would come there, or no more, before it is kept."""
    async with turn.parts.store.write() as tx:
        stored = await watches.get(tx, turn.pressed["watch"])
        place = await subscribers.get(tx, turn.pressed["subscriber"])
        if stored is not None and place is not None:
            keep = await keyboards.button(
                tx, turn, "tune.button.keep", "tune_where_keep", **turn.pressed
            )
            leave = await keyboards.button(
                tx, turn, "tune.button.dont", "tune", watch=stored.watch.id, field="where"
            )
    if stored is None or place is None:
        await replies.change(turn, turn.words.write("talk.list.gone"))
        return
    found = await measure(turn.parts, stored.watch, turn.now)
    code = "tune.where.on" if turn.pressed["on"] else "tune.where.off"
    lines = [
        turn.words.write(
            "tune.title",
            name=wishes.bold(turn, stored.watch.name),
            field=turn.words.say("tune.field.where"),
        ),
        turn.words.write(code, n=found.alerts, place=places.called(turn, place)),
    ]
    if turn.pressed["on"] and place.public:
        lines.append(turn.words.write("tune.where.public"))
    await replies.change(turn, joined(lines, "\n"), [[keep, leave]])


async def where_keep(turn: Turn) -> None:
    """[Keep]: tell that chat from now on, or no more; with [Undo]."""
    async with turn.parts.store.write() as tx:
        stored = await watches.get(tx, turn.pressed["watch"])
        place = await subscribers.get(tx, turn.pressed["subscriber"])
        if stored is not None and place is not None:
            to = await _told(tx, stored, place.id, is_on=turn.pressed["on"])
            rows = []
            if to:
                await watches.send_to(tx, stored.watch.id, to, turn.now, by=turn.user.id)
                key = await undo.remember(
                    tx, turn, "watch_sent", watch=stored.watch.id, to=list(stored.to)
                )
                rows = [[key]]
            args = {"watch": stored.watch.id, "field": "where"}
            rows.append([await keyboards.button(tx, turn, "talk.button.back", "tune", **args)])
    if stored is None or place is None:
        await replies.change(turn, turn.words.write("talk.list.gone"))
        return
    code = "tune.where.kept" if to else "tune.where.last"
    name = wishes.bold(turn, stored.watch.name)
    await replies.change(turn, turn.words.write(code, name=name), rows)


async def _told(tx: Tx, stored: StoredWatch, place: int, *, is_on: bool) -> list[int]:
    """Return whom a Watch then tells; naming nobody meant every chat that is not public."""
    told = list(stored.to)
    if not told:
        told = [one.id for one in await subscribers.all_subscribers(tx) if not one.public]
    return list(dict.fromkeys((*told, place))) if is_on else [one for one in told if one != place]


def _is_shown(turn: Turn, one: Subscriber) -> bool:
    if not one.enabled or one.courier != places.COURIER:
        return False
    return one.chat is not Chat.PRIVATE or one.address == str(turn.user.id)


async def _ticks(tx: Tx, turn: Turn, stored: StoredWatch, field: str, every: list[str]) -> Part:
    """Return a list to tick: each press proposes to put one in or take it out."""
    chosen = amend.listed(stored.watch, field)
    at = min(turn.pressed.get("at", 0), max(0, len(every) - 1))
    keys = []
    for one in every[at : at + A_PAGE]:
        label = _ticked(proposal.shown(turn, field, one), is_on=one in chosen)
        wanted = Amendment(field, drop=(one,)) if one in chosen else Amendment(field, (one,))
        keys.append(await _key(tx, turn, stored, label, wanted))
    args = {"watch": stored.watch.id, "field": field}
    paging = await keyboards.paging(tx, turn, "tune", at, len(every), A_PAGE, **args)
    lines = [turn.words.write(f"tune.about.{field}")]
    if not chosen:
        lines.insert(0, turn.words.write(f"tune.all.{field}"))
    return lines, [*keyboards.rows(keys, 2), *paging]


async def _key(tx: Tx, turn: Turn, stored: StoredWatch, label: str, wanted: Amendment) -> Button:
    args = {"watch": stored.watch.id, "change": wanted.packed()}
    return await keyboards.labelled(tx, turn, label, "tune_change", **args)


def _ticked(label: str, *, is_on: bool) -> str:
    return f"✓ {label}" if is_on else label
