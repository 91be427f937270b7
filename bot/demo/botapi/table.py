"""Which methods there are and what each takes: from Telegram's description, or from our table.

The table holds the methods vigil uses. One line is one method: `name=Type`, `!` after a name that
must be given, `|` between types, `[Type]` for an array.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter of a method or a field of a type."""

    name: str
    types: tuple[str, ...]
    """As the description writes them: "Integer", "Array of MessageEntity"."""
    required: bool


@dataclass(frozen=True, slots=True)
class Description:
    """The methods and types requests are held to."""

    methods: dict[str, tuple[Field, ...]]
    types: dict[str, tuple[Field, ...]]
    unions: dict[str, tuple[str, ...]]
    """A type that is one of several others."""


_THREAD = "message_thread_id=Integer"
_MARKUP = "reply_markup=InlineKeyboardMarkup|ReplyKeyboardMarkup|ReplyKeyboardRemove|ForceReply"
_QUIET = "disable_notification=Boolean protect_content=Boolean"
_SEND = f"chat_id!=Integer|String {_THREAD} {_QUIET} reply_parameters=ReplyParameters {_MARKUP}"
_CAPTION = "caption=String parse_mode=String caption_entities=[MessageEntity]"
_TEXT = "parse_mode=String entities=[MessageEntity] link_preview_options=LinkPreviewOptions"
_EDIT = "chat_id=Integer|String message_id=Integer reply_markup=InlineKeyboardMarkup"
_CHAT = "chat_id!=Integer|String"
_SCOPED = "scope=BotCommandScope language_code=String"

METHODS = {
    "getMe": "",
    "getUpdates": "offset=Integer limit=Integer timeout=Integer allowed_updates=[String]",
    "setWebhook": "url!=String allowed_updates=[String] drop_pending_updates=Boolean"
    " secret_token=String max_connections=Integer ip_address=String",
    "deleteWebhook": "drop_pending_updates=Boolean",
    "getWebhookInfo": "",
    "sendMessage": f"{_SEND} text!=String {_TEXT}",
    "editMessageText": f"{_EDIT} text=String {_TEXT}",
    "editMessageMedia": f"{_EDIT} media!=InputMedia",
    "editMessageReplyMarkup": _EDIT,
    "deleteMessage": f"{_CHAT} message_id!=Integer",
    "forwardMessage": f"{_CHAT} {_THREAD} {_QUIET} from_chat_id!=Integer|String"
    " message_id!=Integer",
    "copyMessage": f"{_SEND} from_chat_id!=Integer|String message_id!=Integer {_CAPTION}",
    "sendDocument": f"{_SEND} document!=InputFile|String {_CAPTION}"
    " disable_content_type_detection=Boolean",
    "sendPhoto": f"{_SEND} photo!=InputFile|String {_CAPTION} show_caption_above_media=Boolean"
    " has_spoiler=Boolean",
    "sendChatAction": f"{_CHAT} {_THREAD} action!=String",
    "answerCallbackQuery": "callback_query_id!=String text=String show_alert=Boolean"
    " url=String cache_time=Integer",
    "answerInlineQuery": "inline_query_id!=String results!=[InlineQueryResult] cache_time=Integer"
    " is_personal=Boolean next_offset=String",
    "getChat": _CHAT,
    "getChatMember": f"{_CHAT} user_id!=Integer",
    "getChatMemberCount": _CHAT,
    "getChatAdministrators": f"{_CHAT} return_bots=Boolean",
    "leaveChat": _CHAT,
    "createForumTopic": f"{_CHAT} name!=String icon_color=Integer icon_custom_emoji_id=String",
    "closeForumTopic": f"{_CHAT} message_thread_id!=Integer",
    "setMyCommands": f"commands!=[BotCommand] {_SCOPED}",
    "getMyCommands": _SCOPED,
    "deleteMyCommands": _SCOPED,
    "setMyDescription": "description=String language_code=String",
    "setMyShortDescription": "short_description=String language_code=String",
    "getFile": "file_id!=String",
}

_USER_RIGHTS = (
    "is_anonymous can_manage_chat can_delete_messages can_manage_video_chats can_restrict_members"
    " can_promote_members can_change_info can_invite_users can_post_stories can_edit_stories"
    " can_delete_stories"
)
_MORE_RIGHTS = (
    "can_post_messages can_edit_messages can_pin_messages can_manage_topics"
    " can_manage_direct_messages can_manage_tags"
)

TYPES = {
    "MessageEntity": "type!=String offset!=Integer length!=Integer url=String language=String"
    " unix_time=Integer date_time_format=String custom_emoji_id=String",
    "LinkPreviewOptions": "is_disabled=Boolean url=String prefer_small_media=Boolean"
    " prefer_large_media=Boolean show_above_text=Boolean",
    "InlineQueryResultArticle": "type!=String id!=String title!=String"
    " input_message_content!=InputMessageContent reply_markup=InlineKeyboardMarkup url=String"
    " description=String",
    "InputTextMessageContent": f"message_text!=String {_TEXT}",
    "InputMediaPhoto": f"type!=String media!=String {_CAPTION}"
    " show_caption_above_media=Boolean has_spoiler=Boolean",
    "ReplyParameters": "message_id!=Integer chat_id=Integer|String"
    " allow_sending_without_reply=Boolean quote=String quote_entities=[MessageEntity]",
    "InlineKeyboardMarkup": "inline_keyboard!=[[InlineKeyboardButton]]",
    "InlineKeyboardButton": "text!=String style=String url=String callback_data=String"
    " copy_text=CopyTextButton switch_inline_query=String",
    "CopyTextButton": "text!=String",
    "ReplyKeyboardMarkup": "keyboard!=[[KeyboardButton]] is_persistent=Boolean"
    " resize_keyboard=Boolean one_time_keyboard=Boolean input_field_placeholder=String"
    " selective=Boolean",
    "KeyboardButton": "text!=String style=String request_chat=KeyboardButtonRequestChat"
    " request_contact=Boolean request_location=Boolean",
    "KeyboardButtonRequestChat": "request_id!=Integer chat_is_channel!=Boolean"
    " chat_is_forum=Boolean chat_has_username=Boolean chat_is_created=Boolean"
    " user_administrator_rights=ChatAdministratorRights"
    " bot_administrator_rights=ChatAdministratorRights bot_is_member=Boolean"
    " request_title=Boolean request_username=Boolean request_photo=Boolean",
    "ChatAdministratorRights": " ".join(f"{right}!=Boolean" for right in _USER_RIGHTS.split())
    + " "
    + " ".join(f"{right}=Boolean" for right in _MORE_RIGHTS.split()),
    "ReplyKeyboardRemove": "remove_keyboard!=Boolean selective=Boolean",
    "ForceReply": "force_reply!=Boolean input_field_placeholder=String selective=Boolean",
    "BotCommand": "command!=String description!=String",
    "BotCommandScopeDefault": "type!=String",
    "BotCommandScopeAllPrivateChats": "type!=String",
    "BotCommandScopeAllGroupChats": "type!=String",
    "BotCommandScopeAllChatAdministrators": "type!=String",
    "BotCommandScopeChat": "type!=String chat_id!=Integer|String",
    "BotCommandScopeChatAdministrators": "type!=String chat_id!=Integer|String",
    "BotCommandScopeChatMember": "type!=String chat_id!=Integer|String user_id!=Integer",
}

UNIONS = {
    # Only articles of text are played; the others are refused as unknown.
    "InlineQueryResult": tuple(
        f"InlineQueryResult{kind}"
        for kind in (
            *("Article", "Audio", "Contact", "Document", "Game", "Gif", "Location"),
            *("Mpeg4Gif", "Photo", "Venue", "Video", "Voice"),
            *("CachedAudio", "CachedDocument", "CachedGif", "CachedMpeg4Gif"),
            *("CachedPhoto", "CachedSticker", "CachedVideo", "CachedVoice"),
        )
    ),
    "InputMessageContent": tuple(
        f"Input{kind}MessageContent"
        for kind in ("Text", "Rich", "Location", "Venue", "Contact", "Invoice")
    ),
    # Only a picture is played; the others are refused as unknown.
    "InputMedia": tuple(
        f"InputMedia{kind}"
        for kind in ("Animation", "Audio", "Document", "LivePhoto", "Photo", "Video")
    ),
    "BotCommandScope": tuple(name for name in TYPES if name.startswith("BotCommandScope")),
}


def own() -> Description:
    """Return the description in our own table: only what vigil uses."""
    return Description(
        methods={name: _fields(line) for name, line in METHODS.items()},
        types={name: _fields(line) for name, line in TYPES.items()},
        unions=dict(UNIONS),
    )


def from_file(path: Path) -> Description:
    """Return the description in a JSON file (`methods` and `types`, each with `fields`)."""
    told: dict[str, dict[str, Any]] = json.loads(path.read_text("utf-8"))
    return Description(
        methods={name: _told(one) for name, one in told["methods"].items()},
        types={name: _told(one) for name, one in told["types"].items()},
        unions={
            name: tuple(one["subtypes"])
            for name, one in told["types"].items()
            if one.get("subtypes")
        },
    )


def _fields(line: str) -> tuple[Field, ...]:
    return tuple(_field(word) for word in line.split())


def _field(word: str) -> Field:
    name, _, types = word.partition("=")
    return Field(name.removesuffix("!"), tuple(map(_spell, types.split("|"))), name.endswith("!"))


def _spell(kind: str) -> str:
    return f"Array of {_spell(kind[1:-1])}" if kind.startswith("[") else kind


def _told(one: dict[str, Any]) -> tuple[Field, ...]:
    return tuple(
        Field(field["name"], tuple(field["types"]), field["required"])
        for field in one.get("fields", ())
    )
