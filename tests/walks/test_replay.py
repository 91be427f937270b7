"""A slice of two weeks of real polls: what is queued is what the snapshots say, kills included."""

from __future__ import annotations

from pathlib import Path

from bench import replay


async def test_real_polls_give_each_alert_and_each_edit_once_whatever_is_killed(
    shared: Path, tmp_path: Path
) -> None:
    polls = replay.snapshots(shared, 120)
    got, killed = await replay.replay(polls, 2, tmp_path)
    assert killed == 2
    assert got == replay.expected(polls)
    assert got.alerts > 50
    assert got.edits > 10
