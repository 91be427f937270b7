"""Taking the last change back: each member's latest one, for a day."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

from bot import possibles
from bot.talk import guard, keyboards, places, replies
from bot.talk.turn import Turn
from matching import amend
from model.docket import Docket, Level
from model.errors import UsageError
from model.message import Button
from model.people import Member, Role
from model.source import NewSource
from store import (
    alerts,
    buttons,
    court_asks,
    dockets,
    items,
    members,
    notes,
    parting,
    possible,
    sources,
    subscribers,
    upkeep,
    watches,
)
from store.engine import Tx

LIFE = 86_400
"""Seconds in which the last change can be taken back by /undo."""
Args = Mapping[str, Any]
Reversal = Callable[[Tx, Turn, Args], Awaitable[None]]


async def remember(tx: Tx, turn: Turn, what: str, /, **args: object) -> Button:
    """Keep what was just changed, and return the button that takes it back.

    `what` is a name in `REVERSALS`, `args` what its reversal needs.
    """
    key = await keyboards.button(tx, turn, "talk.button.undo", "undo", what=what, args=args)
    kept = {"what": what, "args": args, "at": turn.now.timestamp(), "button": key.press}
    await upkeep.set_setting(tx, _key(turn), json.dumps(kept))
    return key


async def asked(turn: Turn) -> None:
    """/undo: take this member's last change back."""
    async with turn.parts.store.write() as tx:
        kept = json.loads(await upkeep.setting(tx, _key(turn)) or "{}")
        is_fresh = bool(kept) and turn.now.timestamp() - kept["at"] <= LIFE
        # Its button must not take back once more what is decided again after this.
        if is_fresh and "button" in kept:  # none was kept with it once
            is_fresh = await buttons.become(tx, kept["button"], "undo", "undone")
        if is_fresh:
            await REVERSALS[kept["what"]](tx, turn, kept["args"])
            await upkeep.set_setting(tx, _key(turn), "")
    await replies.say(turn, "talk.undone" if is_fresh else "talk.undo.nothing")


async def pressed(turn: Turn) -> None:
    """[Undo] under what was changed: that change, whatever came after it."""
    query = turn.update.callback_query
    async with turn.parts.store.write() as tx:
        if query is not None and not await buttons.become(tx, query.data or "", "undo", "undone"):
            return
        await REVERSALS[turn.pressed["what"]](tx, turn, turn.pressed["args"])
        kept = json.loads(await upkeep.setting(tx, _key(turn)) or "{}")
        if query is None or kept.get("button") == query.data:
            await upkeep.set_setting(tx, _key(turn), "")
        rows = await _onward(tx, turn)
    await replies.change(turn, turn.words.write("talk.undone"), rows)


async def undone(turn: Turn) -> None:
    """[Undo], pressed again: it was taken back already."""
    await replies.pop(turn, "talk.undone")


async def _onward(tx: Tx, turn: Turn) -> list[list[Button]]:
    """Return [Back] to the Watch that was changed; nothing where nothing is left to go back to."""
    if turn.pressed["what"] not in ("watch_changed", "watch_sent"):
        return []
    of = turn.pressed["args"]["watch"]
    return [[await keyboards.button(tx, turn, "talk.button.back", "show_watch", watch=of)]]


async def _watch_added(tx: Tx, turn: Turn, args: Args) -> None:
    await watches.remove(tx, args["watch"], turn.now, by=turn.user.id)


async def _watch_removed(tx: Tx, turn: Turn, args: Args) -> None:
    stored = await watches.restore(tx, args["watch"], turn.now, by=turn.user.id)
    if stored is not None:
        to = await places.still_told(tx, turn, stored.to)
        if to != list(stored.to):
            await watches.send_to(tx, stored.watch.id, to, turn.now, by=turn.user.id)


async def _watch_changed(tx: Tx, turn: Turn, args: Args) -> None:
    stored = await watches.get(tx, args["watch"])
    if stored is not None:
        before = amend.restored(stored.watch, args["before"])
        await watches.change(tx, before, turn.now, by=turn.user.id)


async def _watch_sent(tx: Tx, turn: Turn, args: Args) -> None:
    if await watches.get(tx, args["watch"]) is not None:
        to = await places.still_told(tx, turn, args["to"])
        await watches.send_to(tx, args["watch"], to, turn.now, by=turn.user.id)


async def _watch_told(tx: Tx, turn: Turn, args: Args) -> None:
    stored = await watches.get(tx, args["watch"])
    if stored is not None:
        rest = [one for one in stored.to if one != args["subscriber"]]
        rest = rest or list(stored.to)  # naming nobody would tell every chat
        await watches.send_to(tx, stored.watch.id, rest, turn.now, by=turn.user.id)


async def _possible_settled(tx: Tx, turn: Turn, args: Args) -> None:
    if args["was"]:
        await items.drop_mentions(tx, args["watch"], args["item"])
    else:
        await watches.unhide(tx, args["watch"], args["item"])
    rules = possibles.Rules.of(turn.parts)
    found = await possibles.found_in(tx, rules, args["watch"], args["item"])
    await possible.add(tx, [(args["item"], one) for one in found], turn.now)


async def _noted(tx: Tx, turn: Turn, args: Args) -> None:
    await notes.remove(tx, args["note"])


async def _watches_added(tx: Tx, turn: Turn, args: Args) -> None:
    for watch_id in args["watches"]:
        await watches.remove(tx, watch_id, turn.now, by=turn.user.id)


async def _feeds_added(tx: Tx, turn: Turn, args: Args) -> None:
    for source_id in args["sources"]:
        await sources.remove(tx, source_id, turn.now)


async def _feed_removed(tx: Tx, turn: Turn, args: Args) -> None:
    await sources.add(tx, NewSource(args["url"], args["name"], args.get("kind", "feed")), turn.now)


async def _never_added(tx: Tx, turn: Turn, args: Args) -> None:
    await watches.drop_never(tx, args["watch"], args["phrase"], turn.now, by=turn.user.id)
    await _hidden(tx, turn, args)


async def _ruled(tx: Tx, turn: Turn, args: Args) -> None:
    """Take back a rule of "not them", and all that it had marked."""
    if args.get("phrase"):
        await watches.drop_never(tx, args["watch"], args["phrase"], turn.now, by=turn.user.id)
    else:
        await _watch_changed(tx, turn, args)
    for watch_id, item_id in args["pairs"]:
        await watches.unhide(tx, watch_id, item_id)
    for alert_id in args["alerts"]:
        await alerts.mark_hidden(tx, alert_id, "", turn.now)


async def _watch_muted(tx: Tx, turn: Turn, args: Args) -> None:
    until = datetime.fromisoformat(args["before"]) if args["before"] else None
    if await watches.get(tx, args["watch"]) is not None:
        await watches.mute(tx, args["watch"], until, turn.now, by=turn.user.id)


async def _hidden(tx: Tx, turn: Turn, args: Args) -> None:
    for watch_id, item_id in args["pairs"]:
        await watches.unhide(tx, watch_id, item_id)
    await alerts.mark_hidden(tx, args["alert"], "", turn.now)


async def _story_split(tx: Tx, turn: Turn, args: Args) -> None:
    await parting.put_back(tx, args["alert"], turn.now)


async def _story_merged(tx: Tx, turn: Turn, args: Args) -> None:
    await parting.unmerge(tx, args["alert"], turn.now)


async def _docket_followed(tx: Tx, turn: Turn, args: Args) -> None:
    await dockets.unfollow(tx, args["docket"])


async def _docket_joined(tx: Tx, turn: Turn, args: Args) -> None:
    """Let a case be followed as it was before somebody else joined in."""
    if not args["added"]:
        await dockets.unfollow(tx, args["docket"])
    one = await dockets.following_of(tx, args["docket"])
    if one is not None:
        await _follow_again(tx, turn, one.docket, args, declared=not args["added"])


async def _docket_dropped(tx: Tx, turn: Turn, args: Args) -> None:
    one = await dockets.docket(tx, args["docket"])
    if one is not None:
        await _follow_again(tx, turn, one, args)


async def _follow_again(
    tx: Tx, turn: Turn, one: Docket, args: Args, *, declared: bool = False
) -> None:
    level, to = Level(args["level"]), await places.still_told(tx, turn, args["to"])
    ids = next(iter(one.docket_ids), "")
    await dockets.follow(
        tx,
        one.court,
        one.number,
        level=level,
        to=to,
        now=turn.now,
        declared=declared,
        docket_id=ids,
    )


async def _court_search(tx: Tx, turn: Turn, args: Args) -> None:
    given = bool(args["given"]) and turn.parts.courts.may_search
    of, names = args["watch"], args.get("names")
    await court_asks.consent(tx, of, given=given, by=turn.user.id, now=turn.now, names=names)


async def _linked(tx: Tx, turn: Turn, args: Args) -> None:
    await subscribers.remove(tx, args["subscriber"], turn.now)
    await places.bring_home(tx, turn, args["subscriber"])


async def _member_was(tx: Tx, turn: Turn, args: Args) -> None:
    """Only for those who still outrank what is given back."""
    role = Role(args["role"])
    if not guard.may_give(turn.member, role):
        raise UsageError(turn.words.say("team.cannot-give"))
    since = datetime.fromisoformat(args["since"]) if args["since"] else turn.now
    one = Member(args["member"], args["name"], role, args["language"], since)
    await members.add(tx, one)
    await places.remember_private(tx, one.id, one.name, one.language, turn.now)


REVERSALS: dict[str, Reversal] = {
    "watch_added": _watch_added,
    "watch_removed": _watch_removed,
    "watch_told": _watch_told,
    "watch_changed": _watch_changed,
    "watch_sent": _watch_sent,
    "watches_added": _watches_added,
    "noted": _noted,
    "possible_settled": _possible_settled,
    "feeds_added": _feeds_added,
    "feed_removed": _feed_removed,
    "never_added": _never_added,
    "hidden": _hidden,
    "ruled": _ruled,
    "watch_muted": _watch_muted,
    "story_split": _story_split,
    "story_merged": _story_merged,
    "docket_followed": _docket_followed,
    "docket_joined": _docket_joined,
    "docket_dropped": _docket_dropped,
    "court_search": _court_search,
    "linked": _linked,
    "member_was": _member_was,
}
"""What each change is taken back by. Never rename one: old buttons still name it."""


def _key(turn: Turn) -> str:
    return f"undo:{turn.user.id}"
