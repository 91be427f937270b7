"""One channel, group or topic: what goes there, in which language, how loud, after which editor."""

from __future__ import annotations

from telegram import ForumTopic
from telegram.error import BadRequest, Forbidden

from bot.rhythm import editors_chat
from bot.talk import digests, keyboards, places, replies
from bot.talk.turn import Turn
from model.message import Button, Message, joined
from model.people import Chat, NewSubscriber, Subscriber
from model.rhythm import Rhythm, What
from store import rhythms, subscribers, watches
from store.engine import Tx

_TOPIC = 128
"""Characters of a topic's name."""
MOST_TOPICS = 40


async def show(turn: Turn) -> None:
    """Open a destination."""
    await _screen(turn, turn.pressed["subscriber"])


async def back(turn: Turn) -> None:
    """Open what was set up, below what was said."""
    await _screen(turn, turn.pressed["subscriber"], anew=True)


async def set_what(turn: Turn) -> None:
    """[Everything], [Court filings only] and [Digest only]."""
    place_id, wanted = turn.pressed["subscriber"], turn.pressed["what"]
    said: dict[str, object]
    if wanted == "digest":
        said = {"digest_only": True, "what": ""}
    else:
        said = {"digest_only": False, "what": wanted}
    async with turn.parts.store.write() as tx:
        before = await rhythms.one_of(tx, place_id)
        if wanted == "digest" and before.digest is None:
            said |= {"digest": "daily 07:00", "digest_last": turn.now}
        if not await _is_declared(tx, turn, place_id):
            await rhythms.change(tx, place_id, **said)
    await _screen(turn, place_id)


async def switch(turn: Turn) -> None:
    """[Review first], [Silent] and [Priority only]."""
    place_id, name, value = turn.pressed["subscriber"], turn.pressed["name"], turn.pressed["value"]
    said = {name: value}
    async with turn.parts.store.write() as tx:
        if name == "review" and value:
            said["review_to"] = (await places.here(tx, turn)).id
        if name != "review" or not await _is_declared(tx, turn, place_id):
            await rhythms.change(tx, place_id, **said)
    await _screen(turn, place_id)


async def _is_declared(tx: Tx, turn: Turn, place_id: int) -> bool:
    place = await subscribers.get(tx, place_id)
    return place is None or place.declared


async def which_editors(turn: Turn) -> None:
    """[Where editors are asked]: this chat or one of the groups."""
    place_id = turn.pressed["subscriber"]
    async with turn.parts.store.write() as tx:
        here = await places.here(tx, turn)
        every = await subscribers.all_subscribers(tx)
        some = [here, *(one for one in every if _is_team(one) and one.id != place_id)]
        rows = [
            [
                await keyboards.labelled(
                    tx,
                    turn,
                    places.called(turn, one),
                    "place_switch",
                    subscriber=place_id,
                    name="review_to",
                    value=one.id,
                )
            ]
            for one in some
        ]
    await replies.change(turn, turn.words.write("when.review.where"), rows)


def _is_team(one: Subscriber) -> bool:
    return one.courier == places.COURIER and one.chat is Chat.GROUP and not one.public


async def make_topics(turn: Turn) -> None:
    """Make a topic for each watch, in a group that has topics; the watch is told there."""
    async with turn.parts.store.read() as tx:
        place = await subscribers.get(tx, turn.pressed["subscriber"])
        every = await watches.all_watches(tx)
        known = await subscribers.all_subscribers(tx)
    if place is None:
        await replies.pop(turn, "talk.button.old")
        return
    topics = {one.id for one in known if one.address == place.address and one.thread}
    wanted = [
        one
        for one in every
        if not one.declared
        and (not one.to or place.id in one.to)
        and not topics.intersection(one.to)
    ][:MOST_TOPICS]
    made = 0
    try:
        for one in wanted:
            name = one.watch.name[:_TOPIC]
            topic = await turn.bot.create_forum_topic(int(place.address), name)
            await _tell_in(turn, place, topic, one.watch.id, [*one.to])
            made += 1
    except (BadRequest, Forbidden) as error:
        await replies.say(turn, "when.topics.refused", name=place.title, error=error.message)
    if made or not wanted:
        await replies.say(turn, "when.topics.made", n=made, name=place.title)


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


async def _screen(turn: Turn, place_id: int, *, anew: bool = False) -> None:
    async with turn.parts.store.write() as tx:
        place = await subscribers.get(tx, place_id)
        if place is None:
            await replies.pop(turn, "talk.button.old")
            return
        rhythm = await rhythms.one_of(tx, place_id)
        editors = await editors_chat(tx, rhythm)
        rows = await _keys(tx, turn, place, rhythm)
    message = _said(turn, place, rhythm, editors)
    if turn.update.callback_query is not None and not anew:
        await replies.change(turn, message, rows)
    else:
        await replies.show(turn, message, rows)


def _said(turn: Turn, place: Subscriber, rhythm: Rhythm, editors: Subscriber | None) -> Message:
    words = turn.words
    what = rhythm.what.value or "everything"
    lines = [
        words.write("when.place.title", name=place.title or place.address),
        words.write(f"when.place.gets.{what}"),
        words.write("when.place.digest", when=digests.told_when(turn, rhythm)),
    ]
    if rhythm.digest_only:
        lines.append(words.write("when.digest.only"))
    if rhythm.review:
        asked = places.called(turn, editors) if editors else words.say("when.off")
        lines.append(words.write("when.place.review", editors=asked))
    if rhythm.level == "high":
        lines.append(words.write("when.place.high"))
    if rhythm.silent:
        lines.append(words.write("when.place.silent"))
    if place.parked_since is not None:
        lines.append(words.write("when.place.parked", why=place.parked_why))
    if place.declared:
        lines.append(words.write("when.declared"))
    return joined(lines, "\n")


async def _keys(tx: Tx, turn: Turn, place: Subscriber, rhythm: Rhythm) -> list[list[Button]]:
    args = {"subscriber": place.id}

    async def key(code: str, action: str, **more: object) -> Button:
        return await keyboards.button(tx, turn, code, action, **args, **more)

    async def tick(code: str, action: str, *, on: bool, **more: object) -> Button:
        label = turn.words.say(code)
        label = f"✓ {label}" if on else label
        return await keyboards.labelled(tx, turn, label, action, **args, **more)

    rows = [
        [
            await key("talk.channel.button.all", "send_all"),
            await key("talk.channel.button.some", "choose_watches"),
        ]
    ]
    if not place.declared:
        plain = not rhythm.digest_only and rhythm.what is What.EVERYTHING
        courts = not rhythm.digest_only and rhythm.what is What.COURTS
        rows.append(
            [
                await tick("when.button.everything", "place_what", on=plain, what=""),
                await tick("when.button.courts", "place_what", on=courts, what="dockets"),
                await tick(
                    "when.button.digest", "place_what", on=rhythm.digest_only, what="digest"
                ),
            ]
        )
        review = [
            await tick(
                "when.button.review",
                "place_switch",
                on=rhythm.review,
                name="review",
                value=not rhythm.review,
            )
        ]
        if rhythm.review:
            review.append(await key("when.button.editors", "place_editors"))
        rows.append(review)
    high = rhythm.level == "high"
    rows.append(
        [
            await tick(
                "when.button.silent",
                "place_switch",
                on=rhythm.silent,
                name="silent",
                value=not rhythm.silent,
            ),
            await tick(
                "when.button.high",
                "place_switch",
                on=high,
                name="level",
                value="" if high else "high",
            ),
        ]
    )
    rows.append(
        [
            await key("when.button.digests", "digest"),
            await key("when.button.hours", "settings"),
        ]
    )
    if place.chat is Chat.GROUP and not place.thread:
        rows.append([await key("when.button.topics", "place_topics")])
    if not place.declared:
        forget = turn.words.say("talk.channel.button.forget", name=place.title or place.address)
        rows.append([await keyboards.labelled(tx, turn, forget, "unlink", **args)])
    return rows
