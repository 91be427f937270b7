"""A slice of `python -m bench.fuzz`: whatever comes from outside ends in a result or a sentence."""

from __future__ import annotations

import pytest

from bench.fuzz import SORTS, STALL, run


@pytest.mark.parametrize("sort", SORTS)
async def test_no_exception_escapes_and_the_loop_does_not_stall(sort: str) -> None:
    told = (await run([sort], 40, seed=3))[sort]
    assert told.cases == 40
    assert told.escaped == []
    assert told.longest < STALL
