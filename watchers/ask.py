"""One poll of one Source, up to the store: ask, and read what is new in the answer.

The ladder of doing nothing: 304 → the same bytes from the first item on → the items that the
index knows → only then parsing, in the sandbox.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from urllib.parse import urlsplit

from model import Claim, FetchError, Item, Page, ParseError, Source, SourceState, Validators
from model.item import Capture, PagePart
from watchers.answer import Answer, Request
from watchers.fetch import Fetched, Fetcher, RefusedError, UnreachableError
from watchers.index import NAMELESS, Known, items_hash, present_keys
from watchers.kinds import Kind
from watchers.kinds.links import NAME as LINKS
from watchers.pace import Asked, asked_by
from watchers.sandbox import Sandbox
from watchers.turns import HostParkedError

MOVES_AFTER = 3
"""A permanent redirect counts once it was seen this many times in a row."""
UNREAD_MOST = 32
"""So many documents may wait in memory for the sandbox."""
_AGED = timedelta(days=1)
"""Validators this old are stored anew although the items are the same."""


class Outcome(StrEnum):
    """How a poll ended."""

    UNCHANGED = "unchanged"
    NOTHING_NEW = "nothing new"
    NEW = "new"
    FAILED = "failed"
    UNREACHABLE = "unreachable"
    GONE = "gone"
    PUT_OFF = "put off"
    """Not asked: its host wants to be left alone, or has enough of our polls before it."""


@dataclass(slots=True)
class Result:
    """What one poll brought, to be written down."""

    claim: Claim
    outcome: Outcome
    at: datetime
    seconds: float = 0.0
    items: tuple[Item, ...] = ()
    total: int = 0
    """How many items the document held."""
    present: frozenset[bytes] = frozenset()
    """The key digests of all of them."""
    state: SourceState | None = None
    """What the next poll needs; None: what is stored stays."""
    asked: Asked = field(default_factory=Asked)
    wait: float = 0.0
    """Of a poll put off: for how many seconds."""
    error: str = ""
    title: str = ""

    @property
    def is_good(self) -> bool:
        """Whether the Source answered as it should."""
        return self.outcome in (Outcome.UNCHANGED, Outcome.NOTHING_NEW, Outcome.NEW)


Allows = Callable[[str, datetime], Awaitable[bool]]
"""Whether a page may be read, as far as its site's robots.txt has a say in it."""


class Asker:
    """Asks Sources of every kind."""

    def __init__(
        self,
        fetcher: Fetcher,
        sandbox: Sandbox,
        kinds: Mapping[str, Kind],
        allows: Allows | None = None,
    ) -> None:
        """Ask over `fetcher`, read in `sandbox`. `allows` is asked of pages made for people; what
        is published for programs, as feeds and sitemaps are, may always be read.
        """
        self._fetcher = fetcher
        self._sandbox = sandbox
        self._kinds = kinds
        self._allows = allows
        self._unread = 0

    async def ask(self, claim: Claim, now: datetime) -> Result:
        """Poll a claimed Source; whatever goes wrong is in the Result, in a sentence."""
        started = time.monotonic()
        result = await self._ask(claim, now)
        result.seconds = time.monotonic() - started
        return result

    async def _ask(self, claim: Claim, now: datetime) -> Result:
        kind = self._kinds.get(claim.source.kind)
        if kind is None:
            error = f"This version knows no kind of source called {claim.source.kind!r}."
            return Result(claim, Outcome.FAILED, now, error=error)
        try:
            await self._may(claim.source, now)
            request = kind.request(claim.source, claim.state, now)
            fetched = await self._fetcher.fetch(request, now)
            return await self._read(claim, kind, fetched, now)
        except HostParkedError as error:
            return Result(claim, Outcome.PUT_OFF, now, wait=error.seconds)
        except RefusedError as error:
            outcome = Outcome.GONE if error.status == 410 else Outcome.FAILED
            asked = asked_by(error.headers, now)
            return Result(claim, outcome, now, asked=asked, error=str(error))
        except UnreachableError as error:
            return Result(claim, Outcome.UNREACHABLE, now, error=str(error))
        except (FetchError, ParseError) as error:
            return Result(claim, Outcome.FAILED, now, error=str(error))

    async def _may(self, source: Source, now: datetime) -> None:
        if source.kind != LINKS or self._allows is None:
            return
        if not await self._allows(source.url, now):
            host = urlsplit(source.url).netloc.rpartition("@")[2]
            raise FetchError(f"{host} asks in its robots.txt not to read this page.")

    async def _read(self, claim: Claim, kind: Kind, fetched: Fetched, now: datetime) -> Result:
        answer = fetched.answer
        state = _moved(claim.state, fetched.moved_to)
        if answer.status == 304:
            return _unchanged(claim, Outcome.UNCHANGED, answer, _polled(state, now), now)
        digest = items_hash(answer)
        if digest == claim.state.items_hash and not answer.cut:
            state = _refreshed(_polled(state, now), fetched, now)
            return _unchanged(claim, Outcome.NOTHING_NEW, answer, state, now)
        page = await self._parse(kind, claim.source, answer, claim.state.known)
        page = _captured(page, answer)
        if page.parts:
            page = await self._with_parts(claim, kind, page, now)
        return Result(
            claim,
            Outcome.NEW if page.items else Outcome.NOTHING_NEW,
            now,
            items=_of_source(page, claim.source),
            total=page.total,
            present=present_keys(page.known),
            state=_read_state(state, claim, fetched, page, digest, now),
            asked=asked_by(answer.headers, now, page.ttl),
            title=page.title,
        )

    async def _with_parts(self, claim: Claim, kind: Kind, whole: Page, now: datetime) -> Page:
        """Read the documents that belong to one, and return all of it as one Page. A part that
        can't be read is asked for again at the next poll; the error of the last is raised when
        none can.
        """
        failed: FetchError | ParseError | None = None
        read = 0
        for part in whole.parts:
            try:
                page = await self._part(claim.source, kind, part, whole.known, now)
            except HostParkedError:
                break
            except (FetchError, ParseError) as error:
                failed = error
            else:
                read += 1
                whole = _joined(whole, page, part)
        if failed is not None and not read:
            raise failed
        return replace(whole, partial=whole.partial or read < len(whole.parts))

    async def _part(
        self, source: Source, kind: Kind, part: PagePart, known: bytes, now: datetime
    ) -> Page:
        request = Request(part.url, kind.request(source, SourceState(), now).headers)
        answer = (await self._fetcher.fetch(request, now)).answer
        return _captured(await self._parse(kind, source, answer, known), answer)

    async def _parse(self, kind: Kind, source: Source, answer: Answer, known: bytes) -> Page:
        """Read in the sandbox; nothing more is fetched while too much waits to be read."""
        self._unread += 1
        if self._unread >= UNREAD_MOST:
            self._fetcher.hold()
        try:
            return await self._sandbox.parse(kind.name, source, answer, known)
        finally:
            self._unread -= 1
            if self._unread < UNREAD_MOST:
                self._fetcher.go_on()


def _captured(page: Page, answer: Answer) -> Page:
    """Return the page, each Item with the proof of the document it stood in."""
    if not page.items:
        return page
    capture = Capture(answer.url, sha256(answer.body).hexdigest())
    return replace(page, items=tuple(replace(item, capture=capture) for item in page.items))


def _joined(whole: Page, page: Page, part: PagePart) -> Page:
    """Return a document with one of its parts, which is now known to have been read, unless it
    broke off: then it is asked for again.
    """
    known = Known.unpack(page.known)
    mark = {} if page.partial else {bytes.fromhex(part.mark): NAMELESS}
    return replace(
        whole,
        items=(*whole.items, *page.items),
        title=whole.title or page.title,
        known=Known({**known.keys, **mark}, known.shared).pack(),
        total=whole.total + page.total,
        partial=whole.partial or page.partial,
        notes=(*whole.notes, *page.notes),
    )


def _unchanged(
    claim: Claim, outcome: Outcome, answer: Answer, state: SourceState, now: datetime
) -> Result:
    kept = None if state == claim.state else state
    return Result(claim, outcome, now, state=kept, asked=asked_by(answer.headers, now))


def _of_source(page: Page, source: Source) -> tuple[Item, ...]:
    """Return the page's Items; those of a Source without a name are called as the feed is."""
    name = source.name or page.title
    return tuple(
        item
        if item.source == name and item.source_id == source.id
        else replace(item, source=name, source_id=source.id)
        for item in page.items
    )


def _moved(state: SourceState, moved_to: str) -> SourceState:
    """Count the sightings of one permanent redirect in a row."""
    if moved_to == state.moved_to:
        if not moved_to:
            return state
        return replace(state, moved_times=min(state.moved_times + 1, MOVES_AFTER))
    return replace(state, moved_to=moved_to, moved_times=1 if moved_to else 0)


def _polled(state: SourceState, now: datetime) -> SourceState:
    """Let an answer that says nothing new be the first good poll of a Source that is asked again
    after a while: what comes next is news, and no backlog.
    """
    return state if state.first_polled is not None else replace(state, first_polled=now)


def _validators(fetched: Fetched, now: datetime) -> Validators:
    """Return what the server gave to ask "anything new since?". Not a date where an address was
    led to another: where it leads next time something else may stand, and be the older file.
    """
    headers = fetched.answer.headers
    etag = headers.get("etag", "")
    last_modified = "" if fetched.redirected else headers.get("last-modified", "")
    return Validators(etag, last_modified, now if etag or last_modified else None)


def _refreshed(state: SourceState, fetched: Fetched, now: datetime) -> SourceState:
    """Keep the server's new validators for the same items, and the same ones when they age."""
    kept, sent = state.validators, _validators(fetched, now)
    same = (kept.etag, kept.last_modified) == (sent.etag, sent.last_modified)
    if same and (kept.stored_at is None or timedelta() <= now - kept.stored_at < _AGED):
        return state
    return replace(state, validators=sent)


def _read_state(
    state: SourceState, claim: Claim, fetched: Fetched, page: Page, digest: bytes, now: datetime
) -> SourceState:
    """Return what the next poll needs. Of a document that was cut short neither validators nor
    hash are kept: the next poll must see the whole of it. Nor of one that the same bytes don't
    settle.
    """
    cut = page.partial or fetched.answer.cut
    unsettled = cut or page.again
    first = state.first_polled
    if first is None and not (cut and claim.pace.last_ok is None):
        first = now
    return replace(
        state,
        validators=Validators() if unsettled else _validators(fetched, now),
        items_hash=b"" if unsettled else digest,
        known=page.known if page.total else state.known,
        first_polled=first,
    )
