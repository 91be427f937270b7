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
    NotSent,
    Refused,
    TopicGone,
    Trouble,
    Wait,
    WrongToken,
)
from model.alert import Delivery, DeliveryKind, DeliveryState, Outcome, Sent

FIRST = 2.0
"""Seconds until a second try; each further one waits twice as long …"""
LONGEST = 1800.0
"""… but no longer than this. Each try may be one more copy in the chat, so they get rare."""
OUTAGE = 30.0
"""Longest pause for everybody while the server can't be reached: its return is noticed soon."""
IN_ORDER = 5
"""Doubtful tries for which a Delivery holds up those behind it; then they may pass, since the
trouble may be its own.
"""
PATIENCE = timedelta(days=1)
"""How long a Message that may have arrived each time is tried again."""
KEPT = timedelta(days=7)
"""How long a chat that refuses us keeps its Deliveries for its return."""
SHOWN_TRIES = 30
"""Tries of a picture while the server can't be reached."""
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


def after_trouble(
    delivery: Delivery, trouble: Trouble, now: datetime, *, fails: int = 0, doubts: int = 0
) -> Verdict:
    """Return what is done about a Delivery that ran into `trouble`. `fails`: how many tries in a
    row, of anything, the server has not answered before this one; `doubts`: how many of this
    Delivery may have arrived before.
    """
    if delivery.kind is DeliveryKind.PICTURE:
        return _not_shown(delivery, trouble, now)
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
            return Verdict(_again(delivery, trouble, now), Pause.COURIER, until)
        case _ if trouble.arrived:
            return _doubtful(delivery, trouble, now, fails, doubts)
        case _:
            return Verdict(_again(delivery, trouble, now), Pause.COURIER, _outage(now, fails))


def _not_shown(delivery: Delivery, trouble: Trouble, now: datetime) -> Verdict:
    """Return what is done about a picture: it is tried again only where it surely did not arrive.
    It says nothing that its message does not link to, so nobody is told and no chat is parked.
    """
    if isinstance(trouble, Wait):
        until = now + timedelta(seconds=trouble.seconds)
        return Verdict(_again(delivery, trouble, until), Pause.LANE, until)
    if isinstance(trouble, NotSent | WrongToken | Migrated) and delivery.tries < SHOWN_TRIES:
        return Verdict(_again(delivery, trouble, now + timedelta(seconds=TOKEN_PAUSE)))
    return Verdict(Outcome(delivery.id, DeliveryState.GONE, error=str(trouble)))


def _doubtful(
    delivery: Delivery, trouble: Trouble, now: datetime, fails: int, doubts: int
) -> Verdict:
    """Return what is done when the server did not say what it did. A second time in a row it is
    not the chat: everybody waits, so that few Messages come into doubt.
    """
    if now - delivery.created_at > PATIENCE:
        outcome = Outcome(delivery.id, DeliveryState.REFUSED, error=str(trouble))
        return Verdict(outcome, notice="notice.message.refused")
    again = now + timedelta(seconds=backoff(doubts + 1))
    outcome = _again(delivery, trouble, again)
    if fails:
        return Verdict(outcome, Pause.COURIER, _outage(now, fails))
    return Verdict(outcome, Pause.LANE if doubts + 1 < IN_ORDER else Pause.NOBODY, again)


def _outage(now: datetime, fails: int) -> datetime:
    """Return until when everybody waits for a server that has failed so often before."""
    return now + timedelta(seconds=min(OUTAGE, backoff(fails + 1)))


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
    """Return the seconds to wait after `tries` tries: 2, 4, 8 … at most half an hour."""
    return float(min(LONGEST, FIRST * 2.0 ** min(max(0, tries - 1), 20)))
