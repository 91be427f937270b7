"""Whom to tell of what was filed: those who follow the docket, and those whose Watch it mentions.

A caption says the same at every entry, so it counts once for a Watch; what an entry itself says
always counts. Entries are never joined by their words, only by court, case and number. Pure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from matching.filings import is_told, severity_of
from matching.raising import Audience, admits
from model import (
    AlertDraft,
    AlertKind,
    Bond,
    Decision,
    Filed,
    Filing,
    Following,
    Item,
    Level,
    Mention,
    News,
    Priority,
    Severity,
    Source,
    Step,
    Subscriber,
    Tie,
    Told,
)

CASE_CHANGES = frozenset({"found", "unsealed", "renamed"})
"""What becomes of a docket and is told to all who follow it."""
_HAPPENED = CASE_CHANGES | {"event"}
_URGENCY = {Priority.HIGH: 0, Priority.NORMAL: 1, Priority.DIGEST: 2}
_CAPTION = "title"
_CRIMINAL = ("-cr-", "-mj-")


@dataclass(frozen=True, slots=True)
class Readers:
    """A docket that is followed, and who hears of it."""

    following: Following
    subscriber_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """What the Watches find in one Item."""

    counting: tuple[Mention, ...] = ()
    possible: tuple[Mention, ...] = ()
    """Of Watches that have none that counts: scores from 40 to below their threshold."""


@dataclass(frozen=True, slots=True)
class Known:
    """What raising needs to know besides what was filed."""

    audience: Mapping[int, Audience] = field(default_factory=dict)
    readers: Mapping[int, Readers] = field(default_factory=dict)
    """By docket."""
    named: Collection[tuple[int, int]] = ()
    """(docket, watch): whose caption was told to a Watch's people."""
    mentioned: Mapping[int, Collection[int]] = field(default_factory=dict)
    """By Item: the Watches that had a Mention in its own words before, not only in the caption."""
    hidden: Collection[tuple[int, int]] = ()
    """(watch, item) pairs marked "not them"."""
    private: Collection[int] = ()
    """The Subscribers that are private or team chats: only they hear what is possible."""


@dataclass(slots=True)
class Raised:
    """What comes of a batch of Filings."""

    drafts: list[AlertDraft] = field(default_factory=list)
    counted: Counter[int] = field(default_factory=Counter)
    """By docket: Filings below the level of those who follow it."""
    named: set[tuple[int, int]] = field(default_factory=set)
    """(docket, watch) pairs to be remembered."""


@dataclass(slots=True)
class _Why:
    """Why one Subscriber hears of one Filing."""

    watches: list[Audience] = field(default_factory=list)
    followed: bool = False
    anew: bool = False
    possible: bool = False
    urgent: bool = False


def readers_of(
    followings: Iterable[Following], subscribers: Iterable[Subscriber]
) -> dict[int, Readers]:
    """Return by docket who hears of it; one that names nobody goes to private and team chats.
    Visitors follow no dockets: one that is named was a member once.
    """
    enabled = {one.id: one for one in subscribers if one.enabled and not one.is_visitor}
    everybody = tuple(one.id for one in enabled.values() if not one.public)
    return {
        one.docket.id: Readers(
            one, tuple(i for i in one.to if i in enabled) if one.to else everybody
        )
        for one in followings
        if one.enabled
    }


def weight(filing: Filing | None) -> int:
    """Return how far to the front a Filing stands in a message: the smaller, the further."""
    return severity_of(filing).rank if filing else 9


def raise_filings(
    filed: Sequence[Filed],
    seen: Mapping[int, Seen],
    known: Known,
    *,
    now: datetime,
    sources: Mapping[int, Source],
) -> Raised:
    """Return a draft for each Filing and each Subscriber who should hear of it, with every reason
    there is; the Filings that are only counted; and whose captions have now been told.

    `seen`: by Item id. Filings are taken in the order given: the first of a docket that is told
    to a Watch is the one that tells it of the caption.
    """
    raised = Raised()
    named = set(known.named)
    for one in filed:
        why: dict[int, _Why] = {}
        found = seen.get(one.recorded.item.id, Seen())
        source = sources.get(one.recorded.item.source_id)
        _by_watches(one, found, known, named, why, source)
        if _by_following(one, known.readers.get(one.docket.id), why, now):
            raised.counted[one.docket.id] += 1
        _by_chance(one, found, known, named, why)
        raised.drafts += [_draft(who, one, some, found) for who, some in sorted(why.items())]
    raised.named = named - set(known.named)
    return raised


def _by_watches(
    one: Filed,
    found: Seen,
    known: Known,
    named: set[tuple[int, int]],
    why: dict[int, _Why],
    source: Source | None,
) -> None:
    item = one.recorded.item
    had = known.mentioned.get(item.id, ())
    mentions: dict[int, list[Mention]] = {}
    for mention in found.counting:
        mentions.setdefault(mention.watch_id, []).append(mention)
    for watch_id, some in sorted(mentions.items()):
        who = known.audience.get(watch_id)
        if who is None or (watch_id, item.id) in known.hidden or not _hears(who, item, source):
            continue
        case = (one.docket.id, watch_id)
        first = case not in named
        if any(mention.field == _CAPTION for mention in some):
            named.add(case)
        if not _counts(one, some, first=first, fresh=watch_id not in had):
            continue
        for subscriber_id in who.subscriber_ids:
            mine = why.setdefault(subscriber_id, _Why())
            mine.watches.append(who)
            mine.anew = mine.anew or one.recorded.news is News.CHANGED


def _hears(who: Audience, item: Item, source: Source | None) -> bool:
    stored = who.watch
    return stored.enabled and admits(stored.watch, item, source)


def _counts(one: Filed, mentions: Sequence[Mention], *, first: bool, fresh: bool) -> bool:
    """Return whether these Mentions of one Watch make an Alert."""
    filing = one.recorded.item.filing or Filing()
    if all(mention.field == _CAPTION for mention in mentions):
        return first or (_is_event(one) and is_told(_of_events(one, filing), Level.ORDERS))
    return fresh or _loud(one)


def _is_event(one: Filed) -> bool:
    """Return whether something has happened: the Filing is new, or now says what it did not."""
    return one.recorded.news is News.NEW or bool(one.events)


def _is_told_again(one: Filed) -> bool:
    """Return whether more is known of a Filing than an edit of what was told should say."""
    return one.recorded.news is News.CHANGED and bool(one.changes & _HAPPENED)


def _of_events(one: Filed, filing: Filing) -> Filing:
    """Return a Filing with only what it newly says happened."""
    return filing if one.recorded.news is News.NEW else replace(filing, events=one.events)


def _loud(one: Filed) -> bool:
    return any(event.severity is Severity.LOUD for event in one.events)


def _by_following(one: Filed, readers: Readers | None, why: dict[int, _Why], now: datetime) -> bool:
    """Add those who follow the docket; return whether the Filing is only counted for them."""
    if readers is None:
        return False
    following = readers.following
    about_case = bool(one.changes & CASE_CHANGES)
    if not about_case and (one.recorded.backlog or not _is_event(one)):
        return False
    muted = following.muted_until is not None and following.muted_until > now
    level = Level.ORDERS if muted else following.level
    filing = one.recorded.item.filing or Filing()
    if not about_case and not is_told(_of_events(one, filing), level):
        return one.recorded.news is News.NEW
    for subscriber_id in readers.subscriber_ids:
        mine = why.setdefault(subscriber_id, _Why())
        mine.followed = True
        mine.anew = mine.anew or _is_told_again(one)
        mine.urgent = mine.urgent or about_case or _loud(one)
    return False


def _by_chance(
    one: Filed,
    found: Seen,
    known: Known,
    named: set[tuple[int, int]],
    why: dict[int, _Why],
) -> None:
    """Add the private chats to which a new criminal case may matter."""
    new = one.opens or bool(one.changes & {"unsealed", "named"})
    if not new or one.recorded.backlog or not is_criminal(one.docket.number):
        return
    for watch_id in sorted({m.watch_id for m in found.possible if m.field == _CAPTION}):
        who = known.audience.get(watch_id)
        if who is None or (one.docket.id, watch_id) in named:
            continue
        if not _hears(who, one.recorded.item, None):
            continue
        for subscriber_id in who.subscriber_ids:
            mine = why.get(subscriber_id)
            if subscriber_id in known.private and (mine is None or mine.possible):
                mine = why.setdefault(subscriber_id, _Why(possible=True))
                mine.watches.append(who)
                mine.anew = one.recorded.news is News.CHANGED


def is_criminal(number: str) -> bool:
    """Return whether a docket number is a criminal case's, or a magistrate's before it."""
    return any(kind in number for kind in _CRIMINAL)


def _draft(subscriber_id: int, one: Filed, why: _Why, found: Seen) -> AlertDraft:
    watch_ids = tuple(audience.watch.watch.id for audience in why.watches)
    pool = found.possible if why.possible else found.counting
    priorities = [audience.watch.watch.priority for audience in why.watches]
    if why.followed:
        priorities.append(Priority.HIGH if why.urgent else Priority.NORMAL)
    return AlertDraft(
        subscriber_id=subscriber_id,
        item=one.recorded.item,
        watch_ids=watch_ids,
        mentions=tuple(m for m in pool if m.watch_id in watch_ids),
        priority=min(priorities, key=_URGENCY.__getitem__, default=Priority.NORMAL),
        backlog=one.recorded.backlog and not why.followed,
        changed=one.recorded.news is News.CHANGED,
        docket_id=one.docket.id,
        changes=one.changes,
        anew=why.anew,
        followed=why.followed,
        possible=why.possible,
    )


def decide_filings(
    drafts: Sequence[AlertDraft], filed: Sequence[Filed], told: Iterable[Told]
) -> list[Decision]:
    """Say what becomes of each draft; then let every message that told of a Filing of which more
    is known now say so.

    `told`: every Alert about one of these Items, whenever it was.
    """
    had: dict[tuple[int, int], Told] = {}
    for one in sorted(told, key=lambda one: (one.at, one.alert_id)):
        for item_id in one.item_ids:
            had[one.subscriber_id, item_id] = one
    decisions = [_decide(draft, had) for draft in drafts]
    told_anew = {
        (one.draft.subscriber_id, one.draft.item.id) for one in decisions if one.step is Step.TELL
    }
    grown = {
        one.recorded.item.id: one
        for one in filed
        if one.recorded.news is News.CHANGED and one.changes
    }
    for (subscriber_id, item_id), before in had.items():
        if item_id in grown and (subscriber_id, item_id) not in told_anew:
            decisions.append(_edit(subscriber_id, grown[item_id], before))
    return decisions


def _decide(draft: AlertDraft, had: Mapping[tuple[int, int], Told]) -> Decision:
    before = had.get((draft.subscriber_id, draft.item.id))
    if before is None:
        return Decision(draft, Step.TELL)
    if not (draft.anew and _is_news_to(draft, before)):
        return Decision(draft, Step.NOTHING)
    if before.kind is not AlertKind.FILING:  # a court's backlog, or what was held for a digest
        return Decision(draft, Step.TELL)
    threaded = before.tie is not None and before.tie.bond is Bond.STAGE
    first = before.tie.alert_id if before.tie and threaded else before.alert_id
    return Decision(draft, Step.TELL, tie=Tie(first, Bond.STAGE))


def _is_news_to(draft: AlertDraft, before: Told) -> bool:
    """Return whether somebody who was told of a Filing should hear of it again: not because its
    text now says the name that its caption said, or says more of what was told; that edits the
    message they have. What was only possible and now is sure is news.
    """
    happened = bool(draft.changes & _HAPPENED)
    surely = before.possible and not draft.possible
    return happened or surely or not set(draft.watch_ids) <= set(before.watch_ids)


def _edit(subscriber_id: int, one: Filed, before: Told) -> Decision:
    draft = AlertDraft(
        subscriber_id=subscriber_id,
        item=one.recorded.item,
        watch_ids=before.watch_ids,
        mentions=(),
        changed=True,
        docket_id=one.docket.id,
        changes=one.changes,
    )
    return Decision(draft, Step.EDIT, before.alert_id)
