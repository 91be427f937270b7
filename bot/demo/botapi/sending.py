"""The methods that say something: send, edit, forward, copy, delete, answer a button."""

from __future__ import annotations

from bot.demo.botapi import markup, rights, texts
from bot.demo.botapi.checks import Upload
from bot.demo.botapi.refusals import bad
from bot.demo.botapi.world import BOT_ID, Chat, Json, World

DELETABLE = 48 * 3600
"""Seconds after which a bot's message in a group or private chat can't be deleted any more."""
ANSWER_LIMIT = 200
"""UTF-16 units of the answer to a pressed button."""
MOST_CARDS = 50
CARD_ID = 64
"""Bytes of an inline result's id."""
PRESS_LIFE = 15 * 60
"""Seconds in which a pressed button can be answered."""
PHOTO_SIDES = 10_000
"""Pixels that a photo's width and height may be together …"""
PHOTO_RATIO = 20
"""… and how many times the one may be the other."""
PHOTO_LARGEST = 10 * 1024 * 1024
_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_HEAD = 24
_ACTIONS = frozenset({"typing", "upload_document", "upload_photo", "find_location"})
_SHOWN = ("text", "entities", "caption", "caption_entities", "document", "photo")


class Sending:
    """Carries out the calls that change what people see."""

    def __init__(self, world: World) -> None:
        """Work on `world`."""
        self.world = world
        self.presses: dict[str, Json] = {}
        """Pressed buttons by callback id; `answer` appears when the bot answers."""
        self.queries: dict[str, Json] = {}
        """Inline queries by id; `results` appears when the bot answers."""

    def send_message(self, asked: Json) -> Json:
        """Play sendMessage."""
        chat = self._room(asked)
        text, entities = self._text(asked)
        return self._post(chat, asked, _with_entities("text", text, entities))

    def send_document(self, asked: Json) -> Json:
        """Play sendDocument: a file, or the id of one sent before."""
        chat = self._room(asked)
        content: Json = {"document": self._document(asked["document"])}
        if asked.get("caption"):
            content |= self._caption(asked)
        return self._post(chat, asked, content)

    def send_photo(self, asked: Json) -> Json:
        """Play sendPhoto: a PNG, or the id of one sent before."""
        chat = self._room(asked)
        content: Json = {"photo": [self._photo(asked["photo"])]}
        if asked.get("caption"):
            content |= self._caption(asked)
        return self._post(chat, asked, content)

    def edit_message_media(self, asked: Json) -> Json:
        """Play editMessageMedia: a picture with its caption in the place of another."""
        message, media = self._own(asked), asked["media"]
        chat = self.world.find(asked["chat_id"])
        if "photo" not in message:
            raise bad("message can't be edited")
        if media["type"] != "photo":
            raise bad("wrong type of the media")
        markup.check(asked.get("reply_markup"), private=chat.kind == "private")
        new: Json = {"photo": [self._photo(media["media"])]}
        if media.get("caption"):
            new |= self._caption(media)
        names = ("photo", "caption", "caption_entities", "reply_markup")
        return self._change(message, new | _with_markup(asked), names)

    def edit_message_text(self, asked: Json) -> Json:
        """Play editMessageText: leaving reply_markup out takes the keyboard away."""
        message = self._own(asked)
        chat = self.world.find(asked["chat_id"])
        if "text" not in message:
            raise bad("there is no text in the message to edit")
        if not asked.get("text"):
            raise bad("message text is empty")
        text, entities = self._text(asked)
        markup.check(asked.get("reply_markup"), private=chat.kind == "private")
        return self._change(
            message,
            _with_entities("text", text, entities) | _with_markup(asked),
            ("text", "entities", "reply_markup", "link_preview_options"),
        )

    def edit_message_reply_markup(self, asked: Json) -> Json:
        """Play editMessageReplyMarkup."""
        message = self._own(asked)
        chat = self.world.find(asked["chat_id"])
        markup.check(asked.get("reply_markup"), private=chat.kind == "private")
        return self._change(message, _with_markup(asked), ("reply_markup",))

    def delete_message(self, asked: Json) -> bool:
        """Play deleteMessage."""
        chat = self.world.find(asked["chat_id"])
        message = chat.messages.get(asked["message_id"])
        if message is None:
            rights.reach(chat)
            raise bad("message to delete not found")
        old = self.world.clock() - message["date"] > DELETABLE
        rights.delete(chat, own=_is_own(message), old=old)
        del chat.messages[asked["message_id"]]
        self.world.pulse.beat()
        return True

    def forward_message(self, asked: Json) -> Json:
        """Play forwardMessage."""
        message = self._source(asked, "forward")
        origin: Json = {"date": message["date"]}
        if "sender_chat" in message:
            origin |= {"type": "channel", "chat": message["sender_chat"]}
            origin["message_id"] = message["message_id"]
        else:
            origin |= {"type": "user", "sender_user": message["from"]}
        content = {name: message[name] for name in _SHOWN if name in message}
        return self._post(self._room(asked), asked, content | {"forward_origin": origin})

    def copy_message(self, asked: Json) -> Json:
        """Play copyMessage: answers with the new message's number only."""
        message = self._source(asked, "copy")
        content = {name: message[name] for name in _SHOWN if name in message}
        if asked.get("caption") and "document" in content:
            content |= self._caption(asked)
        return {"message_id": self._post(self._room(asked), asked, content)["message_id"]}

    def send_chat_action(self, asked: Json) -> bool:
        """Play sendChatAction."""
        rights.speak(self.world.find(asked["chat_id"]), asked.get("message_thread_id"))
        if asked["action"] not in _ACTIONS:
            raise bad("wrong parameter action in request")
        return True

    def answer_inline_query(self, asked: Json) -> bool:
        """Play answerInlineQuery: once for each query, at most fifty cards, each with its id."""
        query = self.queries.get(asked["inline_query_id"])
        if query is None or "results" in query:
            raise bad("query is too old and response timeout expired or query ID is invalid")
        results = asked["results"]
        ids = [one["id"] for one in results]
        if len(results) > MOST_CARDS or len(ids) != len(set(ids)):
            raise bad("RESULT_ID_DUPLICATE" if len(ids) != len(set(ids)) else "RESULTS_TOO_MUCH")
        for one in results:
            if not 0 < len(one["id"].encode()) <= CARD_ID:
                raise bad("RESULT_ID_INVALID")
            said = one["input_message_content"]
            texts.checked(
                said["message_text"],
                said.get("entities", []),
                said.get("parse_mode", ""),
                self.world.clock(),
            )
        query["results"] = results
        self.world.pulse.beat()
        return True

    def answer_callback_query(self, asked: Json) -> bool:
        """Play answerCallbackQuery: once for each press, soon after it."""
        press = self.presses.get(asked["callback_query_id"])
        if press is None or "answer" in press or self.world.clock() - press["at"] > PRESS_LIFE:
            raise bad("query is too old and response timeout expired or query ID is invalid")
        if texts.units(asked.get("text", "")) > ANSWER_LIMIT:
            raise bad("MESSAGE_TOO_LONG")
        press["answer"] = asked.get("text", "")
        press["alert"] = asked.get("show_alert", False)
        self.world.pulse.beat()
        return True

    def _room(self, asked: Json) -> Chat:
        chat = self.world.find(asked["chat_id"])
        rights.speak(chat, asked.get("message_thread_id"))
        markup.check(asked.get("reply_markup"), private=chat.kind == "private")
        return chat

    def _text(self, asked: Json) -> tuple[str, list[Json]]:
        self._check_preview(asked.get("link_preview_options"))
        return texts.checked(
            asked["text"],
            asked.get("entities", []),
            asked.get("parse_mode", ""),
            self.world.clock(),
        )

    def _check_preview(self, options: Json | None) -> None:
        if (
            options
            and options.get("url")
            and not options["url"].startswith(("http://", "https://"))
        ):
            raise bad("WEBPAGE_URL_INVALID")

    def _caption(self, asked: Json) -> Json:
        text, entities = texts.checked(
            asked["caption"],
            asked.get("caption_entities", []),
            asked.get("parse_mode", ""),
            self.world.clock(),
            texts.CAPTION_LIMIT,
        )
        return _with_entities("caption", text, entities)

    def _post(self, chat: Chat, asked: Json, content: Json) -> Json:
        content = content | self._reply(chat, asked) | _with_markup(asked)
        if thread := asked.get("message_thread_id"):
            content |= {"message_thread_id": thread, "is_topic_message": True}
        kept = asked.get("reply_markup") or {}
        if "keyboard" in kept or kept.get("remove_keyboard"):
            chat.keyboard = kept.get("keyboard", [])
        return self.world.post(chat, self.world.bot, content)

    def _reply(self, chat: Chat, asked: Json) -> Json:
        wish = asked.get("reply_parameters")
        if wish is None:
            return {}
        replied = chat.messages.get(wish["message_id"])
        if replied is not None:
            return {"reply_to_message": _without(replied, "reply_to_message")}
        if wish.get("allow_sending_without_reply"):
            return {}
        raise bad("message to be replied not found")

    def _document(self, given: object) -> Json:
        if isinstance(given, Upload):
            if not given.data:
                raise bad("file must be non-empty")
            return self.world.keep_file(given.name, given.data, given.mime)
        if not isinstance(given, str) or given not in self.world.files:
            raise bad("wrong file identifier/HTTP URL specified")
        name, data = self.world.files[given]
        return {
            "file_id": given,
            "file_unique_id": given.replace("file", "unique"),
            "file_name": name,
            "file_size": len(data),
        }

    def _photo(self, given: object) -> Json:
        """Return the PhotoSize of a picture, held to Telegram's limits."""
        kept = self._document(given)
        data = self.world.files[kept["file_id"]][1]
        if not data.startswith(_PNG) or len(data) < _PNG_HEAD:
            raise bad("IMAGE_PROCESS_FAILED")
        width, height = (int.from_bytes(data[at : at + 4]) for at in (16, 20))
        narrow, wide = sorted((width, height))
        if wide + narrow > PHOTO_SIDES or wide > narrow * PHOTO_RATIO:
            raise bad("PHOTO_INVALID_DIMENSIONS")
        if len(data) > PHOTO_LARGEST:
            raise bad("file is too big for a photo")
        named = ("file_id", "file_unique_id", "file_size")
        return {name: kept[name] for name in named} | {"width": width, "height": height}

    def _source(self, asked: Json, deed: str) -> Json:
        chat = self.world.find(asked["from_chat_id"])
        rights.reach(chat)
        message = chat.messages.get(asked["message_id"])
        if message is None:
            raise bad(f"message to {deed} not found")
        return message

    def _own(self, asked: Json) -> Json:
        if "chat_id" not in asked or "message_id" not in asked:
            raise bad("message identifier is not specified")
        chat = self.world.find(asked["chat_id"])
        rights.speak(chat)
        message = chat.messages.get(asked["message_id"])
        if message is None:
            raise bad("message to edit not found")
        if not _is_own(message):
            raise bad("message can't be edited")
        return message

    def _change(self, message: Json, new: Json, names: tuple[str, ...]) -> Json:
        seen = [name for name in names if name != "link_preview_options"]
        if all(message.get(name) == new.get(name) for name in seen):
            raise bad(
                "message is not modified: specified new message content and reply markup are"
                " exactly the same as a current content and reply markup of the message"
            )
        for name in names:
            message.pop(name, None)
        message |= new | {"edit_date": int(self.world.clock())}
        self.world.pulse.beat()
        return message


def _is_own(message: Json) -> bool:
    return "sender_chat" in message or message["from"]["id"] == BOT_ID


def _without(message: Json, *names: str) -> Json:
    return {name: value for name, value in message.items() if name not in names}


def _with_entities(name: str, text: str, entities: list[Json]) -> Json:
    told: Json = {name: text}
    key = "entities" if name == "text" else "caption_entities"
    return told | ({key: entities} if entities else {})


def _with_markup(asked: Json) -> Json:
    """Return the keyboard as it goes the message: Message objects show inline ones only."""
    kept = asked.get("reply_markup")
    told: Json = {}
    if kept and kept.get("inline_keyboard"):
        told["reply_markup"] = kept
    if asked.get("link_preview_options"):
        told["link_preview_options"] = asked["link_preview_options"]
    return told
