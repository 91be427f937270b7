"""/fake/…: how another process, or a person with curl, acts and looks on."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from aiohttp import web

from bot.demo.botapi import people
from bot.demo.botapi.faults import Fault
from bot.demo.botapi.people import Room, Someone
from bot.demo.botapi.refusals import RefusedError, bad
from bot.demo.botapi.world import Json

if TYPE_CHECKING:
    from bot.demo.telegram_server import TelegramServer

LONGEST_WAIT = 60.0
"""Seconds a look at the log may wait for news."""
Act = Callable[["TelegramServer", Json], Awaitable[Json]]


def routes(server: TelegramServer) -> list[web.RouteDef]:
    """Return the addresses under /fake."""

    async def act(request: web.Request) -> web.Response:
        body = await request.text()
        return await _told(_ACTS[request.match_info["act"]], server, json.loads(body or "{}"))

    async def log(request: web.Request) -> web.Response:
        return await _log(server, request)

    async def chats(_: web.Request) -> web.Response:
        return web.json_response([_chat(server, one) for one in server.world.chats])

    async def chat(request: web.Request) -> web.Response:
        return await _told(_show, server, dict(request.match_info) | dict(request.query))

    acts = "|".join(_ACTS)
    return [
        web.post(f"/fake/{{act:{acts}}}", act),
        web.get("/fake/log", log),
        web.get("/fake/chats", chats),
        web.get("/fake/chats/{chat}", chat),
    ]


def someone(server: TelegramServer, asked: Json) -> Someone:
    """Return the person an act is by ("person", a name)."""
    if not asked.get("person"):
        raise bad("say who: person is missing")
    return server.person(str(asked["person"]))


def room(server: TelegramServer, asked: Json) -> Room | None:
    """Return the chat an act is in ("chat": number, @name, title); None: the private one."""
    wanted = asked.get("chat")
    return Room(server, server.world.titled(str(wanted))) if wanted else None


async def _told(act: Act, server: TelegramServer, asked: Json) -> web.Response:
    try:
        return web.json_response(await act(server, asked))
    except RefusedError as refused:
        return web.json_response(refused.body(), status=refused.code)
    except (TypeError, KeyError) as wrong:
        return web.json_response({"ok": False, "description": str(wrong)}, status=400)


async def _person(server: TelegramServer, asked: Json) -> Json:
    given = {name: str(asked[name]) for name in ("username", "language") if name in asked}
    return server.person(str(asked["person"]), **given).person.view()


async def _make_chat(server: TelegramServer, asked: Json) -> Json:
    """{"person": owner, "title", "kind": "channel", "username": "", "forum", "bot": true}."""
    kind = asked.get("kind", "channel")
    if kind not in ("channel", "group", "supergroup"):
        raise bad(f"there is no kind of chat {kind!r}")
    owner = someone(server, asked)
    named = {"username": str(asked.get("username", "")), "bot": bool(asked.get("bot", True))}
    title = str(asked["title"])
    if kind == "channel":
        made = server.channel(title, owner, **named)  # type: ignore[arg-type]
    else:
        made = server.group(
            title,
            owner,
            kind=kind,
            is_forum=bool(asked.get("forum")),
            **named,  # type: ignore[arg-type]
        )
    return made.chat.view()


async def _says(server: TelegramServer, asked: Json) -> Json:
    return await someone(server, asked).says(str(asked["text"]), room(server, asked))


async def _presses(server: TelegramServer, asked: Json) -> Json:
    press = await someone(server, asked).presses(str(asked["label"]), room(server, asked))
    return {"label": press.press["label"]}


async def _chooses(server: TelegramServer, asked: Json) -> Json:
    chosen = room(server, asked)
    if chosen is None:
        raise bad("say which: chat is missing")
    return await someone(server, asked).chooses(chosen, str(asked.get("label", "")))


async def _bot(server: TelegramServer, asked: Json) -> Json:
    """{"person", "chat", "status": "member" | "administrator" | "kicked" | "left" | …}."""
    where = room(server, asked)
    if where is None:
        raise bad("say where: chat is missing")
    if asked["status"] in ("member", "administrator"):
        where.admit_bot(someone(server, asked))
    else:
        where.remove_bot(someone(server, asked), str(asked["status"]))
    return where.chat.view()


async def _migrate(server: TelegramServer, asked: Json) -> Json:
    where = room(server, asked)
    if where is None:
        raise bad("say which: chat is missing")
    return where.migrate(someone(server, asked)).chat.view()


async def _fault(server: TelegramServer, asked: Json) -> Json:
    """{"kind", "method", "chat", "times", "seconds", "accepted"}, or {"kind": "none"}."""
    if asked.get("kind") == "none":
        server.faults.clear()
    else:
        server.faults.add(Fault(**asked))
    return {"waiting": len(server.faults.waiting)}


async def _limits(server: TelegramServer, asked: Json) -> Json:
    server.limits.on = bool(asked["on"])
    return {"on": server.limits.on}


async def _show(server: TelegramServer, asked: Json) -> Json:
    """Return a chat as it stands; with `wait` and `holds`, once a message of the bot holds that."""
    where = room(server, asked)
    if where is None:
        raise bad("say which: chat is missing")
    if asked.get("holds"):
        patience = min(float(asked.get("wait", 0)), LONGEST_WAIT)
        try:
            await where.shows(str(asked["holds"]), patience=patience)
        except AssertionError as missing:
            raise RefusedError(408, str(missing)) from None
    return _chat(server, where.id) | {"messages": list(where.chat.messages.values())}


_ACTS: dict[str, Act] = {
    "person": _person,
    "chat": _make_chat,
    "says": _says,
    "presses": _presses,
    "chooses": _chooses,
    "bot": _bot,
    "migrate": _migrate,
    "fault": _fault,
    "limits": _limits,
}


async def _log(server: TelegramServer, request: web.Request) -> web.Response:
    """Return the accepted calls after number `after`, waiting up to `wait` seconds."""
    after = int(request.query.get("after", 0))
    patience = min(float(request.query.get("wait", 0)), LONGEST_WAIT)
    try:
        await people.until(server.world, lambda: len(server.log) > after, "", patience)
    except AssertionError:
        return web.json_response([])
    return web.json_response(text="[" + ",".join(one.line() for one in server.log[after:]) + "]")


def _chat(server: TelegramServer, chat_id: int) -> Json:
    chat = server.world.chats[chat_id]
    return chat.view() | {"people": len(chat.seats), "keyboard": chat.keyboard}
