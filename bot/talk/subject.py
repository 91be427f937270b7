"""Whom a timeline, a chart or a file is about: a Watch, a court case, or everything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rapidfuzz import fuzz, process, utils

from bot.talk import keyboards, replies
from bot.talk.caselist import called
from bot.talk.turn import Turn
from matching.docket_wishes import read_docket
from model.errors import DocketError, UsageError
from model.message import Button
from store import chronicle, dockets, watches
from store.chronicle import Moment
from store.engine import Tx

OFFERED = 12
"""Names that are offered as buttons."""
CLOSE = 70
"""How alike (0 to 100) a name must be to be taken for a mistyped one."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One of the three; `watch` and `docket` 0: everything."""

    watch: int = 0
    docket: int = 0

    def packed(self) -> dict[str, int]:
        """Return it as a button keeps it."""
        return {
            name: value for name, value in (("watch", self.watch), ("docket", self.docket)) if value
        }


def unpacked(kept: Mapping[str, Any]) -> Subject:
    """Return what a button kept."""
    return Subject(int(kept.get("watch", 0)), int(kept.get("docket", 0)))


async def named(turn: Turn, text: str) -> Subject:
    """Return whom `text` names: a Watch's name or a part of it, a docket's number or caption.
    UsageError says which name was probably meant.
    """
    async with turn.parts.store.read() as tx:
        stored = await watches.by_name(tx, text)
        if stored is not None:
            return Subject(watch=stored.watch.id)
        every = {one.watch.name: one.watch.id for one in await watches.all_watches(tx)}
        near = process.extractOne(
            text,
            list(every),
            scorer=fuzz.WRatio,
            processor=utils.default_process,
            score_cutoff=CLOSE,
        )
        sure = near is not None and near[1] >= SURE
        docket = await _docket(tx, text, by_caption=not sure)
    if docket:
        return Subject(docket=docket)
    if near is not None and sure:
        return Subject(watch=every[near[0]])
    code = "look.nobody.near" if near is not None else "look.nobody"
    raise UsageError(turn.words.say(code, name=text[:60], near=near[0] if near else ""))


SURE = 88
"""From here on it is the name that was meant, as when only a part of it was typed."""


async def _docket(tx: Tx, text: str, *, by_caption: bool) -> int:
    try:
        wish = read_docket(text)
    except DocketError:
        return 0
    found = []
    if wish.docket_id or wish.number:
        found = await dockets.find(tx, wish.court, wish.number, docket_id=wish.docket_id)
    elif wish.caption and by_caption:
        found = await dockets.by_caption(tx, wish.caption, 1)
    return found[0].id if found else 0


async def title(tx: Tx, turn: Turn, subject: Subject) -> str:
    """Return what it is called; UsageError where it is not followed any more."""
    if subject.docket:
        docket = await dockets.docket(tx, subject.docket)
        if docket is not None:
            return called(turn, docket)
    elif subject.watch:
        names = await watches.names(tx, [subject.watch])
        if names:
            return names[subject.watch]
    else:
        return turn.words.say("look.everything")
    raise UsageError(turn.words.say("look.gone"))


async def moments(tx: Tx, subject: Subject, since: datetime | None = None) -> list[Moment]:
    """Return what is known of it since then, the oldest first."""
    if subject.docket:
        return await chronicle.of_docket(tx, subject.docket, since=since)
    return await chronicle.of_watch(tx, subject.watch, since=since)


async def choose(turn: Turn, code: str, action: str, *, everything: bool = False) -> None:
    """Ask, by buttons, whom it is to be about; each does `action`."""
    async with turn.parts.store.write() as tx:
        rows = keyboards.rows(await _choices(tx, turn, action), 2)
        if everything:
            every = await keyboards.button(tx, turn, "look.button.everything", action)
            rows.append([every])
    if not rows or rows == [[]]:
        await replies.say(turn, "talk.list.empty")
    else:
        await replies.say(turn, code, rows)


async def _choices(tx: Tx, turn: Turn, action: str) -> list[Button]:
    keys = [
        await keyboards.labelled(tx, turn, one.watch.name, action, watch=one.watch.id)
        for one in (await watches.all_watches(tx))[:OFFERED]
    ]
    keys += [
        await keyboards.labelled(
            tx, turn, f"⚖️ {called(turn, one.docket)}", action, docket=one.docket.id
        )
        for one in (await dockets.followings(tx))[: OFFERED // 2]
    ]
    return keys
