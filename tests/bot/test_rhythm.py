"""Held back and told later: in one message, once, whatever happens in between."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from bot.demo.botapi.faults import Fault
from bot.rhythm import keep_time
from bot.words import load
from matching.rhythm import FOR_EVER
from model import Filing, Item, NewSource, Priority, Watch
from model.alert import AlertDraft, Decision, Step
from model.people import Subscriber
from model.words import Words
from store import dockets, outbox, retention, reviewing, rhythms, sources, subscribers, watches
from store.engine import Store
from store.rhythms import Usual
from tests.alerts.making import NAME
from tests.alerts.newsroom import Newsroom, newsroom

EVENING = datetime(2020, 11, 18, 22, 30, tzinfo=UTC)
MORNING = datetime(2020, 11, 19, 7, 0, tzinfo=UTC)


@dataclass(slots=True)
class Keeping:
    """A newsroom in which time is kept."""

    room: Newsroom

    async def keep(self, at: datetime | None = None) -> int:
        """Let it be `at`; look once what is due."""
        self.room.now = at or self.room.now
        return await keep_time(self.room.store, load, self.room.now)

    async def passes(self, at: datetime) -> None:
        """Let it become `at`, looking and sending."""
        await self.keep(at)
        await self.room.dispatch()

    async def wants(self, to: Subscriber | None = None, **how: object) -> None:
        async with self.room.store.write() as tx:
            await rhythms.change(tx, (to or self.room.to).id, **how)

    async def usual(self, **how: object) -> None:
        async with self.room.store.write() as tx:
            await rhythms.declare(tx, Usual(**how))  # type: ignore[arg-type]

    async def mute(self, until: datetime | None) -> None:
        async with self.room.store.write() as tx:
            await subscribers.update(tx, self.room.to.id, self.room.now, muted_until=until)

    async def states(self) -> list[str]:
        return [f"{one.kind} {one.state}" for one in await self.room.waiting()]

    async def watch(self, name: str, **more: object) -> int:
        async with self.room.store.write() as tx:
            stored = await watches.add(tx, Watch(name, **more), self.room.now)  # type: ignore[arg-type]
        return stored.watch.id

    async def tell(self, title: str, watch_id: int, **more: object) -> None:
        item = await self.room.item(title)
        draft = AlertDraft(self.room.to.id, item, (watch_id,), (), **more)  # type: ignore[arg-type]
        async with self.room.store.write() as tx:
            await outbox.queue(tx, [Decision(draft, Step.TELL)], self.room.now)

    @property
    def texts(self) -> list[str]:
        return list(self.room.desk.texts)


@pytest.fixture
async def desk(store: Store) -> AsyncIterator[Keeping]:
    async with newsroom(store) as room:
        room.now = EVENING
        yield Keeping(room)


@pytest.fixture
async def quiet(desk: Keeping) -> Keeping:
    await desk.wants(quiet="22:00-07:00")
    return desk


async def test_what_comes_in_quiet_hours_is_one_message_when_they_end(quiet: Keeping) -> None:
    await quiet.room.tell("First", "Second", "Third")
    await quiet.passes(MORNING - timedelta(minutes=1))
    assert quiet.texts == []
    await quiet.passes(MORNING)
    (text,) = quiet.texts
    assert text.startswith("🗞 3 alerts from the quiet hours\n\n🔴 " + NAME)
    assert [line for line in text.split("\n") if line[:1].isdigit()] == [
        "1. First — a.example",
        "2. Second — a.example",
        "3. Third — a.example",
    ]


async def test_it_is_told_once_however_often_one_looks(quiet: Keeping) -> None:
    await quiet.room.tell("First", "Second")
    assert await quiet.keep(MORNING) == 1
    assert await quiet.keep() == 0
    await quiet.room.dispatch()
    await quiet.passes(MORNING + timedelta(minutes=1))
    assert len(quiet.texts) == 1
    assert set(await quiet.states()) == {"send sent"}


async def test_nothing_is_written_while_what_is_held_only_waits(
    quiet: Keeping, monkeypatch: pytest.MonkeyPatch
) -> None:
    await quiet.room.tell("First", "Second")
    store, writes = quiet.room.store, 0
    write = Store.write

    def counted(self: Store) -> object:
        nonlocal writes
        writes += 1
        return write(self)

    monkeypatch.setattr(Store, "write", counted)
    for minutes in range(5):
        assert await keep_time(store, load, EVENING + timedelta(minutes=minutes)) == 0
    assert writes == 0
    assert await keep_time(store, load, MORNING) == 1
    assert writes == 1


async def test_what_was_held_alone_is_told_as_itself(quiet: Keeping) -> None:
    await quiet.room.tell("First")
    await quiet.passes(MORNING)
    assert quiet.room.shown == ["First"]


async def test_priority_alerts_come_through_the_quiet_hours(quiet: Keeping) -> None:
    await quiet.room.tell("Normal one")
    await quiet.room.tell("Urgent", priority=Priority.HIGH)
    await quiet.passes(EVENING)
    assert quiet.room.shown == ["Urgent"]
    assert not quiet.room.server.calls("sendMessage")[-1].asked.get("disable_notification")


async def test_priority_alerts_come_without_a_sound_where_that_is_wished(quiet: Keeping) -> None:
    await quiet.wants(quiet_loud=False)
    await quiet.room.tell("Urgent", priority=Priority.HIGH)
    await quiet.passes(EVENING)
    assert quiet.room.shown == ["Urgent"]
    assert quiet.room.server.calls("sendMessage")[-1].asked["disable_notification"]


async def test_the_usual_quiet_hours_hold_where_nobody_said_otherwise(desk: Keeping) -> None:
    await desk.usual(zone="UTC", quiet="22:00-07:00")
    await desk.room.tell("First", "Second")
    await desk.passes(EVENING)
    assert desk.texts == []
    await desk.wants(quiet="off")
    await desk.passes(EVENING)
    assert len(desk.texts) == 1


async def test_an_edit_of_what_is_held_waits_for_nothing(quiet: Keeping) -> None:
    first = await quiet.room.item("First")
    await quiet.room.queue(Step.TELL, first, quiet.room.to)
    await quiet.room.tell("Second")
    await quiet.room.change(first, title="First, corrected")
    await quiet.room.queue(Step.EDIT, first, quiet.room.to, 1)
    await quiet.passes(EVENING)
    assert sorted(await quiet.states()) == ["edit gone", "send held", "send held"]
    await quiet.passes(MORNING)
    assert "1. First, corrected — a.example" in quiet.texts[0]


async def test_what_is_taken_back_while_it_is_held_is_not_told(quiet: Keeping) -> None:
    await quiet.room.tell("First", "Second")
    async with quiet.room.store.write() as tx:
        await outbox.withdraw(tx, 1, quiet.room.now)
    await quiet.passes(MORNING)
    assert quiet.room.shown == ["Second"]


async def test_what_is_held_is_never_forgotten_before_it_is_told(quiet: Keeping) -> None:
    await quiet.room.tell("First", "Second")
    later = EVENING + timedelta(days=900)
    await retention.prune(quiet.room.store, later, keep_articles=timedelta(days=1))
    await quiet.passes(later.replace(hour=12))
    assert "1. First" in quiet.texts[0]


async def test_a_dispatcher_that_dies_after_sending_repeats_the_whole_with_its_mark(
    quiet: Keeping,
) -> None:
    await quiet.room.tell("First", "Second")
    await quiet.keep(MORNING)
    quiet.room.server.faults.add(Fault("drop", "sendMessage"))
    await quiet.room.dispatch()
    await quiet.room.dispatch(after=60)
    await quiet.keep()
    assert len(quiet.texts) == 2
    assert quiet.texts[1].endswith("(may be a repeat)")
    assert set(await quiet.states()) == {"send sent"}


async def test_what_the_chat_refuses_is_refused_with_all_it_tells(quiet: Keeping) -> None:
    await quiet.room.tell("First", "Second")
    await quiet.keep(MORNING)
    async with quiet.room.store.write() as tx:
        waiting = await outbox.listing(tx)
        await outbox.drop(tx, [waiting[-1].id], quiet.room.now)
    await quiet.keep()
    assert await quiet.states() == ["send gone"] * 3


async def test_more_than_a_chat_takes_in_an_hour_is_one_message_later(desk: Keeping) -> None:
    await desk.usual(most_per_hour=3)
    await desk.room.tell(*(f"Story {number}" for number in range(1, 8)))
    await desk.passes(EVENING)
    assert desk.room.shown == ["Story 1", "Story 2", "Story 3"]
    await desk.passes(EVENING + timedelta(minutes=59))
    assert len(desk.texts) == 3
    await desk.passes(EVENING + timedelta(minutes=60))
    assert desk.texts[3].startswith("🗞 4 more alerts from the last hour")
    await desk.room.tell("Story 8")
    await desk.passes(EVENING + timedelta(minutes=61))
    assert desk.room.shown[-1] == "Story 8"


async def test_a_watchs_first_alert_of_the_day_is_told_however_many_there_were(
    desk: Keeping,
) -> None:
    await desk.usual(most_per_hour=2)
    other = await desk.watch("Ángel Lía")
    await desk.room.tell("Story 1", "Story 2", "Story 3")
    await desk.tell("About Lía", other)
    await desk.tell("More about Lía", other)
    await desk.passes(EVENING)
    assert desk.room.shown == ["Story 1", "Story 2", "About Lía"]


async def test_a_mute_ends_by_saying_how_much_there_was(desk: Keeping) -> None:
    await desk.mute(EVENING + timedelta(hours=1))
    await desk.room.tell("First", "Second", priority=Priority.HIGH)
    await desk.passes(EVENING)
    assert desk.texts == []
    await desk.passes(EVENING + timedelta(hours=1))
    assert desk.texts[0].startswith("Alerts are back on. While muted: 2 stories.\n\n🔴")
    await desk.room.tell("Third")
    await desk.passes(EVENING + timedelta(hours=1))
    assert desk.room.shown[-1] == "Third"


async def test_a_mute_during_which_nothing_came_says_that(desk: Keeping) -> None:
    await desk.mute(EVENING + timedelta(hours=1))
    await desk.passes(EVENING + timedelta(hours=2))
    assert desk.texts == ["Alerts are back on. Nothing came while they were muted."]


async def test_what_is_muted_for_ever_waits_for_ever(desk: Keeping) -> None:
    await desk.mute(FOR_EVER)
    await desk.room.tell("First", "Second")
    await desk.passes(EVENING + timedelta(days=300))
    assert desk.texts == []
    assert await desk.states() == ["send held", "send held"]


async def test_a_muted_watch_is_silent_and_no_other(desk: Keeping) -> None:
    other = await desk.watch("Ángel Lía")
    async with desk.room.store.write() as tx:
        await watches.mute(tx, other, EVENING + timedelta(hours=1), EVENING)
    await desk.tell("About Lía", other)
    await desk.tell("More about Lía", other)
    await desk.room.tell("First")
    await desk.passes(EVENING)
    assert desk.room.shown == ["First"]
    await desk.passes(EVENING + timedelta(hours=1))
    assert "1. About Lía — a.example\n2. More about Lía" in desk.texts[1]


async def test_a_digest_sums_the_day_up(desk: Keeping) -> None:
    before = EVENING - timedelta(hours=1)
    await desk.wants(digest="daily 07:00", digest_last=before, zone="America/New_York")
    other = await desk.watch("Ángel Lía")
    await desk.watch("Ludwig von Ahrenfels")
    await desk.room.tell("First", "Second")
    await desk.tell("About Lía", other)
    await desk.passes(EVENING)
    assert len(desk.texts) == 3
    seven = datetime(2020, 11, 19, 12, 0, tzinfo=UTC)
    await desk.passes(seven - timedelta(seconds=1))
    assert len(desk.texts) == 3
    await desk.passes(seven)
    assert desk.texts[3] == (
        "🗞 Daily digest — 19 November 2020\n"
        "07:00 America/New York · 2 of 3 watches had news · 3 stories from 3 articles\n"
        "\n"
        f"🔴 {NAME} — 2 stories\n"
        "1. First — a.example\n"
        "2. Second — a.example\n"
        "\n"
        "Ángel Lía — 1 story\n"
        "3. About Lía — a.example\n"
        "\n"
        "No news: Ludwig von Ahrenfels"
    )
    await desk.passes(seven + timedelta(minutes=1))
    assert len(desk.texts) == 4


async def test_a_digest_missed_while_nothing_ran_is_sent_once(desk: Keeping) -> None:
    await desk.wants(digest="daily 07:00", digest_last=EVENING, digest_only=True)
    await desk.room.tell("First", "Second")
    late = MORNING + timedelta(days=2, hours=3)
    await desk.passes(late)
    await desk.passes(late + timedelta(minutes=1))
    assert len(desk.texts) == 1
    assert "21 November 2020" in desk.texts[0]


async def test_digests_go_on_after_a_clock_that_ran_ahead_is_set_back(desk: Keeping) -> None:
    await desk.wants(digest="daily 07:00", digest_last=MORNING + timedelta(days=3_000))
    await desk.room.tell("First")
    await desk.room.dispatch()
    await desk.passes(MORNING)
    assert [text for text in desk.texts if "Daily digest" in text]
    assert await desk.keep(MORNING + timedelta(minutes=1)) == 0


async def test_no_digest_is_repeated_when_a_clock_is_set_back_a_little(desk: Keeping) -> None:
    await desk.wants(digest="daily 07:00", digest_last=MORNING, digest_empty=True)
    assert await desk.keep(MORNING - timedelta(minutes=1)) == 0
    assert await desk.keep(MORNING) == 0


@pytest.mark.parametrize("digest_only", [True, False])
async def test_what_a_clock_that_ran_ahead_held_is_told(desk: Keeping, digest_only: bool) -> None:
    desk.room.now = EVENING + timedelta(days=3_000)
    await desk.usual(most_per_hour=1)
    await desk.wants(digest_only=digest_only)
    watch_id = await desk.watch("Garden club")
    for title in ("First", "Second", "Third"):
        await desk.tell(title, watch_id)
    await desk.room.dispatch()
    before = len(desk.texts)
    await desk.passes(EVENING)
    assert len(desk.texts) == before + 1
    assert "Third" in desk.texts[-1]
    await desk.tell("Fourth", watch_id)
    await desk.room.dispatch()
    assert ("Fourth" in desk.texts[-1]) is not digest_only


async def test_an_empty_digest_is_sent_only_where_that_is_wished(desk: Keeping) -> None:
    await desk.wants(digest="daily 07:00", digest_last=EVENING)
    await desk.passes(MORNING)
    assert desk.texts == []
    await desk.wants(digest_empty=True)
    await desk.passes(MORNING + timedelta(days=1))
    (text,) = desk.texts
    assert "0 of 1 watches had news" in text
    assert text.endswith(f"No news: {NAME}")


async def test_a_watch_for_digests_only_waits_for_the_morning(desk: Keeping) -> None:
    low = await desk.watch("Ángel Lía", priority=Priority.DIGEST)
    await desk.tell("About Lía", low, priority=Priority.DIGEST)
    await desk.passes(EVENING)
    assert desk.texts == []
    await desk.passes(MORNING)
    assert desk.texts[0].startswith("🗞 Daily digest")
    assert "1. About Lía" in desk.texts[0]


async def test_a_digest_waits_while_its_chat_is_muted(desk: Keeping) -> None:
    await desk.wants(digest="daily 07:00", digest_last=EVENING, digest_only=True)
    await desk.room.tell("First", "Second")
    await desk.mute(MORNING + timedelta(hours=2))
    await desk.passes(MORNING)
    assert desk.texts == []
    await desk.passes(MORNING + timedelta(hours=2))
    assert len(desk.texts) == 1
    assert "2. Second" in desk.texts[0]


async def test_a_long_digest_is_split_between_people(desk: Keeping) -> None:
    await desk.wants(digest="daily 07:00", digest_last=EVENING, digest_only=True)
    people = [await desk.watch(f"Person Number {number}") for number in range(4)]
    for watch_id in people:
        for number in range(20):
            await desk.tell(f"Story {number} {'of some length ' * 4}", watch_id)
    await desk.passes(MORNING)
    assert len(desk.texts) > 1
    assert all(len(text) <= 4000 for text in desk.texts)
    assert desk.texts[0].split("\n")[0].endswith(f"(1/{len(desk.texts)})")
    numbers = [
        int(line.split(".")[0])
        for text in desk.texts
        for line in text.split("\n")
        if line[:1].isdigit() and ". Story" in line
    ]
    assert numbers == list(range(1, 81))
    titles = [line for text in desk.texts for line in text.split("\n") if "— 20 stories" in line]
    assert len(titles) == 4


async def test_the_digest_names_the_sources_that_are_silent(desk: Keeping) -> None:
    await desk.wants(digest="daily 07:00", digest_last=EVENING, digest_empty=True)
    async with desk.room.store.write() as tx:
        stored = await sources.add(
            tx, NewSource("https://riodoce.example/feed", "Ríodoce"), EVENING
        )
        await sources.set_told(tx, stored.id, "failing")
    await desk.passes(MORNING)
    assert desk.texts[0].split("\n")[-1].startswith("⚠️ 1 source silent: Ríodoce")


async def test_nothing_waits_for_a_chat_that_is_removed(quiet: Keeping) -> None:
    await quiet.room.tell("First", "Second")
    async with quiet.room.store.write() as tx:
        await subscribers.remove(tx, quiet.room.to.id, quiet.room.now)
    assert await quiet.states() == ["send gone", "send gone"]


async def test_what_is_held_for_a_parked_chat_waits_for_its_return(quiet: Keeping) -> None:
    await quiet.room.tell("First", "Second")
    async with quiet.room.store.write() as tx:
        await subscribers.park(tx, quiet.room.to.id, "it threw us out", quiet.room.now)
    await quiet.passes(MORNING)
    assert await quiet.states() == ["send held", "send held"]
    async with quiet.room.store.write() as tx:
        await subscribers.unpark(tx, quiet.room.to.id)
    await quiet.passes(MORNING + timedelta(hours=1))
    assert len(quiet.texts) == 1


async def test_a_private_chat_is_asked_whether_to_show_what_was_muted(desk: Keeping) -> None:
    private = await desk.room.own()
    async with desk.room.store.write() as tx:
        ana = await subscribers.by_address(tx, "telegram", str(private.id))
        assert ana is not None
        await subscribers.update(tx, ana.id, EVENING, muted_until=EVENING + timedelta(hours=1))
    await desk.room.tell("First", to=ana)
    await desk.passes(EVENING + timedelta(hours=1))
    assert private.texts[-1] == "Alerts are back on. While muted: 1 story."
    assert private.buttons() == ["Show"]


async def test_a_digest_counts_what_was_not_told_of_followed_cases(desk: Keeping) -> None:
    before = EVENING - timedelta(hours=1)
    await desk.wants(digest="daily 07:00", digest_last=before, zone="America/New_York")
    await desk.room.tell("First")
    case = Filing(court="nyed", number="1:19-cr-00366", caption="United States v. Roe", entry="5")
    async with desk.room.store.write() as tx:
        filed = Item("f", title=case.caption, source_id=1, filing=case)
        await dockets.record_filings(tx, [filed], EVENING)
        one = await dockets.follow(
            tx, "nyed", case.number, to=[desk.room.to.id], now=EVENING - timedelta(days=9)
        )
        await dockets.count_hidden(tx, {one.docket.id: 12}, EVENING - timedelta(days=4))
    await desk.passes(EVENING)
    seven = datetime(2020, 11, 19, 12, 0, tzinfo=UTC)
    await desk.passes(seven)
    last = desk.texts[-1].splitlines()[-1]
    assert last == "+ 12 entries of United States v. Roe not told since 14 November 2020"
    await desk.room.tell("Second")
    await desk.passes(seven + timedelta(days=1))
    assert "entries of" not in desk.texts[-1], "nothing was filed in between"


async def test_two_processes_that_look_at_once_tell_it_once(quiet: Keeping) -> None:
    await quiet.room.tell("First", "Second")
    quiet.room.now = MORNING
    other = await Store.open(quiet.room.store.url.render_as_string(hide_password=False))
    try:
        made = await asyncio.gather(quiet.keep(), keep_time(other, load, MORNING))
    finally:
        await other.close()
    assert sorted(made) == [0, 1]
    await quiet.room.dispatch()
    assert len(quiet.texts) == 1


async def test_a_look_that_dies_half_way_has_done_nothing(quiet: Keeping) -> None:
    await quiet.room.tell("First", "Second")

    def dies(_: str) -> Words:
        raise MemoryError

    with pytest.raises(MemoryError):
        await keep_time(quiet.room.store, dies, MORNING)
    assert await quiet.states() == ["send held", "send held"]
    await quiet.passes(MORNING)
    assert len(quiet.texts) == 1


async def test_a_place_that_cannot_be_told_keeps_no_other_from_being_told(quiet: Keeping) -> None:
    private = await quiet.room.own()
    async with quiet.room.store.write() as tx:
        ana = await subscribers.by_address(tx, "telegram", str(private.id))
        assert ana is not None
        await subscribers.update(tx, ana.id, EVENING, language="es")
        await rhythms.change(tx, ana.id, quiet="22:00-07:00")
    await quiet.room.tell("First", "Second")
    await quiet.room.tell("Uno", "Dos", to=ana)

    def speechless(language: str) -> Words:
        if language == "en":
            raise KeyError(language)
        return load(language)

    with pytest.raises(KeyError):
        await keep_time(quiet.room.store, speechless, MORNING)
    assert (await quiet.states()).count("send due") == 1
    await quiet.passes(MORNING)
    assert len(quiet.texts) == 1
    assert len([text for text in private.texts if "Uno" in text]) == 1


async def test_what_is_published_for_digests_waits_for_the_digest(desk: Keeping) -> None:
    await desk.room.own()
    before = EVENING - timedelta(hours=1)
    await desk.wants(review=True, digest_only=True, digest="daily 07:00", digest_last=before)
    await desk.room.tell("First", "Second", "Third")
    await desk.passes(EVENING)
    async with desk.room.store.write() as tx:
        asked = [await reviewing.waiting(tx, one) for one in (4, 5)]
        assert asked[0] is not None
        assert asked[1] is not None
        await reviewing.publish(tx, asked[0], "Ana", EVENING)
        await reviewing.skip(tx, asked[1], "Ana", EVENING)
        assert await reviewing.waiting(tx, 4) is None
    await desk.passes(EVENING)
    assert desk.texts == []
    await desk.passes(MORNING)
    (text,) = desk.texts
    assert "1. First" in text
    assert "Second" not in text
    assert "Third" not in text


async def test_a_chat_lost_for_a_week_is_told_no_more(quiet: Keeping) -> None:
    await quiet.room.tell("First", "Second")
    async with quiet.room.store.write() as tx:
        await subscribers.park(tx, quiet.room.to.id, "it threw us out", quiet.room.now)
    week = EVENING + timedelta(days=7, minutes=1)
    async with quiet.room.store.write() as tx:
        await outbox.refuse_parked(tx, week - timedelta(days=7), week)
    assert await quiet.states() == ["send refused", "send refused"]


async def test_a_muted_watch_that_is_removed_holds_up_nobody(desk: Keeping) -> None:
    other = await desk.watch("Ángel Lía")
    async with desk.room.store.write() as tx:
        await watches.mute(tx, other, EVENING + timedelta(hours=1), EVENING)
    await desk.tell("About Lía", other)
    async with desk.room.store.write() as tx:
        await watches.remove(tx, other, EVENING)
    await desk.passes(EVENING + timedelta(hours=2))
    assert len(desk.texts) == 1
    assert await desk.keep() == 0


async def test_what_waits_for_a_digest_of_a_muted_watch_makes_no_empty_digest(
    desk: Keeping,
) -> None:
    low = await desk.watch("Ángel Lía", priority=Priority.DIGEST)
    await desk.tell("About Lía", low, priority=Priority.DIGEST)
    async with desk.room.store.write() as tx:
        await watches.mute(tx, low, MORNING + timedelta(hours=5), EVENING)
    await desk.passes(MORNING)
    await desk.passes(MORNING + timedelta(minutes=1))
    assert desk.texts == []
    await desk.passes(MORNING + timedelta(hours=5))
    assert len(desk.texts) == 1
    assert "1. About Lía" in desk.texts[0]
    assert await desk.keep() == 0


async def test_what_was_held_alone_sounds_when_it_is_told_in_the_morning(quiet: Keeping) -> None:
    await quiet.room.tell("First")
    await quiet.passes(MORNING)
    (sent,) = quiet.room.server.calls("sendMessage")
    assert not sent.asked.get("disable_notification")


async def test_the_owner_is_asked_where_the_editors_group_is_lost(desk: Keeping) -> None:
    private = await desk.room.own()
    group = await desk.room.link(desk.room.server.group("Editors", desk.room.ana))
    await desk.wants(review=True, review_to=group.id)
    async with desk.room.store.write() as tx:
        await subscribers.park(tx, group.id, "it threw us out", desk.room.now)
    await desk.room.tell("First")
    await desk.passes(EVENING)
    assert "First" in private.texts[-1]


async def test_what_was_asked_in_a_group_that_is_lost_is_asked_of_the_owner(desk: Keeping) -> None:
    private = await desk.room.own()
    group = await desk.room.link(desk.room.server.group("Editors", desk.room.ana))
    await desk.wants(review=True, review_to=group.id)
    await desk.room.tell("First")
    await desk.keep()
    async with desk.room.store.write() as tx:
        await subscribers.park(tx, group.id, "it threw us out", desk.room.now)
    await desk.passes(EVENING + timedelta(minutes=30))
    assert "First" in private.texts[-1]
    await desk.passes(EVENING + timedelta(hours=1))
    assert len([text for text in private.texts if "First" in text]) == 1
