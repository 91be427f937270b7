"""What is written down about a Source after a poll of it. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from model import PollNote, SourceState
from watchers.ask import MOVES_AFTER, Outcome, Result
from watchers.pace import (
    Next,
    PaceRules,
    after_failure,
    after_gone,
    after_our_failure,
    after_success,
)


@dataclass(frozen=True, slots=True)
class Noted:
    """A note, and what was noticed while making it."""

    note: PollNote
    possible_gap: bool = False


def note(result: Result, rules: PaceRules, *, new: int, jitter: float, ours: bool = False) -> Noted:
    """Return what to write down after `result`, which brought `new` Items.

    `jitter`: from -1 to 1. `ours`: our own network is down, the Source is not to blame.
    """
    step = _next(result, rules, new, jitter, ours=ours)
    state, url = _moved_for_good(result.state)
    claim = result.claim
    return Noted(
        PollNote(
            source_id=claim.source.id,
            owner=claim.owner,
            epoch=claim.epoch,
            next_due=step.due,
            pace=step.pace,
            state=state,
            url=url,
            name="" if claim.source.name else result.title,
            gone=result.outcome is Outcome.GONE,
        ),
        step.possible_gap,
    )


def _next(result: Result, rules: PaceRules, new: int, jitter: float, *, ours: bool) -> Next:
    claim, now = result.claim, result.at
    pace, declared = claim.pace, claim.source.interval
    if result.outcome is Outcome.PUT_OFF:
        return Next(now + timedelta(seconds=result.wait * (1 + 0.1 * abs(jitter))), pace)
    if result.outcome is Outcome.GONE:
        return after_gone(pace, now, result.error, jitter=jitter)
    if result.outcome is Outcome.UNREACHABLE and ours:
        return after_our_failure(pace, rules, now, result.error, jitter=jitter)
    if not result.is_good:
        return after_failure(
            pace, rules, now, result.error, declared=declared, asked=result.asked, jitter=jitter
        )
    return after_success(
        pace,
        rules,
        now,
        new=new,
        total=result.total,
        first_polled=claim.state.first_polled,
        declared=declared,
        asked=result.asked,
        jitter=jitter,
    )


def _moved_for_good(state: SourceState | None) -> tuple[SourceState | None, str]:
    """Return the new address once a permanent redirect was seen often enough."""
    if state is None or state.moved_times < MOVES_AFTER:
        return state, ""
    return replace(state, moved_to="", moved_times=0), state.moved_to
