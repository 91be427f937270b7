"""What a visitor follows for themselves in an open bot: a few names, told in their own chat."""

from __future__ import annotations

from dataclasses import replace

from bot.talk import keyboards, places, replies, wishes
from bot.talk.preview import Preview, measure
from bot.talk.turn import Turn
from bot.talk.watch import preview_words, started_words
from matching import terms
from model.message import Button, joined
from model.people import Subscriber
from model.watch import Priority, StoredWatch, Watch
from store import subscribers, visiting, watches
from store.engine import Tx

A_PERSON = 5
"""Names that one visitor may follow."""
ALL = 500
"""Names that all visitors together may follow …"""
FIRST = 100
"""… the last of which are for those who follow none yet."""


async def asked(turn: Turn) -> None:
    """/watch NAME of a visitor."""
    if turn.text:
        await offer(turn)
    else:
        await replies.say(turn, "visitor.watch.whose")


async def offer(turn: Turn) -> None:
    """Show what this name would have sent, unless it can't be followed here."""
    wish, _ = terms.read(turn.text)
    wish = replace(wish, priority=Priority.NORMAL)
    if await _told_no(turn, wish):
        return
    found = await measure(turn.parts, wish, turn.now)
    shown = preview_words(turn, wish, found)
    if _is_too_much(found):
        await replies.show(turn, joined([shown, turn.words.write("visitor.watch.broad")], "\n"))
        return
    async with turn.parts.store.write() as tx:
        key = await keyboards.button(
            tx, turn, "talk.watch.button.start", "visitor_watch", watch=wishes.packed(wish)
        )
    await replies.show(turn, shown, [[key]])


async def begin(turn: Turn) -> None:
    """[Start watching]: keep it, told in this private chat and nowhere else."""
    wish = wishes.unpacked(turn.pressed["watch"])
    if await _told_no(turn, wish):
        return
    async with turn.parts.store.write() as tx:
        place = await _here(tx, turn)
        person = turn.user.id
        await watches.add(tx, wish, turn.now, to=[place.id], by=person, visitor=person)
    started = started_words(turn, wish, [place])
    shown = joined([started, turn.words.write("visitor.watch.listed")], " ")
    await replies.change(turn, shown)


async def listed(turn: Turn) -> None:
    """/list of a visitor: what they follow, each with a button that ends it."""
    async with turn.parts.store.write() as tx:
        own = await visiting.of_visitor(tx, turn.user.id)
        rows = [[await _end(tx, turn, one)] for one in own]
    code = "visitor.list" if own else "visitor.list.empty"
    lines = [turn.words.write(code, n=len(own), most=str(A_PERSON))]
    lines += [turn.words.write("talk.list.line", name=one.watch.name) for one in own]
    await replies.show(turn, joined(lines, "\n"), rows)


async def unwatch(turn: Turn) -> None:
    """/unwatch NAME of a visitor."""
    async with turn.parts.store.read() as tx:
        own = await visiting.of_visitor(tx, turn.user.id)
    same = [one for one in own if one.watch.name.casefold() == turn.text.casefold()]
    if same:
        await drop(replace(turn, pressed={"watch": same[0].watch.id}))
    else:
        await listed(turn)


async def drop(turn: Turn) -> None:
    """[Stop: NAME]: only what they follow themselves."""
    async with turn.parts.store.write() as tx:
        own = await visiting.of_visitor(tx, turn.user.id)
        found = [one for one in own if one.watch.id == turn.pressed["watch"]]
        if found:
            await watches.remove(tx, found[0].watch.id, turn.now, by=turn.user.id)
    if found:
        said = turn.words.write("talk.list.dropped", name=found[0].watch.name)
    else:
        said = turn.words.write("talk.list.gone")
    await replies.present(turn, said, [])


async def _told_no(turn: Turn, wish: Watch) -> bool:
    """Say why nothing more can be followed, where that is so."""
    async with turn.parts.store.read() as tx:
        own = await visiting.of_visitor(tx, turn.user.id)
        everybodys = await visiting.count(tx)
    if any(one.watch.name.casefold() == wish.name.casefold() for one in own):
        await replies.say(turn, "visitor.watch.already", name=wish.name)
    elif len(own) >= A_PERSON:
        await replies.say(turn, "visitor.watch.full", n=A_PERSON)
    elif own and everybodys.watches >= ALL - FIRST:
        await replies.say(turn, "visitor.watch.shared")
    elif everybodys.watches >= ALL:
        await replies.say(turn, "visitor.watch.crowded")
    else:
        return False
    return True


def _is_too_much(found: Preview) -> bool:
    """Whether it would send more than one visitor may cost the others."""
    return found.is_broad or bool(found.risks)


async def _here(tx: Tx, turn: Turn) -> Subscriber:
    """Return the visitor's chat; `public`: it gets only what names it."""
    known = await places.known_here(tx, turn)
    if known is not None and known.is_visitor and known.enabled and known.parked_since is None:
        return known
    return await subscribers.add(tx, replace(places.newcomer(turn), public=True), turn.now)


async def _end(tx: Tx, turn: Turn, one: StoredWatch) -> Button:
    label = turn.words.say("visitor.button.stop", name=one.watch.name)
    return await keyboards.labelled(tx, turn, label, "visitor_drop", watch=one.watch.id)
