"""Following a court case: what is meant is shown first, then it is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.dockets import coverage
from bot.talk import keyboards, places, questions, replies, undo
from bot.talk.caselist import (
    A_PAGE,
    called,
    case_lines,
    entry_lines,
    hidden_line,
    of_case,
    page_lines,
)
from bot.talk.turn import Turn
from matching.docket_wishes import read_court, read_docket
from matching.parties import sought_for
from model.courts import COURTS
from model.docket import Docket, DocketState, DocketWish, Following, Level
from model.errors import DocketError, UsageError, VigilError
from model.message import Button, Message, joined
from model.people import Subscriber
from store import alerts, dockets, sources, subscribers
from store.engine import Tx

OFFERED = 5
"""Cases that a caption's search offers."""
ENTRIES = 10


async def asked(turn: Turn) -> None:
    """/docket: with a number, a link or a caption, show that case; alone, what is followed."""
    if turn.text:
        await offer(turn)
        return
    message, rows, some = await _page(turn, 0)
    await (replies.show(turn, message, rows) if some else ask(turn))


async def ask(turn: Turn) -> None:
    """[Follow another], or /docket before anything is followed."""
    await questions.ask(turn, "talk.docket.which", "docket", {})


async def offer(turn: Turn) -> None:
    """Show the case that was typed, or ask which of several it is."""
    try:
        wish = read_docket(turn.text)
    except DocketError as error:
        await _misunderstood(turn, error)
        return
    if wish.docket_id or (wish.court and wish.number):
        await _preview(turn, wish)
    elif wish.number:
        await _which_court(turn, wish)
    elif wish.caption:
        await _by_caption(turn, wish)
    else:
        raise UsageError(turn.words.say("talk.docket.no-number"))


async def meant(turn: Turn) -> None:
    """[Use that]: what was probably meant."""
    await offer(replace(turn, text=turn.pressed["text"]))


async def _misunderstood(turn: Turn, error: DocketError) -> None:
    keys = []
    if error.suggestion:
        async with turn.parts.store.write() as tx:
            args = {"text": error.suggestion}
            label = keyboards.short(error.suggestion)
            keys.append(await keyboards.labelled(tx, turn, label, "docket_meant", **args))
    await replies.say(turn, "talk.sentence", [keys], sentence=str(error))


async def _which_court(turn: Turn, wish: DocketWish) -> None:
    """Offer the courts that a number is known in, or ask: it is unique within a court only."""
    async with turn.parts.store.write() as tx:
        known = await dockets.find(tx, "", wish.number)
        courts = list(dict.fromkeys(one.court for one in known if one.court in COURTS))
        keys = [
            await keyboards.labelled(
                tx, turn, COURTS[one].short, "docket", **_packed(replace(wish, court=one))
            )
            for one in courts[:OFFERED]
        ]
        other = await keyboards.button(
            tx, turn, "talk.docket.button.other-court", "docket_ask_court", **_packed(wish)
        )
    if not keys:
        await ask_court(replace(turn, pressed=_packed(wish)))
        return
    message = turn.words.write("talk.docket.courts", n=len(keys), number=wish.number)
    await replies.show(turn, message, [*keyboards.rows(keys), [other]])


async def ask_court(turn: Turn) -> None:
    """[Another court]: ask which."""
    wish = _unpacked(turn.pressed)
    args = _packed(wish)
    await questions.ask(turn, "talk.docket.which-court", "docket_court", args, number=wish.number)


async def court_named(turn: Turn) -> None:
    """Take the court that was typed."""
    try:
        court = read_court(turn.text)
    except DocketError as error:
        near = COURTS[error.suggestion].short if error.suggestion else ""
        code = "talk.docket.no-court.near" if near else "talk.docket.no-court"
        raise UsageError(turn.words.say(code, typed=turn.text[:60], near=near)) from None
    await _preview(turn, replace(_unpacked(turn.pressed), court=court.id))


async def _by_caption(turn: Turn, wish: DocketWish) -> None:
    """Offer the cases of that caption: those that are stored, and CourtListener's if asked."""
    async with turn.parts.store.read() as tx:
        found = await dockets.by_caption(tx, wish.caption, OFFERED)
    desk = turn.parts.courts
    note = "" if desk.search else turn.words.say("talk.docket.no-search")
    if desk.search and len(found) < OFFERED:
        try:
            theirs = await desk.search(sought_for(wish.caption), turn.now)
        except VigilError as error:
            note = str(error)
        else:
            known = {(one.court, one.number) for one in found}
            found += [one for one in theirs if (one.court, one.number) not in known]
    found = found[:OFFERED]
    lines = [turn.words.write("talk.docket.captions", n=len(found), caption=wish.caption)]
    lines += [
        turn.words.write("talk.docket.caption-line", number=str(at), case=case_lines(turn, one))
        for at, one in enumerate(found, 1)
    ]
    lines += [Message(note)] if note else []
    async with turn.parts.store.write() as tx:
        keys = [
            await keyboards.labelled(tx, turn, str(at), "docket", **_packed(_wish_of(one)))
            for at, one in enumerate(found, 1)
        ]
    await replies.show(turn, joined(lines, "\n"), keyboards.rows(keys, OFFERED))


async def chosen(turn: Turn) -> None:
    """One of several was chosen, or another level: the same card again."""
    await _preview(turn, _unpacked(turn.pressed), change=True)


async def _preview(turn: Turn, wish: DocketWish, *, change: bool = False) -> None:
    """Show the case with what can be told of it, or open it where it is followed already."""
    level = Level(turn.pressed.get("level") or turn.parts.courts.level)
    async with turn.parts.store.write() as tx:
        docket = await _known(tx, wish)
        followed = await dockets.following_of(tx, docket.id) if docket.id else None
        if followed is None:
            entries = await dockets.entries(tx, docket.id, 2) if docket.id else []
            lines = [case_lines(turn, docket), *entry_lines(turn, entries)]
            lines += [] if docket.id else [turn.words.write("talk.docket.unread")]
            lines.append(turn.words.write("talk.docket.tell-about"))
            message, rows = joined(lines, "\n"), await _choices(tx, turn, wish, docket, level)
        else:
            message, rows = await _opened(tx, turn, followed)
    await (replies.change if change else replies.show)(turn, message, rows)


async def _known(tx: Tx, wish: DocketWish) -> Docket:
    """Return the docket as far as it is known; id 0: nothing of it is stored."""
    found = await dockets.find(tx, wish.court, wish.number, docket_id=wish.docket_id)
    if found:
        return found[0]
    ids = (wish.docket_id,) if wish.docket_id else ()
    return Docket(0, wish.court, wish.number, wish.caption, docket_ids=ids)


async def _choices(
    tx: Tx, turn: Turn, wish: DocketWish, docket: Docket, level: Level
) -> list[list[Button]]:
    rows = [await _levels(tx, turn, level, "docket", _packed(wish))]
    args = {**_packed(wish), "level": level.value}
    rows.append([await keyboards.button(tx, turn, "talk.docket.button.follow", "follow", **args)])
    rows[-1] += await of_case(tx, turn, docket)
    return rows


async def _levels(
    tx: Tx, turn: Turn, level: Level, action: str, args: Mapping[str, Any]
) -> list[Button]:
    """Return one button for each level, the present one marked."""
    keys = []
    for one in Level:
        label = turn.words.say(f"talk.docket.level.{one.value}")
        label = f"● {label}" if one is level else label
        given = {**args, "level": one.value}
        keys.append(await keyboards.labelled(tx, turn, label, action, **given))
    return keys


async def begin(turn: Turn) -> None:
    """[Follow]: keep it, ask its court, and say what will be heard of it and what will not."""
    wish, level = _unpacked(turn.pressed), Level(turn.pressed["level"])
    async with turn.parts.store.write() as tx:
        known = await _known(tx, wish)
        place = await places.here(tx, turn)
        before = await dockets.following_of(tx, known.id) if known.id else None
        one = await _keep(tx, turn, wish, level, await _told_too(tx, before, place))
        key = await _taken_back(tx, turn, one, before)
    await replies.change(turn, _started(turn, one), [[key]])


async def _keep(tx: Tx, turn: Turn, wish: DocketWish, level: Level, to: Sequence[int]) -> Following:
    one = await dockets.follow(
        tx,
        wish.court,
        wish.number,
        level=level,
        to=to,
        by=turn.user.id,
        now=turn.now,
        docket_id=wish.docket_id,
        caption=wish.caption,
    )
    feed = turn.parts.courts.feed(one.docket.court)
    if feed is not None:
        await sources.add(tx, feed, turn.now)
    return one


async def _told_too(tx: Tx, before: Following | None, place: Subscriber) -> list[int]:
    """Return whom a case then tells, this chat too. One that named nobody told every chat that is
    not public, and goes on doing so.
    """
    told = list(before.to) if before is not None else []
    if before is not None and not told:
        if not place.public:
            return []
        told = [one.id for one in await subscribers.all_subscribers(tx) if not one.public]
    return list(dict.fromkeys((*told, place.id)))


async def _taken_back(tx: Tx, turn: Turn, one: Following, before: Following | None) -> Button:
    """Return [Undo]: who followed the case before goes on as before."""
    of = one.docket.id
    if before is None:
        return await undo.remember(tx, turn, "docket_followed", docket=of)
    was = {"level": before.level.value, "to": list(before.to), "added": before.added}
    return await undo.remember(tx, turn, "docket_joined", docket=of, **was)


def _started(turn: Turn, one: Following) -> Message:
    words = turn.words
    level = words.say(f"talk.docket.level.{one.level.value}")
    lines = [words.write("talk.docket.started", case=called(turn, one.docket), level=level)]
    if one.docket.state in (DocketState.SEALED, DocketState.UNKNOWN):
        lines.append(words.write("talk.docket.sealed"))
    has_token = turn.parts.courts.has_token
    lines += [Message(said) for said in coverage([one.docket], token=has_token, words=words)]
    return joined(lines, "\n")


async def follow_told(turn: Turn) -> None:
    """[Follow this case] under an alert: the case it is about, at the usual level."""
    async with turn.parts.store.write() as tx:
        view = (await alerts.views(tx, [turn.pressed["alert"]])).get(turn.pressed["alert"])
        if view is None or view.docket is None:
            await replies.pop(turn, "talk.docket.gone")
            return
        place = await places.here(tx, turn)
        before = await dockets.following_of(tx, view.docket.id)
        level = before.level if before else turn.parts.courts.level
        to = await _told_too(tx, before, place)
        one = await _keep(tx, turn, _wish_of(view.docket), level, to)
        key = await _taken_back(tx, turn, one, before)
    await replies.show(turn, _started(turn, one), [[key]])


async def page(turn: Turn) -> None:
    """[Back] and [More] under the list."""
    message, rows, _ = await _page(turn, turn.pressed.get("at", 0))
    await replies.change(turn, message, rows)


async def _page(turn: Turn, at: int) -> tuple[Message, list[list[Button]], int]:
    async with turn.parts.store.write() as tx:
        every = await dockets.followings(tx)
        place = await places.known_here(tx, turn)
        if not turn.private:
            every = [one for one in every if not one.to or (place and place.id in one.to)]
        rows = []
        for one in every[at : at + A_PAGE]:
            label, args = called(turn, one.docket), {"docket": one.docket.id}
            rows.append([await keyboards.labelled(tx, turn, label, "show_docket", **args)])
        rows += await keyboards.paging(tx, turn, "dockets", at, len(every), A_PAGE)
        code = "talk.docket.button.another"
        rows.append([await keyboards.button(tx, turn, code, "ask_docket")])
    return page_lines(turn, every, at), rows, len(every)


async def show(turn: Turn) -> None:
    """Open a case of the list."""
    async with turn.parts.store.write() as tx:
        one = await dockets.following_of(tx, turn.pressed["docket"])
        opened = await _opened(tx, turn, one) if one else None
    if opened is None:
        await page(turn)
    else:
        await replies.change(turn, *opened)


async def _opened(tx: Tx, turn: Turn, one: Following) -> tuple[Message, list[list[Button]]]:
    words, of = turn.words, {"docket": one.docket.id}
    lines = [
        case_lines(turn, one.docket),
        *entry_lines(turn, await dockets.entries(tx, one.docket.id, 2)),
    ]
    level = words.say(f"talk.docket.level.{one.level.value}")
    lines.append(words.write("talk.docket.told", level=level))
    if one.hidden:
        lines.append(hidden_line(turn, one))
    keys = await of_case(tx, turn, one.docket)
    rows = [keys, [await keyboards.button(tx, turn, "talk.button.back", "dockets")]]
    if one.added or not one.declared:
        rows.insert(0, await _levels(tx, turn, one.level, "docket_level", of))
        keys.append(
            await keyboards.button(tx, turn, "talk.docket.button.drop", "drop_docket", **of)
        )
    else:
        lines.append(words.write("talk.list.from-file"))
    return joined(lines, "\n"), rows


async def change_level(turn: Turn) -> None:
    """[Orders & outcomes] [Important] [Everything] of a case that is followed."""
    async with turn.parts.store.write() as tx:
        await dockets.set_level(tx, turn.pressed["docket"], Level(turn.pressed["level"]))
    await show(turn)


async def entries(turn: Turn) -> None:
    """[Show entries]: the latest, whatever the level; what was only counted is thereby said."""
    async with turn.parts.store.write() as tx:
        docket = await dockets.docket(tx, turn.pressed["docket"])
        listed = await dockets.entries(tx, turn.pressed["docket"], ENTRIES)
        await dockets.take_hidden(tx, turn.pressed["docket"])
    if docket is None:
        await replies.pop(turn, "talk.docket.gone")
        return
    lines = [case_lines(turn, docket), *entry_lines(turn, listed, whole=True)]
    await replies.show(turn, joined(lines, "\n"))


async def drop(turn: Turn) -> None:
    """[Stop following]: at once, with [Undo]; what it gave stays."""
    async with turn.parts.store.write() as tx:
        one = await dockets.following_of(tx, turn.pressed["docket"])
        key = None
        if one is not None and await dockets.unfollow(tx, one.docket.id):
            args = {"docket": one.docket.id, "level": one.level.value, "to": list(one.to)}
            key = await undo.remember(tx, turn, "docket_dropped", **args)
    if one is None or key is None:
        await replies.change(turn, turn.words.write("talk.docket.gone"))
        return
    message = turn.words.write("talk.docket.dropped", case=called(turn, one.docket))
    await replies.change(turn, message, [[key]])


def is_docket(text: str) -> bool:
    """Return whether a text without a command is a docket's number or link, and no name."""
    try:
        wish = read_docket(text)
    except DocketError:
        return False
    return bool(wish.number or wish.docket_id or wish.case_id)


def _wish_of(docket: Docket) -> DocketWish:
    return DocketWish(
        docket.court, docket.number, next(iter(docket.docket_ids), ""), caption=docket.caption
    )


def _packed(wish: DocketWish) -> dict[str, Any]:
    kept = ("court", "number", "docket_id", "caption")
    return {name: getattr(wish, name) for name in kept}


def _unpacked(args: Mapping[str, Any]) -> DocketWish:
    return DocketWish(args["court"], args["number"], args["docket_id"], caption=args["caption"])
