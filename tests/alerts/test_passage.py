"""One sentence is quoted, the one that names somebody."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.passage import passage, sentence
from model.item import Item
from model.message import Message, Style
from tests.alerts.making import MARKED, NAME, STORY, SUMMARY, mention


def bold(message: Message) -> list[str]:
    return [message.text[m.start : m.end] for m in message.marks if m.style is Style.BOLD]


def test_the_sentence_with_the_name_is_quoted_and_the_name_is_bold() -> None:
    quote = passage(STORY, [mention(SUMMARY, NAME)], 320)
    assert quote.text.startswith("On Wednesday Judge Carol Amon")
    assert quote.text.endswith("he is to be flown home.")
    assert bold(quote) == [NAME]


@pytest.mark.parametrize(
    ("text", "name", "wanted"),
    [
        (
            "He met Gen. Cienfuegos in D.C. last year. Nothing came.",
            "Cienfuegos",
            "He met Gen. Cienfuegos in D.C. last year.",
        ),
        ("Rain. USA v. Cienfuegos was heard. Sun.", "Cienfuegos", "USA v. Cienfuegos was heard."),
        ("«Basta.» El Lic. García Luna calló. Fin.", "García Luna", "El Lic. García Luna calló."),
        ("¿Quién es Cienfuegos? Un general.", "Cienfuegos", "¿Quién es Cienfuegos?"),
        ("昨日、判決。習氏が語った。終わり。", "習氏", "習氏が語った。"),
        ("Title line\nCienfuegos is free\nMore", "Cienfuegos", "Cienfuegos is free"),
        (
            "Bail was $2.5 million for Cienfuegos Jr. and no more.",
            "Cienfuegos",
            "Bail was $2.5 million for Cienfuegos Jr. and no more.",
        ),
    ],
)
def test_sentences_end_where_people_end_them(text: str, name: str, wanted: str) -> None:
    item = Item(summary=text)
    assert passage(item, [mention(text, name)], 320).text == wanted


def test_a_long_sentence_is_cut_around_the_name_at_words() -> None:
    text = "and so on " * 60 + "Cienfuegos Zepeda " + "was said again " * 60
    quote = passage(Item(text=text), [mention(text, "Cienfuegos Zepeda", "text")], 200)
    assert len(quote.text) <= 202
    assert quote.text.startswith("…")
    assert quote.text.endswith("…")
    assert bold(quote) == ["Cienfuegos Zepeda"]
    assert set(quote.text.strip("…").split()) <= set(text.split())


def test_a_name_in_the_headline_alone_quotes_how_the_article_begins() -> None:
    found = mention(STORY.title, "Washington", "title")
    quote = passage(STORY, [found], 320)
    assert quote.text == "The hearing in Brooklyn took ten minutes."
    assert bold(quote) == []


def test_an_edited_article_is_searched_again_for_the_name() -> None:
    found = mention(SUMMARY, NAME)
    edited = replace(STORY, summary="UPDATE: " + SUMMARY)
    assert bold(passage(edited, [found], 320)) == [NAME]
    gone = replace(STORY, summary="It was withdrawn.")
    assert passage(gone, [found], 320).text == "It was withdrawn."


def test_all_names_of_the_sentence_are_bold_and_overlaps_are_one() -> None:
    text = "General Cienfuegos and the DEA met."
    mentions = [mention(text, one) for one in ("General Cienfuegos", "Cienfuegos", "DEA")]
    assert bold(passage(Item(summary=text), mentions, 320)) == ["General Cienfuegos", "DEA"]


def test_an_article_without_text_quotes_nothing() -> None:
    assert passage(
        Item(title="Cienfuegos"), [mention("Cienfuegos", "Cienfuegos", "title")], 99
    ) == (Message(""))


@given(MARKED, st.data())
def test_any_text_gives_a_bounded_quote_with_the_name(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    whole = text[:start] + "Zorrilla" + text[start:]
    quote = passage(Item(summary=whole), [mention(whole, "Zorrilla")], 120)
    assert "Zorrilla" in quote.text
    assert len(quote.text) <= 120 + 2 + quote.text.count("\u2060")


@given(MARKED, st.data())
def test_a_sentence_holds_what_it_was_asked_for(text: str, data: st.DataObject) -> None:
    start, end = sorted(data.draw(st.integers(0, len(text))) for _ in range(2))
    low, high = sentence(text, start, end)
    assert 0 <= low <= start <= end <= high <= len(text)
