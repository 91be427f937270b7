"""The team: who may command, invitations that work once, roles, and who changed what."""

from __future__ import annotations

from dataclasses import replace

from bot.talk import guard, keyboards, places, replies, undo
from bot.talk.turn import Turn
from model.errors import UsageError
from model.message import Button, Message, joined
from model.people import Member, Role
from store import buttons, members, visiting, watch_log, watches
from store.engine import Tx

LINK = "inv_"
"""What an invitation's deep link begins with."""
LIVES = 48 * 3600.0
"""Seconds an invitation is good for."""
OFFERED = (Role.VIEWER, Role.EDITOR, Role.ADMIN)
"""The roles that can be given, the least first; the owner stays one."""
A_PAGE = 12
"""Members on one screen."""
LINES = 15
"""Changes that the history shows."""


async def asked(turn: Turn) -> None:
    """/team: everybody who may command."""
    message, rows = await _everybody(turn)
    await replies.show(turn, message, rows)


async def listed(turn: Turn) -> None:
    """[Back]: the list again."""
    message, rows = await _everybody(turn)
    await replies.change(turn, message, rows)


async def invite(turn: Turn) -> None:
    """/invite and [Invite]: which role the guest is to have."""
    async with turn.parts.store.write() as tx:
        keys = [
            await keyboards.button(tx, turn, f"team.button.{role}", "invited", role=role.value)
            for role in OFFERED
            if guard.may_give(turn.member, role)
        ]
    await replies.show(turn, turn.words.write("team.invite.as"), [keys])


async def invited(turn: Turn) -> None:
    """Make the link for a guest of the chosen role."""
    role = Role(turn.pressed["role"])
    _must_give(turn, role)
    async with turn.parts.store.write() as tx:
        args = {"role": role.value, "by": turn.user.id}
        token = await buttons.make(tx, "invitation", args, turn.now, ttl=LIVES)
    link = f"https://t.me/{turn.bot.username}?start={LINK}{token}"
    as_whom = turn.words.say(f"talk.role.{role}")
    await replies.change(turn, turn.words.write("team.invite.link", link=link, role=as_whom))


async def join(turn: Turn, token: str) -> None:
    """/start with an invitation's link: the first who opens it is let in; members keep theirs."""
    async with turn.parts.store.write() as tx:
        found = await buttons.get(tx, token, turn.now)
        invitation = found if found is not None and found.action == "invitation" else None
        role = Role(invitation.args["role"]) if invitation is not None else None
        is_news = role is not None and not guard.may(turn.member, role)
        if is_news and role is not None and await buttons.spend(tx, token):
            await _let_in(tx, turn, role)
    if invitation is None or role is None:
        await replies.say(turn, "team.invite.over")
    elif not is_news:
        await replies.say(turn, "team.invite.already")
    else:
        as_whom = turn.words.say(f"talk.role.{role}")
        await replies.say(turn, "team.welcome", role=as_whom)
        await _tell_host(turn, invitation.args["by"], role)


async def show(turn: Turn) -> None:
    """Open one member: their role, and what can be changed about it."""
    async with turn.parts.store.write() as tx:
        one = await members.get(tx, turn.pressed["member"])
        rows = await _choices(tx, turn, one) if one is not None else []
    if one is None:
        await listed(turn)
        return
    role = turn.words.say(f"talk.role.{one.role}")
    shown = turn.words.write("team.member", name=_called(one), role=role)
    await replies.change(turn, shown, rows)


async def set_role(turn: Turn) -> None:
    """Give a member another role."""
    role = Role(turn.pressed["role"])
    _must_give(turn, role)
    async with turn.parts.store.write() as tx:
        one = await _within_reach(tx, turn)
        await members.add(tx, replace(one, role=role))
        await _note(tx, turn, f"member {role.value}: {_called(one)}")
        key = await _remember(tx, turn, one)
    said = turn.words.say(f"talk.role.{role}")
    await replies.change(turn, turn.words.write("team.changed", name=_called(one), role=said), key)


async def drop(turn: Turn) -> None:
    """[Remove]: they command no more, and their private chat hears nothing more."""
    async with turn.parts.store.write() as tx:
        one = await _within_reach(tx, turn)
        await members.remove(tx, one.id)
        await places.forget_private(tx, one.id, turn.now)
        await _note(tx, turn, f"member removed: {_called(one)}")
        key = await _remember(tx, turn, one)
    await replies.change(turn, turn.words.write("team.dropped", name=_called(one)), key)


async def history(turn: Turn) -> None:
    """[History]: who changed what, the latest first."""
    async with turn.parts.store.write() as tx:
        entries = await watch_log.latest(tx, LINES)
        names = {one.id: _called(one) for one in await members.all_members(tx)}
        titles = await watches.names(tx, {one.watch_id for one in entries if one.watch_id})
        back = await keyboards.button(tx, turn, "talk.button.back", "team")
    lines = [turn.words.write("team.history" if entries else "team.history.empty")]
    for one in entries:
        who = names.get(one.by) or turn.words.say(
            "team.history.file" if not one.by else "team.gone"
        )
        what, about = _did(turn, one.what)
        about = titles.get(one.watch_id, about)
        lines.append(
            turn.words.write("team.history.line", at=one.at, who=who, what=what, about=about)
        )
    await replies.change(turn, joined(lines, "\n"), [[back]])


def _did(turn: Turn, what: str) -> tuple[str, str]:
    """Return what the log calls a change in words, and whom it names."""
    did, _, about = what.partition(": ")
    return turn.words.say(f"team.did.{did.replace(' ', '-')}"), about


async def _everybody(turn: Turn) -> tuple[Message, list[list[Button]]]:
    async with turn.parts.store.write() as tx:
        team = await members.all_members(tx)
        at = min(turn.pressed.get("at", 0), max(0, len(team) - 1))
        some = team[at : at + A_PAGE]
        reach = [one for one in some if guard.outranks(turn.member, one)]
        paging = await keyboards.paging(tx, turn, "team", at, len(team), A_PAGE)
        keys = [
            await keyboards.labelled(tx, turn, _called(one), "show_member", member=one.id)
            for one in reach
        ]
        below = [
            await keyboards.button(tx, turn, "team.button.invite", "invite"),
            await keyboards.button(tx, turn, "team.button.history", "team_history"),
        ]
    lines = [turn.words.write("team.title", n=len(team))]
    lines += [
        turn.words.write(
            "team.line", name=_called(one), role=turn.words.say(f"talk.role.{one.role}")
        )
        for one in some
    ]
    return joined(lines, "\n"), [*keyboards.rows(keys), *paging, below]


async def _choices(tx: Tx, turn: Turn, one: Member) -> list[list[Button]]:
    rows = []
    if guard.outranks(turn.member, one):
        roles = [role for role in OFFERED if role != one.role]
        rows.append(
            [
                await keyboards.button(
                    tx, turn, f"team.button.{role}", "set_role", member=one.id, role=role.value
                )
                for role in roles
                if guard.may_give(turn.member, role)
            ]
        )
        gone = await keyboards.button(tx, turn, "team.button.drop", "drop_member", member=one.id)
        rows.append([gone])
    rows.append([await keyboards.button(tx, turn, "talk.button.back", "team")])
    return rows


async def _let_in(tx: Tx, turn: Turn, role: Role) -> None:
    language = turn.words.language
    await members.add(tx, Member(turn.user.id, turn.user.full_name, role, language, turn.now))
    place = await places.here(tx, turn)
    await visiting.adopt(tx, turn.user.id, place.id, turn.now)
    await _note(tx, turn, f"member {role.value}: {turn.user.full_name}")


async def _tell_host(turn: Turn, host: int, role: Role) -> None:
    async with turn.parts.store.read() as tx:
        who = await members.get(tx, host)
    if who is not None:
        words = turn.parts.words(who.language)
        said = words.say(f"talk.role.{role}")
        message = words.write("team.joined", name=turn.user.full_name, role=said)
        await replies.tell(turn, host, message)


async def _within_reach(tx: Tx, turn: Turn) -> Member:
    """Return the member a button is about; UsageError when they are gone, or rank too high."""
    one = await members.get(tx, turn.pressed["member"])
    if one is None:
        raise UsageError(turn.words.say("team.gone-already"))
    if not guard.outranks(turn.member, one):
        raise UsageError(turn.words.say("team.too-high", name=_called(one)))
    return one


def _must_give(turn: Turn, role: Role) -> None:
    if not guard.may_give(turn.member, role):
        raise UsageError(turn.words.say("team.cannot-give"))


async def _remember(tx: Tx, turn: Turn, one: Member) -> list[list[Button]]:
    since = one.since.isoformat() if one.since is not None else ""
    kept = {"name": one.name, "role": one.role.value, "language": one.language, "since": since}
    return [[await undo.remember(tx, turn, "member_was", member=one.id, **kept)]]


async def _note(tx: Tx, turn: Turn, what: str) -> None:
    await watch_log.append(tx, [(0, what)], turn.now, turn.user.id)


def _called(one: Member) -> str:
    return one.name or str(one.id)
