"""What waits for an editor: shown to the editors, asked again, dropped when nobody decides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from matching.rhythm import ASK_AGAIN, DROP
from model.alert import AlertKind, Notice
from model.people import Chat, Subscriber
from model.rhythm import Held, Hold, Rhythm
from store import groups, held, holding, outbox, reviewing, subscribers
from store.buttons import ON_REVIEWS, make_for_alerts
from store.delivering import queue_alone
from store.engine import Tx
from store.owner import owners_chat

_PRESSED = (Chat.PRIVATE, Chat.GROUP)


async def ask_editors(tx: Tx, waiting: Sequence[Held], place: holding.Place, now: datetime) -> int:
    """Ask the editors of a destination: at once, again after half an hour; after twelve hours it
    is dropped. What nobody could be asked about waits. Returns how many messages that makes.
    """
    mine = [one for one in waiting if one.why is Hold.REVIEW]
    editors = await editors_chat(tx, place.rhythm) if mine else None
    if editors is None:
        return 0
    dropped = [one for one in mine if one.look_at and one.since + DROP <= now]
    late = [one for one in mine if one not in dropped and one.look_at and one.look_at <= now]
    await held.give_up(tx, [one.delivery_id for one in dropped], now)
    await held.put_off(tx, [one.delivery_id for one in late], now + DROP)
    asked = 0
    known = await reviewing.asked_in(tx, editors.id, [one.alert_id for one in late])
    reminded = [one for one in late if one.alert_id in known]
    for code, ones in (("review.dropped", dropped), ("review.waiting", reminded)):
        if ones:
            name = place.subscriber.title or place.subscriber.address
            args = (("n", str(len(ones))), ("chat", name))
            await outbox.notify(tx, editors.id, Notice(code, args), now)
            asked += 1
    for one in mine:
        is_new = one.look_at is None and one not in dropped
        if is_new or (one in late and one not in reminded):  # the chat that was asked is lost
            await _ask(tx, one, editors, now)
            asked += 1
    return asked


async def are_to_be_asked(
    tx: Tx, waiting: Sequence[Held], place: holding.Place, now: datetime
) -> bool:
    """Return whether `ask_editors` would ask or drop anything now."""
    mine = [one for one in waiting if one.why is Hold.REVIEW]
    due = any(o.look_at is None or o.look_at <= now or o.since + DROP <= now for o in mine)
    return due and await editors_chat(tx, place.rhythm) is not None


async def _ask(tx: Tx, one: Held, editors: Subscriber, now: datetime) -> None:
    """Show the editors an Alert with the buttons to decide about it."""
    notice = Notice("review.ask", about=f"alert:{one.alert_id}")
    asked = await queue_alone(tx, editors.id, AlertKind.REVIEW, notice, now)
    await groups.take_in(tx, asked, [one.alert_id])
    await make_for_alerts(tx, [asked], now, ON_REVIEWS)
    await held.put_off(tx, [one.delivery_id], now + ASK_AGAIN)


async def editors_chat(tx: Tx, rhythm: Rhythm) -> Subscriber | None:
    """Return where the editors of a destination are asked: its own choice, else, and while that
    is lost, the owner's chat; None: there is nowhere to ask, or that is lost too.
    """
    chosen = await subscribers.get(tx, rhythm.review_to) if rhythm.review_to else None
    is_there = chosen is not None and chosen.enabled and chosen.parked_since is None
    if chosen is not None and is_there and chosen.chat in _PRESSED:
        return chosen
    owner = await owners_chat(tx)
    return owner if owner is not None and owner.parked_since is None else None
