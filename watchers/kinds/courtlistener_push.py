"""CourtListener's webhooks: what the body of each sort of event says."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from model import Item, ParseError, Route
from watchers.kinds.courtlistener_records import (
    Record,
    entry_item,
    find_items,
    number_of,
    record_of,
    records,
)


class EventType(IntEnum):
    """What CourtListener tells of."""

    DOCKET_ALERT = 1
    SEARCH_ALERT = 2
    RECAP_FETCH = 3
    OLD_ALERTS = 4
    PRAY_AND_PAY = 5


@dataclass(frozen=True, slots=True)
class Pushed:
    """What one event says."""

    event: int
    """An EventType, or a number that this version does not know."""
    items: tuple[Item, ...] = ()
    rearm: tuple[str, ...] = ()
    """Dockets whose alerts CourtListener has switched off, or soon will."""
    docket_id: str = ""
    """A docket that was fetched anew at somebody's wish."""
    document_id: str = ""
    """A document that can now be had."""


def event_type(body: bytes) -> int:
    """Return the event's number. Raises ParseError when the body is no event at all."""
    whole = record_of(body)
    webhook, payload = whole.get("webhook"), whole.get("payload")
    if not isinstance(webhook, dict) or not isinstance(payload, dict):
        raise ParseError("This is no event of CourtListener: it lacks `webhook` or `payload`.")
    number = webhook.get("event_type")
    if not isinstance(number, int) or isinstance(number, bool):
        raise ParseError("This is no event of CourtListener: it has no event_type.")
    return number


def read_push(body: bytes, base: str) -> Pushed:
    """Read an event's body. Raises ParseError when it is none.

    An event this version does not know is returned by its number alone.
    """
    number = event_type(body)
    payload = record_of(body)["payload"]
    assert isinstance(payload, dict)  # noqa: S101 - event_type has looked
    if number == EventType.DOCKET_ALERT:
        items = (entry_item(one, base, Route.PUSH) for one in records(payload))
        return Pushed(number, tuple(items))
    if number == EventType.SEARCH_ALERT:
        found = (one for each in records(payload) for one in find_items(each, base, Route.PUSH))
        return Pushed(number, tuple(found))
    if number == EventType.OLD_ALERTS:
        return Pushed(number, rearm=_dockets(payload))
    if number in (EventType.RECAP_FETCH, EventType.PRAY_AND_PAY):
        document = number_of(payload, "recap_document")
        return Pushed(number, docket_id=number_of(payload, "docket"), document_id=document)
    return Pushed(number)


def _dockets(payload: Record) -> tuple[str, ...]:
    """Return the dockets of old and of disabled alerts, each once."""
    named = (
        number_of(one, "docket")
        for name in ("old_alerts", "disabled_alerts")
        for one in records(payload, name)
    )
    return tuple(dict.fromkeys(filter(None, named)))
