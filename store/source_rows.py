"""How the three rows of a Source (what it is, its pace, its state) become nouns and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row

from model import Claim, Pace, Source, SourceState, Validators
from store.written import load_words


def as_source(row: Row[Any]) -> Source:
    """Read the columns of `source`."""
    return Source(
        id=row.id,
        url=row.url,
        base=row.base,
        name=row.name,
        kind=row.kind,
        tags=load_words(row.tags),
        lang=row.lang,
        interval=row.declared_interval,
        declared=row.declared,
        added=row.added,
        enabled=row.enabled,
    )


def as_pace(row: Row[Any]) -> Pace:
    """Read the columns of `source_pace`."""
    return Pace(
        interval=row.interval,
        rate=row.rate,
        rate_at=row.rate_at,
        fails=row.fails,
        failing_since=row.failing_since,
        last_ok=row.last_ok,
        last_new=row.last_new,
        error=row.error,
    )


def as_state(row: Row[Any]) -> SourceState:
    """Read the columns of `source_state`."""
    return SourceState(
        validators=Validators(row.etag, row.last_modified, row.validators_at),
        items_hash=row.items_hash,
        known=row.known,
        first_polled=row.first_polled,
        moved_to=row.moved_to,
        moved_times=row.moved_times,
    )


def as_claim(row: Row[Any]) -> Claim:
    """Read all three."""
    return Claim(
        source=as_source(row),
        pace=as_pace(row),
        state=as_state(row),
        owner=row.lease_owner,
        epoch=row.lease_epoch,
        told=row.told,
    )


def pace_columns(pace: Pace) -> Mapping[str, object]:
    """Write a Pace."""
    return {
        "interval": pace.interval,
        "rate": pace.rate,
        "rate_at": pace.rate_at,
        "fails": pace.fails,
        "failing_since": pace.failing_since,
        "last_ok": pace.last_ok,
        "last_new": pace.last_new,
        "error": pace.error,
    }


def state_columns(state: SourceState) -> Mapping[str, object]:
    """Write a SourceState."""
    return {
        "etag": state.validators.etag,
        "last_modified": state.validators.last_modified,
        "validators_at": state.validators.stored_at,
        "items_hash": state.items_hash,
        "known": state.known,
        "first_polled": state.first_polled,
        "moved_to": state.moved_to,
        "moved_times": state.moved_times,
    }
