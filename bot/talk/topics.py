"""A forum topic for each watch: made in a group that has topics, and told there from then on."""

from __future__ import annotations

from telegram import ForumTopic
from telegram.error import BadRequest, Forbidden

from bot.talk import replies
from bot.talk.turn import Turn
from model.people import NewSubscriber, Subscriber
from model.watch import StoredWatch
from store import subscribers, watches

_NAME = 128
"""Characters of a topic's name."""
MOST = 40
"""Topics made at once."""


async def make_topics(turn: Turn) -> None:
    """Make a topic for each watch, in a group that has topics; the watch is told there."""
    async with turn.parts.store.read() as tx:
        place = await subscribers.get(tx, turn.pressed["subscriber"])
        every = await watches.all_watches(tx)
        known = await subscribers.all_subscribers(tx)
    if place is None:
        await replies.pop(turn, "talk.button.old")
        return
    wanted = _without_topic(place, every, known)[:MOST]
    made = 0
    try:
        for one in wanted:
            name = one.watch.name[:_NAME]
            topic = await turn.bot.create_forum_topic(int(place.address), name)
            await _tell_in(turn, place, topic, one.watch.id, [*one.to])
            made += 1
    except (BadRequest, Forbidden) as error:
        await replies.say(turn, "when.topics.refused", name=place.title, error=error.message)
    if made or not wanted:
        await replies.say(turn, "when.topics.made", n=made, name=place.title)


def _without_topic(
    place: Subscriber, every: list[StoredWatch], known: list[Subscriber]
) -> list[StoredWatch]:
    """Return the watches that are told in this group and have no topic of their own there."""
    topics = {one.id for one in known if one.address == place.address and one.thread}
    return [
        one
        for one in every
        if not one.declared
        and (not one.to or place.id in one.to)
        and not topics.intersection(one.to)
    ]


async def _tell_in(
    turn: Turn, place: Subscriber, topic: ForumTopic, watch_id: int, to: list[int]
) -> None:
    """Let a watch tell in its topic instead of the group as a whole."""
    async with turn.parts.store.write() as tx:
        new = NewSubscriber(
            place.courier,
            place.address,
            topic.message_thread_id,
            title=f"{place.title} › {topic.name}",
            chat=place.chat,
            language=place.language,
            public=True,
        )
        there = await subscribers.add(tx, new, turn.now)
        if not to:
            every = await subscribers.all_subscribers(tx)
            to = [one.id for one in every if not one.public]
        kept = [one for one in to if one != place.id]
        await watches.send_to(tx, watch_id, [*kept, there.id], turn.now, by=turn.user.id)
