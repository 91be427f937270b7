"""Updates: stored before the offset moves, then handled, each chat in order, none held up.

Telegram forgets an update as soon as a later offset is asked for, so it is committed to the
store's inbox first; a crash between the two brings it again and it is stored once.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import datetime
from typing import Any

from telegram import Update
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError, TimedOut
from telegram.ext import AIORateLimiter, Application, ApplicationBuilder, ExtBot, TypeHandler
from telegram.request import HTTPXRequest

from bot.logs import logger
from bot.redact import hide
from bot.talk import menu
from bot.talk.lanes import Lanes
from bot.talk.parts import Account, Parts
from bot.talk.route import handle
from store import inbox, upkeep

POLL = 30
"""Seconds a request for updates may wait at Telegram."""
TRIES = 3
"""How often an update that fails is handled before it is set aside."""
LEASE = "talk"
LEASE_SECONDS = 10.0
RENEW = 3.0
SAID_AGAIN = 200
"""Renewals of the lease between two times that Telegram is told where to bring updates."""
GRACE = 5.0
"""Seconds handlers in flight get to finish when we stop."""
_log = logger()
_App = Application[Any, Any, Any, Any, Any, Any]


class Receiver:
    """Takes updates in and has them handled, while it holds the lease: one process at a time."""

    def __init__(
        self,
        parts: Parts,
        account: Account,
        owner: str,
        clock: Callable[[], datetime],
        *,
        beat: Callable[[], None] = lambda: None,
        pause: float = 1.0,
    ) -> None:
        """`owner` names this process; `beat` is called whenever Telegram answered; `pause` is the
        unit of waiting after a failure, in seconds.
        """
        self._parts = replace(parts, troubles=lambda: (*parts.troubles(), *self._own_trouble()))
        self._owner = owner
        self._clock = clock
        self._beat = beat
        self._pause = pause
        self._account = account
        self._app = _application(account)
        self._app.add_handler(TypeHandler(Update, self._handle))
        self._app.add_error_handler(self._note_failure)
        self._failures: dict[int, BaseException] = {}
        self._later: set[asyncio.Task[None]] = set()
        self.trouble = ""
        """What is wrong between us and Telegram, in one sentence; empty: nothing."""

    @property
    def bot(self) -> ExtBot[Any]:
        """The client; its name is known once `run` has reached Telegram."""
        bot: ExtBot[Any] = self._app.bot
        return bot

    def _own_trouble(self) -> tuple[str, ...]:
        return (self.trouble,) if self.trouble else ()

    async def run(self, stop: asyncio.Event) -> None:
        """Converse until `stop` is set; handlers in flight may then finish within seconds."""
        work = asyncio.create_task(self._converse(), name="talk")
        stopped = asyncio.create_task(stop.wait(), name="talk stop")
        try:
            await asyncio.wait({work, stopped}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopped.cancel()
            work.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await work
            await self._close()

    async def _converse(self) -> None:
        await self._reach()
        await menu.publish(self.bot, self._parts)
        while True:
            async with self._parts.store.write() as tx:
                lease = await upkeep.lease(tx, LEASE, self._owner, LEASE_SECONDS)
            if lease is not None:
                await self._hold()
            self._beat()
            await asyncio.sleep(RENEW)

    async def _reach(self) -> None:
        """Ask Telegram who we are, until it says so; a wrong token is said and tried again."""
        wait = self._pause
        while True:
            try:
                await self._app.initialize()
            except InvalidToken:
                self._note(
                    "Telegram does not know this token: put the one @BotFather gave you into"
                    " secrets/telegram_token. I go on polling and try again."
                )
            except TelegramError as error:
                self._note(f"Telegram can't be reached ({type(error).__name__}); I try again.")
            else:
                self._note("")
                return
            await asyncio.sleep(wait)
            wait = min(wait * 2, 60 * self._pause)

    async def _hold(self) -> None:
        """Take and handle while the lease is ours."""
        lanes = Lanes(self._one, self._parts.store, self._clock)
        jobs = [asyncio.create_task(one) for one in (self._renew(), self._take(), lanes.run())]
        try:
            await asyncio.wait(jobs, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for job in jobs:
                job.cancel()
            results = await asyncio.gather(*jobs, return_exceptions=True)
            await lanes.finish(GRACE)
            async with self._parts.store.write() as tx:
                await upkeep.release(tx, LEASE, self._owner)
        for result in results:
            if isinstance(result, Exception):
                raise result

    async def _renew(self) -> None:
        """Return when the lease is no longer ours."""
        while True:
            await asyncio.sleep(RENEW)
            async with self._parts.store.write() as tx:
                if await upkeep.lease(tx, LEASE, self._owner, LEASE_SECONDS) is None:
                    return

    async def _take(self) -> None:
        await (self._be_brought() if self._account.webhook else self._ask())

    async def _be_brought(self) -> None:
        """Have Telegram bring updates to our address; the web server puts them into the inbox.
        Said again now and then: another program may have asked for them meanwhile.
        """
        wait = self._pause
        while True:
            try:
                await self.bot.set_webhook(
                    self._account.webhook,
                    allowed_updates=Update.ALL_TYPES,
                    secret_token=self._account.secret,
                )
            except TelegramError as error:
                why = hide(str(error))
                self._note(f"Telegram can't bring updates to [server] public_url ({why}).")
                await asyncio.sleep(wait)
                wait = min(wait * 2, 60 * self._pause)
                continue
            self._note("")
            wait = self._pause
            for _ in range(SAID_AGAIN):
                self._beat()
                await asyncio.sleep(RENEW)

    async def _ask(self) -> None:
        store = self._parts.store
        async with store.read() as tx:
            last = await inbox.last_id(tx, self._clock())
        heard, wait = self._clock(), self._pause
        while True:
            if self._clock() - heard > inbox.LATELY:
                last = None
            updates, again = await self._poll(last)
            if again:
                await asyncio.sleep(min(wait, 30 * self._pause) if again < 0 else again)
                wait *= 2
                continue
            wait = self._pause
            self._beat()
            if updates:
                rows = [(one.update_id, one.to_json()) for one in updates]
                async with store.write() as tx:
                    await inbox.put(tx, rows, self._clock())
                last, heard = rows[-1][0], self._clock()

    async def _poll(self, last: int | None) -> tuple[tuple[Update, ...], float]:
        """Return what Telegram has, and how many seconds to wait before asking again (0: none,
        negative: as long as failures have lasted).
        """
        try:
            updates = await self.bot.get_updates(
                offset=None if last is None else last + 1,
                timeout=POLL,
                allowed_updates=Update.ALL_TYPES,
            )
        except Conflict as error:
            if "webhook" in str(error).lower():  # of an earlier configuration
                with contextlib.suppress(TelegramError):
                    await self.bot.delete_webhook()
                return (), self._pause
            self._note(
                "Another program asks Telegram for this bot's updates, so some commands go astray:"
                " stop it, or give it a token of its own."
            )
            return (), -1.0
        except RetryAfter as error:
            return (), max(error._retry_after.total_seconds(), self._pause)
        except TimedOut:
            return (), self._pause
        except Exception as error:  # a proxy's page or half an answer raises whatever it likes
            self._note(f"Telegram can't be reached ({type(error).__name__}); I try again.")
            return (), -1.0
        self._note("")
        return updates, 0.0

    async def _one(self, update_id: int, body: str, tries: int) -> bool:
        """Handle one stored update; returns whether it need not be handled again."""
        error: BaseException | None
        try:
            update = Update.de_json(json.loads(body), self.bot)
            await self._app.process_update(update)
            error = self._failures.pop(update_id, None)
        except Exception as unreadable:
            error = unreadable
        now = self._clock()
        over = error is None or tries + 1 >= TRIES
        async with self._parts.store.write() as tx:
            if error is not None:
                await inbox.failed(tx, update_id, _sentence(error), now)
            if over:
                await inbox.done(tx, update_id, now)
        if error is not None:
            _log.warning("update failed", update=update_id, tries=tries + 1, exc_info=error)
        return over

    async def _handle(self, update: Update, context: Any) -> None:  # noqa: ANN401 - the library's own
        del context
        await handle(update, self.bot, self._parts, self._clock(), self._spawn)

    async def _note_failure(self, update: object, context: Any) -> None:  # noqa: ANN401 - the library's own
        if isinstance(update, Update) and context.error is not None:
            self._failures[update.update_id] = context.error

    def _spawn(self, coroutine: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(coroutine)
        self._later.add(task)
        task.add_done_callback(self._later.discard)

    def _note(self, sentence: str) -> None:
        """Remember what is wrong; it is logged once, when it begins."""
        if sentence and sentence != self.trouble:
            _log.warning(sentence)
        self.trouble = sentence

    async def _close(self) -> None:
        for task in tuple(self._later):
            task.cancel()
        await asyncio.gather(*self._later, return_exceptions=True)
        await self._app.shutdown()


def _application(account: Account) -> _App:
    for library in ("httpx", "httpcore"):  # their INFO lines hold the token
        logging.getLogger(library).setLevel(logging.WARNING)
    base = account.api_url.rstrip("/")
    proxy = account.proxy or None
    bot = ExtBot(
        account.token,
        base_url=f"{base}/bot",
        base_file_url=f"{base}/file/bot",
        request=_connections(16, proxy),
        get_updates_request=_connections(1, proxy),
        rate_limiter=AIORateLimiter(max_retries=3),
    )
    return ApplicationBuilder().bot(bot).updater(None).build()


def _connections(most: int, proxy: str | None) -> HTTPXRequest:
    """Return a transport patient enough for a busy machine: a reply that is given up although
    it arrived is said twice.
    """
    return HTTPXRequest(
        connection_pool_size=most,
        proxy=proxy,
        connect_timeout=10.0,
        read_timeout=20.0,
        write_timeout=20.0,
        pool_timeout=10.0,
    )


def _sentence(error: BaseException) -> str:
    """Return what is kept of an error: a library's may name the token."""
    return hide(f"{type(error).__name__}: {error}")[:500]
