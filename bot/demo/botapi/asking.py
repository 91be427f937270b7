"""The methods that ask or set something: chats and members, commands, profile, files, webhook."""

from __future__ import annotations

import re

from bot.demo.botapi import rights
from bot.demo.botapi.refusals import bad
from bot.demo.botapi.updates import Updates
from bot.demo.botapi.world import BOT_ID, INSIDE, Chat, Json, Topic, World, member_view

COMMANDS = 100
DESCRIPTION = 512
SHORT_DESCRIPTION = 120
DOWNLOAD = 20 * 1024 * 1024
"""Bytes a bot may download."""


class Asking:
    """Carries out the calls that ask, and those that set how the bot presents itself."""

    def __init__(self, world: World, updates: Updates) -> None:
        """Work on `world`; webhooks are kept in `updates`."""
        self.world = world
        self.updates = updates
        self.commands: dict[tuple[str, str], list[Json]] = {}
        """(scope as text, language) → commands."""
        self.profile: dict[tuple[str, str], str] = {}
        """("description" or "short_description", language) → text."""

    def get_me(self, _asked: Json) -> Json:
        """Play getMe."""
        return self.world.bot.view() | {
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
        }

    def get_chat(self, asked: Json) -> Json:
        """Play getChat."""
        chat = self.world.find(asked["chat_id"])
        if not chat.username or chat.migrated_to:
            rights.reach(chat)
        return chat.view() | {
            "accent_color_id": 0,
            "max_reaction_count": 11,
            "accepted_gift_types": dict.fromkeys(
                (
                    "unlimited_gifts",
                    "limited_gifts",
                    "unique_gifts",
                    "premium_subscription",
                    "gifts_from_channels",
                ),
                False,
            ),
        }

    def get_chat_member(self, asked: Json) -> Json:
        """Play getChatMember: in channels only an administrator may ask."""
        chat = self._members(asked)
        person = self.world.people.get(asked["user_id"])
        if person is None:
            raise bad("PARTICIPANT_ID_INVALID")
        return member_view(person, chat.seat(person.id), chat)

    def get_chat_member_count(self, asked: Json) -> int:
        """Play getChatMemberCount."""
        chat = self.world.find(asked["chat_id"])
        rights.reach(chat)
        return sum(seat.status in INSIDE for seat in chat.seats.values())

    def get_chat_administrators(self, asked: Json) -> list[Json]:
        """Play getChatAdministrators: people, and bots when asked for."""
        chat = self._members(asked)
        return [
            member_view(self.world.people[number], seat, chat)
            for number, seat in chat.seats.items()
            if seat.status in ("creator", "administrator")
            and (number != BOT_ID or asked.get("return_bots"))
        ]

    def leave_chat(self, asked: Json) -> bool:
        """Play leaveChat."""
        chat = self.world.find(asked["chat_id"])
        rights.reach(chat)
        if chat.kind == "private":
            raise bad("chat member status can't be changed in private chats")
        chat.seat(BOT_ID).status = "left"
        self.world.pulse.beat()
        return True

    def create_forum_topic(self, asked: Json) -> Json:
        """Play createForumTopic."""
        chat = self.world.find(asked["chat_id"])
        rights.reach(chat)
        if not chat.is_forum:
            raise bad("the chat is not a forum")
        if not chat.seat(BOT_ID).may("can_manage_topics"):
            raise bad("not enough rights to create a topic")
        if not 1 <= len(asked["name"]) <= 128:
            raise bad("TOPIC_TITLE_EMPTY")
        chat.last_id += 1
        chat.topics[chat.last_id] = Topic(chat.last_id, asked["name"])
        return {
            "message_thread_id": chat.last_id,
            "name": asked["name"],
            "icon_color": asked.get("icon_color", 7322096),
        }

    def close_forum_topic(self, asked: Json) -> bool:
        """Play closeForumTopic."""
        chat = self.world.find(asked["chat_id"])
        rights.speak(chat, asked["message_thread_id"])
        if not chat.seat(BOT_ID).may("can_manage_topics"):
            raise bad("not enough rights to close a topic")
        chat.topics[asked["message_thread_id"]].closed = True
        return True

    def set_my_commands(self, asked: Json) -> bool:
        """Play setMyCommands."""
        commands = asked["commands"]
        if len(commands) > COMMANDS:
            raise bad("BOT_COMMANDS_TOO_MUCH")
        for one in commands:
            if not re.fullmatch(r"[a-z0-9_]{1,32}", one["command"]):
                raise bad(f"BOT_COMMAND_INVALID: {one['command']!r}")
            if not 1 <= len(one["description"]) <= 256:
                raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
        self.commands[_scope(asked)] = commands
        return True

    def get_my_commands(self, asked: Json) -> list[Json]:
        """Play getMyCommands."""
        return self.commands.get(_scope(asked), [])

    def delete_my_commands(self, asked: Json) -> bool:
        """Play deleteMyCommands."""
        self.commands.pop(_scope(asked), None)
        return True

    def set_my_description(self, asked: Json) -> bool:
        """Play setMyDescription."""
        return self._set_profile("description", asked, DESCRIPTION)

    def set_my_short_description(self, asked: Json) -> bool:
        """Play setMyShortDescription."""
        return self._set_profile("short_description", asked, SHORT_DESCRIPTION)

    def get_file(self, asked: Json) -> Json:
        """Play getFile."""
        file_id = asked["file_id"]
        if file_id not in self.world.files:
            raise bad("invalid file_id")
        name, data = self.world.files[file_id]
        if len(data) > DOWNLOAD:
            raise bad("file is too big")
        return {
            "file_id": file_id,
            "file_unique_id": file_id.replace("file", "unique"),
            "file_size": len(data),
            "file_path": f"documents/{file_id}/{name}",
        }

    def set_webhook(self, asked: Json) -> bool:
        """Play setWebhook: an empty address is the same as deleteWebhook."""
        self.updates.webhook = dict(asked)
        self.updates.want(asked.get("allowed_updates"))
        return self._drop_pending(asked)

    def delete_webhook(self, asked: Json) -> bool:
        """Play deleteWebhook."""
        self.updates.webhook = {}
        return self._drop_pending(asked)

    def get_webhook_info(self, _asked: Json) -> Json:
        """Play getWebhookInfo."""
        return {
            "url": self.updates.webhook.get("url", ""),
            "has_custom_certificate": False,
            "pending_update_count": len(self.updates.pending),
        }

    def _members(self, asked: Json) -> Chat:
        chat = self.world.find(asked["chat_id"])
        rights.reach(chat)
        if chat.kind == "channel" and chat.seat(BOT_ID).status != "administrator":
            raise bad("member list is inaccessible")
        return chat

    def _set_profile(self, name: str, asked: Json, limit: int) -> bool:
        text = asked.get(name, "")
        if len(text) > limit:
            raise bad(f"the {name} is longer than {limit} characters")
        self.profile[name, asked.get("language_code", "")] = text
        return True

    def _drop_pending(self, asked: Json) -> bool:
        if asked.get("drop_pending_updates"):
            self.updates.pending.clear()
        self.world.pulse.beat()
        return True


def _scope(asked: Json) -> tuple[str, str]:
    scope = asked.get("scope") or {"type": "default"}
    name = ":".join(str(value) for value in scope.values())
    return name, asked.get("language_code", "")
