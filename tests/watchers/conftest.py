"""What tests of watching share."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.fakes import Web


@pytest.fixture
async def web() -> AsyncIterator[Web]:
    """A web server of our own."""
    async with Web() as one:
        yield one
