"""Delivers to whatever Apprise speaks: mail, chat services, webhooks. Never to Telegram."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import logging
import re
import threading
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import apprise

from alerts.couriers import Ambiguous, ChatLost, Refused, Trouble, Wait
from alerts.couriers.once import SentOnce
from alerts.pacing import Limits
from model.alert import Sent
from model.errors import ConfigError
from model.message import Message, Style
from model.people import Subscriber

PATIENCE = 60.0
"""Seconds that handing over one message may take."""
TITLE = 200
"""Characters of a title; mail programs cut longer ones."""
FIRST, LONGEST = 30.0, 900.0
"""Seconds until a service that can't be reached is tried again: at first, and at most."""
_TELEGRAM = frozenset({"tgram"})
_STATUS = re.compile(r"\berror=(\d{3})\b")
"""How Apprise writes the status of an HTTP answer into its log."""
_TROUBLE = re.compile(r"[\w/ ]{0,30}Exception\b")
"""How its debugging lines begin that tell an error; others hold the message itself."""
_NEVER_LEFT = re.compile(
    r"NewConnectionError|ConnectTimeout|NameResolutionError|ConnectionRefused|getaddrinfo"
    r"|Connection refused|Name or service not known|No route to host"
)
_QUIETLY = apprise.AppriseAsset(async_mode=False, service_timeout=0, storage_mode="memory")
"""All happens on the thread that calls, for which the courier has a time limit of its own; and
nothing is written to the disk.
"""
_Found = TypeVar("_Found")


class ElsewhereCourier(SentOnce):
    """Hands each Alert over once, as plain text; what is sent there can't be edited."""

    name = "apprise"
    limits = Limits(per_second=5.0, gap=1.0, per_window=0)

    def __init__(self, urls: Mapping[str, str], *, patience: float = PATIENCE) -> None:
        """`urls`: the Apprise address of each channel, by its id. ConfigError names an id whose
        address can't be used.
        """
        self._ends = {name: _opened(name, url) for name, url in urls.items()}
        self._patience = patience
        self._unreached: dict[str, int] = {}
        """How often in a row nothing could be sent there."""

    async def send(self, subscriber: Subscriber, message: Message) -> Sent:
        """Hand the message over on a thread of its own, since the library waits for answers."""
        end = self._ends.get(subscriber.address)
        if end is None:
            raise ChatLost("config.toml has no address for it any more.")
        title, body = plain_form(message)
        try:
            tried = await asyncio.wait_for(
                _on_a_thread(lambda: _notify(end, title, body)), self._patience
            )
        except TimeoutError:
            raise Ambiguous(f"It gave no answer within {self._patience:g} seconds.") from None
        if not tried.ok:
            raise self._trouble(subscriber.address, tried.lines)
        self._unreached.pop(subscriber.address, None)
        return Sent()

    def _trouble(self, address: str, lines: Sequence[str]) -> Trouble:
        """Return what it means that Apprise could not hand a message over. What its log says may
        hold the address, so nothing of it is passed on but the status of an answer.
        """
        said = "\n".join(lines)
        found = _STATUS.search(said)
        if found is None and _NEVER_LEFT.search(said):
            fails = self._unreached[address] = self._unreached.get(address, 0) + 1
            wait = min(LONGEST, FIRST * 2.0 ** min(fails - 1, 10))
            return Wait(wait, "The service can't be reached; nothing was sent.")
        self._unreached.pop(address, None)
        if found is None:
            return Ambiguous("The service did not say that it took the message.")
        return _answered(int(found[1]))


def check(name: str, url: str) -> None:
    """Raise ConfigError where a channel's address is none that Apprise knows."""
    _opened(name, url)


def plain_form(message: Message) -> tuple[str, str]:
    """Return a Message as a title (its first line) and a text in which links are written out."""
    text = _with_links(message)
    first, _, rest = text.partition("\n")
    title = first if len(first) <= TITLE else first[: TITLE - 1].rstrip() + "…"
    body = rest.strip("\n") if title == first else text
    addresses = [one.url for row in message.buttons for one in row if one.url]
    lines = [one for one in (message.preview, *addresses) if one and one not in text]
    return title, "\n".join([body, *dict.fromkeys(lines)]).strip("\n") or title


def _with_links(message: Message) -> str:
    text = message.text
    links = [mark for mark in message.marks if mark.style is Style.LINK and mark.value]
    for mark in sorted(links, key=lambda one: -one.end):
        if mark.value not in text[mark.start : mark.end]:
            text = f"{text[: mark.end]} ({mark.value}){text[mark.end :]}"
    return text


@dataclass(frozen=True, slots=True)
class _Tried:
    ok: bool
    lines: tuple[str, ...]
    """What Apprise wrote into its log meanwhile."""


def _notify(end: apprise.Apprise, title: str, body: str) -> _Tried:
    with _heard() as lines:
        ok = end.notify(body=body, title=title, body_format=apprise.NotifyFormat.TEXT)
        return _Tried(bool(ok), tuple(lines))


def _answered(status: int) -> Trouble:
    """Return what the status of an HTTP answer means: most refusals are of who we are, not of
    this message, so they are for the owner to mend.
    """
    if status == 429:
        return Wait(60.0, "The service asks to be left alone for a while; nothing was sent.")
    if status in (413, 422):
        return Refused(f"The service does not take this message (HTTP {status}).")
    if 400 <= status < 500:
        return ChatLost(f"The service refuses us (HTTP {status}): look at the address in url_file.")
    return Ambiguous(f"The service is in trouble (HTTP {status}).")


def _opened(name: str, url: str) -> apprise.Apprise:
    end = apprise.Apprise(asset=_QUIETLY)
    if url.partition("://")[0].lower() in _TELEGRAM:
        raise ConfigError(
            f'[[channels]] "{name}": Telegram is written to by `chat`, not through url_file.'
        )
    _listen()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of modules that its plugins load
        is_known = end.add(url)
    if not is_known or len(end) != 1:
        raise ConfigError(
            f'[[channels]] "{name}": what its url_file holds is no address that Apprise knows;'
            " write one, alone, such as mailtos://user:password@example.org."
        )
    return end


async def _on_a_thread(work: Callable[[], _Found]) -> _Found:
    """Return what `work` returns on a thread that nobody waits for at the end of the program."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[_Found] = loop.create_future()

    def settle(how: Callable[[], None]) -> None:
        if not future.done():
            how()

    def run() -> None:
        try:
            how = functools.partial(future.set_result, work())
        except Exception as error:
            how = functools.partial(future.set_exception, error)
        with contextlib.suppress(RuntimeError):  # the program has ended meanwhile
            loop.call_soon_threadsafe(settle, how)

    threading.Thread(target=run, name="apprise", daemon=True).start()
    return await future


class _Ear(logging.Handler):
    """Keeps what Apprise logs on each thread that listens; nothing of it is printed, since it may
    hold addresses.
    """

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.heard: dict[int, list[str]] = {}

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line that tells of trouble: what the message says must not pass for some."""
        lines = self.heard.get(threading.get_ident())
        if lines is None:
            return
        said = record.getMessage()
        if record.levelno >= logging.WARNING or _TROUBLE.match(said):
            lines.append(said)


_EAR = _Ear()


def _listen() -> None:
    log = logging.getLogger("apprise")
    log.propagate = False
    log.setLevel(logging.DEBUG)
    if _EAR not in log.handlers:
        log.addHandler(_EAR)


@contextlib.contextmanager
def _heard() -> Iterator[list[str]]:
    """Give what Apprise logs on this thread meanwhile."""
    lines: list[str] = []
    _EAR.heard[threading.get_ident()] = lines
    try:
        yield lines
    finally:
        del _EAR.heard[threading.get_ident()]
