"""/mute and /unmute: no alerts here, or none of one watch, for a while; what comes is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from alerts.byline import instant
from bot.rhythm import keep_time
from bot.talk import guard, keyboards, own, places, replies, zone
from bot.talk.turn import Turn
from matching.rhythm import FOR_EVER, zone_of
from model.message import Button, Message, joined
from model.people import Role
from model.watch import StoredWatch
from store import rhythms, subscribers, watches
from store.engine import Tx

_LENGTHS = ("hour", "morning", "days", "ever")
_HOUR, _DAYS = timedelta(hours=1), timedelta(days=3)
A_PAGE = 8


async def asked(turn: Turn) -> None:
    """Answer /mute and /mute NAME by asking for how long."""
    if not _may(turn):
        await replies.say(turn, "talk.not-yours", role=turn.words.say("talk.role.editor"))
        return
    if not turn.text:
        await _ask(turn, 0)
        return
    async with turn.parts.store.read() as tx:
        stored = await watches.by_name(tx, turn.text)
    if stored is None:
        await replies.say(turn, "talk.list.no-such", name=turn.text)
    elif not guard.may(turn.member, Role.EDITOR):
        await replies.say(turn, "talk.not-yours", role=turn.words.say("talk.role.editor"))
    else:
        await _ask(turn, stored.watch.id)


def _may(turn: Turn) -> bool:
    """In one's own chat everybody may, in a group an editor."""
    return turn.private or guard.may(turn.member, Role.EDITOR)


async def ask(turn: Turn) -> None:
    """[Mute] of a watch, and [Everything]."""
    await _ask(turn, turn.pressed.get("watch", 0))


async def _ask(turn: Turn, watch_id: int) -> None:
    async with turn.parts.store.write() as tx:
        here = await places.here(tx, turn)
        stored = await watches.get(tx, watch_id) if watch_id else None
        keys = [
            await keyboards.button(
                tx,
                turn,
                f"when.mute.{length}",
                "mute_set",
                watch=watch_id,
                length=length,
                subscriber=here.id,
            )
            for length in _LENGTHS
        ]
        rows = keyboards.rows(keys, 2)
        until = stored.muted_until if stored else here.muted_until
        if until is not None and until > turn.now:
            off = await keyboards.button(tx, turn, "when.mute.off", "unmute", watch=watch_id)
            rows.append([off])
        elif not watch_id and guard.may(turn.member, Role.EDITOR):
            rows.append([await keyboards.button(tx, turn, "when.mute.one", "mute_which")])
    lines = [_now_muted(turn, until)] if until is not None and until > turn.now else []
    if stored is not None:
        lines.append(turn.words.write("when.mute.watch", name=stored.watch.name))
    else:
        lines.append(turn.words.write("when.mute.here"))
    await replies.present(turn, joined(lines, "\n"), rows)


def _now_muted(turn: Turn, until: datetime) -> Message:
    if until >= FOR_EVER:
        return turn.words.write("when.mute.is.ever")
    return turn.words.write("when.mute.is", until=instant(until, turn.words, "Dt"))


async def which(turn: Turn) -> None:
    """[One watch…]: ask which."""
    at = turn.pressed.get("at", 0)
    async with turn.parts.store.write() as tx:
        every = await watches.all_watches(tx)
        rows = [
            [await keyboards.labelled(tx, turn, called(one, turn.now), "mute", watch=one.watch.id)]
            for one in every[at : at + A_PAGE]
        ]
        if len(every) > A_PAGE:
            following = at + A_PAGE if at + A_PAGE < len(every) else 0
            rows.append(
                [await keyboards.button(tx, turn, "talk.button.more", "mute_which", at=following)]
            )
        rows.append([await keyboards.button(tx, turn, "talk.button.back", "mute")])
    await replies.change(turn, turn.words.write("when.mute.which"), rows)


async def offered(tx: Tx, turn: Turn, stored: StoredWatch) -> Button:
    """Return [Mute] of a watch, [Unmute] where it is muted."""
    is_muted = stored.muted_until is not None and stored.muted_until > turn.now
    code, action = ("when.mute.off", "unmute") if is_muted else ("when.mute.button", "mute")
    return await keyboards.button(tx, turn, code, action, watch=stored.watch.id)


def told(turn: Turn, stored: StoredWatch) -> list[Message]:
    """Return until when a watch is muted, as a line of its screen; nothing where it is not."""
    until = stored.muted_until
    return [_now_muted(turn, until)] if until is not None and until > turn.now else []


def called(stored: StoredWatch, now: datetime) -> str:
    """Return a watch's name, with the sign of a muted one."""
    muted = stored.muted_until is not None and stored.muted_until > now
    return f"🔕 {stored.watch.name}" if muted else stored.watch.name


async def choose(turn: Turn) -> None:
    """[1 hour] and the like. Tomorrow's morning asks for the time zone first."""
    if await _refused(turn):
        return
    place_id, length = turn.pressed["subscriber"], turn.pressed["length"]
    if length == "morning" and await zone.is_asked(turn, place_id, "mute_set", turn.pressed):
        return
    if await _is_gone(turn):
        return
    async with turn.parts.store.write() as tx:
        until = await _until(tx, place_id, length, turn.now)
        name = await _mute(tx, turn, until)
        off = await keyboards.button(
            tx, turn, "when.mute.off", "unmute", watch=turn.pressed["watch"]
        )
    code = "when.muted.watch" if turn.pressed["watch"] else "when.muted"
    code = f"{code}.ever" if until >= FOR_EVER else code
    said = turn.words.write(code, name=name, until=instant(until, turn.words, "Dt"))
    await replies.change(turn, said, [[off]])


async def _refused(turn: Turn) -> bool:
    """Refuse who may not: a watch is muted for everybody, so only editors may; a chat is muted by
    whoever may change it.
    """
    if turn.pressed.get("watch"):
        if guard.may(turn.member, Role.EDITOR):
            return False
        await replies.pop(turn, "talk.button.not-yours")
        return True
    if "subscriber" in turn.pressed:
        return await own.refused(turn, turn.pressed["subscriber"])
    return not _may(turn)


async def _is_gone(turn: Turn) -> bool:
    """Say so, and return True, where the watch of a button is followed no more."""
    watch_id = turn.pressed.get("watch", 0)
    async with turn.parts.store.read() as tx:
        is_gone = bool(watch_id) and await watches.get(tx, watch_id) is None
    if is_gone:
        await replies.present(turn, turn.words.write("talk.list.gone"))
    return is_gone


async def _until(tx: Tx, place_id: int, length: str, now: datetime) -> datetime:
    """Return when a mute ends, a morning's in the zone of the destination."""
    rhythm = await rhythms.one_of(tx, place_id)
    if length == "morning":
        local = now.astimezone(zone_of(rhythm))
        morning = (local + timedelta(days=1)).replace(hour=7, minute=0, second=0, microsecond=0)
        return morning.replace(fold=0)
    return {"hour": now + _HOUR, "days": now + _DAYS}.get(length, FOR_EVER)


async def _mute(tx: Tx, turn: Turn, until: datetime) -> str:
    watch_id = turn.pressed["watch"]
    if watch_id:
        stored = await watches.mute(tx, watch_id, until, turn.now, by=turn.user.id)
        return stored.watch.name
    await subscribers.update(tx, turn.pressed["subscriber"], turn.now, muted_until=until)
    return ""


async def unmute_asked(turn: Turn) -> None:
    """/unmute, /unmute NAME: at once, and what came meanwhile is told."""
    if not _may(turn):
        await replies.say(turn, "talk.not-yours", role=turn.words.say("talk.role.editor"))
        return
    async with turn.parts.store.read() as tx:
        here = await places.known_here(tx, turn)
        every = await watches.all_watches(tx)
        stored = await watches.by_name(tx, turn.text) if turn.text else None
    if turn.text and stored is None:
        await replies.say(turn, "talk.list.no-such", name=turn.text)
        return
    muted = [one for one in every if one.muted_until and one.muted_until > turn.now]
    is_muted = here is not None and here.muted_until is not None and here.muted_until > turn.now
    if stored is not None or is_muted:
        await unmute(replace(turn, pressed={"watch": stored.watch.id if stored else 0}))
    elif muted:
        await _muted_watches(turn, muted)
    else:
        await replies.say(turn, "when.unmute.nothing")


async def _muted_watches(turn: Turn, muted: list[StoredWatch]) -> None:
    async with turn.parts.store.write() as tx:
        rows = [
            [await keyboards.labelled(tx, turn, one.watch.name, "unmute", watch=one.watch.id)]
            for one in muted[:A_PAGE]
        ]
    await replies.say(turn, "when.unmute.which", rows)


async def unmute(turn: Turn) -> None:
    """[Unmute]."""
    if await _refused(turn) or await _is_gone(turn):
        return
    watch_id = turn.pressed.get("watch", 0)
    async with turn.parts.store.write() as tx:
        here = await places.here(tx, turn)
        if watch_id:
            stored = await watches.mute(tx, watch_id, None, turn.now, by=turn.user.id)
            said = turn.words.write("when.unmuted.watch", name=stored.watch.name)
        else:
            await subscribers.update(tx, here.id, turn.now, muted_until=turn.now)
            said = turn.words.write("when.unmuted")
    await replies.present(turn, said, [])
    await keep_time(turn.parts.store, turn.parts.words, turn.now)
