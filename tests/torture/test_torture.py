"""A few kills in each run of the tests; `python -m bench.torture` is the long form."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.torture.campaign import Orders, campaign
from tests.torture.cluster import Cluster, programs

SHORT = Orders(
    seed=7,
    kills=3,
    life=5.0,
    offer_every=1.5,
    outage=0.5,
    spoilt=0.1,
    patience=120.0,
    feed_trouble=0.05,
)


async def test_killed_and_locked_out_on_sqlite_nothing_is_lost_and_no_repeat_is_unmarked(
    tmp_path: Path,
) -> None:
    verdict, kills = await campaign(replace(SHORT, locks=(2.0,)), tmp_path)
    assert verdict.faults == {}
    assert kills == 3
    assert verdict.offered > 3


async def test_killed_with_its_postgresql_nothing_is_lost_and_no_repeat_is_unmarked(
    tmp_path: Path,
) -> None:
    if programs() is None:
        pytest.skip("needs PostgreSQL's own programs (initdb) and a user to run them")
    with Cluster() as cluster:
        verdict, kills = await campaign(replace(SHORT, server_kills=1), tmp_path, cluster=cluster)
    assert verdict.faults == {}
    assert kills == 3
    assert verdict.offered > 3
