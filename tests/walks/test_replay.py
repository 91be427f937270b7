"""A slice of the real polls, through kills; `bench/replay.py` replays all of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.replay import ARCHIVE, EXPECTED, expected, read_archive, replay

SLICE = 64


@pytest.fixture(scope="session")
def archive(shared: Path) -> Path:
    return shared / ARCHIVE


def test_the_archive_itself_asks_for_the_known_counts(archive: Path) -> None:
    assert expected(read_archive(archive, 10_000)) == EXPECTED == (1029, 324)


async def test_real_polls_give_each_alert_and_edit_once_through_kills(
    archive: Path, database_url: str
) -> None:
    polls = read_archive(archive, SLICE)
    wanted = expected(polls)
    assert min(wanted) > 5
    assert await replay(polls, database_url, kills=[16, 32, 48]) == wanted
