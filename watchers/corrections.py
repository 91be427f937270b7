"""What has become of what was told: versions kept with their proofs, pages looked at again.

All of it happens in the transactions of `take_in`, which decides what is told.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from matching.amendments import said_by_source
from model import AlertDraft, Bond, Decision, Item, Mention, News, Recorded, Step
from model.item import Capture
from model.version import Changed, Part, Version
from store import items, outbox, pages, second_looks, versions
from store.engine import Tx
from watchers.want import FullText

CORRECTED = second_looks.AFTER[-1] + timedelta(days=2)
"""What was told longer ago is not answered any more."""


@dataclass(frozen=True, slots=True)
class Noticed:
    """What changed in told Items, by Item id."""

    changed: Mapping[int, tuple[Changed, ...]] = field(default_factory=dict)
    missing: Mapping[int, Collection[int]] = field(default_factory=dict)
    """Watches that were named no longer before this; an Item is left out whose words don't show
    whom it names.
    """


@dataclass(frozen=True, slots=True)
class PageSaid:
    """What was found at the address of an Item's own page."""

    item: Item
    """The Item with the page's words."""
    before: Item
    """The Item as it was stored."""
    version: Version | None = None
    """What is kept of it: of the page, or that it is gone."""
    readable: bool = True
    """It shows whom it names: it is there, whole, and no wall stands before it."""


class Corrections:
    """Notices what changes in what was told."""

    def __init__(self, full_text: FullText) -> None:
        """Look at pages again where `full_text` lets pages be read at all."""
        self._reads_pages = full_text is not FullText.NEVER

    async def notice(
        self,
        tx: Tx,
        recorded: Sequence[Recorded],
        found: dict[tuple[int, str, str], list[Mention]],
        now: datetime,
    ) -> tuple[list[Recorded], Noticed]:
        """Keep the new versions of told Items among what was recorded, and return what changed.

        What a page said stands until the page is looked at again, which is soon: its text stays
        with the Item, and whom it names is named still (`found` grows).
        """
        edited = [one for one in recorded if one.news is News.CHANGED]
        kept = await versions.kept_of(tx, [one.item.id for one in edited])
        told = [one for one in edited if one.item.id in kept]
        if not told:
            return list(recorded), Noticed()
        said = [said_by_source(one.item) for one in told]
        changed = await versions.keep(tx, [replace(one, seen_at=now) for one in said if one])
        flapping = await versions.flapping(tx, changed.keys())
        # What was told of that step is not told at each turn: nothing to compare it with.
        told = [replace(o, before=None) if o.item.id in flapping else o for o in told]
        whole = {one.item.id: one for one in told} | await self._with_pages(tx, told, found)
        ids = [one.item.id for one in told if one.item.id not in flapping]
        missing: dict[int, Collection[int]] = {}
        if self._reads_pages:
            await second_looks.soon(tx, ids, now)
        else:
            gone = await versions.gone(tx, ids)
            missing = {one: gone.get(one, {}).keys() for one in ids}
        return [whole.get(one.item.id, one) for one in recorded], Noticed(changed, missing)

    async def _with_pages(
        self, tx: Tx, told: Sequence[Recorded], found: dict[tuple[int, str, str], list[Mention]]
    ) -> dict[int, Recorded]:
        """Return those whose page says more than their Source, with the page's text."""
        texts = await versions.page_texts(tx, [one.item.id for one in told])
        longer = [one for one in told if len(texts.get(one.item.id, "")) > len(one.item.text)]
        named = await items.mentions_in_text(tx, [one.item.id for one in longer])
        whole: dict[int, Recorded] = {}
        for one in longer:
            item = replace(one.item, text=texts[one.item.id])
            await pages.keep_words(tx, item, one.item)
            whole[item.id] = replace(one, item=item)
            if named.get(item.id):
                key = (item.source_id, item.key, item.url)
                found[key] = [*found.get(key, ()), *named[item.id]]
        return whole

    async def follow(
        self,
        tx: Tx,
        decisions: Sequence[Decision],
        noticed: Noticed,
        now: datetime,
        page: PageSaid | None = None,
    ) -> int:
        """Keep what is told for the first time as it was fetched, want its pages looked at again,
        keep which names went or are back; have the messages that are answered say the same.

        `page`: what was read, where that is how it came. Returns how many messages are edited.
        """
        told = [one.draft for one in decisions if one.step in (Step.TELL, Step.JOIN)]
        known = await self.prove(tx, [page.before if page else one.item for one in told])
        if page is not None and page.version is not None and page.item.id in known:
            await versions.keep(tx, [page.version])
        if self._reads_pages:
            wanted = {one.item.id: one.item for one in told if not one.backlog}
            await second_looks.want(tx, [one for one in wanted.values() if _has_page(one)], now)
        await self._note_names(tx, [one.draft for one in decisions], noticed, now)
        return await _edit_roots(tx, decisions, now)

    async def prove(
        self,
        tx: Tx,
        told: Sequence[Item],
        captures: Mapping[tuple[int, str], Capture | None] | None = None,
    ) -> set[int]:
        """Keep of told Items what they said and in which document; return the ids of those that
        are new here. `captures`: by Source and key, where Items don't carry theirs.
        """
        first = {one.id: _proved(one, captures or {}) for one in told if one.id}
        known = await versions.kept_of(tx, first)
        new = {item_id: item for item_id, item in first.items() if item_id not in known}
        said = [said_by_source(item) for item in new.values()]
        await versions.keep(tx, [one for one in said if one])
        return set(new)

    async def notice_page(self, tx: Tx, page: PageSaid, now: datetime) -> Noticed:
        """Keep what the page of a told Item says now, and return what changed."""
        item_id = page.item.id
        if item_id not in await versions.kept_of(tx, [item_id]):
            return Noticed()
        changed = await versions.keep(tx, [page.version] if page.version else [])
        gone = (await versions.gone(tx, [item_id])).get(item_id, {})
        return Noticed(changed, {item_id: gone.keys()} if page.readable else {})

    async def _note_names(
        self, tx: Tx, drafts: Sequence[AlertDraft], noticed: Noticed, now: datetime
    ) -> None:
        """Keep which names went from which Items, and which are back."""
        await versions.note_gone(
            tx, {(one.item.id, watch_id) for one in drafts for watch_id in one.dropped}, now
        )
        named = {(one.item.id, mention.watch_id) for one in drafts for mention in one.mentions}
        missing = {(one, of) for one, gone in noticed.missing.items() for of in gone}
        await versions.note_back(tx, sorted(missing & named))


async def _edit_roots(tx: Tx, decisions: Iterable[Decision], now: datetime) -> int:
    """Have the messages that a correction answers say it too; return how many."""
    roots = {
        one.tie.alert_id
        for one in decisions
        if one.tie and one.tie.bond is Bond.CORRECTION and not one.frozen
    }
    return sum([await outbox.queue_edit(tx, one, now) for one in sorted(roots)])


def _proved(item: Item, captures: Mapping[tuple[int, str], Capture | None]) -> Item:
    if item.capture is not None:
        return item
    return replace(item, capture=captures.get((item.source_id, item.key)))


def _has_page(item: Item) -> bool:
    return item.filing is None and item.url.startswith(("http://", "https://"))


def page_version(item: Item, title: str, text: str, capture: Capture, now: datetime) -> Version:
    """Return what the page of an Item says now."""
    return Version(item.id, now, Part.PAGE, capture.url, capture.sha256, title=title, text=text)


def gone_version(item: Item, url: str, status: int, now: datetime) -> Version:
    """Return that there is nothing any more where the page of an Item was."""
    return Version(item.id, now, Part.PAGE, url, "", status)
