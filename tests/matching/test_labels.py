"""Labels in headlines, and headlines that tell nothing."""

from __future__ import annotations

import pytest

from matching.compare import Verdict, compare
from matching.gist import told
from matching.labels import without_label
from matching.turns import folded, words_of
from model import Item


def verdict(one: str, other: str, lang: str) -> Verdict:
    first, second = (
        Item(title=text.partition(" // ")[0], summary=text.partition(" // ")[2], lang=lang)
        for text in (one, other)
    )
    return compare(told(first), told(second))


@pytest.mark.parametrize(
    ("title", "lang", "bare"),
    [
        ("Live updates: Eva Luna in court", "en", "Eva Luna in court"),
        ("VIDEO | Eva Luna arrested in Lima", "en", "Eva Luna arrested in Lima"),
        ("Eva Luna: what we know", "en", "Eva Luna"),
        ("Who is Eva Luna?", "en", "Eva Luna?"),
        ("[Opinión] El caso Luna", "es", "El caso Luna"),
        ("Eva Luna, minuto a minuto", "es", "Eva Luna"),
        ("Ce que l’on sait de Eva Luna", "fr", "Eva Luna"),
        ("Видео: Павел Устинов", "ru", "Павел Устинов"),
        ("直播：周海涛", "zh", "周海涛"),
        ("Morning briefing", "en", "Morning briefing"),
    ],
)
def test_labels_are_no_part_of_a_headline(title: str, lang: str, bare: str) -> None:
    assert without_label(title, words_of(folded(title)), lang) == (bare, True)


@pytest.mark.parametrize(
    ("title", "lang"),
    [
        ("Video-conference with Eva Luna ends", "en"),
        ("Live ammunition found at the house of Eva Luna", "en"),
        ("News anchor Eva Luna arrested", "en"),
        ("Opinión dividida por Eva Luna", "es"),
    ],
)
def test_what_only_looks_like_a_label_stays(title: str, lang: str) -> None:
    assert without_label(title, words_of(folded(title)), lang) == (title, False)


@pytest.mark.parametrize(
    ("one", "other", "lang"),
    [
        ("Live updates", "Live updates", "en"),
        ("Morning briefing // Taxes in Lima", "Morning briefing // Storms in Chile", "en"),
        ("Eva Luna: what we know", "Eva Luna: what to know", "en"),
        ("Video: Eva Luna // At church", "Video: Eva Luna // On the markets", "en"),
        ("Eva Luna // She spoke of history", "Eva Luna // She was seen at sea", "en"),
        ("Las noticias de hoy // Habló Luna", "Las noticias de hoy // Arde Puebla", "es"),
        ("Главное за день", "Главное за день", "ru"),
        ("早报", "早报", "zh"),
    ],
)
def test_a_label_or_a_name_alone_makes_no_story(one: str, other: str, lang: str) -> None:
    assert not verdict(one, other, lang).is_same


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Video: Eva Luna arrested in Lima", "Eva Luna arrested in Lima"),
        ("Eva Luna arrested", "Eva Luna arrested"),
        (
            "Eva Luna: what we know // The minister was arrested in Lima on Monday.",
            "Eva Luna: what to know // The minister was arrested at home in Lima.",
        ),
        (
            "Eva Luna: what we know // The minister was arrested in Lima on Monday.",
            "Ex-minister Eva Luna held in Lima",
        ),
    ],
)
def test_what_a_label_stands_before_is_compared(one: str, other: str) -> None:
    assert verdict(one, other, "en").is_same
