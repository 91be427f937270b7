"""A Telegram Bot API server on loopback: strict, scriptable, with everything it accepted kept.

For tests, and for whoever wants to try the bot without Telegram: point `telegram.api_url` at it.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from aiohttp import web

from bot.demo.botapi import checks, control, page, people, table
from bot.demo.botapi.asking import Asking
from bot.demo.botapi.faults import Fault, Faults
from bot.demo.botapi.limits import Limits
from bot.demo.botapi.people import Room, Someone
from bot.demo.botapi.refusals import RefusedError, conflict, forbidden, too_many
from bot.demo.botapi.sending import Sending
from bot.demo.botapi.updates import Updates
from bot.demo.botapi.webhook import Webhook
from bot.demo.botapi.world import BOT_ID, Json, Seat, World

TOKEN = f"{BOT_ID}:loopback-only-not-a-secret-token-00"
"""The token this server takes unless told another one."""
LIMITED = frozenset(
    {"sendMessage", "sendDocument", "sendPhoto", "forwardMessage", "copyMessage"}
    | {"editMessageText", "editMessageReplyMarkup", "editMessageMedia"}
)
_PAGE = "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"


@dataclass(frozen=True, slots=True)
class Call:
    """A call the server accepted."""

    number: int
    at: float
    """Unix seconds."""
    method: str
    asked: Json
    answer: object
    """What it answered; of a Message only its number and chat."""

    def line(self) -> str:
        """Return it as one line of JSON."""
        told = {
            "n": self.number,
            "at": self.at,
            "method": self.method,
            "asked": self.asked,
            "answer": self.answer,
        }
        return json.dumps(told, ensure_ascii=False, default=_plain)


class TelegramServer:
    """The server. In a test: `async with TelegramServer() as server:`, then `server.url`."""

    def __init__(
        self,
        *,
        token: str = TOKEN,
        description: Path | None = None,
        limits: bool = False,
        log_file: Path | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Prepare it: `description` is Telegram's API as JSON (else our own table holds), `limits`
        switches 429s on, accepted calls are also appended to `log_file`.
        """
        self.token = token
        self.description = table.from_file(description) if description else table.own()
        self.world = World(clock)
        self.updates = Updates(self.world.pulse)
        self.sending = Sending(self.world)
        self.asking = Asking(self.world, self.updates)
        self.limits = Limits(clock, on=limits)
        self.faults = Faults()
        self.log: list[Call] = []
        self.refusals: list[tuple[str, Json, RefusedError]] = []
        """Calls it refused: method, raw parameters, why."""
        self.url = ""
        self._log_file = log_file
        self._runner: web.AppRunner | None = None
        self._webhook = Webhook(self.updates, self.world.pulse)
        self._methods = _methods(self.sending, self.asking)

    async def start(self, port: int = 0, host: str = "127.0.0.1") -> None:
        """Listen on loopback; port 0 takes a free one. Its address is `url` afterwards."""
        app = web.Application(client_max_size=60 * 1024 * 1024)
        app.add_routes(
            [
                web.route("*", "/bot{token}/{method}", self._answer),
                web.get("/file/bot{token}/documents/{file_id}/{name}", self._download),
                *control.routes(self),
                *page.routes(self),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        await site.start()
        bound: tuple[str, int] = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{bound[1]}"
        self._webhook.start()

    async def stop(self) -> None:
        """Close every connection."""
        self.updates.end()
        await self._webhook.stop()
        if self._runner is not None:
            await self._runner.cleanup()

    async def __aenter__(self) -> Self:
        """Start on a free port."""
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop."""
        await self.stop()

    def person(self, name: str, *, username: str = "", language: str = "en") -> Someone:
        """Return somebody by name; the first mention makes them."""
        return Someone(self, self.world.person(name, username, language))

    def channel(self, title: str, owner: Someone, *, username: str = "", bot: bool = True) -> Room:
        """Return a new channel of `owner`; with `bot` the bot may post and edit in it."""
        return self._room("channel", title, owner, username=username, bot=bot)

    def group(
        self,
        title: str,
        owner: Someone,
        *,
        username: str = "",
        kind: str = "supergroup",
        is_forum: bool = False,
        bot: bool = True,
    ) -> Room:
        """Return a new group of `owner`; with `bot` the bot is a member."""
        room = self._room(kind, title, owner, username=username, bot=bot)
        room.chat.is_forum = is_forum
        return room

    def rooms(self, title: str) -> list[Room]:
        """Return the chats of this title."""
        return [Room(self, one) for one in self.world.chats.values() if one.title == title]

    def fault(self, kind: str, **more: str | float | bool) -> Fault:
        """Let the next call go wrong; see Fault for kinds and what else may be said."""
        return self.faults.add(Fault(kind, **more))  # type: ignore[arg-type]

    def calls(self, method: str = "") -> list[Call]:
        """Return the accepted calls of `method`, oldest first; without one, all."""
        return [call for call in self.log if method in ("", call.method)]

    async def until(
        self,
        look: Callable[[], people.Found | None],
        what: str = "it never happened",
        patience: float = people.PATIENCE,
    ) -> people.Found:
        """Return what `look` finds, looking again whenever something happened here."""
        return await people.until(self.world, look, what, patience)

    def _room(self, kind: str, title: str, owner: Someone, *, username: str, bot: bool) -> Room:
        chat = self.world.make(kind, title, owner.person, username=username)
        if bot:
            rights = people.default_rights(kind)
            chat.seats[BOT_ID] = Seat("administrator" if rights else "member", rights)
        return Room(self, chat)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        method = self._method(request.match_info["method"])
        raw: Json = {}
        try:
            if request.match_info["token"] != self.token:
                raise RefusedError(401, "Unauthorized")
            if not method:
                raise RefusedError(404, "Not Found")
            raw = await _parameters(request, self._keep)
            fault = self.faults.take(method, _chat_id(raw))
            if fault is not None:
                self.world.pulse.beat()
                return await self._spoilt(fault, request, method, raw)
            return web.json_response({"ok": True, "result": await self._carry_out(method, raw)})
        except RefusedError as refused:
            self.refusals.append((method, raw, refused))
            self.world.pulse.beat()
            return web.json_response(refused.body(), status=refused.code)
        except ConnectionError:  # whoever called is gone before all was said
            return web.Response(status=499)

    def _keep(self, file: checks.Upload) -> str:
        """Keep a file that came inside of a parameter; return the id it goes by."""
        return str(self.world.keep_file(file.name, file.data, file.mime)["file_id"])

    def _method(self, name: str) -> str:
        """Return the method of this name in any case; empty when there is none."""
        known = {one.lower(): one for one in self.description.methods}
        return known.get(name.lower(), "")

    async def _carry_out(self, method: str, raw: Json) -> object:
        asked = checks.read(self.description, method, raw)
        if method == "getUpdates":
            return await self.updates.poll(asked)
        if method not in self._methods:
            raise RefusedError(501, f"Not Implemented: {method} is not played by this server")
        if method in LIMITED and "chat_id" in asked:
            chat = self.world.find(asked["chat_id"])
            self.limits.take(chat.id, group=chat.kind != "private")
        answer = self._methods[method](asked)
        self._note(method, asked, answer)
        return answer

    def _note(self, method: str, asked: Json, answer: object) -> None:
        short = answer
        if isinstance(answer, dict) and "message_id" in answer:
            short = {"message_id": answer["message_id"]}
        call = Call(len(self.log) + 1, self.world.clock(), method, asked, short)
        self.log.append(call)
        if self._log_file is not None:
            with self._log_file.open("a", encoding="utf-8") as file:
                file.write(call.line() + "\n")
        self.world.pulse.beat()

    async def _spoilt(
        self, fault: Fault, request: web.Request, method: str, raw: Json
    ) -> web.StreamResponse:
        answer = await self._carry_out(method, raw) if fault.takes_effect else None
        if fault.kind in _REFUSALS:
            raise _REFUSALS[fault.kind](fault)
        if fault.kind == "drop":
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        if fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
            if not fault.takes_effect:
                answer = await self._carry_out(method, raw)
            return web.json_response({"ok": True, "result": answer})
        if fault.kind == "malformed":
            return web.Response(text='{"ok":tru', content_type="application/json")
        status = 502 if fault.kind == "502" else 200
        return web.Response(text=_PAGE, status=status, content_type="text/html")

    async def _download(self, request: web.Request) -> web.Response:
        kept = self.world.files.get(request.match_info["file_id"])
        if kept is None or request.match_info["token"] != self.token:
            raise web.HTTPNotFound
        return web.Response(body=kept[1], content_type="application/octet-stream")


_REFUSALS: dict[str, Callable[[Fault], RefusedError]] = {
    "500": lambda _: RefusedError(500, "Internal Server Error"),
    "429": lambda fault: too_many(int(fault.seconds)),
    "403": lambda _: forbidden("bot was kicked from the channel chat"),
    "409": lambda _: conflict(
        "terminated by other getUpdates request; make sure that only one bot instance is running"
    ),
}


def _methods(sending: Sending, asking: Asking) -> dict[str, Callable[[Json], object]]:
    """Every method that is played, by its name in the table ("sendMessage" is send_message)."""
    played: dict[str, Callable[[Json], object]] = {}
    for name in table.METHODS:
        snake = re.sub(r"(?<=[a-z])([A-Z])", r"_\1", name).lower()
        for part in (sending, asking):
            if hasattr(part, snake):
                played[name] = getattr(part, snake)
    return played


async def _parameters(request: web.Request, keep: Callable[[checks.Upload], str]) -> Json:
    """Return the parameters of a call, from its address, form, files or JSON body."""
    told: Json = dict(request.query)
    if request.content_type == "application/json":
        body = await request.text()
        return told | (json.loads(body) if body else {})
    files: Json = {}
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            data = value.file.read()
            files[name] = checks.Upload(value.filename, data, value.content_type)
        else:
            told[name] = value if isinstance(value, str) else bytes(value).decode()
    return _attached(told, files, keep)


_INSIDE = re.compile(r'"attach://([^"]+)"')


def _attached(told: Json, files: Json, keep: Callable[[checks.Upload], str]) -> Json:
    """Put files in: a file comes under its parameter's name, or one that `attach://` points to;
    inside of an object its id takes the place of that.
    """

    def kept(found: re.Match[str]) -> str:
        file = files.pop(found[1], None)
        return found[0] if file is None else json.dumps(keep(file))

    for name, value in told.items():
        if not isinstance(value, str):
            continue
        if value.startswith("attach://"):
            told[name] = files.pop(value.removeprefix("attach://"), value)
        elif value.startswith("{"):
            told[name] = _INSIDE.sub(kept, value)
    return told | files


def _chat_id(raw: Json) -> int:
    given = str(raw.get("chat_id", ""))
    return int(given) if given.lstrip("-").isdigit() else 0


def _plain(value: object) -> object:
    if isinstance(value, checks.Upload):
        return {"file_name": value.name, "file_size": len(value.data)}
    return str(value)


async def serve(
    port: int = 8081,
    *,
    host: str = "127.0.0.1",
    token: str = TOKEN,
    description: Path | None = None,
    limits: bool = True,
    log_file: Path | None = None,
    stop: asyncio.Event | None = None,
    started: Callable[[TelegramServer], Awaitable[None] | None] | None = None,
) -> None:
    """Run the server until `stop` is set (or the task is cancelled); OSError: the port is taken.

    `started` is called with the server once it listens.
    """
    server = TelegramServer(token=token, description=description, limits=limits, log_file=log_file)
    await server.start(port, host)
    try:
        waits = started(server) if started is not None else None
        if waits is not None:
            await waits
        await (stop or asyncio.Event()).wait()
    finally:
        await server.stop()
