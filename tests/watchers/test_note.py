from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from model import Claim, Pace, Source, SourceState, Validators
from watchers.ask import Outcome, Result
from watchers.note import note
from watchers.pace import Asked, PaceRules

NOW = datetime(2020, 11, 18, 19, 0, tzinfo=UTC)
FEED = "https://example.org/feed"


def claim(**fields: Any) -> Claim:
    source = Source(7, FEED, FEED, name=fields.pop("name", ""), interval=fields.pop("every", None))
    given: dict[str, Any] = {
        "pace": Pace(interval=900),
        "state": SourceState(first_polled=NOW - timedelta(days=9)),
        "owner": "me",
        "epoch": 4,
    }
    return Claim(source, **{**given, **fields})


def result(outcome: Outcome, of: Claim | None = None, **fields: Any) -> Result:
    return Result(of or claim(), outcome, NOW, **fields)


def test_a_note_carries_the_claim_it_gives_up() -> None:
    written = note(result(Outcome.UNCHANGED), PaceRules(), new=0, jitter=0).note
    assert (written.source_id, written.owner, written.epoch) == (7, "me", 4)
    assert written.state is None
    assert written.pace.last_ok == NOW


def test_a_failure_is_kept_in_its_sentence_and_leaves_the_state_alone() -> None:
    failed = result(Outcome.FAILED, error="It failed.", asked=Asked(retry_after=5000))
    written = note(failed, PaceRules(), new=0, jitter=0).note
    assert (written.pace.fails, written.pace.error) == (1, "It failed.")
    assert written.state is None
    assert written.next_due == NOW + timedelta(seconds=5000)


def test_a_gone_source_is_noted_as_gone() -> None:
    written = note(result(Outcome.GONE, error="Gone."), PaceRules(), new=0, jitter=0).note
    assert written.gone
    assert written.next_due == NOW + timedelta(days=1)


def test_out_of_reach_counts_against_a_source_only_when_others_are_in_reach() -> None:
    away = result(Outcome.UNREACHABLE, error="x")
    assert note(away, PaceRules(), new=0, jitter=0).note.pace.fails == 1
    assert note(away, PaceRules(), new=0, jitter=0, ours=True).note.pace.fails == 0
    refused = result(Outcome.FAILED, error="x")
    assert note(refused, PaceRules(), new=0, jitter=0, ours=True).note.pace.fails == 1


def test_a_poll_put_off_changes_nothing_but_its_time() -> None:
    before = claim(pace=Pace(interval=900, fails=2, error="x"))
    written = note(result(Outcome.PUT_OFF, before, wait=60), PaceRules(), new=0, jitter=1).note
    assert written.pace == before.pace
    assert NOW + timedelta(seconds=60) <= written.next_due <= NOW + timedelta(seconds=66)


def test_a_source_moves_after_the_third_sighting() -> None:
    state = SourceState(Validators('"1"'), moved_to="https://example.org/new", moved_times=2)
    twice = note(result(Outcome.UNCHANGED, state=state), PaceRules(), new=0, jitter=0).note
    assert twice.url == ""
    assert twice.state == state
    third = SourceState(Validators('"1"'), moved_to="https://example.org/new", moved_times=3)
    moved = note(result(Outcome.UNCHANGED, state=third), PaceRules(), new=0, jitter=0).note
    assert moved.url == "https://example.org/new"
    assert moved.state == SourceState(Validators('"1"'))


def test_a_source_without_a_name_is_called_as_its_feed() -> None:
    read = result(Outcome.NOTHING_NEW, title="Ríodoce")
    assert note(read, PaceRules(), new=0, jitter=0).note.name == "Ríodoce"
    named = result(Outcome.NOTHING_NEW, claim(name="Mine"), title="Ríodoce")
    assert note(named, PaceRules(), new=0, jitter=0).note.name == ""


def test_a_declared_interval_holds_and_a_gap_is_noticed() -> None:
    full = result(Outcome.NEW, claim(every=30.0), total=20)
    noted = note(full, PaceRules(), new=20, jitter=0)
    assert noted.note.next_due == NOW + timedelta(seconds=30)
    assert noted.possible_gap
