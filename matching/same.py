"""When two Items are the same thing, and when a draft is a Story its reader has already had."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b

from model import AlertDraft, AlertKind, Decision, Item, Step, Told

REPRINT_WINDOW = timedelta(hours=72)
"""How long the same headline or address counts as the same Story."""

_DIGEST = 16
_LEAST_TITLE_WORDS = 3
"""A shorter headline ("Live", "Editorial") is a rubric, and says nothing about its Story."""
_WORD = re.compile(r"\w+")
_MARKS = re.compile(r"[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670]+")
"""Accents, and the vowels of Hebrew and Arabic, once NFKD has set them apart."""
_UPDATE = re.compile(r"^update(?: \d+)? ")
_DOCKET = re.compile(r"^\s*(?:\d{1,2}:)?\d{2,4}-[A-Za-z]{2,4}-\d{2,}")
"""A court's feed titles each filing of a case alike: `1:19-cr-00366 USA v. …`."""


@dataclass(frozen=True, slots=True)
class ItemKeys:
    """By what an Item is known again: digests of 16 bytes each, empty where there is nothing
    to go by. Only `key` is an identity; the others are what it falls back to.
    """

    key: bytes
    """What its Source calls it; without that its address, without that its words. Never empty."""
    url_key: bytes
    """Its canonical address; empty for a front page, which is nobody's own."""
    title_key: bytes
    """Its headline, folded; empty when it is too short or the caption of a case."""
    print_key: bytes
    """Its headline and text: the same words under another address are the same Item."""


def key_of(item: Item) -> bytes:
    """Return `item_keys(item).key` alone, which costs much less."""
    return _digest(item.key or item.url or _print_words(item))


def item_keys(item: Item) -> ItemKeys:
    """Return the digests by which `item` is known again."""
    words = _print_words(item)
    court = item.filing is not None or _DOCKET.match(item.title) is not None
    return ItemKeys(
        key=_digest(item.key or item.url or words),
        url_key=b"" if court or _is_front_page(item.url) else _digest(item.url),
        title_key=b"" if court else _title_key(item.title),
        print_key=_digest(words) if words.strip(" \x1f") else b"",
    )


def _digest(text: str) -> bytes:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_DIGEST).digest()


def _is_front_page(url: str) -> bool:
    """Tell an address without path or query, with or without its scheme."""
    where, _, rest = url.partition("://")[2].partition("/")
    return not where or not (rest.partition("#")[0] or "?" in where)


def _print_words(item: Item) -> str:
    """Return the cleaned texts as one, whatever their case and their lines."""
    return "\x1f".join((item.title, item.summary, item.text)).replace("\n", " ").lower()


def _title_key(title: str) -> bytes:
    words = _WORD.findall(_folded(title))
    if len(words) < _LEAST_TITLE_WORDS and len("".join(words)) < 5 * _LEAST_TITLE_WORDS:
        return b""
    return _digest(_UPDATE.sub("", " ".join(words)))


def _folded(text: str) -> str:
    if text.isascii():
        return text.lower()
    return _MARKS.sub("", unicodedata.normalize("NFKD", text)).casefold()


def decide(
    drafts: Sequence[AlertDraft],
    told: Iterable[Told],
    *,
    now: datetime,
    merge_reprints: bool = True,
    edit_window: timedelta = timedelta(hours=24),
) -> list[Decision]:
    """Say for each draft, in order, whether it is told, joined to an Alert its reader has had,
    an edit of one, or nothing.

    A draft can join one told earlier in the same list, whose Alert has no id yet: its
    `alert_id` is then -(position + 1), the position counted from 0 in the returned list.
    """
    memory = _Memory(told)
    decisions: list[Decision] = []
    for draft in drafts:
        if draft.changed:
            decision = _decide_changed(draft, memory, now, edit_window)
        else:
            decision = _decide_new(draft, memory, now, merge_reprints=merge_reprints)
        decisions.append(decision)
        memory.remember(decision, -len(decisions), now)
    return decisions


class _Memory:
    """What each Subscriber has been told, the earlier drafts of this batch included."""

    def __init__(self, told: Iterable[Told]) -> None:
        self._told: dict[int, list[Told]] = {}
        for one in told:
            self._told.setdefault(one.subscriber_id, []).append(one)

    def about(self, draft: AlertDraft) -> list[Told]:
        """Return the Alerts that told this reader of this very Item, the latest first."""
        mine = self._told.get(draft.subscriber_id, ())
        found = [one for one in mine if draft.item.id and draft.item.id in one.item_ids]
        return sorted(found, key=lambda one: one.at, reverse=True)

    def reprints(self, draft: AlertDraft, since: datetime) -> list[Told]:
        """Return the Alerts since then with the same address or headline, the earliest first,
        that already spoke for every Watch of the draft.
        """
        mine = self._told.get(draft.subscriber_id, ())
        if not mine:
            return []
        keys = item_keys(draft.item)
        found = [
            one
            for one in mine
            if one.kind is AlertKind.STORY
            and one.at >= since
            and _covers(one.watch_ids, draft.watch_ids)
            and (_shares(keys.url_key, one.url_keys) or _shares(keys.title_key, one.title_keys))
        ]
        return sorted(found, key=lambda one: one.at)

    def remember(self, decision: Decision, alert_id: int, now: datetime) -> None:
        """Keep what was just decided to be told, for the rest of the batch."""
        draft = decision.draft
        if decision.step is not Step.TELL:
            return
        keys = item_keys(draft.item)
        one = Told(
            alert_id=alert_id,
            subscriber_id=draft.subscriber_id,
            story_id=0,
            watch_ids=draft.watch_ids,
            item_ids=(draft.item.id,),
            url_keys=(keys.url_key,),
            title_keys=(keys.title_key,),
            at=now,
            kind=AlertKind.BACKLOG if draft.backlog else AlertKind.STORY,
        )
        self._told.setdefault(draft.subscriber_id, []).append(one)


def _covers(told: Collection[int], wanted: Iterable[int]) -> bool:
    return all(watch_id in told for watch_id in wanted)


def _shares(key: bytes, keys: Collection[bytes]) -> bool:
    return bool(key) and key in keys


def _decide_changed(
    draft: AlertDraft, memory: _Memory, now: datetime, edit_window: timedelta
) -> Decision:
    """Tell an edit that newly names somebody; let a new headline edit the Message."""
    before = memory.about(draft)
    had = {watch_id for one in before for watch_id in one.watch_ids}
    if not _covers(had, draft.fresh_watches):
        return Decision(draft, Step.TELL)
    recent = [one for one in before if now - one.at <= edit_window]
    if draft.headline_changed and recent:
        return Decision(draft, Step.EDIT, recent[0].alert_id)
    return Decision(draft, Step.NOTHING)


def _decide_new(
    draft: AlertDraft, memory: _Memory, now: datetime, *, merge_reprints: bool
) -> Decision:
    """Tell a new Item, unless its Story was told to this reader for all of these Watches."""
    if memory.about(draft):
        return Decision(draft, Step.NOTHING)
    if merge_reprints and not draft.backlog:
        reprints = memory.reprints(draft, now - REPRINT_WINDOW)
        if reprints:
            return Decision(draft, Step.JOIN, reprints[0].alert_id)
    return Decision(draft, Step.TELL)
