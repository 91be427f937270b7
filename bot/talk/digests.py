"""/digest: whether, when and of what a destination gets a summary."""

from __future__ import annotations

from bot import zones
from bot.talk import keyboards, own, places, questions, replies, zone
from bot.talk.turn import Turn
from matching.rhythm import parse_schedule
from matching.text import fold
from model.message import Button, Message, joined
from model.people import Chat, Subscriber
from model.rhythm import Rhythm, Schedule
from store import alerts, rhythms, subscribers
from store.engine import Tx

_PRESETS = (
    ("daily", "daily 07:00"),
    ("weekdays", "weekdays 07:00"),
    ("weekly", "weekly mon 07:00"),
)

DIGITS = 4
"""Of a number that may stand in a digest."""


SHORTEST = 2
"""Letters that name a day."""


async def asked(turn: Turn) -> None:
    """/digest: in a private chat for one of several destinations, in a group for the group."""
    async with turn.parts.store.write() as tx:
        here = await places.here(tx, turn)
        every = await destinations(tx, turn)
        keys = [
            await keyboards.labelled(
                tx, turn, places.called(turn, one), "digest", subscriber=one.id
            )
            for one in every
        ]
    if len(every) > 1:
        await replies.say(turn, "when.digest.which", keyboards.rows(keys, 1))
    else:
        await _screen(turn, here.id)


async def destinations(tx: Tx, turn: Turn) -> list[Subscriber]:
    """Return what may be set from this chat: in a private one also the channels and groups, in
    a group the group.
    """
    here = await places.here(tx, turn)
    if not turn.private:
        return [here]
    shared = (Chat.CHANNEL, Chat.GROUP)
    every = await subscribers.all_subscribers(tx)
    return [here, *(one for one in every if one.courier == places.COURIER and one.chat in shared)]


async def show(turn: Turn) -> None:
    """Open a destination's digest."""
    if not await own.refused(turn, turn.pressed["subscriber"]):
        await _screen(turn, turn.pressed["subscriber"])


async def change(turn: Turn) -> None:
    """[Change] under a digest: the screen below it, the digest stays."""
    async with turn.parts.store.read() as tx:
        view = (await alerts.views(tx, [turn.pressed["alert"]])).get(turn.pressed["alert"])
    if view is not None:
        await _screen(turn, view.subscriber.id, anew=True)


async def choose(turn: Turn) -> None:
    """[Daily 07:00] and the like; the zone is asked first where nobody has said it."""
    place_id, wanted = turn.pressed["subscriber"], turn.pressed["digest"]
    if await own.refused(turn, place_id):
        return
    if wanted and await zone.is_asked(turn, place_id, "digest_set", turn.pressed):
        return
    only = {} if wanted else {"digest_only": False}  # what is told in no digest is told at once
    await own.set_rhythm(turn, place_id, digest=wanted, digest_last=turn.now, **only)
    await _screen(turn, place_id)


async def toggle(turn: Turn) -> None:
    """[Empty ones] and [Only the digest]."""
    place_id = turn.pressed["subscriber"]
    if await own.refused(turn, place_id):
        return
    await own.set_rhythm(turn, place_id, **{turn.pressed["what"]: bool(turn.pressed["on"])})
    await _screen(turn, place_id)


async def ask_time(turn: Turn) -> None:
    """[Change time]."""
    await questions.ask(turn, "when.digest.time", "digest_time", turn.pressed)


async def typed(turn: Turn) -> None:
    """Take the time that was typed, with or without a day or "weekdays" before it."""
    place_id = turn.pressed["subscriber"]
    schedule = _read(turn, turn.text)
    if schedule is None:
        await questions.ask(turn, "when.digest.time.unread", "digest_time", turn.pressed)
        return
    args = {"subscriber": place_id, "digest": str(schedule)}
    if await own.may(turn, place_id) and not await zone.is_asked(
        turn, place_id, "digest_set", args
    ):
        await own.set_rhythm(turn, place_id, digest=str(schedule), digest_last=turn.now)
        await _screen(turn, place_id)


def _read(turn: Turn, text: str) -> Schedule | None:
    """Read "18:30", "mon 18:30", "weekdays 7:00" or the same in this language."""
    words = text.casefold().replace(",", " ").split()
    if not words:
        return None
    *days, at = words
    at = at if ":" in at else f"{at}:00"
    day = " ".join(days)
    if day in ("", "daily", turn.words.say("when.daily").casefold()):
        written = f"daily {at}"
    elif day in ("weekdays", turn.words.say("when.weekdays").casefold()):
        written = f"weekdays {at}"
    else:
        known = fold(turn.words.say("when.days")).split()
        number = next((place for place, one in enumerate(known) if _is_day(fold(day), one)), None)
        name = (
            ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[number] if number is not None else day
        )
        written = f"weekly {name} {at}"
    try:
        return parse_schedule(written)
    except ValueError:
        return None


def _is_day(typed: str, day: str) -> bool:
    """Return whether what was typed is this day or its short form, as people type on a phone:
    "mie", "miércoles", "mondays".
    """
    return len(typed) >= SHORTEST and (day.startswith(typed) or typed.startswith(day))


async def _screen(turn: Turn, place_id: int, *, anew: bool = False) -> None:
    async with turn.parts.store.write() as tx:
        place = await own.still(tx, turn, place_id)
        if place is None:
            return
        rhythm = await rhythms.one_of(tx, place_id)
        rows = [] if place.declared else await _keys(tx, turn, place_id, rhythm)
    message = _said(turn, place, rhythm)
    await replies.present(turn, message, rows, anew=anew)


def _said(turn: Turn, place: Subscriber, rhythm: Rhythm) -> Message:
    name = places.called(turn, place)
    lines = [turn.words.write("when.digest.title", name=name, when=told_when(turn, rhythm))]
    if rhythm.digest is not None:
        code = "when.digest.empty.sent" if rhythm.digest_empty else "when.digest.empty.skipped"
        lines.append(turn.words.write(code))
        code = "when.digest.only" if rhythm.digest_only else "when.digest.besides"
        lines.append(turn.words.write(code))
    if place.declared:
        lines.append(turn.words.write("when.declared"))
    return joined(lines, "\n")


def told_when(turn: Turn, rhythm: Rhythm) -> str:
    """Return when a digest is sent, in words."""
    schedule = rhythm.digest
    if schedule is None:
        return turn.words.say("when.off")
    day = ""
    if schedule.name == "weekly":
        day = turn.words.say("when.days").split()[min(schedule.days)]
    return turn.words.say(
        f"when.{schedule.name}.at",
        day=day,
        time=f"{schedule.at:%H:%M}",
        city=zones.city(rhythm.zone, turn.words.language),
    )


async def _keys(tx: Tx, turn: Turn, place_id: int, rhythm: Rhythm) -> list[list[Button]]:
    chosen = str(rhythm.digest or "")
    keys = []
    for name, written in (("off", ""), *_PRESETS):
        label = turn.words.say(f"when.digest.button.{name}")
        label = f"✓ {label}" if written == chosen else label
        keys.append(
            await keyboards.labelled(
                tx, turn, label, "digest_set", subscriber=place_id, digest=written
            )
        )
    args = {"subscriber": place_id}
    keys.append(await keyboards.button(tx, turn, "when.digest.button.time", "digest_time", **args))
    rows = keyboards.rows(keys, 2)
    if rhythm.digest is not None:
        switches = (("digest_empty", rhythm.digest_empty), ("digest_only", rhythm.digest_only))
        rows.append(
            [
                await keyboards.button(
                    tx,
                    turn,
                    f"when.{what}.{'off' if on else 'on'}",
                    "digest_switch",
                    what=what,
                    on=not on,
                    **args,
                )
                for what, on in switches
            ]
        )
    return rows
