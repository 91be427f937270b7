"""What is followed: the list, one Watch, and following it no more."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.talk import (
    guard,
    keyboards,
    muting,
    places,
    questions,
    replies,
    searching,
    tune,
    undo,
    wishes,
)
from bot.talk.turn import Turn
from model.message import Button, Message, joined
from model.people import Role
from model.watch import StoredWatch
from store import subscribers, tallies, watches
from store.engine import Tx

A_PAGE = 10
SPAN = timedelta(days=30)
"""How far back a Watch's alerts are counted."""


async def asked(turn: Turn) -> None:
    """/list."""
    message, rows = await _page(turn, 0)
    await replies.show(turn, message, rows)


async def page(turn: Turn) -> None:
    """[Back] and [More] under the list."""
    message, rows = await _page(turn, turn.pressed.get("at", 0))
    await replies.change(turn, message, rows)


async def show(turn: Turn) -> None:
    """Open a name of the list."""
    async with turn.parts.store.read() as tx:
        stored = await watches.get(tx, turn.pressed["watch"])
    if stored is None:
        await page(turn)
        return
    message, rows = await _opened(turn, stored)
    await replies.change(turn, message, rows)
    await questions.forget(turn)


async def tuned(turn: Turn) -> None:
    """[Fine-tune] under an alert or a preview: the Watch in a message of its own."""
    async with turn.parts.store.read() as tx:
        stored = await watches.get(tx, turn.pressed["watch"])
    if stored is None:
        await replies.say(turn, "talk.list.gone")
        return
    message, rows = await _opened(turn, stored)
    await replies.show(turn, message, rows)


async def open_watch(turn: Turn, stored: StoredWatch) -> None:
    """Show one Watch: it was asked for by name, and is followed already."""
    message, rows = await _opened(turn, stored)
    first = turn.words.write("talk.watch.already", name=stored.watch.name)
    await replies.show(turn, joined([first, message], "\n\n"), rows)


async def unwatch(turn: Turn) -> None:
    """/unwatch NAME."""
    if not turn.text:
        await asked(turn)
        return
    async with turn.parts.store.read() as tx:
        stored = await watches.by_name(tx, turn.text)
    if stored is None:
        await replies.say(turn, "talk.list.no-such", name=turn.text)
        return
    await drop(replace(turn, pressed={"watch": stored.watch.id}))


async def drop(turn: Turn) -> None:
    """[Stop watching]: at once, with [Undo]."""
    async with turn.parts.store.write() as tx:
        stored = await watches.get(tx, turn.pressed["watch"])
        key = None
        if stored is not None and not stored.declared:
            await watches.remove(tx, stored.watch.id, turn.now, by=turn.user.id)
            key = await undo.remember(tx, turn, "watch_removed", watch=stored.watch.id)
    message = _dropped(turn, stored)
    rows = [[key]] if key else []
    await replies.present(turn, message, rows)


def _dropped(turn: Turn, stored: StoredWatch | None) -> Message:
    if stored is None:
        return turn.words.write("talk.list.gone")
    code = "talk.list.declared" if stored.declared else "talk.list.dropped"
    return turn.words.write(code, name=stored.watch.name)


async def _page(turn: Turn, at: int) -> tuple[Message, list[list[Button]]]:
    async with turn.parts.store.write() as tx:
        shown = await _seen_here(tx, turn)
        some = shown[at : at + A_PAGE]
        keys = [
            await keyboards.labelled(
                tx, turn, muting.called(one, turn.now), "show_watch", watch=one.watch.id
            )
            for one in some
        ]
        rows = [[key] for key in keys]
        rows += await keyboards.paging(tx, turn, "watches", at, len(shown), A_PAGE)
    if not shown:
        return turn.words.write("talk.list.empty"), []
    lines = [turn.words.write("talk.list.title", n=len(shown))]
    lines += [_line(turn, one) for one in some]
    return joined(lines, "\n"), rows


async def _seen_here(tx: Tx, turn: Turn) -> list[StoredWatch]:
    """Return every Watch in a private chat; in a group those that are told there."""
    every = await watches.all_watches(tx)
    if turn.private:
        return every
    place = await places.known_here(tx, turn)
    return [one for one in every if not one.to or (place and place.id in one.to)]


def _line(turn: Turn, stored: StoredWatch) -> Message:
    code = "talk.list.line.declared" if stored.declared else "talk.list.line"
    return turn.words.write(code, name=muting.called(stored, turn.now))


async def _opened(turn: Turn, stored: StoredWatch) -> tuple[Message, list[list[Button]]]:
    """Return one Watch as a screen: how it is understood, where it is told, what can be done."""
    async with turn.parts.store.write() as tx:
        linked = {one.id: one for one in await subscribers.all_subscribers(tx)}
        place = await places.known_here(tx, turn)
        keys = []
        if stored.to and (place is None or place.id not in stored.to) and not stored.declared:
            keys.append(
                await keyboards.button(
                    tx, turn, "talk.watch.button.here", "watch_here", watch=stored.watch.id
                )
            )
        if not stored.declared:
            keys.append(
                await keyboards.button(
                    tx, turn, "talk.list.button.drop", "drop_watch", watch=stored.watch.id
                )
            )
        if _may_tune(turn):
            keys.append(await muting.offered(tx, turn, stored))
        search = await searching.offered(tx, turn, stored)
        tuning = await tune.offered(tx, turn, stored) if _may_tune(turn) else []
        told = await tallies.of_watch(tx, stored.watch.id, turn.now - SPAN)
        back = await keyboards.button(tx, turn, "talk.button.back", "watches")
    named = [places.called(turn, linked[one]) for one in stored.to if one in linked]
    nobody = "talk.place.nowhere" if stored.to else "talk.place.everywhere"
    where = turn.words.listed(named) if named else turn.words.say(nobody)
    lines = [wishes.bold(turn, stored.watch.name), *wishes.understood(turn, stored.watch)]
    lines.append(turn.words.write("talk.watch.goes-to", to=where))
    lines.append(turn.words.write("tune.so-far", n=told.alerts, hidden=told.hidden))
    lines += muting.told(turn, stored)
    if stored.declared:
        lines.append(turn.words.write("talk.list.from-file"))
    return joined(lines, "\n"), [*tuning, keys, *([search] if search else []), [back]]


def _may_tune(turn: Turn) -> bool:
    """Return whether to show what changes a Watch: in a group somebody else may press it."""
    return not turn.private or guard.may(turn.member, Role.EDITOR)
