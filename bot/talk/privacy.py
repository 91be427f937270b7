"""/privacy: what is kept about the person who asks, and deleting it."""

from __future__ import annotations

from alerts.inert import inert
from bot.talk import keyboards, places, replies
from bot.talk.turn import Turn
from model.message import Button, Message, joined
from model.people import Member, Role
from store import members, personal, watch_log
from store.engine import Tx


async def asked(turn: Turn) -> None:
    """/privacy."""
    message, rows = await _screen(turn)
    await replies.show(turn, message, rows)


async def back(turn: Turn) -> None:
    """[Back]: nothing is deleted."""
    message, rows = await _screen(turn)
    await replies.change(turn, message, rows)


async def ask(turn: Turn) -> None:
    """[Delete my data]: say what follows from it; the owner hands the bot over first."""
    async with turn.parts.store.write() as tx:
        keep = await keyboards.button(tx, turn, "talk.button.back", "privacy")
        if turn.member is not None and turn.member.role is Role.OWNER:
            rows = [*await _heirs(tx, turn, turn.member), [keep]]
            code = "privacy.owner" if len(rows) > 1 else "privacy.alone"
        else:
            sure = await keyboards.button(tx, turn, "privacy.button.sure", "privacy_delete")
            rows = [[sure], [keep]]
            code = "privacy.sure" if turn.member is not None else "visitor.privacy.sure"
    await replies.change(turn, turn.words.write(code), rows)


async def hand_over(turn: Turn) -> None:
    """Make a member the owner; the old one is an administrator from then on."""
    async with turn.parts.store.write() as tx:
        heir = await members.get(tx, turn.pressed["member"])
        me = await members.get(tx, turn.user.id)
        may = heir is not None and me is not None and me.role is Role.OWNER
        if heir is not None and may:
            await members.set_owner(tx, heir.id, turn.now)
            name = heir.name or str(heir.id)
            await watch_log.append(tx, [(0, f"member owner: {name}")], turn.now, turn.user.id)
    if heir is None or not may:
        await replies.pop(turn, "team.gone-already")
        return
    said = turn.words.write("privacy.handed-over", name=inert(heir.name or str(heir.id)))
    await replies.change(turn, said)
    words = turn.parts.words(heir.language)
    name = inert(turn.user.full_name)
    await replies.tell(turn, heir.id, words.write("privacy.yours-now", name=name))


async def delete(turn: Turn) -> None:
    """[Delete everything about me]."""
    if not turn.private:
        await replies.pop(turn, "talk.button.not-yours")
        return
    async with turn.parts.store.write() as tx:
        me = await members.get(tx, turn.user.id)
        is_owner = me is not None and me.role is Role.OWNER
        if not is_owner:
            await places.forget_private(tx, turn.user.id, turn.now)
            await personal.forget(tx, turn.user.id, turn.now)
    if is_owner:
        await ask(turn)
    else:
        await replies.change(turn, turn.words.write("privacy.deleted"))


async def _screen(turn: Turn) -> tuple[Message, list[list[Button]]]:
    words, me = turn.words, turn.member
    async with turn.parts.store.write() as tx:
        kept = await personal.kept_about(tx, turn.user.id)
        key = await keyboards.button(tx, turn, "privacy.button.delete", "privacy_ask")
    lines = [words.write("privacy.title", person=str(turn.user.id))]
    if me is not None:
        since = words.day(me.since) if me.since is not None else ""
        role = words.say(f"talk.role.{me.role}")
        name = inert(me.name or turn.user.full_name)
        lines.append(words.write("privacy.member", name=name, role=role, since=since))
    lines += [
        words.write(code, n=n)
        for code, n in (
            ("privacy.watches", kept.watches),
            ("privacy.changes", kept.changes),
            ("privacy.hidden", kept.hidden),
            ("privacy.notes", kept.notes),
            ("privacy.messages", kept.messages),
        )
        if n
    ]
    lines.append(words.write("privacy.where"))
    return joined(lines, "\n"), [[key]]


async def _heirs(tx: Tx, turn: Turn, me: Member) -> list[list[Button]]:
    team = [one for one in await members.all_members(tx) if one.id != me.id]
    team.sort(key=lambda one: one.role is not Role.ADMIN)
    keys = [
        await keyboards.labelled(
            tx, turn, inert(one.name or str(one.id)), "privacy_hand_over", member=one.id
        )
        for one in team[:12]
    ]
    return keyboards.rows(keys, 2)
