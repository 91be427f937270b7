"""Keeping time: what was held back is told when its time has come, digests go out, editors are
asked, and mutes end.

What one destination is told is looked up and written in one transaction, so that whatever process
does it, at whatever moment it dies, each Alert is told in one message. What was due while nothing
ran is due at the next look (why: docs/notes/how-alerts-are-held-back.md).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from alerts.digest import DIGEST, MUTE, parts, told_in
from alerts.inert import inert
from bot.editors import are_to_be_asked, ask_editors
from matching.raising import audiences
from matching.rhythm import (
    DAY,
    EVERY_MORNING,
    Now,
    digest_of_held,
    digest_slot,
    is_muted,
    is_quiet,
    last_slot,
    released,
    told_until,
    zone_of,
)
from model.alert import AlertKind, AlertView, Notice
from model.errors import StoreError
from model.people import Chat, Subscriber
from model.rhythm import Held, Hold, Rhythm, Schedule, What
from model.words import Words
from store import (
    alerts,
    dockets,
    groups,
    held,
    holding,
    outbox,
    rhythms,
    sources,
    subscribers,
    watches,
)
from store.engine import Store, Tx
from store.roster import alone

_PRESSED = (Chat.PRIVATE, Chat.GROUP)
_TROUBLES = ("failing", "gone", "silent")
_TITLES = {Hold.QUIET: "group.quiet", Hold.HOUR: "group.hour", Hold.MUTE: MUTE}
Speak = Callable[[str], Words]


async def keep_time(store: Store, words: Speak, now: datetime) -> int:
    """Queue what is due at `now`; return how many messages that makes.

    Each destination has a transaction of its own: one that can't be told, whatever the reason,
    keeps no other from being told. The first such reason is raised in the end.
    """
    async with store.read() as tx:
        digests = await _due_digests(tx, now)
        if not digests and not await held.is_due_anything(tx, now):
            return 0
        is_due = await groups.has_ended(tx) or bool(await held.unmuted_watches(tx, now))
    if is_due:
        async with store.write() as tx:
            await alone(tx)
            await groups.follow(tx, now)
            for watch_id in await held.unmuted_watches(tx, now):
                await watches.mute(tx, watch_id, None, now)
    async with store.read() as tx:
        waits = {*await held.waiting(tx), *await held.unmuted_places(tx, now)}
        wanted = {*digests, *[one for one in waits if await _is_due(tx, words, one, now)]}
    told, errors = 0, []
    for one in sorted(wanted):
        try:
            async with store.write() as tx:
                await alone(tx)
                told += await _keep_one(tx, words, one, now)
        except StoreError:
            raise
        except Exception as error:  # the others are still to be told
            errors.append(error)
    if errors:
        raise errors[0]
    return told


async def _due_digests(tx: Tx, now: datetime) -> list[int]:
    """Return whose digest is due, so that nothing is written while none is."""
    each = await rhythms.of(tx, await rhythms.digesting(tx))
    return [one for one, rhythm in each.items() if digest_slot(rhythm, now) is not None]


async def _keep_one(tx: Tx, words: Speak, place_id: int, now: datetime) -> int:
    """Do what is due for one destination; return how many messages that makes."""
    place = (await holding.places_of(tx, [place_id])).get(place_id)
    if place is None:
        return 0
    is_over = _is_mute_over(place.subscriber, now)
    if is_over:
        await subscribers.update(tx, place_id, now, muted_until=None)
    here = await _here(tx, words, place, now)
    waiting = here.waiting
    told = await here.keep(muted_until_now=is_over)
    return told + await ask_editors(tx, waiting, place, now)


async def _is_due(tx: Tx, words: Speak, place_id: int, now: datetime) -> bool:
    """Return whether `_keep_one` would do anything, so that nothing is written while what is held
    only waits.
    """
    place = (await holding.places_of(tx, [place_id])).get(place_id)
    if place is None:
        return False
    here = await _here(tx, words, place, now)
    over = _is_mute_over(place.subscriber, now)
    return over or here.is_due() or await are_to_be_asked(tx, here.waiting, place, now)


def _is_mute_over(place: Subscriber, now: datetime) -> bool:
    return place.muted_until is not None and place.muted_until <= now


async def _here(tx: Tx, words: Speak, place: holding.Place, now: datetime) -> _Here:
    place_id = place.subscriber.id
    waiting = (await held.waiting(tx, place_id)).get(place_id, [])
    of = await held.watches_of(tx, [one.alert_id for one in waiting])
    muted = await holding.muted_watches(tx, {one for some in of.values() for one in some}, now)
    return _Here(tx, words, Now(place.rhythm, place.subscriber, now, muted), waiting, of)


@dataclass(slots=True)
class _Here:
    """One destination at this moment."""

    tx: Tx
    words: Speak
    at: Now
    waiting: Sequence[Held]
    watch_ids: dict[int, set[int]]

    @property
    def place(self) -> Subscriber:
        return self.at.subscriber

    @property
    def rhythm(self) -> Rhythm:
        return self.at.rhythm

    def is_due(self) -> bool:
        """Return whether `keep` would tell or drop anything now."""
        if is_muted(self.at, ()):
            return False
        return (
            any(one.hidden and one.why is not Hold.REVIEW for one in self.waiting)
            or digest_slot(self.rhythm, self.at.now) is not None
            or digest_of_held(self._for_digest(), self.rhythm, self.at.now)
            or bool(released(self.waiting, self.at, self.watch_ids))
        )

    async def keep(self, *, muted_until_now: bool) -> int:
        """Tell here what has had its time; return how many messages that makes."""
        if is_muted(self.at, ()):
            return 0
        await self._drop_hidden()
        slot = digest_slot(self.rhythm, self.at.now)
        if slot is not None:
            return await self._digest(slot)
        if digest_of_held(self._for_digest(), self.rhythm, self.at.now):
            slot = last_slot(EVERY_MORNING, zone_of(self.rhythm), self.at.now)
            return await self._tell_digest(slot, EVERY_MORNING, [], self._for_digest())
        free = released(self.waiting, self.at, self.watch_ids)
        if not free and muted_until_now:
            await outbox.notify(self.tx, self.place.id, Notice("mute.over"), self.at.now)
            return 1
        return await self._release(free)

    async def _drop_hidden(self) -> None:
        gone = [one for one in self.waiting if one.hidden and one.why is not Hold.REVIEW]
        await held.give_up(self.tx, [one.delivery_id for one in gone], self.at.now)
        self.waiting = [one for one in self.waiting if one not in gone]

    def _for_digest(self) -> list[Held]:
        return [
            one
            for one in self.waiting
            if one.why is not Hold.REVIEW
            and not is_muted(self.at, self.watch_ids.get(one.alert_id, ()))
        ]

    async def _release(self, free: Sequence[Held]) -> int:
        """Tell what is free: one alone as itself, several in one message; what is a grouped
        message already goes as it is.
        """
        if not free:
            return 0
        whys = {one.why for one in free}
        news = [one for one in free if not one.backlog]
        alone_ = [one for one in free if one.backlog]
        if len(news) == 1 and whys != {Hold.MUTE}:
            alone_, news = [*free], []
        ids = [one.delivery_id for one in alone_]
        count = await held.let_go(self.tx, ids, self.at.now)
        if not news:
            return count
        code = _TITLES[next(iter(whys))] if len(whys) == 1 else "group.later"
        notice = Notice(code, (("n", str(len(news))),))
        actions = ("show_held",) if code == MUTE and self.place.chat in _PRESSED else ()
        return count + await self._group(notice, [one.alert_id for one in news], actions)

    async def _digest(self, slot: datetime) -> int:
        """Send the digest of `slot`, unless there is nothing in it and nobody wants that said."""
        schedule = self.rhythm.digest or EVERY_MORNING
        span = DAY * (7 if len(schedule.days) == 1 else 1)
        since = told_until(self.rhythm, self.at.now) or slot - span
        told = await held.told_between(self.tx, self.place.id, since, slot)
        count = 0
        waits = self._for_digest()
        if told or waits or self.rhythm.digest_empty:
            count = await self._tell_digest(slot, schedule, told, waits)
        await rhythms.change(self.tx, self.place.id, digest_last=slot)
        return count

    async def _tell_digest(
        self, slot: datetime, schedule: Schedule, told: Sequence[int], waits: Sequence[Held]
    ) -> int:
        backlogs = [one.delivery_id for one in waits if one.backlog]
        count = await held.let_go(self.tx, backlogs, self.at.now)
        ids = [*told, *(one.alert_id for one in waits if not one.backlog)]
        if not ids and backlogs and not self.rhythm.digest_empty:
            return count
        views = await alerts.views(self.tx, ids)
        counted = await self._counted(slot)
        notice = await self._digest_notice(slot, schedule, list(views.values()), counted)
        pressed = self.place.chat in _PRESSED
        wanted: tuple[str, ...] = ("digest_file", "digest_change") if pressed else ()
        if told and waits and wanted:
            wanted = ("digest_new", *wanted)
        return count + await self._group(notice, ids, wanted, views=views)

    async def _digest_notice(
        self,
        slot: datetime,
        schedule: Schedule,
        views: Sequence[AlertView],
        counted: Sequence[str],
    ) -> Notice:
        every = await watches.all_watches(self.tx)
        heard = audiences(every, await subscribers.all_subscribers(self.tx))
        mine = {
            one.watch.id: one.watch.name
            for one in every
            if one.watch.id in heard and self.place.id in heard[one.watch.id].subscriber_ids
        }
        named = {watch.id for view in views for watch in view.watches} & mine.keys()
        silent = [] if self.place.public else await self._silent_sources()
        filings = sum(one.kind is AlertKind.FILING for one in views)
        args = {
            "n": len(views),
            "name": schedule.name,
            "at": slot.astimezone(UTC).isoformat(),
            "zone": zone_of(self.rhythm).key,
            "named": len(named),
            "watches": len(mine),
            "stories": len(views) - filings,
            "filings": filings,
            "articles": sum(len(one.items) for one in views),
            "quiet": "\n".join(inert(name) for one, name in mine.items() if one not in named),
            "silent": "\n".join(silent),
            "counted": "\n".join(counted),
        }
        return Notice(DIGEST, tuple((name, str(value)) for name, value in args.items()))

    async def _counted(self, slot: datetime) -> list[str]:
        """Return the cases in which entries were only counted, as alerts.digest reads them."""
        if self.rhythm.what is What.NEWS:
            return []
        since = told_until(self.rhythm, self.at.now) or slot - DAY
        found = []
        for one in await dockets.counted(self.tx, self.place, since, slot):
            day = one.hidden_since.isoformat() if one.hidden_since else ""
            found.append(f"{one.hidden}|{day}|{inert(one.docket.caption or one.docket.number)}")
        return found

    async def _silent_sources(self) -> list[str]:
        found = []
        for one in await sources.health(self.tx):
            if one.told in _TROUBLES:
                well = one.pace.last_ok
                since = f"{(self.at.now - well).total_seconds():.0f}" if well else ""
                found.append(f"{since}|{inert(one.source.name or one.source.url)}")
        return found

    async def _group(
        self,
        notice: Notice,
        ids: Sequence[int],
        actions: Iterable[str] = (),
        views: dict[int, AlertView] | None = None,
    ) -> int:
        """Queue the message, in as many parts as it needs; the buttons are under the last."""
        views = await alerts.views(self.tx, ids) if views is None else views
        spoken = self.words(self.place.language)
        whole = notice.code == MUTE and self.place.chat in _PRESSED
        cut = [list(ids)] if whole else parts(list(views.values()), notice, spoken)
        quiet = self.rhythm.silent or is_quiet(self.rhythm, self.at.now)
        for number, (one, some) in enumerate(zip(told_in(notice, cut), cut, strict=True), 1):
            await groups.group(
                self.tx,
                self.place.id,
                one,
                some,
                self.at.now,
                silent=quiet,
                actions=tuple(actions) if number == len(cut) else (),
            )
        return len(cut)
