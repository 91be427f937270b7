"""Reports become log lines and metrics."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from bot.report import Metrics, Progress, Reporter
from model.report import DispatchReport, PollReport, SourcePoll

NOW = datetime(2020, 11, 18, 19, 0, tzinfo=UTC)


@pytest.fixture
def reporter() -> Reporter:
    return Reporter(Metrics(), Progress())


def value(reporter: Reporter, name: str, **labels: str) -> float | None:
    return reporter.metrics.registry.get_sample_value(name, labels)


def test_a_round_is_one_line_however_many_sources_it_asked(reporter):
    polls = tuple(
        SourcePoll(n, f"Outlet {n}", f"https://{n}.example", "new", new=2, mentions=1)
        for n in range(50)
    )
    with capture_logs() as lines:
        reporter.polled(PollReport(polls, alerts=50, edits=1, seconds=1.234), NOW)
    assert lines == [
        {
            "event": "polled",
            "log_level": "info",
            "sources": 50,
            "new": 100,
            "changed": 0,
            "mentions": 50,
            "alerts": 50,
            "edits": 1,
            "failed": 0,
            "seconds": 1.23,
        }
    ]


def test_a_round_that_asked_nobody_is_counted_and_not_written(reporter):
    with capture_logs() as lines:
        reporter.polled(PollReport(), NOW)
    assert lines == []
    assert value(reporter, "vigil_rounds_total", part="poll") == 1


def test_metrics_hold_ids_and_never_names(reporter):
    poll = SourcePoll(7, "The Secret Source", "https://secret.example/feed", "unchanged")
    reporter.polled(PollReport((poll,)), NOW)
    assert value(reporter, "vigil_source_last_success_seconds", source="7") == NOW.timestamp()
    text = reporter.metrics.text().decode()
    assert "Secret" not in text
    assert "secret.example" not in text


def test_a_failed_poll_does_not_count_as_a_success(reporter):
    poll = SourcePoll(7, "x", "https://x.example", "failed", error="no answer")
    reporter.polled(PollReport((poll,)), NOW)
    assert value(reporter, "vigil_source_last_success_seconds", source="7") is None
    assert value(reporter, "vigil_polls_total", outcome="failed") == 1


def test_deliveries_delays_and_waits_are_counted(reporter):
    reporter.dispatched(DispatchReport(sent=2, edited=1, waits=3, delays=(4.0, 70.0)))
    assert value(reporter, "vigil_deliveries_total", outcome="sent") == 2
    assert value(reporter, "vigil_waits_total") == 3
    assert value(reporter, "vigil_alert_delay_seconds_count") == 2
    assert value(reporter, "vigil_alert_delay_seconds_sum") == 74


def test_the_outbox_shows_its_depth_and_age(reporter):
    reporter.waiting(3, NOW - timedelta(seconds=90), NOW)
    assert value(reporter, "vigil_outbox_depth") == 3
    assert value(reporter, "vigil_outbox_age_seconds") == 90
    reporter.waiting(0, None, NOW)
    assert value(reporter, "vigil_outbox_age_seconds") == 0


def test_silence_is_measured_from_the_last_sign_of_life():
    moment = 100.0
    progress = Progress(lambda: moment)
    progress.expect("poll")
    progress.expect("deliver")
    moment = 150.0
    progress.beat("poll")
    moment = 221.0
    assert progress.silent(120) == {"deliver": 121.0}
    progress.expect("deliver")
    assert progress.silent(120) == {"deliver": 121.0}
