"""The page at /: type as somebody, see the chats. Plain HTML, no build step."""

from __future__ import annotations

from base64 import b64encode
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote

from aiohttp import web

from bot.demo.botapi import control
from bot.demo.botapi.people import said
from bot.demo.botapi.refusals import RefusedError
from bot.demo.botapi.world import BOT_ID, Chat, Json

if TYPE_CHECKING:
    from bot.demo.telegram_server import TelegramServer

SHOWN = 30
"""Messages of a chat on the page."""
_STYLE = """
body { font: 16px/1.4 system-ui, sans-serif; margin: 0 auto; max-width: 60rem; padding: 1rem }
nav a { margin-right: 1rem } .message { border: 1px solid #ccc; border-radius: .5rem;
padding: .5rem .8rem; margin: .5rem 0; white-space: pre-wrap } .bot { background: #eef6ff }
form { display: inline } input[name=text] { width: 60% } small { color: #666 }
"""
_SCRIPT = """
let seen = %d;
async function watch() {
  for (;;) {
    const answer = await fetch("/fake/log?wait=25&after=" + seen);
    const calls = await answer.json();
    if (calls.length && !document.querySelector("input[name=text]").value) location.reload();
    seen += calls.length;
  }
}
watch();
"""


def routes(server: TelegramServer) -> list[web.RouteDef]:
    """Return the addresses of the page and of its forms."""

    async def show(request: web.Request) -> web.Response:
        person = request.query.get("person", "Ana")
        chat = request.query.get("chat", "")
        note = request.query.get("note", "")
        text = _page(server, person, chat, note)
        return web.Response(text=text, content_type="text/html")

    async def act(request: web.Request) -> web.Response:
        asked: Json = {name: str(value) for name, value in (await request.post()).items()}
        note = await _act(server, request.match_info["act"], asked)
        back = "&".join(
            f"{name}={quote(value)}"
            for name, value in (
                ("person", asked.get("person", "")),
                ("chat", asked.get("chat", "")),
                ("note", note),
            )
        )
        raise web.HTTPSeeOther(f"/?{back}")

    return [web.get("/", show), web.post("/{act:says|presses|chooses|makes}", act)]


async def _act(server: TelegramServer, act: str, asked: Json) -> str:
    """Do what a form asks; returns what to tell the person, usually nothing."""
    try:
        someone = control.someone(server, asked)
        if act == "says":
            await someone.says(asked["text"], control.room(server, asked))
        elif act == "presses":
            press = await someone.presses(asked["label"], control.room(server, asked))
            return await press.answer()
        elif act == "makes":
            server.channel(asked["title"], someone, username=asked["username"], bot=False)
        elif chosen := control.room(server, {"chat": asked["chosen"]}):
            await someone.chooses(chosen)
    except (RefusedError, AssertionError) as refused:
        return str(refused)
    return ""


def _page(server: TelegramServer, name: str, chat_name: str, note: str) -> str:
    someone = server.person(name)
    try:
        chat = server.world.titled(chat_name) if chat_name else someone.private.chat
    except RefusedError as refused:
        chat, note = someone.private.chat, str(refused)
    messages = "".join(_message(server, one, name, chat) for one in reversed(chat.newest()[:SHOWN]))
    return (
        "<!doctype html><meta charset=utf-8><title>A Telegram of your own</title>"
        f"<style>{_STYLE}</style><h1>{escape(_title(chat))}</h1>{_links(server, name)}"
        f"<p><small>You are {escape(name)}. The bot's token is <code>{escape(server.token)}</code>."
        f"</small></p>{messages or '<p>Nothing was said here yet. Try /start.</p>'}"
        f"<p><b>{escape(note)}</b></p>{_keyboard(server, chat, name)}"
        + _form("says", name, chat, "<input name=text autofocus autocomplete=off>", "Send")
        + f"<script>{_SCRIPT % len(server.log)}</script>"
    )


def _links(server: TelegramServer, name: str) -> str:
    chats = "".join(
        f'<a href="/?person={quote(name)}&amp;chat={chat.id}">{escape(_title(chat))}</a>'
        for chat in server.world.chats.values()
    )
    return (
        f"<nav>{chats}</nav><p><form action=/ method=get>Be somebody else: "
        f"<input name=person value='{escape(name, quote=True)}'> <button>Be</button></form> "
        "<form action=/makes method=post>"
        f"<input type=hidden name=person value='{escape(name, quote=True)}'>"
        "New channel: <input name=title placeholder=Title required> "
        "<input name=username placeholder='name, if public'> <button>Make</button></form></p>"
    )


def _title(chat: Chat) -> str:
    if chat.person is not None:
        return f"{chat.person.name} and vigil"
    return f"{chat.title} @{chat.username}" if chat.username else chat.title


def _message(server: TelegramServer, message: Json, name: str, chat: Chat) -> str:
    sender = message.get("from") or {"id": BOT_ID, "first_name": chat.title}
    kind = "message bot" if sender["id"] == BOT_ID else "message"
    words = said(message) or ", ".join(sorted(set(message) - {"chat", "date", "message_id"}))
    rows = message.get("reply_markup", {}).get("inline_keyboard", ())
    buttons = "<br>".join(" ".join(_button(one, name, chat) for one in row) for row in rows)
    return (
        f"<div class='{kind}'><small>{escape(sender['first_name'])}</small>\n"
        f"{_picture(server, message)}{escape(words)}\n{buttons}</div>"
    )


def _picture(server: TelegramServer, message: Json) -> str:
    shown = message.get("photo")
    if not shown:
        return ""
    data = b64encode(server.world.files[shown[-1]["file_id"]][1]).decode()
    return f"<img width=320 alt='' src='data:image/png;base64,{data}'>\n"


def _button(button: Json, name: str, chat: Chat) -> str:
    label = escape(button["text"], quote=True)
    if "url" in button and "?start=" not in button["url"]:
        return f'<a href="{escape(button["url"], quote=True)}" rel=noreferrer>{label}</a>'
    return _form("presses", name, chat, f'<input type=hidden name=label value="{label}">', label)


def _keyboard(server: TelegramServer, chat: Chat, name: str) -> str:
    """Return the buttons instead of letters; those that ask for a chat offer all chats."""
    shown = []
    for button in (one for row in chat.keyboard for one in row):
        label = escape(button["text"], quote=True)
        if wish := button.get("request_chat"):
            wanted = [
                one
                for one in server.world.chats.values()
                if one.kind != "private" and (one.kind == "channel") == wish["chat_is_channel"]
            ]
            options = "".join(f"<option value='{one.id}'>{escape(one.title)}" for one in wanted)
            choice = f"<select name=chosen required>{options}</select>"
            shown.append(_form("chooses", name, chat, choice, label))
        else:
            hidden = f'<input type=hidden name=text value="{label}">'
            shown.append(_form("says", name, chat, hidden, label))
    return f"<p>{' '.join(shown)}</p>" if shown else ""


def _form(act: str, name: str, chat: Chat, fields: str, label: str) -> str:
    return (
        f"<form action=/{act} method=post>"
        f"<input type=hidden name=person value='{escape(name, quote=True)}'>"
        f"<input type=hidden name=chat value='{chat.id}'>{fields} <button>{label}</button></form>"
    )
