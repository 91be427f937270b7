"""[Not the same] and [Same story] under an alert: a wrong merge undone, a missed one made."""

from __future__ import annotations

from alerts.byline import outlet
from alerts.compose import compose
from alerts.inert import clipped, inert
from bot.talk import alerted, keyboards, replies, undo
from bot.talk.turn import Turn
from matching.grouping import WINDOW
from model.alert import AlertView
from model.item import Item
from model.message import Button
from store import alerts, parting
from store.engine import Tx

LISTED = 6
"""Joined articles that can be chosen from, the latest ones."""
NAMED = 20
"""Letters of an outlet's name on a button."""


async def not_the_same(turn: Turn) -> None:
    """Take out what joined ([Not the same]); where several did, ask which."""
    view = await alerted.view(turn, "talk.button.old")
    if view is None:
        return
    known = dict(view.thread.joins)
    joined = [one for one in view.items[1:] if one.id in known][-LISTED:]
    if len(joined) == 1:
        await _take_out(turn, view, joined[0].id)
    elif joined:
        async with turn.parts.store.write() as tx:
            keys = [await _choice(tx, turn, one, "split_item", view.id, one.id) for one in joined]
            await _ask(tx, turn, view, keys)
        await replies.pop(turn, "story.which-joined")
    else:
        await replies.pop(turn, "story.nothing-joined")


async def chosen(turn: Turn) -> None:
    """Take out the article that was chosen."""
    view = await alerted.view(turn, "talk.button.old")
    if view is not None:
        await _take_out(turn, view, turn.pressed["item"])


async def same_story(turn: Turn) -> None:
    """Join the alert to an earlier one ([Same story]); where there are several, ask which."""
    view = await alerted.view(turn, "talk.button.old")
    if view is None:
        return
    async with turn.parts.store.read() as tx:
        before = await parting.earlier(tx, view, WINDOW)
    if len(before) == 1:
        await _merge(turn, view, before[0].alert_id)
    elif before:
        async with turn.parts.store.write() as tx:
            keys = [
                await _choice(tx, turn, one.item, "merge_into", view.id, one.alert_id)
                for one in before
            ]
            await _ask(tx, turn, view, keys)
        await replies.pop(turn, "story.which-story")
    else:
        await replies.pop(turn, "story.none-before")


async def into(turn: Turn) -> None:
    """Join the alert to the story that was chosen."""
    view = await alerted.view(turn, "talk.button.old")
    if view is not None:
        await _merge(turn, view, turn.pressed["item"])


async def parted_again(turn: Turn) -> None:
    """[Undo] under what is left of a message that was joined to another."""
    async with turn.parts.store.write() as tx:
        done = await parting.unmerge(tx, turn.pressed["alert"], turn.now)
    await replies.pop(turn, "talk.undone" if done else "talk.button.old")


async def _take_out(turn: Turn, view: AlertView, item_id: int) -> None:
    async with turn.parts.store.write() as tx:
        new = await parting.take_out(tx, view, item_id, turn.now)
        key = await undo.remember(tx, turn, "story_split", alert=new) if new else None
    await _own_buttons(turn, view.id)
    if key is None:
        await replies.pop(turn, "talk.button.old")
    else:
        await replies.say(turn, "story.split-done", [[key]])


async def _merge(turn: Turn, view: AlertView, into_id: int) -> None:
    async with turn.parts.store.write() as tx:
        done = await parting.merge(tx, view.id, into_id, turn.now)
        if done:
            await undo.remember(tx, turn, "story_merged", alert=view.id)
    await _own_buttons(turn, view.id)
    await replies.pop(turn, "story.merge-done" if done else "talk.button.old")


async def _choice(
    tx: Tx, turn: Turn, item: Item, action: str, alert_id: int, item_id: int
) -> Button:
    label = f"{clipped(outlet(item), NAMED)}: {inert(item.title).strip()}"
    return await keyboards.labelled(tx, turn, label, action, alert=alert_id, item=item_id)


async def _ask(tx: Tx, turn: Turn, view: AlertView, keys: list[Button]) -> None:
    back = await keyboards.button(tx, turn, "talk.button.back", "back", alert=view.id)
    await replies.rekey(turn, [*([key] for key in keys), [back]])


async def _own_buttons(turn: Turn, alert_id: int) -> None:
    async with turn.parts.store.read() as tx:
        view = (await alerts.views(tx, [alert_id])).get(alert_id)
    if view is not None:
        words = turn.parts.words(view.subscriber.language)
        await replies.rekey(turn, compose(view, words).buttons)
