"""A stage for every test of the conversation."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime

import pytest

from store.engine import Store
from tests.bot.talk.stage import Stage, conversing, staged


@pytest.fixture
async def stage(sqlite_store: Store, now: datetime) -> AsyncIterator[Stage]:
    """A bot that Ana owns, conversing."""
    async with staged(sqlite_store, now) as built, conversing(built.receiver):
        yield built


@pytest.fixture
async def unowned(sqlite_store: Store, now: datetime) -> AsyncIterator[Stage]:
    """A bot that nobody owns yet, conversing."""
    async with staged(sqlite_store, now, owned=False) as built, conversing(built.receiver):
        yield built


@pytest.fixture
async def readable(sqlite_store: Store, now: datetime) -> AsyncIterator[Stage]:
    """Ana's bot, which lets strangers read."""
    async with (
        staged(sqlite_store, now, strangers="read-only") as built,
        conversing(built.receiver),
    ):
        yield built


@pytest.fixture
async def open_to_all(sqlite_store: Store, now: datetime) -> AsyncIterator[Stage]:
    """Ana's bot, in which strangers follow names for themselves."""
    async with staged(sqlite_store, now, strangers="open") as built, conversing(built.receiver):
        yield built
