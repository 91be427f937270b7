from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from matching.filing_alerts import readers_of
from matching.raising import Audience, admits, audiences, raise_alerts
from model import (
    Item,
    Mention,
    News,
    Priority,
    Reason,
    Recorded,
    Source,
    StoredWatch,
    Subscriber,
    Watch,
)
from model.docket import Docket, Following
from model.people import Chat

NOW = datetime(2020, 11, 18, 19, 0, tzinfo=UTC)
ITEM = Item(id=11, key="k", title="A judge and a general", url="https://riodoce.mx/a", source_id=1)
SOURCE = Source(id=1, url="https://www.riodoce.mx/feed", base="", name="Ríodoce", tags=("Crime",))


def watch(number: int, **fields: object) -> Watch:
    return Watch(name=f"Person {number}", id=number, **fields)


def stored(number: int, *, to: tuple[int, ...] = (), **fields: object) -> StoredWatch:
    options = {k: fields.pop(k) for k in ("enabled", "muted_until") if k in fields}
    return StoredWatch(watch(number, **fields), to=to, **options)


def mention(number: int, start: int = 0) -> Mention:
    return Mention(number, "title", start, start + 1, "A", 100, Reason("exact"))


def heard(*watches: StoredWatch, to: tuple[int, ...] = (7,)) -> dict[int, Audience]:
    return {one.watch.id: Audience(one, to) for one in watches}


def new(item: Item = ITEM, **fields: object) -> Recorded:
    return Recorded(item, News.NEW, **fields)


def changed(title: str = "An older headline") -> Recorded:
    before = Item(id=11, key="k", title=title)
    return Recorded(ITEM, News.CHANGED, before=before)


def person(number: int, **fields: object) -> Subscriber:
    return Subscriber(number, "telegram", str(number), **fields)


def test_a_watch_that_names_nobody_goes_to_private_and_team_chats() -> None:
    people = [person(1), person(2, public=True), person(3, enabled=False)]
    found = audiences([stored(5)], people)
    assert found[5].subscriber_ids == (1,)


def test_the_teams_watch_does_not_reach_a_visitor_who_was_a_member_once() -> None:
    visitor = person(1, public=True, chat=Chat.PRIVATE)
    teams, theirs = stored(5, to=(1, 2)), replace(stored(6, to=(1,)), visitor=71)
    found = audiences([teams, theirs], [visitor, person(2)])
    assert found[5].subscriber_ids == (2,)
    assert found[6].subscriber_ids == (1,)


def test_a_docket_does_not_reach_a_visitor_who_was_a_member_once() -> None:
    people = [person(1, public=True, chat=Chat.PRIVATE), person(2)]
    found = readers_of([Following(Docket(id=9), to=(1, 2))], people)
    assert found[9].subscriber_ids == (2,)


def test_a_public_channel_gets_what_names_it() -> None:
    people = [person(1), person(2, public=True)]
    found = audiences([stored(5, to=(2, 99))], people)
    assert found[5].subscriber_ids == (2,)


def test_a_watch_whose_addressees_all_left_is_not_told_to_everybody() -> None:
    assert audiences([stored(5, to=(99,))], [person(1)])[5].subscriber_ids == ()


def test_a_disabled_watch_has_no_audience() -> None:
    assert audiences([stored(5, enabled=False)], [person(1)]) == {}


def test_one_draft_a_reader_with_all_the_watches_mentioned() -> None:
    audience = heard(stored(1), stored(2, priority=Priority.HIGH), to=(7, 8))
    drafts = raise_alerts(new(), [mention(2), mention(1), mention(2, 5)], audience)
    assert [one.subscriber_id for one in drafts] == [7, 8]
    assert drafts[0].watch_ids == (1, 2)
    assert drafts[0].mentions == (mention(1), mention(2), mention(2, 5))
    assert drafts[0].priority is Priority.HIGH
    assert not drafts[0].changed


def test_the_lowest_hurry_alone_stays_lowest() -> None:
    (one,) = raise_alerts(new(), [mention(1)], heard(stored(1, priority=Priority.DIGEST)))
    assert one.priority is Priority.DIGEST


def test_muted_watches_raise_what_is_held_back_later() -> None:
    audience = heard(stored(1, muted_until=NOW + timedelta(hours=1)), stored(2, muted_until=NOW))
    drafts = raise_alerts(new(), [mention(1), mention(2)], audience)
    assert [one.watch_ids for one in drafts] == [(1, 2)]


def test_a_pair_marked_not_them_raises_nothing() -> None:
    audience = heard(stored(1), stored(2))
    drafts = raise_alerts(new(), [mention(1), mention(2)], audience, hidden={(1, 11), (2, 12)})
    assert [one.watch_ids for one in drafts] == [(2,)]


def test_a_mention_of_an_unknown_watch_raises_nothing() -> None:
    assert raise_alerts(new(), [mention(9)], heard(stored(1))) == []


def test_a_watch_for_one_language_hears_that_language_and_the_unknown() -> None:
    spanish = watch(1, lang=("es",))
    assert admits(spanish, Item(lang="es-MX"), None)
    assert admits(spanish, Item(lang=""), None)
    assert not admits(spanish, Item(lang="en"), None)
    audience = heard(stored(1, lang=("es",)))
    assert raise_alerts(new(Item(id=11, lang="en")), [mention(1)], audience) == []


def test_a_watch_for_some_sources_knows_them_by_name_tag_and_host() -> None:
    elsewhere = Item(url="https://example.org/a")
    for wanted in ("ríodoce", "crime", "riodoce.mx", "www.riodoce.mx", "https://riodoce.mx/x"):
        assert admits(watch(1, sources=(wanted,)), elsewhere, SOURCE), wanted
    for wanted in ("Proceso", "doce.mx", ""):
        assert not admits(watch(1, sources=(wanted,)), elsewhere, SOURCE), wanted


def test_a_feed_from_a_distributor_counts_for_the_host_of_its_articles() -> None:
    distributor = Source(id=2, url="https://feeds.example.com/abc", base="")
    assert admits(watch(1, sources=("riodoce.mx",)), ITEM, distributor)
    assert not admits(watch(1, sources=("riodoce.mx",)), Item(url="http://["), None)


def test_an_edit_tells_which_watches_are_new_in_it() -> None:
    audience = heard(stored(1), stored(2))
    (one,) = raise_alerts(changed(), [mention(1), mention(2)], audience, mentioned={1})
    assert one.changed
    assert one.headline_changed
    assert one.fresh_watches == (2,)


def test_an_edit_that_takes_the_name_away_still_reaches_who_was_told() -> None:
    (one,) = raise_alerts(changed(), [], heard(stored(1)), mentioned={1})
    assert one.watch_ids == (1,)
    assert one.mentions == ()
    assert one.fresh_watches == ()


def test_the_backlog_stays_the_backlog() -> None:
    (one,) = raise_alerts(new(backlog=True), [mention(1)], heard(stored(1)))
    assert one.backlog
