"""Parsing in children that can be killed: nothing a stranger sends is parsed in this process."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Self

from model import NewSource, Page, ParseError, Source
from watchers.answer import Answer, Link
from watchers.wire import (
    HEAD,
    Frame,
    hear_feeds,
    hear_links,
    hear_page,
    lengths,
    say_answer,
    say_source,
)

SLICE = 500
"""Items read at one go."""

_ROOT = Path(__file__).resolve().parent.parent
_STARTING = 10.0
_WAITING = 4.0
"""A job may take this many times its limit by the clock, which runs on while others have the
processor; the limit itself is processor time."""
_MOST_GIVEN_UP = 3
"""Items in a row that can't be read: then it is the document."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one job may cost."""

    seconds: float = 2.0
    """Processor time of one slice."""
    patience: float = 60.0
    """Seconds by the clock for all slices of one document; the rest waits for the next poll."""
    memory: int = 512 * 1024 * 1024
    """Bytes of address space of a child, which starts with about 40 MB."""


def _cores() -> int:
    """Return how many processors this process may use."""
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed else os.cpu_count() or 1


class _LostError(Exception):
    """The child did not survive the job."""


class Sandbox:
    """A few children, started when first needed, at most one a core."""

    def __init__(self, children: int | None = None, limits: Limits | None = None) -> None:
        """Use at most `children` (default: one a core this process may use)."""
        self._limits = limits or Limits()
        self._free = asyncio.Semaphore(children or _cores())
        self._idle: list[_Child] = []
        self._children: set[_Child] = set()

    async def parse(self, kind: str, source: Source, answer: Answer, known: bytes = b"") -> Page:
        """Return what `answer` says that `known` (SourceState.known) does not list.

        A long document is read in slices, others take turns in between. What kills the child is
        narrowed down and left out. Raises ParseError: no feed, or nothing of it can be read.
        """
        source = replace(source, kind=kind)
        return await _Reading(self, source, answer, known, self._limits).run()

    async def opml(self, body: bytes) -> tuple[NewSource, ...]:
        """Return the feeds an OPML file lists. Raises ParseError."""
        return hear_feeds(await self._ask_once(Frame({"job": "opml"}, body)))

    async def links(self, html: bytes, base: str, charset: str = "") -> tuple[Link, ...]:
        """Return the feeds a page points to, the likeliest first (watchers.links). ParseError."""
        words = {"job": "links", "base": base, "charset": charset}
        return hear_links(await self._ask_once(Frame(words, html)))

    async def ask(self, job: Frame) -> Frame:
        """Have a child do one job. Raises _LostError when it takes the child with it, ParseError
        when it ends in a sentence.
        """
        async with self._child() as child:
            answer = await child.ask(job)
        if "error" in answer.words:
            raise ParseError(str(answer.words["error"]))
        if "died" in answer.words:
            raise _LostError(str(answer.words["died"]))
        return answer

    async def _ask_once(self, job: Frame) -> Frame:
        try:
            return await self.ask(job)
        except _LostError as error:
            raise ParseError(_sentence(error, self._limits)) from error

    @contextlib.asynccontextmanager
    async def _child(self) -> AsyncIterator[_Child]:
        """Lend a child. One that was lost, or whose answer nobody waits for, is ended."""
        async with self._free:
            child = self._idle.pop() if self._idle else await self._start()
            fine = False
            try:
                yield child
                fine = not child.lost
            finally:
                if fine:
                    self._idle.append(child)
                else:
                    self._children.discard(child)
                    await child.end()

    async def _start(self) -> _Child:
        child = await _Child.start(self._limits)
        self._children.add(child)
        return child

    async def close(self) -> None:
        """End all children; what they are at is lost."""
        children, self._children = self._children, set()
        self._idle.clear()
        await asyncio.gather(*(child.end() for child in children))

    async def __aenter__(self) -> Self:
        """Use the sandbox; its children start when they are needed."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End all children."""
        await self.close()


class _Child:
    """One process, asked one thing at a time."""

    def __init__(self, process: asyncio.subprocess.Process, limits: Limits) -> None:
        self._process = process
        self._limits = limits
        self._patience = _STARTING
        self.lost = False

    @classmethod
    async def start(cls, limits: Limits) -> _Child:
        """Start a process that inherits nothing: no descriptor, no environment, no folder."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-P", "-s", "-B", "-m", "watchers.child",
            str(limits.seconds), str(limits.memory),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL, cwd="/", start_new_session=True,
            env={"PYTHONPATH": str(_ROOT), "PYTHONUTF8": "1"}, limit=1 << 20,
        )  # fmt: skip
        return cls(process, limits)

    async def ask(self, job: Frame) -> Frame:
        """Send one job and wait for its answer. Raises _LostError."""
        patience, self._patience = self._patience, 0.0
        self.lost = True
        try:
            async with asyncio.timeout(patience + self._limits.seconds * _WAITING):
                answer = await self._exchange(job)
        except TimeoutError:
            raise _LostError("time") from None
        except (OSError, EOFError, ValueError):
            raise _LostError("time" if await self._ran_out() else "end") from None
        self.lost = "died" in answer.words
        return answer

    async def _exchange(self, job: Frame) -> Frame:
        into, out = self._process.stdin, self._process.stdout
        if into is None or out is None:
            raise EOFError
        into.write(job.pack())
        await into.drain()
        words, body = lengths(await out.readexactly(HEAD.size))
        return Frame(json.loads(await out.readexactly(words)), await out.readexactly(body))

    async def _ran_out(self) -> bool:
        """Say whether the kernel ended it for its processor time."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(1):
                return await self._process.wait() == -signal.SIGPROF
        return False

    async def end(self) -> None:
        """End the process, whatever it is at, and wait until it is gone."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        if self._process.stdin is not None:
            self._process.stdin.close()
        await self._process.wait()


class _Reading:
    """One document, slice by slice, until all of it is read or given up."""

    def __init__(
        self, sandbox: Sandbox, source: Source, answer: Answer, known: bytes, limits: Limits
    ) -> None:
        self._sandbox, self._source, self._answer = sandbox, source, answer
        self._limits = limits
        self._known = known
        self._most = SLICE
        self._aside = 0
        self._given_up = 0
        self._pages: list[Page] = []

    async def run(self) -> Page:
        """Read to the end, or as long as patience lasts."""
        until = time.monotonic() + self._limits.patience
        while True:
            try:
                self._take(await self._slice(self._most, self._aside))
            except _LostError as lost:
                if time.monotonic() > until and not self._pages:
                    raise ParseError(_sentence(lost, self._limits)) from lost
                await self._narrow(lost)
            if self._pages and (not self._pages[-1].unread or time.monotonic() > until):
                return self._whole(self._pages)

    def _take(self, page: Page) -> None:
        """Keep a slice. With the one that could not be read behind us, read on at full pace."""
        self._pages.append(page)
        self._known = page.known
        if self._aside:
            self._given_up += self._aside
            self._aside, self._most = 0, SLICE

    async def _narrow(self, lost: _LostError) -> None:
        """Read fewer at once, down to one; then leave that one out. Raises ParseError when it is
        not an item that can't be read, but the document.
        """
        if self._aside >= _MOST_GIVEN_UP:
            raise ParseError(_sentence(lost, self._limits)) from lost
        if self._most == 1:
            self._aside += 1
            return
        try:
            unread = (await self._slice(0, 0)).unread
        except _LostError:
            raise ParseError(_sentence(lost, self._limits)) from lost
        self._most = max(1, min(self._most, unread) // 8)
        self._aside = 1 if unread == 1 else 0

    async def _slice(self, most: int, aside: int) -> Page:
        words = {
            "job": "parse",
            "source": say_source(self._source),
            "answer": say_answer(self._answer),
            "known": len(self._known),
            "most": most,
            "aside": aside,
        }
        frame = await self._sandbox.ask(Frame(words, self._known + self._answer.body))
        try:
            page = hear_page(frame)
        except (KeyError, TypeError, ValueError) as error:
            raise ParseError(_sentence(_LostError("end"), self._limits)) from error
        return page

    def _whole(self, pages: list[Page]) -> Page:
        """Return the slices as one Page; its Items know their Source."""
        last = pages[-1]
        name, number = self._source.name, self._source.id
        items = (item for page in pages for item in page.items)
        return replace(
            last,
            items=tuple(replace(item, source=name, source_id=number) for item in items),
            partial=last.partial or last.unread > 0,
            notes=(*last.notes, *self._notes(last)),
        )

    def _notes(self, last: Page) -> list[str]:
        notes: list[str] = []
        if self._given_up:
            notes.append(f"Left out because they can't be read: {self._given_up} items.")
        if last.unread:
            notes.append(f"Very long: {last.unread} of {last.total} items are left for next time.")
        return notes


def _sentence(lost: _LostError, limits: Limits) -> str:
    """Say to a user why a document was given up."""
    why = str(lost)
    if why == "time":
        seconds = f"{limits.seconds:g} seconds"
        return f"This document takes longer than {seconds} to read, and was given up."
    if why == "memory":
        size = limits.memory // (1024 * 1024)
        return f"This document takes more than {size} MB of memory to read, and was given up."
    return f"This document could not be read: the reader stopped ({why})."
