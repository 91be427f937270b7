"""[It's them] and [Not them] under the day's line of what was possible, one after another."""

from __future__ import annotations

from alerts.byline import headline, outlet
from alerts.inert import inert
from bot.possibles import Rules, found_in
from bot.talk import replies, undo
from bot.talk.turn import Turn
from model.alert import AlertView
from model.item import Item
from model.message import Button, Message
from store import alerts, buttons, items, lookup, possible, watches
from store.engine import Tx


async def yes(turn: Turn) -> None:
    """[It's them]: it counts from now on, in timelines, charts and exports."""
    await _answered(turn, is_them=True)


async def no(turn: Turn) -> None:
    """[Not them]: it is never offered again."""
    await _answered(turn, is_them=False)


async def _answered(turn: Turn, *, is_them: bool) -> None:
    async with turn.parts.store.write() as tx:
        view = (await alerts.views(tx, [turn.pressed["alert"]])).get(turn.pressed["alert"])
        if view is None or view.notice is None:
            await replies.pop(turn, "talk.button.old")
            return
        args = dict(view.notice.args)
        watch_id, ids = int(args["watch"]), [int(one) for one in args["items"].split(",")]
        left = await _open(tx, watch_id, ids)
        rows: replies.Rows = []
        if left:
            now = left.pop(0)
            await settle(tx, turn, watch_id, now.id, is_them=is_them)
            kept = {"watch": watch_id, "item": now.id, "was": is_them}
            rows = [[await undo.remember(tx, turn, "possible_settled", **kept)]]
        message, keys = await _next(tx, turn, view, left, args["name"])
    await replies.change(turn, message, [*keys, *rows])


async def settle(tx: Tx, turn: Turn, watch_id: int, item_id: int, *, is_them: bool) -> None:
    """Take what was possible for certain, or for somebody else."""
    if is_them:
        found = await found_in(tx, Rules.of(turn.parts), watch_id, item_id)
        await items.add_mentions(tx, [(item_id, one) for one in found])
    else:
        await watches.hide(tx, watch_id, item_id, turn.user.id, turn.now)
    await possible.take(tx, watch_id, item_id)


async def _open(tx: Tx, watch_id: int, ids: list[int]) -> list[Item]:
    """Return those Items that nobody has answered yet."""
    still = await possible.among(tx, watch_id, ids)
    return await lookup.whole(tx, [one for one in ids if one in still])


async def _next(
    tx: Tx, turn: Turn, view: AlertView, left: list[Item], name: str
) -> tuple[Message, list[list[Button]]]:
    if not left:
        return turn.words.write("possible.over", name=inert(name)), []
    shown = turn.words.write(
        "possible.next",
        name=inert(name),
        n=len(left),
        headline=headline(left[0], turn.words, 140),
        outlet=outlet(left[0]),
    )
    kept = dict(await buttons.of_alerts(tx, [view.id])).get(view.id, ())
    labels = {"possible_yes": "possible.button.yes", "possible_no": "possible.button.no"}
    keys = [
        Button(turn.words.say(labels[action]), press=token)
        for action, token in sorted(kept, reverse=True)
        if action in labels
    ]
    return shown, [keys]
