"""Subscribers: where they are, whether they take what is sent, and where they move."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from matching.rhythm import parse_hours
from model import Chat, NewSubscriber, Subscriber, Watch
from store import dockets, rhythms, subscribers, watches
from store.engine import Store

GROUP = NewSubscriber("telegram", "-100", 12, "The desk", Chat.GROUP, language="es")


async def test_a_subscriber_is_kept_as_it_was_linked(store: Store, now):
    async with store.write() as tx:
        added = await subscribers.add(tx, GROUP, now)
        assert added == Subscriber(
            added.id, "telegram", "-100", 12, "The desk", Chat.GROUP, language="es"
        )
        assert await subscribers.get(tx, added.id) == added
        assert await subscribers.by_address(tx, "telegram", "-100", 12) == added
        assert await subscribers.by_address(tx, "telegram", "-100") is None
        assert await subscribers.all_subscribers(tx) == [added]
        again = await subscribers.add(tx, replace(GROUP, title="Desk"), now)
        assert again == replace(added, title="Desk")


async def test_a_removed_subscriber_hears_no_more_until_linked_again(store: Store, now):
    async with store.write() as tx:
        added = await subscribers.add(tx, GROUP, now)
        assert await subscribers.remove(tx, added.id, now)
        assert not await subscribers.remove(tx, added.id, now)
        assert await subscribers.by_address(tx, "telegram", "-100", 12) is None
        assert await subscribers.all_subscribers(tx) == []
        assert len(await subscribers.all_subscribers(tx, enabled=None)) == 1
        assert await subscribers.add(tx, GROUP, now) == added


async def test_what_can_change_changes_and_the_rest_is_refused(store: Store, now):
    async with store.write() as tx:
        added = await subscribers.add(tx, GROUP, now)
        changed = await subscribers.update(
            tx, added.id, now, language="en", chat=Chat.CHANNEL, public=True, muted_until=now
        )
        assert changed == replace(
            added, language="en", chat=Chat.CHANNEL, public=True, muted_until=now
        )
        with pytest.raises(ValueError, match="address"):
            await subscribers.update(tx, added.id, now, address="-5")


async def test_parked_since_the_first_refusal(store: Store, now):
    async with store.write() as tx:
        added = await subscribers.add(tx, GROUP, now)
        await subscribers.park(tx, added.id, "The bot was kicked.", now)
        await subscribers.park(tx, added.id, "Again.", now + timedelta(days=1))
        parked = await subscribers.get(tx, added.id)
        assert parked == replace(added, parked_since=now, parked_why="The bot was kicked.")
        await subscribers.unpark(tx, added.id)
        assert await subscribers.get(tx, added.id) == added


async def test_declared_channels_are_known_by_their_names(store: Store, now):
    desk = NewSubscriber("telegram", "-1", name="desk", chat=Chat.CHANNEL)
    async with store.write() as tx:
        await subscribers.declare(tx, [desk, NewSubscriber("mail", "x", name="mail")], now)
        first, mail = await subscribers.all_subscribers(tx)
        assert (first.name, first.declared, mail.name) == ("desk", True, "mail")
        await subscribers.declare(tx, [replace(desk, address="-2", language="es")], now)
        (moved,) = await subscribers.all_subscribers(tx)
        assert moved == replace(first, address="-2", language="es")
        await subscribers.declare(tx, [], now)
        assert await subscribers.all_subscribers(tx) == []
        await subscribers.declare(tx, [replace(desk, address="-2")], now)
        assert await subscribers.all_subscribers(tx) == [replace(moved, language="en")]


async def test_a_linked_chat_that_config_lists_too_has_two_origins(store: Store, now):
    async with store.write() as tx:
        linked = await subscribers.add(tx, GROUP, now)
        await subscribers.declare(tx, [replace(GROUP, name="desk", title="")], now)
        (both,) = await subscribers.all_subscribers(tx)
        assert both == replace(linked, name="desk", declared=True)
        assert await subscribers.remove(tx, both.id, now)
        assert await subscribers.all_subscribers(tx) == [both]
        await subscribers.add(tx, GROUP, now)
        await subscribers.declare(tx, [], now)
        assert await subscribers.all_subscribers(tx) == [linked]


async def test_a_name_that_moves_to_a_linked_chat_names_that_one(store: Store, now):
    async with store.write() as tx:
        await subscribers.declare(tx, [NewSubscriber("telegram", "-1", name="desk")], now)
        linked = await subscribers.add(tx, NewSubscriber("telegram", "-2"), now)
        await subscribers.declare(tx, [NewSubscriber("telegram", "-2", name="desk")], now)
        assert await subscribers.all_subscribers(tx) == [
            replace(linked, name="desk", declared=True)
        ]


async def test_a_group_that_becomes_a_supergroup_keeps_its_topics(store: Store, now):
    async with store.write() as tx:
        one = await subscribers.add(tx, replace(GROUP, thread=0), now)
        two = await subscribers.add(tx, GROUP, now)
        other = await subscribers.add(tx, NewSubscriber("telegram", "-7"), now)
        assert await subscribers.migrate(tx, "telegram", "-100", "-1009", now) == 2
        assert await subscribers.migrate(tx, "telegram", "-100", "-1009", now) == 0
        assert await subscribers.all_subscribers(tx) == [
            replace(one, address="-1009"),
            replace(two, address="-1009"),
            other,
        ]


async def test_a_chat_that_moves_to_a_linked_one_hands_its_watches_over(store: Store, now):
    async with store.write() as tx:
        old = await subscribers.add(tx, NewSubscriber("telegram", "-1"), now)
        new = await subscribers.add(tx, NewSubscriber("telegram", "-2"), now)
        mine = await watches.add(tx, Watch("A"), now, to=[old.id])
        both = await watches.add(tx, Watch("B"), now, to=[old.id, new.id])
        assert await subscribers.migrate(tx, "telegram", "-1", "-2", now) == 1
        assert await subscribers.all_subscribers(tx) == [new]
        assert await watches.all_watches(tx) == [
            replace(mine, to=(new.id,)),
            replace(both, to=(new.id,)),
        ]


async def test_a_chat_that_moves_to_a_linked_one_is_told_as_it_was(store: Store, now: datetime):
    tomorrow = now + timedelta(days=1)
    async with store.write() as tx:
        old = await subscribers.add(tx, NewSubscriber("telegram", "-1"), now)
        new = await subscribers.add(tx, NewSubscriber("telegram", "-2"), now)
        asks = await subscribers.add(tx, NewSubscriber("telegram", "-3"), now)
        await subscribers.update(tx, old.id, now, muted_until=tomorrow)
        await rhythms.change(tx, old.id, quiet="22:00-07:00", digest="daily 08:00", silent=True)
        await rhythms.change(tx, new.id, quiet="23:00-06:00", digest_last=None)
        await rhythms.change(tx, asks.id, review=True, review_to=old.id)
        case = await dockets.follow(tx, "nyed", "1:19-cr-00366", to=[old.id, asks.id], now=now)
        await subscribers.migrate(tx, "telegram", "-1", "-2", now)
        rhythm = await rhythms.one_of(tx, new.id)
        assert (rhythm.quiet, str(rhythm.digest)) == (parse_hours("23:00-06:00"), "daily 08:00")
        assert rhythm.silent
        assert (await rhythms.one_of(tx, asks.id)).review_to == new.id
        followed = await dockets.following_of(tx, case.docket.id)
        assert followed is not None
        assert followed.to == (new.id, asks.id)
        here = await subscribers.get(tx, new.id)
        assert here is not None
        assert here.muted_until == tomorrow
