"""What visitors keep stands apart from the team's, and from each other's."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import update

from model import NewSource, NewSubscriber, Watch
from model.alert import AlertDraft, Decision, Step
from model.item import Item
from model.people import Chat
from store import (
    history,
    items,
    news,
    outbox,
    personal,
    sources,
    subscribers,
    visiting,
    watch_log,
    watches,
)
from store.engine import Store, Tx
from store.tables import alert

NAME = "Rosalinda Quiroga Maldonado"
EVE, BEN = 71, 72


async def kept(tx: Tx, person: int, now: datetime, name: str = NAME) -> int:
    place = await subscribers.add(
        tx, NewSubscriber("telegram", str(person), chat=Chat.PRIVATE, public=True), now
    )
    stored = await watches.add(tx, Watch(name), now, to=[place.id], by=person, visitor=person)
    return stored.watch.id


async def test_a_name_is_there_once_for_each_and_the_team_sees_its_own_alone(
    store: Store, now: datetime
) -> None:
    async with store.write() as tx:
        eves, bens = await kept(tx, EVE, now), await kept(tx, BEN, now)
        teams = (await watches.add(tx, Watch(NAME), now)).watch.id
        assert len({eves, bens, teams}) == 3
        assert [one.watch.id for one in await watches.all_watches(tx)] == [teams]
        assert [one.watch.id for one in await visiting.of_visitor(tx, EVE)] == [eves]
        assert await visiting.count(tx) == visiting.Visitors(2, 2)
        assert {one.watch.id for one in (await watches.log_since(tx, 0)).changed} == {
            eves, bens, teams,
        }  # fmt: skip
        await watches.declare(tx, [], now)
        assert {one.watch_id for one in await watch_log.latest(tx, 50)} <= {0, teams}
        assert (await visiting.count(tx)).watches == 2, "config.toml has no say in theirs"


async def test_switching_off_and_leaving_are_heard_by_whoever_follows_the_log(
    store: Store, now: datetime
) -> None:
    async with store.write() as tx:
        eves, bens = await kept(tx, EVE, now), await kept(tx, BEN, now)
        mark = (await watches.log_since(tx, 0)).mark
        await visiting.switch(tx, now, is_on=False)
        log = await watches.log_since(tx, mark)
        assert set(log.removed) == {eves, bens}
        await visiting.switch(tx, now, is_on=False)
        assert (await watches.log_since(tx, log.mark)).mark == log.mark
        await visiting.switch(tx, now, is_on=True)
        assert len((await watches.log_since(tx, log.mark)).changed) == 2
        await visiting.leave(tx, EVE, now)
        assert await visiting.count(tx) == visiting.Visitors(1, 1)
        await personal.forget(tx, BEN, now)
        assert await visiting.count(tx) == visiting.Visitors(0, 0)
        assert await visiting.of_visitor(tx, BEN) == []


async def test_who_joins_the_team_brings_their_names_along(store: Store, now: datetime) -> None:
    async with store.write() as tx:
        desk = await subscribers.add(tx, NewSubscriber("telegram", "-5", chat=Chat.GROUP), now)
        teams = await watches.add(tx, Watch(NAME), now, to=[desk.id])
        await kept(tx, EVE, now)
        other = await kept(tx, EVE, now, "Aurelio Bantu")
        place = await subscribers.by_address(tx, "telegram", str(EVE))
        assert place is not None
        await visiting.adopt(tx, EVE, place.id, now)
        every = {one.watch.id: one for one in await watches.all_watches(tx)}
        assert set(every) == {teams.watch.id, other}
        assert set(every[teams.watch.id].to) == {desk.id, place.id}
        assert await visiting.of_visitor(tx, EVE) == []


async def test_only_what_public_places_were_sent_and_still_show_is_public(
    store: Store, now: datetime
) -> None:
    async with store.write() as tx:
        source = await sources.add(tx, NewSource("https://a.example/feed", "A"), now)
        eves = await kept(tx, EVE, now, "Aurelio Bantu")
        teams = (await watches.add(tx, Watch(NAME), now)).watch.id
        open_, closed, eve = [
            (await subscribers.add(tx, NewSubscriber("telegram", *of), now)).id
            for of in (("@open", 0, "", Chat.CHANNEL, True), ("-9", 0, "", Chat.CHANNEL))
        ] + [(await subscribers.by_address(tx, "telegram", str(EVE))).id]  # type: ignore[union-attr]
        for number, (place, watch_id) in enumerate(
            ((open_, teams), (closed, teams), (eve, eves)), 1
        ):
            item = Item(f"k{number}", f"https://a.example/{number}", f"Title {number}")
            given = Item(item.key, item.url, item.title, source_id=source.id)
            [one] = await items.record(tx, [given], now)
            draft = AlertDraft(place, one.item, (watch_id,), ())
            await outbox.queue(tx, [Decision(draft, Step.TELL)], now)
        since = now - timedelta(days=1)
        assert await news.public(tx, since) == [], "nothing is sent yet"
        assert await visiting.named_publicly(tx) == {}
        await tx.run(update(alert).values(sent_at=now))
        [(shown, _)] = await news.public(tx, since)
        assert await visiting.named_publicly(tx) == {teams: NAME}
        assert len(await news.latest(tx, since)) == 2, "the team's, and not the visitor's"
        exported = await history.told_between(tx, since, now + timedelta(days=1))
        assert len(exported) == 2, "the team's, and not the visitor's"
        await tx.run(update(alert).where(alert.c.id == shown).values(hidden_at=now))
        assert await news.public(tx, since) == []
        assert await visiting.named_publicly(tx) == {}
