"""Many alerts in one message: whole, in order, and within Telegram's limits whatever they say."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from alerts.compose import compose
from alerts.digest import DIGEST, MUTE, PARTS, numbered, parts, told_in
from bot.words import load
from model.alert import AlertKind, AlertView, Notice, WatchName
from model.docket import Docket, Event, Filing, Severity
from model.item import Item
from model.message import Message
from model.people import Chat, Subscriber
from model.watch import Priority
from tests.alerts.making import AT, DESK, MARKED, PRIVATE, SPANISH, STORY, english, sound

LATER = Notice("group.later", (("n", "2"),))


def told(number: int, name: str, *items: Item, high: bool = False) -> AlertView:
    """Return an Alert about somebody: the watch's id follows from the name."""
    watch = WatchName(sum(map(ord, name)), name, Priority.HIGH if high else Priority.NORMAL)
    found = items or (replace(STORY, id=number, title=f"Story {number}"),)
    return AlertView(number, AlertKind.STORY, DESK, (watch,), found, at=AT)


def digest(quiet: str = "", silent: str = "", **counts: int) -> Notice:
    args = {
        "n": counts.get("n", 2),
        "name": "daily",
        "at": AT.isoformat(),
        "zone": "Europe/Madrid",
        "named": 1,
        "watches": 3,
        "stories": 2,
        "filings": 0,
        "articles": 5,
        "quiet": quiet,
        "silent": silent,
    }
    return Notice(DIGEST, tuple((name, str(value)) for name, value in args.items()))


def written(
    members: list[AlertView], notice: Notice, to: Subscriber = DESK, language: str = ""
) -> list[Message]:
    """Return the Messages that tell these Alerts, as the program would have them sent."""
    words = load(language) if language else english()
    by_id = {one.id: one for one in members}
    cut = parts(members, notice, words)
    return [
        compose(
            AlertView(
                1000 + number,
                AlertKind.GROUP,
                to,
                notice=one,
                members=tuple(by_id[i] for i in ids),
            ),
            words,
        )
        for number, (one, ids) in enumerate(zip(told_in(notice, cut), cut, strict=True))
    ]


def test_what_is_of_priority_comes_first_then_whoever_has_most() -> None:
    some = [told(1, "B"), told(2, "A"), told(3, "A"), told(4, "C", high=True)]
    (message,) = written(some, LATER)
    titles = [
        line for line in message.text.split("\n") if " — " in line and line[0] not in "123456"
    ]
    assert titles == ["🔴 C — 1 story", "A — 2 stories", "B — 1 story"]


def test_a_story_names_its_outlet_how_many_more_and_its_language() -> None:
    (message,) = written([told(1, "A", SPANISH, STORY)], LATER)
    assert message.text.split("\n")[-1] == (
        "1. Una jueza de Brooklyn cierra el caso del general — Crónica del Norte + 1 more (es)"
    )


def test_a_case_is_one_line_with_what_was_filed() -> None:
    docket = Docket(4, "nyed", "1:19-cr-00366", "United States v. Cienfuegos Zepeda")
    items = tuple(
        Item(
            title=docket.caption,
            id=number,
            filing=Filing("nyed", docket.number, entry=number, events=(event,)),
        )
        for number, event in (
            (22, Event("motion", Severity.IMPORTANT)),
            (23, Event("order", Severity.LOUD)),
        )
    )
    view = AlertView(1, AlertKind.FILING, DESK, items=items, docket=docket, followed=True)
    (message,) = written([view], LATER)
    assert "United States v. Cienfuegos Zepeda — 1 filing" in message.text
    assert message.text.split("\n")[-1].startswith("1. ⚖️ 1:19-cr-00366: 22 ")


def test_many_are_split_between_people_and_numbered_on() -> None:
    some = [told(n * 100 + k, f"Person {n}") for n in range(1, 6) for k in range(18)]
    messages = written(some, digest(n=90, quiet="Ludwig von Ahrenfels"))
    assert len(messages) > 1
    for number, message in enumerate(messages, 1):
        sound(message)
        assert message.text.split("\n")[0].endswith(f"({number}/{len(messages)})")
    whole = "\n".join(message.text for message in messages)
    numbers = [int(line.split(".")[0]) for line in whole.split("\n") if ". Story" in line]
    assert numbers == list(range(1, 91))
    assert whole.count("— 18 stories") == 5
    assert [("No news: " in message.text) for message in messages] == [False] * (
        len(messages) - 1
    ) + [True]


def test_more_than_fits_in_all_parts_is_counted_in_the_last() -> None:
    some = [told(n, f"Person {n % 7}") for n in range(1, 1200)]
    cut = parts(some, LATER, english())
    assert len(cut) == PARTS
    assert sorted(one for ids in cut for one in ids) == list(range(1, 1200))
    messages = written(some, LATER)
    for message in messages:
        sound(message)
    assert "more" in messages[-1].text.split("\n")[-1]


def test_the_numbers_lead_to_what_they_stand_before() -> None:
    some = [told(1, "B"), told(2, "A"), told(3, "A")]
    notice = told_in(LATER, [[2, 3, 1]])[0]
    view = AlertView(9, AlertKind.GROUP, DESK, notice=notice, members=tuple(some))
    assert {number: one.id for number, one in numbered(view).items()} == {1: 2, 2: 3, 3: 1}


def test_what_was_marked_not_them_meanwhile_is_left_out() -> None:
    some = [told(1, "A"), replace(told(2, "A"), hidden_by="Ana")]
    (message,) = written(some, LATER)
    assert "Story 1" in message.text
    assert "Story 2" not in message.text


def test_after_a_mute_a_private_chat_is_told_the_number_and_a_channel_the_stories() -> None:
    muted = Notice(MUTE, (("n", "2"),))
    some = [told(1, "A"), told(2, "A")]
    (private,) = written(some, muted, PRIVATE)
    (channel,) = written(some, muted)
    assert private.text == "Alerts are back on. While muted: 2 stories."
    assert "1. Story 1" in channel.text
    assert channel.buttons == ()
    (mail,) = written(some, muted, Subscriber(3, "apprise", "mail"))
    assert "1. Story 1" in mail.text, "nothing can be pressed there to see them"


def test_a_digest_is_spanish_where_its_reader_is() -> None:
    (message,) = written([told(1, "A")], digest(quiet="B", silent="90000|Ríodoce"), language="es")
    assert message.text.startswith(
        "🗞 Resumen diario — 18 de noviembre de 2020\n19:51 Europe/Madrid"
    )
    assert "Sin noticias: B" in message.text
    assert "⚠️ 1 fuente callada: Ríodoce (última lectura correcta hace" in message.text


@given(st.lists(st.tuples(MARKED, MARKED, MARKED), min_size=1, max_size=30), MARKED, MARKED)
def test_nothing_a_stranger_writes_breaks_a_digest(
    some: list[tuple[str, str, str]], quiet: str, silent: str
) -> None:
    members = [
        told(number, name, Item(title=title, source=outlet, url="https://a.example/x", id=number))
        for number, (name, title, outlet) in enumerate(some, 1)
    ]
    notice = digest(quiet, f"90000|{silent}", n=len(members))
    cut = parts(members, notice, english())
    assert sorted(one for ids in cut for one in ids) == [one.id for one in members]
    for message in written(members, notice, Subscriber(1, "telegram", "-1", chat=Chat.CHANNEL)):
        sound(message)
