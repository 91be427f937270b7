"""Keyboards: what Telegram refuses in them."""

from __future__ import annotations

import re
from typing import Any

from bot.demo.botapi.refusals import bad

BUTTONS_A_ROW = 8
BUTTONS_IN_ALL = 100
DATA_BYTES = 64
COPY_UNITS = 256
ACTIONS = ("url", "callback_data", "copy_text", "switch_inline_query", "web_app", "login_url")
STYLES = ("primary", "success", "danger")


def check(markup: dict[str, Any] | None, *, private: bool) -> None:
    """Refuse a reply_markup that Telegram would refuse, or that phones would cut."""
    if markup is None:
        return
    if "inline_keyboard" in markup:
        _check_rows(markup["inline_keyboard"])
        for button in _all(markup["inline_keyboard"]):
            _check_inline(button)
    elif "keyboard" in markup:
        _check_rows(markup["keyboard"])
        for button in _all(markup["keyboard"]):
            _check_reply(button, private=private)


def _all(rows: list[list[dict[str, Any]]]) -> list[dict[str, Any]]:
    return [button for row in rows for button in row]


def _check_rows(rows: list[list[dict[str, Any]]]) -> None:
    if any(len(row) > BUTTONS_A_ROW for row in rows):
        raise bad(f"a row of the keyboard has more than {BUTTONS_A_ROW} buttons")
    if len(_all(rows)) > BUTTONS_IN_ALL:
        raise bad("REPLY_MARKUP_TOO_LONG")
    for button in _all(rows):
        if not button["text"].strip():
            raise bad("BUTTON_TEXT_INVALID: a button has no text")
        if button.get("style", "primary") not in STYLES:
            raise bad(f"BUTTON_STYLE_INVALID: {button['style']!r}")


def _check_inline(button: dict[str, Any]) -> None:
    actions = [name for name in ACTIONS if name in button]
    if len(actions) != 1:
        raise bad(f"BUTTON_TYPE_INVALID: {button['text']!r} has {len(actions)} actions, not one")
    if "callback_data" in button:
        size = len(button["callback_data"].encode())
        if not 1 <= size <= DATA_BYTES:
            raise bad(f"BUTTON_DATA_INVALID: {size} bytes")
    if "url" in button and not re.match(r"(https?|tg)://[^\s/]\S*$", button["url"]):
        raise bad(f"BUTTON_URL_INVALID: {button['url']!r}")
    if "copy_text" in button and not 1 <= len(button["copy_text"]["text"]) <= COPY_UNITS:
        raise bad("BUTTON_COPY_TEXT_INVALID")


def _check_reply(button: dict[str, Any], *, private: bool) -> None:
    asks = [name for name in button if name.startswith("request_")]
    if asks and not private:
        raise bad("BUTTON_TYPE_INVALID: a request button works in private chats only")
