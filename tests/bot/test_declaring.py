"""What config.toml says of when and where alerts are told, and how it stays in the store."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.config import load
from bot.declare import declare
from model.people import Chat, NewSubscriber
from model.rhythm import Rhythm
from model.watch import Watch
from store import rhythms, subscribers, visiting, watches
from store.engine import Store

WHOLE = """
general.timezone = "America/New_York"
alerts = { quiet_hours = "22:00-07:00", max_per_hour = 5 }
[[channels]]
id = "desk"
chat = -1001
what = ["dockets"]
review = true
digest = "weekdays 07:00"
"""


async def declared(store: Store, folder: Path, text: str, now: datetime) -> Rhythm:
    """Take a configuration over; return how its one channel is told."""
    path = folder / "config.toml"
    path.write_text(text, "utf-8")
    async with store.write() as tx:
        await declare(tx, load(path, environ={}), now)
    async with store.read() as tx:
        (desk,) = await subscribers.all_subscribers(tx)
        return await rhythms.one_of(tx, desk.id)


async def test_what_the_file_says_holds(store: Store, tmp_path: Path, now: datetime) -> None:
    found = await declared(store, tmp_path, WHOLE, now)
    assert (found.zone, str(found.quiet), found.most_per_hour) == (
        "America/New_York",
        "22:00-07:00",
        5,
    )
    assert (found.what.value, found.review, str(found.digest)) == (
        "dockets",
        True,
        "weekdays 07:00",
    )
    assert found.digest_last == now


async def test_a_start_does_not_forget_what_the_digest_has_told(
    store: Store, tmp_path: Path, now: datetime
) -> None:
    await declared(store, tmp_path, WHOLE, now)
    again = await declared(store, tmp_path, WHOLE, now + timedelta(days=3))
    assert again.digest_last == now
    changed = WHOLE.replace('07:00"\n', '08:00"\n')
    later = await declared(store, tmp_path, changed, now + timedelta(days=4))
    assert later.digest_last == now + timedelta(days=4)


async def test_without_a_word_of_it_nothing_is_reviewed_and_twenty_are_told_in_an_hour(
    store: Store, tmp_path: Path, now: datetime
) -> None:
    found = await declared(store, tmp_path, '[[channels]]\nid = "desk"\nchat = "@mx"\n', now)
    assert (found.review, found.digest, found.quiet) == (False, None, None)
    assert found.most_per_hour == 20


@pytest.mark.parametrize("strangers", ["open", "refuse"])
async def test_what_the_owner_of_the_file_followed_as_a_visitor_is_the_teams(
    store: Store, tmp_path: Path, now: datetime, strangers: str
) -> None:
    path = tmp_path / "config.toml"
    path.write_text(f'telegram = {{ owner_id = 71, strangers = "{strangers}" }}\n', "utf-8")
    new = NewSubscriber("telegram", "71", chat=Chat.PRIVATE, public=True)
    async with store.write() as tx:
        place = await subscribers.add(tx, new, now)
        await watches.add(tx, Watch("Ana Soto Mar"), now, to=[place.id], by=71, visitor=71)
        await visiting.switch(tx, now, is_on=strangers == "open")
        for _ in range(2):
            await declare(tx, load(path, environ={}), now)
        assert await visiting.count(tx) == visiting.Visitors(0, 0)
        (kept,) = await watches.all_watches(tx)
        assert (kept.watch.name, kept.to) == ("Ana Soto Mar", (place.id,))
        (here,) = await subscribers.all_subscribers(tx)
        assert not here.is_visitor
