"""[⋯] under an alert: why it came, that it was right, what else can be done about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from alerts.byline import link
from bot.talk import alerted, guard, keyboards, replies, undo
from bot.talk.turn import Turn
from matching.rhythm import FOR_EVER
from model.alert import AlertView
from model.message import Button
from model.people import Role
from store import alerts, verdicts, watches
from store.engine import Tx

DAY = timedelta(hours=24)
COPIED = 256
"""Characters that a button can copy."""
NAMED = 3
"""Watches of one alert that have buttons of their own."""


async def opened(turn: Turn) -> None:
    """Put other buttons under the alert; [↩ Back] brings its own."""
    view = await alerted.view(turn)
    if view is None:
        return
    async with turn.parts.store.write() as tx:
        rows = [
            await _about(tx, turn, view),
            *[await _of_watch(tx, turn, view, one.id, one.name) for one in view.watches[:NAMED]],
        ]
        back = await keyboards.button(tx, turn, "more.button.back", "back", alert=view.id)
    address = link(view.items[0].url)
    last = [back]
    if address and len(address) <= COPIED:
        last.insert(0, Button(turn.words.say("more.button.copy"), copy=address))
    await replies.rekey(turn, [*rows, last])


async def keep(turn: Turn) -> None:
    """[Keep]: it was right. What a stricter rule would remove is measured against that."""
    view = await alerted.view(turn)
    if view is None:
        return
    async with turn.parts.store.write() as tx:
        pairs = [(one.id, view.items[0].id) for one in view.watches]
        await verdicts.keep(tx, pairs, turn.user.id, turn.now)
    await alerted.own_buttons(turn, view)
    await replies.pop(turn, "more.kept")


async def unhide(turn: Turn) -> None:
    """Take the mark back ([It was them]); a rule that was made stays."""
    view = await alerted.view(turn)
    if view is None:
        return
    async with turn.parts.store.write() as tx:
        for one in view.watches:
            await watches.unhide(tx, one.id, view.items[0].id)
        await alerts.mark_hidden(tx, view.id, "", turn.now)
    await alerted.own_buttons(turn, replace(view, hidden_by=""))
    await replies.pop(turn, "more.unhidden")


async def mute_day(turn: Turn) -> None:
    """[Mute 24 h]: nothing of this Watch for a day, with [Undo]; a longer mute stays."""
    until = turn.now + DAY
    rows: list[list[Button]] = []
    async with turn.parts.store.write() as tx:
        stored = await watches.get(tx, turn.pressed["watch"])
        if stored is not None and stored.muted_until is not None and stored.muted_until >= until:
            until = stored.muted_until
        elif stored is not None:
            before = stored.muted_until.isoformat() if stored.muted_until else ""
            await watches.mute(tx, stored.watch.id, until, turn.now, by=turn.user.id)
            watch_id = stored.watch.id
            rows = [[await undo.remember(tx, turn, "watch_muted", watch=watch_id, before=before)]]
    if stored is None:
        await replies.pop(turn, "talk.list.gone")
        return
    code = "when.muted.watch.ever" if until >= FOR_EVER else "more.muted"
    said = turn.words.write(code, name=stored.watch.name, until=until)
    await replies.answer(turn, said, rows)


async def _about(tx: Tx, turn: Turn, view: AlertView) -> list[Button]:
    args = {"alert": view.id}
    keys = [await keyboards.button(tx, turn, "alert.button.why", "why", **args)]
    if not turn.private or guard.may(turn.member, Role.EDITOR):
        code, action = ("more.button.keep", "keep")
        if view.hidden_by:
            code, action = ("more.button.unhide", "unhide")
        keys.append(await keyboards.button(tx, turn, code, action, **args))
    return keys


async def _of_watch(tx: Tx, turn: Turn, view: AlertView, watch_id: int, name: str) -> list[Button]:
    """Return what can be done about one Watch; its name is on the buttons where there are more."""
    found = [("more.button.timeline", "timeline", {"watch": watch_id})]
    if not turn.private or guard.may(turn.member, Role.EDITOR):
        found.append(("more.button.mute", "mute_day", {"watch": watch_id}))
    found.append(("tune.button.tune", "fine_tune", {"watch": watch_id}))
    several = len(view.watches) > 1
    return [
        await keyboards.labelled(
            tx,
            turn,
            f"{turn.words.say(code)}: {name}" if several else turn.words.say(code),
            action,
            **args,
        )
        for code, action, args in found
    ]
