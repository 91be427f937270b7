"""Channels and groups: linking one, what goes there, and when it lets us in or out."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from telegram import ChatFullInfo, ChatMember, ChatMemberAdministrator
from telegram.constants import ChatType
from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError

from bot.talk import keyboards, places, replies, undo
from bot.talk.turn import Turn, place_of
from model.message import Button, Message, joined
from model.people import Chat, NewSubscriber, Subscriber
from model.watch import StoredWatch
from store import rhythms, subscribers, upkeep, watches
from store.engine import Tx

TEST_LIFE = 10.0
"""Seconds the test message stays in the channel."""
CHOOSING = 15 * 60
"""Seconds in which a chat that lets us in is taken for the one being chosen."""
A_PAGE = 10
_ON_LINKED = (
    ("when.button.settings", "place"),
    ("talk.channel.button.forget", "unlink"),
)


async def asked(turn: Turn) -> None:
    """Answer /channel: which one? Telegram's own chooser also gives us the rights."""
    async with turn.parts.store.write() as tx:
        await upkeep.set_setting(tx, choosing(turn), str(turn.now.timestamp()))
        linked = [one for one in await subscribers.all_subscribers(tx) if _is_shared(one)]
        keys = []
        for one in linked:
            name = one.title or one.address
            for code, action in _ON_LINKED:
                label = turn.words.say(code, name=name)
                keys.append(await keyboards.labelled(tx, turn, label, action, subscriber=one.id))
    if linked:
        names = turn.words.listed([one.title or one.address for one in linked])
        await replies.say(turn, "talk.channel.linked-so-far", keyboards.rows(keys, 1), all=names)
    question = turn.words.write("talk.channel.which", bot=turn.bot.username)
    await replies.show(turn, question, keyboard=keyboards.chat_request(turn.words))


async def chosen(turn: Turn) -> None:
    """Link the chat that was chosen in Telegram's chooser."""
    message = turn.update.message
    if message is not None and message.chat_shared is not None:
        await _link(turn, message.chat_shared.chat_id)


async def link(turn: Turn) -> None:
    """[Link it]: a chat that let us in, or lost us and lets us in again."""
    await _link(turn, turn.pressed["chat"])


async def unlink(turn: Turn) -> None:
    """[Forget it]."""
    async with turn.parts.store.write() as tx:
        place = await subscribers.get(tx, turn.pressed["subscriber"])
        moved = cases = 0
        if place is not None and not place.declared:
            await subscribers.remove(tx, place.id, turn.now)
            moved, cases = await places.bring_home(tx, turn, place.id)
    if place is None:
        await replies.pop(turn, "talk.button.old")
        return
    code = "talk.channel.declared" if place.declared else "talk.channel.forgotten"
    said = [turn.words.write(code, name=place.title or place.address)]
    if moved:
        said.append(turn.words.write("talk.channel.brought-home", n=moved))
    if cases:
        said.append(turn.words.write("talk.channel.cases-brought-home", n=cases))
    await replies.change(turn, joined(said, " "))


async def send_all(turn: Turn) -> None:
    """[All watches]: those there are now, and no later ones."""
    async with turn.parts.store.write() as tx:
        some = [one for one in await watches.all_watches(tx) if not one.declared]
        for one in some:
            await _add_target(tx, turn, one, turn.pressed["subscriber"])
        place = await subscribers.get(tx, turn.pressed["subscriber"])
    name = place.title if place else ""
    await replies.change(turn, turn.words.write("talk.channel.all", n=len(some), name=name))


async def choose(turn: Turn) -> None:
    """[Choose watches]: a list to tick."""
    message, rows = await _choice(turn)
    await replies.change(turn, message, rows)


async def toggle(turn: Turn) -> None:
    """Tick a watch in the list, or take its tick away."""
    async with turn.parts.store.write() as tx:
        stored = await watches.get(tx, turn.pressed["watch"])
        place_id = turn.pressed["subscriber"]
        if stored is not None and place_id in stored.to:
            rest = [one for one in stored.to if one != place_id]
            rest = rest or [(await places.here(tx, turn)).id]
            await watches.send_to(tx, stored.watch.id, rest, turn.now, by=turn.user.id)
        elif stored is not None:
            await _add_target(tx, turn, stored, place_id)
    await choose(turn)


async def _link(turn: Turn, chat_id: int) -> None:
    """Verify our rights and theirs, post a test message, keep the chat, ask what goes there."""
    chat = await _verified(turn, chat_id)
    if chat is None:
        return
    try:
        test = turn.words.say("talk.channel.test", bot=turn.bot.username)
        sent = await turn.bot.send_message(chat.id, test)
        count = await turn.bot.get_chat_member_count(chat.id)
    except (BadRequest, Forbidden) as error:
        await replies.say(turn, "talk.channel.refused", name=_name(chat), error=error.message)
        return
    turn.later(_take_back(turn, chat.id, sent.message_id))
    async with turn.parts.store.write() as tx:
        is_new = await subscribers.by_address(tx, places.COURIER, str(chat.id)) is None
        place = await subscribers.add(tx, _newcomer(turn, chat), turn.now)
        if is_new and place.public and place.chat is Chat.CHANNEL:
            here = await places.here(tx, turn)
            await rhythms.change(tx, place.id, review=True, review_to=here.id)
        message, rows = await _linked(tx, turn, place, count, is_new=is_new)
    await replies.show(turn, message, rows)


async def _verified(turn: Turn, chat_id: int) -> ChatFullInfo | None:
    """Return the chat if we may post there and the person may say so; else say what is missing."""
    try:
        chat = await turn.bot.get_chat(chat_id)
        ours = await turn.bot.get_chat_member(chat_id, turn.bot.id)
        theirs = await turn.bot.get_chat_member(chat_id, turn.user.id)
    except ChatMigrated as moved:
        return await _verified(turn, moved.new_chat_id)
    except (BadRequest, Forbidden) as error:
        await replies.say(turn, "talk.channel.unseen", error=error.message)
        return None
    if not _is_administrator(theirs):
        await replies.say(turn, "talk.channel.not-admin", name=_name(chat))
        return None
    is_channel = chat.type == ChatType.CHANNEL
    can_post = isinstance(ours, ChatMemberAdministrator) and bool(ours.can_post_messages)
    if is_channel and not can_post:
        await replies.say(turn, "talk.channel.no-rights", name=_name(chat), bot=turn.bot.username)
        return None
    return chat


def _is_administrator(seat: ChatMember) -> bool:
    return seat.status in (ChatMember.OWNER, ChatMember.ADMINISTRATOR)


async def _linked(
    tx: Tx, turn: Turn, place: Subscriber, count: int, *, is_new: bool
) -> tuple[Message, list[list[Button]]]:
    every = await watches.all_watches(tx)
    code = "talk.channel.linked" if place.chat is Chat.CHANNEL else "talk.channel.linked-group"
    lines = [turn.words.write(code, name=place.title, n=count)]
    by_itself = [one for one in every if not one.to]
    if by_itself and not place.public:
        lines.append(turn.words.write("talk.channel.by-itself", n=len(by_itself)))
    keys = []
    if any(not one.declared for one in every):
        lines.append(turn.words.write("talk.channel.what"))
        args = {"subscriber": place.id}
        keys.append(await keyboards.button(tx, turn, "talk.channel.button.all", "send_all", **args))
        keys.append(
            await keyboards.button(tx, turn, "talk.channel.button.some", "choose_watches", **args)
        )
    if (await rhythms.one_of(tx, place.id)).review:
        lines.append(turn.words.write("when.review.on"))
    only = [
        await keyboards.button(tx, turn, code, "place_what", what=what, subscriber=place.id)
        for code, what in (("when.button.courts", "dockets"), ("when.button.digest", "digest"))
    ]
    more = await keyboards.button(tx, turn, "when.button.more", "place_anew", subscriber=place.id)
    # One that was linked before is not unlinked by taking back that it was chosen once more.
    undone = [await undo.remember(tx, turn, "linked", subscriber=place.id)] if is_new else []
    return joined(lines, "\n"), [keys, only, [more], undone]


async def _choice(turn: Turn) -> tuple[Message, list[list[Button]]]:
    """Return the list to tick, a page of it."""
    place_id, at = turn.pressed["subscriber"], turn.pressed.get("at", 0)
    async with turn.parts.store.write() as tx:
        place = await subscribers.get(tx, place_id)
        some = [one for one in await watches.all_watches(tx) if not one.declared]
        rows = []
        for one in some[at : at + A_PAGE]:
            label = f"✓ {one.watch.name}" if place_id in one.to else one.watch.name
            args = {"watch": one.watch.id, "subscriber": place_id, "at": at}
            rows.append([await keyboards.labelled(tx, turn, label, "toggle_watch", **args)])
        if len(some) > A_PAGE:
            following = at + A_PAGE if at + A_PAGE < len(some) else 0
            args = {"subscriber": place_id, "at": following}
            more = await keyboards.button(tx, turn, "talk.button.more", "choose_watches", **args)
            rows.append([more])
    name = place.title if place else ""
    return turn.words.write("talk.channel.tick", name=name), rows


async def _add_target(tx: Tx, turn: Turn, stored: StoredWatch, place_id: int) -> None:
    """Let a Watch tell this chat too. One that named nobody then names those it told until now,
    or it would tell the new chat alone.
    """
    to: Sequence[int] = stored.to
    if not to:
        to = [one.id for one in await subscribers.all_subscribers(tx) if not one.public]
    wanted = list(dict.fromkeys((*to, place_id)))
    if wanted != list(stored.to):
        await watches.send_to(tx, stored.watch.id, wanted, turn.now, by=turn.user.id)


async def _take_back(turn: Turn, chat_id: int, message_id: int) -> None:
    await asyncio.sleep(TEST_LIFE)
    try:
        await turn.bot.delete_message(chat_id, message_id)
    except TelegramError:
        return  # somebody was faster, or we lost the right: it says nothing secret


def _newcomer(turn: Turn, chat: ChatFullInfo) -> NewSubscriber:
    return NewSubscriber(
        places.COURIER,
        str(chat.id),
        title=_name(chat),
        chat=place_of(chat.type),
        public=bool(chat.username),
        language=turn.words.language,
    )


def _name(chat: ChatFullInfo) -> str:
    return f"@{chat.username}" if chat.username else chat.effective_name or str(chat.id)


def _is_shared(one: Subscriber) -> bool:
    return one.courier == places.COURIER and one.chat in (Chat.CHANNEL, Chat.GROUP)


def choosing(turn: Turn) -> str:
    """Return where it is kept that this person is choosing a chat."""
    return f"choosing:{turn.user.id}"
