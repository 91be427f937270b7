"""Many names at once: those that look specific are added by one press, the others one by one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from alerts.inert import clipped, inert
from bot.talk import handing, keyboards, places, replies, undo, wishes
from bot.talk.turn import Turn
from matching import terms
from matching.forms import terms_of
from matching.risk import find_risks
from model.errors import TermError
from model.message import Button, Message, joined
from model.watch import Watch
from store import upkeep, watches
from store.engine import Tx

MOST = 2_000
"""Names of one list."""
NAMED = 3
"""Common names that are mentioned."""
SHOWN = 60


def of_lines(text: str, lone: str) -> tuple[list[Watch], list[str]]:
    """Return the watches that lines wish for, one each, and what could not be used. `lone`: what
    is said of a line that names a channel, which a list can't keep.
    """
    found: list[Watch] = []
    notes: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        plain = line.strip().strip(",;").strip()
        if not plain:
            continue
        try:
            wish, to = terms.read(plain)
        except TermError as error:
            notes.append(f"{number}: {plain[:80]}: {error}")
            continue
        if to:
            notes.append(f"{number}: {plain[:80]}: {lone}")
        else:
            found.append(wish)
    return found, notes


async def typed(turn: Turn) -> None:
    """Take several lines of names."""
    found, notes = of_lines(turn.text, turn.words.say("bulk.lone"))
    await offer(turn, found, notes)


async def offer(turn: Turn, found: Sequence[Watch], notes: list[str]) -> None:
    """Say how many names there are and how many of them are common, and offer to add them."""
    fresh, known = await _fresh(turn, found, notes)
    common = [one for one in fresh if find_risks(one)]
    clear = [one for one in fresh if one not in common]
    words = turn.words
    lines = [words.write("bulk.names", n=len(fresh) + known)]
    if known:
        lines.append(words.write("bulk.known", n=known))
    if clear:
        lines.append(words.write("bulk.clear", n=len(clear)))
    if common:
        some = ", ".join(clipped(inert(one.name), SHOWN) for one in common[:NAMED])
        more = "…" if len(common) > NAMED else ""
        lines.append(words.write("bulk.common", n=len(common), some=f"{some}{more}"))
    if notes:
        lines.append(words.write("bulk.refused", n=len(notes)))
    async with turn.parts.store.write() as tx:
        kept = {"clear": [*map(wishes.packed, clear)], "common": [*map(wishes.packed, common)]}
        await upkeep.set_setting(tx, _key(turn), json.dumps(kept))
        keys = await _keys(tx, turn, len(clear), len(common))
    await replies.show(turn, joined(lines, " "), keyboards.rows(keys, 2))
    if notes:
        text = "\n".join(map(inert, notes)) + "\n"
        caption = words.write("bulk.list", n=len(notes))
        await handing.file(turn, f"not-added-{turn.now:%Y-%m-%d}.txt", text.encode(), caption)


async def add(turn: Turn) -> None:
    """[Add the 9]: watch those that look specific."""
    async with turn.parts.store.write() as tx:
        kept = await _kept(tx, turn)
        if not kept["clear"]:
            return  # pressed twice: the first has said what became of it
        added = await _add(tx, turn, [wishes.unpacked(one) for one in kept["clear"]])
        kept["clear"] = []
        await upkeep.set_setting(tx, _key(turn), json.dumps(kept))
        keys = await _keys(tx, turn, 0, len(kept["common"]))
        if added:
            keys.append(await undo.remember(tx, turn, "watches_added", watches=added))
    await replies.change(turn, turn.words.write("bulk.added", n=len(added)), [keys])


async def review(turn: Turn) -> None:
    """[Review one by one]: the next of the common names, with what is risky about it."""
    async with turn.parts.store.write() as tx:
        kept = await _kept(tx, turn)
        message, rows = await _next(tx, turn, kept)
    await replies.change(turn, message, rows)


async def decide(turn: Turn) -> None:
    """[Watch anyway] or [Skip]: then the next one."""
    async with turn.parts.store.write() as tx:
        kept = await _kept(tx, turn)
        queue: list[dict[str, Any]] = kept["common"]
        if queue and queue[0].get("name") == turn.pressed["name"]:
            if turn.pressed["add"]:
                added = await _add(tx, turn, [wishes.unpacked(queue[0])])
                await undo.remember(tx, turn, "watches_added", watches=added)
            del queue[0]
            await upkeep.set_setting(tx, _key(turn), json.dumps(kept))
        message, rows = await _next(tx, turn, kept)
    await replies.change(turn, message, rows)


async def _next(
    tx: Tx, turn: Turn, kept: dict[str, list[dict[str, Any]]]
) -> tuple[Message, list[list[Button]]]:
    queue = kept["common"]
    if not queue:
        return turn.words.write("bulk.reviewed"), []
    wish = wishes.unpacked(queue[0])
    lines: list[Message] = [turn.words.write("talk.watch.title", name=inert(wish.name))]
    for risk in find_risks(wish):
        sentence = turn.words.say(f"risk.{risk.code}", term=inert(risk.term))
        lines.append(turn.words.write("talk.watch.risk", sentence=sentence))
    lines.append(turn.words.write("bulk.left", n=len(queue)))
    keys = [
        await keyboards.button(
            tx, turn, code, "bulk_decide", name=queue[0].get("name", ""), add=is_added
        )
        for code, is_added in (("bulk.button.anyway", True), ("bulk.button.skip", False))
    ]
    look = await keyboards.button(tx, turn, "bulk.button.preview", "wish", text=wish.name)
    return joined(lines, "\n"), [keys, [look]]


async def _fresh(turn: Turn, found: Sequence[Watch], notes: list[str]) -> tuple[list[Watch], int]:
    """Return those that can be watched and are not yet, each once, and how many are already."""
    fresh: dict[str, Watch] = {}
    known = 0
    async with turn.parts.store.read() as tx:
        for one in found:
            try:
                terms_of(one)
            except TermError as error:
                notes.append(f"{one.name[:80]}: {error}")
                continue
            if await watches.by_name(tx, one.name) is not None:
                known += 1
            elif len(fresh) < MOST:
                fresh.setdefault(" ".join(one.name.casefold().split()), one)
            else:
                notes.append(f"{one.name[:80]}: {turn.words.say('bulk.too-many', n=MOST)}")
    return list(fresh.values()), known


async def _add(tx: Tx, turn: Turn, some: Sequence[Watch]) -> list[int]:
    place = await places.here(tx, turn)
    fresh = [one for one in some if await watches.by_name(tx, one.name) is None]
    if not fresh:
        return []
    pairs = [(one, [place.id]) for one in fresh]
    added = await watches.add_many(tx, pairs, turn.now, by=turn.user.id)
    return [one.watch.id for one in added]


async def _kept(tx: Tx, turn: Turn) -> dict[str, list[dict[str, Any]]]:
    kept = json.loads(await upkeep.setting(tx, _key(turn)) or "{}")
    return {"clear": kept.get("clear", []), "common": kept.get("common", [])}


async def _keys(tx: Tx, turn: Turn, clear: int, common: int) -> list[Button]:
    keys = []
    if clear:
        label = turn.words.say("bulk.button.add", n=clear)
        keys.append(await keyboards.labelled(tx, turn, label, "bulk_add"))
    if common:
        keys.append(await keyboards.button(tx, turn, "bulk.button.review", "bulk_review"))
    return keys


def _key(turn: Turn) -> str:
    return f"bulk:{turn.user.id}"
