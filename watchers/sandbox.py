"""Parsing in children that can be killed: nothing a stranger sends is parsed in this process."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator
from dataclasses import replace
from types import TracebackType
from typing import Self

from model import NewSource, Page, ParseError, Source
from watchers.answer import Answer, Article, Link, Paper
from watchers.process import Child, Limits, LostError
from watchers.slices import Slices
from watchers.wire import Frame, hear_article, hear_feeds, hear_links, hear_paper

__all__ = ["Limits", "Sandbox"]


def _cores() -> int:
    """Return how many processors this process may use."""
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed else os.cpu_count() or 1


class Sandbox:
    """A few children, started when first needed, at most one a core."""

    def __init__(self, children: int | None = None, limits: Limits | None = None) -> None:
        """Use at most `children` (default: one a core this process may use)."""
        self._limits = limits or Limits()
        self._free = asyncio.Semaphore(children or _cores())
        self._idle: list[Child] = []
        self._children: set[Child] = set()
        self._closed = asyncio.Event()

    async def parse(self, kind: str, source: Source, answer: Answer, known: bytes = b"") -> Page:
        """Return what `answer` says that `known` (SourceState.known) does not list.

        A long document is read in slices, others take turns in between. What kills the child is
        narrowed down and left out. Raises ParseError: no feed, or nothing of it can be read.
        """
        source = replace(source, kind=kind)
        return await Slices(self.ask, source, answer, known, self._limits).run()

    async def opml(self, body: bytes) -> tuple[NewSource, ...]:
        """Return the feeds an OPML file lists. Raises ParseError."""
        return hear_feeds(await self._ask_once(Frame({"job": "opml"}, body)))

    async def links(self, html: bytes, base: str, charset: str = "") -> tuple[Link, ...]:
        """Return the feeds a page points to, the likeliest first (watchers.links). ParseError."""
        words = {"job": "links", "base": base, "charset": charset}
        return hear_links(await self._ask_once(Frame(words, html)))

    async def article(self, html: bytes, url: str, charset: str = "") -> Article:
        """Return the article on a page (watchers.pages). Raises ParseError."""
        words = {"job": "page", "url": url, "charset": charset}
        return hear_article(await self._ask_once(Frame(words, html)))

    async def paper(self, body: bytes) -> Paper:
        """Return what a court document shows (watchers.papers). Raises ParseError."""
        return hear_paper(await self._ask_once(Frame({"job": "paper"}, body)))

    async def ask(self, job: Frame) -> Frame:
        """Have a child do one job. Raises LostError when it takes the child with it, ParseError
        when it ends in a sentence.
        """
        async with self._child() as child:
            answer = await child.ask(job)
        if "error" in answer.words:
            raise ParseError(str(answer.words["error"]))
        return answer

    async def _ask_once(self, job: Frame) -> Frame:
        try:
            return await self.ask(job)
        except LostError as error:
            raise ParseError(error.sentence(self._limits)) from error

    @contextlib.asynccontextmanager
    async def _child(self) -> AsyncIterator[Child]:
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

    async def _start(self) -> Child:
        """Start a child. Raises ParseError when the sandbox is closed, before or meanwhile."""
        if not self._closed.is_set():
            try:
                child = await Child.start(self._limits)
            except OSError as error:
                raise LostError(f"it can't be started: {error}", by_itself=False) from error
            self._children.add(child)
            if not self._closed.is_set():
                return child
            await child.end()
        raise ParseError("This was not read: vigil is stopping.")

    async def close(self) -> None:
        """End all children; what they are at is lost."""
        self._closed.set()
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
