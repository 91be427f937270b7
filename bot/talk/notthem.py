"""[Not them] on an alert: what was wrong with it? Four answers, and the alert is marked."""

from __future__ import annotations

from alerts.byline import outlet
from alerts.inert import inert
from bot.talk import alerted, keyboards, replies, undo
from bot.talk.turn import Turn
from matching.grouping import WINDOW
from model.alert import AlertView
from model.message import Button
from store import alerts, outbox, parting, watches
from store.engine import Tx

ANSWERS = (
    ("notthem.button.else", "someone_else"),
    ("notthem.button.passing", "in_passing"),
    ("notthem.button.seen", "seen_already"),
    ("notthem.button.not-news", "not_news"),
)


async def pressed(turn: Turn) -> None:
    """[Not them]: the alert's buttons become the question."""
    view = await alerted.undecided(turn)
    if view is None:
        return
    async with turn.parts.store.write() as tx:
        keys = [
            await keyboards.button(tx, turn, code, action, alert=view.id)
            for code, action in ANSWERS
        ]
        back = await keyboards.button(tx, turn, "more.button.back", "back", alert=view.id)
    await replies.rekey(turn, [*keyboards.rows(keys, 2), [back]])
    await replies.pop(turn, "talk.notthem.thanks")


async def back(turn: Turn) -> None:
    """[↩ Back]: the alert's own buttons again."""
    view = await alerted.view(turn)
    if view is not None:
        await alerted.own_buttons(turn, view)


async def hide(turn: Turn) -> None:
    """[Just this article]."""
    view = await alerted.undecided(turn)
    if view is not None:
        await _hidden(turn, view, "talk.notthem.hidden")


async def seen(turn: Turn) -> None:
    """[Seen it already]: a story was told twice. Which one told it first? The two become one; where
    nothing was told before, the article is only hidden.
    """
    view = await alerted.undecided(turn)
    if view is None:
        return
    async with turn.parts.store.read() as tx:
        before = await parting.earlier(tx, view, WINDOW)
    if not before:
        await _hidden(turn, view, "notthem.seen")
        return
    async with turn.parts.store.write() as tx:
        keys = [
            await keyboards.labelled(
                tx,
                turn,
                f"{outlet(one.item)}: {inert(one.item.title)}",
                "merge_into",
                alert=view.id,
                item=one.alert_id,
            )
            for one in before
        ]
        keys.append(
            await keyboards.button(tx, turn, "talk.notthem.button.just", "hide", alert=view.id)
        )
        keys.append(await keyboards.button(tx, turn, "more.button.back", "back", alert=view.id))
    await replies.rekey(turn, keyboards.rows(keys, 1))
    await replies.pop(turn, "story.which-story")


async def _hidden(turn: Turn, view: AlertView, code: str) -> None:
    async with turn.parts.store.write() as tx:
        pairs = await hide_here(tx, turn, view)
        keys = [await undo.remember(tx, turn, "hidden", alert=view.id, pairs=pairs)]
        keys += await from_channels(tx, turn, view)
    await alerted.respond(turn, view, turn.words.write(code), [keys])


async def remove(turn: Turn) -> None:
    """[Remove from channel]: its message there is deleted."""
    view = await alerted.view(turn)
    if view is None:
        return
    async with turn.parts.store.write() as tx:
        others = await alerted.in_channels(tx, view)
        for one in others:
            await outbox.withdraw(tx, one.id, turn.now)
    names = turn.words.listed([one.subscriber.title or one.subscriber.address for one in others])
    code = "notthem.removed" if others else "notthem.removed-already"
    await replies.change(turn, turn.words.write(code, channels=names))


async def from_channels(tx: Tx, turn: Turn, view: AlertView) -> list[Button]:
    """Return [Remove from channel] where a channel was told of the same article."""
    if not await alerted.in_channels(tx, view):
        return []
    return [await keyboards.button(tx, turn, "notthem.button.remove", "unpost", alert=view.id)]


async def hide_here(tx: Tx, turn: Turn, view: AlertView) -> list[tuple[int, int]]:
    """Hide the alert's first article from its Watches, and let each message about it alone that
    is no channel's say who did.
    """
    item = view.items[0].id
    pairs = [(one.id, item) for one in view.watches]
    for watch_id, item_id in pairs:
        await watches.hide(tx, watch_id, item_id, turn.user.id, turn.now)
    await alerts.mark_hidden(tx, view.id, turn.user.full_name, turn.now)
    return pairs
