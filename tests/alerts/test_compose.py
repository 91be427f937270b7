"""What an Alert says, to the letter; and that nothing a stranger wrote can break it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.compose import REPEAT, compose, digest_of
from model.alert import AlertKind, AlertView, WatchName
from model.item import Item
from model.mention import Mention, Reason
from model.message import Button, Message, Style
from model.watch import Priority
from tests.alerts.making import (
    AT,
    CONSOLE,
    DESK,
    MARKED,
    NAME,
    PRIVATE,
    SPANISH,
    STORY,
    SUMMARY,
    WATCH,
    english,
    mention,
    notice,
    sound,
    story,
)

WORDS = english()


def said(message: Message, style: Style) -> list[str]:
    return [message.text[m.start : m.end] for m in message.marks if m.style is style]


def test_an_alert_says_whom_what_where_the_words_and_why() -> None:
    message = compose(story(), WORDS)
    assert message.text == (
        "🔴 Salvador Cienfuegos Zepeda\n"
        "Judge lets Washington drop its case against Mexico’s former defence minister\n"
        "Dismissal · The Borough Ledger · 18 Nov 2020, 18:51 UTC\n"
        "\n"
        "“On Wednesday Judge Carol Amon let the government drop its case against the former"
        " defence minister, General Salvador Cienfuegos Zepeda, and he is to be flown home.”\n"
        "Why: full name in the text and 2 context words (Amon, DEA)\n"
        "\n"
        "#SalvadorCienfuegosZepeda #Dismissal"
    )
    assert said(message, Style.BOLD) == [NAME, STORY.title, NAME]
    assert said(message, Style.LINK) == [STORY.title]
    assert said(message, Style.QUOTE)[0].startswith("“On Wednesday")
    [time] = [mark for mark in message.marks if mark.style is Style.TIME]
    assert (time.value, time.form) == (str(int(AT.timestamp())), "r")
    assert message.preview == STORY.url
    assert len(message.text) < 600
    assert not message.silent


def test_a_watch_of_normal_priority_has_no_red_mark() -> None:
    message = compose(story(watches=(WatchName(1, NAME),)), WORDS)
    assert message.text.startswith("Salvador Cienfuegos Zepeda\n")


def test_another_language_is_named_and_an_unknown_one_is_not() -> None:
    assert compose(story(items=(replace(STORY, lang="es-MX"),)), WORDS).text.splitlines()[2] == (
        "The Borough Ledger · 18 Nov 2020, 18:51 UTC · Spanish"
    )
    unknown = story(items=(replace(STORY, lang="", published_at=None, first_seen=None),))
    assert compose(unknown, WORDS).text.splitlines()[2] == "Dismissal · The Borough Ledger"


def test_where_the_reason_is_private_it_is_left_out() -> None:
    message = compose(story(subscriber=replace(DESK, why=False)), WORDS)
    assert "Why:" not in message.text
    assert "Amon, DEA" not in message.text


def test_a_repeat_says_so_on_a_line_of_its_own_and_is_otherwise_whole() -> None:
    once, again = compose(story(), WORDS), compose(story(), WORDS, repeat=True)
    assert again.text == once.text + "\n\n" + REPEAT
    assert REPEAT == "(may be a repeat)"
    assert again.marks == once.marks
    assert again.buttons == once.buttons


def test_in_a_channel_there_are_only_buttons_that_open_an_address() -> None:
    buttons = (("not_them", "n1"), ("why", "w1"))
    assert compose(story(buttons=buttons), WORDS).buttons == (
        (Button("Open article", url=STORY.url),),
    )
    assert compose(story(buttons=buttons, subscriber=PRIVATE), WORDS).buttons == (
        (
            Button("Open article", url=STORY.url),
            Button("Not them", press="n1"),
            Button("Why", press="w1"),
        ),
    )
    assert compose(story(buttons=buttons, subscriber=CONSOLE), WORDS).buttons == ()


@pytest.mark.parametrize(
    "url",
    [
        "",
        "javascript:alert(1)",
        "tg://resolve",
        "http://",
        "https://a b",
        "http://[::1",
        "x" * 9000,
    ],
)
def test_an_address_that_cannot_be_opened_is_neither_link_nor_button_nor_preview(url: str) -> None:
    message = compose(story(items=(replace(STORY, url=url),)), WORDS)
    assert said(message, Style.LINK) == []
    assert (message.buttons, message.preview) == ((), "")


def test_the_same_story_elsewhere_is_listed_with_how_much_later() -> None:
    message = compose(story(items=(STORY, SPANISH), edited_at=AT + timedelta(hours=2)), WORDS)
    assert message.text.splitlines()[7:] == [
        "Also in 1 outlet",
        "• Una jueza de Brooklyn cierra el caso del general — Crónica del Norte, +12 min (es)",
        "",
        "Updated 18 Nov 2020, 20:51 UTC · #SalvadorCienfuegosZepeda #Dismissal",
    ]
    assert said(message, Style.FOLDED)[0].startswith("• Una jueza")
    assert said(message, Style.LINK)[1] == SPANISH.title


def test_of_many_outlets_the_newest_six_are_named() -> None:
    others = [
        replace(SPANISH, id=n, source=f"Paper {n}", published_at=AT + timedelta(minutes=n))
        for n in range(2, 12)
    ]
    text = compose(story(items=(STORY, *others)), WORDS).text
    assert "Also in 10 outlets" in text
    assert "and 4 more" in text
    assert ("Paper 5," in text, "Paper 6," in text, "Paper 11," in text) == (False, True, True)


def test_an_alert_that_was_not_them_is_struck_through() -> None:
    message = compose(story(hidden_by="Ana"), WORDS)
    assert said(message, Style.STRIKE) == ["🔴 Salvador Cienfuegos Zepeda"]
    assert message.text.splitlines()[1] == "Not them (hidden by Ana)"


def test_three_hashtags_at_most_and_a_docket_number_has_its_own_form() -> None:
    names = ["Salvador Cienfuegos Zepeda", "US v. Cienfuegos 1:19-cr-00366", "cártel H-2", "Vega"]
    view = story(watches=tuple(WatchName(n, name) for n, name in enumerate(names)))
    message = compose(view, WORDS)
    assert message.text.splitlines()[-1] == "#SalvadorCienfuegosZepeda #CR19366 #Dismissal"
    assert message.text.splitlines()[0] == f"{', '.join(names[:3])} and 1 more"


def test_the_best_reasons_are_each_said_once() -> None:
    mentions = [
        mention(SUMMARY, "General", score=70, reason=Reason("weak", ())),
        mention(SUMMARY, NAME),
        mention(SUMMARY, "Salvador", score=90),
    ]
    text = compose(story(mentions=tuple(mentions)), WORDS).text
    assert "Why: full name in the text and weak ()\n" in text


def test_edits_are_told_apart_by_what_they_say() -> None:
    first = compose(story(), WORDS)
    assert digest_of(first) == digest_of(compose(story(), WORDS))
    changed = story(items=(replace(STORY, title="Another headline"),))
    assert digest_of(first) != digest_of(compose(changed, WORDS))


def test_what_a_new_source_already_held_is_one_message() -> None:
    view = AlertView(
        9,
        AlertKind.BACKLOG,
        DESK,
        (WATCH,),
        (STORY, SPANISH),
        item_mentions=((1, (mention(SUMMARY, NAME),)),),
    )
    message = compose(view, WORDS)
    assert message.text == (
        "🗂 Salvador Cienfuegos Zepeda\n"
        "2 articles that Crónica del Norte and The Borough Ledger already held when I began to"
        " read it:\n"
        "• Una jueza de Brooklyn cierra el caso del general — 18 November 2020\n"
        "• Judge lets Washington drop its case against Mexico’s former defence minister —"
        " 18 November 2020 · Salvador Cienfuegos Zepeda"
    )
    assert message.silent


@pytest.mark.parametrize(("word", "named"), [("Título ", 20), ("👍🏽👍🏽👍🏽", 13)])
def test_a_backlog_of_hundreds_is_still_one_message(word: str, named: int) -> None:
    items = tuple(replace(STORY, id=n, title=word * 60) for n in range(300))
    found = tuple((n, (mention(SUMMARY, NAME),)) for n in range(300))
    view = AlertView(9, AlertKind.BACKLOG, DESK, (WATCH,), items, item_mentions=found)
    message = compose(view, WORDS, repeat=True)
    sound(message)
    assert message.text.count("• ") == named
    assert f"and {300 - named} more" in message.text


def test_a_notice_shows_instants_lengths_and_numbers_as_people_write_them() -> None:
    view = notice("notice.source.works", source="Ríodoce @x", silent_seconds="187200", n="2318")
    message = compose(view, WORDS)
    assert message.text == (
        "🟢 Ríodoce @\u2060x works again\n"
        "It was silent for 2 days 4 h. The 2,318 new articles it now holds have been checked."
    )
    assert message.silent
    failing = notice(
        "notice.source.failing",
        source="Ríodoce",
        address="riodoce.mx/feed",
        since_at="2020-11-16T07:00:00+00:00",
        n="1",
        error="HTTP 403",
    )
    message = compose(failing, WORDS)
    assert "Failing since 16 Nov 2020, 07:00 UTC (1 try)." in message.text
    assert said(message, Style.TIME) == ["16 Nov 2020, 07:00 UTC"]
    assert said(message, Style.CODE) == ["riodoce.mx/feed"]
    assert not message.silent


def test_a_notice_with_an_argument_that_is_not_what_its_name_says_is_still_said() -> None:
    view = notice("notice.network.down", since_at="yesterday")
    assert "since yesterday" in compose(view, WORDS).text
    assert (
        "silent for long"
        in compose(
            notice("notice.source.works", source="x", silent_seconds="long", n="2"), WORDS
        ).text
    )


ITEMS = st.builds(
    Item,
    url=st.one_of(st.just("https://a.test/"), MARKED),
    title=MARKED,
    summary=MARKED,
    text=MARKED,
    lang=st.sampled_from(["en", "es", "xx", ""]),
    source=MARKED,
    published_at=st.sampled_from([None, AT]),
    id=st.integers(1, 5),
)
MENTIONS = st.builds(
    Mention,
    watch_id=st.integers(1, 3),
    field=st.sampled_from(["title", "summary", "text", "?"]),
    start=st.integers(0, 50),
    end=st.integers(0, 200),
    text=MARKED,
    score=st.integers(0, 100),
    reason=st.builds(Reason, st.just("x"), st.tuples(MARKED)),
    context=st.lists(MARKED, max_size=3).map(tuple),
)
WATCHES = st.builds(
    WatchName, st.integers(1, 9), MARKED, st.sampled_from([Priority.HIGH, Priority.NORMAL])
)


@settings(deadline=None)  # the first headline loads the tables
@given(
    st.sampled_from([AlertKind.STORY, AlertKind.BACKLOG]),
    st.lists(WATCHES, max_size=5).map(tuple),
    st.lists(ITEMS, max_size=12).map(tuple),
    st.lists(MENTIONS, max_size=4).map(tuple),
    st.booleans(),
)
def test_no_text_breaks_a_message(
    kind: AlertKind,
    watches: tuple[WatchName, ...],
    items: tuple[Item, ...],
    mentions: tuple[Mention, ...],
    repeat: bool,
) -> None:
    found = tuple((item.id, mentions) for item in items)
    view = AlertView(
        1, kind, PRIVATE, watches, items, mentions, hidden_by="<b>", item_mentions=found
    )
    message = compose(view, WORDS, repeat=repeat)
    sound(message)
    assert message.text.endswith(REPEAT) is repeat
    assert not set("\u202e\u200b\u200d") & set(message.text)
    for button in (one for row in message.buttons for one in row):
        assert button.url.startswith("https://a.test") or button.url == "" or "://" in button.url


@given(st.lists(MARKED, min_size=2, max_size=2))
def test_no_argument_breaks_a_notice(texts: list[str]) -> None:
    view = notice("notice.chat.refused", chat=texts[0], error=texts[1])
    sound(compose(view, WORDS))


def test_a_name_that_only_the_article_itself_holds_is_placed_in_its_paragraph() -> None:
    text = f"It rained.\nThe order names {NAME}.\nThen it stopped."
    item = replace(STORY, title="A deal", summary="Nobody is named.", text=text)
    inside = mention(text, NAME, "text")
    view = story(items=(item,), mentions=(inside,))
    assert "Why: full name in the text and in paragraph 2\n" in compose(view, WORDS).text
    told = replace(item, summary=SUMMARY)
    named = story(items=(told,), mentions=(mention(SUMMARY, NAME), inside))
    assert "paragraph" not in compose(named, WORDS).text
    one = story(items=(replace(item, text=NAME),), mentions=(mention(NAME, NAME, "text"),))
    assert "paragraph" not in compose(one, WORDS).text
