"""Whether a draft is told, joins a Story its reader has had, follows one, or edits one (pure)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from matching.compare import Verdict
from matching.court_news import agree
from matching.grouping import WINDOW, Kept, Place, place
from matching.same import item_keys
from model import AlertDraft, AlertKind, Bond, Decision, Item, Sameness, Step, Tie, Told
from model.version import Changed

COMPARED = 80
"""So many of the latest Items of a reader's live Stories are compared with a new one."""
TURNED = "turned"
"""Why a correction is told (Tie.why) besides Changed: another kind of event."""
_THREADED = (Bond.STAGE, Bond.EARLIER)


@dataclass(frozen=True, slots=True)
class Joining:
    """What of the configuration decides what joins what."""

    merge: bool = True
    """False: only what is the very same Item is not told again."""
    edit_window: timedelta = timedelta(hours=24)
    """How long after it was told a Message is still edited."""
    compared: int = COMPARED
    """So many of the latest Items of a reader's live Stories are compared with a new one."""


def decide(
    drafts: Sequence[AlertDraft],
    told: Iterable[Told],
    *,
    now: datetime,
    rules: Joining | None = None,
) -> list[Decision]:
    """Say for each draft, in order, whether it is told, joined to an Alert its reader has had,
    an edit of one, or nothing.

    A draft can join one told earlier in the same list, whose Alert has no id yet: its
    `alert_id` is then -(position + 1), the position counted from 0 in the returned list.
    """
    given = rules or Joining()
    memory = _Memory(told, now, given)
    decisions: list[Decision] = []
    for draft in drafts:
        decision = _decide_changed(draft, memory) if draft.changed else _decide_new(draft, memory)
        decisions.append(decision)
        memory.remember(decision, -len(decisions))
    return decisions


class Telling:
    """What one reader of a single Watch would be told of Items that come one after another."""

    def __init__(self, rules: Joining | None = None) -> None:
        """Begin with a reader who was told nothing."""
        self._memory = _Memory((), datetime.min.replace(tzinfo=UTC), rules or Joining())
        self._count = 0

    def joins(self, item: Item, at: datetime) -> bool:
        """Say whether an Item that comes `at` would join what was told, and remember it. Items
        come in the order of their times.
        """
        self._memory.now = at
        self._memory.forget(at - 2 * WINDOW)
        decision = _decide_new(AlertDraft(0, item, (0,), ()), self._memory)
        self._count += 1
        self._memory.remember(decision, -self._count)
        return decision.step is not Step.TELL


def of_court(
    decisions: Sequence[Decision], told: Iterable[Told], *, now: datetime
) -> list[Decision]:
    """Return what was decided about Filings, each new one tied to the latest Story that its reader
    was told of the same case for one of the same Watches.
    """
    stories: dict[int, list[Told]] = {}
    for one in sorted(told, key=lambda one: one.at, reverse=True):
        if one.kind is AlertKind.STORY and one.at >= now - WINDOW and not _is_merged(one):
            stories.setdefault(one.subscriber_id, []).append(one)
    return [replace(one, tie=one.tie or _court_tie(one, stories)) for one in decisions]


def _court_tie(decision: Decision, stories: dict[int, list[Told]]) -> Tie | None:
    draft = decision.draft
    if decision.step is not Step.TELL or draft.backlog or draft.possible:
        return None
    for one in stories.get(draft.subscriber_id, ()):
        if set(one.watch_ids) & set(draft.watch_ids) and agree(draft.item, one.items):
            return Tie(one.alert_id, Bond.COURT)
    return None


class _Memory:
    """What each Subscriber has been told, the earlier drafts of this batch included."""

    def __init__(self, told: Iterable[Told], now: datetime, rules: Joining) -> None:
        self.now = now
        self.rules = rules
        self._told: dict[int, dict[int, Told]] = {}
        self._places: dict[tuple[object, ...], Place] = {}
        self._lives: dict[tuple[int, tuple[int, ...]], list[Told]] = {}
        for one in told:
            self._told.setdefault(one.subscriber_id, {})[one.alert_id] = one

    def about(self, draft: AlertDraft) -> list[Told]:
        """Return the Alerts that told this reader of this very Item, the latest first."""
        mine = [one for one in self._mine(draft) if not _is_merged(one)]
        found = [one for one in mine if draft.item.id and draft.item.id in one.item_ids]
        return sorted(found, key=lambda one: one.at, reverse=True)

    def reprinted(self, draft: AlertDraft) -> tuple[Told, Sameness] | None:
        """Return the earliest live Story with the same address or headline that already spoke for
        every Watch of the draft, and which of both it is. An address that entries of one Source
        share, as where all lead to one page, is nobody's own: then it says nothing.
        """
        mine = self._live(draft)
        if not mine:
            return None
        keys = item_keys(draft.item)
        for one in mine:
            if _shares(keys.url_key, one.url_keys) and not _stands_beside(draft.item, one.items):
                return one, Sameness.ADDRESS
            if _shares(keys.title_key, one.title_keys):
                return one, Sameness.HEADLINE
        return None

    def place(self, draft: AlertDraft) -> tuple[Place, dict[int, Told]]:
        """Return where the draft's Item belongs among the live Stories of its reader, and these
        by the numbers that the Place has for them.

        Readers who were told the same have it worked out once: Alerts are numbered anew.
        """
        numbered = dict(enumerate(self._live(draft), 1))
        kept = [
            Kept(number, item, one.at) for number, one in numbered.items() for item in one.items
        ]
        kept = kept[max(0, len(kept) - self.rules.compared) :]
        known = (draft.item.id, *((one.story_id, one.item.id, one.at) for one in kept))
        if known not in self._places:
            whose = (draft.subscriber_id, draft.watch_ids) if draft.subscriber_id else None
            self._places[known] = (
                place(draft.item, self.now, kept, whose) if kept else Place(Verdict.OTHER)
            )
        return self._places[known], numbered

    def court(self, draft: AlertDraft) -> int:
        """Return the latest Alert that told this reader what the court filed of it; 0: none did."""
        filed = [
            one.alert_id
            for one in self._mine(draft)
            if one.kind is AlertKind.FILING
            and one.tie is None
            and set(one.watch_ids) & set(draft.watch_ids)
            and any(agree(entry, [draft.item]) for entry in one.items)
        ]
        return max(filed, default=0)

    def is_frozen(self, one: Told) -> bool:
        """Whether an Alert's Message is edited no more."""
        return self.now - one.at > self.rules.edit_window

    def latest_of(self, one: Told) -> Told:
        """Return the Alert that goes on with a Story whose Message is edited no more; itself when
        there is none.
        """
        mine = self._told[one.subscriber_id].values()
        on = {o.tie.alert_id: o for o in mine if o.tie and o.tie.bond is Bond.EARLIER}
        while one.alert_id in on:
            one = on.pop(one.alert_id)
        return one

    def root_of(self, one: Told) -> int:
        """Return the first Alert of the thread one stands in: itself where it stands alone."""
        mine = self._told[one.subscriber_id]
        seen = {one.alert_id}
        while one.tie and one.tie.bond in _THREADED:
            if one.tie.alert_id not in mine or one.tie.alert_id in seen:
                return one.tie.alert_id
            one = mine[one.tie.alert_id]
            seen.add(one.alert_id)
        return one.alert_id

    def forget(self, before: datetime) -> None:
        """Let go of what was told before then."""
        self._places.clear()
        self._lives.clear()
        for mine in self._told.values():
            for old in [one.alert_id for one in mine.values() if one.at < before]:
                del mine[old]

    def remember(self, decision: Decision, alert_id: int) -> None:
        """Keep what was just decided, for the rest of the batch."""
        draft = decision.draft
        mine = self._told.setdefault(draft.subscriber_id, {})
        if decision.step in (Step.TELL, Step.JOIN):
            for whose in [one for one in self._lives if one[0] == draft.subscriber_id]:
                del self._lives[whose]
        if decision.step is Step.TELL:
            mine[alert_id] = _as_told(decision, alert_id, self.now)
        elif decision.step is Step.JOIN and decision.alert_id in mine:
            mine[decision.alert_id] = _with(mine[decision.alert_id], decision)

    def _mine(self, draft: AlertDraft) -> Collection[Told]:
        return self._told.get(draft.subscriber_id, {}).values()

    def _live(self, draft: AlertDraft) -> list[Told]:
        """Return the Stories told lately to this reader for every Watch of the draft, in order."""
        whose = (draft.subscriber_id, draft.watch_ids)
        if whose not in self._lives:
            found = [
                one
                for one in self._mine(draft)
                if one.kind is AlertKind.STORY
                and one.at >= self.now - WINDOW
                and not (one.tie and one.tie.bond in (Bond.MERGED, Bond.CORRECTION))
                and _covers(one.watch_ids, draft.watch_ids)
            ]
            self._lives[whose] = sorted(found, key=lambda one: (one.at, _age(one.alert_id)))
        return self._lives[whose]


def _is_merged(one: Told) -> bool:
    """Whether somebody joined it to another, which now speaks for it."""
    return one.tie is not None and one.tie.bond is Bond.MERGED


def _age(alert_id: int) -> tuple[bool, int]:
    """Order Alerts by age: those of this batch, counted down from -1, are the latest."""
    return alert_id < 0, abs(alert_id)


def _as_told(decision: Decision, alert_id: int, now: datetime) -> Told:
    draft = decision.draft
    keys = item_keys(draft.item)
    return Told(
        alert_id=alert_id,
        subscriber_id=draft.subscriber_id,
        story_id=0,
        watch_ids=draft.watch_ids,
        item_ids=(draft.item.id,),
        url_keys=(keys.url_key,),
        title_keys=(keys.title_key,),
        at=now,
        kind=AlertKind.BACKLOG if draft.backlog else AlertKind.STORY,
        items=(draft.item,),
        tie=decision.tie,
    )


def _with(one: Told, decision: Decision) -> Told:
    """Return an Alert with an Item that joined it."""
    item = decision.draft.item
    keys = item_keys(item)
    says_more: tuple[Item, ...] = () if decision.how and decision.how.is_reprint else (item,)
    return replace(
        one,
        item_ids=(*one.item_ids, item.id),
        url_keys=(*one.url_keys, keys.url_key),
        title_keys=(*one.title_keys, keys.title_key),
        items=(*one.items, *says_more),
    )


def _covers(told: Collection[int], wanted: Iterable[int]) -> bool:
    return all(watch_id in told for watch_id in wanted)


def _shares(key: bytes, keys: Collection[bytes]) -> bool:
    return bool(key) and key in keys


def _stands_beside(item: Item, others: Iterable[Item]) -> bool:
    """Return whether one of these is another entry of the same Source at the same address."""
    return any(
        one.source_id == item.source_id and one.url == item.url and one.id != item.id
        for one in others
    )


def _decide_changed(draft: AlertDraft, memory: _Memory) -> Decision:
    """Tell an edit that newly names somebody; let any other edit the Message. That a name went,
    or that it tells of another event now, is told in an answer, and so is that an article was
    withdrawn when its Message is edited no more.
    """
    before = [one for one in memory.about(draft) if not _corrects(one)]
    had = {watch_id for one in before for watch_id in one.watch_ids}
    if not _covers(had, draft.fresh_watches):
        return Decision(draft, Step.TELL)
    if not before:
        return Decision(draft, Step.NOTHING)
    last = before[0]
    frozen, why = memory.is_frozen(last), _correction(draft)
    if why and (frozen or why != Changed.WITHDRAWN):
        tie = Tie(last.alert_id, Bond.CORRECTION, why)
        return Decision(draft, Step.TELL, tie=tie, frozen=frozen)
    if (draft.headline_changed or draft.amended) and not frozen:
        return Decision(draft, Step.EDIT, last.alert_id)
    return Decision(draft, Step.NOTHING)


def _corrects(one: Told) -> bool:
    return one.tie is not None and one.tie.bond is Bond.CORRECTION


def _correction(draft: AlertDraft) -> str:
    """Return what of a changed article is worth an answer; empty: nothing."""
    if draft.dropped:
        return Changed.DROPPED
    if draft.turned:
        return TURNED
    return Changed.WITHDRAWN if Changed.WITHDRAWN in draft.amended else ""


def _decide_new(draft: AlertDraft, memory: _Memory) -> Decision:
    """Tell a new Item, unless its Story was told to this reader for all of these Watches."""
    if memory.about(draft):
        return Decision(draft, Step.NOTHING)
    if draft.backlog or not memory.rules.merge:
        return Decision(draft, Step.TELL)
    reprint = memory.reprinted(draft)
    if reprint is not None:
        return _joined(draft, *reprint, memory)
    found, numbered = memory.place(draft)
    if found.story_id:
        how = Sameness.REPRINT if found.verdict is Verdict.REPRINT else Sameness.SAME
        return _joined(draft, numbered[found.story_id], how, memory)
    tie = _tie(found, numbered, memory)
    court = memory.court(draft)
    return Decision(draft, Step.TELL, tie=tie, among=bool(numbered), court=court)


def _joined(draft: AlertDraft, one: Told, how: Sameness, memory: _Memory) -> Decision:
    """Join a Story. Where its Message is edited no more, a text of its own is told anew with a
    link back; a mere reprint is kept with the Story and tells nothing.
    """
    latest = memory.latest_of(one)
    if not memory.is_frozen(latest):
        return Decision(draft, Step.JOIN, latest.alert_id, how=how)
    if how.is_reprint:
        return Decision(draft, Step.JOIN, latest.alert_id, how=how, frozen=True)
    return Decision(draft, Step.TELL, tie=Tie(latest.alert_id, Bond.EARLIER, how.value))


def _tie(found: Place, numbered: dict[int, Told], memory: _Memory) -> Tie | None:
    """Return what a new Story has to do with the one it was near to."""
    if found.after:
        return Tie(memory.root_of(numbered[found.after]), Bond.STAGE, found.verdict.value)
    near = [one for one in numbered.values() if found.item_id and found.item_id in one.item_ids]
    return Tie(near[0].alert_id, Bond.APART, found.verdict.value) if near else None
