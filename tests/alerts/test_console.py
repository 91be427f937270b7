"""The terminal shows an Alert once: plain in a pipe, highlighted for a person."""

from __future__ import annotations

import io
import re

import pytest

from alerts.compose import compose
from alerts.couriers import NotSent
from alerts.couriers.console import ConsoleCourier
from model.message import Mark, Message, Style
from tests.alerts.making import CONSOLE, SPANISH, STORY, english, notice, story

WORDS = english()
ALERT = compose(story(subscriber=CONSOLE, items=(STORY, SPANISH)), WORDS, repeat=True)


async def printed(message: Message, monkeypatch: pytest.MonkeyPatch, **environment: str) -> str:
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    stream = io.StringIO()
    assert await ConsoleCourier(stream).send(CONSOLE, message) is not None
    return stream.getvalue()


async def test_in_a_pipe_it_is_plain_and_the_passage_stands_in_stars(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert await printed(ALERT, monkeypatch) == (
        "🔴 Salvador Cienfuegos Zepeda\n"
        "   Judge lets Washington drop its case against Mexico’s former defence minister\n"
        "   Dismissal · The Borough Ledger · 18 Nov 2020, 18:51 UTC\n"
        "\n"
        "   │ “On Wednesday Judge Carol Amon let the government drop its case against the\n"
        "   │ former defence minister, General **Salvador Cienfuegos Zepeda**, and he is\n"
        "   │ to be flown home.”\n"
        "   Why: full name in the text and 2 context words (Amon, DEA)\n"
        "\n"
        "   Also in 1 outlet\n"
        "   │ • Una jueza de Brooklyn cierra el caso del general — Crónica del Norte,\n"
        "   │   +12 min (es)\n"
        "\n"
        "   #SalvadorCienfuegosZepeda #Dismissal\n"
        "\n"
        "   (may be a repeat)\n"
        "   https://ledger.example/world/case-dropped\n"
        "\n"
    )


async def test_a_person_sees_the_passage_highlighted_and_the_same_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    colour = await printed(ALERT, monkeypatch, FORCE_COLOR="1", COLUMNS="80", TERM="xterm")
    assert "\x1b[1;30;43mSalvador Cienfuegos Zepeda\x1b[0m" in colour
    assert "\x1b]8;" in colour
    plain = re.sub(r"\x1b\[[\d;]*m|\x1b\]8;[^\x1b]*\x1b\\", "", colour)
    stars = (await printed(ALERT, monkeypatch)).replace("**", "")
    assert plain.replace("│", "").split() == stars.replace("│", "").split()


async def test_without_colours_wanted_the_passage_is_still_bold(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bold = await printed(ALERT, monkeypatch, FORCE_COLOR="1", NO_COLOR="1", TERM="xterm")
    assert "\x1b[1mSalvador Cienfuegos Zepeda\x1b[0m" in bold
    assert not re.search(r"\x1b\[[\d;]*[34]\dm", bold)


async def test_a_first_line_without_a_mark_gets_a_dot(monkeypatch: pytest.MonkeyPatch) -> None:
    assert await printed(Message("Name\nrest"), monkeypatch) == "●  Name\n   rest\n\n"


async def test_a_wide_terminal_does_not_make_lines_too_long_to_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wide = await printed(ALERT, monkeypatch, COLUMNS="300")
    narrow = await printed(ALERT, monkeypatch, COLUMNS="24")
    assert max(map(len, wide.splitlines())) <= 92
    assert max(len(line) for line in narrow.splitlines() if "://" not in line) <= 28


async def test_markup_of_the_terminal_library_in_a_text_is_only_text(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = "[bold]x[/bold] :smile: [link=https://a.test]y"
    message = Message(text, (Mark(Style.QUOTE, 0, len(text)),))
    assert text in await printed(message, monkeypatch)


async def test_a_notice_is_printed_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    message = compose(notice("notice.source.speaks", source="Ríodoce", silent_seconds="60"), WORDS)
    assert await printed(message, monkeypatch) == (
        "🟢 Ríodoce publishes again\n   It had been quiet for 1 min.\n\n"
    )


async def test_an_edit_prints_nothing_since_an_alert_is_printed_once() -> None:
    stream = io.StringIO()
    courier = ConsoleCourier(stream)
    await courier.edit(CONSOLE, (1,), ALERT)
    await courier.delete(CONSOLE, (1,))
    await courier.close()
    assert stream.getvalue() == ""


async def test_a_closed_terminal_is_said_to_be_one() -> None:
    stream = io.StringIO()
    stream.close()
    with pytest.raises(NotSent, match="terminal"):
        await ConsoleCourier(stream).send(CONSOLE, Message("x"))
