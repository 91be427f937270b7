"""May the bot do this here: what Telegram answers when it may not."""

from __future__ import annotations

from bot.demo.botapi.refusals import RefusedError, bad, forbidden
from bot.demo.botapi.world import BOT_ID, INSIDE, Chat


def reach(chat: Chat) -> None:
    """Refuse what concerns a chat the bot is not in, or that has moved."""
    if chat.migrated_to:
        raise bad(
            "group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.migrated_to
        )
    if chat.person is not None:
        if chat.person.blocks_bot:
            raise forbidden("bot was blocked by the user")
        return
    seat = chat.seat(BOT_ID)
    if seat.status == "kicked":
        raise forbidden(f"bot was kicked from the {chat.kind} chat")
    if seat.status not in INSIDE:
        raise forbidden(f"bot is not a member of the {chat.kind} chat")


def speak(chat: Chat, thread: int | None = None) -> None:
    """Refuse a new message where the bot may not post, or in a topic that is not open."""
    reach(chat)
    seat = chat.seat(BOT_ID)
    if chat.kind == "channel":
        if seat.status != "administrator":
            raise bad("need administrator rights in the channel chat")
        if not seat.may("can_post_messages"):
            raise _not_enough()
    if seat.status == "restricted":
        raise _not_enough()
    if thread is not None:
        _topic(chat, thread)


def delete(chat: Chat, *, own: bool, old: bool) -> None:
    """Refuse deleting what is not the bot's, or what is too old."""
    reach(chat)
    may_others = chat.kind == "private" or chat.seat(BOT_ID).may("can_delete_messages")
    if not own and not may_others:
        raise bad("message can't be deleted")
    if old and not (chat.kind == "channel" or chat.seat(BOT_ID).may("can_delete_messages")):
        raise bad("message can't be deleted for everyone")


def _topic(chat: Chat, thread: int) -> None:
    topic = chat.topics.get(thread)
    if topic is None:
        raise bad("message thread not found")
    if topic.closed and not chat.seat(BOT_ID).may("can_manage_topics"):
        raise bad("TOPIC_CLOSED")


def _not_enough() -> RefusedError:
    return bad("not enough rights to send text messages to the chat")
