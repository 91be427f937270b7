"""What becomes of a Delivery: when to try again, when to give up (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from alerts.couriers import (
    ChatLost,
    MessageLost,
    Migrated,
    NotModified,
    Refused,
    TopicGone,
    Trouble,
    Wait,
    WrongToken,
)
from model.alert import Delivery, DeliveryKind, DeliveryState, Outcome, Sent

FIRST = 2.0
"""Seconds until a second try; each further one waits twice as long …"""
LONGEST = 300.0
"""… but no longer than this."""
OUTAGE = 30.0
"""Longest pause for everybody while the server can't be reached: its return is noticed soon."""
IN_ORDER = 5
"""Tries for which a Delivery holds up those behind it; then they may pass, since the trouble may
be its own.
"""
PATIENCE = timedelta(days=3)
"""How long a Message that may have arrived each time is tried again."""
KEPT = timedelta(days=7)
"""How long a chat that refuses us keeps its Deliveries for its return."""
TOKEN_PAUSE = 60.0
"""Seconds between two tries with a token that is not known: it may be replaced meanwhile."""


class Pause(StrEnum):
    """Who waits until the time that is given."""

    NOBODY = "nobody"
    LANE = "lane"
    """Everything else for this Subscriber, so that order is kept."""
    COURIER = "courier"
    """Everybody: it is the server or the network, not the chat."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is done after one try."""

    outcome: Outcome
    pause: Pause = Pause.NOBODY
    until: datetime | None = None
    park: str = ""
    """Why the Subscriber is parked; empty: it is not."""
    notice: str = ""
    """The code of the Notice its owner gets; empty: none."""
    moved_to: str = ""
    """The chat's new address."""


def after_success(delivery: Delivery, sent: Sent, digest: str) -> Verdict:
    """Return what is settled when the Courier took it."""
    state = DeliveryState.SENT
    return Verdict(Outcome(delivery.id, state, message_ids=sent.message_ids, digest=digest))


def after_trouble(delivery: Delivery, trouble: Trouble, now: datetime, fails: int = 0) -> Verdict:
    """Return what is done about a Delivery that ran into `trouble`. `fails`: how many tries in a
    row, of anything, the server has not answered before this one.
    """
    match trouble:
        case NotModified():
            return Verdict(Outcome(delivery.id, DeliveryState.SENT))
        case MessageLost():
            return Verdict(Outcome(delivery.id, DeliveryState.GONE, error=str(trouble)))
        case Wait():
            until = now + timedelta(seconds=trouble.seconds)
            return Verdict(_again(delivery, trouble, until), Pause.LANE, until)
        case Migrated():
            outcome = _again(delivery, trouble, now)
            return Verdict(outcome, moved_to=trouble.address)
        case ChatLost():
            code = "topic" if isinstance(trouble, TopicGone) else "refused"
            outcome = _again(delivery, trouble, now)
            return Verdict(outcome, park=str(trouble), notice=f"notice.chat.{code}")
        case Refused():
            outcome = Outcome(delivery.id, DeliveryState.REFUSED, error=str(trouble))
            return Verdict(outcome, notice="notice.message.refused")
        case WrongToken():
            until = now + timedelta(seconds=TOKEN_PAUSE)
            return Verdict(_again(delivery, trouble, until), Pause.COURIER, until)
        case _:
            return _unanswered(delivery, trouble, now, fails)


def _unanswered(delivery: Delivery, trouble: Trouble, now: datetime, fails: int) -> Verdict:
    """Return what is done when the server was not reached, or did not say what it did. A second
    time in a row it is not the chat: everybody waits, so that few Messages come into doubt.
    """
    if trouble.arrived and now - delivery.created_at > PATIENCE:
        outcome = Outcome(delivery.id, DeliveryState.REFUSED, error=str(trouble))
        return Verdict(outcome, notice="notice.message.refused")
    if fails or not trouble.arrived:
        until = now + timedelta(seconds=min(OUTAGE, backoff(fails + 1)))
        return Verdict(_again(delivery, trouble, until), Pause.COURIER, until)
    until = now + timedelta(seconds=backoff(delivery.tries))
    pause = Pause.LANE if delivery.tries < IN_ORDER else Pause.NOBODY
    return Verdict(_again(delivery, trouble, until), pause, until)


def _again(delivery: Delivery, trouble: Trouble, at: datetime) -> Outcome:
    """Return the Delivery due at `at`, marked as a repeat if any try of it may have arrived."""
    doubt = delivery.kind is DeliveryKind.SEND and trouble.arrived
    return Outcome(
        delivery.id,
        DeliveryState.DUE,
        not_before=at,
        repeat=delivery.repeat or doubt,
        error=str(trouble),
    )


def backoff(tries: int) -> float:
    """Return the seconds to wait after `tries` tries: 2, 4, 8 … at most five minutes."""
    return float(min(LONGEST, FIRST * 2.0 ** min(max(0, tries - 1), 20)))
