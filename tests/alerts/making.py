"""Items, Mentions and views of Alerts for tests: the case of 2020 in our own words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from bot.words import Catalogue, load
from model.alert import AlertKind, AlertView, Notice, WatchName
from model.item import Item
from model.mention import Mention, Reason
from model.message import Message
from model.people import Chat, Subscriber
from model.watch import Priority

AT = datetime(2020, 11, 18, 18, 51, tzinfo=UTC)
NAME = "Salvador Cienfuegos Zepeda"
SUMMARY = (
    "The hearing in Brooklyn took ten minutes. On Wednesday Judge Carol Amon let the government"
    " drop its case against the former defence minister, General Salvador Cienfuegos Zepeda, and"
    " he is to be flown home. Mexico had threatened to send agents of the DEA away."
)
STORY = Item(
    key="1",
    url="https://ledger.example/world/case-dropped",
    title="Judge lets Washington drop its case against Mexico’s former defence minister",
    summary=SUMMARY,
    lang="en",
    published_at=AT,
    source="The Borough Ledger",
    source_id=1,
    id=1,
    first_seen=AT + timedelta(minutes=4),
)
SPANISH = Item(
    key="2",
    url="https://cronica.example/n/general",
    title="Una jueza de Brooklyn cierra el caso del general",
    lang="es",
    published_at=AT + timedelta(minutes=12),
    source="Crónica del Norte",
    source_id=2,
    id=2,
    first_seen=AT + timedelta(minutes=15),
)
DESK = Subscriber(1, "telegram", "-1001", chat=Chat.CHANNEL)
PRIVATE = Subscriber(2, "telegram", "77", chat=Chat.PRIVATE)
CONSOLE = Subscriber(3, "console", "")
WATCH = WatchName(1, NAME, Priority.HIGH)


def mention(text: str, phrase: str, field: str = "summary", **more: object) -> Mention:
    """Return a Mention of `phrase` where it stands in `text`."""
    start = text.index(phrase)
    found = Mention(1, field, start, start + len(phrase), phrase, 100, Reason("same", ()), NAME)
    return replace(found, **more)  # type: ignore[arg-type]


def story(**more: object) -> AlertView:
    """Return an Alert of the one Story, for a channel."""
    found = mention(SUMMARY, NAME, context=("Amon", "DEA", "amon"))
    view = AlertView(7, AlertKind.STORY, DESK, (WATCH,), (STORY,), (found,), at=AT)
    return replace(view, **more)  # type: ignore[arg-type]


def notice(code: str, **args: str) -> AlertView:
    """Return an Alert that is a Notice."""
    told = Notice(code, tuple(args.items()))
    return AlertView(8, AlertKind.NOTICE, PRIVATE, notice=told, at=AT)


class Plain(Catalogue):
    """The English catalogue, with a reason of its own: matching's are tested elsewhere."""

    def reason(self, reason: Reason) -> str:
        """Return the reason's code and arguments."""
        return {"same": "full name in the text"}.get(reason.code, f"{reason.code} {reason.args}")


def english() -> Catalogue:
    """Return the English words."""
    return Plain("en", load("en")._sentences)


HOSTILE = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("<>&@#/_*`[]()\u202e\u200b\u200d\ud800\U0001f468é\u0301أש\n\r\u2028\t"),
    )
)
"""Any text a stranger may send: lone surrogates, bidi controls, emoji, brackets."""
MARKED = st.builds(
    lambda text, word, times: " ".join([text, word] * times),
    HOSTILE,
    st.sampled_from(["<b>", "@everyone", "שלום", "👨‍👩‍👧", "x" * 500, "مرحبا", "\n\n"]),
    st.integers(0, 40),
)


def sound(message: Message, *, units: int = 4096, marks: int = 100) -> None:
    """Assert that Telegram can take the Message as it is."""
    encoded = message.text.encode("utf-16-le")  # fails on lone surrogates
    assert 0 < len(encoded) // 2 <= units
    assert message.text == message.text.strip()
    assert len(message.marks) <= marks
    assert all(0 <= mark.start < mark.end <= len(message.text) for mark in message.marks)
