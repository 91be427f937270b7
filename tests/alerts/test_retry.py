"""What becomes of a message that ran into trouble."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from alerts.couriers import (
    Ambiguous,
    BadMarks,
    ChatLost,
    MessageLost,
    Migrated,
    NotModified,
    NotSent,
    Refused,
    TopicGone,
    Trouble,
    Wait,
    WrongToken,
)
from alerts.retry import PATIENCE, Pause, after_success, after_trouble, backoff
from model.alert import Delivery, DeliveryKind, DeliveryState, Outcome, Sent
from model.watch import Priority
from tests.alerts.making import AT

SEND = Delivery(
    id=5,
    alert_id=7,
    subscriber_id=1,
    kind=DeliveryKind.SEND,
    state=DeliveryState.SENDING,
    priority=Priority.NORMAL,
    tries=1,
    not_before=None,
    repeat=False,
    created_at=AT,
)
EDIT = replace(SEND, kind=DeliveryKind.EDIT, message_ids=(3,))


def later(seconds: float) -> object:
    return AT + timedelta(seconds=seconds)


def test_what_was_taken_is_settled_with_its_ids_and_digest() -> None:
    verdict = after_success(SEND, Sent((11, 12)), "d")
    assert verdict.outcome == Outcome(5, DeliveryState.SENT, message_ids=(11, 12), digest="d")
    assert (verdict.pause, verdict.park, verdict.notice) == (Pause.NOBODY, "", "")


@pytest.mark.parametrize(
    ("trouble", "state", "pause"),
    [
        (NotModified(), DeliveryState.SENT, Pause.NOBODY),
        (MessageLost(), DeliveryState.GONE, Pause.NOBODY),
        (Refused("x"), DeliveryState.REFUSED, Pause.NOBODY),
        (BadMarks("x"), DeliveryState.REFUSED, Pause.NOBODY),
        (ChatLost("x"), DeliveryState.DUE, Pause.NOBODY),
        (Migrated("-1"), DeliveryState.DUE, Pause.NOBODY),
        (Wait(3), DeliveryState.DUE, Pause.LANE),
        (Ambiguous(), DeliveryState.DUE, Pause.LANE),
        (NotSent(), DeliveryState.DUE, Pause.COURIER),
        (WrongToken(), DeliveryState.DUE, Pause.COURIER),
    ],
)
def test_each_trouble_has_its_end(trouble: Trouble, state: DeliveryState, pause: Pause) -> None:
    verdict = after_trouble(SEND, trouble, AT)
    assert (verdict.outcome.state, verdict.pause) == (state, pause)


def test_only_doubt_makes_a_repeat_and_once_doubtful_is_always_doubtful() -> None:
    assert after_trouble(SEND, Ambiguous(), AT).outcome.repeat
    for sure in (NotSent(), Wait(3), ChatLost("x"), WrongToken(), Migrated("-1")):
        assert not after_trouble(SEND, sure, AT).outcome.repeat
        assert after_trouble(replace(SEND, repeat=True), sure, AT).outcome.repeat


def test_an_edit_is_never_a_repeat_since_editing_twice_does_no_harm() -> None:
    assert not after_trouble(EDIT, Ambiguous(), AT).outcome.repeat


def test_a_refusal_after_a_part_had_arrived_leaves_doubt() -> None:
    wait = Wait(3)
    wait.arrived = True
    assert after_trouble(SEND, wait, AT).outcome.repeat


def test_a_wait_is_as_long_as_told() -> None:
    verdict = after_trouble(SEND, Wait(37), AT)
    assert verdict.outcome.not_before == verdict.until == later(37)


def test_doubt_waits_longer_with_each_doubt_and_then_lets_others_pass() -> None:
    untils = [
        after_trouble(SEND, Ambiguous(), AT, doubts=n).outcome.not_before for n in (0, 1, 2, 20)
    ]
    assert untils == [later(2), later(4), later(8), later(1800)]
    assert after_trouble(SEND, Ambiguous(), AT, doubts=3).pause is Pause.LANE
    assert after_trouble(SEND, Ambiguous(), AT, doubts=4).pause is Pause.NOBODY


def test_a_server_that_answers_nobody_makes_everybody_wait_at_most_half_a_minute() -> None:
    for trouble in (Ambiguous(), NotSent()):
        untils = [after_trouble(SEND, trouble, AT, fails=fails).until for fails in (1, 2, 9)]
        assert untils == [later(4), later(8), later(30)]
        assert after_trouble(SEND, trouble, AT, fails=1).pause is Pause.COURIER


def test_what_was_not_sent_is_due_at_once_so_that_order_is_kept() -> None:
    assert after_trouble(replace(SEND, tries=99), NotSent(), AT).outcome.not_before == AT
    assert after_trouble(SEND, WrongToken(), AT).outcome.not_before == AT


def test_a_message_that_is_in_doubt_for_days_is_given_up_and_said_so() -> None:
    old = after_trouble(SEND, Ambiguous(), AT + PATIENCE + timedelta(seconds=1))
    assert (old.outcome.state, old.notice) == (DeliveryState.REFUSED, "notice.message.refused")


def test_what_was_never_sent_is_never_given_up() -> None:
    month = AT + timedelta(days=30)
    assert after_trouble(SEND, NotSent(), month).outcome.state is DeliveryState.DUE


def test_a_lost_chat_is_parked_keeps_its_delivery_and_its_owner_is_told() -> None:
    verdict = after_trouble(SEND, ChatLost("bot was kicked"), AT)
    assert (verdict.park, verdict.notice) == ("bot was kicked", "notice.chat.refused")
    assert after_trouble(SEND, TopicGone("closed"), AT).notice == "notice.chat.topic"


def test_a_group_that_moved_is_written_to_at_its_new_address_at_once() -> None:
    verdict = after_trouble(SEND, Migrated("-1005"), AT)
    assert (verdict.moved_to, verdict.outcome.not_before) == ("-1005", AT)


def test_waits_double_up_to_half_an_hour() -> None:
    assert [backoff(n) for n in (0, 1, 2, 3, 10, 11, 99)] == [2, 2, 4, 8, 1024, 1800, 1800]
