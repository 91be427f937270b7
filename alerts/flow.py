"""Messages on their way: claimed, started when their turn comes, settled together."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from time import monotonic

from alerts.attempt import Answer, Job, Said, carry, mistake, prepare
from alerts.couriers import Ambiguous, Courier, NotSent, Trouble, Wait, WrongToken
from alerts.lanes import Lane, Lanes
from alerts.leading import Leadership
from alerts.pacing import Pacer, Turn
from alerts.probing import Probe
from alerts.retry import Pause, Verdict, after_success, after_trouble
from alerts.settle import Tried, added, report_of, settle
from model.alert import Bond, Delivery, DeliveryKind, DeliveryState, Outcome
from model.report import DispatchReport
from model.words import Words
from store import alerts, outbox, papers
from store.engine import Store, Tx

LANES = 50
"""Subscribers looked at together."""
EACH = 5
IN_FLIGHT = 40
NEAR = 1.0
"""Seconds: a lane whose chat is blocked for longer is set aside, so that others are looked at."""
EDIT_GAP = timedelta(seconds=60)
"""A message is edited at most once in so long; later edits say what the earlier would have."""
ANSWERS = (Bond.STAGE, Bond.EARLIER, Bond.COURT, Bond.CORRECTION)
"""What is sent as a reply to what it is tied to."""
_UNANSWERED = (Ambiguous, NotSent, WrongToken)


@dataclass(slots=True)
class Wire:
    """A courier with its pace and its luck."""

    courier: Courier
    pacer: Pacer
    fails: int = 0
    """How often in a row it was not answered."""


@dataclass(slots=True)
class Memory:
    """What is worth remembering from one flow to the next, by Alert and by Delivery."""

    edited: dict[int, datetime] = field(default_factory=dict)
    """When a message was last edited."""
    doubts: Counter[int] = field(default_factory=Counter)
    """How often a Delivery may have arrived."""


class Flow:
    """What is held, in flight, and not settled yet. `look` asks for a fresh look at the outbox."""

    def __init__(
        self,
        store: Store,
        wires: Mapping[str, Wire],
        words: Callable[[str], Words],
        lead: Leadership,
        memory: Memory,
        probe: Probe | None = None,
    ) -> None:
        """Begin with nothing but the memory of what was before. `probe` looks whether what is in
        doubt arrived.
        """
        self.look = True
        self.report = DispatchReport()
        self.tasks: dict[asyncio.Task[Tried | None], Job] = {}
        self.lanes = Lanes()
        self._store = store
        self._wires = wires
        self._words = words
        self._lead = lead
        self._memory = memory
        self._probe = probe
        self.troubles: list[Trouble] = []
        """What keeps everybody waiting, said once when it begins."""
        self._tried: list[Tried] = []
        self._drained = False

    @property
    def is_idle(self) -> bool:
        """Whether nothing is in flight and nothing more may be sent just now."""
        now = monotonic()
        open_ = any(not self._wire(lane).pacer.is_parked(now) for lane in self.lanes)
        return not (self.tasks or self._tried or self.look or self._drained or open_)

    async def refill(self, now: datetime) -> None:
        """Claim, where a look is asked for or few lanes are left."""
        if self.look:
            moment = monotonic()
            for wire in self._wires.values():
                wire.pacer.tidy(moment)
            self.lanes.keep(
                [lane.subscriber.id for lane in self.lanes if self._is_far(lane, moment)]
            )
        elif not self._drained or len(self.lanes) > LANES // 2:
            return
        self.look = self._drained = False
        busy = self.lanes.ids | {job.view.subscriber.id for job in self.tasks.values()}
        async with self._store.write() as tx:
            claimed = await outbox.claim(
                tx, now, couriers=set(self._wires), busy=busy, lanes=LANES, each=EACH
            )
        if claimed:
            async with self._store.read() as tx:
                views = await alerts.views(tx, [one.alert_id for one in claimed])
            self.lanes.take(claimed, views)

    def start(self, clock: Callable[[], datetime]) -> float:
        """Start whatever may go now; return when (monotonic) the next may."""
        while len(self.tasks) < IN_FLIGHT:
            now = monotonic()
            turn, soonest = self._choose(now)
            if turn is None:
                return soonest
            lane = self.lanes[turn]
            if lane.stale:
                self.lanes.drop(turn)
                self._drained = True
                return now
            wire = self._wire(lane)
            job = self.lanes.pop(turn)
            wire.pacer.sent(lane.subscriber.address, lane.subscriber.chat, now)
            self.tasks[asyncio.create_task(self._try(wire, job, clock))] = job
        return float("inf")

    async def settle(self, clock: Callable[[], datetime]) -> None:
        """Write what became of those that are through. Raises what went wrong with the database,
        after keeping what is still to be written.
        """
        errors: list[BaseException] = []
        for task in [task for task in self.tasks if task.done()]:
            self._collect(task, errors)
        if self._tried:
            async with self._store.write() as tx:
                await settle(tx, self._tried, clock())
            self.report = added(self.report, report_of(self._tried))
            self._tried.clear()
        if errors:
            raise errors[0]

    async def finish(self, clock: Callable[[], datetime], grace: float) -> None:
        """Let what is in flight arrive, for so many seconds, and settle it. What is cut off is in
        doubt: it will be found half done.
        """
        if self.tasks:
            await asyncio.wait(self.tasks, timeout=grace)
        for task in self.tasks:
            if not task.done():
                task.cancel()
                self._lead.forget()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        try:
            await self.settle(clock)
        except BaseException:
            self._lead.forget()
            raise

    def _collect(self, task: asyncio.Task[Tried | None], errors: list[BaseException]) -> None:
        job = self.tasks.pop(task)
        subscriber_id = job.view.subscriber.id
        if subscriber_id not in self.lanes.ids:
            self._drained = True
        if task.cancelled():
            return
        error = task.exception()
        tried = None if error else task.result()
        if error:  # it may have been begun: whoever takes over anew finds it half done
            errors.append(error)
            self._lead.forget()
        if tried is None:  # the right to send, or the Delivery, is gone: look again at both
            self._lead.doubt()
        else:
            self._tried.append(tried)
        if tried is not None and tried.verdict.outcome.state is not DeliveryState.DUE:
            self._memory.doubts.pop(job.delivery.id, None)
        if tried is None or tried.verdict.outcome.state is not DeliveryState.SENT:
            self.lanes.drop(subscriber_id)
            self._drained = True

    def _wire(self, lane: Lane) -> Wire:
        return self._wires[lane.subscriber.courier]

    def _is_far(self, lane: Lane, now: float) -> bool:
        place = lane.subscriber
        return self._wire(lane).pacer.ready_at(place.address, place.chat, now) > now + NEAR

    def _choose(self, now: float) -> tuple[int | None, float]:
        """Return the Subscriber whose turn it is, or None and when somebody's turn comes."""
        busy = {
            (job.view.subscriber.courier, job.view.subscriber.address)
            for job in self.tasks.values()
        }
        best: Turn | None = None
        soonest = float("inf")
        for name, wire in self._wires.items():
            waiting = [
                lane.turn
                for lane in self.lanes
                if lane.subscriber.courier == name and (name, lane.subscriber.address) not in busy
            ]
            turn, ready = wire.pacer.next_turn(waiting, now)
            soonest = min(soonest, ready)
            if turn is not None and (best is None or turn.rank < best.rank):
                best = turn
        return (best.key if best else None), soonest

    async def _try(self, wire: Wire, job: Job, clock: Callable[[], datetime]) -> Tried | None:
        """Compose, begin, send. None: it was not ours to send any more."""
        now, delivery = clock(), job.delivery
        wait = await self._edit_wait(delivery, now)
        if wait is not None:
            return Tried(
                job, Verdict(Outcome(delivery.id, DeliveryState.DUE, not_before=wait)), now
            )
        if delivery.kind is DeliveryKind.PICTURE:
            job = await self._with_picture(job)
        try:
            said = prepare(job, self._words)
        except Exception as error:  # one that can't be said must not hold up the others
            return Tried(job, after_trouble(delivery, mistake(error), now), now)
        if said is None:
            equal = Outcome(delivery.id, DeliveryState.SENT, digest=delivery.digest)
            return Tried(job, Verdict(equal), now, asked=False)
        async with self._store.write() as tx:
            lease = self._lead.lease
            if lease is None or not await outbox.begin(tx, delivery.id, lease, now):
                return None
            job = replace(job, reply_to=await self._reply_to(tx, job))
        job = replace(job, delivery=replace(delivery, tries=delivery.tries + 1))
        wire.pacer.left(job.view.subscriber.address, monotonic())
        return self._judge(wire, job, said, await self._carry(wire, job, said), clock())

    async def _carry(self, wire: Wire, job: Job, said: Said) -> Answer:
        if self._probe is not None:
            found = await self._probe.find(wire.courier, job, said)
            if found is not None:
                return Answer(found)
        return await carry(wire.courier, job, said)

    async def _with_picture(self, job: Job) -> Job:
        """Return the Job with the first page it shows: looked up only now, since it is large."""
        async with self._store.read() as tx:
            found = await papers.pictures(tx, [job.delivery.alert_id])
        picture, pages = found.get(job.delivery.alert_id, (b"", 0))
        return replace(job, picture=picture, pages=pages)

    async def _reply_to(self, tx: Tx, job: Job) -> int:
        """Return the message that a new one answers: its thread's first, if that is still there.

        Looked up now, since the first may have been sent only just before.
        """
        tie = job.view.thread.tie
        if job.delivery.kind is not DeliveryKind.SEND or tie is None or tie.bond not in ANSWERS:
            return 0
        found = await outbox.message_ids(tx, [tie.alert_id])
        return next(iter(found.get(tie.alert_id, ())), 0)

    async def _edit_wait(self, delivery: Delivery, now: datetime) -> datetime | None:
        """Return until when an edit must wait, since its message was edited just now: by this
        process, or by one before it.
        """
        if delivery.kind is not DeliveryKind.EDIT:
            return None
        last = self._memory.edited.get(delivery.alert_id)
        if last is None:
            async with self._store.read() as tx:
                last = await outbox.last_edit(tx, delivery.alert_id)
        if last is None:
            return None
        is_just_now = timedelta() <= now - last < EDIT_GAP  # a time to come: the clock was set back
        return last + EDIT_GAP if is_just_now else None

    def _judge(self, wire: Wire, job: Job, said: Said, answer: Answer, now: datetime) -> Tried:
        """Return what is done about the courier's answer, and let the pace learn from it."""
        if answer.trouble is not None:
            return self._judge_trouble(wire, job, answer.trouble, now)
        self._answered(wire)
        if job.delivery.kind is DeliveryKind.EDIT:
            self._remember(job.delivery.alert_id, now)
        verdict = after_success(job.delivery, answer.sent, said.digest)
        if answer.plain:
            verdict = replace(verdict, outcome=replace(verdict.outcome, plain=True))
        return Tried(job, verdict, now)

    def _judge_trouble(self, wire: Wire, job: Job, trouble: Trouble, now: datetime) -> Tried:
        moment, delivery = monotonic(), job.delivery
        if not isinstance(trouble, _UNANSWERED):
            self._answered(wire)
        if isinstance(trouble, Wait):
            wire.pacer.told_to_wait(job.view.subscriber.address, trouble.seconds, moment)
        verdict = after_trouble(
            delivery, trouble, now, fails=wire.fails, doubts=self._memory.doubts[delivery.id]
        )
        self._memory.doubts[delivery.id] += trouble.arrived
        if isinstance(trouble, _UNANSWERED) and not wire.pacer.is_parked(moment):
            self.troubles += [] if wire.fails else [trouble]
            wire.fails += 1
        if verdict.pause is Pause.COURIER and verdict.until:
            wire.pacer.unreachable((verdict.until - now).total_seconds(), moment)
        return Tried(job, verdict, now, told_to_wait=isinstance(trouble, Wait))

    def _answered(self, wire: Wire) -> None:
        wire.fails = 0
        wire.pacer.reachable()

    def _remember(self, alert_id: int, now: datetime) -> None:
        """Note an edit, and forget those that no longer matter."""
        old = [one for one, at in self._memory.edited.items() if now - at > EDIT_GAP]
        for one in old:
            del self._memory.edited[one]
        self._memory.edited[alert_id] = now
