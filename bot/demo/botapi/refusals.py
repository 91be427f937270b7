"""How the server says no: Telegram's own codes and sentences."""

from __future__ import annotations

from typing import Any


class RefusedError(Exception):
    """The call is refused: an HTTP code, Telegram's description, and its `parameters`."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        """Keep what the answer will say; `parameters` are retry_after and migrate_to_chat_id."""
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def body(self) -> dict[str, Any]:
        """Return the JSON body of the answer."""
        body: dict[str, Any] = {
            "ok": False,
            "error_code": self.code,
            "description": self.description,
        }
        return body | ({"parameters": self.parameters} if self.parameters else {})


def bad(sentence: str, **parameters: int) -> RefusedError:
    """Return a 400: what was asked can't be done."""
    return RefusedError(400, f"Bad Request: {sentence}", **parameters)


def forbidden(sentence: str) -> RefusedError:
    """Return a 403: the bot may not speak there."""
    return RefusedError(403, f"Forbidden: {sentence}")


def conflict(sentence: str) -> RefusedError:
    """Return a 409: somebody else is asking for the updates of this bot."""
    return RefusedError(409, f"Conflict: {sentence}")


def too_many(seconds: int) -> RefusedError:
    """Return a 429: wait `seconds`."""
    return RefusedError(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
