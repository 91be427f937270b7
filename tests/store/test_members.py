"""Members: the claim link, the owner, and strangers."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from model import Member, Role
from store import members
from store.engine import Store


async def test_whoever_opens_the_claim_link_first_is_the_owner(store: Store, now):
    async with store.write() as tx:
        assert await members.owner(tx) is None
        code = await members.claim_code(tx, now)
        assert await members.claim(tx, "WRONG", 5, "Eve", "en", now) is None
        ana = await members.claim(tx, code, 7, "Ana", "es", now)
        assert ana == Member(7, "Ana", Role.OWNER, "es", now)
        assert await members.owner(tx) == await members.get(tx, 7) == ana
        assert await members.claim(tx, code, 5, "Eve", "en", now) is None


async def test_a_code_lives_a_quarter_of_an_hour(store: Store, now):
    async with store.write() as tx:
        code = await members.claim_code(tx, now)
        assert await members.claim_code(tx, now + timedelta(minutes=9)) == code
        later = now + timedelta(minutes=15)
        assert await members.claim(tx, code, 7, "Ana", "en", later) is None
        other = await members.claim_code(tx, later)
        assert other != code
        assert await members.claim(tx, code, 7, "Ana", "en", later) is None
        assert await members.claim(tx, other.lower(), 7, "Ana", "en", later) is not None


async def test_a_code_is_worth_nothing_once_there_is_an_owner(store: Store, now):
    async with store.write() as tx:
        code = await members.claim_code(tx, now)
        await members.set_owner(tx, 7, now)
        assert await members.claim(tx, code, 5, "Eve", "en", now) is None


async def test_config_names_another_owner(store: Store, now):
    async with store.write() as tx:
        ana = await members.add(tx, Member(7, "Ana", Role.OWNER, "es", now))
        bo = await members.add(tx, Member(8, "Bo", Role.EDITOR, "en", now))
        await members.set_owner(tx, 8, now + timedelta(days=1))
        await members.set_owner(tx, 8, now + timedelta(days=2))
        assert await members.all_members(tx) == [
            replace(ana, role=Role.ADMIN),
            replace(bo, role=Role.OWNER),
        ]
        await members.set_owner(tx, 9, now)
        assert await members.owner(tx) == Member(9, "", Role.OWNER, since=now)
        assert await members.remove(tx, 7)
        assert not await members.remove(tx, 7)


async def test_a_stranger_is_answered_once_a_day(store: Store, now):
    async with store.write() as tx:
        assert not await members.stranger_answered(tx, 5, now)
        assert await members.stranger_answered(tx, 5, now + timedelta(hours=23))
        assert not await members.stranger_answered(tx, 6, now)
        assert not await members.stranger_answered(tx, 5, now + timedelta(hours=24))
