"""One document read slice by slice, around whatever in it kills the reader."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import replace

from model import Page, ParseError, Source
from watchers.answer import Answer
from watchers.index import SLICE_ITEMS
from watchers.process import Limits, LostError
from watchers.wire import Frame, hear_page, say_answer, say_source

_MOST_GIVEN_UP = 3
"""Items in a row that can't be read: then it is the document."""


class Slices:
    """One document, slice by slice, until all of it is read or given up."""

    def __init__(
        self,
        ask: Callable[[Frame], Awaitable[Frame]],
        source: Source,
        answer: Answer,
        known: bytes,
        limits: Limits,
    ) -> None:
        """Read `answer` by putting jobs to `ask`, which raises LostError or ParseError."""
        self._ask, self._source, self._answer = ask, source, answer
        self._limits = limits
        self._known = known
        self._most = SLICE_ITEMS
        self._aside = 0
        self._given_up = 0
        self._again = False
        self._pages: list[Page] = []

    async def run(self) -> Page:
        """Read to the end, or as long as patience lasts."""
        until = time.monotonic() + self._limits.patience
        while True:
            try:
                self._take(await self._slice(self._most, self._aside))
            except LostError as lost:
                if time.monotonic() > until and not self._pages:
                    raise ParseError(lost.sentence(self._limits)) from lost
                await self._narrow(lost)
            if self._pages and (not self._pages[-1].unread or time.monotonic() > until):
                return self._whole(self._pages)

    def _take(self, page: Page) -> None:
        """Keep a slice. With the one that could not be read behind us, read on at full pace."""
        self._pages.append(page)
        self._known = page.known
        if self._aside:
            self._given_up += self._aside
            self._aside, self._most = 0, SLICE_ITEMS

    async def _narrow(self, lost: LostError) -> None:
        """Read fewer at once, down to one; then leave that one out, but only for its own fault:
        a child that was ended from outside is replaced once. Raises ParseError when it is not an
        item that can't be read, but the document.
        """
        if not lost.by_itself and not self._again:
            self._again = True
            return
        if not lost.by_itself or self._aside >= _MOST_GIVEN_UP:
            raise ParseError(lost.sentence(self._limits)) from lost
        if self._most == 1:
            self._aside += 1
            return
        try:
            unread = (await self._slice(0, 0)).unread
        except LostError:
            raise ParseError(lost.sentence(self._limits)) from lost
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
        frame = await self._ask(Frame(words, self._known + self._answer.body))
        try:
            page = hear_page(frame)
        except (KeyError, TypeError, ValueError) as error:
            raise ParseError(
                LostError("its answer is garbled", by_itself=True).sentence(self._limits)
            ) from error
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
