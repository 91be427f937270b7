"""/test: a sample alert in this chat, as a real one would look here."""

from __future__ import annotations

from alerts.compose import compose
from bot.talk import places, replies
from bot.talk.turn import Turn
from model.alert import AlertKind, AlertView, WatchName
from model.item import Item
from model.mention import Mention, Reason
from model.message import Message, joined
from model.people import Subscriber


async def asked(turn: Turn) -> None:
    """/test."""
    async with turn.parts.store.read() as tx:
        known = await places.known_here(tx, turn)
    new = places.newcomer(turn)
    here = known or Subscriber(0, new.courier, new.address, title=new.title, chat=new.chat)
    message = compose(sample(turn, here), turn.words)
    first = Message(turn.words.say("sample.says"))
    await replies.show(turn, joined([first, message], "\n\n"))


def sample(turn: Turn, here: Subscriber) -> AlertView:
    """Return an alert about nobody."""
    words = turn.words
    name = words.say("sample.name")
    text = words.say("sample.text", name=name)
    start = text.index(name)
    item = Item(
        title=words.say("sample.headline", name=name),
        summary=text,
        url="https://example.org/",
        lang=words.language,
        source=words.say("sample.outlet"),
        published_at=turn.now,
        first_seen=turn.now,
    )
    end = start + len(name)
    found = Mention(0, "summary", start, end, name, 100, Reason("exact", (name, name)), name)
    return AlertView(
        0, AlertKind.STORY, here, (WatchName(0, name),), (item,), (found,), at=turn.now
    )
