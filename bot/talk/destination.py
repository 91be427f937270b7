"""One channel, group or topic: what goes there, in which language, how loud, after which editor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.editors import editors_chat
from bot.talk import digests, keyboards, own, places, replies
from bot.talk.turn import Turn
from model.message import Button, Message, joined
from model.people import Chat, Subscriber
from model.rhythm import Rhythm, What
from store import rhythms, subscribers
from store.engine import Tx


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


async def _screen(turn: Turn, place_id: int, *, anew: bool = False) -> None:
    async with turn.parts.store.write() as tx:
        place = await own.still(tx, turn, place_id)
        if place is None:
            return
        rhythm = await rhythms.one_of(tx, place_id)
        editors = await editors_chat(tx, rhythm)
        rows = await _keys(tx, turn, place, rhythm)
    message = _said(turn, place, rhythm, editors)
    await replies.present(turn, message, rows, anew=anew)


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


@dataclass(frozen=True, slots=True)
class _Key:
    """A button of the screen: the catalogue's code of its label, and what it does."""

    code: str
    action: str
    args: Mapping[str, object] = field(default_factory=dict)
    on: bool = False
    """It shows what is chosen."""


def _switch(code: str, name: str, value: object, *, on: bool) -> _Key:
    return _Key(code, "place_switch", {"name": name, "value": value}, on=on)


def _layout(place: Subscriber, rhythm: Rhythm) -> list[list[_Key]]:
    """Return the buttons of the screen, row by row; what config.toml says has none."""
    rows = [[_Key("talk.channel.button.all", "send_all"), _Key(_SOME, "choose_watches")]]
    if not place.declared:
        rows += [_what_keys(rhythm), _review_keys(rhythm)]
    high = rhythm.level == "high"
    rows.append(
        [
            _switch("when.button.silent", "silent", not rhythm.silent, on=rhythm.silent),
            _switch("when.button.high", "level", "" if high else "high", on=high),
        ]
    )
    rows.append([_Key("when.button.digests", "digest"), _Key("when.button.hours", "settings")])
    if place.chat is Chat.GROUP and not place.thread:
        rows.append([_Key("when.button.topics", "place_topics")])
    if not place.declared:
        rows.append([_Key("talk.channel.button.forget", "unlink")])
    return rows


_SOME = "talk.channel.button.some"


def _what_keys(rhythm: Rhythm) -> list[_Key]:
    chosen = "digest" if rhythm.digest_only else rhythm.what.value
    return [
        _Key(code, "place_what", {"what": what}, on=what == chosen)
        for code, what in (
            ("when.button.everything", What.EVERYTHING.value),
            ("when.button.courts", What.COURTS.value),
            ("when.button.digest", "digest"),
        )
    ]


def _review_keys(rhythm: Rhythm) -> list[_Key]:
    keys = [_switch("when.button.review", "review", not rhythm.review, on=rhythm.review)]
    return [*keys, _Key("when.button.editors", "place_editors")] if rhythm.review else keys


async def _keys(tx: Tx, turn: Turn, place: Subscriber, rhythm: Rhythm) -> list[list[Button]]:
    rows = []
    for row in _layout(place, rhythm):
        keys = []
        for one in row:
            label = turn.words.say(one.code, name=place.title or place.address)
            label = f"✓ {label}" if one.on else label
            args = {"subscriber": place.id, **one.args}
            keys.append(await keyboards.labelled(tx, turn, label, one.action, **args))
        rows.append(keys)
    return rows
