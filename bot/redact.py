"""Secrets are never printed: every line that leaves the program goes through `hide`."""

from __future__ import annotations

import re

MASK = "********"
_TOKEN = re.compile(r"(?<!\d)\d{5,}(?::|%3A)[A-Za-z0-9_-]{20,}", re.IGNORECASE)
"""A Telegram token, wherever it stands, known or not: libraries put it into addresses."""
_secrets: set[str] = set()


def keep_secret(*secrets: str) -> None:
    """Hide these texts from now on; very short ones too, since a password may be short."""
    _secrets.update(secret for secret in secrets if secret)


def hide(text: str) -> str:
    """Return the text with every secret masked."""
    for secret in sorted(_secrets, key=len, reverse=True):
        if secret in text:
            text = text.replace(secret, MASK)
    return _TOKEN.sub(MASK, text)
