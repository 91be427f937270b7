"""What an answer of the Bot API means for a Message (pure): one table, FACTS' own.

The server explains itself in English sentences; those that decide something are listed here. The
texts are Telegram's (bot API server, seen 2024 to 2026) and are compared in lower case.
"""

from __future__ import annotations

import json
from typing import Any

from alerts.couriers import (
    Ambiguous,
    BadMarks,
    ChatLost,
    MessageLost,
    Migrated,
    NotModified,
    NotSent,
    Refused,
    TooLong,
    TopicGone,
    Trouble,
    Wait,
    WrongToken,
)

UNSAID = 15.0
"""Seconds to wait on a 429 that does not say how long."""
LONGEST = 7 * 86_400.0
"""Seconds that are waited at most: no number that a server says stops the others."""

_ITS_OWN = frozenset({401, 404, 429})
"""What is understood whoever says it: a wrong token or address, and to wait."""

_MEANINGS: tuple[tuple[type[Trouble], tuple[str, ...]], ...] = (
    (NotModified, ("message is not modified",)),
    (TooLong, ("message is too long", "message_too_long", "text is too long")),
    (
        MessageLost,
        (
            "message to edit not found",
            "message to delete not found",
            "message to forward not found",
            "message can't be forwarded",
            "message can't be edited",
            "message can't be deleted",
            "message_id_invalid",
            "message identifier is not specified",
        ),
    ),
    (
        TopicGone,
        (
            "message thread not found",
            "topic_closed",
            "topic_deleted",
            "topic_id_invalid",
            "thread_id_invalid",
        ),
    ),
    (
        BadMarks,
        (
            "can't parse entities",
            "can't parse inline keyboard",
            "can't parse reply keyboard",
            "entity_",
            "entities",
            "button",
            "wrong http url",
            "reply markup",
            "reply_markup",
        ),
    ),
    (
        ChatLost,
        (
            "chat not found",
            "chat_write_forbidden",
            "chat_admin_required",
            "chat_restricted",
            "chat_send_plain_forbidden",
            "not enough rights",
            "have no rights",
            "need administrator rights",
            "bot is not a member",
            "channel_private",
            "peer_id_invalid",
            "user is deactivated",
            "user_is_blocked",
            "input_user_deactivated",
            "group chat was deactivated",
        ),
    ),
)


def trouble_in(code: int, payload: bytes) -> Trouble | None:
    """Return what is wrong with an answer (HTTP status and body), or None: it was taken."""
    answer = _parsed(payload)
    if 200 <= code < 300:
        return _trouble_in_success(answer)
    if (answer is None or "ok" not in answer) and code not in _ITS_OWN and code < 500:
        return _elsewhere(code)
    description = str((answer or {}).get("description") or f"HTTP {code}")
    parameters = (answer or {}).get("parameters")
    return _trouble(code, description, parameters if isinstance(parameters, dict) else {})


def _parsed(payload: bytes) -> dict[str, Any] | None:
    try:
        answer = json.loads(payload.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return None
    return answer if isinstance(answer, dict) else None


def _trouble_in_success(answer: dict[str, Any] | None) -> Trouble | None:
    """Return what is wrong with an answer of status 2xx: a proxy's page, half an answer."""
    if answer is None or "ok" not in answer:
        return Ambiguous("The server's answer is not one of the Bot API; is api_url right?")
    if answer["ok"] is not True:
        code = answer.get("error_code")
        parameters = answer.get("parameters")
        return _trouble(
            code if isinstance(code, int) else 400,
            str(answer.get("description") or "no reason given"),
            parameters if isinstance(parameters, dict) else {},
        )
    if "result" not in answer:
        return Ambiguous("The server's answer stops half way.")
    return None


def _trouble(code: int, description: str, parameters: dict[str, Any]) -> Trouble:
    if parameters.get("migrate_to_chat_id"):
        return Migrated(str(parameters["migrate_to_chat_id"]))
    if code == 429 or parameters.get("retry_after"):
        return Wait(_seconds(parameters.get("retry_after")))
    if code in {401, 404}:
        return WrongToken()
    if code == 403:
        return ChatLost(_sentence(description))
    if code >= 500:
        return Ambiguous(f"The server had an error of its own ({code}).")
    if code >= 400:
        return _meaning(description)
    return _elsewhere(code)


def _elsewhere(code: int) -> Trouble:
    """Return what is said by something between us and Telegram: it means no chat and no message."""
    return NotSent(f"The server answered {code}: api_url does not lead to a Bot API server.")


def _meaning(description: str) -> Trouble:
    said = description.lower()
    for kind, texts in _MEANINGS:
        if any(text in said for text in texts):
            return kind(_sentence(description))
    return Refused(_sentence(description))


def _seconds(told: object) -> float:
    return float(min(max(1, told), LONGEST)) if isinstance(told, int | float) else UNSAID


def _sentence(description: str) -> str:
    """Return the server's words as a sentence, without its prefix."""
    words = description.strip()
    for prefix in ("Bad Request: ", "Forbidden: "):
        words = words.removeprefix(prefix)
    return words[:300] or "no reason given"
