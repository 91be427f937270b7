"""Reports become log lines (one a round) and metrics (ids, never names)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from time import monotonic

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from bot.logs import logger
from model.errors import VigilError
from model.report import DispatchReport, PollReport, SourcePoll
from watchers.courts import CourtReport
from watchers.push import PushReport

_log = logger()
_POLL_SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 60)
_DELAYS = (1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 21_600)
GOOD = ("unchanged", "nothing new", "new")
"""Outcomes of a poll that was answered well."""
PUT_OFF = "put off"
"""Not asked at all: neither good nor bad."""


class Metrics:
    """What /metrics shows; each instance has a registry of its own."""

    def __init__(self) -> None:
        """Make every metric, so that they are shown as 0 from the start."""
        self.registry = own = CollectorRegistry()
        self.rounds = Counter("vigil_rounds", "Rounds ended, by part.", ["part"], registry=own)
        self.polls = Counter("vigil_polls", "Polls, by outcome.", ["outcome"], registry=own)
        self.poll_seconds = Histogram(
            "vigil_poll_seconds", "Seconds one poll took.", buckets=_POLL_SECONDS, registry=own
        )
        self.last_success = Gauge(
            "vigil_source_last_success_seconds",
            "When the source last answered well (unix time).",
            ["source"],
            registry=own,
        )
        self.items = Counter("vigil_items", "Items recorded.", ["news"], registry=own)
        self.mentions = Counter("vigil_mentions", "Mentions found.", registry=own)
        self.alerts = Counter("vigil_alerts", "Alerts queued.", ["step"], registry=own)
        self.deliveries = Counter(
            "vigil_deliveries", "Deliveries, by outcome.", ["outcome"], registry=own
        )
        self.delay = Histogram(
            "vigil_alert_delay_seconds", "Seconds from seen to sent.", buckets=_DELAYS, registry=own
        )
        self.waits = Counter(
            "vigil_waits", "How often Telegram told us to wait (429).", registry=own
        )
        self.depth = Gauge("vigil_outbox_depth", "Deliveries that are due.", registry=own)
        self.age = Gauge(
            "vigil_outbox_age_seconds", "Age of the oldest one that is due.", registry=own
        )

        self.pushes = Counter(
            "vigil_pushes", "Events CourtListener pushed, by outcome.", ["outcome"], registry=own
        )
        self.calls_left = Gauge(
            "vigil_courtlistener_calls_left",
            "Requests left of CourtListener's quota.",
            ["window"],
            registry=own,
        )

    def text(self) -> bytes:
        """Return every metric in Prometheus' text format."""
        return generate_latest(self.registry)


class Progress:
    """When each part last got anywhere, by the monotonic clock: a wall clock can be set back."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        """Use `clock`, in seconds."""
        self._clock = clock
        self._last: dict[str, float] = {}

    def expect(self, part: str) -> None:
        """Count a part's silence from now on."""
        self._last.setdefault(part, self._clock())

    def beat(self, part: str) -> None:
        """Note that a part has just got somewhere."""
        self._last[part] = self._clock()

    def alive(self, limit: float) -> list[str]:
        """Return the parts that have got somewhere within `limit` seconds."""
        return [part for part in self._last if part not in self.silent(limit)]

    def silent(self, limit: float) -> dict[str, float]:
        """Return the parts that have got nowhere for `limit` seconds, and for how long."""
        now = self._clock()
        return {part: now - at for part, at in self._last.items() if now - at > limit}


class Reporter:
    """Turns Reports into one log line a round and into metrics."""

    def __init__(self, metrics: Metrics, progress: Progress) -> None:
        """Count into `metrics`, beat in `progress`."""
        self.metrics = metrics
        self.progress = progress
        self.rounds = 0
        """Rounds of polling that ended since somebody last took them away."""
        self.trouble = ""
        """What holds work up, in one sentence; empty: nothing."""
        self.court_trouble = ""
        """What CourtListener's last answer had wrong, in one sentence; empty: nothing."""

    def polled(self, report: PollReport, now: datetime) -> None:
        """Take in one round of polling; a round that asked nobody writes no line."""
        self.progress.beat("poll")
        self.rounds += 1
        self.trouble = ""
        metrics = self.metrics
        metrics.rounds.labels("poll").inc()
        for poll in report.polls:
            self._count(poll, now)
        metrics.alerts.labels("tell").inc(report.alerts)
        metrics.alerts.labels("edit").inc(report.edits)
        if report.polls:
            _log.info("polled", **poll_line(report))

    def take_rounds(self) -> int:
        """Return how many rounds of polling ended since the last call."""
        taken, self.rounds = self.rounds, 0
        return taken

    def troubled(self, error: VigilError) -> None:
        """Say that a round could not end (the database), once for as long as it lasts."""
        if str(error) != self.trouble:
            _log.error("work is held up", error=str(error))
        self.trouble = str(error)

    def _count(self, poll: SourcePoll, now: datetime) -> None:
        metrics = self.metrics
        metrics.polls.labels(poll.outcome).inc()
        metrics.poll_seconds.observe(poll.seconds)
        metrics.items.labels("new").inc(poll.new)
        metrics.items.labels("changed").inc(poll.changed)
        metrics.mentions.inc(poll.mentions)
        if failed(poll):
            _log.debug("source failed", source=poll.source_id, name=poll.name, error=poll.error)
        elif poll.outcome in GOOD:
            metrics.last_success.labels(str(poll.source_id)).set(now.timestamp())

    def courts(self, report: CourtReport) -> None:
        """Take in one round of CourtListener; what it has wrong is said once."""
        if report.error and report.error != self.court_trouble:
            _log.warning("courtlistener is in trouble", error=report.error)
        self.court_trouble = report.error
        for one in report.left:
            self.metrics.calls_left.labels(one.window).set(one.left)
        self._taken(report.taken)

    def pushed(self, report: PushReport) -> None:
        """Take in one round of handling what was pushed."""
        counts = {"handled": report.handled, "failed": report.failed, "kept": report.kept}
        for outcome, count in counts.items():
            self.metrics.pushes.labels(outcome).inc(count)
        if any(counts.values()):
            _log.info("took what was pushed", **counts, alerts=report.taken.alerts)
        self._taken(report.taken)

    def _taken(self, report: PollReport) -> None:
        """Count what came by another way than a poll."""
        for one in report.polls:
            self.metrics.items.labels("new").inc(one.new)
            self.metrics.items.labels("changed").inc(one.changed)
            self.metrics.mentions.inc(one.mentions)
        self.metrics.alerts.labels("tell").inc(report.alerts)
        self.metrics.alerts.labels("edit").inc(report.edits)

    def dispatched(self, report: DispatchReport) -> None:
        """Take in one round of dispatch; a round with nothing to do writes no line."""
        self.progress.beat("deliver")
        self.trouble = ""
        metrics = self.metrics
        metrics.rounds.labels("deliver").inc()
        for outcome, count in dispatch_line(report).items():
            if outcome not in {"waits", "repeats"}:
                metrics.deliveries.labels(outcome).inc(count)
        metrics.waits.inc(report.waits)
        for seconds in report.delays:
            metrics.delay.observe(max(0.0, seconds))
        if any(dispatch_line(report).values()):
            _log.info("delivered", **dispatch_line(report))

    def waiting(self, count: int, oldest: datetime | None, now: datetime) -> None:
        """Take in how many Deliveries are due, and since when the oldest is."""
        self.metrics.depth.set(count)
        self.metrics.age.set((now - oldest).total_seconds() if oldest else 0.0)


def failed(poll: SourcePoll) -> bool:
    """Whether a Source was asked and did not answer well."""
    return poll.outcome not in GOOD and poll.outcome != PUT_OFF


def poll_line(report: PollReport) -> dict[str, object]:
    """Return what one round of polling says in the log."""
    polls = report.polls
    return {
        "sources": len(polls),
        "new": _sum(polls, "new"),
        "changed": _sum(polls, "changed"),
        "mentions": _sum(polls, "mentions"),
        "alerts": report.alerts,
        "edits": report.edits,
        "failed": sum(failed(poll) for poll in polls),
        "seconds": round(report.seconds, 2),
    }


def _sum(polls: Sequence[SourcePoll], name: str) -> int:
    return sum(getattr(poll, name) for poll in polls)


def dispatch_line(report: DispatchReport) -> dict[str, int]:
    """Return what one round of dispatch says in the log."""
    return {
        "sent": report.sent,
        "edited": report.edited,
        "again": report.again,
        "refused": report.refused,
        "gone": report.gone,
        "repeats": report.repeats,
        "waits": report.waits,
    }
