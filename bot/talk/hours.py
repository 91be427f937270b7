"""/settings: one's language, the time zone, quiet hours."""

from __future__ import annotations

from dataclasses import replace

from bot import words as catalogues
from bot import zones
from bot.talk import guard, keyboards, own, places, questions, replies, zone
from bot.talk.turn import Turn
from matching.rhythm import parse_hours
from model.message import Button, Message, joined
from model.people import Chat, Role, Subscriber
from model.rhythm import Rhythm
from store import members, rhythms, subscribers
from store.engine import Tx

_USUAL = "22:00-07:00"


async def asked(turn: Turn) -> None:
    """Answer /settings."""
    async with turn.parts.store.write() as tx:
        here = await places.here(tx, turn)
    await _screen(turn, here.id)


async def open_settings(turn: Turn) -> None:
    """Open the settings of a destination."""
    if not await own.refused(turn, turn.pressed["subscriber"]):
        await _screen(turn, turn.pressed["subscriber"])


async def set_language(turn: Turn) -> None:
    """[English] and the like: of this chat, and of the person in a private one."""
    wanted = turn.pressed["language"]
    if await own.refused(turn, turn.pressed["subscriber"]):
        return
    async with turn.parts.store.write() as tx:
        place = await subscribers.update(tx, turn.pressed["subscriber"], turn.now, language=wanted)
        is_here = places.is_here(turn, place)
        if is_here and turn.private and turn.member is not None:
            await members.add(tx, replace(turn.member, language=wanted))
    # A channel's language is not that of who sets it.
    spoken = replace(turn, words=turn.parts.words(wanted)) if is_here else turn
    await _screen(spoken, place.id)


async def choose(turn: Turn) -> None:
    """[22:00-07:00] and [No quiet hours]."""
    if await own.refused(turn, turn.pressed["subscriber"]):
        return
    place_id, quiet = turn.pressed["subscriber"], turn.pressed["quiet"]
    if quiet != rhythms.NEVER and await zone.is_asked(turn, place_id, "quiet_set", turn.pressed):
        return
    await own.set_rhythm(turn, place_id, quiet=quiet)
    await _screen(turn, place_id)


async def ask_hours(turn: Turn) -> None:
    """[Other hours]."""
    await questions.ask(turn, "when.quiet.ask", "quiet_hours", turn.pressed)


async def typed(turn: Turn) -> None:
    """Take the quiet hours that were typed."""
    place_id = turn.pressed["subscriber"]
    try:
        quiet = parse_hours(turn.text)
    except ValueError:
        quiet = None
    if quiet is None:
        await questions.ask(turn, "when.quiet.unread", "quiet_hours", turn.pressed)
        return
    args = {"subscriber": place_id, "quiet": str(quiet)}
    if await own.may(turn, place_id) and not await zone.is_asked(turn, place_id, "quiet_set", args):
        await own.set_rhythm(turn, place_id, quiet=str(quiet))
        await _screen(turn, place_id)


async def switch_loud(turn: Turn) -> None:
    """[Priority alerts: with a sound]."""
    if await own.refused(turn, turn.pressed["subscriber"]):
        return
    await own.set_rhythm(turn, turn.pressed["subscriber"], quiet_loud=bool(turn.pressed["on"]))
    await _screen(turn, turn.pressed["subscriber"])


async def change_zone(turn: Turn) -> None:
    """[Time zone]."""
    place_id = turn.pressed["subscriber"]
    if not await own.refused(turn, place_id):
        await zone.offer(turn, place_id, "settings", {"subscriber": place_id})


async def _screen(turn: Turn, place_id: int) -> None:
    words = turn.words
    async with turn.parts.store.write() as tx:
        place = await own.still(tx, turn, place_id)
        if place is None:
            return
        rhythm = await rhythms.one_of(tx, place_id)
        rows = await _keys(tx, turn, place, rhythm)
    name = places.called(turn, place)
    shown_zone = zones.city(rhythm.zone, words.language)
    lines: list[str | Message] = [
        words.write("when.settings.title", name=name),
        words.write("when.settings.zone", city=shown_zone, zone=rhythm.zone.replace("_", " ")),
        told_quiet(turn, rhythm),
    ]
    message = joined(lines, "\n")
    await replies.present(turn, message, rows)


def told_quiet(turn: Turn, rhythm: Rhythm) -> Message:
    """Return when it is quiet, and what then comes with a sound."""
    if rhythm.quiet is None:
        return turn.words.write("when.quiet.none")
    code = "when.quiet.loud" if rhythm.quiet_loud else "when.quiet.hushed"
    hours = f"{rhythm.quiet.start:%H:%M}–{rhythm.quiet.end:%H:%M}"
    return turn.words.write(code, hours=hours)


async def _keys(tx: Tx, turn: Turn, place: Subscriber, rhythm: Rhythm) -> list[list[Button]]:
    args = {"subscriber": place.id}
    speaks = [
        await keyboards.labelled(
            tx,
            turn,
            f"✓ {_own_name(one)}" if one == place.language else _own_name(one),
            "set_language",
            language=one,
            **args,
        )
        for one in catalogues.languages()
    ]
    second = [await keyboards.button(tx, turn, "when.button.zone", "change_zone", **args)]
    third = []
    for written in (_USUAL, rhythms.NEVER):
        on = str(rhythm.quiet or rhythms.NEVER) == written
        label = turn.words.say("when.quiet.off") if written == rhythms.NEVER else "22:00–07:00"
        label = f"✓ {label}" if on else label
        third.append(await keyboards.labelled(tx, turn, label, "quiet_set", quiet=written, **args))
    third.append(await keyboards.button(tx, turn, "when.quiet.other", "quiet_ask", **args))
    rows = [speaks, second, third]
    if rhythm.quiet is not None:
        code = "when.quiet.hush" if rhythm.quiet_loud else "when.quiet.sound"
        loud = await keyboards.button(
            tx, turn, code, "quiet_loud", on=not rhythm.quiet_loud, **args
        )
        rows.append([loud])
    if turn.private and place.chat is Chat.PRIVATE and guard.may(turn.member, Role.ADMIN):
        rows.append(
            [
                await keyboards.button(tx, turn, "when.button.team", "team"),
                await keyboards.button(tx, turn, "when.button.channels", "channel"),
            ]
        )
    return rows


def _own_name(language: str) -> str:
    from babel import Locale

    name = Locale.parse(language).get_display_name(language) or language
    return name[:1].upper() + name[1:]
