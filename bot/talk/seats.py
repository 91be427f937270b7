"""Being let into a chat, put out of it, or given other rights there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from telegram import ChatMember, ChatMemberAdministrator, ChatMemberRestricted

from bot.talk import channel, guard, keyboards, places, replies
from bot.talk.turn import Turn
from model.people import Chat, Role, Subscriber
from store import members, subscribers, upkeep, visiting
from store.engine import Tx


async def seated(turn: Turn) -> None:
    """Somebody let us in, put us out, or changed what we may do."""
    change = turn.update.my_chat_member
    if change is None:
        return
    could, can = may_post(change.old_chat_member, turn), may_post(change.new_chat_member, turn)
    async with turn.parts.store.write() as tx:
        ours = [
            one
            for one in await subscribers.all_subscribers(tx)
            if one.courier == places.COURIER and one.address == str(turn.chat.id)
        ]
        owner = await members.owner(tx)
        told = replace(turn, words=turn.parts.words(owner.language)) if owner else turn
        for one in ours:
            await _park_or_free(tx, told, one, can=can)
        is_choosing = await _is_choosing(tx, turn)
        if turn.private and turn.member is None and not can:
            await visiting.leave(tx, turn.user.id, turn.now)
    if turn.private:
        return
    if ours:
        await _tell_owner(turn, ours, can=can)
    elif can and not could and not is_choosing and guard.may(turn.member, Role.ADMIN):
        await _offer(turn)


def may_post(seat: ChatMember | None, turn: Turn) -> bool:
    """Return whether this seat of ours lets us post here; one that was not said does not."""
    if seat is None:
        return False
    if turn.place is Chat.CHANNEL:
        return isinstance(seat, ChatMemberAdministrator) and bool(seat.can_post_messages)
    if isinstance(seat, ChatMemberRestricted):
        return bool(seat.can_send_messages)
    return seat.status in (ChatMember.MEMBER, ChatMember.ADMINISTRATOR, ChatMember.OWNER)


async def _park_or_free(tx: Tx, turn: Turn, place: Subscriber, *, can: bool) -> None:
    if can and place.parked_since is not None:
        await subscribers.unpark(tx, place.id)
    elif not can and place.parked_since is None:
        why = turn.words.say("talk.channel.parked", by=turn.user.full_name)
        await subscribers.park(tx, place.id, why, turn.now)


async def _tell_owner(turn: Turn, ours: Sequence[Subscriber], *, can: bool) -> None:
    """Tell the owner that a linked chat was lost, or is back."""
    is_parked = ours[0].parked_since is not None
    if can != is_parked:
        return
    async with turn.parts.store.write() as tx:
        owner = await members.owner(tx)
        if owner is None:
            return
        # Told to the owner, whatever the language of who changed our seat.
        words = turn.parts.words(owner.language)
        turn = replace(turn, words=words)
        again = await keyboards.button(
            tx, turn, "talk.channel.button.again", "link", chat=turn.chat.id
        )
        forget = words.say("talk.channel.button.forget-it")
        gone = await keyboards.labelled(tx, turn, forget, "unlink", subscriber=ours[0].id)
    code = "talk.channel.back" if can else "talk.channel.lost"
    told = words.write(code, name=turn.chat.effective_name or "", by=turn.user.full_name)
    await replies.tell(turn, owner.id, told, [] if can else [[again, gone]])


async def _offer(turn: Turn) -> None:
    """Somebody who may let us into a chat without /channel: offer, privately, to link it."""
    async with turn.parts.store.write() as tx:
        key = await keyboards.button(
            tx, turn, "talk.channel.button.link", "link", chat=turn.chat.id
        )
    told = turn.words.write("talk.channel.let-in", name=turn.chat.effective_name or "")
    await replies.tell(turn, turn.user.id, told, [[key]])


async def _is_choosing(tx: Tx, turn: Turn) -> bool:
    began = float(await upkeep.setting(tx, channel.choosing(turn)) or 0)
    return turn.now.timestamp() - began < channel.CHOOSING
